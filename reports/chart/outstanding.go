package chart

import (
	"fmt"
	"image/color"

	"invitesim/reports/figure"
)

// outstanding draws how the outstanding invitations are spread over senders, as a fan, against the cap.
func outstanding(v *view) sheet {
	median := v.Series.Column("outstanding.p50")
	if greatest(v.Series.Column("outstanding.p99")) == 0 && greatest(v.Series.Column("outstanding.max")) == 0 {
		return sheet{why: "nobody had an outstanding invitation at the end of a step"}
	}
	if len(median) < 2 {
		return sheet{why: "the series has a single step"}
	}
	s := sheet{
		sentence: outstandingSentence(v),
		draw:     func(s *surface) { drawOutstanding(s, v) },
	}
	if mean, _, _ := v.replicated("outstanding.p50"); len(mean) > 0 {
		s.replicas = v.overReplicas("means")
	}
	return s
}

func outstandingSentence(v *view) string {
	if v.Pending == nil {
		return v.nothing("nobody had an outstanding invitation")
	}
	return fmt.Sprintf("Half of the time a sender has at most %s outstanding, 99 %% of the time at most %s, and never more than %s%s.",
		v.meanOf("pending.p50", v.Pending.P50), v.meanOf("pending.p99", v.Pending.P99), v.meanOf("pending.max", v.Pending.Max), v.capSentence())
}

// meanOf writes the mean of a figure over replicas, or, where there are none, what the run itself measured.
func (v *view) meanOf(path string, own uint32) string {
	if all := v.Replicates[path]; all.N > 1 {
		return figure.Number(all.Mean)
	}
	return figure.Count(uint64(own))
}

// noCap says why there is no line for the cap.
func (v *view) noCap() string {
	if v.Policy.Settings["pending_cap.mode"] == "ratio" {
		return "no fixed cap: it follows the share of old ones"
	}
	return "no cap in this policy"
}

// overTime returns a column of states at the ends of steps as a line.
func (v *view) overTime(name string) []point {
	values := v.Series.Column(name)
	if mean, _, _ := v.replicated(name); len(mean) == len(values) {
		for i, p := range mean {
			values[i] = p.y
		}
	}
	line := make([]point, len(values))
	for i, value := range values {
		line[i] = point{min(v.steps[i]+float64(v.Series.StepS), v.span), value}
	}
	return line
}

// intervalOver returns the 95 % interval over replicas of a column of the series at the ends of steps; nothing where there is none.
func (v *view) intervalOver(name string) (low, high []point) {
	mean, least, most := v.replicated(name)
	if len(mean) != len(v.steps) || len(least) != len(mean) || len(most) != len(mean) {
		return nil, nil
	}
	for i, start := range v.steps {
		end := min(start+float64(v.Series.StepS), v.span)
		low, high = append(low, point{end, max(least[i].y, 0)}), append(high, point{end, max(most[i].y, 0)})
	}
	return low, high
}

// farCap is how many times beyond the data the cap may lie to be on the axis: further up it would press the data
// flat.
const farCap = 5

func drawOutstanding(s *surface, v *view) {
	fan := map[string][]point{}
	for _, name := range []string{"p5", "p25", "p50", "p75", "p95", "p99"} {
		fan[name] = reduce(v.overTime("outstanding."+name), mostPoints)
	}
	most := 0.0
	for _, p := range fan["p99"] {
		most = max(most, p.y)
	}
	caps, highest := v.caps(), 0.0
	for _, piece := range caps {
		if piece.cap <= farCap*most {
			highest = max(highest, piece.cap)
		}
	}
	axis := counts(max(most, highest))
	axis.high = max(axis.high, highest*1.08)
	labels := fanLabels(fan)
	p := &panel{
		surface: s, xHigh: v.span, yHigh: axis.high,
		area: box{axis.margin(), 120, chartWidth - labelMargin(labels), chartHeight - 58},
	}
	p.warmup(v)
	p.yAxis(axis, "outstanding invitations per sender")
	p.fan(fan)
	predicted := p.prediction(v)
	p.capLine(v, caps)
	p.markPolicyChanges(v)
	p.baseline()
	p.timeAxis(v)
	for i := range labels {
		labels[i].y = p.y(labels[i].y)
	}
	if predicted != nil {
		labels = append(labels, *predicted)
	}
	p.endLabels(labels)
}

func fanColor() stroke { return stroke{color: paintOf("sent").color, width: 2.5} }
func thinLine() stroke { return stroke{color: paintOf("sent").color, width: 1.25} }
func theoryLine() stroke {
	return stroke{color: ink(), width: 2, dash: []float64{2, 4}}
}

