package chart

import (
	"fmt"
	"slices"
	"strings"

	"invitesim/reports/figure"
)

// populationLine is one population's line in a chart.
type populationLine struct {
	name  string
	place int // in the order of the populations
	look  stroke
	line  []point
	score float64 // the greater, the sooner it is shown where there are too many

	low, high []point // the interval over replicas, if there are any
}

// populationLines returns the curves that the prefix begins, in the order of the populations, and apart those beyond mostSeries.
func (v *view) populationLines(prefix string, score func(name string, line []point) float64) (shown, others []populationLine) {
	for i, name := range v.populations {
		line := points(v.Distributions[prefix+name])
		mean, low, high := v.replicated(prefix + name)
		if len(mean) > 0 {
			line = mean
		}
		if len(line) > 0 {
			shown = append(shown, populationLine{name, i, populationStroke(i), line, score(name, line), low, high})
		}
	}
	if len(shown) <= mostSeries {
		return shown, nil
	}
	ranked := slices.Clone(shown)
	slices.SortStableFunc(ranked, func(a, b populationLine) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	least := ranked[mostSeries-1:]
	shown = slices.DeleteFunc(shown, func(p populationLine) bool {
		return slices.ContainsFunc(least, func(q populationLine) bool { return p.name == q.name })
	})
	return shown, least
}

// replicated returns the mean and the 95 % interval of a curve over replicas, nothing where there are none.
func (v *view) replicated(name string) (mean, low, high []point) {
	of := func(what string) []point { return points(v.Distributions["replicates."+name+"."+what]) }
	return of("mean"), of("low"), of("high")
}

// overReplicas says what is drawn where there are intervals over replicas.
func (v *view) overReplicas(what string) string {
	return fmt.Sprintf("%s over %d replicas", what, v.Replicas)
}

// means says that means over replicas are drawn of what Means has means of; empty where there are none.
func (v *view) means() string {
	if !hasMeans(v.Result) {
		return ""
	}
	return v.overReplicas("means")
}

// within cuts the values of a line to a range.
func within(line []point, least, most float64) []point {
	cut := make([]point, len(line))
	for i, p := range line {
		cut[i] = point{p.x, min(max(p.y, least), most)}
	}
	return cut
}

// othersBand fills the area in which the lines of all other populations lie.
func (p *panel) othersBand(others []populationLine) (low, high []point) {
	if len(others) == 0 {
		return nil, nil
	}
	var lines [][]point
	for _, other := range others {
		lines = append(lines, other.line)
	}
	low, high = envelope(lines)
	low, high = reduce(low, mostPoints/2), reduce(high, mostPoints/2)
	p.band(rgb(0x777777), stepped(low), stepped(high))
	return low, high
}

func otherSwatch() func(*surface, box) { return areaSwatch(paint{rgb(0xDDDDDD), plain}) }

func lastY(line []point) float64 { return line[len(line)-1].y }

// atCap draws the share of senders at the pending cap, a line for each population.
func atCap(v *view) sheet {
	most := 0.0
	shown, others := v.populationLines("at_cap.", func(_ string, line []point) float64 {
		peak := 0.0
		for _, p := range line {
			peak = max(peak, p.y)
		}
		most = max(most, peak)
		return peak
	})
	switch {
	case v.never("pending_cap.mode", "none"):
		return sheet{why: "the policy has no pending cap"}
	case len(shown) == 0 || most == 0:
		return sheet{why: "nobody was at the pending cap at the end of a step"}
	case len(shown[0].line) < 2:
		return sheet{why: "the series has a single step"}
	}
	s := sheet{
		sentence: atCapSentence(shown, most),
		draw:     func(s *surface) { drawAtCap(s, v, shown, others, most) },
	}
	if len(shown[0].low) > 0 {
		s.replicas = v.overReplicas("95 %")
		s.sentence = strings.TrimSuffix(s.sentence, ".") + fmt.Sprintf(" (means of %d replicas).", v.Replicas)
	}
	return s
}

func atCapSentence(shown []populationLine, most float64) string {
	highest, peak := shown[0], shown[0]
	for _, p := range shown {
		if lastY(p.line) > lastY(highest.line) {
			highest = p
		}
		if p.score > peak.score {
			peak = p
		}
	}
	if lastY(highest.line) == 0 {
		return fmt.Sprintf("At the end nobody is at the pending cap; the highest share at any time was %s, of the senders of %s.",
			figure.Share(most), peak.name)
	}
	return fmt.Sprintf("At the end %s of the senders of %s are at the pending cap, more than in any other population; the highest share at any time was %s.",
		figure.Share(lastY(highest.line)), highest.name, figure.Share(most))
}

// atCapNote says the share at the end, and how high it ever was where that is more.
func atCapNote(p populationLine) string {
	end, peak := figure.Share(lastY(p.line)), figure.Share(p.score)
	if end == peak {
		return end
	}
	return end + ", peak " + peak
}

func drawAtCap(s *surface, v *view, shown, others []populationLine, most float64) {
	for _, line := range shown {
		for _, p := range line.high {
			most = min(max(most, p.y), 1)
		}
	}
	axis := shares(most)
	var labels []endLabel
	for _, line := range shown {
		labels = append(labels, endLabel{
			y: lastY(line.line), swatch: lineSwatch(line.look),
			name: v.shortName(line.name), note: atCapNote(line),
		})
	}
	if len(others) > 0 {
		labels = append(labels, endLabel{swatch: otherSwatch(), name: fmt.Sprintf("other (%d)", len(others)), note: "least to most"})
	}
	p := &panel{
		surface: s, xHigh: v.span, yHigh: axis.high,
		area: box{axis.margin(), 120, chartWidth - labelMargin(labels), chartHeight - 58},
	}
	p.warmup(v)
	p.yAxis(axis, "share of senders at the cap, %")
	if low, high := p.othersBand(others); len(low) > 0 {
		labels[len(labels)-1].y = (lastY(low) + lastY(high)) / 2
	}
	for _, line := range shown {
		if len(line.low) > 0 {
			low, high := within(line.low, 0, most), within(line.high, 0, most)
			p.band(populationColor(line.place), reduce(low, mostPoints/2), reduce(high, mostPoints/2))
		}
	}
	for _, line := range shown {
		p.line(line.look, p.place(reduce(line.line, mostPoints))...)
	}
	p.markPolicyChanges(v)
	p.baseline()
	p.timeAxis(v)
	for i := range labels {
		labels[i].y = p.y(labels[i].y)
	}
	p.endLabels(labels)
}

func nameLook() lettering { return lettering{size: labelSize} }

// shortName cuts the name of a population to what a chart has room for: at its end, or in its middle where others begin alike.
func (v *view) shortName(name string) string {
	const room = 190
	look := nameLook()
	short := look.cut(name, room)
	alike := func(other string) bool { return other != name && look.cut(other, room) == short }
	if short == name || !slices.ContainsFunc(v.populations, alike) {
		return short
	}
	runes := []rune(name)
	tail := runes
	for look.measure(string(tail)) > room/2 {
		tail = tail[1:]
	}
	return look.cut(name, room/2) + string(tail)
}
