package people

import (
	"fmt"
	"slices"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// rates are the Poisson processes of a population: how busy its members are at each instant, for each thing that they do
// by a rate. A nil intensity belongs to a thing that nobody does.
type rates struct {
	of  [sim.RateLookSent + 1]*chance.Intensity
	gap *chance.Distribution // units of intensity from one occurrence to the next
}

func newRates(plan *sim.Plan, g *Group) (rates, error) {
	gap, err := chance.Exponential(1)
	if err != nil {
		return rates{}, err
	}
	r := rates{gap: gap}
	busy := [len(r.of)]bool{
		sim.RateSend:         g.Send != nil && g.Send.Sittings == nil && g.Send.Rate > 0,
		sim.RateLookReceived: g.Look.Received > 0,
		sim.RateLookSent:     g.Look.Sent > 0,
	}
	for of := range busy {
		if !busy[of] {
			continue
		}
		if r.of[of], err = intensity(plan, g, sim.Rate(of)); err != nil {
			return rates{}, fmt.Errorf("members.%s: %w", g.Name, err)
		}
	}
	return r, nil
}

// intensity returns how busy a population is: its pattern, and what the plan's events do to it.
func intensity(plan *sim.Plan, g *Group, of sim.Rate) (*chance.Intensity, error) {
	var pattern sim.Pattern
	for hour := range pattern {
		pattern[hour] = 1
	}
	if g.Send != nil && g.Send.Pattern != (sim.Pattern{}) {
		pattern = g.Send.Pattern
	}
	var episodes []chance.Episode
	for i := range plan.Events {
		event := &plan.Events[i]
		if event.Policy != nil || event.Of != of || !slices.Contains(event.Where, g.Index) {
			continue
		}
		until := min(int64(event.At)+int64(event.For), int64(model.LastInstant))
		episodes = append(episodes, chance.Episode{
			From: int64(event.At) * second, Until: until * second, Factor: event.Factor,
		})
	}
	return chance.NewIntensity(pattern, int64(g.Zone), plan.Start, int64(plan.Duration), episodes)
}

// next returns the instant after at at which a process with a mean rate, per second, occurs again, given a uniform draw.
func (r *rates) next(of sim.Rate, at uint64, rate, u float64) uint64 {
	busy := r.of[of]
	if busy == nil || !(rate > 0) {
		return Never
	}
	next, ok := busy.Next(int64(at), r.gap.Draw(u)/rate)
	if !ok {
		return Never
	}
	return max(uint64(next), at+1)
}
