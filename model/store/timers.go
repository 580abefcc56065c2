package store

import (
	"slices"
	"sync/atomic"

	"invitesim/model"
)

// timerGroup is how many members share one word that says when the first of their timers may be due.
const timerGroup = 64

// stampAfter returns the stamp of the instant d after t, never where it has no end.
func stampAfter(t model.Instant, d model.Seconds) uint32 {
	if end := t.After(d); end < never {
		return uint32(end)
	}
	return never
}

// expiryFrom returns when an invitation sent at t expires under the policy in force.
func (s *Store) expiryFrom(t model.Instant) uint32 { return stampAfter(t, s.rules.Expiry) }

// setTimer makes sure that m's timers are looked at when one is due at a stamp.
func (s *Store) setTimer(m model.Member, due uint32) {
	b := s.block(m)
	if due >= b.nextTimer {
		return
	}
	b.nextTimer = due
	s.lowerGroup(int(m/timerGroup), due)
}

// lowerGroup makes sure that the timers of a group are looked at when one is due at a stamp.
func (s *Store) lowerGroup(group int, due uint32) {
	word := &s.timers.Data[group]
	for {
		first := atomic.LoadUint32(word)
		if due >= first || atomic.CompareAndSwapUint32(word, first, due) {
			return
		}
	}
}

// settle fires m's timers due by t: the ends of own invitations, in order of their instants and then of sending, and the ends of
// the time that withdrawn ones stay in the list.
func (s *Store) settle(t model.Instant, m model.Member) { s.settleBlock(t, m, s.block(m)) }

// settleBlock is settle for those who have the block of m.
func (s *Store) settleBlock(t model.Instant, m model.Member, b *block) {
	if int64(b.nextTimer) <= int64(t) {
		s.settleDue(t, m)
	}
}

func (s *Store) settleDue(t model.Instant, m model.Member) {
	b := s.block(m)
	for {
		due, r := s.firstDue(m)
		if int64(due) > int64(t) {
			b.nextTimer = never
			s.setTimer(m, due)
			return
		}
		s.fire(due, m, r)
	}
}

// inOrder says whether timers are due in the order of the lists: there was one expiry only, and withdrawn invitations do not
// stay.
func (s *Store) inOrder() bool { return len(s.expiries) == 1 && !s.retains }

// firstDue returns m's next timer, never if there is none.
func (s *Store) firstDue(m model.Member) (first uint32, of ref) {
	if s.inOrder() {
		r, ok := s.firstSent(m)
		if !ok {
			return never, 0
		}
		return s.due(m, r), r
	}
	h := s.shard(m)
	h.scratch = s.sentRefs(m, h.scratch[:0])
	first = never
	for _, r := range h.scratch {
		if due := s.due(m, r); due < first {
			first, of = due, r
		}
	}
	return first, of
}

// due returns when the timer of an invitation in m's sent list is due.
func (s *Store) due(m model.Member, r ref) uint32 {
	if r&refAside == 0 {
		slot := s.slot(m, model.Member(r))
		return stampAfter(model.Instant(slot.at), s.expiries[slot.bits>>versionShift&0xff])
	}
	a := s.aside(r)
	if a.state == model.Withdrawn {
		return stampAfter(model.Instant(a.withdrawnAt), s.rules.SentList.KeepWithdrawn)
	}
	return a.expires
}

// fire ends the invitation r of m at its instant.
func (s *Store) fire(due uint32, m model.Member, r ref) {
	at := model.Instant(due)
	if r&refAside != 0 && s.aside(r).state == model.Withdrawn {
		s.dropWithdrawn(r)
		return
	}
	s.endByTimer(at, m, r, model.Expired)
}

// endByTimer expires or cancels an outstanding invitation in m's sent list.
func (s *Store) endByTimer(at model.Instant, m model.Member, r ref, how model.State) {
	if r&refAside != 0 {
		name := s.aside(r).name()
		if how == model.Expired {
			s.markPrior(name)
		}
		s.endAside(at, r, how)
		return
	}
	recipient := model.Member(r)
	slot := s.slot(m, recipient)
	inner := invitationIn(slot.bits, slot.at)
	i := between(m, recipient, inner)
	var sender model.Account
	b := s.block(m)
	s.loadAccount(m, b, &sender)
	until := restrictedUntil(&sender)
	s.rules.End(at, how, model.Connect, &inner, &sender)
	s.storeAccount(b, &sender)
	s.clearInvitation(m, recipient, slot)
	if how == model.Expired {
		s.markPrior(i.name())
	}
	s.unlink(m, recipient, uint32(i.sentAt), 0)
	s.ended(at, i, how)
	s.tellRestricted(at, m, &sender, until)
}

// clearInvitation takes the invitation out of a slot, and the slot out of the table where nothing else is in it.
func (s *Store) clearInvitation(a, b model.Member, slot *slot) {
	slot.bits &^= bitsInvitation
	if slot.bits&bitsState == 0 {
		s.pairShard(a, b).pairs.remove(slot)
	}
}

