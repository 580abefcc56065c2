package chart

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// Policy is a result under the name of the policy that it is drawn with.
type Policy struct {
	Name   string
	Result *sim.Result
}

// Overlay returns charts with a line for each policy, in their order; all of them met the same people for the same time. It takes at least one
// policy; beyond eighteen, lines look alike.
func Overlay(policies []Policy) []Chart {
	o := overlay{policies: policies}
	for _, policy := range policies {
		o.views = append(o.views, newView(policy.Result))
	}
	longest := slices.MaxFunc(o.views, func(a, b *view) int { return cmp.Compare(a.span, b.span) }).span
	for _, v := range o.views { // under some policy a threshold may have stopped the run
		v.span = longest
	}
	var charts []Chart
	for _, kind := range []struct {
		name, title string
		make        func() (lines overlaid, why string)
	}{
		{"compare-at-cap", "How many members are stuck at the cap, under which policy?", o.atCap},
		{"compare-rate-limit", "When does the weekly limit refuse, under which policy?", o.rateLimit},
		{"compare-outstanding", "How many invitations are outstanding, under which policy?", o.outstanding},
		{quotaOverlay, "How much of the weekly quota do people use, under which policy?", o.quota},
		{"compare-accepted", "How many invitations are accepted, under which policy?", o.accepted},
	} {
		lines, why := kind.make()
		chart := Chart{Name: kind.name, Title: kind.title, Subtitle: o.subtitle(kind.name, lines.lines), Why: why, width: chartWidth, height: chartHeight}
		if why == "" {
			chart.Sentence = lines.sentence
			chart.draw = func(s *surface) { o.draw(s, lines) }
		}
		charts = append(charts, chart)
	}
	return charts
}

// quotaOverlay is the name of the one chart of Overlay that shows no means over replicas.
const quotaOverlay = "compare-quota"

// overlay is what the charts are made of: a view for each policy.
type overlay struct {
	policies []Policy
	views    []*view
}

// overlaid is one chart: lines on common axes.
type overlaid struct {
	sentence string
	yTitle   string
	xTitle   string // empty for the axis of time
	scale    func(most float64) scale
	lines    []policyLine
	limits   []limitMark // upright lines, where x is no time
}

// policyLine is the line of a policy; a thin one stands beside a thick one of the same policy.
type policyLine struct {
	place int
	name  string
	note  string
	thin  bool
	line  []point
	none  bool // there is nothing to draw, and the note says why

	low, high []point // the interval over replicas, if there is any
}

// subtitle says what ran, and what is drawn of several replicas: of the use of the quota that of the first, of others means, or 95 % intervals where lines
// have them.
func (o *overlay) subtitle(name string, lines []policyLine) string {
	v := o.views[0]
	look := lettering{size: labelSize}
	parts := []string{
		figure.Plural(uint64(v.Members), "member"), v.length() + " from " + v.start.Format("2006-01-02"),
		v.seeds("") + ", the same people",
	}
	switch means := v.means(); {
	case means != "" && name != quotaOverlay:
		parts[len(parts)-1] = v.seeds(means) + ", the same people"
		if slices.ContainsFunc(lines, func(l policyLine) bool { return len(l.low) > 0 }) {
			means = v.overReplicas("95 %")
		}
		parts = append(parts, means)
	case v.Replicas > 1:
		parts = append(parts, FirstReplica(v.Result))
	}
	rest := " · " + strings.Join(parts, " · ")
	return look.cut(v.Scenario.Name, max(chartWidth-2*pageMargin-look.measure(rest), 60)) + rest
}

// eachPolicy makes a line for each policy.
func (o *overlay) eachPolicy(line func(v *view) []point, note func(v *view, line []point) string) []policyLine {
	var lines []policyLine
	for i, v := range o.views {
		points := line(v)
		l := policyLine{place: i, name: o.policies[i].Name, line: points, none: len(points) == 0, note: note(v, points)}
		lines = append(lines, l)
	}
	return lines
}

// highest returns the greatest value on any line, or at the end of its interval.
func highest(lines []policyLine) float64 {
	most := 0.0
	for _, l := range lines {
		most = max(most, peakOf(l.line), peakOf(l.high))
	}
	return most
}

// withIntervals gives the lines of the policies, which are those of a column of the series, their intervals over replicas.
func (o *overlay) withIntervals(lines []policyLine, column string) {
	for i := range lines {
		if !lines[i].none {
			lines[i].low, lines[i].high = o.views[lines[i].place].intervalOver(column)
		}
	}
}

func peakOf(line []point) float64 {
	most := 0.0
	for _, p := range line {
		most = max(most, p.y)
	}
	return most
}

// long says whether some line has two points or more.
func long(lines []policyLine) bool {
	return slices.ContainsFunc(lines, func(l policyLine) bool { return len(l.line) > 1 })
}

