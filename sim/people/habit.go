package people

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// habits are what a population does in a share of cases, some time after.
type habits struct {
	mistake, resend, remove, unblock, blockAgain, reconsider, reportAgain, leave, back habit
}

// newHabits returns the habits of a population. A sim.AfterShare that is nil makes one that nobody has.
func newHabits(g *Group) habits {
	h := habits{
		mistake: g.newHabit((*sim.AfterShare)(g.Mistakes), chance.Mistake, chance.MistakeDelay),
		resend:  g.newHabit(g.Resend, chance.Resending, chance.ResendDelay),
		remove:  g.newHabit(g.Remove, chance.Removing, chance.RemoveDelay),
	}
	if unblock := g.Unblock; unblock != nil {
		h.unblock = g.newHabit(&unblock.AfterShare, chance.Unblocking, chance.UnblockDelay)
		h.blockAgain = g.newHabit(unblock.Again, chance.BlockingAgain, chance.BlockAgainDelay)
	}
	if respond := g.Respond; respond != nil {
		h.reconsider = g.newHabit(respond.Reconsider, chance.Reconsidering, chance.ReconsiderDelay)
		h.reportAgain = g.newHabit(respond.ReportAgain, chance.ReportingAgain, chance.ReportAgainDelay)
	}
	if leave := g.Leave; leave != nil {
		h.leave = g.newHabit(&leave.AfterShare, chance.Leaving, chance.LeaveDelay)
		h.back = g.newHabit(leave.Back, chance.Returning, chance.ReturnDelay)
	}
	return h
}

// habit is one of them, with what its draws need. The zero habit is one that nobody has.
type habit struct {
	share   chance.Share
	after   *chance.Distribution // seconds
	whether chance.Stream
	delay   chance.Stream
}

func (g *Group) newHabit(of *sim.AfterShare, whether, delay chance.Source) habit {
	if of == nil {
		return habit{}
	}
	return habit{share: chance.ShareOf(of.Share), after: of.After, whether: g.streams[whether], delay: g.streams[delay]}
}

// happens says whether somebody does it on an occasion.
func (h *habit) happens(who chance.Key, occasion uint64) bool {
	return h.share > 0 && h.share.Has(h.whether.Of(who).Bits(occasion))
}

// length returns how much later they do, in seconds.
func (h *habit) length(who chance.Key, occasion uint64) float64 {
	return h.after.Draw(h.delay.Of(who).Uniform(occasion))
}

// at returns when somebody does it on an occasion of a second, in nanoseconds since the start; Never where they do not.
func (h *habit) at(who chance.Key, occasion uint64, from model.Instant) uint64 {
	if h.share == 0 {
		return Never
	}
	whether := h.whether.Of(who)
	if !h.share.Has(whether.Bits(occasion)) {
		return Never
	}
	return follow(whether, occasion, from, h.length(who, occasion))
}

// is says whether an instant may be one that at returned for this occasion: wrongly once in 10⁹.
func (h *habit) is(who chance.Key, occasion, at uint64) bool {
	return follows(h.whether.Of(who), occasion, at)
}
