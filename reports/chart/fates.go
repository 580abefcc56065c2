package chart

import (
	"fmt"
	"slices"

	"invitesim/reports/figure"
)

// fateWords are the states of invitations in the order of the stack.
func fateWords() []string {
	return []string{"accepted", "ignored", "reported", "withdrawn", "expired", "cancelled", "open"}
}

// mostColumns is how many columns the chart of fates has; beyond, four weeks share one.
const mostColumns = 60

// cohorts are the invitations of each week, or of every few, by state.
type cohorts struct {
	weeks  int // in a column
	counts map[string][]float64
	totals []float64          // of each column
	after  map[string]float64 // those of the weeks that begin after the warm-up, by state
}

func (v *view) cohorts() cohorts {
	last := 0.0
	for _, word := range fateWords() {
		for _, p := range points(v.Distributions["fates."+word]) {
			if p.y > 0 {
				last = max(last, p.x)
			}
		}
	}
	c := cohorts{weeks: 1, counts: map[string][]float64{}, after: map[string]float64{}}
	for int(last)/c.weeks >= mostColumns {
		c.weeks *= 4
	}
	c.totals = make([]float64, int(last)/c.weeks+1)
	for _, word := range fateWords() {
		column := make([]float64, len(c.totals))
		for _, p := range points(v.Distributions["fates."+word]) {
			if p.y > 0 && p.x >= 0 {
				column[int(p.x)/c.weeks] += p.y
				c.totals[int(p.x)/c.weeks] += p.y
			}
			if float64(p.x*week) >= v.warmup {
				c.after[word] += p.y
			}
		}
		if sum(column) > 0 {
			c.counts[word] = column
		}
	}
	return c
}

// afterWarmup returns how many invitations were sent in the weeks after the warm-up.
func (c cohorts) afterWarmup() float64 {
	all := 0.0
	for _, word := range fateWords() {
		all += c.after[word]
	}
	return all
}

// share returns the share of a state in the invitations of the weeks after the warm-up, in words.
func (c cohorts) share(word string) string { return figure.Share(c.after[word] / c.afterWarmup()) }

// fates stacks what became of invitations by the week in which they were sent.
func fates(v *view) sheet {
	c := v.cohorts()
	switch {
	case sum(c.totals) == 0:
		return sheet{why: "no invitation was sent after the warm-up"}
	case len(c.totals) < 2:
		return sheet{why: "all invitations were sent in a single week"}
	case c.afterWarmup() == 0:
		return sheet{why: "no invitation was sent in a week that begins after the warm-up"}
	}
	return sheet{
		sentence: fatesSentence(v, c),
		replicas: v.means(),
		draw:     func(s *surface) { drawFates(s, v, c) },
	}
}

func fatesSentence(v *view, c cohorts) string {
	sent := "invitations"
	if v.warmup > 0 {
		sent = "invitations sent in the weeks after the warm-up"
	}
	return fmt.Sprintf("Of %s %s %s were accepted, %s ignored, %s withdrawn and %s expired; %s are still open.",
		figure.Number(c.afterWarmup()), sent, c.share("accepted"), c.share("ignored"), c.share("withdrawn"), c.share("expired"), c.share("open"))
}

// The column of all weeks together, right of the others.
const (
	togetherGap   = 46.0
	togetherWidth = 40.0
)

func drawFates(s *surface, v *view, c cohorts) {
	axis := wholeShare()
	var labels []endLabel
	var words []string
	for _, word := range fateWords() {
		if c.counts[word] == nil {
			continue
		}
		name := word
		if word == "open" {
			name = "still open"
		}
		words = append(words, word)
		labels = append(labels, endLabel{
			swatch: areaSwatch(paintOf(word)), name: name, note: c.share(word),
		})
	}
	right := chartWidth - labelMargin(labels)
	p := &panel{
		surface: s, xHigh: v.span, yHigh: 1,
		area: box{axis.margin(), 120, right - togetherGap - togetherWidth, chartHeight - 58},
	}
	p.warmup(v)
	p.yAxis(axis, v.fatesTitle(c.weeks))
	floor := make([]float64, len(c.totals))
	for _, word := range words {
		p.fateColumns(c, word, floor)
	}
	p.markPolicyChanges(v)
	p.baseline()
	p.fateAxis(v, c)
	all := &panel{surface: s, xHigh: 1, yHigh: 1, area: box{right - togetherWidth, p.area.top, right, p.area.bottom}}
	all.together(v, c, words, labels)
	slices.Reverse(labels) // from the top, where several end at one height
	all.endLabels(labels)
}

