package conduct

import (
	"invitesim/model"
	"invitesim/model/store"
	"invitesim/sim"
	"invitesim/sim/measure"
	"invitesim/sim/people"
)

// Fates tells what invitations had met before they ended: they can only have been ignored or reported by the recipient's plan, which is
// drawn and not stored. It belongs to one goroutine.
type Fates struct {
	seed  uint64
	crowd *people.Crowd
	lags  []lagFrom // every lag of views so far
	late  bool      // whether there was a lag at all
}

// lagFrom is a lag of views and the instant from which it was in force.
type lagFrom struct {
	at  model.Instant
	lag model.Lag
}

// NewFates returns the fates of the invitations of a crowd under the policy that a plan starts with.
func NewFates(plan *sim.Plan, crowd *people.Crowd) Fates {
	f := Fates{seed: plan.Seed, crowd: crowd}
	f.ChangePolicy(0, &plan.Policy)
	return f
}

// ChangePolicy tells what policy is in force from an instant on.
func (f *Fates) ChangePolicy(t model.Instant, p *model.Policy) {
	f.lags = append(f.lags, lagFrom{t, p.Views.Lag})
	f.late = f.late || p.Views.Lag.Share > 0
}

// FateBefore returns what the invitation that a command ended had met before; Open where it ended none. At is the nanosecond of the
// command.
func (f *Fates) FateBefore(at uint64, c *model.Command, a *model.Answer) measure.Fate {
	switch {
	case a.Outcome == model.WasWithdrawn:
		return f.metUntil(at, c.Actor, c.Peer, c.Kind, a.SentAt)
	case a.Outcome == model.WasConnected && c.Verb == model.Send, f.wasAccepted(c, a):
		return f.metUntil(at, c.Peer, c.Actor, c.Kind, a.SentAt)
	}
	return measure.Open
}

// wasAccepted says whether a command accepted an invitation that may have been ignored before.
func (f *Fates) wasAccepted(c *model.Command, a *model.Answer) bool {
	if a.Outcome != model.WasConnected && a.Outcome != model.WasAccepted {
		return false
	}
	habits := f.crowd.Of(c.Actor).Respond
	return habits != nil && habits.Reconsider != nil
}

// FateLapsed returns what an invitation that expired, or that a command for something else cancelled, had met before. At is the
// nanosecond of that command, or any of the second in which it expired.
func (f *Fates) FateLapsed(at uint64, sender, recipient model.Member, kind model.Kind, sentAt model.Instant, to measure.Fate) measure.Fate {
	if to == measure.Expired {
		at -= at%second + 1 // timers come before the commands of their instant
	}
	return f.metUntil(at, sender, recipient, kind, sentAt)
}

// metUntil returns what an invitation that was outstanding just before a nanosecond had met by then.
func (f *Fates) metUntil(at uint64, sender, recipient model.Member, kind model.Kind, sentAt model.Instant) measure.Fate {
	invitation := f.crowd.Invitation(sender, recipient, kind, sentAt)
	fate := measure.Open
	switch invitation.Answer(false) {
	case people.IgnoreIt:
		fate = measure.Ignored
	case people.ReportIt:
		fate = measure.Reported
	default:
		return measure.Open
	}
	if !invitation.AnswersUntil(at, f.shows(sender, recipient, sentAt)) {
		return measure.Open
	}
	return fate
}

// shows returns from when on lists show an invitation.
func (f *Fates) shows(sender, recipient model.Member, sentAt model.Instant) model.Instant {
	if !f.late {
		return sentAt
	}
	return f.showsLate(sender, recipient, sentAt)
}

// showsLate is shows where views lag, or did so once.
func (f *Fates) showsLate(sender, recipient model.Member, sentAt model.Instant) model.Instant {
	i := len(f.lags) - 1
	for i > 0 && f.lags[i].at > sentAt {
		i--
	}
	return sentAt.After(f.lags[i].lag.Of(f.seed, sender, recipient, sentAt))
}

// Lapse plans what follows from an invitation that ended without a command for it.
func (s *Share) Lapse(c *store.Change) {
	if c.State == model.Expired {
		s.planResend(c.Sender, c.Recipient, c.Kind, c.SentAt, c.At)
	}
}

// planResend plans that a sender invites somebody once more, if they do.
func (s *Share) planResend(sender, recipient model.Member, kind model.Kind, sentAt, ended model.Instant) {
	if s.Crowd.Of(sender).Resend == nil {
		return
	}
	invitation := s.Crowd.Invitation(sender, recipient, kind, sentAt)
	s.push(invitation.ResendAt(ended), actResend+action(kind), sender, uint32(recipient))
}
