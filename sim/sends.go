package sim

import (
	"math"
	"slices"

	"invitesim/model"
)

// PerSecond returns how many invitations a member sets out to send in a second, on the mean.
func (s *Sending) PerSecond() float64 {
	if s.Sittings != nil {
		return s.Sittings.Size.Mean() / float64(s.Sittings.Every)
	}
	return s.Rate
}

// pairsPerMember bounds for how many pairs memory is taken before a run.
const pairsPerMember = 30

// ExpectedPairs returns about for how many pairs of members there should be memory before a run of the plan that covers so much of the people's time: those who will
// have to do with each other, but for very many. Most people send to somebody new each time, more where an event scales their rate, and no more than the
// weekly limit lets them.
func (p *Plan) ExpectedPairs(length model.Seconds) int {
	most := p.mostSends(length)
	pairs := 0.0
	for i := range p.Populations {
		if g := &p.Populations[i]; g.Send != nil {
			pairs += float64(min(float64(g.Send.PerSecond()*p.sendingTime(i, length)), most) * float64(g.Count))
		}
	}
	members := float64(p.Members())
	return int(min(pairs, float64(pairsPerMember*members), float64(members*members)/2))
}

// mostSends returns how many invitations of a member the weekly limits of the run let pass in so much time.
func (p *Plan) mostSends(length model.Seconds) float64 {
	most := 0.0
	for _, policy := range p.Policies() {
		limit := &policy.WeeklyLimit
		if limit.Mode != model.LimitFixed || limit.Count == model.Unlimited {
			return math.Inf(1)
		}
		most = max(most, float64(float64(limit.Count)*(1+float64(length)/float64(limit.Period)))) // a part of a period has a limit of its own
	}
	return most
}

// sendingTime returns in how many seconds a member of a population would send as much at its usual rate as in so much time, with the events that scale it.
func (p *Plan) sendingTime(population int, length model.Seconds) float64 {
	time := float64(length)
	for i := range p.Events {
		e := &p.Events[i]
		if e.Policy == nil && e.Of == RateSend && p.Populations[population].Send.Sittings == nil && slices.Contains(e.Where, population) {
			time += float64((e.Factor - 1) * float64(max(0, min(e.For, length-model.Seconds(e.At)))))
		}
	}
	return max(time, 0)
}
