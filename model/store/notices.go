package store

import (
	"slices"

	"invitesim/model"
)

// notice is one in-app notice, and what puts it in order: timers of an instant come before its commands, in order of sending.
type notice struct {
	model.Notice
	byTimer bool
	order   uint64
	about   uint64 // the order of the invitation that it is about
}

// told is what a recipient is told of one outstanding invitation.
type told struct {
	order    uint64 // of sending
	sentAt   model.Instant
	expires  model.Instant
	reminded model.Instant // reminders up to here were given
}

// tell gives a member a notice about an invitation.
func (s *Store) tell(m model.Member, n model.Notice, about uint64) {
	h := s.shard(m)
	h.notices[m] = append(h.notices[m], notice{Notice: n, order: s.sequence.Add(1), about: about})
}

// remindUntil gives the reminders of a pending invitation that were due by t, each under the policy in force at its instant (RULES.md, L09).
func (s *Store) remindUntil(t model.Instant, name asideName) {
	h := s.shard(name.recipient)
	about := h.told[name]
	if about.reminded >= t {
		return
	}
	for i, epoch := range s.epochs {
		last := t
		if i+1 < len(s.epochs) {
			last = min(last, s.epochs[i+1].from)
		}
		for _, after := range epoch.policy.Reminders {
			due := about.sentAt.After(after)
			if due > max(epoch.from, about.reminded) && due <= last && due < about.expires {
				h.notices[name.recipient] = append(h.notices[name.recipient], notice{
					Notice:  model.Notice{Notice: model.NoticeReminded, Peer: name.sender, Kind: name.kind, Subject: name.subject, At: due},
					byTimer: true, order: about.order, about: about.order,
				})
			}
		}
	}
	about.reminded = t
	h.told[name] = about
}

// tellEnd tells who is to be told of an end, and takes back what is to be taken back.
func (s *Store) tellEnd(t model.Instant, i invitation, how model.State) {
	s.remindUntil(t, i.name())
	h := s.shard(i.recipient)
	about := h.told[i.name()]
	switch how {
	case model.Accepted:
		if s.rules.Notify.OnAccept {
			kind := model.NoticeConnected
			if i.kind != model.Connect {
				kind = model.NoticeAccepted
			}
			s.tell(i.sender, model.Notice{Notice: kind, Peer: i.recipient, Kind: i.kind, Subject: i.subject, At: t}, about.order)
		}
		return
	case model.Withdrawn:
		if s.rules.Notify.OnWithdraw {
			s.tell(i.recipient, model.Notice{Notice: model.NoticeWithdrawn, Peer: i.sender, Kind: i.kind, Subject: i.subject, At: t}, about.order)
		}
	}
	if s.rules.Notify.Recall.InApp {
		h.notices[i.recipient] = slices.DeleteFunc(h.notices[i.recipient], func(n notice) bool {
			return n.about == about.order && (n.Notice.Notice == model.NoticeInvited || n.Notice.Notice == model.NoticeReminded)
		})
	}
}

// noticesOf returns the notices of m at t, in order. Everybody's timers that concern m must have fired.
func (s *Store) noticesOf(t model.Instant, m model.Member) []model.Notice {
	h := s.shard(m)
	for _, r := range s.receivedRefs(m, nil) {
		name := asideName{model.Member(r), m, 0, model.Connect}
		if r&refAside != 0 {
			name = s.aside(r).name()
		}
		s.remindUntil(t, name)
	}
	list := slices.Clone(h.notices[m])
	slices.SortStableFunc(list, func(a, b notice) int {
		switch {
		case a.At != b.At:
			return int(a.At - b.At)
		case a.byTimer != b.byTimer:
			if a.byTimer {
				return -1
			}
			return 1
		}
		return int(int64(a.order) - int64(b.order))
	})
	shown := make([]model.Notice, len(list))
	for i := range list {
		shown[i] = list[i].Notice
	}
	return shown
}
