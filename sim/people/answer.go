package people

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// Reply is what a recipient does with an invitation.
type Reply uint8

// The replies, in the order in which their shares are stacked up. NoReply is an invitation that is never answered.
const (
	AcceptIt Reply = iota
	IgnoreIt
	ReportIt
	BlockSender
	NoReply
)

// answers are the shares of the replies to the invitations of one population, each together with those before it.
type answers struct {
	accept, ignore, report, block chance.Share
	again                         chance.Share // in place of accept, where the list shows an earlier request
	more                          chance.Share // and of those who would not answer, together with all before: what again adds to accept
}

// newAnswers stacks up shares. A uniform number counts against the first share, what is left of it against the next, and so on:
// the rounding of each difference is a part of the histories.
func newAnswers(of sim.Answers, again float64) answers {
	accepts := func(u float64) bool { return u < of.Accept }
	ignores := func(u float64) bool { return accepts(u) || u-of.Accept < of.Ignore }
	reports := func(u float64) bool { return ignores(u) || u-of.Accept-of.Ignore < of.Report }
	blocks := func(u float64) bool { return reports(u) || u-of.Accept-of.Ignore-of.Report < of.Block }
	added := float64(of.Accept*again) - of.Accept
	adds := func(u float64) bool { return blocks(u) || u-of.Accept-of.Ignore-of.Report-of.Block < added }
	return answers{
		accept: chance.ShareWhere(accepts), ignore: chance.ShareWhere(ignores),
		report: chance.ShareWhere(reports), block: chance.ShareWhere(blocks),
		again: chance.ShareOf(float64(of.Accept * again)), more: chance.ShareWhere(adds),
	}
}

// Invitation is what the two whom an invitation concerns decide about it. It is told from all others by who sent it, to
// whom, when and of which kind, so that it can be put together anew whenever there is something to decide.
type Invitation struct {
	from, to          *Group
	sender, recipient chance.Key
	occasion          uint64        // the draws of the recipient: who sent it, when and of which kind
	answering         chance.Stream // what the recipient draws from whether and when to answer
}

// Invitation returns the invitation that a sender sent at a second. Both members must exist.
func (c *Crowd) Invitation(sender, recipient model.Member, kind model.Kind, sentAt model.Instant) Invitation {
	from, to := c.Of(sender), c.Of(recipient)
	sends, receives := from.key(sender), to.key(recipient)
	return Invitation{
		from: from, to: to, sender: sends, recipient: receives,
		occasion:  uint64(from.identity(sends).Sub(uint64(sentAt)<<2 | uint64(kind))),
		answering: to.streams[chance.Answering].Of(receives),
	}
}

// Answer returns what the recipient will do with the invitation. Again says that the list shows an earlier request of the
// sender. Only the share of acceptances depends on it, at the cost or for the good of those who never answer: who ignores one, ignores the other.
func (i *Invitation) Answer(again bool) Reply {
	if i.to.answers == nil {
		return NoReply
	}
	shares, random := &i.to.answers[i.from.Index], i.answering.Bits(i.occasion)
	// Counted, not asked one after the other: branches on what is as good as a coin are guessed wrong as often as not.
	reply := AcceptIt + Reply(shares.accept.Beyond(random)+shares.ignore.Beyond(random)+shares.report.Beyond(random)+shares.block.Beyond(random))
	if !again {
		return reply
	}
	switch {
	case reply == AcceptIt && !shares.again.Has(random):
		return NoReply
	case reply == NoReply && shares.more.Has(random):
		return AcceptIt
	}
	return reply
}

// AnswerAt returns the instant at which the recipient answers an invitation that shows from a second on, in nanoseconds
// since the start, Never where it is out of reach. The recipient's population must respond.
func (i *Invitation) AnswerAt(shows model.Instant) uint64 {
	return follow(i.answering, i.occasion, shows, i.delay())
}

// delay returns how long the recipient thinks about an answer, in seconds.
func (i *Invitation) delay() float64 {
	return i.to.Respond.Delay.Draw(i.to.draw(chance.AnswerDelay, i.recipient, i.occasion))
}

// IsAnswer says whether an answer at an instant is the answer to this invitation.
func (i *Invitation) IsAnswer(at uint64) bool { return follows(i.answering, i.occasion, at) }

// ReconsiderAt returns when the recipient who ignored the invitation at a second accepts it after all, in nanoseconds since the
// start; Never where they do not.
func (i *Invitation) ReconsiderAt(ignored model.Instant) uint64 {
	return i.to.habits.reconsider.at(i.recipient, i.occasion, ignored)
}

// IsReconsidered says whether an acceptance at an instant, after all, is that of this invitation.
func (i *Invitation) IsReconsidered(at uint64) bool {
	return i.to.habits.reconsider.is(i.recipient, i.occasion, at)
}

// ReportAgainAt returns when the recipient who reported the invitation at a second does so once more, in nanoseconds since the
// start; Never where they do not.
func (i *Invitation) ReportAgainAt(reported model.Instant) uint64 {
	return i.to.habits.reportAgain.at(i.recipient, i.occasion, reported)
}

// IsReportedAgain says whether a second report at an instant is that of this invitation.
func (i *Invitation) IsReportedAgain(at uint64) bool {
	return i.to.habits.reportAgain.is(i.recipient, i.occasion, at)
}

// MistakeAt returns when the sender withdraws the invitation as a mistake, in nanoseconds since the start; Never for one that is
// none. Shows is the second from which the sender's list has it.
func (i *Invitation) MistakeAt(shows model.Instant) uint64 {
	return i.from.habits.mistake.at(i.sender, i.ofSender(), shows)
}

// IsMistake says whether a withdrawal at an instant, as a mistake, is that of this invitation.
func (i *Invitation) IsMistake(at uint64) bool {
	return i.from.habits.mistake.is(i.sender, i.ofSender(), at)
}

// Resends says whether the sender will invite the same recipient once more if this invitation ends withdrawn or expired.
func (i *Invitation) Resends() bool {
	return i.from.habits.resend.happens(i.sender, i.ofSender())
}

// ResendAt returns when the sender invites the same recipient once more, after the invitation ended at a second, in
// nanoseconds since the start; Never where they do not.
func (i *Invitation) ResendAt(ended model.Instant) uint64 {
	return i.from.habits.resend.at(i.sender, i.ofSender(), ended)
}

// ofSender numbers the invitation for the draws of the sender.
func (i *Invitation) ofSender() uint64 { return uint64(i.to.identity(i.recipient).Sub(i.occasion)) }
