package people

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// Start is what a member has when the run starts.
type Start struct {
	Connections uint32
	AccountAge  model.Seconds
	Inbound     model.Inbound
}

// StartOf returns what a member has when the run starts.
func (g *Group) StartOf(m model.Member) Start {
	place, start := g.place(m), Start{}
	if d := g.Start.Connections; d != nil {
		start.Connections = uint32(max(0, min(d.Draw(g.draw(chance.Connections, place, 0)), 1<<31)))
	}
	if d := g.Start.AccountAge; d != nil {
		start.AccountAge = min(wholeSeconds(d.Draw(g.draw(chance.AccountAge, place, 0))), model.LongestDuration)
	}
	if shares := &g.Start.Inbound; shares[model.Email]+shares[model.Nobody] > 0 {
		switch u := g.draw(chance.Inbound, place, 0); {
		case u < shares[model.Email]:
			start.Inbound = model.Email
		case u < shares[model.Email]+shares[model.Nobody]:
			start.Inbound = model.Nobody
		}
	}
	return start
}

// TidyAt returns when a member first tidies on a timetable, in nanoseconds since the start.
func (g *Group) TidyAt(m model.Member) uint64 {
	if g.Tidy == nil || g.Tidy.Every <= 0 {
		return Never
	}
	u := g.draw(chance.Tidying, g.place(m), 0)
	return uint64(float64(u * float64(g.Tidy.Every) * second))
}

// Removal returns who of two that connect at a second removes the connection, and when, in nanoseconds since the start;
// Never where nobody does. Each of the two is as likely to be the one whose population's habit decides.
func (c *Crowd) Removal(a, b model.Member, connected model.Instant) (remover, other model.Member, at uint64) {
	ga, gb := c.Of(a), c.Of(b)
	if ga.Remove == nil && gb.Remove == nil {
		return 0, 0, Never
	}
	ia, ib := ga.identity(a), gb.identity(b)
	if ia > ib {
		a, b, ga, gb, ia, ib = b, a, gb, ga, ib, ia
	}
	n := uint64(ia.Sub(uint64(ib)).Sub(uint64(connected)))
	if n&1 == 1 {
		a, b, ga = b, a, gb
	}
	if ga.Remove == nil || !ga.happens(chance.Removing, ga.place(a), n, ga.Remove.Share) {
		return 0, 0, Never
	}
	after := ga.Remove.After.Draw(ga.draw(chance.RemoveDelay, ga.place(a), n))
	return a, b, ga.follow(chance.Removing, a, n, connected, after)
}

// UnblockAt returns when a member undoes a block of a second, in nanoseconds since the start; Never where they do not.
func (c *Crowd) UnblockAt(blocker, blocked model.Member, at model.Instant) uint64 {
	g := c.Of(blocker)
	if g.Unblock == nil {
		return Never
	}
	place, n := g.place(blocker), c.Of(blocked).about(blocked, uint64(at))
	if !g.happens(chance.Unblocking, place, n, g.Unblock.Share) {
		return Never
	}
	after := g.Unblock.After.Draw(g.draw(chance.UnblockDelay, place, n))
	return g.follow(chance.Unblocking, blocker, n, at, after)
}

// BlockAgainAt returns when a member who undid a block at a second tries to block the same person again, in nanoseconds since the
// start; Never where they do not.
func (c *Crowd) BlockAgainAt(blocker, blocked model.Member, at model.Instant) uint64 {
	g := c.Of(blocker)
	if g.Unblock == nil || g.Unblock.Again == nil {
		return Never
	}
	place, n := g.place(blocker), c.Of(blocked).about(blocked, uint64(at))
	if !g.happens(chance.BlockingAgain, place, n, g.Unblock.Again.Share) {
		return Never
	}
	after := g.Unblock.Again.After.Draw(g.draw(chance.BlockAgainDelay, place, n))
	return g.followOnTime(chance.BlockingAgain, blocker, n, at, after)
}

// LeaveAt returns when a member closes the account, in nanoseconds since the start; Never for those who stay.
func (g *Group) LeaveAt(m model.Member) uint64 {
	if g.Leave == nil || !g.happens(chance.Leaving, g.place(m), 0, g.Leave.Share) {
		return Never
	}
	return nanoseconds(g.Leave.After.Draw(g.draw(chance.LeaveDelay, g.place(m), 0)))
}

// BackAt returns when a member who left at an instant opens the account again; Never for those who stay away.
func (g *Group) BackAt(m model.Member, left uint64) uint64 {
	if g.Leave == nil || g.Leave.Back == nil || !g.happens(chance.Returning, g.place(m), 0, g.Leave.Back.Share) {
		return Never
	}
	return later(left, nanoseconds(g.Leave.Back.After.Draw(g.draw(chance.ReturnDelay, g.place(m), 0))))
}

// NextLook returns when a member who looked at the own received (or sent) invitations at an instant does so next.
func (g *Group) NextLook(m model.Member, of sim.Rate, at uint64) uint64 {
	source, rate := chance.LookingReceived, g.Look.Received
	if of == sim.RateLookSent {
		source, rate = chance.LookingSent, g.Look.Sent
	}
	return g.rates.next(of, at, rate, g.draw(source, g.place(m), at))
}

// later returns the instant a length after another, Never if either is.
func later(at, length uint64) uint64 {
	if at >= Never || length >= Never {
		return Never
	}
	return at + length
}
