package comparison

import (
	"strings"
	"unicode/utf8"

	"invitesim/reports/figure"
)

// The looks that a terminal knows, as parameters of the escape sequence that sets them.
const (
	bold  = "1"
	red   = "31;1"
	green = "32;1"
	faded = "2"
)

// writer puts together a text for a terminal.
type writer struct {
	strings.Builder
	width  int
	colour bool
}

// paint sets a text in a look, where colours are wanted.
func (w *writer) paint(look, text string) string {
	if !w.colour || look == "" {
		return text
	}
	return "\x1b[" + look + "m" + text + "\x1b[0m"
}

func (w *writer) line(look, text string) { w.WriteString(w.paint(look, text) + "\n") }

// wrapped writes a text in lines that are no longer than the terminal is wide.
func (w *writer) wrapped(text string) {
	length := 0
	for i, word := range strings.Split(visible(text), " ") {
		size := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case length+1+size > w.width:
			w.WriteByte('\n')
			length = 0
		default:
			w.WriteByte(' ')
			length++
		}
		w.WriteString(word)
		length += size
	}
	w.WriteByte('\n')
}

// visible leaves out control characters, which could change the terminal.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return ' '
		}
		return r
	}, text)
}

// left and right fill a cell up to a width.
func left(text string, width int) string {
	return text + strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0))
}

func right(text string, width int) string {
	return strings.Repeat(" ", max(width-utf8.RuneCountInString(text), 0)) + text
}

// finished returns the text, with ordinary spaces between thousands: a terminal may have no thin ones.
func (w *writer) finished() string { return strings.ReplaceAll(w.String(), figure.ThinSpace, " ") }

// Text writes the comparison for a terminal of the given width in characters; with colour, verdicts stand out.
func (c *Comparison) Text(width int, colour bool) string {
	w := &writer{width: max(width, 60), colour: colour}
	w.line(bold, visible(c.Base.Label()+" → "+c.New.Label()))
	w.wrapped(c.Ran())
	for _, s := range c.Settings[:min(len(c.Settings), mostSettings)] {
		w.wrapped("policy." + s.Path + ": " + s.Base + " → " + s.New)
	}
	if more := len(c.Settings) - mostSettings; more > 0 {
		w.wrapped("and " + figure.Plural(uint64(more), "setting") + " more")
	}
	for _, line := range c.Explained() {
		w.wrapped(line)
	}
	c.textTable(w)
	w.WriteByte('\n')
	w.wrapped(c.Remainder())
	for _, note := range c.Notes {
		w.wrapped("Note: " + note + ".")
	}
	w.WriteByte('\n')
	verdict, bad := c.Headline()
	look := green
	if bad {
		look = red
	}
	w.line(look, visible(verdict))
	return w.finished()
}

// textTable writes two lines a figure: in words with its values, then its path with the interval of the change.
func (c *Comparison) textTable(w *writer) {
	rows, _ := c.Rows()
	if len(rows) == 0 {
		return
	}
	cells := [][5]string{{"verdict", "figure", "base", "new", "change"}}
	for i := range rows {
		f := &rows[i]
		base, next := f.Values()
		cells = append(cells, [5]string{f.Verdict(), visible(f.Label()), base, next, f.ChangeText()})
	}
	var widths [5]int
	for _, row := range cells {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	w.WriteByte('\n')
	w.line(faded, tableLine(cells[0], widths, cells[0][0]))
	for n, row := range cells[1:] {
		f := &rows[n]
		w.WriteString(tableLine(row, widths, w.paint(lookOf(f), row[0])) + "\n")
		path, interval := visible(f.Path), f.IntervalText()
		room := widths[1] + widths[2] + widths[3] + widths[4] + 6 - utf8.RuneCountInString(path)
		gap := strings.Repeat(" ", max(room-utf8.RuneCountInString(interval), 2))
		w.line(faded, strings.TrimRight(strings.Repeat(" ", widths[0]+4)+path+gap+interval, " "))
	}
}

// tableLine lays a row out; its first cell, which the widths know without a look, is given with one.
func tableLine(row [5]string, widths [5]int, painted string) string {
	fill := strings.Repeat(" ", widths[0]-utf8.RuneCountInString(row[0]))
	return "  " + painted + fill + "  " + left(row[1], widths[1]) + "  " + right(row[2], widths[2]) +
		"  " + right(row[3], widths[3]) + "  " + right(row[4], widths[4])
}

func lookOf(f *Figure) string {
	switch {
	case f.Regress:
		return red
	case f.Told() && f.IsBetter():
		return green
	case f.Told():
		return bold
	}
	return ""
}
