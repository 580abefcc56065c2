package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// place is a line and a column of a text, both from 1.
type place struct{ line, column int }

// slip is what is wrong with the form of a text.
type slip struct {
	at              place
	found, expected string
}

// trouble is what the YAML parser says of a text that it cannot read. It often gives up far behind what led there.
type trouble struct {
	lines   []string
	bare    [][]rune // the lines, with spaces for what is in quotes or a comment, as far as quotes has come
	message string
	at      place // where it gave up; zero where it does not say
	begun   place // where that begins which it was reading; zero where it does not say
}

// malformed reports an error of the YAML parser in the words of this package.
func (d *decoder) malformed(err error, content []byte, from *source) {
	d.incomplete = true
	t := troubleOf(err, content)
	s := t.slip()
	d.report(position{from, s.at.line, s.at.column}, "", s.found, s.expected)
}

func troubleOf(err error, content []byte) *trouble {
	t := &trouble{lines: linesOf(content), message: err.Error()}
	for _, line := range t.lines {
		t.bare = append(t.bare, []rune(line))
	}
	var single *yaml.LoadError
	if several := (*yaml.LoadErrors)(nil); errors.As(err, &several) && len(several.Errors) > 0 {
		single = several.Errors[0]
	}
	if single == nil && !errors.As(err, &single) {
		return t
	}
	t.message = single.Message
	t.at = place{single.Mark.Line, single.Mark.Column}
	t.begun = place{single.ContextMark.Line, single.ContextMark.Column}
	if last := len(t.lines); t.at.line > last {
		t.at = place{last, utf8.RuneCountInString(t.lines[last-1]) + 1}
	}
	if t.rune(t.begun) == 0 {
		t.begun = t.at
	}
	return t
}

func linesOf(content []byte) []string {
	return strings.Split(strings.ReplaceAll(string(content), "\r\n", "\n"), "\n")
}

// slip says in a user's words what led to the trouble, at the place where the user can mend it.
func (t *trouble) slip() slip {
	if s := t.beyondTheLanguage(); s != nil {
		return *s
	}
	if strings.HasPrefix(strings.TrimLeft(t.line(t.at.line), " "), "\t") {
		return slip{t.at, "found a tab in the indentation", "spaces"}
	}
	for _, look := range []func() *slip{t.quotes, t.brackets, t.beginning, t.colons, t.indentation, t.behindAll} {
		if s := look(); s != nil {
			return *s
		}
	}
	return slip{place{max(t.at.line, 1), max(t.at.column, 1)}, "found something that is no YAML (" + t.message + ")", "lines such as `duration: 4w`"}
}

// beyondTheLanguage knows what is no slip of the pen.
func (t *trouble) beyondTheLanguage() *slip {
	for _, known := range []struct{ message, found, expected string }{
		{"exceeded max depth", "found maps or lists nested too deeply", "at most " + strconv.Itoa(maxDepth) + " levels"},
		{"unknown anchor", foundAlias, expectNoAlias},
		{"UTF-8", "found bytes that are no text", "UTF-8"},
		{"control characters are not allowed", "found a control character", "text"},
	} {
		if !strings.Contains(t.message, known.message) {
			continue
		}
		at := t.at
		if at.line == 0 {
			at = t.noText()
		}
		return &slip{at, known.found, known.expected}
	}
	return nil
}

// noText returns the place of the first thing that is no text, of which the parser does not say where it is; the beginning, if it finds none.
func (t *trouble) noText() place {
	for i, line := range t.lines {
		column := 0
		for _, r := range line {
			column++
			if r == utf8.RuneError || unicode.IsControl(r) && r != '\t' {
				return place{i + 1, column}
			}
		}
	}
	return place{1, 1}
}

// quotes looks for a value in quotes that does not end where it should, up to the place of the trouble.
func (t *trouble) quotes() *slip {
	for i := 0; i < len(t.lines) && i < t.at.line; i++ {
		line := []rune(t.lines[i])
		for column := 0; column < len(line); column++ {
			if line[column] == '#' && (column == 0 || line[column-1] == ' ') {
				t.blank(place{i, column}, place{i, len(line) - 1})
				break
			}
			if r := line[column]; r != '"' && r != '\'' || !beginsValue(line[:column]) {
				continue
			}
			end, closed := t.endOfQuote(place{i, column})
			switch rest := behindQuote(t.lines, end); {
			case !closed || rest != "" && end.line > i:
				return &slip{place{i + 1, column + 1}, "found a quote that is not closed", "another " + string(line[column]) + " at the end of the value"}
			case rest != "":
				return &slip{place{i + 1, end.column + 2}, "found text behind a value in quotes", "quotes of the other kind around a value that contains quotes"}
			}
			t.blank(place{i, column}, end)
			i, column = end.line, end.column
			line = []rune(t.lines[i])
		}
	}
	return nil
}

// blank makes spaces of what stands from one place up to another, both counted from 0.
func (t *trouble) blank(from, end place) {
	for i := from.line; i <= end.line; i++ {
		for column := range t.bare[i] {
			if (i > from.line || column >= from.column) && (i < end.line || column <= end.column) {
				t.bare[i][column] = ' '
			}
		}
	}
}

