package comparison

import (
	"strings"
	"unicode/utf8"

	"invitesim/reports/figure"
	"invitesim/reports/terminal"
)

// Text writes the comparison for a terminal of the given width in characters; with colour, verdicts stand out.
func (c *Comparison) Text(width int, colour bool) string {
	w := &terminal.Writer{Width: max(width, 60), Colour: colour}
	w.Line(terminal.Bold, c.Base.Label()+" → "+c.New.Label())
	w.Wrapped(c.ran())
	for _, s := range c.Settings[:min(len(c.Settings), mostSettings)] {
		w.Wrapped("policy." + s.Path + ": " + s.Base + " → " + s.New)
	}
	if more := len(c.Settings) - mostSettings; more > 0 {
		w.Wrapped("and " + figure.Plural(uint64(more), "setting") + " more")
	}
	for _, line := range c.explained() {
		w.Wrapped(line)
	}
	c.textTable(w)
	w.Blank()
	w.Wrapped(c.Remainder())
	for _, note := range c.Notes {
		w.Wrapped("Note: " + note + ".")
	}
	w.Blank()
	verdict, bad := c.Headline()
	look := terminal.Green
	if bad {
		look = terminal.Red
	}
	w.Line(look, verdict)
	return w.Text()
}

// textTable writes two lines a figure: in words with its values, then its path with the percentage points of a share, and the interval of the change.
func (c *Comparison) textTable(w *terminal.Writer) {
	rows, _ := c.Rows()
	if len(rows) == 0 {
		return
	}
	cells := [][5]string{{"verdict", "figure", "base", "new", "change"}}
	for i := range rows {
		f := &rows[i]
		base, next := f.Values()
		cells = append(cells, [5]string{f.Verdict(), terminal.Visible(f.Label()), base, next, f.ChangeText()})
	}
	var widths [5]int
	for _, row := range cells {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	w.Blank()
	w.Line(terminal.Faded, tableLine(cells[0], widths, cells[0][0]))
	for n, row := range cells[1:] {
		f := &rows[n]
		w.Painted(tableLine(row, widths, w.Paint(lookOf(f), row[0])))
		path, note := terminal.Visible(f.Path), f.note()
		room := widths[1] + widths[2] + widths[3] + widths[4] + 6 - utf8.RuneCountInString(path)
		gap := strings.Repeat(" ", max(room-utf8.RuneCountInString(note), 2))
		w.Line(terminal.Faded, strings.TrimRight(strings.Repeat(" ", widths[0]+4)+path+gap+note, " "))
	}
}

// tableLine lays a row out; its first cell, which the widths know without a look, is given with one.
func tableLine(row [5]string, widths [5]int, painted string) string {
	fill := strings.Repeat(" ", widths[0]-utf8.RuneCountInString(row[0]))
	return "  " + painted + fill + "  " + terminal.Left(row[1], widths[1]) + "  " + terminal.Right(row[2], widths[2]) +
		"  " + terminal.Right(row[3], widths[3]) + "  " + terminal.Right(row[4], widths[4])
}

func lookOf(f *Figure) terminal.Look {
	switch {
	case f.Regress:
		return terminal.Red
	case f.Told() && f.IsBetter():
		return terminal.Green
	case f.Told():
		return terminal.Bold
	}
	return ""
}
