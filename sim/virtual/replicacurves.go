package virtual

import (
	"maps"
	"slices"
	"strings"

	"invitesim/sim"
	"invitesim/sim/statistics"
)

// replicaCurves returns what charts draw of all replicas together, over time: the mean and the 95 % interval of the share of senders at the
// cap, by population, of members at the cap, of the median and the 99th percentile of what is outstanding, and of the rate-limit hits in each step and by
// the hour of the week; the mean alone of the other outcomes of sends, of accepted invitations, of the other percentiles of what is outstanding, and of
// the fates by week of sending. Their names are replicates.WHAT.mean, .low and .high.
func replicaCurves(results []*sim.Result) map[string]sim.Curve {
	all := map[string]sim.Curve{}
	for _, name := range slices.Sorted(maps.Keys(results[0].Distributions)) {
		of := func(r *sim.Result) sim.Curve { return r.Distributions[name] }
		switch {
		case strings.HasPrefix(name, "at_cap."):
			addIntervals(all, name, results, of)
		case strings.HasPrefix(name, "fates."):
			addMeans(all, name, results, of)
		}
	}
	const byHour = "rate_limited.hour_of_week"
	withIntervals := []string{"send.rate_limited", "members_at_cap", "outstanding.p50", "outstanding.p99"}
	for _, column := range drawnColumns(results) {
		of := func(r *sim.Result) sim.Curve { return columnOf(&r.Series, column) }
		if slices.Contains(withIntervals, column) {
			addIntervals(all, column, results, of)
			continue
		}
		addMeans(all, column, results, of)
	}
	with := slices.IndexFunc(results, func(r *sim.Result) bool { return len(r.Distributions[byHour].Y) > 0 })
	if with >= 0 {
		addIntervals(all, byHour, results, func(r *sim.Result) sim.Curve {
			return orZero(r.Distributions[byHour], results[with].Distributions[byHour])
		})
	}
	return all
}

// drawnColumns are the columns of any of the series that charts draw, sorted.
func drawnColumns(results []*sim.Result) []string {
	var all []string
	for _, r := range results {
		for _, column := range r.Series.Columns {
			switch {
			case slices.Contains([]string{"members_at_cap", "accept.connected", "accept.accepted"}, column),
				strings.HasPrefix(column, "send."), strings.HasPrefix(column, "outstanding."):
				all = append(all, column)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// addMeans adds the mean of one curve of every replica, if all replicas have it.
func addMeans(all map[string]sim.Curve, name string, results []*sim.Result, of func(*sim.Result) sim.Curve) {
	addIntervals(all, name, results, of)
	delete(all, "replicates."+name+".low")
	delete(all, "replicates."+name+".high")
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
