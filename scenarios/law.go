package scenarios

import (
	"slices"
	"strconv"
	"strings"

	"invitesim/sim/chance"
)

// law is one way to write a distribution: a name, and parameters that are named or, where a name is empty, known by their place.
type law struct {
	name       string
	parameters []parameter
	make       func(x []float64) (*chance.Distribution, error)
	// contradiction, if there can be one, says how the last parameter lies to another, and what is expected of it; nothing where both are well.
	contradiction func(x []float64, written []argument, dim dimension) (beyond, expected string)
}

// suits says whether a law can be one of the dimension: a parameter without a unit alone does not tell how long a time is.
func (l *law) suits(dim dimension) bool {
	return dim == amount || slices.ContainsFunc(l.parameters, func(p parameter) bool { return !p.plain })
}

// parameter is one number of a law.
type parameter struct {
	name        string
	plain       bool    // it has no dimension, as a shape
	positive    bool    // 0 is none
	least, most float64 // of a plain one
	example     string  // what a plain one brings about
}

// read reads a parameter of a distribution of the dimension. Expected is empty where it is well written and within its bounds; beyond these a
// distribution has draws that nothing in a run can mean.
func (p *parameter) read(s string, dim dimension) (x float64, expected, meant string) {
	if p.plain {
		dim = amount
	}
	x, ok := dim.parse(s)
	switch {
	case p.plain && (!ok || x < p.least || x > p.most):
		return 0, "a number from " + strconv.FormatFloat(p.least, 'f', -1, 64) + " to " + strconv.FormatFloat(p.most, 'f', -1, 64) + ", " + p.example, ""
	case !ok:
		return 0, dim.expect(s, dim.unit()), dim.meant(s)
	case p.positive && x == 0:
		return 0, "more than 0", ""
	}
	return x, "", ""
}

// laws returns every way to write a distribution.
func laws() []law {
	one := func(make func(float64) (*chance.Distribution, error)) func([]float64) (*chance.Distribution, error) {
		return func(x []float64) (*chance.Distribution, error) { return make(x[0]) }
	}
	two := func(make func(_, _ float64) (*chance.Distribution, error)) func([]float64) (*chance.Distribution, error) {
		return func(x []float64) (*chance.Distribution, error) { return make(x[0], x[1]) }
	}
	above0 := func(name string) parameter { return parameter{name: name, positive: true} }
	shape := func(least float64, example string) parameter {
		return parameter{name: "shape", plain: true, least: least, most: 10_000, example: example}
	}
	sigma := parameter{name: "sigma", plain: true, most: 10, example: "where 1.6 puts one draw in a hundred above 41 times the median"}
	alpha := parameter{name: "alpha", plain: true, least: 0.2, most: 10_000, example: "where 1.5 puts one draw in a hundred above 21 times min"}
	zipf := parameter{plain: true, least: 1.1, most: 100, example: "where 2 makes six draws in ten a 1"}
	return []law{
		{"constant", []parameter{{}}, one(chance.Constant), nil},
		{"uniform", []parameter{{}, {}}, two(chance.Uniform), upsideDown},
		{"exponential", []parameter{above0("mean")}, one(chance.Exponential), nil},
		{"lognormal", []parameter{above0("median"), sigma}, two(chance.Lognormal), nil},
		{"lognormal", []parameter{above0("mean"), above0("p99")}, two(chance.LognormalP99), tailless},
		{"gamma", []parameter{above0("mean"), shape(0.01, "where 0.5 puts half of the draws below 0.46 times the mean")}, two(chance.Gamma), nil},
		{"weibull", []parameter{above0("scale"), shape(0.1, "where 0.5 puts one draw in a hundred above 21 times the scale")}, two(chance.Weibull), nil},
		{"pareto", []parameter{above0("min"), alpha}, two(chance.Pareto), nil},
		{"geometric", []parameter{above0("mean")}, one(chance.Geometric), tooOften},
		{"zipf", []parameter{zipf}, one(chance.Zeta), nil},
	}
}

// upsideDown is the contradiction of a uniform distribution.
func upsideDown(x []float64, written []argument, _ dimension) (beyond, expected string) {
	if x[1] >= x[0] {
		return "", ""
	}
	return "below the lower end", written[0].text + " or more"
}

// tailless is the contradiction of a lognormal distribution by its mean and p99, of which none has a p99 of more than so many times the mean.
func tailless(x []float64, written []argument, dim dimension) (beyond, expected string) {
	const most = 14.96
	mean := strings.TrimPrefix(written[0].text, "mean ")
	switch {
	case x[1] < x[0]:
		beyond = "below the mean"
	case x[1] > most*x[0]:
		beyond = "more than 14.96 times the mean"
	default:
		return "", ""
	}
	return beyond, mean + " to " + dim.show(most*x[0])
}

// tooOften is the contradiction of a geometric distribution: what is drawn is 1, 2, 3 and so on.
func tooOften(x []float64, _ []argument, dim dimension) (beyond, expected string) {
	if x[0] >= 1 {
		return "", ""
	}
	return "below the least draw", dim.show(1) + " or more"
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

// match puts arguments into the order of the law's parameters, without their names: those with a name may come in any.
func (l *law) match(arguments []argument) ([]argument, bool) {
	if len(arguments) != len(l.parameters) {
		return nil, false
	}
	values := make([]argument, len(arguments))
	for i, given := range arguments {
		name, value, named := strings.Cut(given.text, " ")
		if !named || !isLetters(name) {
			name, value = "", given.text
		} else {
			given.at += len(name) + 1
		}
		at := i
		if name != "" {
			at = slices.IndexFunc(l.parameters, func(p parameter) bool { return p.name == name })
		}
		if at < 0 || l.parameters[at].name != name || values[at].text != "" {
			return nil, false
		}
		values[at] = argument{value, given.at}
	}
	return values, true
}

func isLetters(s string) bool {
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == "" && s[0] >= 'a'
}

// meant returns the law with the names of its parameters before arguments that have none, and a space behind them; nothing where that would not do.
func (l *law) meant(arguments []argument) string {
	if len(arguments) != len(l.parameters) {
		return ""
	}
	parts := make([]string, len(arguments))
	spaced := make([]argument, len(arguments))
	for i, given := range arguments {
		parts[i] = collapse(strings.NewReplacer("=", " ", ":", " ").Replace(given.text))
		if !strings.Contains(parts[i], " ") {
			parts[i] = strings.TrimSpace(l.parameters[i].name + " " + parts[i])
		}
		spaced[i].text = parts[i]
	}
	if _, ok := l.match(spaced); !ok || slices.ContainsFunc(arguments, func(a argument) bool { return a.text == "" }) {
		return ""
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