// listed writes what each policy has: A 12; B 3, peak 7; C none.
func listed(lines []policyLine) string {
	var parts []string
	for _, l := range lines {
		if !l.thin {
			parts = append(parts, fmt.Sprintf("%s %s", l.name, l.note))
		}
	}
	return strings.Join(parts, "; ")
}

func (o *overlay) atCap() (overlaid, string) {
	lines := o.eachPolicy(
		func(v *view) []point {
			if v.Policy.Settings["pending_cap.mode"] == "none" {
				return nil
			}
			return v.overTime("members_at_cap")
		},
		func(v *view, line []point) string {
			if v.Policy.Settings["pending_cap.mode"] == "none" {
				return "no cap"
			}
			if len(line) == 0 {
				return "0"
			}
			end, peak := figure.Number(lastY(line)), figure.Number(peakOf(line))
			if end == peak {
				return end
			}
			return end + ", peak " + peak
		})
	o.withIntervals(lines, "members_at_cap")
	if highest(lines) == 0 {
		return overlaid{}, "under no policy was anybody at the pending cap at the end of a step"
	}
	if !long(lines) {
		return overlaid{}, "the series has a single step"
	}
	return overlaid{
		sentence: "Members at the pending cap at the end: " + listed(lines) + ".",
		yTitle:   "members at the cap", scale: counts, lines: lines,
	}, ""
}

func (o *overlay) rateLimit() (overlaid, string) {
	length := o.views[0].bins.length
	lines := o.binned([]string{"send.rate_limited"}, 0, func(v *view) string {
		if v.Policy.Settings["weekly_limit.mode"] == "none" {
			return "no limit"
		}
		send := v.Commands["send"]
		if send == nil || send.Count == 0 {
			return "0 %"
		}
		return figure.Share(float64(v.sendTotals()["rate_limited"])/float64(send.Count)) + " of the attempts"
	})
	if highest(lines) == 0 {
		return overlaid{}, "under no policy did a send hit the weekly limit"
	}
	if !long(lines) {
		return overlaid{}, "the series has a single step"
	}
	return overlaid{
		sentence: "What the weekly limit refused: " + listed(lines) + ".",
		yTitle:   "rate-limit hits per " + per(length), scale: counts, lines: lines,
	}, ""
}

// binned makes lines of sums of columns in calendar bins no shorter than the least length: staircases. Where the run begins within a bin, its
// part of that counts for the whole.
func (o *overlay) binned(columns []string, least float64, note func(*view) string) []policyLine {
	return o.eachPolicy(func(v *view) []point {
		b := v.bins
		if least > 0 {
			b = v.binSteps(least)
		}
		sums := make([]float64, len(b.from))
		for _, column := range columns {
			for i, n := range b.sums(v.Series.Column(column)) {
				sums[i] += n
			}
		}
		var line []point
		for i, n := range sums {
			if b.to[i]-b.from[i] < b.length && i > 0 && i == len(sums)-1 {
				break // what is left of a bin at the end would look like a fall
			}
			n *= b.length / (b.to[i] - b.from[i])
			line = append(line, point{b.from[i], n}, point{b.to[i], n})
		}
		return line
	}, func(v *view, _ []point) string { return note(v) })
}

func (o *overlay) outstanding() (overlaid, string) {
	number := func(_ *view, line []point) string {
		if len(line) == 0 {
			return "0"
		}
		return figure.Number(lastY(line))
	}
	medians := o.eachPolicy(func(v *view) []point { return v.overTime("outstanding.p50") }, number)
	tops := o.eachPolicy(func(v *view) []point { return v.overTime("outstanding.p99") }, number)
	o.withIntervals(medians, "outstanding.p50")
	o.withIntervals(tops, "outstanding.p99")
	if highest(tops) == 0 {
		return overlaid{}, "under no policy had anybody an outstanding invitation"
	}
	if !long(tops) {
		return overlaid{}, "the series has a single step"
	}
	for i := range medians {
		medians[i].note = "median " + medians[i].note + ", p99 " + tops[i].note
		tops[i].thin = true
	}
	return overlaid{
		sentence: "Outstanding per sender at the end: " + listed(medians) + ".",
		yTitle:   "outstanding per sender: median, and 99th percentile (thin)", scale: counts, lines: append(tops, medians...),
	}, ""
}

