package scenarios

import (
	"cmp"
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
	if dim == amount {
		return otherwise
	}
	x, err := model.ParseDuration(s)
	if err == nil && x < 0 {
		return "0s or more"
	}
	if err != nil {
		if _, most, _ := phrases(err.Error()); strings.HasPrefix(most, "at most ") {
			return most
		}
	}
	return otherwise
}

// meant returns what may be meant by a value that parse refuses; nothing where that cannot be told.
func (dim dimension) meant(s string) string {
	if dim == amount {
		return meantNumber(s)
	}
	return meantDuration(s)
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
			d.noDistribution(n, s, dim)
			return nil
		}
		return d.made(n, dim, func() (*chance.Distribution, error) { return chance.Constant(x) })
	}
	if name == "empirical" {
		return d.empirical(n, arguments, dim)
	}
	var forms []string
	meant := ""
	for _, l := range laws() {
		if l.name != name || !l.suits(dim) {
			continue
		}
		if values, ok := l.match(arguments); ok {
			return d.lawOf(n, &l, values, dim)
		}
		forms, meant = append(forms, l.String()), cmp.Or(meant, l.meant(arguments))
	}
	if forms == nil {
		d.wrong(n, "a distribution: "+oneOf(lawNames(dim)), meantCall(s, lawNames(dim)))
		return nil
	}
	d.wrong(n, strings.Join(forms, " or "), meant)
	return nil
}

// noDistribution reports a text that is neither a value nor a call.
func (d *decoder) noDistribution(n *node, s string, dim dimension) {
	var forms []string
	name, _, _ := strings.Cut(s, " ")
	for _, l := range laws() {
		if l.name == name && l.suits(dim) {
			forms = append(forms, l.String())
		}
	}
	expected := expectCall(s, lawNames(dim), dim.example())
	if forms != nil && expected == dim.example() {
		expected = strings.Join(forms, " or ")
	}
	d.wrong(n, dim.expect(s, expected), dim.meant(s))
}

// argument is what stands between the commas of a call, with single spaces, and the byte of the call at which it begins.
type argument struct {
	text string
	at   int
}

// call takes `name(a, b)` apart.
func call(s string) (name string, arguments []argument, ok bool) {
	name, rest, open := strings.Cut(s, "(")
	inner, closed := strings.CutSuffix(strings.TrimSpace(rest), ")")
	if !open || !closed {
		return "", nil, false
	}
	at := len(name) + 1
	for _, one := range strings.Split(inner, ",") {
		before := len(one) - len(strings.TrimLeft(one, " "))
		arguments = append(arguments, argument{collapse(one), at + before})
		at += len(one) + 1
	}
	return strings.TrimSpace(name), arguments, true
}

// lawOf makes the distribution of a law from its parameters as text.
func (d *decoder) lawOf(n *node, l *law, values []argument, dim dimension) *chance.Distribution {
	x := make([]float64, len(values))
	before := len(d.mistakes)
	for i, value := range values {
		var expected, meant string
		if x[i], expected, meant = l.parameters[i].read(value.text, dim); expected != "" {
			d.insideCall(n, value, "", expected, meant)
		}
	}
	if len(d.mistakes) > before {
		return nil
	}
	if l.contradiction != nil {
		if beyond, expected := l.contradiction(x, values, dim); expected != "" {
			d.insideCall(n, values[len(values)-1], ", "+beyond, expected, "")
			return nil
		}
	}
	return d.made(n, dim, func() (*chance.Distribution, error) { return l.make(x) })
}

// insideCall reports what is wrong with one argument of a call.
func (d *decoder) insideCall(n *node, value argument, beyond, expected, meant string) {
	d.report(n.within(value.at), n.path(), "found "+quoted(value.text)+" in "+quoted(n.text)+beyond, expected, meant)
}

// made makes a distribution, once for all places that write it alike, and reports what its constructor refuses.
func (d *decoder) made(n *node, dim dimension, make func() (*chance.Distribution, error)) *chance.Distribution {
	key := strconv.Itoa(int(dim)) + n.at.source.home.dir + ":" + n.text
	if known := d.laws[key]; known != nil {
		return known
	}
	made, err := make()
	if err != nil {
		d.contrary(n, n.describe()+", of which "+err.Error(), "a distribution that has values")
		return nil
	}
	d.laws[key] = made
	return made
}

// maxTable bounds a data file, in bytes.
const maxTable = 4 << 20

// empirical reads the distribution of the values in a file: a value and, if it is not 1, its weight on each line.
func (d *decoder) empirical(n *node, arguments []argument, dim dimension) *chance.Distribution {
	if len(arguments) != 1 || arguments[0].text == "" {
		d.wrong(n, "empirical(FILE.csv)")
		return nil
	}
	name := n.at.source.home.beside(arguments[0].text)
	content, err := readFile(n.at.source.home.files, name, maxTable)
	if err != nil {
		d.report(n.within(arguments[0].at), n.path(), err.Error(), "a file of lines `value,weight`")
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
		value, weight, column, expected := row(line, dim)
		if expected != "" {
			d.report(position{from, i + 1, column}, "", "found "+quoted(line), expected)
			continue
		}
		values, weights = append(values, value), append(weights, weight)
	}
	switch {
	case len(d.mistakes) > before:
	case len(values) == 0:
		d.report(position{source: from}, "", "the file has no values", "lines `value,weight`")
	case slices.Max(weights) == 0:
		d.report(position{source: from}, "", "all weights of the file are 0", "at least one above 0")
	default:
		return values, weights
	}
	return nil, nil
}

// row reads one line of a data file. Expected is empty where it is well written, else it is of what stands at the column.
func row(line string, dim dimension) (value, weight float64, column int, expected string) {
	first, second, weighted := strings.Cut(line, ",")
	value, ok := dim.parse(strings.TrimSpace(first))
	if !ok {
		return 0, 0, 1, dim.expect(strings.TrimSpace(first), dim.unit()) + ", for the value"
	}
	if !weighted {
		return value, 1, 0, ""
	}
	weight, ok = parseNumber(strings.TrimSpace(second))
	if !ok || weight < 0 || weight > mostAmount {
		return 0, 0, len([]rune(first)) + 2, "a weight behind the comma, 0 to 1e15"
	}
	return value, weight, 0, ""
}
