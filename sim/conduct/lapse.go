package conduct

import (
	"invitesim/model"
	"invitesim/model/store"
)

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
