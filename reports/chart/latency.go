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
)

// spectrum is how long the commands of one verb took: nanoseconds over log10 of 1/(1−p).
type spectrum struct {
	verb string
	look stroke
	line []point
}

// commandStroke returns the line of a verb: in the colour of its success where that has one.
func commandStroke(verb string, place int) stroke {
	dashes := [...][]float64{nil, {9, 4}, {2.5, 3}, {9, 3, 2, 3}, {18, 4}}
	success := map[string]string{
		"send": "sent", "withdraw": "withdrawn", "accept": "accepted", "ignore": "ignored", "report": "reported",
	}[verb]
	look := stroke{color: paintOf(success).color, width: 2.5, dash: dashes[place%len(dashes)]}
	if known, _ := model.ParseVerb(verb); success == "" {
		look.color = populationStroke(int(known)).color
	}
	return look
}

// spectra returns the lines of the verbs with the most commands, in the order of the model, and how many more there are.
func (v *view) spectra() (shown []spectrum, others int) {
	verbs := v.curves("latency_spectrum.")
	slices.SortStableFunc(verbs, func(a, b string) int { return cmp.Compare(v.latencyCount(b), v.latencyCount(a)) })
	if len(verbs) > mostSeries {
		verbs, others = verbs[:mostSeries], len(verbs)-mostSeries
	}
	slices.SortFunc(verbs, func(a, b string) int {
		first, _ := model.ParseVerb(a)
		second, _ := model.ParseVerb(b)
		return cmp.Compare(first, second)
	})
	for place, verb := range verbs {
		shown = append(shown, spectrum{verb, commandStroke(verb, place), v.spectrumLine("latency_spectrum." + verb)})
	}
	return shown, others
}

func (v *view) latencyCount(verb string) uint64 {
	if f := v.Latency[verb]; f != nil {
		return f.Count
	}
	return 0
}

func (v *view) spectrumLine(name string) []point {
	line := points(v.Distributions[name])
	for i := range line {
		line[i].x = math.Log10(max(line[i].x, 1))
	}
	return line
}

// latency draws how long commands took as percentile spectra.
func latency(v *view) sheet {
	if why := v.unmeasured(); why != "" {
		return sheet{why: why}
	}
	shown, others := v.spectra()
	if len(shown) == 0 {
		return sheet{why: "too few commands were measured to tell a percentile"}
	}
	return sheet{
		sentence: v.latencySentence(shown),
		draw:     func(s *surface) { drawLatency(s, v, shown, others) },
	}
}

// latencySentence says the percentiles of the most frequent verbs.
func (v *view) latencySentence(shown []spectrum) string {
	ranked := slices.Clone(shown)
	slices.SortStableFunc(ranked, func(a, b spectrum) int { return cmp.Compare(v.latencyCount(b.verb), v.latencyCount(a.verb)) })
	var parts []string
	for _, one := range ranked[:min(len(ranked), 3)] {
		parts = append(parts, verbName(one.verb)+" "+v.percentiles(one.verb))
	}
	text := "From the planned instant to the answer: "
	if v.Load.Closed() {
		text = "Service time, from the start to the answer: "
	}
	text += strings.Join(parts, "; ")
	if hiccups := v.spectrumLine("hiccup_spectrum"); reaches(hiccups, 3) {
		text += "; the machine itself paused for " + figure.Latency(valueAt(hiccups, 3)) + " at p99.9"
	}
	return text + "."
}

// reaches says whether a line goes as far as to so many nines. What powers of ten come to is rounded.
func reaches(line []point, nines float64) bool {
	return len(line) > 0 && line[len(line)-1].x > nines-1e-9
}

// percentiles lists those of a verb that there are enough commands to tell.
func (v *view) percentiles(verb string) string {
	f := v.Latency[verb]
	if f == nil {
		return "unknown"
	}
	var parts []string
	for _, p := range []struct {
		name  string
		value *int64
	}{{"p50", f.P50NS}, {"p99", f.P99NS}, {"p99.9", f.P999NS}} {
		if p.value != nil {
			parts = append(parts, p.name+" "+figure.Latency(float64(*p.value)))
		}
	}
	return strings.Join(append(parts, "longest "+figure.Latency(float64(f.MaxNS))), ", ")
}

