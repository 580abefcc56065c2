package people

import (
	"invitesim/model"
	"invitesim/sim/chance"
)

// Reply is what a recipient does with an invitation.
type Reply uint8

// The replies. NoReply is an invitation that is never answered.
const (
	NoReply Reply = iota
	AcceptIt
	IgnoreIt
	ReportIt
	BlockSender
)

// Answer returns what a recipient will do with an invitation. Occasion is the invitation's; again says that the list
// shows an earlier request of the sender. Only the share of acceptances depends on it: who ignores one, ignores the other.
func (c *Crowd) Answer(recipient, sender model.Member, occasion uint64, again bool) Reply {
	g := c.Of(recipient)
	if g.answers == nil {
		return NoReply
	}
	shares := g.answers[c.Of(sender).Index]
	u := g.draw(chance.Answering, g.place(recipient), occasion)
	accept := shares.Accept
	if u < accept {
		if again && u >= float64(accept*g.Respond.Again) {
			return NoReply
		}
		return AcceptIt
	}
	u -= accept
	if u < shares.Ignore {
		return IgnoreIt
	}
	u -= shares.Ignore
	if u < shares.Report {
		return ReportIt
	}
	u -= shares.Report
	if u < shares.Block {
		return BlockSender
	}
	return NoReply
}

// AnswerAt returns the instant at which a recipient answers an invitation that shows from a second on, in nanoseconds
// since the start, Never where it is out of reach.
func (c *Crowd) AnswerAt(recipient model.Member, occasion uint64, shows model.Instant) uint64 {
	g := c.Of(recipient)
	delay := g.Respond.Delay.Draw(g.draw(chance.AnswerDelay, g.place(recipient), occasion))
	return g.follow(chance.Answering, recipient, occasion, shows, delay)
}

// IsAnswer says whether an answer at an instant is the answer to this occasion.
func (c *Crowd) IsAnswer(recipient model.Member, occasion uint64, at uint64) bool {
	return c.Of(recipient).follows(chance.Answering, recipient, occasion, at)
}

// MistakeAt returns when a sender withdraws an invitation as a mistake, Never for one that is none. Shows is the second
// from which the sender's list has it.
func (c *Crowd) MistakeAt(sender, recipient model.Member, occasion uint64, shows model.Instant) uint64 {
	g := c.Of(sender)
	if g.Mistakes == nil {
		return Never
	}
	n := c.about(recipient, occasion)
	if !g.happens(chance.Mistake, g.place(sender), n, g.Mistakes.Share) {
		return Never
	}
	after := g.Mistakes.After.Draw(g.draw(chance.MistakeDelay, g.place(sender), n))
	return g.follow(chance.Mistake, sender, n, shows, after)
}

// IsMistake says whether a withdrawal at an instant, as a mistake, is that of this occasion.
func (c *Crowd) IsMistake(sender, recipient model.Member, occasion uint64, at uint64) bool {
	return c.Of(sender).follows(chance.Mistake, sender, c.about(recipient, occasion), at)
}

// about numbers an occasion together with the recipient.
func (c *Crowd) about(recipient model.Member, occasion uint64) uint64 {
	return uint64(c.Of(recipient).identity(recipient).Sub(occasion))
}

// follow returns the instant that is a drawn delay after the end of a second. The end, because what happened in that
// second must not be followed before it happened.
func (g *Group) follow(source chance.Source, m model.Member, n uint64, from model.Instant, drawn float64) uint64 {
	delay := wholeSeconds(drawn)
	if delay >= model.Forever || from >= model.LastInstant {
		return Never
	}
	return (uint64(from)+1+uint64(delay))*second + g.nanosecond(source, m, n)
}

// follows says whether an instant may be one that follow returned for this occasion: wrongly once in 10⁹.
func (g *Group) follows(source chance.Source, m model.Member, n, at uint64) bool {
	return at%second == g.nanosecond(source, m, n)
}

// nanosecond returns the part of a second at which what follows from an occasion happens.
func (g *Group) nanosecond(source chance.Source, m model.Member, n uint64) uint64 {
	return tag(g.bits(source, g.place(m), ^n))
}
