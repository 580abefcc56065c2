package chart

import (
	"fmt"
	"maps"
	"slices"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// limitMark is a limit on the x axis.
type limitMark struct {
	name  string
	value float64
}

// exhausted returns the share of a population's periods in which the limit was reached.
func (v *view) exhausted(name string) float64 {
	if figures := v.MembersBy[name]; figures != nil && figures.Quota != nil {
		return figures.Quota.ExhaustedShare
	}
	if v.Quota != nil && len(v.populations) == 1 {
		return v.Quota.ExhaustedShare
	}
	return 0
}

// CalendarPeriod names the period of a result's weekly limit, which need not be a week, and several of them.
func CalendarPeriod(result *sim.Result) (one, several string) {
	if period := result.Policy.Settings["weekly_limit.period"]; period != "" && period != "7d" {
		return "period of " + period, "periods of " + period
	}
	return "week", "weeks"
}

// MemberPeriods says what is counted where the use of the weekly limit is: each member's use in each calendar period.
func MemberPeriods(results ...*sim.Result) string {
	for _, result := range results {
		if one, _ := CalendarPeriod(result); one != "week" {
			return "member-periods"
		}
	}
	return "member-weeks"
}

// QuotaUse says what the use of the weekly limit is: what a calendar period counts, or, where the window follows the sender, how full it was at most.
func QuotaUse(results ...*sim.Result) string {
	one, windows := "", map[string]bool{}
	for _, result := range results {
		period, _ := CalendarPeriod(result)
		if one != "" && period != one {
			period = "period"
		}
		one = period
		for _, s := range newView(result).measured() {
			if s.settings["weekly_limit.mode"] != "none" {
				windows[s.settings["weekly_limit.window"]] = true
			}
		}
	}
	delete(windows, "")
	use := "highest use of the limit's window within a calendar " + one
	switch names := slices.Sorted(maps.Keys(windows)); {
	case len(names) == 0, len(names) == 1 && names[0] == "calendar":
		return "sends in a calendar " + one + " that count toward the limit"
	case len(names) > 1:
		return use
	default:
		return use + " (window: " + names[0] + ")"
	}
}

// quota draws how much of the weekly limit members use in a period, as cumulative shares.
func quota(v *view) sheet {
	shown, others := v.populationLines("quota.", func(name string, line []point) float64 { return v.exhausted(name) })
	if v.never("weekly_limit.mode", "none") {
		return sheet{why: "the policy has no weekly limit"}
	}
	note := partsNote(v.Result)
	if note != "" && len(shown) == 0 {
		one, _ := CalendarPeriod(v.Result)
		return sheet{why: "no calendar " + one + " is measured as a whole"}
	}
	most := 0.0
	for _, population := range append(shown, others...) {
		most = max(most, population.line[len(population.line)-1].x)
	}
	if most == 0 {
		return sheet{why: "nobody used any of the weekly limit"}
	}
	return sheet{
		sentence: quotaSentence(v),
		draw:     func(s *surface) { drawQuota(s, v, shown, others, most) },
	}
}

func quotaSentence(v *view) string {
	if v.Quota == nil {
		return v.nothing("nobody used any of the weekly limit")
	}
	_, periods := CalendarPeriod(v.Result)
	reached := "none"
	if v.Quota.ExhaustedShare > 0 {
		reached = figure.Share(v.Quota.ExhaustedShare)
	}
	whole, leftOut := "", ""
	if note := partsNote(v.Result); note != "" {
		whole, leftOut = "whole ", " ("+note+".)"
	}
	return fmt.Sprintf("In half of the %scalendar %s with a send a member uses at most %s, in 99 %% at most %s; in %s of them the limit is reached.",
		whole, periods, figure.Count(uint64(v.Quota.UsedP50)), figure.Count(uint64(v.Quota.UsedP99)), reached) + leftOut
}

func drawQuota(s *surface, v *view, shown, others []populationLine, most float64) {
	limits := v.weeklyLimits()
	xHigh := most
	for _, limit := range limits {
		if limit.value <= farCap*most {
			xHigh = max(xHigh, limit.value)
		}
	}
	var labels []endLabel
	for _, population := range shown {
		labels = append(labels, endLabel{
			swatch: lineSwatch(population.look), name: v.shortName(population.name),
			note: figure.Share(v.exhausted(population.name)) + " at the limit",
		})
	}
	if len(others) > 0 {
		labels = append(labels, endLabel{swatch: otherSwatch(), name: fmt.Sprintf("other (%d)", len(others)), note: "least to most"})
	}
	axis := wholeShare()
	p := &panel{
		surface: s, xHigh: xHigh * 1.04, yHigh: 1,
		area: box{axis.margin(), 120, chartWidth - labelMargin(labels), chartHeight - 66},
	}
	p.yAxis(axis, "share of "+MemberPeriods(v.Result)+" that use at most so much, %")
	p.aside(partsNote(v.Result))
	p.othersBand(others)
	for _, population := range shown {
		line := append([]point{{0, 0}}, reduce(population.line, mostPoints/2-2)...)
		p.line(population.look, p.place(stepped(append(line, point{p.xHigh, 1})))...)
	}
	p.baseline()
	p.countAxis(QuotaUse(v.Result))
	p.limitLines(limits)
	p.column(labels)
}

// limitLines draws upright lines at the limits that are on the axis, each with its name above the area as far as there is room, and names those
// beyond it where there is some left.
func (p *panel) limitLines(limits []limitMark) {
	look := lettering{size: labelSize, color: ink(), bold: true, anchor: atEnd}
	note, right := "", p.area.right
	if beyond := slices.IndexFunc(limits, func(l limitMark) bool { return l.value > p.xHigh }); beyond >= 0 {
		note = beyondTheAxis(limits[beyond:])
		limits = limits[:beyond]
	}
	annotate := func(left float64) {
		if note != "" && right-look.measure(note) >= left {
			p.text(look, point{right, p.area.top - 6}, note)
			note = ""
		}
	}
	for _, limit := range slices.Backward(limits) {
		x := p.x(limit.value)
		p.line(limitStroke(), point{x, p.area.top}, point{x, p.area.bottom})
		for _, text := range []string{fmt.Sprintf("%s %s", limit.name, figure.Number(limit.value)), figure.Number(limit.value)} {
			width := look.measure(text)
			end := min(right, x+width/2)
			if end-width >= p.area.left {
				annotate(end + 16)
				p.text(look, point{end, p.area.top - 6}, text)
				right = end - width - 16
				break
			}
		}
	}
	annotate(p.area.left)
}

// beyondTheAxis names the limits that lie there, the least one first.
func beyondTheAxis(limits []limitMark) string {
	least, greatest := limits[0], limits[len(limits)-1]
	if len(limits) == 1 {
		return fmt.Sprintf("%s %s, beyond this axis", least.name, figure.Number(least.value))
	}
	return fmt.Sprintf("limits from %s to %s, beyond this axis", figure.Number(least.value), figure.Number(greatest.value))
}

// column draws labels one below the other beside the area: a legend in the order of drawing, for lines that all end at the
// same place.
func (p *panel) column(labels []endLabel) {
	y := p.area.top + 10
	left := p.area.right + leader
	for _, label := range labels {
		label.swatch(p.surface, box{left, y - 7, left + swatchWidth, y + 7})
		p.text(lettering{size: labelSize, color: ink()}, point{left + swatchWidth + 8, y + 5.5}, label.name)
		if label.note != "" {
			p.text(lettering{size: noteSize, color: greyInk()}, point{left + swatchWidth + 8, y + 23.5}, label.note)
		}
		y += label.height() + 4
	}
}