// verbName names a verb for people; queries are told from commands.
func verbName(verb string) string {
	if known, ok := model.ParseVerb(verb); ok && known.IsQuery() {
		return "query " + verb
	}
	return verb
}

func drawLatency(s *surface, v *view, shown []spectrum, others int) {
	var lines [][]point
	var labels []endLabel
	xHigh := 1.0
	for _, one := range shown {
		lines = append(lines, one.line)
		end := one.line[len(one.line)-1]
		xHigh = max(xHigh, end.x)
		labels = append(labels, endLabel{swatch: lineSwatch(one.look), name: verbName(one.verb), note: "longest " + figure.Latency(float64(v.longest(one.verb)))})
	}
	hiccups := upTo(v.spectrumLine("hiccup_spectrum"), xHigh)
	if len(hiccups) > 0 {
		lines = append(lines, hiccups)
		labels = append(labels, endLabel{swatch: areaSwatch(paint{hiccupGrey(), plain}), name: "hiccups of the machine"})
	}
	objectives := Objectives(v.Result)
	axis := newLatencyAxis(timeReach(lines, objectives))
	p := &panel{
		surface: s, xHigh: xHigh, yHigh: axis.high,
		area: box{axis.margin(), 120, chartWidth - labelMargin(labels), chartHeight - 66},
	}
	p.percentileAxis(others)
	title := "from the planned instant to the answer (logarithmic)"
	if v.Load.Closed() {
		title = "service time, from the start to the answer (logarithmic)"
	}
	p.yAxis(axis.scale, title)
	for i, line := range lines {
		placed := p.place(reduce(axis.onto(line), mostPoints))
		labels[i].y = placed[len(placed)-1].y
		if i == len(shown) {
			p.hiccups(placed)
		}
	}
	for i, one := range shown {
		placed := p.place(reduce(axis.onto(lines[i]), mostPoints))
		end := placed[len(placed)-1]
		p.line(stroke{color: rgb(0xA8A8A8), width: 0.75}, end, point{p.area.right, end.y})
		p.line(one.look, placed...)
		p.dot(one.look.color, end, 3.5)
	}
	p.limits(&axis, objectives)
	p.baseline()
	p.endLabels(labels)
}

func hiccupGrey() color.NRGBA { return rgb(0xD0D0D0) }

// longest returns the longest latency of a verb, in nanoseconds.
func (v *view) longest(verb string) int64 {
	if f := v.Latency[verb]; f != nil {
		return f.MaxNS
	}
	return 0
}

// upTo cuts a line off beyond x, and lets it go on to there.
func upTo(line []point, x float64) []point {
	last := slices.IndexFunc(line, func(p point) bool { return p.x > x })
	if last < 0 {
		return line
	}
	return append(slices.Clone(line[:last]), point{x, line[last].y})
}

// hiccups fills the area below a line, which is in pixels.
func (p *panel) hiccups(line []point) {
	ground := append(slices.Clone(line), point{line[len(line)-1].x, p.area.bottom}, point{line[0].x, p.area.bottom})
	p.fill(faint(hiccupGrey(), 0.7), ground...)
	p.line(stroke{color: rgb(0x8A8A8A), width: 1.25}, line...)
}

// percentileAxis draws upright lines at 50, 90, 99 % and so on, and says how many verbs are not drawn.
func (p *panel) percentileAxis(others int) {
	marks := p.row(labelSize, 22)
	for nines := 0; ; nines++ {
		x, label := math.Log10(2), "50"
		switch {
		case nines == 1:
			x, label = 1, "90"
		case nines == 2:
			x, label = 2, "99"
		case nines > 2:
			x, label = float64(nines), "99."+strings.Repeat("9", nines-2)
		}
		if x > p.xHigh {
			break
		}
		p.line(stroke{color: hair(), width: 1}, point{p.x(x), p.area.top}, point{p.x(x), p.area.bottom})
		p.tick(p.x(x), 6)
		marks.write(p.x(x), label)
	}
	title := "percentile (logarithmic in what is beyond it), %"
	if others > 0 {
		title += fmt.Sprintf("; %s with fewer commands not drawn", figure.Plural(uint64(others), "line"))
	}
	p.xTitle(title)
}
