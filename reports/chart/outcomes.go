package chart

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"invitesim/reports/figure"
)

// sendWords are the outcomes of a send that have a colour of their own, in the order of drawing.
func sendWords() []string {
	return []string{"sent", "connected", "rate_limited", "pending_capped", "restricted", "cooldown", "overloaded"}
}

// layer is one outcome in a stack: how often in each bin, and in all after the warm-up.
type layer struct {
	word  string
	bins  []float64
	total uint64
}

// nightless is from which length of a run on whole days are stacked: with a gap at every night, the stack would be all teeth.
const nightless = 3 * week

// sendBins are the bins of the stack.
func (v *view) sendBins() bins {
	if v.span >= nightless {
		return v.binSteps(day).whole()
	}
	return v.bins.whole()
}

// sendRate is the unit in which a stack of sends is drawn: per day, or per hour where hours are told apart.
func (v *view) sendRate() (unit string, length float64) {
	if v.sendBins().length < day {
		return "hour", hour
	}
	return "day", day
}

// sendLayers returns the outcomes that occurred, from the bottom of the stack to its top.
func (v *view) sendLayers(b bins) []layer {
	totals := v.sendTotals()
	sums := map[string][]float64{}
	for _, name := range v.Series.Columns {
		outcome, ok := strings.CutPrefix(name, "send.")
		if !ok {
			continue
		}
		word := colouredWord(outcome)
		column := b.sums(v.Series.Column(name))
		if sums[word] == nil {
			sums[word] = column
			continue
		}
		for i := range column {
			sums[word][i] += column[i]
		}
	}
	var layers []layer
	for _, word := range append(sendWords(), otherOutcome) {
		if sum(sums[word]) > 0 {
			layers = append(layers, layer{word, sums[word], totals[word]})
		}
	}
	return layers
}

// colouredWord returns the outcome itself, or otherOutcome where it has no colour of its own.
func colouredWord(outcome string) string {
	for _, word := range sendWords() {
		if word == outcome {
			return word
		}
	}
	return otherOutcome
}

// sendTotals counts the sends after the warm-up by outcome.
func (v *view) sendTotals() map[string]uint64 {
	totals := map[string]uint64{}
	if send := v.Commands["send"]; send != nil {
		for outcome, share := range send.Outcomes {
			totals[colouredWord(outcome)] += share.Count
		}
	}
	return totals
}

// outcomes stacks the outcomes of sends over time.
func outcomes(v *view) sheet {
	b := v.sendBins()
	layers := v.sendLayers(b)
	if len(layers) == 0 {
		return sheet{why: "nobody tried to send"}
	}
	if len(b.from) < 2 {
		return sheet{why: "the series has a single step"}
	}
	return sheet{
		sentence: outcomesSentence(v),
		replicas: v.means(),
		draw:     func(s *surface) { drawOutcomes(s, v, b, layers) },
	}
}

func outcomesSentence(v *view) string {
	send := v.Commands["send"]
	if send == nil || send.Count == 0 {
		return v.nothing("nobody tried to send")
	}
	fine := v.sendTotals()["sent"] + v.sendTotals()["connected"]
	sentence := fmt.Sprintf("%s of %s attempts to send succeeded", figure.Share(float64(fine)/float64(send.Count)), figure.Count(send.Count))
	worst := v.mostRefused(func(string) bool { return true })
	if worst == "" {
		return sentence + "; none was refused."
	}
	return fmt.Sprintf("%s; the most common refusal was %s (%s of the attempts).", sentence, inWords(worst),
		figure.Share(float64(send.Outcomes[worst].Count)/float64(send.Count)))
}

// mostRefused returns the most common refusal of a send among those asked for, "" where there was none.
func (v *view) mostRefused(among func(outcome string) bool) string {
	worst, most := "", uint64(0)
	send := v.Commands["send"]
	if send == nil {
		return worst
	}
	for _, outcome := range slices.Sorted(maps.Keys(send.Outcomes)) {
		if n := send.Outcomes[outcome].Count; outcome != "sent" && outcome != "connected" && n > most && among(outcome) {
			worst, most = outcome, n
		}
	}
	return worst
}