// beginsValue says whether a value or a key can begin behind the given part of a line.
func beginsValue(before []rune) bool {
	text := strings.TrimSpace(string(before))
	apart := len(before) > 0 && before[len(before)-1] == ' '
	switch {
	case text == "" || strings.ContainsAny(text[len(text)-1:], "{[,"):
		return true
	case strings.HasSuffix(text, ":"):
		return apart || strings.HasSuffix(text, `":`) || strings.HasSuffix(text, `':`)
	}
	return apart && strings.Trim(text, "- ") == ""
}

// endOfQuote returns the place of the quote that closes the one at a place, both counted from 0.
func (t *trouble) endOfQuote(open place) (end place, closed bool) {
	quote := []rune(t.lines[open.line])[open.column]
	from := open.column + 1
	for i := open.line; i < len(t.lines); i++ {
		line := []rune(t.lines[i])
		for column := from; column < len(line); column++ {
			switch {
			case quote == '"' && line[column] == '\\', quote == '\'' && line[column] == quote && column+1 < len(line) && line[column+1] == quote:
				column++
			case line[column] == quote:
				return place{i, column}, true
			}
		}
		from = 0
	}
	return place{}, false
}

// behindQuote returns what stands in a line behind the quote at a place, if it cannot stand there.
func behindQuote(lines []string, end place) string {
	rest := strings.TrimSpace(string([]rune(lines[end.line])[min(end.column+1, utf8.RuneCountInString(lines[end.line])):]))
	if rest == "" || strings.ContainsAny(rest[:1], ",:}]#") {
		return ""
	}
	return rest
}

// brackets looks at a `{…}` or `[…]` that could not be read to its end, and for an end that has no beginning.
func (t *trouble) brackets() *slip {
	here := t.rune(t.at)
	if strings.Contains(t.message, "did not find expected node content") {
		if open := t.unclosed(); open.line > 0 {
			return t.notClosed(open)
		}
		return &slip{t.at, "found " + quoted(string(here)) + " where a value belongs", "a value before it"}
	}
	if !strings.Contains(t.message, "did not find expected ',' or") {
		at := t.crossed()
		if at.line == 0 && (here == '}' || here == ']') {
			at = t.at
		}
		if at.line == 0 {
			return nil
		}
		return &slip{at, "found a `" + string(t.rune(at)) + "` that closes nothing", "none here, or what it closes before it"}
	}
	open := t.rune(t.begun)
	end := endOf(open)
	switch closed := t.closes(t.begun); {
	case here == '}' || here == ']':
		return &slip{t.at, "found a `" + string(here) + "` in a `" + string(open) + "…`", "`,` or `" + string(end) + "`"}
	case closed && here == ':':
		return &slip{t.at, "found a second `:` in one value", "a `,` before the next key, or quotes around a value that contains `: `"}
	case closed:
		return &slip{t.at, "found a value that goes on behind its end", "`,` or `" + string(end) + "`"}
	}
	return t.notClosed(t.begun)
}

// crossed returns the place of a bracket, in the line of the trouble and before it, that does not close the last one that is open there; zero for
// none. Brackets of lines above are taken for closed.
func (t *trouble) crossed() place {
	var open []rune
	for column, r := range []rune(t.line(t.at.line)) {
		if column >= t.at.column || t.bare[t.at.line-1][column] != r {
			continue
		}
		switch last := len(open) - 1; {
		case r == '{' || r == '[':
			open = append(open, endOf(r))
		case r != '}' && r != ']' || last < 0:
		case open[last] != r:
			return place{t.at.line, column + 1}
		default:
			open = open[:last]
		}
	}
	return place{}
}

// endOf returns the bracket that closes one.
func endOf(open rune) rune {
	if open == '[' {
		return ']'
	}
	return '}'
}

func (t *trouble) notClosed(open place) *slip {
	bracket := t.rune(open)
	return &slip{open, "found a `" + string(bracket) + "` that is not closed", "a `" + string(endOf(bracket)) + "` at the end of what it holds"}
}

// unclosed returns the place of the first bracket up to the trouble that is not closed; zero if all are.
func (t *trouble) unclosed() place {
	for i := range t.at.line {
		for column, r := range t.bare[i] {
			if open := (place{i + 1, column + 1}); (r == '{' || r == '[') && !t.closes(open) {
				return open
			}
		}
	}
	return place{}
}

// closes says whether the bracket at a place is closed, if all that follow it are taken in pairs.
func (t *trouble) closes(open place) bool {
	if t.rune(open) == 0 { // YAML knows more ends of lines than this package does
		return false
	}
	depth, from := 0, open.column-1
	for _, line := range t.bare[open.line-1:] {
		for _, r := range line[from:] {
			switch r {
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return true
				}
			}
		}
		from = 0
	}
	return false
}