// markPrior remembers that an invitation of a sender and kind has ended withdrawn or expired.
func (s *Store) markPrior(name asideName) {
	if !s.keep.prior {
		return
	}
	key := model.PairKey(name.sender, name.recipient)
	p := &s.pairShard(name.sender, name.recipient).pairs
	slot := p.find(key)
	if slot == nil {
		slot = p.insert(key)
	}
	if name.sender > name.recipient {
		slot.bits |= bitPriorHigh << name.kind
	} else {
		slot.bits |= bitPriorLow << name.kind
	}
}

// cancelAll ends all invitations from and to m, whose account closes.
func (s *Store) cancelAll(t model.Instant, m model.Member) {
	for _, r := range s.sentRefs(m, nil) {
		if r&refAside == 0 || s.aside(r).state.Outstanding() {
			s.endByTimer(t, m, r, model.Cancelled)
		}
	}
	s.settleSenders(t, m)
	for _, r := range s.receivedRefs(m, nil) {
		if r&refAside == 0 {
			s.endByTimer(t, model.Member(r), ref(m), model.Cancelled)
		} else {
			s.endByTimer(t, s.aside(r).sender, r, model.Cancelled)
		}
	}
}

// settleSenders fires the timers due by t of all whose invitations m has.
func (s *Store) settleSenders(t model.Instant, m model.Member) {
	for _, r := range s.receivedRefs(m, nil) {
		sender := model.Member(r)
		if r&refAside != 0 {
			sender = s.aside(r).sender
		}
		s.settle(t, sender)
	}
}

// Settle fires every timer of m's own invitations due by t.
func (s *Store) Settle(t model.Instant, m model.Member) {
	if !s.exists(m) {
		return
	}
	var held hold
	t = s.enter(&held, t, &model.Command{Verb: model.QuerySent, Actor: m})
	s.settle(t, m)
	s.leave(&held)
}

// Advance fires every timer due by t, of all members, for each in order of their instants.
func (s *Store) Advance(t model.Instant) {
	s.enterAll()
	s.advance(t)
	s.leaveAll()
}

func (s *Store) advance(t model.Instant) {
	for i := range s.timers.Data {
		word := &s.timers.Data[i] // others read it without a lock
		if int64(atomic.LoadUint32(word)) > int64(t) {
			continue
		}
		atomic.StoreUint32(word, never)
		first := never
		for m := i * timerGroup; m < (i+1)*timerGroup && m <= int(s.members); m++ {
			if s.exists(model.Member(m)) {
				s.settle(t, model.Member(m))
				first = min(first, int(s.block(model.Member(m)).nextTimer))
			}
		}
		atomic.StoreUint32(word, uint32(first))
	}
	for i := range s.shards {
		s.shards[i].latest = max(s.shards[i].latest, t)
	}
}

// ChangePolicy puts p in force from t on, after the timers of t (RULES.md, L01 to L03).
func (s *Store) ChangePolicy(t model.Instant, p model.Policy) {
	s.enterAll()
	defer s.leaveAll()
	s.advance(t)
	old := s.rules.Policy
	s.rules.Policy = p
	s.epochs = append(s.epochs, epoch{t, p})
	s.setExpiry(p.Expiry)
	s.looksBack = p.LooksBack()
	s.retains = s.retains || p.SentList.KeepWithdrawn > 0
	s.resetWindows(&old, &p)
	if p.SentList.KeepWithdrawn != old.SentList.KeepWithdrawn {
		s.retime(t)
	}
}

// setExpiry makes d the expiry of the invitations sent from now on.
func (s *Store) setExpiry(d model.Seconds) {
	s.version = slices.Index(s.expiries, d)
	if s.version >= 0 {
		return
	}
	if len(s.expiries) > 0xff {
		panic("store: more than 256 different expiries in one run")
	}
	s.version = len(s.expiries)
	s.expiries = append(s.expiries, d)
}

// resetWindows empties what is counted over a span that a policy changes.
func (s *Store) resetWindows(old, now *model.Policy) {
	if old.Window() != now.Window() || old.WeeklyLimit.Period != now.WeeklyLimit.Period {
		s.firstWeek = s.rules.Period(0, now.WeeklyLimit.Period)
		for i := range s.blocks.Data {
			s.blocks.Data[i].used = 0
		}
		for i := range s.shards {
			s.shards[i].dropAllStamps(s.shards[i].sends)
		}
		s.eachRecord((*model.Record).ResetWindow)
	}
	for i := range s.shards {
		if old.Restrict.On.HitSpan() != now.Restrict.On.HitSpan() {
			s.shards[i].dropAllStamps(s.shards[i].hits)
		}
	}
	s.eachRecord(func(r *model.Record) { r.Reset(old, now) })
}

// retime looks at all sent lists again after the time that withdrawn invitations stay has changed, and drops those whose time is over.
func (s *Store) retime(t model.Instant) {
	for m := model.Member(1); uint32(m) <= s.members; m++ {
		due, _ := s.firstDue(m)
		s.setTimer(m, due)
	}
	s.advance(t)
}
