package virtual

import (
	"maps"
	"slices"
	"strings"

	"invitesim/sim"
	"invitesim/sim/statistics"
)

// replicaCurves returns what charts draw of all replicas together, over time: the mean and the 95 % interval of the share of senders at the
// cap, by population, and of the rate-limit hits in each step and by the hour of the week; of the percentiles of what is outstanding the mean
// alone. Their names are replicates.WHAT.mean, .low and .high.
func replicaCurves(results []*sim.Result) map[string]sim.Curve {
	all := map[string]sim.Curve{}
	for _, name := range slices.Sorted(maps.Keys(results[0].Distributions)) {
		if strings.HasPrefix(name, "at_cap.") {
			addIntervals(all, name, results, func(r *sim.Result) sim.Curve { return r.Distributions[name] })
		}
	}
	const hits, byHour = "send.rate_limited", "rate_limited.hour_of_week"
	if slices.ContainsFunc(results, func(r *sim.Result) bool { return slices.Contains(r.Series.Columns, hits) }) {
		addIntervals(all, hits, results, func(r *sim.Result) sim.Curve { return columnOf(&r.Series, hits) })
	}
	with := slices.IndexFunc(results, func(r *sim.Result) bool { return len(r.Distributions[byHour].Y) > 0 })
	if with >= 0 {
		addIntervals(all, byHour, results, func(r *sim.Result) sim.Curve {
			return orZero(r.Distributions[byHour], results[with].Distributions[byHour])
		})
	}
	for _, column := range results[0].Series.Columns {
		if strings.HasPrefix(column, "outstanding.") {
			addIntervals(all, column, results, func(r *sim.Result) sim.Curve { return columnOf(&r.Series, column) })
			delete(all, "replicates."+column+".low") // percentiles are a band of their own
			delete(all, "replicates."+column+".high")
		}
	}
	return all
}

// orZero returns a curve, or, where there is none, one that is 0 wherever another one is anything.
func orZero(c, other sim.Curve) sim.Curve {
	if len(c.Y) > 0 {
		return c
	}
	return sim.Curve{Unit: other.Unit, X: other.X, Y: make([]float64, len(other.Y))}
}

// columnOf returns a column of a series over the starts of the steps; one that is not there is 0.
func columnOf(s *sim.Series, name string) sim.Curve {
	c := sim.Curve{Unit: "in the step", X: s.Column("t_s"), Y: s.Column(name)}
	if c.Y == nil {
		c.Y = make([]float64, len(c.X))
	}
	return c
}

// addIntervals adds mean, low and high of one curve of every replica, if all replicas have it.
func addIntervals(all map[string]sim.Curve, name string, results []*sim.Result, of func(*sim.Result) sim.Curve) {
	first := of(results[0])
	mean := sim.Curve{Unit: first.Unit + ", mean of the replicas", X: first.X}
	low, high := sim.Curve{Unit: first.Unit + ", 95 % interval", X: first.X}, sim.Curve{Unit: first.Unit + ", 95 % interval", X: first.X}
	curves := make([]sim.Curve, len(results))
	for k, result := range results {
		if curves[k] = of(result); len(curves[k].Y) != len(first.Y) {
			return
		}
	}
	values := make([]float64, len(curves))
	for i := range first.Y {
		for k := range curves {
			values[k] = curves[k].Y[i]
		}
		sample := statistics.Of(values)
		from, to := sample.Interval()
		mean.Y, low.Y, high.Y = append(mean.Y, sample.Mean), append(low.Y, from), append(high.Y, to)
	}
	all["replicates."+name+".mean"], all["replicates."+name+".low"], all["replicates."+name+".high"] = mean, low, high
}
