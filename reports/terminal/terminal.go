// Package terminal lays text out for a terminal: its width, its looks, and nothing in it that could do more than be read.
package terminal

import (
	"strings"
	"unicode/utf8"

	"invitesim/reports/figure"
)

// Look is how text stands out: the parameters of the escape sequence that sets it. The empty one changes nothing.
type Look string

// The looks.
const (
	Bold  Look = "1"
	Red   Look = "31;1"
	Green Look = "32;1"
	Amber Look = "33"
	Faded Look = "2"
)

// Writer puts a text together. The zero value has no width.
type Writer struct {
	Width  int  // of the terminal, in characters
	Colour bool // whether looks are wanted

	text strings.Builder
}

// Paint returns a text in a look, where looks are wanted.
func (w *Writer) Paint(look Look, text string) string {
	if !w.Colour || look == "" {
		return text
	}
	return "\x1b[" + string(look) + "m" + text + "\x1b[0m"
}

// Line writes a line in a look, without its control characters.
func (w *Writer) Line(look Look, text string) { w.Painted(w.Paint(look, Visible(text))) }

// Painted writes a line that is put together already: of visible texts, and looks.
func (w *Writer) Painted(line string) { w.text.WriteString(line + "\n") }

// Blank writes an empty line.
func (w *Writer) Blank() { w.text.WriteByte('\n') }

// Wrapped writes a text in lines that are no longer than the terminal is wide.
func (w *Writer) Wrapped(text string) { w.Painted(w.Folded(Visible(text), 0)) }

// Folded breaks a text that begins at a column of the terminal into lines below each other; where next to no room is left beside it the text stays
// on one line.
func (w *Writer) Folded(text string, column int) string {
	const narrow = 20
	room := w.Width - column
	if room < narrow || utf8.RuneCountInString(text) <= room {
		return text
	}
	var b strings.Builder
	length := 0
	for i, word := range strings.Split(text, " ") {
		size := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case length+1+size > room:
			b.WriteString("\n" + strings.Repeat(" ", column))
			length = 0
		default:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += size
	}
	return b.String()
}

// Text returns what was written, with ordinary spaces between thousands: a terminal may have no thin ones.
func (w *Writer) Text() string { return strings.ReplaceAll(w.text.String(), figure.ThinSpace, " ") }

// Visible puts spaces in place of control characters, which could change the terminal.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return ' '
		}
		return r
	}, text)
}

// Left fills a cell up to a width; its text stands at the left.
func Left(text string, width int) string { return text + gap(text, width) }

// Right fills a cell up to a width; its text stands at the right.
func Right(text string, width int) string { return gap(text, width) + text }

func gap(text string, width int) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0))
}
