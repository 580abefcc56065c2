package people

import (
	"invitesim/model"
	"invitesim/sim"
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

// Invitation is what the two whom an invitation concerns decide about it. It is told from all others by who sent it, to
// whom, when and of which kind, so that it can be put together anew whenever there is something to decide.
type Invitation struct {
	sender, recipient model.Member
	from, to          *Group
	occasion          uint64 // the draws of the recipient: who sent it, when and of which kind
	own               uint64 // the draws of the sender: the occasion and the recipient; 0 where nobody asked yet
}

// Invitation returns the invitation that a sender sent at a second. Both members must exist.
func (c *Crowd) Invitation(sender, recipient model.Member, kind model.Kind, sentAt model.Instant) Invitation {
	from := c.Of(sender)
	return Invitation{
		sender: sender, recipient: recipient, from: from, to: c.Of(recipient),
		occasion: uint64(from.identity(sender).Sub(uint64(sentAt)<<2 | uint64(kind))),
	}
}

// Answer returns what the recipient will do with the invitation. Again says that the list shows an earlier request of the
// sender. Only the share of acceptances depends on it: who ignores one, ignores the other.
func (i *Invitation) Answer(again bool) Reply {
	g := i.to
	if g.answers == nil {
		return NoReply
	}
	shares := g.answers[i.from.Index]
	u := g.draw(chance.Answering, g.place(i.recipient), i.occasion)
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

// AnswerAt returns the instant at which the recipient answers an invitation that shows from a second on, in nanoseconds
// since the start, Never where it is out of reach. The recipient's population must respond.
func (i *Invitation) AnswerAt(shows model.Instant) uint64 {
	g := i.to
	delay := g.Respond.Delay.Draw(g.draw(chance.AnswerDelay, g.place(i.recipient), i.occasion))
	return g.follow(chance.Answering, i.recipient, i.occasion, shows, delay)
}

// IsAnswer says whether an answer at an instant is the answer to this invitation.
func (i *Invitation) IsAnswer(at uint64) bool {
	return i.to.follows(chance.Answering, i.recipient, i.occasion, at)
}

// ReconsiderAt returns when the recipient who ignored the invitation at a second accepts it after all, in nanoseconds since the
// start; Never where they do not. The recipient's population must respond.
func (i *Invitation) ReconsiderAt(ignored model.Instant) uint64 {
	return i.comeBackAt(i.to.Respond.Reconsider, chance.Reconsidering, chance.ReconsiderDelay, ignored)
}

// IsReconsidered says whether an acceptance at an instant, after all, is that of this invitation.
func (i *Invitation) IsReconsidered(at uint64) bool {
	return i.to.follows(chance.Reconsidering, i.recipient, i.occasion, at)
}

// ReportAgainAt returns when the recipient who reported the invitation at a second does so once more, in nanoseconds since the
// start; Never where they do not. The recipient's population must respond.
func (i *Invitation) ReportAgainAt(reported model.Instant) uint64 {
	return i.comeBackAt(i.to.Respond.ReportAgain, chance.ReportingAgain, chance.ReportAgainDelay, reported)
}

// IsReportedAgain says whether a second report at an instant is that of this invitation.
func (i *Invitation) IsReportedAgain(at uint64) bool {
	return i.to.follows(chance.ReportingAgain, i.recipient, i.occasion, at)
}

// comeBackAt returns when the recipient comes back to the invitation after an answer given at a second, Never where they do not.
func (i *Invitation) comeBackAt(habit *sim.AfterShare, source, delay chance.Source, answered model.Instant) uint64 {
	g := i.to
	if habit == nil || !g.happens(source, g.place(i.recipient), i.occasion, habit.Share) {
		return Never
	}
	after := habit.After.Draw(g.draw(delay, g.place(i.recipient), i.occasion))
	return g.follow(source, i.recipient, i.occasion, answered, after)
}

// MistakeAt returns when the sender withdraws the invitation as a mistake, Never for one that is none. Shows is the second
// from which the sender's list has it.
func (i *Invitation) MistakeAt(shows model.Instant) uint64 {
	g := i.from
	if g.Mistakes == nil {
		return Never
	}
	n := i.ofSender()
	if !g.happens(chance.Mistake, g.place(i.sender), n, g.Mistakes.Share) {
		return Never
	}
	after := g.Mistakes.After.Draw(g.draw(chance.MistakeDelay, g.place(i.sender), n))
	return g.follow(chance.Mistake, i.sender, n, shows, after)
}

// IsMistake says whether a withdrawal at an instant, as a mistake, is that of this invitation.
func (i *Invitation) IsMistake(at uint64) bool {
	return i.from.follows(chance.Mistake, i.sender, i.ofSender(), at)
}

// Resends says whether the sender will invite the same recipient once more if this invitation ends withdrawn or expired.
func (i *Invitation) Resends() bool {
	g := i.from
	return g.Resend != nil && g.happens(chance.Resending, g.place(i.sender), i.ofSender(), g.Resend.Share)
}

// ResendAt returns when the sender invites the same recipient once more, after the invitation ended at a second, in
// nanoseconds since the start; Never where they do not.
func (i *Invitation) ResendAt(ended model.Instant) uint64 {
	if !i.Resends() {
		return Never
	}
	g, n := i.from, i.ofSender()
	after := g.Resend.After.Draw(g.draw(chance.ResendDelay, g.place(i.sender), n))
	return g.follow(chance.Resending, i.sender, n, ended, after)
}

// ofSender numbers the invitation for the draws of the sender.
func (i *Invitation) ofSender() uint64 {
	if i.own == 0 {
		i.own = i.to.about(i.recipient, i.occasion)
	}
	return i.own
}

// about numbers an occasion together with whom it concerns.
func (g *Group) about(m model.Member, occasion uint64) uint64 {
	return uint64(g.identity(m).Sub(occasion))
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

// followOnTime is follow for somebody who watches the clock: the delay is after the second itself, of which one must have passed.
func (g *Group) followOnTime(source chance.Source, m model.Member, n uint64, from model.Instant, drawn float64) uint64 {
	at := g.follow(source, m, n, from, drawn)
	if at < Never && wholeSeconds(drawn) > 0 {
		at -= second
	}
	return at
}

// follows says whether an instant may be one that follow returned for this occasion: wrongly once in 10⁹.
func (g *Group) follows(source chance.Source, m model.Member, n, at uint64) bool {
	return at%second == g.nanosecond(source, m, n)
}

// nanosecond returns the part of a second at which what follows from an occasion happens.
func (g *Group) nanosecond(source chance.Source, m model.Member, n uint64) uint64 {
	return tag(g.bits(source, g.place(m), ^n))
}
