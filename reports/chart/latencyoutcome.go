package chart

import (
	"cmp"
	"fmt"
	"slices"

	"invitesim/model"
	"invitesim/reports/figure"
)

// outcomeRow is how long the system took for the commands that had one outcome, in nanoseconds.
type outcomeRow struct {
	outcome  model.Outcome
	p50, p99 float64 // p99 is 0 where there are too few to tell
	count    uint64
}

// mostOutcomes is how many rows the chart has room for: the most frequent outcomes.
const mostOutcomes = 16

// outcomeRows returns the outcomes in the order of the model: what was carried out, then what was refused.
func (v *view) outcomeRows() (rows []outcomeRow, others int) {
	for _, name := range v.curves("latency_outcome.") {
		outcome, ok := model.ParseOutcome(name)
		if !ok {
			continue
		}
		row := outcomeRow{outcome: outcome, count: v.timesOf(name)}
		for _, p := range points(v.Distributions["latency_outcome."+name]) {
			switch p.x {
			case 0.5:
				row.p50 = p.y
			case 0.99:
				row.p99 = p.y
			}
		}
		if row.p50 > 0 {
			rows = append(rows, row)
		}
	}
	if len(rows) > mostOutcomes {
		slices.SortStableFunc(rows, func(a, b outcomeRow) int { return cmp.Compare(b.count, a.count) })
		rows, others = rows[:mostOutcomes], len(rows)-mostOutcomes
	}
	slices.SortFunc(rows, func(a, b outcomeRow) int { return cmp.Compare(a.outcome, b.outcome) })
	return rows, others
}

// timesOf returns how often commands had an outcome.
func (v *view) timesOf(outcome string) uint64 {
	count := uint64(0)
	for _, command := range v.Commands {
		if command != nil && command.Outcomes[outcome] != nil {
			count += command.Outcomes[outcome].Count
		}
	}
	return count
}

// latencyOutcome draws how long the system took by what came of it.
func latencyOutcome(v *view) sheet {
	if why := v.unmeasured(); why != "" {
		return sheet{why: why}
	}
	rows, others := v.outcomeRows()
	if len(rows) < 2 {
		return sheet{why: "fewer than two outcomes are frequent enough to compare"}
	}
	return sheet{
		sentence: outcomeSentence(rows),
		extra:    max(0, 196+float64(float64(len(rows))*outcomePitch(rows))-chartHeight),
		draw:     func(s *surface) { drawLatencyOutcome(s, rows, others) },
	}
}

// outcomeSentence compares the medians of what was carried out with those of what was refused.
func outcomeSentence(rows []outcomeRow) string {
	span := func(success bool) string {
		least, most := 0.0, 0.0
		for _, row := range rows {
			if row.outcome.Success() != success {
				continue
			}
			if least == 0 || row.p50 < least {
				least = row.p50
			}
			most = max(most, row.p50)
		}
		switch {
		case most == 0:
			return ""
		case figure.Latency(least) == figure.Latency(most):
			return figure.Latency(least)
		}
		return figure.Latency(least) + " to " + figure.Latency(most)
	}
	done, refused := span(true), span(false)
	switch {
	case refused == "":
		return fmt.Sprintf("Half of the commands of one outcome take %s at most; none was refused often enough to compare.", done)
	case done == "":
		return fmt.Sprintf("Half of the refusals of one kind take %s at most; nothing was carried out often enough to compare.", refused)
	}
	return fmt.Sprintf("By outcome, the median is %s for what was carried out and %s for refusals.", done, refused)
}

// outcomePitch returns the distance of rows, in pixels: few of them fill the chart, many make it higher.
func outcomePitch(rows []outcomeRow) float64 {
	return min(max((chartHeight-196)/float64(len(rows)), 26), 72)
}

func drawLatencyOutcome(s *surface, rows []outcomeRow, others int) {
	name := lettering{size: labelSize, color: ink(), anchor: atEnd}
	least, most, left := rows[0].p50, 0.0, 0.0
	for _, row := range rows {
		least, most = min(least, row.p50), max(most, row.p50, row.p99)
		left = max(left, name.measure(inWords(row.outcome.String())))
	}
	axis := newLatencyAxis(least, most)
	pitch := outcomePitch(rows)
	bottom := 130 + float64(float64(len(rows))*pitch)
	p := &panel{
		surface: s, xHigh: axis.high, yHigh: 1,
		area: box{pageMargin + left + 14, 122, chartWidth - pageMargin - 150, bottom},
	}
	count := lettering{size: labelSize, color: greyInk(), anchor: atEnd}
	p.text(count, point{chartWidth - pageMargin, p.area.top - 12}, "commands")
	p.text(lettering{size: labelSize, color: greyInk()}, point{p.area.left, p.area.top - 12}, "dot: median · line: to the 99th percentile")
	for i, mark := range axis.marks {
		x := p.x(mark)
		p.line(stroke{color: hair(), width: 1}, point{x, p.area.top}, point{x, p.area.bottom})
		p.tick(x, 6)
		p.text(lettering{size: labelSize, color: greyInk(), anchor: atMiddle}, point{x, p.area.bottom + 22}, axis.labels[i])
	}
	for i, row := range rows {
		y := p.area.top + 8 + float64((float64(i)+0.5)*pitch)
		p.text(name, point{p.area.left - 12, y + 5.5}, inWords(row.outcome.String()))
		if row.count > 0 {
			p.text(count, point{chartWidth - pageMargin, y + 5.5}, figure.Count(row.count))
		}
		if i > 0 && rows[i-1].outcome.Success() != row.outcome.Success() {
			p.line(stroke{color: greyInk(), width: 1}, point{pageMargin, y - pitch/2}, point{chartWidth - pageMargin, y - pitch/2})
		}
		p.whisker(&axis, row, y)
	}
	p.baseline()
	title := "from the actual start to the answer (logarithmic)"
	if others > 0 {
		title += fmt.Sprintf("; %s left out", figure.Plural(uint64(others), "rarer outcome"))
	}
	p.xTitle(title)
}

// whisker draws a row: a dot at the median, a line from there to the 99th percentile.
func (p *panel) whisker(axis *latencyAxis, row outcomeRow, y float64) {
	look := paintOf(row.outcome.String()).color
	from := p.x(axis.at(row.p50))
	if row.p99 > 0 {
		to := p.x(axis.at(row.p99))
		for _, line := range []stroke{{color: rgb(0x6A6A6A), width: 4.5}, {color: look, width: 3}} {
			p.line(line, point{from, y}, point{to, y})
			p.line(line, point{to, y - 6 - line.width/2}, point{to, y + 6 + line.width/2})
		}
	}
	p.dot(rgb(0x6A6A6A), point{from, y}, 6.5)
	p.dot(look, point{from, y}, 5.5)
}
