package reports

import (
	"io"
	"strings"
	"unicode/utf8"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// narrowest is the least width that Text lays out for.
const narrowest = 40

// Text writes the summary for a terminal of the given width in characters; with colour, verdicts and headings stand out.
func Text(w io.Writer, result *sim.Result, width int, colour bool) error {
	t := terminal{width: max(width, narrowest), colour: colour}
	t.line(bold, result.Scenario.Name)
	if result.Scenario.Purpose != "" {
		t.wrapped(result.Scenario.Purpose)
	}
	t.wrapped(setting(result))
	for _, p := range []part{
		policyChangesPart(result), figuresPart(result), latencyPart(result), populationsPart(result), replicatesPart(result), theoryPart(result), checksPart(result), thresholdsPart(result),
	} {
		t.part(p)
	}
	verdict, bad := headline(result)
	t.b.WriteByte('\n')
	if bad {
		t.line(red, verdict)
	} else {
		t.line(green, verdict)
	}
	_, err := io.WriteString(w, strings.ReplaceAll(t.b.String(), figure.ThinSpace, " "))
	return err
}

// The looks that a terminal knows, as parameters of the escape sequence that sets them.
const (
	bold  = "1"
	red   = "31;1"
	green = "32;1"
	amber = "33"
	faded = "2"
)

type terminal struct {
	b      strings.Builder
	width  int
	colour bool
}

// paint sets a text in a look, where colours are wanted.
func (t *terminal) paint(look, text string) string {
	if !t.colour || look == "" {
		return text
	}
	return "\x1b[" + look + "m" + text + "\x1b[0m"
}

func (t *terminal) line(look, text string) { t.b.WriteString(t.paint(look, visible(text)) + "\n") }

// visible leaves out control characters, which could change the terminal.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return ' '
		}
		return r
	}, text)
}

// wrapped writes a text in lines that are not longer than the terminal is wide.
func (t *terminal) wrapped(text string) {
	t.b.WriteString(t.folded(visible(text), 0) + "\n")
}

// part writes a part that has something in it.
func (t *terminal) part(p part) {
	if len(p.rows) == 0 && len(p.lines) == 0 {
		return
	}
	t.b.WriteByte('\n')
	t.line(bold, p.heading)
	t.table(p)
	for _, line := range p.lines {
		t.wrapped(line)
	}
}

// indent stands in front of every line of a table.
const indent = "  "

// table aligns columns: those of figures to the right, the others to the left. A last column that is too long goes on below
// itself; of a wide table, the last columns are left to summary.md.
func (t *terminal) table(p part) {
	rows := p.rows
	if p.columns != nil && len(rows) > 0 {
		rows = append([][]string{p.columns}, rows...)
	}
	widths, figures := measureColumns(rows, p.columns != nil)
	for p.columns != nil && len(widths) > 3 && tableWidth(widths) > t.width {
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
			cell = visible(cell)
			gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			switch {
			case figures[i]:
				line.WriteString(gap + cell + indent)
			case i == len(row)-1:
				line.WriteString(t.folded(cell, at))
			default:
				line.WriteString(t.paint(lookOf(cell), cell) + gap + indent)
			}
			at += widths[i] + len(indent)
		}
		text := strings.TrimRight(line.String(), " ")
		if n == 0 && p.columns != nil {
			text = t.paint(faded, text)
		}
		t.b.WriteString(text + "\n")
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
			widths[i] = max(widths[i], utf8.RuneCountInString(visible(cell)))
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

// folded breaks a text that begins at a column of the terminal into lines below each other.
func (t *terminal) folded(text string, column int) string {
	room := t.width - column
	if room < 20 || utf8.RuneCountInString(text) <= room {
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

// lookOf colours verdicts.
func lookOf(cell string) string {
	switch {
	case cell == "pass":
		return green
	case cell == "fail", cell == "no data":
		return red
	case strings.HasSuffix(cell, "(warning)"):
		return amber
	}
	return ""
}
