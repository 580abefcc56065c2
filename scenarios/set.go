package scenarios

import (
	"strconv"
	"strings"

	"invitesim/model"
)

// set carries out one `PATH=VALUE` on the scenario. The flag, as the user wrote it, is where its mistakes are.
func (d *decoder) set(root *node, setting, flag string) {
	from := d.add(flag, home{files: d.files})
	from.flag, from.lines = true, []string{setting}
	path, value, found := strings.Cut(setting, "=")
	if !found || path == "" {
		d.report(position{from, 1, 1}, "", "found "+quoted(setting), "PATH=VALUE, such as members.casual.count=500")
		return
	}
	child := d.valueOf(value, from, len([]rune(path))+1)
	if child == nil {
		return
	}
	parent, last := d.walk(root, path, from)
	if parent == nil {
		return
	}
	child.key, child.keyAt = last.name, last.at
	switch {
	case parent.kind == list:
		if i := d.index(parent, last); i >= 0 {
			child.parent = parent
			parent.children[i] = child
		}
	case child.kind == nothing:
		parent.remove(child.key)
	default:
		parent.put(child)
	}
}

// valueOf reads the value of a setting, which begins after the given number of characters of its flag.
func (d *decoder) valueOf(value string, from *source, before int) *node {
	if len(value) > maxLine {
		d.report(position{from, 1, before + 1}, "", "found a value of "+strconv.Itoa(len(value))+" bytes", "at most "+strconv.Itoa(maxLine))
		return nil
	}
	if strings.TrimSpace(value) == "" {
		return &node{kind: nothing, at: position{from, 1, before + 1}}
	}
	known := len(d.mistakes)
	child := d.parse([]byte(value), from)
	if child != nil {
		shift(child, before)
	}
	for i := range d.mistakes[known:] {
		d.mistakes[known+i].Column += before
	}
	return child
}

// shift moves the places of a value that was parsed by itself to where it stands in its flag.
func shift(n *node, by int) {
	n.at.column += by
	n.keyAt.column += by
	for _, child := range n.children {
		shift(child, by)
	}
}

// segment is one name of a dotted path.
type segment struct {
	name string
	at   position
}

// split cuts a path. An item of a list is `events.0`, or `events[0]` as messages call it.
func split(path string, from *source) []segment {
	var all []segment
	column := 1
	for _, name := range strings.Split(strings.ReplaceAll(path, "[", "."), ".") {
		all = append(all, segment{strings.TrimSpace(strings.TrimSuffix(name, "]")), position{from, 1, column}})
		column += len([]rune(name)) + 1
	}
	return all
}

// walk goes down a path to the parent of its last segment, making the maps that are missing on the way. Populations must exist: a new one is more
// likely a slip of the pen.
func (d *decoder) walk(root *node, path string, from *source) (*node, segment) {
	segments := split(path, from)
	if len(segments) > maxDepth {
		d.report(position{from, 1, 1}, "", "found a path of "+strconv.Itoa(len(segments))+" names", "a field of the scenario")
		return nil, segment{}
	}
	if len(segments) > 1 && segments[0].name == "policy" {
		openPolicy(root)
	}
	n := root
	last := len(segments) - 1
	for depth, s := range segments[:last] {
		n = d.step(n, s)
		if n == nil {
			return nil, segment{}
		}
		if depth == 0 && s.name == "members" && n.get(segments[1].name) == nil {
			d.report(segments[1].at, "", "found no population "+quoted(segments[1].name), oneOf(keysOf(n)), model.Nearest(segments[1].name, keysOf(n)))
			return nil, segment{}
		}
	}
	if n.kind != mapping && n.kind != list {
		d.leaf(n, segments[last])
		return nil, segment{}
	}
	return n, segments[last]
}

func (d *decoder) step(n *node, s segment) *node {
	switch n.kind {
	case list:
		if i := d.index(n, s); i >= 0 {
			return n.children[i]
		}
		return nil
	case mapping:
		next := n.get(s.name)
		if next == nil || next.kind == nothing {
			next = &node{kind: mapping, at: s.at, key: s.name, keyAt: s.at}
			n.put(next)
		}
		return next
	}
	d.leaf(n, s)
	return nil
}

// leaf reports a path that goes on below a value that holds no fields.
func (d *decoder) leaf(n *node, s segment) {
	d.report(s.at, "", "found "+quoted(s.name)+" below "+n.path()+", which is neither a map nor a list", "a path that ends there")
}

// index returns which item of a list a segment names, or -1 with a mistake.
func (d *decoder) index(n *node, s segment) int {
	i, err := strconv.Atoi(s.name)
	if err == nil && i >= 0 && i < len(n.children) {
		return i
	}
	expected := "no item: the list is empty"
	switch most := len(n.children) - 1; {
	case most == 0:
		expected = "0, the only item of " + n.path()
	case most > 0:
		expected = "the number of an item of " + n.path() + ", 0 to " + strconv.Itoa(most)
	}
	d.report(s.at, "", "found "+quoted(s.name), expected)
	return -1
}

func keysOf(n *node) []string {
	var keys []string
	for _, child := range n.children {
		keys = append(keys, child.key)
	}
	return keys
}
