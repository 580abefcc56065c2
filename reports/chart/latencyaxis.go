package chart

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// unmeasured says why a result has no latencies to draw; empty where it has some.
func (v *view) unmeasured() string {
	switch {
	case v.LatencySource == "" && v.Clock != "wall":
		return "the run was in virtual time and has no deployment: nothing was measured"
	case len(v.Latency) == 0:
		return cmp.Or(v.withinWarmup(), "no command was measured")
	}
	return ""
}

// WithinWarmup says of a run that ended within its warm-up that nothing was measured, and how something would be; empty for any other.
func WithinWarmup(result *sim.Result) string { return newView(result).withinWarmup() }

func (v *view) withinWarmup() string {
	if v.span > v.warmup || v.span >= float64(v.DurationS) {
		return ""
	}
	length := figure.Span(v.WarmupS)
	if v.Speed > 0 {
		length += ", " + figure.Duration(v.warmup/v.Speed) + " of the wall clock"
	}
	return fmt.Sprintf("the run ended within its warm-up (%s): nothing was measured; --set warmup=0s measures from the start", length)
}

// nothing says what nobody did after the warm-up, or that the run did not get there.
func (v *view) nothing(what string) string {
	if v.withinWarmup() != "" {
		return "The run ended within its warm-up: nothing was measured."
	}
	return "After the warm-up " + what + "."
}

// latencyAxis is a logarithmic axis of lengths of time. Its scale counts powers of ten from the shortest on.
type latencyAxis struct {
	scale
	low float64 // log10 of the shortest, in nanoseconds
}

// roundTimes are 1, 2 and 5 times every power of ten, in nanoseconds, as logarithms.
func roundTimes() []float64 {
	var all []float64
	for power := 1.0; power <= 1e12; power *= 10 {
		for _, factor := range []float64{1, 2, 5} {
			all = append(all, math.Log10(power*factor))
		}
	}
	return all
}

// newLatencyAxis returns an axis for times from least to most, in nanoseconds: from the round one below to the round one above, with a little
// room between them and the data.
func newLatencyAxis(least, most float64) latencyAxis {
	round := roundTimes()
	from, to := 0, len(round)-1
	for from+1 < to && round[from+1] <= math.Log10(max(least*0.8, 1))+1e-9 {
		from++
	}
	for to-1 > from+2 && round[to-1] >= math.Log10(max(most*1.1, 1))-1e-9 {
		to--
	}
	a := latencyAxis{low: round[from], scale: scale{high: round[to] - round[from]}}
	for i := from; i <= to; i++ {
		if to-from <= 8 || i%3 == 0 {
			a.marks = append(a.marks, round[i]-a.low)
			a.labels = append(a.labels, axisTime(math.Round(math.Pow(10, round[i]))))
		}
	}
	return a
}

// axisTime writes a round time beside an axis: seconds stay seconds, so that they stay round.
func axisTime(nanoseconds float64) string {
	if nanoseconds >= 1e9 {
		return figure.Number(nanoseconds/1e9) + " s"
	}
	return figure.Latency(nanoseconds)
}

// at returns where a time is on the axis; one beyond its ends is put there.
func (a *latencyAxis) at(nanoseconds float64) float64 {
	return min(max(math.Log10(max(nanoseconds, 1))-a.low, 0), a.high)
}

// onto turns points whose y are nanoseconds into points of the axis.
func (a *latencyAxis) onto(line []point) []point {
	placed := make([]point, len(line))
	for i, p := range line {
		placed[i] = point{p.x, a.at(p.y)}
	}
	return placed
}

// Objective is a limit that thresholds set to a latency: its name, and how long, in nanoseconds.
type Objective struct {
	Label string
	Limit float64
}

