package comparison

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"invitesim/reports/figure"
	"invitesim/reports/terminal"
)

// ran says what ran under every policy, in one line.
func (p *Policies) ran() string {
	replicas := ""
	if p.Replicas > 1 {
		replicas = fmt.Sprintf(" · %d replicas", p.Replicas)
	}
	return fmt.Sprintf("%s · %s · %s%s · the same people under every policy",
		figure.Plural(uint64(p.Members), "member"), span(p.DurationS, p.WarmupS), figure.Seeds(p.Seed, p.Replicas), replicas)
}

// names returns the names of the policies.
func (p *Policies) names() []string {
	var names []string
	for _, used := range p.Policies {
		names = append(names, used.Name)
	}
	return names
}

// Title names the scenario and the policies.
func (p *Policies) Title() string { return p.Scenario + ": " + strings.Join(p.names(), ", ") }

// settings lists the settings in which the policies differ, with what each has.
func (p *Policies) settings() (paths []string, values map[string][]string) {
	values = map[string][]string{}
	for i, used := range p.Policies {
		for _, s := range used.Differs {
			if values[s.Path] == nil {
				paths = append(paths, s.Path)
				for range p.Policies {
					values[s.Path] = append(values[s.Path], s.Base)
				}
			}
			values[s.Path][i] = s.New
		}
	}
	return paths, values
}

// mostSettings is how many settings that differ a terminal shows.
const mostSettings = 12

// mostPopulationRows is how many figures of populations a terminal shows.
const mostPopulationRows = 24

// Text writes the table for a terminal of the given width in characters. Files says where the rest is; empty where nothing was written.
func (p *Policies) Text(width int, colour bool, files string) string {
	w := &terminal.Writer{Width: max(width, 60), Colour: colour}
	w.Line(terminal.Bold, p.Scenario)
	if p.Purpose != "" {
		w.Wrapped(p.Purpose)
	}
	w.Wrapped(p.ran())
	paths, values := p.settings()
	var rows [][]string
	for _, path := range paths {
		rows = append(rows, append([]string{path}, values[path]...))
	}
	p.columns(w, "Settings that differ", rows, mostSettings)
	p.columns(w, "Figures", cellsOf(p.Figures), len(p.Figures))
	p.columns(w, "Populations, where they differ", cellsOf(p.Populations), mostPopulationRows)
	w.Blank()
	for _, note := range p.Notes {
		w.Wrapped("Note: " + note + ".")
	}
	if files != "" {
		w.Wrapped(files)
	}
	return w.Text()
}

func cellsOf(rows []PolicyRow) [][]string {
	var all [][]string
	for i := range rows {
		cells := []string{rows[i].Label()}
		for k := range rows[i].Values {
			cells = append(cells, rows[i].write(&rows[i].Values[k]))
		}
		all = append(all, cells)
	}
	return all
}

// narrowestColumn is how many characters of a cell a terminal shows at least: every figure with its interval fits.
const narrowestColumn = 21

// columns writes a table with a column for each policy, of at most so many rows.
func (p *Policies) columns(w *terminal.Writer, heading string, rows [][]string, most int) {
	if len(rows) == 0 {
		return
	}
	w.Blank()
	w.Line(terminal.Bold, heading)
	head := append([]string{""}, p.names()...)
	shown := append([][]string{head}, rows[:min(len(rows), most)]...)
	widths := make([]int, len(head))
	for _, row := range shown {
		row[0] = cut(terminal.Visible(row[0]), 60)
		widths[0] = max(widths[0], utf8.RuneCountInString(row[0]))
	}
	// Lists among the settings are long: they share what the first column leaves of the terminal.
	room := max((w.Width-widths[0]-2)/(len(head)-1)-2, narrowestColumn)
	for _, row := range shown {
		for i := 1; i < len(row); i++ {
			row[i] = cut(terminal.Visible(row[i]), room)
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	for n, row := range shown {
		line := "  " + terminal.Left(row[0], widths[0])
		for i := 1; i < len(row); i++ {
			line += "  " + terminal.Right(row[i], widths[i])
		}
		look := terminal.Look("")
		if n == 0 {
			look = terminal.Faded
		}
		w.Line(look, strings.TrimRight(line, " "))
	}
	if len(rows) > most {
		w.Line(terminal.Faded, fmt.Sprintf("  and %d more", len(rows)-most))
	}
}

func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// Markdown writes the tables for a pull request.
func (p *Policies) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", figure.Markdown(p.Title()))
	if p.Purpose != "" {
		fmt.Fprintf(&b, "%s\n\n", figure.Markdown(p.Purpose))
	}
	fmt.Fprintf(&b, "%s\n", figure.Markdown(p.ran()))
	for _, sheet := range p.sheets() {
		fmt.Fprintf(&b, "\n## %s\n\n", figure.Markdown(sheet.Caption))
		align := "|"
		b.WriteString("|")
		for _, c := range sheet.Head {
			b.WriteString(" " + figure.Markdown(c.Text) + " |")
			if c.Number {
				align += " ---: |"
			} else {
				align += " --- |"
			}
		}
		b.WriteString("\n" + align + "\n")
		for _, row := range sheet.Rows {
			b.WriteString("|")
			for _, c := range row {
				b.WriteString(" " + figure.Markdown(c.Text) + " |")
			}
			b.WriteString("\n")
		}
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "\nNote: %s.\n", figure.Markdown(note))
	}
	return b.String()
}

// sheets are the tables of the page and of the Markdown that have rows.
func (p *Policies) sheets() []sheet {
	settings := p.newSheet("Settings that differ")
	paths, values := p.settings()
	for _, path := range paths {
		settings.Rows = append(settings.Rows, textCells(append([]string{path}, values[path]...)))
	}
	all := []sheet{p.figureSheet("Figures", p.Figures), p.figureSheet("Populations, where they differ", p.Populations), settings}
	return slices.DeleteFunc(all, func(s sheet) bool { return len(s.Rows) == 0 })
}

// newSheet returns a table still without rows: a column of names, and one for each policy.
func (p *Policies) newSheet(caption string) sheet {
	return sheet{Caption: caption, Head: textCells(append([]string{""}, p.names()...))}
}

// textCells are the cells of a row: a name, then figures.
func textCells(row []string) []cell {
	cells := make([]cell, len(row))
	for i, text := range row {
		cells[i] = cell{Text: text, Number: i > 0}
	}
	return cells
}

// figureSheet is a table of figures, in which those that differ from the first policy's stand out.
func (p *Policies) figureSheet(caption string, rows []PolicyRow) sheet {
	s := p.newSheet(caption)
	for n, texts := range cellsOf(rows) {
		cells := textCells(texts)
		cells[0].Note = rows[n].Path
		for i := range rows[n].Values {
			if rows[n].Values[i].told() {
				cells[i+1].Look = "told"
			}
		}
		s.Rows = append(s.Rows, cells)
	}
	return s
}

// told says whether the figure differs from that of the first policy.
func (v *PolicyValue) told() bool { return v.Finding == Shown || v.Finding == Differs }

// HTML writes the tables as one page that needs nothing else, with the charts.
func (p *Policies) HTML(pictures []Picture) (string, error) {
	filled := page{Title: strings.Join(p.names(), ", "), Verdict: p.Scenario, Purpose: p.Purpose, Ran: p.ran(), Pictures: pictures}
	if sheets := p.sheets(); len(sheets) > 0 {
		filled.Tables, filled.More = sheets[:1], sheets[1:]
	}
	for _, note := range p.Notes {
		filled.Lines = append(filled.Lines, "Note: "+note+".")
	}
	return filled.fill()
}
