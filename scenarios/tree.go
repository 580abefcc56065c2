package scenarios

import (
	"slices"
	"strings"
)

// source is one text that takes part in a scenario: a file, standard input, or a flag.
type source struct {
	name   string // in messages
	order  int    // among all sources of the scenario
	home   home   // where the files that it names are looked for
	lines  []string
	flag   bool // a flag has no line numbers
	policy bool // it holds a policy alone
}

// position is a place in a source.
type position struct {
	source       *source
	line, column int // from 1
}

// kind is the shape of a node.
type kind uint8

const (
	nothing kind = iota // `key:` without a value, or null
	text
	mapping
	list
)

// node is a value of the merged scenario, with the place it comes from.
type node struct {
	kind     kind
	at       position
	key      string   // that it stands under in its parent
	keyAt    position // at where there is no key
	parent   *node
	text     string
	verbatim bool    // quoted in the file
	excused  bool    // reported already: whatever else is wrong with it follows from that
	children []*node // the values of a mapping or a list
}

// path returns where the node stands in the scenario, such as `members.casual.count` or `events[1].at`.
func (n *node) path() string {
	if n.parent == nil {
		return ""
	}
	above := n.parent.path()
	switch {
	case n.parent.kind == list:
		return above + "[" + n.key + "]"
	case above == "":
		return clip(n.key)
	}
	return above + "." + clip(n.key)
}

// fields returns every text at and below the node.
func (n *node) fields() []Field {
	if n.kind == text {
		return []Field{{n.path(), collapse(n.text)}}
	}
	var all []Field
	for _, child := range n.children {
		all = append(all, child.fields()...)
	}
	return all
}

// get returns the value under a key of a mapping, or nil.
func (n *node) get(key string) *node {
	if n == nil || n.kind != mapping {
		return nil
	}
	for _, child := range n.children {
		if child.key == key {
			return child
		}
	}
	return nil
}

// put makes child the value under its key, in the place of the one that was there.
func (n *node) put(child *node) {
	child.parent = n
	for i, old := range n.children {
		if old.key == child.key {
			n.children[i] = child
			return
		}
	}
	n.children = append(n.children, child)
}

func (n *node) remove(key string) {
	n.children = slices.DeleteFunc(n.children, func(child *node) bool { return child.key == key })
}

// describe says what a node is, for the part of a message that tells what was found.
func (n *node) describe() string {
	a := "found a "
	if len(n.children) == 0 {
		a = "found an empty "
	}
	switch n.kind {
	case text:
		return "found " + quoted(n.text)
	case mapping:
		return a + "map"
	case list:
		return a + "list"
	}
	return "found nothing"
}

// within returns the place of what begins after so many bytes of a text; where the text begins, if it does not stand in the line as it is.
func (n *node) within(offset int) position {
	at := n.at
	line := []rune(at.source.line(at.line))
	from := at.column - 1
	if n.verbatim {
		from++
	}
	if from > len(line) || offset > len(n.text) || !strings.HasPrefix(string(line[from:]), n.text) {
		return at
	}
	at.column = from + 1 + len([]rune(n.text[:offset]))
	return at
}

// merge lays over upon base, map by map: what is given in over replaces what was there, and a null takes it away. It
// takes both over: neither may be used afterwards. Parents are for adopt to set.
func merge(base, over *node) *node {
	if base.kind != mapping || over.kind != mapping {
		return over
	}
	index := make(map[string]int, len(base.children))
	for i, child := range base.children {
		index[child.key] = i
	}
	for _, child := range over.children {
		if i, found := index[child.key]; found {
			base.children[i] = merge(base.children[i], child)
		} else {
			base.children = append(base.children, child)
		}
	}
	base.children = slices.DeleteFunc(base.children, func(child *node) bool {
		_, found := index[child.key]
		return found && child.kind == nothing
	})
	base.at, base.keyAt = over.at, over.keyAt
	return base
}

// openPolicy turns a policy that is given by name into a map that extends it, so that settings can be laid over it.
func openPolicy(root *node) {
	policy := root.get("policy")
	if policy == nil || policy.kind != text {
		return
	}
	open := &node{kind: mapping, at: policy.at, key: policy.key, keyAt: policy.keyAt}
	name := *policy
	name.key, name.keyAt = "extends", policy.at
	open.put(&name)
	root.put(open)
}

// collapse returns text with each run of white space as one space.
func collapse(text string) string { return strings.Join(strings.Fields(text), " ") }
