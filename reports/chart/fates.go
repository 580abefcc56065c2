package chart

import (
	"fmt"
	"slices"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// fateWords are the states of invitations in the order of the stack.
func fateWords() []string {
	return []string{"accepted", "ignored", "reported", "withdrawn", "expired", "cancelled", "open"}
}

// fates stacks what became of invitations by the week in which they were sent.
func fates(v *view) sheet {
	c := v.cohorts()
	switch {
	case sum(c.Totals) == 0:
		return sheet{why: "no invitation was sent after the warm-up"}
	case len(c.Totals) < 2:
		return sheet{why: "all invitations were sent in a single week"}
	case c.All() == 0:
		return sheet{why: "no invitation was sent in a week that begins after the warm-up"}
	}
	return sheet{
		sentence: fatesSentence(v, c),
		replicas: v.means(),
		draw:     func(s *surface) { drawFates(s, v, c) },
	}
}

func fatesSentence(v *view, c *Cohorts) string {
	sent, after := "invitations", ""
	if v.warmup > 0 {
		sent = "invitations sent in the weeks after the warm-up"
	}
	switch from, some := c.RecentFrom(); {
	case c.Old && v.warmup == 0:
		sent = "invitations sent in weeks that are not " + TooRecent
	case c.Old:
		sent += " that are not " + TooRecent
	case some && from <= v.warmup:
		after = fmt.Sprintf(" All these weeks are too recent to compare them: it takes %s until little more becomes of an invitation.", figure.Duration(c.Settles))
	}
	return fmt.Sprintf("Of %s %s %s were accepted, %s ignored, %s withdrawn and %s expired; %s are still open.%s",
		figure.Number(c.All()), sent, c.Share("accepted"), c.Share("ignored"), c.Share("withdrawn"), c.Share("expired"), c.Share("open"), after)
}

// The column of all weeks together, right of the others.
const (
	togetherGap   = 46.0
	togetherWidth = 40.0
)

func drawFates(s *surface, v *view, c *Cohorts) {
	axis := wholeShare()
	var labels []endLabel
	var words []string
	for _, word := range fateWords() {
		if c.Counts[word] == nil {
			continue
		}
		words = append(words, word)
		labels = append(labels, endLabel{
			swatch: areaSwatch(paintOf(word)), name: FateName(word), note: c.Share(word),
		})
	}
	right := chartWidth - labelMargin(labels)
	p := &panel{
		surface: s, xHigh: v.span, yHigh: 1,
		area: box{axis.margin(), 120, right - togetherGap - togetherWidth, chartHeight - 58},
	}
	p.fatesBands(v, c)
	p.yAxis(axis, v.fatesTitle(c.Weeks))
	floor := make([]float64, len(c.Totals))
	for _, word := range words {
		p.fateColumns(c, word, floor)
	}
	if from, some := c.RecentFrom(); some {
		p.fillBox(faint(white(), 0.55), box{p.x(from), p.area.top, p.area.right + 1, p.area.bottom})
	}
	p.markPolicyChanges(v)
	p.baseline()
	p.fateAxis(v, c)
	all := &panel{surface: s, xHigh: 1, yHigh: 1, area: box{right - togetherWidth, p.area.top, right, p.area.bottom}}
	all.together(v, c, words, labels)
	slices.Reverse(labels) // from the top, where several end at one height
	all.endLabels(labels)
}

// fatesBands draws the bands of the warm-up and of what is too recent, which may be the warm-up too.
func (p *panel) fatesBands(v *view, c *Cohorts) {
	from, some := c.RecentFrom()
	p.warmup(v)
	switch {
	case some && len(v.Policies) > 0: // their names are in the same strip
		p.bandToEnd(max(from, v.warmup), TooRecentShort)
	case some:
		p.bandToEnd(max(from, v.warmup), TooRecent, TooRecentShort)
	}
}

// FateName writes a state for people.
func FateName(word string) string {
	if word == "open" {
		return "still open"
	}
	return word
}

// FatesTitle says what the columns of the chart of fates are shares of.
func FatesTitle(result *sim.Result) string {
	v := newView(result)
	return v.fatesTitle(v.cohorts().Weeks)
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
func (p *panel) fateAxis(v *view, c *Cohorts) {
	if v.sinceMonday(0) == 0 {
		p.timeAxis(v)
		return
	}
	dates := p.row(noteSize, 23)
	year := 0
	for i := range c.Totals {
		t := float64(i*c.Weeks) * week
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

// together draws the column of the weeks that shares are told of together, and places the labels at its parts.
func (p *panel) together(v *view, c *Cohorts, words []string, labels []endLabel) {
	sum := &Cohorts{Weeks: 1, Counts: map[string][]float64{}, Totals: []float64{c.All()}}
	p.xHigh = week
	floor := []float64{0}
	for i, word := range words {
		sum.Counts[word] = []float64{c.Told[word]}
		labels[i].y = p.fateColumns(sum, word, floor)
	}
	p.baseline()
	middle := (p.area.left + p.area.right) / 2
	p.text(lettering{size: labelSize, color: greyInk(), anchor: atMiddle}, point{middle, p.area.bottom + 23}, "all")
	note := ""
	switch {
	case c.Old:
		note = "not too recent"
	case v.warmup > 0:
		note = "after warm-up"
	}
	p.text(lettering{size: noteSize, color: greyInk(), anchor: atMiddle}, point{middle, p.area.bottom + 42}, note)
}

// fateColumns draws one state's part of every column on top of the floor, which it raises, and returns the height of its middle in the
// last one.
func (p *panel) fateColumns(c *Cohorts, word string, floor []float64) float64 {
	look := paintOf(word)
	var boxes []box
	middle := p.area.bottom
	for i, total := range c.Totals {
		if total == 0 {
			continue
		}
		share := c.Counts[word][i] / total
		from, to := float64(i*c.Weeks)*week, min(float64((i+1)*c.Weeks)*week, p.xHigh)
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
