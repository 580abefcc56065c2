package page

import (
	"fmt"

	"invitesim/reports/chart"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// figuresOf are the figures of all members, or of a population.
type figuresOf = sim.Figures

// bars is a row of the chart of populations: what came of the attempts, and what became of the invitations.
type bars struct {
	Key      string
	Name     string
	Attempts bar
	Ends     bar
}

// bar is a whole in parts from left to right.
type bar struct {
	Label string // for those who cannot see it
	Count string
	Parts []barPart
}

// barPart is a part of a bar. Places and widths are percent of the bar's, as text.
type barPart struct {
	Key, Name    string
	Paint, Hatch string
	X, Width     string
	Middle       string
	Share        string
	Fits         string // how wide a bar must be for the share to be written on it: s, m, l, or nothing for never
}

// populationBars returns a row for every population that tried to send.
func (p *page) populationBars() []bars {
	var rows []bars
	for _, name := range p.populations {
		figures := p.MembersBy[name]
		if figures == nil {
			continue
		}
		attempts, all := sendTotals(figures)
		if all == 0 {
			continue
		}
		rows = append(rows, bars{
			Key: populationKey(name), Name: name,
			Attempts: makeBar(chart.SendOutcomes(), attempts, func(word string) string { return p.sendNames[word] }),
			Ends:     makeBar(chart.Ends(), chart.EndsOf(figures), chart.EndName),
		})
	}
	return rows
}

func makeBar(order []string, counts map[string]uint64, name func(string) string) bar {
	all := uint64(0)
	for _, word := range order {
		all += counts[word]
	}
	b := bar{Count: figure.Count(all), Label: "none"}
	left := 0.0
	for _, word := range order {
		if counts[word] == 0 {
			continue
		}
		share := float64(counts[word]) / float64(all)
		part := barPart{
			Key: outcomeKey(word), Name: name(word), Paint: outcomePaint(word), Hatch: hatchOf(word),
			X: percent(left), Width: percent(share), Middle: percent(left + share/2), Share: figure.Share(share), Fits: fits(share),
		}
		if len(b.Parts) == 0 {
			b.Label = ""
		} else {
			b.Label += ", "
		}
		b.Label += part.Name + " " + part.Share
		b.Parts = append(b.Parts, part)
		left += share
	}
	return b
}

func percent(share float64) string { return fmt.Sprintf("%.3f%%", 100*share) }

// fits says from which width of the page on a part has room for its share.
func fits(share float64) string {
	switch {
	case share >= 0.4:
		return "s"
	case share >= 0.18:
		return "m"
	case share >= 0.09:
		return "l"
	}
	return ""
}

// barLegend lists what occurs in the bars, in their order.
func barLegend(rows []bars, side func(*bars) *bar, order []string) []line {
	names := map[string]string{}
	for i := range rows {
		for _, part := range side(&rows[i]).Parts {
			names[part.Key] = part.Name
		}
	}
	var legend []line
	for _, word := range order {
		if name, occurs := names[outcomeKey(word)]; occurs {
			legend = append(legend, line{Key: outcomeKey(word), Name: name, Paint: outcomePaint(word), Hatch: hatchOf(word)})
		}
	}
	return legend
}

func (p *page) populationsTable() table {
	t := table{Caption: "Attempts to send by outcome, and what became of invitations (" + chart.EndsWhole(p.Result) + "), by population", Head: []string{"population", "attempts"}}
	var shown []string
	_, all := sendTotals(&p.Figures)
	totals, _ := sendTotals(&p.Figures)
	for _, word := range chart.SendOutcomes() {
		if totals[word] > 0 {
			shown = append(shown, word)
			t.Head = append(t.Head, p.sendNames[word])
		}
	}
	for _, word := range chart.Ends() {
		t.Head = append(t.Head, chart.EndName(word))
	}
	if all == 0 {
		return t
	}
	for _, name := range p.populations {
		figures := p.MembersBy[name]
		if figures == nil {
			continue
		}
		attempts, own := sendTotals(figures)
		cells := []string{name, figure.Count(own)}
		for _, word := range shown {
			cells = append(cells, figure.Count(attempts[word]))
		}
		for _, word := range chart.Ends() {
			cells = append(cells, figure.Count(chart.EndsOf(figures)[word]))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// heatRow is one weekday of the heat map.
type heatRow struct {
	Day   string
	Cells []heatCell
}

// heatCell is one hour: its level of 0 to heatLevels, and what it says.
type heatCell struct {
	Level   int
	Text    string
	Hour    string
	Unknown bool // no such hour is after the warm-up
}

// heatLevels is how many steps the colours of the heat map have above nothing.
const heatLevels = 20

// heat returns the heat map of the hits by hour of the week, Monday first, and what its darkest cell says; nothing where nobody hit the limit.
func (p *page) heat() (rows []heatRow, highest string) {
	var values [168]float64
	most := 0.0
	x, y := points(p.Distributions["rate_limited.hour_of_week"])
	for i := range x {
		if x[i] >= 0 && x[i] < float64(len(values)) {
			values[int(x[i])] = y[i]
			most = max(most, y[i])
		}
	}
	if most == 0 {
		return nil, ""
	}
	covered := chart.CoveredHours(p.Result)
	rows = make([]heatRow, 7)
	for i, value := range values {
		row := &rows[i/24]
		row.Day = chart.Weekdays()[i/24]
		level := int(value / most * heatLevels)
		if value > 0 {
			level = max(level, 1)
		}
		cell := heatCell{Level: level, Text: figure.Number(value), Hour: fmt.Sprintf("%02d", i%24)}
		if !covered[i] {
			cell.Text, cell.Unknown = "not measured", true
		}
		row.Cells = append(row.Cells, cell)
	}
	return rows, figure.Number(most)
}
