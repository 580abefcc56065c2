package chart

import (
	"fmt"
	"math"
	"strings"

	"invitesim/reports/figure"
)

// answer is one way to answer an invitation, and how long people took.
type answer struct {
	verb string
	look stroke
	line []point // x: log10 of seconds
}

// timeMarks label the axis of durations.
func timeMarks() []limitMark {
	return []limitMark{
		{"1 min", 60},
		{"10 min", 600},
		{"1 h", hour},
		{"6 h", 6 * hour},
		{"1 d", day},
		{"7 d", week},
		{"30 d", 30 * day},
		{"180 d", 180 * day},
		{"5 y", 5 * 365 * day},
	}
}

// shortest is where the axis of durations begins.
const shortest = 60.0

func (v *view) answers() []answer {
	var all []answer
	dashes := map[string][]float64{"ignore": {9, 4}, "withdraw": {2.5, 3}}
	for _, verb := range []string{"accept", "ignore", "withdraw"} {
		curve := points(v.Distributions["answers."+verb])
		if len(curve) == 0 {
			continue
		}
		success := strings.TrimSuffix(verb, "e") + "ed"
		if verb == "withdraw" {
			success = "withdrawn"
		}
		var line []point
		for _, p := range curve {
			line = append(line, point{math.Log10(max(p.x, shortest)), p.y})
		}
		all = append(all, answer{verb, stroke{color: paintOf(success).color, width: 2.5, dash: dashes[verb]}, line})
	}
	return all
}

// answers draws how long people took to answer, as cumulative shares.
func answers(v *view) sheet {
	all := v.answers()
	points := 0
	for _, a := range all {
		points += len(a.line)
	}
	switch {
	case points == 0:
		return sheet{why: "nobody answered an invitation after the warm-up"}
	case points < 2:
		return sheet{why: "a single duration is no distribution"}
	}
	return sheet{
		sentence: answersSentence(v, all),
		draw:     func(s *surface) { drawAnswers(s, v, all) },
	}
}

// median returns the time that half of the answers took at most, in seconds.
func (v *view) median(a answer) float64 {
	if response := v.Response[a.verb]; response != nil && response.Count > 0 {
		return float64(response.P50S)
	}
	for _, p := range points(v.Distributions["answers."+a.verb]) {
		if p.y >= 0.5 {
			return p.x
		}
	}
	return 0
}

func answersSentence(v *view, all []answer) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, fmt.Sprintf("%s %s", a.verb, figure.Duration(v.median(a))))
	}
	return "Median time from the send: " + strings.Join(parts, ", ") + "."
}

func drawAnswers(s *surface, v *view, all []answer) {
	longest := 180 * day
	var labels []endLabel
	for _, a := range all {
		longest = max(longest, math.Pow(10, a.line[len(a.line)-1].x))
		note := "median " + figure.Duration(v.median(a))
		labels = append(labels, endLabel{swatch: lineSwatch(a.look), name: a.verb, note: note})
	}
	axis := wholeShare()
	p := &panel{
		surface: s, xLow: math.Log10(shortest), xHigh: math.Log10(longest), yHigh: 1,
		area: box{axis.margin(), 120, chartWidth - labelMargin(labels), chartHeight - 66},
	}
	p.yAxis(axis, "share of those answers given by then, %")
	mark := lettering{size: labelSize, color: greyInk(), anchor: atMiddle}
	for _, m := range timeMarks() {
		if m.value > longest*1.000001 {
			break
		}
		x := p.x(math.Log10(m.value))
		p.line(stroke{color: hair(), width: 1}, point{x, p.area.top}, point{x, p.area.bottom})
		p.tick(x, 6)
		p.text(mark, point{x, p.area.bottom + 22}, m.name)
	}
	for _, a := range all {
		p.line(a.look, p.place(p.cumulative(a.line))...)
	}
	for _, a := range all {
		if at := math.Log10(max(v.median(a), shortest)); at < p.xHigh {
			p.dot(white(), point{p.x(at), p.y(0.5)}, 6)
			p.dot(a.look.color, point{p.x(at), p.y(0.5)}, 4.5)
		}
	}
	p.baseline()
	p.xTitle("time since the invitation was sent (logarithmic)")
	p.column(labels)
}

// fewAnswers is up to how many points a cumulative share is drawn as a staircase; more make a line.
const fewAnswers = 60

// cumulative returns the points of a cumulative share from one side of the panel to the other.
func (p *panel) cumulative(curve []point) []point {
	line := []point{{p.xLow, valueAt(curve, p.xLow)}}
	for _, q := range curve {
		if q.x > p.xLow {
			line = append(line, q)
		}
	}
	if end := lastY(line); line[len(line)-1].x < p.xHigh {
		line = append(line, point{p.xHigh, end})
	}
	if len(line) <= fewAnswers {
		return stepped(line)
	}
	return reduce(line, mostPoints)
}