// fan draws the two bands, the median and the 99th percentile.
func (p *panel) fan(fan map[string][]point) {
	p.band(paintOf("sent").color, fan["p5"], fan["p95"])
	p.band(paintOf("sent").color, fan["p25"], fan["p75"])
	p.line(thinLine(), p.place(fan["p99"])...)
	p.line(fanColor(), p.place(fan["p50"])...)
}

// fanLabels names the parts of the fan; their y is still a value.
func fanLabels(fan map[string][]point) []endLabel {
	last := func(name string) float64 {
		if line := fan[name]; len(line) > 0 {
			return line[len(line)-1].y
		}
		return 0
	}
	blue := paintOf("sent").color
	return []endLabel{
		{y: last("p99"), swatch: lineSwatch(thinLine()), name: "99th percentile: " + figure.Number(last("p99"))},
		{y: (last("p75") + last("p95")) / 2, swatch: areaSwatch(paint{faint(blue, 0.25), plain}), name: fmt.Sprintf("5th to 95th: %s–%s", figure.Number(last("p5")), figure.Number(last("p95")))},
		{y: (last("p50") + last("p75")) / 2, swatch: areaSwatch(paint{faint(blue, 0.44), plain}), name: fmt.Sprintf("25th to 75th: %s–%s", figure.Number(last("p25")), figure.Number(last("p75")))},
		{y: last("p50"), swatch: lineSwatch(fanColor()), name: "median: " + figure.Number(last("p50"))},
	}
}

// band fills the area between two lines, a quarter opaque.
func (p *panel) band(c color.NRGBA, low, high []point) {
	p.fill(faint(c, 0.25), append(p.place(low), reversed(p.place(high))...)...)
}

// prediction draws what theory says of the mean, where the result has it, and returns its label.
func (p *panel) prediction(v *view) *endLabel {
	line := points(v.Distributions["outstanding.predicted"])
	for _, prediction := range v.Predictions {
		if len(line) == 0 && prediction.Name == "pending.mean" {
			line = []point{{v.warmup, prediction.Predicted}, {v.span, prediction.Predicted}}
		}
	}
	if len(line) < 2 {
		return nil
	}
	line = reduce(line, mostPoints)
	for i := range line {
		line[i].y = min(line[i].y, p.yHigh)
	}
	p.line(theoryLine(), p.place(line)...)
	return &endLabel{y: p.y(line[len(line)-1].y), swatch: lineSwatch(theoryLine()), name: "mean, theory"}
}

// capLine draws the cap as long as it is in force, or says how far beyond the axis it is.
func (p *panel) capLine(v *view, caps []capPiece) {
	look := lettering{size: labelSize, color: ink(), bold: true, anchor: atEnd}
	changes := len(caps) > 1 // what it changes to stands at the change, also where it is beyond the axis
	switch cap := caps[0].cap; {
	case !changes && cap <= 0:
		look.color, look.bold = greyInk(), false
		p.capNote(look, v.noCap())
	case !changes && cap > p.yHigh:
		p.capNote(look, "cap "+figure.Number(cap)+", beyond this axis")
	}
	for _, piece := range caps {
		p.capPiece(look, piece, changes)
	}
}

// capPiece draws the cap of a part of the run, or says there that there is none, where it changes.
func (p *panel) capPiece(look lettering, piece capPiece, changes bool) {
	left, right, y := p.x(piece.from), p.x(piece.to), p.area.top+24
	switch {
	case piece.cap > p.yHigh || piece.cap <= 0 && !changes:
		return
	case piece.cap > 0:
		y = p.y(piece.cap)
		p.line(limitStroke(), point{left, y}, point{right, y})
	default:
		look.color, look.bold = greyInk(), false
	}
	if right-left > look.measure(piece.label())+16 {
		p.label(look, point{right - 6, y - 7}, piece.label())
	}
}

// capNote writes at the right of the strip above the area.
func (p *panel) capNote(look lettering, text string) {
	right := p.area.right - 6
	p.text(look, point{right, p.area.top - 6}, text)
	p.strip = append(p.strip, box{left: right - look.measure(text), right: right})
}

// label writes text on a ground that keeps it readable over lines.
func (p *panel) label(look lettering, at point, text string) {
	width := look.measure(text)
	left := at.x
	switch look.anchor {
	case atMiddle:
		left -= width / 2
	case atEnd:
		left -= width
	}
	p.fillBox(faint(white(), 0.85), box{left - 4, at.y - float64(look.size*0.86), left + width + 4, at.y + float64(look.size*0.28)})
	p.text(look, at, text)
}
