package scenarios

import (
	"strconv"
	"strings"
)

// Key is one key of the language, as LANGUAGE.md tells it.
type Key struct {
	Path        string // such as members.NAME.send.rate or events[].at
	Value       string // what sort of value it has
	Least, Most string // the ends of a number, or of each number of a list
	Holds       bool   // other keys, and no value of its own
	Required    bool
	Otherwise   string // what holds where it is not given
	Doc         string
}

// Keys returns every key of the language, in the order of the grammar.
func Keys() []Key { return scenarioShape().keys("") }

// keys returns the keys of a shape that stands at a path.
func (s *shape) keys(path string) []Key {
	var all []Key
	for _, f := range s.fields {
		at := strings.TrimPrefix(path+"."+f.name, ".")
		inner, ends := f.value.keys(at), f.value
		if ends.sort == sequence {
			ends = ends.item
		}
		all = append(all, Key{
			Path: at, Value: f.value.title(), Least: string(ends.least), Most: string(ends.most),
			Holds: len(inner) > 0, Required: f.required, Otherwise: f.otherwise, Doc: f.doc,
		})
		all = append(all, inner...)
	}
	switch s.sort {
	case table:
		all = append(all, s.item.keys(path+".NAME")...)
	case sequence:
		all = append(all, s.item.keys(path+"[]")...)
	}
	for _, one := range s.either {
		all = append(all, one.keys(path)...)
	}
	return all
}

// title says what sort of value a shape is.
func (s *shape) title() string {
	switch {
	case s.name != "":
		return s.name
	case len(s.choices) > 0:
		last := len(s.choices) - 1
		return "`" + strings.Join(s.choices[:last], "`, `") + "` or `" + s.choices[last] + "`"
	case s.sort == count:
		return "whole number, " + spaced(string(s.least)) + " to " + spaced(string(s.most))
	case s.sort == number:
		return "number, " + spaced(string(s.least)) + " to " + spaced(string(s.most))
	case s.sort == object:
		return "map"
	case s.sort == table:
		return "map of names to " + s.item.plural()
	case s.sort == sequence && s.length > 0:
		return "list of " + spaced(itoa(uint64(s.length))) + " " + s.item.plural()
	case s.sort == sequence:
		return "list of " + s.item.plural()
	}
	var all []string
	for _, one := range s.either {
		all = append(all, one.title())
	}
	return strings.Join(all, ", or ")
}

// plural names several values of a shape.
func (s *shape) plural() string {
	if head, ends, found := strings.Cut(s.title(), ","); found && s.sort != alternative {
		return head + "s," + ends
	}
	if s.sort == alternative && s.name == "" {
		var all []string
		for _, one := range s.either {
			all = append(all, one.plural())
		}
		return strings.Join(all, " or ")
	}
	return s.title() + "s"
}

// spaced writes the digits of a number as scenarios do, with its thousands apart.
func spaced(digits string) string {
	if len(digits) <= 3 || strings.Contains(digits, "_") {
		return digits
	}
	return spaced(digits[:len(digits)-3]) + "_" + digits[len(digits)-3:]
}

// LawForms returns how each distribution is written, those of a form that durations cannot have after the others.
func LawForms() (any, numbers []string) {
	for _, l := range laws() {
		if l.suits(duration) {
			any = append(any, l.String())
		} else {
			numbers = append(numbers, l.String())
		}
	}
	return any, numbers
}

// LawEnds returns what the plain parameter of each distribution may be, by how the distribution is written.
func LawEnds() map[string]string {
	ends := map[string]string{}
	for _, l := range laws() {
		for _, p := range l.parameters {
			if p.plain {
				most := strings.ReplaceAll(spaced(strconv.FormatFloat(p.most, 'f', -1, 64)), "_", " ")
				ends[l.String()] = strconv.FormatFloat(p.least, 'f', -1, 64) + " to " + most
			}
		}
	}
	return ends
}
