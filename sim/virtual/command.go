package virtual

import (
	"invitesim/model"
	"invitesim/model/store"
	"invitesim/sim/measure"
	"invitesim/sim/people"
)

// do gives the engine's command to the system, and tells everybody who keeps account what came of it.
func (e *engine) do(at uint64) *model.Answer {
	t := model.Instant(at / second)
	a := e.decide(t)
	e.record(t, a, e.fateBefore(at, a))
	return a
}

// fateBefore returns what the invitation that a command ended had met before: it can only have been ignored or reported
// by the recipient's plan, which is drawn and not stored.
func (e *engine) fateBefore(at uint64, a *model.Answer) measure.Fate {
	c := &e.command
	switch {
	case a.Outcome == model.WasWithdrawn:
		return e.metUntil(at, c.Actor, c.Peer, c.Kind, a.SentAt)
	case a.Outcome == model.WasConnected && c.Verb == model.Send:
		return e.metUntil(at, c.Peer, c.Actor, c.Kind, a.SentAt)
	}
	return measure.Open
}

// metUntil returns what an invitation that was outstanding just before a nanosecond had met by then.
func (e *engine) metUntil(at uint64, sender, recipient model.Member, kind model.Kind, sentAt model.Instant) measure.Fate {
	if e.crowd.Of(recipient).Respond == nil {
		return measure.Open
	}
	invitation := e.crowd.Invitation(sender, recipient, kind, sentAt)
	fate := measure.Open
	switch invitation.Answer(false) {
	case people.IgnoreIt:
		fate = measure.Ignored
	case people.ReportIt:
		fate = measure.Reported
	default:
		return measure.Open
	}
	if invitation.AnswerAt(e.shows(sender, recipient, sentAt)) > at {
		return measure.Open
	}
	return fate
}

// shows returns from when on lists show an invitation.
func (e *engine) shows(sender, recipient model.Member, sentAt model.Instant) model.Instant {
	return sentAt.After(e.lagAt(sender, recipient, sentAt))
}

// lapse accounts for an invitation that ended without a command for it.
func (e *engine) lapse(c *store.Change) {
	until := e.now // a command cancelled it
	if c.State == model.Expired {
		until = uint64(c.At)*second - 1 // timers come before the commands of their instant
	}
	e.lapsed(c, e.metUntil(until, c.Sender, c.Recipient, c.Kind, c.SentAt))
	if c.State == model.Expired {
		e.planResend(c.Sender, c.Recipient, c.Kind, c.SentAt, c.At)
	}
}

// planResend plans that a sender invites somebody once more, if they do.
func (e *engine) planResend(sender, recipient model.Member, kind model.Kind, sentAt, ended model.Instant) {
	if e.crowd.Of(sender).Resend == nil {
		return
	}
	invitation := e.crowd.Invitation(sender, recipient, kind, sentAt)
	e.push(invitation.ResendAt(ended), actResend+action(kind), sender, uint32(recipient))
}
