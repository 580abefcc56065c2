package page

import (
	"slices"
	"strings"

	"invitesim/reports/chart"
	"invitesim/reports/figure"
)

const (
	hour = 3600.0
	day  = 24 * hour
	week = 7 * day
)

// stepSpan is how many seconds of the run the series covers.
func (p *page) stepSpan() float64 {
	return min(float64(len(p.Series.Rows))*float64(p.Series.StepS), float64(p.DurationS))
}

// stacked places counts of steps: as many together as it takes to have no more than p.most.
func (p *page) stacked() (axis xAxis, group int) {
	group = groupOf(len(p.Series.Rows), p.most)
	return xAxis{Kind: "time", Step: float64(p.Series.StepS) * float64(group), To: p.stepSpan()}, group
}

// stateAxis places what is taken at the ends of steps.
func (p *page) stateAxis() (axis xAxis, thin func([]float64) []float64) {
	step := float64(p.Series.StepS)
	axis = xAxis{Kind: "time", From: step, Step: step, To: p.stepSpan()}
	n := len(p.Series.Rows)
	if n <= p.most {
		return axis, func(values []float64) []float64 { return values }
	}
	group := groupOf(n, p.most/2)
	axis.Step = step * float64(group) / 2
	return axis, func(values []float64) []float64 { return extremes(values, group) }
}

// sendCounts returns the counts of the outcomes of sends in each step, by how they are drawn.
func (p *page) sendCounts() map[string][]float64 {
	counts := map[string][]float64{}
	for _, name := range p.Series.Columns {
		outcome, ok := strings.CutPrefix(name, "send.")
		if !ok {
			continue
		}
		word := chart.SendOutcome(outcome)
		if counts[word] == nil {
			counts[word] = make([]float64, len(p.Series.Rows))
		}
		for i, value := range p.Series.Column(name) {
			counts[word][i] += value
		}
	}
	return counts
}

// sendTotals counts the sends after the warm-up by how they are drawn.
func sendTotals(figures *figuresOf) (totals map[string]uint64, all uint64) {
	totals = map[string]uint64{}
	if send := figures.Commands["send"]; send != nil {
		for outcome, share := range send.Outcomes {
			if share != nil {
				totals[chart.SendOutcome(outcome)] += share.Count
				all += share.Count
			}
		}
	}
	return totals, all
}

func (p *page) outcomes() *plot {
	axis, group := p.stacked()
	unit, length := chart.SendRate(p.Result)
	drawn := &plot{Kind: "stack", X: axis, Y: yAxis{Kind: "count", Title: "attempts per " + unit, Per: length, Least: day}}
	totals, all := sendTotals(&p.Figures)
	counts := p.sendCounts()
	for _, word := range chart.SendOutcomes() {
		values := counts[word]
		if total(values) == 0 {
			continue
		}
		note := figure.Count(totals[word])
		if totals[word] > 0 {
			note += " · " + figure.Share(float64(totals[word])/float64(all))
		}
		steps := sums(values, group)
		drawn.Series = append(drawn.Series, line{
			Key: outcomeKey(word), Name: p.sendNames[word], Note: note,
			Paint: outcomePaint(word), Hatch: hatchOf(word), Values: pack(steps), steps: steps,
		})
	}
	return drawn
}

func total(values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return sum
}

func (p *page) rateLimit() *plot {
	axis, group := p.stacked()
	steps := sums(p.Series.Column("send.rate_limited"), group)
	return &plot{
		Kind: "stack", X: axis, Y: yAxis{Kind: "count", Title: "rate-limit hits per hour", Per: hour},
		Series: []line{{
			Key: outcomeKey("rate_limited"), Name: "rate limited", Note: p.hitsNote(), Paint: outcomePaint("rate_limited"), Hatch: "plain",
			Values: pack(steps), steps: steps,
		}},
	}
}

func (p *page) hitsNote() string {
	if limit := p.Limits["rate_limited"]; limit != nil {
		return figure.Plural(limit.Hits, "hit") + " of " + figure.Plural(limit.Members, "member")
	}
	return ""
}

// The keys of the parts of the fan: each band is two series that are switched together.
const (
	outerBand = "outstanding from the 5th to the 95th percentile"
	innerBand = "outstanding from the 25th to the 75th percentile"
)

