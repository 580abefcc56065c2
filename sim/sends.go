package sim

import (
	"math"

	"invitesim/model"
)

// SendsPerSecond returns how many invitations all people together set out to send in a second of their time, on the mean. Events that scale
// rates are left out.
func (p *Plan) SendsPerSecond() float64 { return p.sendsPerSecond(math.Inf(1)) }

// sendsPerSecond is SendsPerSecond where nobody sends more than so much in a second.
func (p *Plan) sendsPerSecond(atMost float64) float64 {
	rate := 0.0
	for i := range p.Populations {
		if g := &p.Populations[i]; g.Send != nil {
			rate += float64(min(g.Send.PerSecond(), atMost) * float64(g.Count))
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
	atMost := math.Inf(1)
	if limit := &p.Policy.WeeklyLimit; limit.Mode == model.LimitFixed && limit.Count != model.Unlimited {
		atMost = float64(limit.Count) / float64(limit.Period)
	}
	members := float64(p.Members())
	return min(float64(p.sendsPerSecond(atMost)*float64(p.Duration)), float64(members*members)/2)
}
