package scenarios

import (
	"cmp"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// decoder reads one scenario and gathers what is wrong with it.
type decoder struct {
	files       fs.FS
	sources     []*source
	mistakes    Mistakes
	incomplete  bool                            // a part could not be read: what is missing may be there
	aliased     bool                            // an alias has been reported: one will do
	data        map[string]string               // SHA-256 of each data file that the scenario names
	laws        map[string]*chance.Distribution // by how they are written: making one takes a while
	populations []sim.Population
	people      *node  // the map of the populations
	lasts       string // how long the run lasts, as it is written
}

// report adds a mistake at a place.
func (d *decoder) report(at position, field, found, expected string, suggestion ...string) {
	if len(d.mistakes) >= maxMistakes {
		return
	}
	m := Mistake{Line: at.line, Column: at.column, Field: field, Found: found, Expected: expected}
	if len(suggestion) > 0 {
		m.Suggestion = suggestion[0]
	}
	if at.source != nil {
		m.File, m.order = at.source.name, at.source.order
		m.Text = at.source.line(at.line)
		if at.source.flag {
			m.Line = 0
		}
	}
	d.mistakes = append(d.mistakes, m)
}

// wrong reports that a value is not what belongs there.
func (d *decoder) wrong(n *node, expected string, suggestion ...string) {
	if !n.excused {
		d.report(n.at, n.path(), n.describe(), expected, suggestion...)
	}
}

// contrary reports a value that is well formed, but contradicts something else.
func (d *decoder) contrary(n *node, found, expected string) {
	d.report(n.at, n.path(), found, expected)
}

// fields is a mapping whose keys have been checked.
type fields struct {
	d *decoder
	n *node
}

// mapping checks that n is a map with the keys of the shape, and that the required ones are there. Without n, or where n is no map, no field is there.
func (d *decoder) mapping(n *node, s *shape) fields {
	if n == nil {
		return fields{d, nil}
	}
	if n.kind != mapping {
		d.wrong(n, "a map of "+oneOf(s.names()), spacedKey(n.text, s.names()))
		return fields{d, nil}
	}
	names := s.names()
	var meant []string
	for _, child := range n.children {
		if !slices.Contains(names, child.key) {
			near := cmp.Or(spacedKey(child.key, names), s.below(child.key), model.Nearest(child.key, names))
			if n.parent == nil && slices.Contains(settingsBeside(""), child.key) {
				near = "policy." + child.key
			}
			key, _, _ := strings.Cut(near, ":")
			meant = append(meant, key)
			found := "found an unknown key " + quoted(child.key)
			if child.key == "" {
				found = "found a `:` without a key before it"
			}
			d.report(child.keyAt, child.path(), found, oneOf(names), near)
		}
	}
	for _, f := range s.fields {
		if f.required && n.get(f.name) == nil && !slices.Contains(meant, f.name) {
			d.missing(n, f)
		}
	}
	return fields{d, n}
}

func (d *decoder) missing(n *node, f field) {
	if d.incomplete {
		return
	}
	d.report(n.keyAt, n.path(), "found no "+quoted(f.name), f.value.expect)
}

// get returns the value under a key, or nil. A value that is nothing is a mistake.
func (f fields) get(key string) *node {
	n := f.n.get(key)
	if n != nil && n.kind == nothing {
		f.d.wrong(n, "a value behind the key or, indented more than the key, below it; or no such key")
		return nil
	}
	return n
}

// items returns the items of a list, or nothing, with a mistake, where n is none.
func (d *decoder) items(n *node, expected string) []*node {
	if n == nil {
		return nil
	}
	if n.kind != list {
		if n.kind == text && strings.HasPrefix(n.text, "-") {
			expected += ", with a space behind the `-`"
		}
		d.wrong(n, expected)
		return nil
	}
	return n.children
}

// text returns the text of n, whether it is one.
func (d *decoder) text(n *node, expected string) (string, bool) {
	if n == nil {
		return "", false
	}
	if n.kind != text || strings.TrimSpace(n.text) == "" {
		d.wrong(n, expected)
		return "", false
	}
	return strings.TrimSpace(n.text), true
}

// word returns which of the words n is, or -1.
func (d *decoder) word(n *node, words ...string) int {
	given, ok := d.text(n, oneOf(words))
	if !ok {
		return -1
	}
	i := slices.Index(words, given)
	if i < 0 {
		d.wrong(n, oneOf(words), model.Nearest(given, words))
	}
	return i
}

// population returns the index of the population of a name that stands at a place.
func (d *decoder) population(name string, at position, field string) (int, bool) {
	if len(d.populations) == 0 { // there should be some: reported already
		return 0, false
	}
	names := d.populationNames()
	if i := slices.Index(names, name); i >= 0 {
		return i, true
	}
	d.report(at, field, "found no population "+quoted(name), oneOf(names), model.Nearest(name, names))
	return 0, false
}

func (d *decoder) populationNames() []string {
	names := make([]string, len(d.populations))
	for i := range d.populations {
		names[i] = d.populations[i].Name
	}
	return names
}

// itoa writes a number with its thousands apart, as scenarios do.
func itoa(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte('_')
		}
		b.WriteRune(digit)
	}
	return b.String()
}
