package oracle

import "invitesim/model"

// Budget is what a run pays for an oracle beside it: how much it reads again. That is counted and not timed, so that how far the oracle goes
// does not depend on the machine. Once it is spent, the oracle is done.
type Budget struct {
	spent      int64
	read       []uint32      // how long each member's history is, in events; that of nobody stays empty
	timers     int64         // of an invitation
	firstTimer model.Instant // none fires before
}

// mostRead is the budget of a run, in steps of about 10 ns each.
const mostRead = 1_000_000_000

// NewBudget returns the budget of a run of so many members under a policy.
func NewBudget(members uint32, p *model.Policy) *Budget {
	b := &Budget{read: make([]uint32, members+1), firstTimer: model.Never}
	b.Obey(p)
	return b
}

// Obey notes how many timers an invitation has under the policy in force, and when the first may fire.
func (b *Budget) Obey(p *model.Policy) {
	b.timers = 1 + int64(len(p.Reminders))
	b.firstTimer = min(b.firstTimer, model.Instant(0).After(p.Expiry))
	for _, interval := range p.Reminders {
		b.firstTimer = min(b.firstTimer, model.Instant(interval))
	}
}

// Covers says whether a command or query at an instant, when so many invitations are outstanding, is within what is left, and takes it from that.
func (b *Budget) Covers(t model.Instant, c *model.Command, outstanding int64) bool {
	actor, peer := &b.read[b.place(c.Actor)], &b.read[b.place(c.Peer)]
	b.spent += b.cost(t, c, outstanding, *actor, *peer)
	if b.spent > mostRead {
		return false
	}
	if !c.Verb.IsQuery() {
		*actor++
		*peer++
		b.read[0] = 0
	}
	return true
}

// cost returns about how much the oracle has to read for a command: the histories of two, and for each timer of an
// invitation all that are outstanding. Once timers fire, about as many do as sends come in.
func (b *Budget) cost(t model.Instant, c *model.Command, outstanding int64, actor, peer uint32) int64 {
	cost := 50 + 3*(int64(actor)+int64(peer))
	if c.Verb == model.Send && t >= b.firstTimer {
		cost += 2 * b.timers * outstanding
	}
	return cost
}

// place returns where a member's history is counted; those who do not exist share the place of nobody.
func (b *Budget) place(m model.Member) model.Member {
	if int(m) >= len(b.read) {
		return 0
	}
	return m
}
