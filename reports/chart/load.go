package chart

import (
	"fmt"
	"slices"
	"strings"

	"invitesim/reports/figure"
)

// loadLine is a rate over wall time.
type loadLine struct {
	name, note string
	look       stroke
	line       []point // per second, over the middle of the step
}

// loadLines returns what was offered and what came of it. In a closed loop nothing is offered but what is achieved.
func (v *view) loadLines() []loadLine {
	all := []loadLine{
		{name: "offered", look: stroke{color: ink(), width: 1.5, dash: []float64{2.5, 3}}},
		{name: "achieved", look: stroke{color: paintOf("sent").color, width: 2.5}},
		{name: "late", look: stroke{color: paintOf("pending_capped").color, width: 2, dash: []float64{9, 4}}},
		{name: "dropped", look: stroke{color: paintOf("overloaded").color, width: 2, dash: []float64{9, 3, 2, 3}}},
	}
	for i := range all {
		all[i].line = v.midSteps(points(v.Distributions["load."+all[i].name]))
	}
	l := v.Load
	all[0].note = figure.Number(l.OfferedPerS) + " /s on average"
	all[1].note = figure.Number(l.AchievedPerS) + " /s on average"
	all[2].note = figure.Share(l.LateShare) + " by over 1 ms"
	all[3].note = figure.Count(l.Dropped) + " in all"
	if l.Closed() {
		all = all[1:2]
		all[0].name = "answered"
	}
	return slices.DeleteFunc(all, func(one loadLine) bool { return len(one.line) == 0 })
}

// load draws whether what was planned was offered, and came about; in a closed loop, where nothing is planned, how much came about.
func load(v *view) sheet {
	why := v.unmeasured()
	switch {
	case why != "":
		return sheet{why: why}
	case v.Load == nil:
		return sheet{why: "the result does not say what was offered"}
	}
	lines := v.loadLines()
	if len(lines) == 0 || len(lines[0].line) < 2 {
		return sheet{why: "the run was too short for two steps"}
	}
	title := ""
	if v.Load.Closed() {
		title = "How many commands a second are answered?"
	}
	return sheet{
		title:    title,
		sentence: v.loadSentence(),
		draw:     func(s *surface) { drawLoad(s, v, lines) },
	}
}

func (v *view) loadSentence() string {
	l := v.Load
	if l.Closed() {
		return fmt.Sprintf("In a closed loop, %s commands and queries per second were answered on average; nothing is planned, so nothing is late.", figure.Number(l.AchievedPerS))
	}
	share := 1.0
	if l.OfferedPerS > 0 {
		share = l.AchievedPerS / l.OfferedPerS
	}
	parts := []string{
		fmt.Sprintf("Of %s commands and queries offered per second %s were achieved (%s)", figure.Number(l.OfferedPerS), figure.Number(l.AchievedPerS), figure.Share(share)),
		"nothing started more than 1 ms late", "nothing was dropped",
	}
	if l.Late > 0 {
		parts[1] = figure.Share(l.LateShare) + " started more than 1 ms late"
	}
	if l.Dropped > 0 {
		parts[2] = figure.Count(l.Dropped) + " were never started"
	}
	return strings.Join(parts, "; ") + "."
}

func drawLoad(s *surface, v *view, lines []loadLine) {
	most := 0.0
	var labels []endLabel
	for _, one := range lines {
		for _, p := range one.line {
			most = max(most, p.y)
		}
		labels = append(labels, endLabel{swatch: lineSwatch(one.look), name: one.name, note: one.note})
	}
	axis := counts(most)
	p := newWallPanel(s, v, axis, labels)
	p.background(v)
	p.yAxis(axis, "commands and queries per second of wall time")
	for i := len(lines) - 1; i >= 0; i-- {
		one := lines[i]
		placed := p.place(reduce(one.line, mostPoints))
		p.line(one.look, placed...)
		labels[i].y = placed[len(placed)-1].y
	}
	p.wallAxis(v)
	p.endLabels(labels)
}
