package chart

import (
	"fmt"
	"slices"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// percentileLine is one percentile of all commands and queries, step by step.
type percentileLine struct {
	name string
	look stroke
	line []point // nanoseconds over the middle of the step, in seconds
}

func (v *view) percentileLines() []percentileLine {
	blue := paintOf("sent").color
	all := []percentileLine{
		{name: "p99.9", look: stroke{color: blue, width: 1.5, dash: []float64{2.5, 3}}},
		{name: "p99", look: stroke{color: blue, width: 2, dash: []float64{9, 4}}},
		{name: "p50", look: stroke{color: blue, width: 2.5}},
	}
	for i, curve := range []string{"latency_time.p999", "latency_time.p99", "latency_time.p50"} {
		all[i].line = v.midSteps(points(v.Distributions[curve]))
	}
	return slices.DeleteFunc(all, func(l percentileLine) bool { return len(l.line) == 0 })
}

// midSteps moves points from the ends of steps to their middles.
func (v *view) midSteps(line []point) []point {
	ends := v.Distributions["load.achieved"].X
	for i := range line {
		begin := 0.0
		if at, _ := slices.BinarySearch(ends, line[i].x); at > 0 && at <= len(ends) {
			begin = ends[at-1]
		}
		line[i].x = (begin + line[i].x) / 2
	}
	return line
}

// latencyTime draws percentiles over wall time.
func latencyTime(v *view) sheet {
	if why := v.unmeasured(); why != "" {
		return sheet{why: why}
	}
	lines := v.percentileLines()
	if len(lines) == 0 || len(lines[len(lines)-1].line) < 2 {
		return sheet{why: "fewer than two steps have enough commands to tell a percentile"}
	}
	return sheet{
		sentence: v.latencyTimeSentence(lines),
		draw:     func(s *surface) { drawLatencyTime(s, v, lines) },
	}
}

// latencyTimeSentence compares the worst step with the ordinary one.
func (v *view) latencyTimeSentence(lines []percentileLine) string {
	chosen := lines[max(len(lines)-2, 0)] // p99 where it can be told
	sorted := make([]float64, len(chosen.line))
	worst := chosen.line[0]
	for i, p := range chosen.line {
		sorted[i] = p.y
		if p.y > worst.y {
			worst = p
		}
	}
	slices.Sort(sorted)
	text := fmt.Sprintf("The %s of all commands is %s in the median step and %s in the worst, %s into the run",
		chosen.name, figure.Latency(sorted[(len(sorted)-1)/2]), figure.Latency(worst.y), figure.Duration(worst.x))
	text += v.faultAt(worst.x)
	if from, ok := NeverStarted(v.Result); ok {
		text += fmt.Sprintf("; what was due from %s on was never started", figure.Duration(from))
	}
	return text + "."
}

// faultAt names the fault that there was at about that time, after a colon; empty where there was none.
func (v *view) faultAt(at float64) string {
	for _, l := range v.lanes() {
		for _, m := range v.Marks {
			if l.fault && m.What == l.what && at >= m.AtS-0.5 && at <= m.AtS+m.ForS+0.5 {
				return ": " + l.name
			}
		}
	}
	return ""
}

// NeverStarted returns from which wall time on, in seconds, nothing was started of what was due until the end; false where something was, or
// nothing was due.
func NeverStarted(result *sim.Result) (from float64, ok bool) {
	offered, dropped := result.Distributions["load.offered"], result.Distributions["load.dropped"]
	for i := min(len(offered.X), len(offered.Y), len(dropped.Y)) - 1; i >= 0 && dropped.Y[i] >= offered.Y[i]; i-- {
		if dropped.Y[i] > 0 && i > 0 {
			from, ok = offered.X[i-1], true
		}
	}
	return from, ok
}

// neverStarted says that lines end where nothing that was due was started any more.
func (p *wallPanel) neverStarted(from float64) {
	look := lettering{size: noteSize, color: ink(), anchor: atStart}
	text := "what was due from here on was never started"
	x := p.x(from)
	p.line(stroke{color: greyInk(), width: 1.25}, point{x, p.area.top}, point{x, p.area.bottom})
	if x+8+look.measure(text) > p.area.right {
		look.anchor = atEnd
		x -= 16
	}
	p.label(look, point{x + 8, p.area.bottom - 12}, text)
}

func drawLatencyTime(s *surface, v *view, lines []percentileLine) {
	var all [][]point
	var labels []endLabel
	for _, l := range lines {
		all = append(all, l.line)
		last := l.line[len(l.line)-1]
		labels = append(labels, endLabel{swatch: lineSwatch(l.look), name: l.name + ": " + figure.Latency(last.y), note: v.whenLast(last)})
	}
	objectives := Objectives(v.Result)
	axis := newLatencyAxis(timeReach(all, objectives))
	p := newWallPanel(s, v, axis.scale, labels)
	p.background(v)
	title := "latency of all commands and queries, from the planned instant (logarithmic)"
	if v.Load.Closed() {
		title = "service time of all commands and queries, from the start to the answer (logarithmic)"
	}
	p.yAxis(axis.scale, title)
	for i, l := range lines {
		line := axis.onto(l.line)
		for _, piece := range v.pieces(line) {
			p.line(l.look, p.place(reduce(piece, mostPoints))...)
			if len(piece) == 1 {
				p.dot(l.look.color, p.place(piece)[0], 2.5)
			}
		}
		labels[i].y = p.y(line[len(line)-1].y)
	}
	p.limits(&axis, objectives)
	if from, ok := NeverStarted(v.Result); ok {
		p.neverStarted(from)
	}
	p.wallAxis(v)
	p.endLabels(labels)
}

// whenLast says when the last point of a line is: percentiles that need many commands need not be known of the last steps.
func (v *view) whenLast(last point) string {
	if ends := v.Distributions["load.achieved"].X; len(ends) > 1 && last.x < ends[len(ends)-2] {
		return "last, at " + figure.Duration(last.x)
	}
	return "at the end"
}

// pieces cuts a line where steps are missing in it.
func (v *view) pieces(line []point) [][]point {
	ends := v.Distributions["load.achieved"].X
	stepOf := func(x float64) int {
		at, _ := slices.BinarySearch(ends, x)
		return at
	}
	var all [][]point
	for i, p := range line {
		if i == 0 || stepOf(p.x) != stepOf(line[i-1].x)+1 {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], p)
	}
	return all
}
