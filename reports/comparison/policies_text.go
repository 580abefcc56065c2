package comparison

import (
	"fmt"
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

// sheets are the tables of the page and of the Markdown.
func (p *Policies) sheets() []sheet {
	paths, values := p.settings()
	var settings [][]string
	for _, path := range paths {
		settings = append(settings, append([]string{path}, values[path]...))
	}
	var all []sheet
	for _, table := range []struct {
		caption string
		rows    [][]string
		paths   []PolicyRow
	}{
		{"Figures", cellsOf(p.Figures), p.Figures},
		{"Populations, where they differ", cellsOf(p.Populations), p.Populations},
		{"Settings that differ", settings, nil},
	} {
		if len(table.rows) == 0 {
			continue
		}
		s := sheet{Caption: table.caption, Head: []cell{{}}}
		for _, name := range p.names() {
			s.Head = append(s.Head, cell{Text: name, Number: true})
		}
		for n, row := range table.rows {
			var cells []cell
			for i, text := range row {
				c := cell{Text: text, Number: i > 0}
				if table.paths != nil && i == 0 {
					c.Note = table.paths[n].Path
				}
				if table.paths != nil && i > 0 && table.paths[n].Values[i-1].told() {
					c.Look = "told"
				}
				cells = append(cells, c)
			}
			s.Rows = append(s.Rows, cells)
		}
		all = append(all, s)
	}
	return all
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
