package conduct

import (
	"invitesim/model"
	"invitesim/model/store"
	"invitesim/sim/measure"
	"invitesim/sim/people"
)

// FateBefore returns what the invitation that a command ended had met before: it can only have been ignored or reported
// by the recipient's plan, which is drawn and not stored. At is the nanosecond of the command.
func (s *Share) FateBefore(at uint64, c *model.Command, a *model.Answer) measure.Fate {
	switch {
	case a.Outcome == model.WasWithdrawn:
		return s.metUntil(at, c.Actor, c.Peer, c.Kind, a.SentAt)
	case a.Outcome == model.WasConnected && c.Verb == model.Send, s.wasAccepted(c, a):
		return s.metUntil(at, c.Peer, c.Actor, c.Kind, a.SentAt)
	}
	return measure.Open
}

// wasAccepted says whether a command accepted an invitation that may have been ignored before.
func (s *Share) wasAccepted(c *model.Command, a *model.Answer) bool {
	if a.Outcome != model.WasConnected && a.Outcome != model.WasAccepted {
		return false
	}
	habits := s.Crowd.Of(c.Actor).Respond
	return habits != nil && habits.Reconsider != nil
}

// metUntil returns what an invitation that was outstanding just before a nanosecond had met by then.
func (s *Share) metUntil(at uint64, sender, recipient model.Member, kind model.Kind, sentAt model.Instant) measure.Fate {
	if s.Crowd.Of(recipient).Respond == nil {
		return measure.Open
	}
	invitation := s.Crowd.Invitation(sender, recipient, kind, sentAt)
	fate := measure.Open
	switch invitation.Answer(false) {
	case people.IgnoreIt:
		fate = measure.Ignored
	case people.ReportIt:
		fate = measure.Reported
	default:
		return measure.Open
	}
	if invitation.AnswerAt(s.shows(sender, recipient, sentAt)) > at {
		return measure.Open
	}
	return fate
}

// shows returns from when on lists show an invitation.
func (s *Share) shows(sender, recipient model.Member, sentAt model.Instant) model.Instant {
	return sentAt.After(s.lagAt(sender, recipient, sentAt))
}

// Lapse plans what follows from an invitation that ended without a command for it, and returns what it had met before. Now is
// the nanosecond of the command that cancelled it.
func (s *Share) Lapse(now uint64, c *store.Change) measure.Fate {
	if c.State != model.Expired {
		return s.metUntil(now, c.Sender, c.Recipient, c.Kind, c.SentAt)
	}
	s.planResend(c.Sender, c.Recipient, c.Kind, c.SentAt, c.At)
	// Timers come before the commands of their instant.
	return s.metUntil(uint64(c.At)*second-1, c.Sender, c.Recipient, c.Kind, c.SentAt)
}

// planResend plans that a sender invites somebody once more, if they do.
func (s *Share) planResend(sender, recipient model.Member, kind model.Kind, sentAt, ended model.Instant) {
	if s.Crowd.Of(sender).Resend == nil {
		return
	}
	invitation := s.Crowd.Invitation(sender, recipient, kind, sentAt)
	s.push(invitation.ResendAt(ended), actResend+action(kind), sender, uint32(recipient))
}
