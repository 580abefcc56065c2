package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mistake is one thing that makes a scenario unusable.
type Mistake struct {
	File       string // as the user named it, or the flag, such as `--set members.casual.count=-5`
	Line       int    // from 1; 0 in a flag, and where no text could be read
	Column     int    // in characters, from 1; 0 where there is no text
	Field      string // dotted path of the field; empty where the form of the file is wrong
	Found      string // what stands there
	Expected   string // what belongs there
	Suggestion string // the known name that is nearest to an unknown one; empty for none
	Text       string // the line, or the flag's value, that Column counts in

	order int // of the text among all that were read
}

// Mistakes are all that is wrong with a scenario, in the order of the files read and of their lines.
type Mistakes []Mistake

// maxMistakes bounds how many mistakes of one scenario are kept: beyond that nobody reads on.
const maxMistakes = 100

// Error returns every mistake as one line.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i := range m {
		lines[i] = m[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Format returns every mistake with the line that it is in and a caret below its place, ready to print.
func (m Mistakes) Format() string {
	var b strings.Builder
	for i := range m {
		b.WriteString(m[i].Error())
		b.WriteByte('\n')
		b.WriteString(m[i].snippet())
	}
	return b.String()
}

// Error returns the mistake as one line: where, what was found, what was expected, and the nearest known name.
func (m *Mistake) Error() string {
	var b strings.Builder
	b.WriteString(printable(m.File))
	if m.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", m.Line, m.Column)
	}
	b.WriteString(": ")
	if m.Field != "" {
		b.WriteString(printable(m.Field))
		b.WriteString(": ")
	}
	b.WriteString(printable(m.Found))
	if m.Expected != "" {
		b.WriteString("; expected ")
		b.WriteString(printable(m.Expected))
	}
	if m.Suggestion != "" {
		fmt.Fprintf(&b, "; did you mean %q?", m.Suggestion)
	}
	return b.String()
}

// snippetWidth is how many characters of a line a snippet shows at most.
const snippetWidth = 100

func (m *Mistake) snippet() string {
	if m.Column < 1 || m.Text == "" {
		return ""
	}
	line := []rune(m.Text)
	caret := min(m.Column-1, len(line))
	from := 0
	if caret > snippetWidth*3/4 {
		from = caret - snippetWidth/2
	}
	line = line[from:min(len(line), from+snippetWidth)]
	margin := "      | "
	number := margin
	if m.Line > 0 {
		number = fmt.Sprintf("%5d | ", m.Line)
	}
	return number + printable(string(line)) + "\n" + margin + strings.Repeat(" ", caret-from) + "^\n"
}

// printable keeps what a file says from steering the terminal: each control character becomes one space, and what would turn the direction of
// the text is written as its number.
func printable(text string) string {
	if strings.ContainsFunc(text, turns) {
		var b strings.Builder
		for _, r := range text {
			if turns(r) {
				fmt.Fprintf(&b, `\u%04x`, r)
			} else {
				b.WriteRune(r)
			}
		}
		text = b.String()
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
}

// turns says whether a character changes the direction of what follows it.
func turns(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// sorted puts mistakes in the order in which a reader meets them, and drops repetitions.
func (m Mistakes) sorted() Mistakes {
	slices.SortStableFunc(m, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(m)
}

// oneOf joins names for a message: `a, b or c`.
func oneOf(names []string) string {
	switch len(names) {
	case 0:
		return "nothing"
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// quoted returns text in quotation marks, clipped.
func quoted(text string) string { return strconv.Quote(clip(text)) }

// clip cuts text to a length that a message can bear.
func clip(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
