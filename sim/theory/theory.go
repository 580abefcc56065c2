// Package theory works out in closed form what a run should measure, where there is such a form: how many sends people set out to make,
// and, by Little's law, how many invitations they have outstanding. A result that disagrees is wrong, or the run is not what it
// seems.
package theory

import (
	"math"
	"slices"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/people"
)

// The widths of intervals, in standard errors: of a Poisson count, and of a mean of forty groups (Student's t with 39 degrees of
// freedom).
const (
	poisson95, poisson999 = 1.959964, 3.290527
	student95, student999 = 2.022691, 3.558094
)

// fewTurns is below how many turns a Poisson count is no normal one.
const fewTurns = 100

// Measured is what predictions are compared with.
type Measured struct {
	Result *sim.Result
	// PendingByGroup returns the mean outstanding per sender in groups of the members of some populations; nil where there are too few.
	PendingByGroup func(populations []int) []float64
}

// Predict returns the predictions that hold for a run of the plan up to its end, those of all members before those of populations, with
// the curve of the mean outstanding per sender over time where everybody's can be told.
func Predict(plan *sim.Plan, crowd *people.Crowd, m Measured) ([]sim.Prediction, *sim.Curve) {
	groups := crowd.Groups()
	var own []sim.Prediction
	var senders, told []int
	for i := range groups {
		g := &groups[i]
		if g.Send == nil {
			continue
		}
		senders = append(senders, i)
		if turns, ok := turnsOf(plan, g, m.Result); ok {
			own = append(own, turns)
		}
		if holds(plan, g) && unhindered(g, m.Result.MembersBy[g.Name]) {
			told = append(told, i)
			if pending, ok := pendingOf(plan, groups, told[len(told)-1:], m); ok {
				pending.Name = "members_by." + g.Name + "." + pending.Name
				own = append(own, pending)
			}
		}
	}
	if len(told) == 0 || !slices.Equal(told, senders) {
		return own, nil
	}
	all, ok := pendingOf(plan, groups, told, m)
	if !ok {
		return own, nil
	}
	return append([]sim.Prediction{all}, own...), curve(plan, groups, told)
}

// turnsOf predicts how many sends a population sets out to make: a Poisson number, given the factors that its members drew.
func turnsOf(plan *sim.Plan, g *people.Group, result *sim.Result) (sim.Prediction, bool) {
	own := result.MembersBy[g.Name]
	if own == nil || g.Busy() == nil || g.Resend != nil || g.Leave != nil || standsStill(g, own) {
		return sim.Prediction{}, false
	}
	busy := g.Busy().Until(nanosecond(plan.Duration)) - g.Busy().Until(nanosecond(plan.Warmup))
	p := sim.Prediction{
		Name: "members_by." + g.Name + ".turns.planned", Formula: "rate × own factor × time, over the members; a Poisson process",
		Predicted: float64(totalRate(g) * busy), Measured: float64(own.Turns.Planned),
	}
	if p.Predicted < fewTurns {
		return sim.Prediction{}, false
	}
	compare(&p, math.Sqrt(p.Measured), poisson95, poisson999)
	return p, true
}

// totalRate returns the sends of all members of a population in a second of mean intensity.
func totalRate(g *people.Group) float64 {
	sum := 0.0
	for m := g.First; m < g.First+model.Member(g.Count); m++ {
		sum += g.RateOf(m)
	}
	return sum
}

// standsStill says whether members of the population set out to nothing for a while, since a limit refused a send.
func standsStill(g *people.Group, own *sim.Figures) bool {
	if g.Send.WhenRefused.Kind != sim.Wait {
		return false
	}
	for _, limit := range own.Limits {
		if limit.Hits > 0 {
			return true
		}
	}
	return false
}

// mostElse is the share of sends that may come to something else than an invitation: it is how far the prediction may be off.
const mostElse = 0.001

// unhindered says whether nearly all sends of a population became invitations.
func unhindered(g *people.Group, own *sim.Figures) bool {
	if own == nil || standsStill(g, own) {
		return false
	}
	send := own.Commands[model.Send.String()]
	if send == nil || send.Outcomes[model.WasSent.String()] == nil {
		return false
	}
	return 1-send.Outcomes[model.WasSent.String()].Share <= mostElse
}

func nanosecond(t model.Seconds) int64 { return int64(t) * 1_000_000_000 }

// compare fills in the interval of the measurement, given its standard error, and whether the prediction is within the wider one.
func compare(p *sim.Prediction, deviation, width95, width999 float64) {
	half := float64(width95 * deviation)
	p.Low, p.High = p.Measured-half, p.Measured+half
	p.Agrees = math.Abs(p.Predicted-p.Measured) <= float64(width999*deviation)
}