// quota shows the population that reaches the limit most often under any policy, or, where none does, uses most of it: where it matters.
func (o *overlay) quota() (overlaid, string) {
	name, often, most := "", 0.0, 0.0
	for _, v := range o.views {
		for _, population := range v.curves("quota.") {
			line := points(v.Distributions["quota."+population])
			share, used := v.exhausted(population), line[len(line)-1].x
			if name == "" || share > often || share == often && used > most {
				name, often, most = population, share, used
			}
		}
	}
	if name == "" {
		return overlaid{}, "under no policy is there a weekly limit of which anybody used something"
	}
	lines := o.eachPolicy(func(v *view) []point {
		line := points(v.Distributions["quota."+name])
		if len(line) == 0 {
			return nil
		}
		return stepped(append([]point{{0, 0}}, reduce(line, mostPoints/2-2)...))
	}, func(v *view, line []point) string {
		switch {
		case len(line) > 0:
			return figure.Share(v.exhausted(name)) + " at the limit"
		case v.never("weekly_limit.mode", "none"):
			return "no limit"
		}
		return "none of it used"
	})
	var limits []limitMark
	for _, v := range o.views {
		for _, limit := range v.weeklyLimits() {
			if !slices.ContainsFunc(limits, func(l limitMark) bool { return l.value == limit.value }) {
				limits = append(limits, limit)
			}
		}
	}
	slices.SortFunc(limits, func(a, b limitMark) int { return cmp.Compare(a.value, b.value) })
	var results []*sim.Result
	for _, v := range o.views {
		results = append(results, v.Result)
	}
	who := MemberPeriods(results...)
	if len(o.views[0].populations) > 1 {
		who += " of " + name
	}
	return overlaid{
		sentence: fmt.Sprintf("Share of %s in which the weekly limit was used up: %s.", who, listed(lines)),
		yTitle:   "share of " + who + " that use at most so much, %",
		xTitle:   QuotaUse(results...), scale: func(float64) scale { return wholeShare() },
		lines: lines, limits: limits,
	}, ""
}

func (o *overlay) accepted() (overlaid, string) {
	least := float64(week)
	if o.views[0].span < 4*week {
		least = day
	}
	lines := o.binned([]string{"accept.connected", "accept.accepted", "send.connected"}, least, func(v *view) string {
		return figure.Count(v.Invitations.Accepted) + " in all"
	})
	if highest(lines) == 0 {
		return overlaid{}, "under no policy was an invitation accepted"
	}
	if !long(lines) {
		return overlaid{}, "the series has a single step"
	}
	return overlaid{
		sentence: "Invitations accepted after the warm-up: " + listed(lines) + ".",
		yTitle:   "invitations accepted per " + per(o.views[0].binSteps(least).length), scale: counts, lines: lines,
	}, ""
}

// draw draws one chart.
func (o *overlay) draw(s *surface, c overlaid) {
	v := o.views[0]
	axis := c.scale(highest(c.lines))
	var labels []endLabel
	for _, l := range c.lines {
		if l.thin {
			continue
		}
		label := endLabel{swatch: lineSwatch(populationStroke(l.place)), name: nameLook().cut(l.name, 170), note: l.note}
		if !l.none {
			label.y = lastY(l.line)
		}
		labels = append(labels, label)
	}
	p := &panel{
		surface: s, xHigh: v.span, yHigh: axis.high,
		area: box{axis.margin(), 120, chartWidth - labelMargin(labels), chartHeight - 58},
	}
	if c.xTitle != "" {
		p.area.bottom = chartHeight - 66
		p.xHigh = o.widest(c) * 1.04
	} else {
		p.warmup(v)
	}
	p.yAxis(axis, c.yTitle)
	for _, l := range c.lines {
		if len(l.low) > 0 {
			p.band(populationColor(l.place), reduce(l.low, mostPoints/2), reduce(l.high, mostPoints/2))
		}
	}
	for _, l := range c.lines {
		p.policyLine(l, c.xTitle != "")
	}
	p.baseline()
	if c.xTitle != "" {
		p.countAxis(c.xTitle)
		p.limitLines(c.limits)
		p.column(labels)
		return
	}
	p.timeAxis(v)
	for i := range labels {
		labels[i].y = p.y(labels[i].y)
	}
	p.endLabels(labels)
}

// widest returns how far the x axis of a chart without time goes: to the data, and to limits that are not far beyond.
func (o *overlay) widest(c overlaid) float64 {
	most := 1.0
	for _, l := range c.lines {
		for _, p := range l.line {
			most = max(most, p.x)
		}
	}
	wide := most
	for _, limit := range c.limits {
		if limit.value <= farCap*most {
			wide = max(wide, limit.value)
		}
	}
	return wide
}

// policyLine draws the line of one policy; one of shares goes on to the right edge.
func (p *panel) policyLine(l policyLine, toEdge bool) {
	if l.none {
		return
	}
	look := populationStroke(l.place)
	if l.thin {
		look.width = 1.25
	}
	line := reduce(l.line, mostPoints-1)
	if toEdge {
		line = append(slices.Clone(line), point{p.xHigh, 1})
	}
	p.line(look, p.place(line)...)
}