// Objectives returns the limits that thresholds set to latencies, the shortest first; those that are alike are one.
func Objectives(result *sim.Result) []Objective {
	var all []Objective
	for _, verdict := range result.Thresholds {
		words := strings.Fields(verdict.That) // path, operator, limit
		if len(words) < 3 || !strings.HasPrefix(words[1], "<") {
			continue
		}
		figures, isLatency := strings.CutPrefix(words[0], "latency.")
		limit, err := model.ParseDuration(words[2])
		if !isLatency || err != nil || limit <= 0 {
			continue
		}
		name, ns := strings.NewReplacer(".p999", " p99.9", ".", " ").Replace(figures), float64(limit.Nanoseconds())
		if same := slices.IndexFunc(all, func(o Objective) bool { return o.Limit == ns }); same >= 0 {
			all[same].Label = name + ", " + all[same].Label
			continue
		}
		all = append(all, Objective{name + " < " + figure.Latency(ns), ns})
	}
	slices.SortStableFunc(all, func(a, b Objective) int { return cmp.Compare(a.Limit, b.Limit) })
	return all
}

// timeReach returns the least and the greatest of times and limits; limits hardly ever met are far above, and yet have to be seen.
func timeReach(lines [][]point, limits []Objective) (least, most float64) {
	least = math.Inf(1)
	for _, line := range lines {
		for _, p := range line {
			if p.y > 0 {
				least = min(least, p.y)
			}
			most = max(most, p.y)
		}
	}
	for _, o := range limits {
		least, most = min(least, o.Limit), max(most, o.Limit)
	}
	return min(least, max(most, 1)), max(most, 1)
}

// limits draws the lines of objectives, each with its name on it.
func (p *panel) limits(axis *latencyAxis, all []Objective) {
	look := lettering{size: noteSize, color: ink(), bold: true, anchor: atEnd}
	wanted, heights := make([]float64, len(all)), make([]float64, len(all))
	for i, o := range all {
		y := p.y(axis.at(o.Limit))
		p.line(limitStroke(), point{p.area.left, y}, point{p.area.right, y})
		wanted[i], heights[i] = y-11, 19
	}
	for i, y := range spread(wanted, heights, p.area.top-20, p.area.bottom) {
		p.label(look, point{p.area.right - 6, y + 5}, look.cut(all[i].Label, p.area.width()-12))
	}
}

// lane is one kind of thing that happened while a run by the wall clock was on.
type lane struct {
	what, name string
	color      color.NRGBA
	fault      bool
}

// allLanes returns the kinds of marks that there are.
func allLanes() []lane {
	return []lane{
		{"worker", "a worker stalled", rgb(0x7A4B00), true},
		{"shard", "a shard stalled", rgb(0x7A4B00), true},
		{"gc", "collector kept busy", rgb(0x7A4B00), true},
		{"collector", "collector pauses", rgb(0x404040), false},
		{"stolen", "taken by the machine", rgb(0x9A9A9A), false},
	}
}

// lanes returns the kinds of marks that the result has.
func (v *view) lanes() []lane {
	return slices.DeleteFunc(allLanes(), func(l lane) bool {
		return !slices.ContainsFunc(v.Marks, func(m sim.Mark) bool { return m.What == l.what })
	})
}

// The height of a lane, and the distance between the area and the first, in pixels.
const (
	laneHeight = 20.0
	laneGap    = 14.0
)

// wallPanel is an area over wall time, with lanes for marks below it and the axis below them.
type wallPanel struct {
	panel
	lanes []lane
	wall  float64 // seconds
}

// newWallPanel returns the area for a chart over wall time that leaves room for its labels.
func newWallPanel(s *surface, v *view, axis scale, labels []endLabel) *wallPanel {
	p := &wallPanel{lanes: v.lanes(), wall: v.wallEnd()}
	margin := labelMargin(labels)
	for _, l := range p.lanes {
		margin = max(margin, leader+lettering{size: noteSize}.measure(l.name)+pageMargin)
	}
	bottom := chartHeight - 70.0
	if len(p.lanes) > 0 {
		bottom -= laneGap + float64(len(p.lanes))*laneHeight
	}
	p.panel = panel{surface: s, xHigh: p.wall, yHigh: axis.high, area: box{axis.margin(), 120, chartWidth - margin, bottom}}
	return p
}

