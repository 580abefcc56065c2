package scenarios

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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
		d.malformed(err, from)
		return nil
	}
	if err := loader.Load(&next); err == nil {
		d.report(position{from, max(next.Line, 1), max(next.Column, 1)}, "", "found a second document", "one document in a file")
		d.incomplete = true
	} else if !errors.Is(err, io.EOF) {
		d.malformed(err, from)
	}
	return d.convert(document.Content[0], from)
}

// malformed reports an error of the YAML parser in the words of this package.
func (d *decoder) malformed(err error, from *source) {
	var at position
	message := err.Error()
	var single *yaml.LoadError
	if several := (*yaml.LoadErrors)(nil); errors.As(err, &several) && len(several.Errors) > 0 {
		single = several.Errors[0]
	}
	if single != nil || errors.As(err, &single) {
		at = position{from, single.Mark.Line, single.Mark.Column}
		message = single.Message
		if at.line == 0 {
			at = position{from, single.ContextMark.Line, single.ContextMark.Column}
		}
	}
	if at.line == 0 {
		at = from.noText()
	}
	at.source, d.incomplete = from, true
	found, expected := rephrase(message)
	if line := from.line(at.line); strings.HasPrefix(strings.TrimLeft(line, " "), "\t") {
		found, expected = "found a tab in the indentation", "spaces"
	}
	if at.line > len(from.lines) && len(from.lines) > 0 {
		at.line = len(from.lines)
		at.column = len([]rune(from.lines[at.line-1])) + 1
	}
	d.report(at, "", found, expected)
}

// noText returns the place of the first thing in a source that is no text, of which the parser does not say where it is; the
// beginning, if it finds none.
func (s *source) noText() position {
	for i, line := range s.lines {
		column := 0
		for _, r := range line {
			column++
			if r == utf8.RuneError || unicode.IsControl(r) && r != '\t' {
				return position{s, i + 1, column}
			}
		}
	}
	return position{s, 1, 1}
}

// rephrase says in a user's words what the parser says in a parser's.
func rephrase(message string) (found, expected string) {
	for _, known := range []struct{ contains, found, expected string }{
		{"exceeded max depth", "found maps or lists nested too deeply", "at most " + strconv.Itoa(maxDepth) + " levels"},
		{"unknown anchor", "found an alias", "the value itself: aliases are not part of the language"},
		{"mapping values are not allowed", "found a second `:` in one line", "quotes around a value that contains `: `"},
		{"did not find expected ',' or '}'", "found the end of a `{…}` that is not closed", "`,` or `}`"},
		{"did not find expected ',' or ']'", "found the end of a `[…]` that is not closed", "`,` or `]`"},
		{"did not find expected key", "found a line that is indented like nothing above it", "a key indented as its neighbours are"},
		{"UTF-8", "found bytes that are no text", "UTF-8"},
		{"control characters are not allowed", "found a control character", "text"},
	} {
		if strings.Contains(message, known.contains) {
			return known.found, known.expected
		}
	}
	return "found something that is no YAML (" + message + ")", ""
}

// convert turns a YAML node into a node of the scenario. It reports what YAML allows and the language does not.
func (d *decoder) convert(from *yaml.Node, in *source) *node {
	n := &node{at: position{in, max(from.Line, 1), max(from.Column, 1)}}
	n.keyAt = n.at
	if from.Style&yaml.TaggedStyle != 0 {
		d.report(n.at, "", "found the tag "+quoted(from.Tag), "a value without a tag")
	}
	switch from.Kind {
	case yaml.ScalarNode:
		n.kind, n.text = text, from.Value
		n.verbatim = from.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0
		if from.Tag == "!!null" {
			n.kind = nothing
		}
	case yaml.SequenceNode:
		n.kind = list
		for i, item := range from.Content {
			child := d.convert(item, in)
			child.key, child.parent = strconv.Itoa(i), n
			n.children = append(n.children, child)
		}
	case yaml.MappingNode:
		n.kind = mapping
		d.convertPairs(n, from, in)
	default:
		if !d.aliased {
			d.report(n.at, "", "found an alias", "the value itself: aliases are not part of the language")
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
			"quotes around a value with a comma within {…}, as in "+clip(value.key)+": \""+clip(value.text)+"\"")
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
