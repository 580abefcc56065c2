package measure

import (
	"fmt"

	"invitesim/model"
	"invitesim/sim"
)

// curvePoints is about how many points a curve of times keeps.
const curvePoints = 400

// fateNames are the names of the fates in distributions.fates.*.
var fateNames = [fates]string{"open", "ignored", "reported", "accepted", "withdrawn", "expired", "cancelled"}

// curves returns what the charts draw besides the series. A curve without a sample is left out.
func (r *Recorder) curves(end model.Instant, all *tally) map[string]sim.Curve {
	curves := map[string]sim.Curve{}
	if all.limits[0].hits > 0 {
		curves["rate_limited.hour_of_week"] = r.hourCurve(end)
	}
	for i := range r.plan.Populations {
		name, own := r.plan.Populations[i].Name, &r.tallies[i]
		if own.senders > 0 && r.hadCap {
			curves["at_cap."+name] = sim.Curve{Unit: "share of senders", X: r.stepEnds(end), Y: own.atCap}
		}
		if own.periods.all > 0 {
			curves["quota."+name] = cumulative(own.used)
			if all.parts.all > 0 {
				own.addPeriods(curves, name)
			}
		}
	}
	if all.invitations.Sent > 0 {
		for fate, name := range fateNames {
			curves["fates."+name] = r.fateCurve(end, fate)
		}
	}
	for i := range all.answers {
		if all.answers[i].count() > 0 {
			x, y := all.answers[i].cumulative(curvePoints)
			curves["answers."+answerNames[i]] = sim.Curve{Unit: "cumulative share", X: x, Y: y}
		}
	}
	return curves
}

// addPeriods tells periods of which only a part is measured from whole ones: quota_whole.NAME is the use of the weekly limit in whole ones
// alone, if there are any; quota_periods.NAME and quota_exhausted.NAME are at 0 how many parts there are, and in which share of them the limit was
// reached, and at 1 the same of whole ones.
func (t *tally) addPeriods(curves map[string]sim.Curve, name string) {
	all := sim.Curve{Unit: "periods with a send: parts, whole ones"}
	exhausted := sim.Curve{Unit: "share that reached the limit: parts, whole ones"}
	whole := periodTally{t.periods.all - t.parts.all, t.periods.exhausted - t.parts.exhausted}
	for i, kind := range []periodTally{t.parts, whole} {
		all.X, all.Y = append(all.X, float64(i)), append(all.Y, float64(kind.all))
		if kind.all > 0 {
			exhausted.X, exhausted.Y = append(exhausted.X, float64(i)), append(exhausted.Y, float64(kind.exhausted)/float64(kind.all))
		}
	}
	curves["quota_periods."+name], curves["quota_exhausted."+name] = all, exhausted
	if whole.all > 0 {
		curves["quota_whole."+name] = cumulative(t.used.without(t.usedInParts))
	}
}

// stepEnds returns the ends of the steps, in seconds.
func (r *Recorder) stepEnds(end model.Instant) []float64 {
	ends := make([]float64, len(r.series.rows))
	for i := range ends {
		ends[i] = float64(min(int64(i+1)*int64(r.plan.Step), int64(end)))
	}
	return ends
}

// hourCurve returns mean rate-limit hits per hour, by hour of the week.
func (r *Recorder) hourCurve(end model.Instant) sim.Curve {
	curve := sim.Curve{Unit: "hits per hour"}
	covered := r.coveredHours(end)
	for hour, hits := range r.hours {
		mean := 0.0
		if covered[hour] > 0 {
			mean = float64(hits) / covered[hour]
		}
		curve.X, curve.Y = append(curve.X, float64(hour)), append(curve.Y, mean)
	}
	return curve
}

// coveredHours returns how many times each hour of the week lies in what was measured.
func (r *Recorder) coveredHours(end model.Instant) (covered [hoursPerWeek]float64) {
	for t := r.from; t < end; {
		next := min(end, r.calendar.PeriodStart(r.calendar.Period(t, model.Hour)+1, model.Hour))
		covered[hourOfWeek(r.calendar, t)] += float64(next-t) / float64(model.Hour)
		t = next
	}
	return covered
}

// fateCurve returns how many invitations of each week met a fate. All weeks are in it, those of the warm-up too.
func (r *Recorder) fateCurve(end model.Instant, fate int) sim.Curve {
	curve := sim.Curve{Unit: "invitations"}
	for week := range r.weeks {
		if model.Instant(week)*model.Instant(model.Week) >= end {
			break
		}
		curve.X = append(curve.X, float64(week))
		curve.Y = append(curve.Y, float64(r.weeks[week][fate]))
	}
	return curve
}

// cumulative returns the share of counts up to each value that occurs.
func cumulative(c counts) sim.Curve {
	curve := sim.Curve{Unit: "cumulative share"}
	total, seen := float64(c.total()), int64(0)
	for value, n := range c {
		if n == 0 {
			continue
		}
		seen += n
		curve.X, curve.Y = append(curve.X, float64(value)), append(curve.Y, float64(seen)/total)
	}
	return curve
}

// fewSamples is below how many samples a 99th percentile says little.
const fewSamples = 1000

// warnings says which figures rest on little.
func warnings(all *tally) []string {
	var out []string
	for i := range all.answers {
		if n := all.answers[i].count(); n > 0 && n < fewSamples {
			out = append(out, fmt.Sprintf("response.%s rests on %d answers: its p99 says little (%d or more would)",
				answerNames[i], n, fewSamples))
		}
	}
	if all.periods.all > 0 && all.periods.all < fewSamples {
		out = append(out, fmt.Sprintf("quota rests on %d periods with a send: used_p99 says little (%d or more would)",
			all.periods.all, fewSamples))
	}
	if all.senders > 0 && all.senders < fewSamples {
		out = append(out, fmt.Sprintf("pending rests on %d senders: its p999 says little (%d or more would)", all.senders, fewSamples))
	}
	return out
}
