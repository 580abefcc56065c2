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
	who, start := g.key(m), Start{}
	if d := g.Start.Connections; d != nil {
		start.Connections = wholeNumber(d.Draw(g.draw(chance.Connections, who, 0)), 1<<31)
	}
	if d := g.Start.AccountAge; d != nil {
		start.AccountAge = min(wholeSeconds(d.Draw(g.draw(chance.AccountAge, who, 0))), model.LongestDuration)
	}
	if shares := &g.Start.Inbound; shares[model.Email]+shares[model.Nobody] > 0 {
		switch u := g.draw(chance.Inbound, who, 0); {
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
	u := g.draw(chance.Tidying, g.key(m), 0)
	return uint64(float64(u * float64(g.Tidy.Every) * second))
}

// Removal returns who of two whom an invitation of a second has connected at another removes the connection, and when, in nanoseconds since the
// start; Never where nobody does. Each of the two is as likely to be the one whose population's habit decides.
func (c *Crowd) Removal(a, b model.Member, sentAt, connected model.Instant) (remover, other model.Member, at uint64) {
	if c.Of(a).habits.remove.share == 0 && c.Of(b).habits.remove.share == 0 {
		return 0, 0, Never
	}
	remover, n := c.remover(a, b, sentAt)
	g := c.Of(remover)
	return remover, a ^ b ^ remover, g.habits.remove.at(g.key(remover), n, connected)
}

// IsRemoval says whether the removal of a connection at an instant is that of the one that an invitation of a second made.
func (c *Crowd) IsRemoval(a, b model.Member, sentAt model.Instant, at uint64) bool {
	remover, n := c.remover(a, b, sentAt)
	g := c.Of(remover)
	return g.habits.remove.is(g.key(remover), n, at)
}

// remover returns whose habit decides over a connection, and numbers it for the draws of that member.
func (c *Crowd) remover(a, b model.Member, sentAt model.Instant) (remover model.Member, n uint64) {
	ga, gb := c.Of(a), c.Of(b)
	ia, ib := ga.identity(ga.key(a)), gb.identity(gb.key(b))
	n = uint64(min(ia, ib).Sub(uint64(max(ia, ib))).Sub(uint64(sentAt)))
	// A coin: the choice of one number needs no branch, which would be guessed wrong every other time.
	remover = a
	if (n&1 == 1) != (ia > ib) {
		remover = b
	}
	return remover, n
}

// UnblockAt returns when a member undoes a block of a second, in nanoseconds since the start; Never where they do not.
func (c *Crowd) UnblockAt(blocker, blocked model.Member, at model.Instant) uint64 {
	g := c.Of(blocker)
	return g.habits.unblock.at(g.key(blocker), c.about(blocked, at), at)
}

// BlockAgainAt returns when a member who undid a block at a second tries to block the same person again, in nanoseconds since the
// start; Never where they do not.
func (c *Crowd) BlockAgainAt(blocker, blocked model.Member, at model.Instant) uint64 {
	g := c.Of(blocker)
	return g.habits.blockAgain.at(g.key(blocker), c.about(blocked, at), at)
}

// about numbers an occasion of a second that concerns a member, for the draws of others.
func (c *Crowd) about(m model.Member, at model.Instant) uint64 {
	g := c.Of(m)
	return uint64(g.identity(g.key(m)).Sub(uint64(at)))
}

// LeaveAt returns when a member closes the account, in nanoseconds since the start; Never for those who stay.
func (g *Group) LeaveAt(m model.Member) uint64 {
	habit, who := &g.habits.leave, g.key(m)
	if !habit.happens(who, 0) {
		return Never
	}
	return nanoseconds(habit.length(who, 0))
}

// BackAt returns when a member who left at an instant opens the account again; Never for those who stay away.
func (g *Group) BackAt(m model.Member, left uint64) uint64 {
	habit, who := &g.habits.back, g.key(m)
	if !habit.happens(who, 0) {
		return Never
	}
	return later(left, nanoseconds(habit.length(who, 0)))
}

// NextLook returns when a member who looked at the own received (or sent) invitations at an instant does so next.
func (g *Group) NextLook(m model.Member, of sim.Rate, at uint64) uint64 {
	source, rate := chance.LookingReceived, g.Look.Received
	if of == sim.RateLookSent {
		source, rate = chance.LookingSent, g.Look.Sent
	}
	return g.rates.next(of, at, rate, g.draw(source, g.key(m), at))
}

// later returns the instant a length after another, Never if either is.
func later(at, length uint64) uint64 {
	if at >= Never || length >= Never {
		return Never
	}
	return at + length
}
