package sim

import (
	"invitesim/model"
)

// SendsPerSecond returns how many invitations all people together set out to send in a second of their time, on the mean. Events that scale
// rates are left out.
func (p *Plan) SendsPerSecond() float64 {
	rate := 0.0
	for i := range p.Populations {
		if g := &p.Populations[i]; g.Send != nil {
			rate += float64(g.Send.PerSecond() * float64(g.Count))
		}
	}
	return rate
}

// PerSecond returns how many invitations a member sets out to send in a second, on the mean.
func (s *Sending) PerSecond() float64 {
	if s.Sittings != nil {
		return s.Sittings.Size.Mean() / float64(s.Sittings.Every)
	}
	return s.Rate
}

// ExpectedPairs returns about how many pairs of members will have to do with each other in a run of the plan, most of which
// send to somebody new each time, and not more than the weekly limit of its first policy lets them.
func (p *Plan) ExpectedPairs() float64 {
	sends := 0.0
	for i := range p.Populations {
		g := &p.Populations[i]
		if g.Send == nil {
			continue
		}
		rate := g.Send.PerSecond()
		if limit := &p.Policy.WeeklyLimit; limit.Mode == model.LimitFixed && limit.Count != model.Unlimited {
			rate = min(rate, float64(limit.Count)/float64(limit.Period))
		}
		sends += float64(float64(rate*float64(p.Duration)) * float64(g.Count))
	}
	members := float64(p.Members())
	return min(sends, float64(members*members)/2)
}