// beginning looks at a value whose first character means something else in YAML, or whose quotes do not take what they hold.
func (t *trouble) beginning() *slip {
	at := t.at
	switch {
	case strings.Contains(t.message, "unknown escape character"):
		return &slip{at, "found a `\\` in double quotes that stands for nothing", "`\\\\` for the sign itself, or single quotes around the value"}
	case strings.Contains(t.message, "comment or line break"), strings.Contains(t.message, "alphabetic or numeric character"),
		strings.Contains(t.message, "directive"), strings.Contains(t.message, "YAML tag"):
		at = t.begun
	case !strings.Contains(t.message, "cannot start any token"):
		return nil
	}
	return &slip{at, "found a value that begins with " + quoted(string(t.rune(at))), "quotes around it"}
}

// colons looks for a `:` too many or too few.
func (t *trouble) colons() *slip {
	const keyOrItem = "a key with its value, such as `duration: 4w`, or `- ` before an item of a list"
	if strings.Contains(t.message, "could not find expected ':'") {
		return &slip{t.begun, "found a line without `: `", keyOrItem}
	}
	if !strings.Contains(t.message, "mapping values are not allowed") {
		return nil
	}
	before := t.line(t.at.line)
	if line := []rune(before); t.at.column >= 1 && t.at.column <= len(line) {
		before = string(line[:t.at.column-1])
	}
	above := t.above(t.at.line)
	indent := t.indent(t.at.line)
	switch {
	case strings.Contains(before, ": ") || above == 0:
		return &slip{t.at, "found a second `:` in one line", "quotes around a value that contains `: `, or {…} around a map"}
	case !strings.Contains(t.line(above), ":"):
		return &slip{place{above, t.indent(above) + 1}, "found a line without `: `", keyOrItem}
	}
	return &slip{
		place{t.at.line, indent + 1},
		"found a line indented by " + spaces(indent) + " below a key that has a value",
		spaces(t.keyIndent(above)) + ", as the line above it",
	}
}

// indentation looks at a line that stands below nothing it could belong to.
func (t *trouble) indentation() *slip {
	indent := t.indent(t.at.line)
	switch {
	case strings.Contains(t.message, "expected '-' indicator"):
		return &slip{t.at, "found a key among the items of a list", "`- ` before each item, or another indentation"}
	case !strings.Contains(t.message, "did not find expected key"):
		return nil
	case t.at.column-1 > indent:
		return &slip{t.at, "found text behind the end of a value", "the next key in a line of its own"}
	}
	var levels []string
	for _, level := range t.levels() {
		levels = append(levels, strconv.Itoa(level))
	}
	return &slip{t.at, "found a line indented by " + spaces(indent) + ", like nothing above it", oneOf(levels) + " spaces"}
}

// behindAll looks at what stands behind a value that was taken for the whole text: its first line is indented more than the others, most likely.
func (t *trouble) behindAll() *slip {
	if !strings.Contains(t.message, "document start") {
		return nil
	}
	first := 0
	for line := t.above(t.at.line); line > 0; line = t.above(line) {
		first = line
	}
	if indent := t.indent(first); indent > t.indent(t.at.line) {
		return &slip{place{first, indent + 1}, "found the first line indented by " + spaces(indent) + ", unlike those below it", spaces(t.indent(t.at.line))}
	}
	return &slip{t.at, "found text behind the end of a value", "nothing behind it"}
}

func spaces(n int) string {
	if n == 1 {
		return "1 space"
	}
	return fmt.Sprintf("%d spaces", n)
}

// levels returns by how many spaces the keys are indented that the line of the trouble could stand beside, in ascending order.
func (t *trouble) levels() []int {
	var all []int
	add := func(level int) {
		if len(all) == 0 || level < all[len(all)-1] {
			all = append(all, level)
		}
	}
	for line := t.above(t.at.line); line > 0; line = t.above(line) {
		add(t.keyIndent(line))
		add(t.indent(line))
	}
	slices.Reverse(all)
	return all
}

// above returns the nearest line above one that is neither empty nor a comment; 0 if there is none.
func (t *trouble) above(line int) int {
	for line--; line > 0; line-- {
		if text := strings.TrimSpace(t.line(line)); text != "" && !strings.HasPrefix(text, "#") {
			break
		}
	}
	return line
}

// indent returns how many spaces a line begins with.
func (t *trouble) indent(line int) int {
	text := t.line(line)
	return len(text) - len(strings.TrimLeft(text, " "))
}

// keyIndent returns how many characters stand before the key of a line, which may be in an item of a list.
func (t *trouble) keyIndent(line int) int {
	text := t.line(line)
	return len(text) - len(strings.TrimLeft(text, " -"))
}

// line returns the text of a line, or nothing.
func (t *trouble) line(number int) string {
	if number < 1 || number > len(t.lines) {
		return ""
	}
	return t.lines[number-1]
}

// rune returns the character at a place, or 0.
func (t *trouble) rune(at place) rune {
	if line := []rune(t.line(at.line)); at.column >= 1 && at.column <= len(line) {
		return line[at.column-1]
	}
	return 0
}
