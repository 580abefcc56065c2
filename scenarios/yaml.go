package scenarios

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Bounds of a scenario file. The parser needs time in proportion to the square of what stands within one pair of brackets.
const (
	maxFile  = 256 << 10 // bytes
	maxLine  = 16 << 10  // bytes
	maxDepth = 40        // maps and lists within each other
)

// parse reads one YAML document. It returns nil where the form is so wrong that there is nothing to look at.
func (d *decoder) parse(content []byte, from *source) *node {
	loader, err := yaml.NewLoader(bytes.NewReader(content),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		d.report(position{from, 1, 1}, "", err.Error(), "YAML")
		return nil
	}
	var document, next yaml.Node
	err = loader.Load(&document)
	if errors.Is(err, io.EOF) || (err == nil && len(document.Content) == 0) {
		d.incomplete = true
		expected := "a scenario (`invitesim scenario new NAME` prints one to start from)"
		if from.policy {
			expected = "a policy (`invitesim policy show NAME` prints one to start from)"
		}
		d.report(position{from, 1, 1}, "", "the file is empty", expected)
		return nil
	}
	if err != nil {
		d.malformed(err, content, from)
		return nil
	}
	if err := loader.Load(&next); err == nil {
		d.report(position{from, max(next.Line, 1), max(next.Column, 1)}, "", "found a second document", "one document in a file")
		d.incomplete = true
	} else if !errors.Is(err, io.EOF) {
		d.malformed(err, content, from)
	}
	return d.convert(document.Content[0], from)
}

// Aliases would make a small file a large scenario.
const (
	foundAlias    = "found an alias, which `*` begins"
	expectNoAlias = "the value itself, in quotes if it begins with `*`"
)

// convert turns a YAML node into a node of the scenario. It reports what YAML allows and the language does not.
func (d *decoder) convert(from *yaml.Node, in *source) *node {
	n := &node{at: position{in, max(from.Line, 1), max(from.Column, 1)}}
	n.keyAt = n.at
	switch {
	case from.Style&yaml.TaggedStyle != 0:
		d.report(n.at, "", "found the tag "+quoted(from.Tag), "a value without a tag, in quotes if it begins with `!`")
		n.excused = true
	case from.Anchor != "" && from.Tag == "!!null":
		d.report(n.at, "", "found the anchor "+quoted("&"+from.Anchor), "a value, in quotes if it begins with `&`")
		n.excused = true
	}
	switch from.Kind {
	case yaml.ScalarNode:
		n.kind, n.text = text, from.Value
		n.verbatim = from.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
		if from.Tag == "!!null" {
			n.kind = nothing
		}
		if from.Style == 0 {
			d.swallowed(n)
		}
	case yaml.SequenceNode:
		n.kind = list
		for i, item := range from.Content {
			child := d.convert(item, in)
			child.key, child.parent = strconv.Itoa(i), n
			if next := in.line(child.at.line + 1); item.Kind == yaml.ScalarNode && item.Style == 0 && child.goesOn() {
				d.report(position{in, child.at.line + 1, len(next) - len(strings.TrimLeft(next, " ")) + 1}, "", "found a line that goes on with the item above it",
					"`- ` before each item of a list")
				child.text = string([]rune(in.line(child.at.line))[child.at.column-1:])
			}
			n.children = append(n.children, child)
		}
	case yaml.MappingNode:
		n.kind = mapping
		d.convertPairs(n, from, in)
	default:
		if !d.aliased {
			d.report(n.at, "", foundAlias, expectNoAlias)
		}
		d.aliased, n.excused = true, true
	}
	return n
}

func (d *decoder) convertPairs(n *node, from *yaml.Node, in *source) {
	first := map[string]*node{}
	for i := 0; i+1 < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		keyAt := position{in, key.Line, key.Column}
		if key.Kind != yaml.ScalarNode {
			d.report(keyAt, "", "found a key that is no word", "a word before the `:`")
			continue
		}
		child := d.convert(value, in)
		child.key, child.keyAt, child.parent = key.Value, keyAt, n
		if from.Style&yaml.FlowStyle != 0 && child.kind == text && !child.verbatim {
			i += 2 * d.torn(child, from.Content[i+2:])
		}
		if earlier := first[child.key]; earlier != nil {
			d.report(keyAt, "", "found the key "+quoted(child.key)+" again (first on line "+strconv.Itoa(earlier.keyAt.line)+")", "each key once")
			continue
		}
		first[child.key] = child
		n.children = append(n.children, child)
	}
}

// swallowed reports a value that took in the next line, which is indented more than it should be and looks like an item of a list, and cuts
// that off.
func (d *decoder) swallowed(n *node) {
	if !n.goesOn() {
		return
	}
	next := n.at.source.line(n.at.line + 1)
	item := strings.TrimLeft(next, " ")
	if first, _, both := strings.Cut(n.text, " "+strings.TrimSpace(item)); both && strings.HasPrefix(item, "- ") {
		indent := len(next) - len(item)
		d.report(position{n.at.source, n.at.line + 1, indent + 1}, "", "found an item of a list, indented by "+spaces(indent), "as many spaces as before the item above it")
		n.text = first
	}
}

// goesOn says whether a value without quotes, in a file, does not end in the line where it begins.
func (n *node) goesOn() bool {
	line := []rune(n.at.source.line(n.at.line))
	return n.kind == text && !n.at.source.flag && n.at.column <= len(line) && !strings.HasPrefix(string(line[n.at.column-1:]), n.text)
}

// torn reports a value like `uniform(3d, 30d)` that lost its tail to the comma, as commas end values within `{…}`, and puts it together again. It
// returns how many pairs of the rest belong to it.
func (d *decoder) torn(value *node, rest []*yaml.Node) int {
	open := func() bool { return strings.Count(value.text, "(") > strings.Count(value.text, ")") }
	const most = 4 // a distribution has fewer parameters
	pairs := 0
	for open() && pairs < most && 2*pairs+1 < len(rest) && rest[2*pairs].Kind == yaml.ScalarNode && rest[2*pairs+1].Tag == "!!null" {
		value.text += ", " + rest[2*pairs].Value
		pairs++
	}
	if pairs > 0 {
		d.report(value.at, "", "found a comma that ends the value of "+quoted(value.key),
			"quotes around a value with a comma within {…}, as in "+clip(value.key)+": \""+clip(strings.Trim(value.text, "\"'"))+"\"")
	}
	return pairs
}

// line returns the text of a line, or nothing.
func (s *source) line(number int) string {
	if s == nil || number < 1 || number > len(s.lines) {
		return ""
	}
	return s.lines[number-1]
}

// print writes the merged scenario as YAML that reads back to the same plan.
func (n *node) print() string {
	out, err := yaml.Dump(n.yaml(), yaml.WithIndent(2), yaml.WithLineWidth(-1))
	if err != nil {
		panic("scenarios: a tree that was read cannot be written: " + err.Error())
	}
	return string(out)
}

func (n *node) yaml() *yaml.Node {
	switch n.kind {
	case mapping:
		out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, child := range n.children {
			out.Content = append(out.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: child.key}, child.yaml())
		}
		return out
	case list:
		out := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, child := range n.children {
			out.Content = append(out.Content, child.yaml())
		}
		return out
	case nothing:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	out := &yaml.Node{Kind: yaml.ScalarNode, Value: n.text}
	if n.verbatim {
		out.Tag, out.Style = "!!str", yaml.DoubleQuotedStyle
	}
	return out
}
