package chart

import (
	"maps"
	"math"
	"slices"
	"sort"

	"invitesim/sim"
)

// watchedCurve is the curve that a result has once its curves of answers are those of all invitations: its only x is the age that enough of them
// reached for their answers to be told, in seconds.
const watchedCurve = "answers_watched"

// fewestWatched is the least share of invitations that an age is told of: the greatest number that was seen at any age is 1.
const fewestWatched = 0.1

// watched says how many invitations a run saw at each age, while it was measured: to who was invited at the end of the run, the run shows
// nothing but quick answers.
type watched struct {
	at, sent  []float64 // how many were sent until the ends of steps; the first is the start of the run
	from, end float64   // of what is measured
}

func newWatched(result *sim.Result) watched {
	w := watched{at: []float64{0}, sent: []float64{0}, from: float64(result.WarmupS), end: float64(result.DurationS)}
	starts, sent := result.Series.Column("t_s"), result.Series.Column("send.sent")
	for i := range min(len(starts), len(sent)) {
		w.at = append(w.at, min(starts[i]+float64(result.Series.StepS), float64(result.DurationS)))
		w.sent = append(w.sent, w.sent[i]+sent[i])
	}
	w.end = min(w.end, w.at[len(w.at)-1])
	return w
}

// until returns how many were sent until an instant; within a step they are taken for evenly spread.
func (w *watched) until(t float64) float64 {
	i := sort.SearchFloat64s(w.at, t)
	switch {
	case i == 0:
		return 0
	case i == len(w.at):
		return w.sent[i-1]
	}
	part := (t - w.at[i-1]) / (w.at[i] - w.at[i-1])
	return w.sent[i-1] + float64(part*(w.sent[i]-w.sent[i-1]))
}

// reached returns how many invitations were so old at some instant that is measured.
func (w *watched) reached(age float64) float64 {
	return max(w.until(w.end-age)-w.until(max(w.from-age, 0)), 0)
}

// horizon returns the age up to which answers are told, in whole days, or hours where it is short, and the least number of invitations that reached
// any age up to it, as far as weights go.
func (w *watched) horizon() (age, least float64) {
	most := 0.0
	for _, t := range w.at {
		most = max(most, w.reached(w.end-t))
	}
	least = fewestWatched * most
	for _, t := range w.at {
		if reached := w.reached(w.end - t); reached > 0 && reached >= least {
			age = max(age, w.end-t)
		}
	}
	unit := float64(day)
	if age < 2*day {
		unit = hour
	}
	return math.Floor(age/unit) * unit, least
}

// ofAllInvitations returns a result whose curves of answers are those of all invitations, not of those answered within the run: an answer at an age that
// few invitations reached within the run stands for as many more. The curves end at the age that enough invitations reached, and are shares of the
// answers up to it. Nothing changes where the series does not tell when invitations were sent.
func ofAllInvitations(result *sim.Result) *sim.Result {
	_, done := result.Distributions[watchedCurve]
	answered := func(verb string) bool { return len(points(result.Distributions[answersPrefix+verb])) > 0 }
	if done || !slices.ContainsFunc(AnswerVerbs(), answered) {
		return result
	}
	w := newWatched(result)
	age, least := w.horizon()
	if age == 0 {
		return result
	}
	whole := *result
	whole.Distributions = maps.Clone(result.Distributions)
	whole.Distributions[watchedCurve] = sim.Curve{Unit: "seconds", X: []float64{age}, Y: []float64{1}}
	for _, verb := range AnswerVerbs() {
		curve := answersPrefix + verb
		if own := points(result.Distributions[curve]); len(own) > 0 {
			delete(whole.Distributions, curve)
			if weighed := w.weigh(own, age, least); len(weighed.X) > 0 {
				whole.Distributions[curve] = weighed
			}
		}
	}
	return &whole
}

// weigh makes cumulative shares of answers, up to an age, with each answer weighed by how few invitations were seen to reach its age.
func (w *watched) weigh(cumulative []point, age, least float64) sim.Curve {
	curve := sim.Curve{Unit: "cumulative share"}
	before, all := 0.0, 0.0
	for _, p := range cumulative {
		if p.x > age {
			break
		}
		all += (p.y - before) / max(w.reached(p.x), least)
		before = p.y
		curve.X, curve.Y = append(curve.X, p.x), append(curve.Y, all)
	}
	for i := range curve.Y {
		curve.Y[i] /= all
	}
	return curve
}

// AnswersWatched returns the age of invitations in seconds up to which answers are told in a result as Means returns it; 0 where they are those of the
// run, however old the invitations got.
func AnswersWatched(result *sim.Result) float64 {
	if curve := points(result.Distributions[watchedCurve]); len(curve) > 0 {
		return curve[0].x
	}
	return 0
}
