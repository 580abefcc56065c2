package page

import (
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

func (p *page) fates() *plot {
	cohorts := chart.CohortsOf(p.Result)
	length := float64(cohorts.Weeks) * week
	calendar := p.start.Weekday() == time.Monday && p.start.Truncate(24*time.Hour).Equal(p.start)
	drawn := &plot{
		Kind: "stack", X: xAxis{Kind: "time", Step: length, To: min(float64(len(cohorts.Totals))*length, float64(p.DurationS)), Columns: !calendar},
		Y: yAxis{Kind: "share", Title: chart.FatesTitle(p.Result), Whole: true}, Shares: "of all weeks",
	}
	if p.WarmupS > 0 {
		drawn.Shares += " after the warm-up"
	}
	if cohorts.Old {
		drawn.Shares += " that are not " + chart.TooRecent
	}
	if from, some := cohorts.RecentFrom(); some {
		drawn.Recent = &stretch{From: from, To: drawn.X.To, Label: chart.TooRecent, Short: chart.TooRecentShort}
	}
	for _, word := range chart.Fates() {
		if counts := cohorts.Counts[word]; counts != nil {
			drawn.Series = append(drawn.Series, line{
				Key: outcomeKey(word), Name: chart.FateName(word), Note: cohorts.Share(word),
				Paint: outcomePaint(word), Hatch: hatchOf(word), Values: pack(counts),
			})
		}
	}
	return drawn
}

func (p *page) answers() *plot {
	drawn := &plot{Kind: "lines", Y: yAxis{Kind: "share", Title: chart.AnswersTitle(p.Result), Whole: true}}
	if note := chart.AnswersNote(p.Result); note != "" {
		drawn.Y.Title += " · " + note
	}
	longest := 180 * day
	curves := [][]float64{{chart.ShortestAnswer}}
	for _, verb := range chart.AnswerVerbs() {
		x, _ := points(p.Distributions["answers."+verb])
		curves = append(curves, x)
		if len(x) > 0 {
			longest = max(longest, x[len(x)-1])
		}
	}
	if age := chart.AnswersWatched(p.Result); age > 0 && age < longest {
		curves = append(curves, []float64{age})
		drawn.Unseen = &stretch{From: age, To: longest}
		drawn.Unseen.Label, drawn.Unseen.Short = chart.UnseenAnswers()
	}
	places := slices.DeleteFunc(union(append(curves, []float64{longest})...), func(x float64) bool { return x < chart.ShortestAnswer })
	at := pack(places)
	drawn.X = xAxis{Kind: "duration", Title: "time since the invitation was sent (logarithmic)", From: chart.ShortestAnswer, To: longest, At: &at}
	for _, m := range chart.DurationMarks() {
		if m.Value <= longest {
			drawn.X.Marks = append(drawn.X.Marks, tick{At: m.Value, Label: m.Name})
		}
	}
	for _, verb := range chart.AnswerVerbs() {
		x, y := points(p.Distributions["answers."+verb])
		if len(x) == 0 {
			continue
		}
		fate := chart.AnswerFate(verb)
		drawn.Series = append(drawn.Series, line{
			Key: outcomeKey(fate), Name: verb, Note: "median " + figure.Duration(chart.MedianAnswer(p.Result, verb)),
			Paint: outcomePaint(fate), Dash: chart.AnswerDash(verb), Width: 2.5, Values: pack(valuesAt(x, y, places)),
		})
	}
	return drawn
}