// fatesTitle says what the columns are shares of.
func (v *view) fatesTitle(weeks int) string {
	switch {
	case v.sinceMonday(0) != 0:
		return fmt.Sprintf("share of the invitations sent in the %d days from each date on, %%", 7*weeks)
	case weeks > 1:
		return fmt.Sprintf("share of the invitations sent in %d weeks, %%", weeks)
	}
	return "share of the invitations sent in the week, %"
}

// fateAxis labels the columns: they are weeks of the run, which are those of the calendar only where it begins with one.
func (p *panel) fateAxis(v *view, c cohorts) {
	if v.sinceMonday(0) == 0 {
		p.timeAxis(v)
		return
	}
	dates := p.row(noteSize, 23)
	year := 0
	for i := range c.totals {
		t := float64(i*c.weeks) * week
		p.tick(p.x(t), 5)
		before := dates.until
		dates.write(p.x(t), dateLabel(v.date(t), v.date(t).Year() != year))
		if dates.until != before {
			year = v.date(t).Year()
		}
	}
	p.text(lettering{size: noteSize, color: greyInk(), anchor: atMiddle}, point{(p.area.left + p.area.right) / 2, p.area.bottom + 44},
		"columns by the date on which they begin")
}

// together draws the column of the weeks after the warm-up together, and places the labels at its parts.
func (p *panel) together(v *view, c cohorts, words []string, labels []endLabel) {
	sum := cohorts{weeks: 1, counts: map[string][]float64{}, totals: []float64{c.afterWarmup()}}
	p.xHigh = week
	floor := []float64{0}
	for i, word := range words {
		sum.counts[word] = []float64{c.after[word]}
		labels[i].y = p.fateColumns(sum, word, floor)
	}
	p.baseline()
	middle := (p.area.left + p.area.right) / 2
	p.text(lettering{size: labelSize, color: greyInk(), anchor: atMiddle}, point{middle, p.area.bottom + 23}, "all")
	if v.warmup > 0 {
		p.text(lettering{size: noteSize, color: greyInk(), anchor: atMiddle}, point{middle, p.area.bottom + 42}, "after warm-up")
	}
}

// fateColumns draws one state's part of every column on top of the floor, which it raises, and returns the height of its middle in the
// last one.
func (p *panel) fateColumns(c cohorts, word string, floor []float64) float64 {
	look := paintOf(word)
	var boxes []box
	middle := p.area.bottom
	for i, total := range c.totals {
		if total == 0 {
			continue
		}
		share := c.counts[word][i] / total
		from, to := float64(i*c.weeks)*week, min(float64((i+1)*c.weeks)*week, p.xHigh)
		gap := min(2, (p.x(to)-p.x(from))*0.12)
		b := box{p.x(from) + gap, p.y(floor[i] + share), p.x(to) - gap, p.y(floor[i])}
		floor[i] += share
		middle = (b.top + b.bottom) / 2
		if share > 0 && b.right > b.left {
			p.fillBox(look.color, b)
			if word == "open" {
				p.outline(stroke{color: rgb(0xA8A8A8), width: 0.75}, b)
			}
			boxes = append(boxes, b)
		}
	}
	p.hatch(look, boxes)
	for _, b := range boxes {
		p.line(stroke{color: white(), width: 0.75}, point{b.left, b.top}, point{b.right, b.top})
	}
	return middle
}