// outcomeName writes an outcome of a send for people: the one refusal that makes up most of the others stands for them by name.
func (v *view) outcomeName(word string) string {
	if word != otherOutcome {
		return inWords(word)
	}
	uncoloured := func(outcome string) bool { return colouredWord(outcome) == otherOutcome }
	most := v.mostRefused(uncoloured)
	if most == "" {
		return inWords(otherOutcome)
	}
	switch n, all := v.Commands["send"].Outcomes[most].Count, v.sendTotals()[otherOutcome]; {
	case n == all:
		return inWords(most)
	case 2*n > all:
		return inWords(most) + ", other"
	}
	return inWords(otherOutcome)
}

func drawOutcomes(s *surface, v *view, b bins, layers []layer) {
	unit, length := v.sendRate()
	tops := stackTops(b, layers, length)
	axis := counts(greatest(tops[len(tops)-1]))
	labels := make([]endLabel, len(layers))
	all := uint64(0)
	for _, l := range layers {
		all += l.total
	}
	for i, l := range layers {
		note := "0"
		if l.total > 0 {
			note = figure.Count(l.total) + " · " + figure.Share(float64(l.total)/float64(all))
		}
		labels[i] = endLabel{swatch: areaSwatch(paintOf(l.word)), name: v.outcomeName(l.word), note: note}
	}
	p := &panel{
		surface: s, xHigh: v.span, yHigh: axis.high,
		area: box{axis.margin(), 120, chartWidth - labelMargin(labels), chartHeight - 58},
	}
	p.warmup(v)
	p.yAxis(axis, "attempts per "+unit)
	p.aside(b.left.text())
	floor := make([]float64, len(b.from))
	for i, l := range layers {
		p.stackLayer(b, paintOf(l.word), floor, tops[i])
		last := len(floor) - 1
		labels[i].y = p.y((floor[last] + tops[i][last]) / 2)
		floor = tops[i]
	}
	p.markPolicyChanges(v)
	p.baseline()
	p.timeAxis(v)
	slices.Reverse(labels) // from the top, where several end at one height
	p.endLabels(labels)
}

// stackTops returns for each layer how high the stack is with it, in attempts in so many seconds.
func stackTops(b bins, layers []layer, seconds float64) [][]float64 {
	tops := make([][]float64, len(layers))
	below := make([]float64, len(b.from))
	for i, l := range layers {
		tops[i] = make([]float64, len(below))
		for k, n := range l.bins {
			tops[i][k] = below[k] + float64(n/(b.to[k]-b.from[k])*seconds)
		}
		below = tops[i]
	}
	return tops
}

// fewBins is up to how many bins layers are parted by a white line: between more, it would hide thin layers.
const fewBins = 60

// stackLayer fills the staircase between floor and top, one step a bin.
func (p *panel) stackLayer(steps bins, look paint, floor, top []float64) {
	boxes := make([]box, len(top))
	upper, lower := make([]point, 0, 2*len(top)), make([]point, 0, 2*len(top))
	for i := range top {
		b := box{p.x(steps.from[i]), p.y(top[i]), p.x(steps.to[i]), p.y(floor[i])}
		boxes[i] = b
		upper = append(upper, point{b.left, b.top}, point{b.right, b.top})
		lower = append(lower, point{b.left, b.bottom}, point{b.right, b.bottom})
	}
	p.fill(look.color, append(upper, reversed(lower)...)...)
	p.hatch(look, boxes)
	if len(top) <= fewBins {
		p.line(stroke{color: white(), width: 0.75}, upper...)
	}
}

func reversed(points []point) []point {
	back := make([]point, len(points))
	for i, p := range points {
		back[len(points)-1-i] = p
	}
	return back
}
