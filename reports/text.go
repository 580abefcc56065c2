package reports

import (
	"io"
	"strings"
	"unicode/utf8"

	"invitesim/reports/terminal"
	"invitesim/sim"
)

// narrowest is the least width that Text lays out for.
const narrowest = 40

// Text writes the summary for a terminal of the given width in characters; with colour, verdicts and headings stand out.
func Text(w io.Writer, result *sim.Result, width int, colour bool) error {
	t := &terminal.Writer{Width: max(width, narrowest), Colour: colour}
	t.Line(terminal.Bold, originOf(result).shown.Scenario.Name)
	if result.Scenario.Purpose != "" {
		t.Wrapped(result.Scenario.Purpose)
	}
	t.Wrapped(setting(result))
	for _, p := range []part{
		policyPart(result), policyChangesPart(result), figuresPart(result), latencyPart(result), populationsPart(result), replicatesPart(result), theoryPart(result), checksPart(result), thresholdsPart(result),
	} {
		writePart(t, p)
	}
	verdict, bad := headline(result)
	t.Blank()
	look := terminal.Green
	switch {
	case bad:
		look = terminal.Red
	case len(result.Thresholds) == 0:
		look = "" // nothing was judged: green would say that something passed
	}
	t.Line(look, verdict)
	_, err := io.WriteString(w, t.Text())
	return err
}

// writePart writes a part that has something in it.
func writePart(t *terminal.Writer, p part) {
	if len(p.rows) == 0 && len(p.lines) == 0 {
		return
	}
	t.Blank()
	t.Line(terminal.Bold, p.heading)
	writeTable(t, p)
	for _, line := range p.lines {
		t.Wrapped(line)
	}
	if p.text != "" {
		for line := range strings.SplitSeq(p.text, "\n") {
			t.Line("", line)
		}
	}
}

// indent stands in front of every line of a table.
const indent = "  "

// writeTable aligns columns: those of figures to the right, the others to the left. A last column that is too long goes on below
// itself; of a wide table, the last columns are left to summary.md.
func writeTable(t *terminal.Writer, p part) {
	rows := p.rows
	if p.columns != nil && len(rows) > 0 {
		rows = append([][]string{p.columns}, rows...)
	}
	widths, figures := measureColumns(rows, p.columns != nil)
	for p.columns != nil && len(widths) > 3 && tableWidth(widths) > t.Width {
		for n := range rows {
			rows[n] = rows[n][:len(widths)-1]
		}
		delete(widths, len(widths)-1)
	}
	for n, row := range rows {
		var line strings.Builder
		line.WriteString(indent)
		at := len(indent)
		for i, cell := range row {
			cell = terminal.Visible(cell)
			switch {
			case figures[i]:
				line.WriteString(terminal.Right(cell, widths[i]) + indent)
			case i == len(row)-1:
				line.WriteString(t.Folded(cell, at))
			default:
				fill := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
				line.WriteString(t.Paint(lookOf(cell), cell) + fill + indent)
			}
			at += widths[i] + len(indent)
		}
		text := strings.TrimRight(line.String(), " ")
		if n == 0 && p.columns != nil {
			text = t.Paint(terminal.Faded, text)
		}
		t.Painted(text)
	}
}

func tableWidth(widths map[int]int) int {
	all := 0
	for _, width := range widths {
		all += len(indent) + width
	}
	return all
}

// measureColumns returns how wide each column is, and which hold nothing but figures: those that are not the first of a table with a
// head.
func measureColumns(rows [][]string, head bool) (widths map[int]int, figures map[int]bool) {
	widths, figures = map[int]int{}, map[int]bool{}
	for n, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(terminal.Visible(cell)))
			switch {
			case n == 0:
				figures[i] = head && i > 0
			case cell != "" && !strings.ContainsAny(cell[:1], "0123456789<>-"):
				figures[i] = false
			}
		}
	}
	return widths, figures
}

// lookOf colours verdicts.
func lookOf(cell string) terminal.Look {
	switch {
	case cell == "pass":
		return terminal.Green
	case cell == "fail", cell == "no data":
		return terminal.Red
	case strings.HasSuffix(cell, "(warning)"):
		return terminal.Amber
	}
	return ""
}