// wallEnd returns the length of the run by the wall clock, in seconds.
func (v *view) wallEnd() float64 {
	ends := v.Distributions["load.achieved"].X
	if len(ends) == 0 || ends[len(ends)-1] <= 0 {
		return 1
	}
	return ends[len(ends)-1]
}

// WallWarmup returns how long the warm-up took by the wall clock, in seconds; 0 where there was none. What came before its end is in no average.
func WallWarmup(result *sim.Result) float64 {
	until := 0.0
	for _, m := range result.Marks {
		if m.What == "warmup" {
			until = max(until, m.AtS+m.ForS)
		}
	}
	return until
}

// background draws the warm-up, and a band over the time of each fault.
func (p *wallPanel) background(v *view) {
	p.warmupUntil(min(WallWarmup(v.Result), p.wall))
	p.faults(v)
}

// faults draws a band over the time of each fault, behind everything else.
func (p *wallPanel) faults(v *view) {
	for _, l := range p.lanes {
		for _, m := range v.Marks {
			if l.fault && m.What == l.what && m.AtS < p.wall {
				p.fillBox(rgb(0xF6EBDD), box{p.x(m.AtS), p.area.top, p.x(min(m.AtS+m.ForS, p.wall)), p.area.bottom})
			}
		}
	}
}

// wallAxis draws the lanes, and wall time below them.
func (p *wallPanel) wallAxis(v *view) {
	p.baseline()
	below := p.panel
	for i, l := range p.lanes {
		if i == 0 {
			below.area.bottom += laneGap
		}
		below.area.top, below.area.bottom = below.area.bottom, below.area.bottom+laneHeight
		middle := (below.area.top+below.area.bottom)/2 + 1
		p.line(stroke{color: hair(), width: 1}, point{p.area.left, below.area.bottom}, point{p.area.right, below.area.bottom})
		for _, b := range below.laneBoxes(v.Marks, l.what) {
			p.fillBox(l.color, box{b.left, middle - 5, b.right, middle + 5})
		}
		p.text(lettering{size: noteSize, color: greyInk()}, point{p.area.right + leader, middle + 5}, l.name)
	}
	below.wallMarks()
}

// wallMarks labels wall time along the x axis, in a unit that suits the length of the run.
func (p *panel) wallMarks() {
	unit, length := "s", 1.0
	switch {
	case p.xHigh < 1:
		unit, length = "ms", 0.001
	case p.xHigh > 2*3600:
		unit, length = "h", 3600
	case p.xHigh > 200:
		unit, length = "min", 60
	}
	look := lettering{size: labelSize, color: greyInk(), anchor: atMiddle}
	for _, mark := range newScale(p.xHigh/length, 8, figure.Number).marks {
		if x := p.x(float64(mark * length)); x <= p.area.right+0.5 {
			p.tick(x, 5)
			p.text(look, point{x, p.area.bottom + 22}, figure.Number(mark))
		}
	}
	p.xTitle("wall time since the start, " + unit)
}

// laneBoxes returns where marks of a kind are, left and right, each wide enough to be seen; those that touch are one.
func (p *panel) laneBoxes(marks []sim.Mark, what string) []box {
	var boxes []box
	for _, m := range marks {
		if m.What != what || m.AtS >= p.xHigh {
			continue
		}
		left := p.x(max(m.AtS, 0))
		right := min(max(p.x(min(m.AtS+m.ForS, p.xHigh)), left+1.5), p.area.right)
		if last := len(boxes) - 1; last >= 0 && left <= boxes[last].right+0.5 {
			boxes[last].right = max(boxes[last].right, right)
			continue
		}
		boxes = append(boxes, box{left: left, right: right})
	}
	return boxes
}