func (p *page) outstanding() *plot {
	axis, thin := p.stateAxis()
	drawn := &plot{Kind: "lines", X: axis, Y: yAxis{Kind: "count", Title: "outstanding invitations per sender"}}
	blue := outcomePaint("sent")
	ends := map[string]string{}
	for _, part := range []struct {
		column, key, name string
		width             float64
	}{
		{"p99", "outstanding p99", "99th percentile", 1.25},
		{"p95", outerBand, "95th", 0.5},
		{"p75", innerBand, "75th", 0.5},
		{"p50", "outstanding median", "median", 2.5},
		{"p25", innerBand, "25th", 0.5},
		{"p5", outerBand, "5th", 0.5},
	} {
		values := p.Series.Column("outstanding." + part.column)
		if len(values) > 0 {
			ends[part.column] = figure.Number(values[len(values)-1])
		}
		drawn.Series = append(drawn.Series, line{Key: part.key, Name: part.name, Paint: blue, Width: part.width, Values: pack(thin(values))})
	}
	drawn.Bands = []band{{1, 5, blue, 0.25}, {2, 4, blue, 0.25}}
	drawn.legend = []line{
		{Key: "outstanding p99", Name: "99th percentile", Note: ends["p99"] + " at the end", Paint: blue, Width: 1.25},
		{Key: outerBand, Name: "5th to 95th", Note: ends["p5"] + " to " + ends["p95"], Paint: blue, Faint: 0.25},
		{Key: innerBand, Name: "25th to 75th", Note: ends["p25"] + " to " + ends["p75"], Paint: blue, Faint: 0.44},
		{Key: "outstanding median", Name: "median", Note: ends["p50"] + " at the end", Paint: blue, Width: 2.5},
	}
	for _, cap := range chart.Caps(p.Result) {
		l := limit{At: cap.Cap, Label: "cap " + figure.Number(cap.Cap)}
		if cap.From > 0 || cap.To < float64(p.DurationS) {
			l.From, l.To = cap.From, cap.To
		}
		drawn.Limits = append(drawn.Limits, l)
	}
	p.addTheory(drawn, thin)
	return drawn
}

// addTheory adds what theory says of the mean, where the result has it.
func (p *page) addTheory(drawn *plot, thin func([]float64) []float64) {
	x, y := points(p.Distributions["outstanding.predicted"])
	for _, prediction := range p.Predictions {
		if len(x) == 0 && prediction.Name == "pending.mean" {
			x, y = []float64{float64(p.WarmupS)}, []float64{prediction.Predicted}
		}
	}
	if len(x) == 0 {
		return
	}
	ends := make([]float64, len(p.Series.Rows))
	for i := range ends {
		ends[i] = float64(i+1) * float64(p.Series.StepS)
	}
	theory := line{Key: "theory", Name: "mean, theory", Paint: "ink", Dash: []float64{2, 4}, Width: 2}
	drawn.legend = append(drawn.legend, theory)
	theory.Values = pack(thin(valuesAt(x, y, ends)))
	drawn.Series = append(drawn.Series, theory)
}

func (p *page) atCap() *plot {
	axis, thin := p.stateAxis()
	drawn := &plot{Kind: "lines", X: axis, Y: yAxis{Kind: "share", Title: "share of senders at the cap, %"}}
	var scores []float64
	for _, name := range p.populations {
		_, y := points(p.Distributions["at_cap."+name])
		if len(y) == 0 {
			continue
		}
		drawn.Series = append(drawn.Series, p.populationLine(name))
		added := &drawn.Series[len(drawn.Series)-1]
		added.Note = figure.Share(y[len(y)-1]) + " at the end"
		added.Values = pack(thin(y))
		scores = append(scores, slices.Max(y))
	}
	leaveOn(drawn.Series, scores)
	drawn.legend = slices.Clone(drawn.Series)
	for i := range drawn.legend {
		p.addInterval(drawn, &drawn.legend[i], thin)
	}
	return drawn
}

// addInterval adds the band of the 95 % interval over replicas to the line of a population, where the result has it.
func (p *page) addInterval(drawn *plot, of *line, thin func([]float64) []float64) {
	_, low := points(p.Distributions["replicates.at_cap."+of.Name+".low"])
	_, high := points(p.Distributions["replicates.at_cap."+of.Name+".high"])
	if len(low) == 0 || len(low) != len(high) {
		return
	}
	n := len(drawn.Series)
	for _, edge := range []struct {
		name string
		y    []float64
	}{{", 95 % to", high}, {", 95 % from", low}} {
		within := make([]float64, len(edge.y))
		for i, y := range edge.y {
			within[i] = min(max(y, 0), 1)
		}
		drawn.Series = append(drawn.Series, line{Key: of.Key, Name: of.Name + edge.name, Paint: of.Paint, Width: 0.25, Values: pack(thin(within))})
	}
	drawn.Bands = append(drawn.Bands, band{n, n + 1, of.Paint, 0.25})
}
