package chart

import (
	"fmt"
	"math"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
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

// ShortestAnswer is where the axis of times to answer begins, in seconds.
const ShortestAnswer = 60.0

// answersPrefix begins the names of the curves of times to answer.
const answersPrefix = "answers."

// AnswerVerbs are the ways to answer that are timed, in the order of their lines.
func AnswerVerbs() []string { return []string{"accept", "ignore", "withdraw"} }

// AnswerFate is what an invitation becomes by a way to answer.
func AnswerFate(verb string) string {
	return map[string]string{"accept": "accepted", "ignore": "ignored", "withdraw": "withdrawn"}[verb]
}

// AnswerDash is the dash of a line of times to answer; nil for a solid line.
func AnswerDash(verb string) []float64 {
	return map[string][]float64{"ignore": {9, 4}, "withdraw": {2.5, 3}}[verb]
}

func (v *view) answers() []answer {
	var all []answer
	for _, verb := range AnswerVerbs() {
		curve := points(v.Distributions[answersPrefix+verb])
		if len(curve) == 0 {
			continue
		}
		var line []point
		for _, p := range curve {
			line = append(line, point{math.Log10(max(p.x, ShortestAnswer)), p.y})
		}
		all = append(all, answer{verb, stroke{color: paintOf(AnswerFate(verb)).color, width: 2.5, dash: AnswerDash(verb)}, line})
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

// MedianAnswer returns the time in seconds that half of the answers of a verb took at most, in a result as Means returns it; 0 where there are none.
func MedianAnswer(result *sim.Result, verb string) float64 {
	if response := result.Response[verb]; response != nil && response.Count > 0 && AnswersWatched(result) == 0 {
		return float64(response.P50S)
	}
	return timeOf(points(result.Distributions[answersPrefix+verb]), 0.5)
}

// timeOf returns where a cumulative share reaches a level, 0 where it does not.
func timeOf(cumulative []point, level float64) float64 {
	for _, p := range cumulative {
		if p.y >= level-1e-9 {
			return p.x
		}
	}
	return 0
}

func answersSentence(v *view, all []answer) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, fmt.Sprintf("%s %s", a.verb, figure.Duration(MedianAnswer(v.Result, a.verb))))
	}
	within := ""
	if age := AnswersWatched(v.Result); age > 0 {
		within = fmt.Sprintf(", of answers within %s, %s", figure.Duration(age), watchedNote)
	}
	return "Median time from the send" + within + ": " + strings.Join(parts, ", ") + "."
}

// watchedNote says how answers are counted where AnswersWatched says up to which age.
const watchedNote = "weighed by how many invitations the run saw get that old"

// AnswersTitle says what the lines of times to answer are shares of.
func AnswersTitle(result *sim.Result) string {
	if age := AnswersWatched(result); age > 0 {
		return fmt.Sprintf("share of the answers within %s, %%", figure.Duration(age))
	}
	return "share of those answers given by then, %"
}

// AnswersNote says how answers are counted; empty for simply those given within the run.
func AnswersNote(result *sim.Result) string {
	if AnswersWatched(result) > 0 {
		return watchedNote
	}
	return ""
}

// UnseenAnswers names the times to answer that a run does not show, for places with more room and for those with less.
func UnseenAnswers() (long, short string) { return "longer than the run shows", "not seen" }

func drawAnswers(s *surface, v *view, all []answer) {
	longest := 180 * day
	var labels []endLabel
	for _, a := range all {
		longest = max(longest, math.Pow(10, a.line[len(a.line)-1].x))
		note := "median " + figure.Duration(MedianAnswer(v.Result, a.verb))
		labels = append(labels, endLabel{swatch: lineSwatch(a.look), name: a.verb, note: note})
	}
	axis := wholeShare()
	p := &panel{
		surface: s, xLow: math.Log10(ShortestAnswer), xHigh: math.Log10(longest), yHigh: 1,
		area: box{axis.margin(), 120, chartWidth - labelMargin(labels), chartHeight - 66},
	}
	until := p.xHigh
	if age := AnswersWatched(v.Result); age > 0 && age < longest {
		until = math.Log10(max(age, ShortestAnswer))
		long, short := UnseenAnswers()
		p.bandToEnd(until, long, short)
	}
	p.yAxis(axis, AnswersTitle(v.Result))
	p.aside(AnswersNote(v.Result))
	p.durationMarks(longest)
	for _, a := range all {
		p.line(a.look, p.place(p.cumulative(a.line, until))...)
	}
	for _, a := range all {
		if at := math.Log10(max(MedianAnswer(v.Result, a.verb), ShortestAnswer)); at < p.xHigh {
			p.dot(white(), point{p.x(at), p.y(0.5)}, 6)
			p.dot(a.look.color, point{p.x(at), p.y(0.5)}, 4.5)
		}
	}
	p.baseline()
	p.xTitle("time since the invitation was sent (logarithmic)")
	p.column(labels)
}

// durationMarks labels a logarithmic axis of durations.
func (p *panel) durationMarks(longest float64) {
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
}

// fewAnswers is up to how many points a cumulative share is drawn as a staircase; more make a line.
const fewAnswers = 60

// cumulative returns the points of a cumulative share from the left side of the panel to the given x.
func (p *panel) cumulative(curve []point, until float64) []point {
	line := []point{{p.xLow, valueAt(curve, p.xLow)}}
	for _, q := range curve {
		if q.x > p.xLow {
			line = append(line, q)
		}
	}
	if end := lastY(line); line[len(line)-1].x < until {
		line = append(line, point{until, end})
	}
	if len(line) <= fewAnswers {
		return stepped(line)
	}
	return reduce(line, mostPoints)
}
