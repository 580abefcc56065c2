package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"invitesim/model"
	"invitesim/sim/chance"
)

// dimension says what a distribution is of, and so how its values are written.
type dimension uint8

const (
	duration dimension = iota // in seconds; written with units
	amount                    // plain numbers, 0 or more
)

func (dim dimension) example() string {
	if dim == duration {
		return "a duration such as 20h, or a distribution of them such as lognormal(median 20h, sigma 1.6)"
	}
	return "a number such as 120, or a distribution such as lognormal(median 150, sigma 1.2)"
}

func (dim dimension) unit() string {
	if dim == duration {
		return "a duration with its unit, such as 3m"
	}
	return "a number, 0 or more"
}

// expect says what is expected in place of a value that parse refuses.
func (dim dimension) expect(s, otherwise string) string {
	if x, err := model.ParseDuration(s); dim == duration && err == nil && x < 0 {
		return "0s or more"
	}
	return otherwise
}

// Numbers beyond these bounds are slips of the pen, and some distributions of them take long to make.
const (
	leastAmount = 1e-9
	mostAmount  = 1e15
)

// parse reads one value of the dimension.
func (dim dimension) parse(s string) (float64, bool) {
	if dim == amount {
		x, ok := parseNumber(s)
		return x, ok && (x == 0 || (x >= leastAmount && x <= mostAmount))
	}
	x, err := model.ParseDuration(s)
	return x.Seconds(), err == nil && x >= 0
}

// law is one way to write a distribution: a name, and parameters that are named or, where a name is empty, known by their place.
type law struct {
	name       string
	parameters []parameter
	make       func(x []float64) (*chance.Distribution, error)
}

// suits says whether a law can be one of the dimension: a parameter without a unit alone does not tell how long a time is.
func (l *law) suits(dim dimension) bool {
	return dim == amount || slices.ContainsFunc(l.parameters, func(p parameter) bool { return !p.plain })
}

// parameter is plain where it has no dimension, as a shape.
type parameter struct {
	name  string
	plain bool
}

// laws returns every way to write a distribution.
func laws() []law {
	one := func(make func(float64) (*chance.Distribution, error)) func([]float64) (*chance.Distribution, error) {
		return func(x []float64) (*chance.Distribution, error) { return make(x[0]) }
	}
	two := func(make func(_, _ float64) (*chance.Distribution, error)) func([]float64) (*chance.Distribution, error) {
		return func(x []float64) (*chance.Distribution, error) { return make(x[0], x[1]) }
	}
	return []law{
		{"constant", []parameter{{}}, one(chance.Constant)},
		{"uniform", []parameter{{}, {}}, two(chance.Uniform)},
		{"exponential", []parameter{{name: "mean"}}, one(chance.Exponential)},
		{"lognormal", []parameter{{name: "median"}, {"sigma", true}}, two(chance.Lognormal)},
		{"lognormal", []parameter{{name: "mean"}, {name: "p99"}}, two(chance.LognormalP99)},
		{"gamma", []parameter{{name: "mean"}, {"shape", true}}, two(chance.Gamma)},
		{"weibull", []parameter{{name: "scale"}, {"shape", true}}, two(chance.Weibull)},
		{"pareto", []parameter{{name: "min"}, {"alpha", true}}, two(chance.Pareto)},
		{"geometric", []parameter{{name: "mean"}}, one(chance.Geometric)},
		{"zipf", []parameter{{plain: true}}, one(chance.Zeta)},
	}
}

// String shows how a law is written.
func (l *law) String() string {
	parts := make([]string, len(l.parameters))
	for i, p := range l.parameters {
		value := string(rune('x' + i))
		parts[i] = strings.TrimSpace(p.name + " " + value)
	}
	return l.name + "(" + strings.Join(parts, ", ") + ")"
}

// lawNames returns the names of all distributions of a dimension.
func lawNames(dim dimension) []string {
	var names []string
	for _, l := range laws() {
		if l.suits(dim) && !slices.Contains(names, l.name) {
			names = append(names, l.name)
		}
	}
	return append(names, "empirical")
}

// distribution reads a distribution: a call such as `exponential(mean 3m)`, or a value, which stands for itself always.
func (d *decoder) distribution(n *node, dim dimension) *chance.Distribution {
	s, ok := d.text(n, dim.example())
	if !ok {
		return nil
	}
	name, arguments, isCall := call(s)
	if !isCall {
		x, ok := dim.parse(s)
		if !ok {
			d.wrong(n, dim.expect(s, dim.example()))
			return nil
		}
		return d.made(n, dim, func() (*chance.Distribution, error) { return chance.Constant(x) })
	}
	if name == "empirical" {
		return d.empirical(n, arguments, dim)
	}
	var forms []string
	for _, l := range laws() {
		if l.name != name || !l.suits(dim) {
			continue
		}
		if values, ok := l.match(arguments); ok {
			return d.lawOf(n, &l, values, dim)
		}
		forms = append(forms, l.String())
	}
	if forms == nil {
		d.wrong(n, "a distribution: "+oneOf(lawNames(dim)), model.Nearest(name, lawNames(dim)))
		return nil
	}
	d.wrong(n, strings.Join(forms, " or "))
	return nil
}

