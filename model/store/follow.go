package store

import "invitesim/model"

// What follows a change of an invitation, for those who ask for it: totals, notices, and lists that show changes late. Runs that keep none
// of these pass through here in a few comparisons.

// follows says whether anybody asks for what follows a change.
func (s *Store) follows() bool { return s.keep.notices || s.keep.lag || s.keep.audit }

// begun follows a send.
func (s *Store) begun(t model.Instant, i invitation) {
	s.countSent(i.sender)
	if !s.keep.notices && !s.keep.lag {
		return
	}
	order := s.sequence.Add(1)
	s.shard(i.recipient).told[i.name()] = told{order: order, sentAt: t, expires: t.After(s.rules.Expiry), reminded: t}
	if s.keep.notices && s.rules.Notify.OnSend {
		s.tell(i.recipient, model.Notice{Notice: model.NoticeInvited, Peer: i.sender, Kind: i.kind, Subject: i.subject, At: t}, order)
	}
	s.showLate(t, i, change{model.Absent, model.Pending}, true, order)
}

// hidden follows an ignore, or a report of an invitation that was pending.
func (s *Store) hidden(t model.Instant, i invitation) {
	if s.keep.notices {
		s.remindUntil(t, i.name())
		h := s.shard(i.recipient)
		about := h.told[i.name()]
		about.reminded = model.Never
		h.told[i.name()] = about
	}
	s.showLate(t, i, change{model.Pending, model.Ignored}, false, s.orderOf(i.name()))
}

// ended follows the end of an invitation.
func (s *Store) ended(t model.Instant, i invitation, how model.State) {
	s.countEnd(i.sender)
	if s.observe != nil && (how == model.Expired || how == model.Cancelled) {
		s.observe(Change{
			At: t, Sender: i.sender, Recipient: i.recipient, State: how, Kind: i.kind, Subject: i.subject, SentAt: i.sentAt, Met: i.met,
		})
	}
	if !s.keep.notices && !s.keep.lag {
		return
	}
	order := s.orderOf(i.name())
	if s.keep.notices {
		s.tellEnd(t, i, how)
	}
	delete(s.shard(i.recipient).told, i.name())
	s.showLate(t, i, change{model.Pending, how}, true, order)
}

// orderOf returns the place of an outstanding invitation in the order of sending, 0 where nobody keeps it: neither
// notices nor lists that lag.
func (s *Store) orderOf(name asideName) uint64 { return s.shard(name.recipient).told[name].order }
