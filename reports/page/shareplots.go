package page

import (
	"fmt"
	"math"
	"slices"
	"time"

	"invitesim/reports/chart"
	"invitesim/reports/figure"
)

func (p *page) quota() *plot {
	drawn := &plot{Kind: "lines", Y: yAxis{Kind: "share", Title: "share of " + chart.MemberPeriods(p.Result) + " that use at most so much, %", Whole: true}}
	drawn.X = xAxis{Kind: "number", Title: chart.QuotaUse(p.Result)}
	if note := chart.PeriodsLeftOut(p.Result); note != "" {
		drawn.Y.Title += " · " + note
	}
	var curves [][]float64
	for _, name := range p.populations {
		x, _ := points(p.Distributions["quota."+name])
		curves = append(curves, x)
	}
	places := union(append(curves, []float64{0})...)
	drawn.X.To = places[len(places)-1]
	for _, l := range chart.WeeklyLimits(p.Result) {
		drawn.Limits = append(drawn.Limits, limit{At: l.Value, Label: l.Name + " " + figure.Number(l.Value), Upright: true})
		if l.Value <= 5*drawn.X.To { // further out it would press the data flat
			drawn.X.To = max(drawn.X.To, l.Value)
		}
	}
	drawn.X.To *= 1.04
	places = append(places, drawn.X.To)
	at := pack(places)
	drawn.X.At = &at
	var scores []float64
	for _, name := range p.populations {
		x, y := points(p.Distributions["quota."+name])
		if len(x) == 0 {
			continue
		}
		drawn.Series = append(drawn.Series, p.populationLine(name))
		added := &drawn.Series[len(drawn.Series)-1]
		added.Steps = true
		added.Values = pack(valuesAt(x, y, places))
		exhausted := 0.0
		if figures := p.MembersBy[name]; figures != nil && figures.Quota != nil {
			exhausted = figures.Quota.ExhaustedShare
		}
		added.Note = figure.Share(exhausted) + " at the limit"
		scores = append(scores, exhausted)
	}
	leaveOn(drawn.Series, scores)
	return drawn
}

// weeksTogether is how many weeks share a column of fates.
func (p *page) weeksTogether() (together, columns int) {
	last := 0.0
	for _, word := range chart.Fates() {
		x, y := points(p.Distributions["fates."+word])
		for i := range x {
			if y[i] > 0 {
				last = max(last, x[i])
			}
		}
	}
	const most = 60
	for together = 1; int(last)/together >= most; {
		together *= 4
	}
	return together, int(last)/together + 1
}

// fateCounts returns the invitations of each column by state, and of those of the weeks after the warm-up how many in all.
func (p *page) fateCounts(word string) (counts []float64, after float64) {
	together, columns := p.weeksTogether()
	counts = make([]float64, columns)
	x, y := points(p.Distributions["fates."+word])
	for i := range x {
		if column := int(x[i]) / together; x[i] >= 0 && column < columns {
			counts[column] += y[i]
		}
		if x[i]*week >= float64(p.WarmupS) {
			after += y[i]
		}
	}
	return counts, after
}

func (p *page) fates() *plot {
	together, columns := p.weeksTogether()
	title := "share of the invitations sent in the week, %"
	if together > 1 {
		title = fmt.Sprintf("share of the invitations sent in %d weeks, %%", together)
	}
	length := float64(together) * week
	calendar := p.start.Weekday() == time.Monday && p.start.Truncate(24*time.Hour).Equal(p.start)
	if !calendar {
		title = fmt.Sprintf("share of the invitations sent in the %d days from each date on, %%", 7*together)
	}
	drawn := &plot{
		Kind: "stack", X: xAxis{Kind: "time", Step: length, To: min(float64(columns)*length, float64(p.DurationS)), Columns: !calendar},
		Y: yAxis{Kind: "share", Title: title, Whole: true}, Shares: "of all weeks",
	}
	if p.WarmupS > 0 {
		drawn.Shares += " after the warm-up"
	}
	all := 0.0
	for _, word := range chart.Fates() {
		_, after := p.fateCounts(word)
		all += after
	}
	for _, word := range chart.Fates() {
		counts, after := p.fateCounts(word)
		if total(counts) == 0 {
			continue
		}
		drawn.Series = append(drawn.Series, line{
			Key: outcomeKey(word), Name: fateName(word), Note: figure.Share(after / math.Max(all, 1)),
			Paint: outcomePaint(word), Hatch: hatchOf(word), Values: pack(counts),
		})
	}
	return drawn
}

func fateName(word string) string {
	if word == "open" {
		return "still open"
	}
	return word
}

// answerVerbs are the ways to answer that are timed, with what they lead to.
func answerVerbs() [][2]string {
	return [][2]string{{"accept", "accepted"}, {"ignore", "ignored"}, {"withdraw", "withdrawn"}}
}

// shortest is where the axis of durations begins.
const shortest = 60.0

func (p *page) answers() *plot {
	drawn := &plot{Kind: "lines", Y: yAxis{Kind: "share", Title: "share of those answers given by then, %", Whole: true}}
	longest := 180 * day
	curves := [][]float64{{shortest}}
	for _, verb := range answerVerbs() {
		x, _ := points(p.Distributions["answers."+verb[0]])
		curves = append(curves, x)
		if len(x) > 0 {
			longest = max(longest, x[len(x)-1])
		}
	}
	places := slices.DeleteFunc(union(append(curves, []float64{longest})...), func(x float64) bool { return x < shortest })
	at := pack(places)
	drawn.X = xAxis{Kind: "duration", Title: "time since the invitation was sent (logarithmic)", From: shortest, To: longest, At: &at}
	for _, m := range chart.DurationMarks() {
		if m.Value <= longest {
			drawn.X.Marks = append(drawn.X.Marks, tick{At: m.Value, Label: m.Name})
		}
	}
	dashes := map[string][]float64{"ignore": {9, 4}, "withdraw": {2.5, 3}}
	for _, verb := range answerVerbs() {
		x, y := points(p.Distributions["answers."+verb[0]])
		if len(x) == 0 {
			continue
		}
		added := line{
			Key: outcomeKey(verb[1]), Name: verb[0], Paint: outcomePaint(verb[1]), Dash: dashes[verb[0]], Width: 2.5,
			Values: pack(valuesAt(x, y, places)),
		}
		if response := p.Response[verb[0]]; response != nil && response.Count > 0 {
			added.Note = "median " + figure.Duration(float64(response.P50S))
		}
		drawn.Series = append(drawn.Series, added)
	}
	return drawn
}