// call takes `name(a, b)` apart.
func call(s string) (name string, arguments []string, ok bool) {
	name, rest, open := strings.Cut(s, "(")
	inner, closed := strings.CutSuffix(strings.TrimSpace(rest), ")")
	if !open || !closed {
		return "", nil, false
	}
	for _, argument := range strings.Split(inner, ",") {
		arguments = append(arguments, collapse(argument))
	}
	return strings.TrimSpace(name), arguments, true
}

// match puts arguments into the order of the law's parameters: those with a name may come in any.
func (l *law) match(arguments []string) ([]string, bool) {
	if len(arguments) != len(l.parameters) {
		return nil, false
	}
	values := make([]string, len(arguments))
	for i, argument := range arguments {
		name, value, named := strings.Cut(argument, " ")
		if !named {
			name, value = "", argument
		}
		at := i
		if named {
			at = slices.IndexFunc(l.parameters, func(p parameter) bool { return p.name == name })
		}
		if at < 0 || l.parameters[at].name != name || values[at] != "" {
			return nil, false
		}
		values[at] = value
	}
	return values, true
}

// lawOf makes the distribution of a law from its parameters as text.
func (d *decoder) lawOf(n *node, l *law, values []string, dim dimension) *chance.Distribution {
	x := make([]float64, len(values))
	ok := true
	for i, value := range values {
		of := dim
		if l.parameters[i].plain {
			of = amount
		}
		var good bool
		if x[i], good = of.parse(value); !good {
			ok = false
			d.contrary(n, fmt.Sprintf("found %s in %s", quoted(value), quoted(n.text)), of.expect(value, of.unit()))
		}
	}
	if !ok {
		return nil
	}
	return d.made(n, dim, func() (*chance.Distribution, error) { return l.make(x) })
}

// made makes a distribution, once for all places that write it alike, and reports what its constructor refuses.
func (d *decoder) made(n *node, dim dimension, make func() (*chance.Distribution, error)) *chance.Distribution {
	key := strconv.Itoa(int(dim)) + n.at.source.home.dir + ":" + n.text
	if known := d.laws[key]; known != nil {
		return known
	}
	made, err := make()
	if err != nil {
		found, expected, _ := strings.Cut(err.Error(), ": ")
		d.contrary(n, n.describe()+", where "+found, strings.TrimPrefix(expected, "it must be "))
		return nil
	}
	d.laws[key] = made
	return made
}

// maxTable bounds a data file, in bytes.
const maxTable = 4 << 20

// empirical reads the distribution of the values in a file: a value and, if it is not 1, its weight on each line.
func (d *decoder) empirical(n *node, arguments []string, dim dimension) *chance.Distribution {
	if len(arguments) != 1 || arguments[0] == "" {
		d.wrong(n, "empirical(FILE.csv)")
		return nil
	}
	name := n.at.source.home.beside(arguments[0])
	content, err := readFile(n.at.source.home.files, name, maxTable)
	if err != nil {
		d.contrary(n, err.Error(), "a file of lines `value,weight`")
		return nil
	}
	values, weights := d.table(name, string(content), dim)
	if values == nil {
		return nil
	}
	d.data[name] = fingerprint(content)
	return d.made(n, dim, func() (*chance.Distribution, error) { return chance.Empirical(values, weights) })
}

// table reads the lines of a data file; nil where one is wrong.
func (d *decoder) table(name, content string, dim dimension) (values, weights []float64) {
	from := d.add(name, home{})
	from.lines = strings.Split(content, "\n")
	before := len(d.mistakes)
	for i, line := range from.lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || (i == 0 && line == "value,weight") {
			continue
		}
		value, weight, err := row(line, dim)
		if err != nil {
			found, expected, _ := phrases(err.Error())
			d.report(position{from, i + 1, 1}, "", found, expected)
			continue
		}
		values, weights = append(values, value), append(weights, weight)
	}
	if len(d.mistakes) > before {
		return nil, nil
	}
	if len(values) == 0 {
		d.report(position{source: from}, "", "the file has no values", "lines `value,weight`")
	}
	return values, weights
}

func row(line string, dim dimension) (value, weight float64, err error) {
	first, second, weighted := strings.Cut(line, ",")
	value, ok := dim.parse(strings.TrimSpace(first))
	if !ok {
		return 0, 0, fmt.Errorf("found the value %s, expected %s", quoted(first), dim.unit())
	}
	if !weighted {
		return value, 1, nil
	}
	weight, ok = parseNumber(strings.TrimSpace(second))
	if !ok || weight < 0 {
		return 0, 0, errors.New("found the weight " + quoted(second) + ", expected a number, 0 or more")
	}
	return value, weight, nil
}
