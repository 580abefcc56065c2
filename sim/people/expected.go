package people

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// RateOf returns how many invitations a member sends in a second of mean intensity; 0 where they do not send by a rate.
func (g *Group) RateOf(m model.Member) float64 {
	switch {
	case g.Send == nil || g.Send.Sittings != nil:
		return 0
	case g.factors == nil:
		return g.Send.Rate
	}
	return float64(g.Send.Rate * float64(g.factors[g.place(m)]))
}

// Busy returns how busy the population is at sending, over the run; nil where nobody sends by a rate.
func (g *Group) Busy() *chance.Intensity { return g.rates.of[sim.RateSend] }
