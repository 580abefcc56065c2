package store

import (
	"sync/atomic"

	"invitesim/model"
	"invitesim/model/window"
)

// decision is what one command is decided on: the two members and what lies between them, read from the records.
type decision struct {
	own      *block // of the actor
	other    *block // of the peer, where there is one
	a, b     model.Account
	pair     model.Pair
	shard    *shard // of the pair
	slot     *slot
	key      uint64
	was      uint32 // the state bits of the slot before, 0 where there was none
	wasAt    uint32
	high     bool // the actor is the higher of the two
	hasPeer  bool
	outAside ref // of the command's kind and subject, where that is no connect; 0 for none
	inAside  ref
}

// Do decides a command at t and carries it out.
func (s *Store) Do(t model.Instant, c *model.Command) (answer model.Answer) {
	s.Prefetch(c.Actor, c.Peer) // all at once, instead of one after the other as each is needed
	s.do(t, c, &answer)
	return answer
}

// Decide is Do for those who have called Prefetch for the two members some time before: it does not ask for their memory once more, and writes
// the answer where it is to be.
func (s *Store) Decide(t model.Instant, c *model.Command, answer *model.Answer) { s.do(t, c, answer) }

// DoAll decides commands in order, each at t or, where others have been decided later, as Do does, and writes their answers. Many at a time
// are faster than each alone, because the records of the later ones are on their way from memory while the earlier ones are decided.
func (s *Store) DoAll(t model.Instant, commands []model.Command, answers []model.Answer) {
	s.prefetchBurst(commands)
	for i := range commands {
		if i%burst == 0 && i+burst < len(commands) {
			s.prefetchBurst(commands[i+burst:])
		}
		s.do(t, &commands[i], &answers[i])
	}
}

func (s *Store) do(t model.Instant, c *model.Command, answer *model.Answer) {
	if s.exclusive {
		s.once(t, c, answer)
		return
	}
	var held hold
	t = s.enter(&held, t, c)
	s.once(t, c, answer)
	s.leave(&held)
}

// decide fires the timers due by t of those whom the command concerns, asks the rules, and writes the result back.
func (s *Store) decide(t model.Instant, c *model.Command, answer *model.Answer) {
	if !s.exists(c.Actor) {
		*answer = model.Answer{Outcome: model.Invalid, At: t}
		return
	}
	var d decision
	d.own, d.hasPeer = s.block(c.Actor), c.Verb.NamesPeer() && c.Peer != c.Actor && s.exists(c.Peer)
	s.settleBlock(t, c.Actor, d.own)
	if d.hasPeer {
		d.other = s.block(c.Peer)
		s.settleBlock(t, c.Peer, d.other)
	}
	if s.keep.records || c.Note > 0 && s.keep.notes || c.Verb == model.Report || c.Kind != model.Connect {
		s.ensureRecords(c, d.hasPeer)
	}
	s.loadAccount(c.Actor, d.own, &d.a)
	if s.looksBack && c.Verb == model.Send {
		d.a.Look = s.lookBack(t, c.Actor, d.a.Outstanding)
	}
	if d.hasPeer {
		s.loadAccount(c.Peer, d.other, &d.b)
		s.loadPair(t, c, &d)
	}
	if s.observe != nil && (s.keep.records || c.Verb == model.Report) {
		s.watch(t, c, &d, answer)
		return
	}
	s.conclude(t, c, &d, answer)
}

// conclude asks the rules for the outcome and carries it out.
func (s *Store) conclude(t model.Instant, c *model.Command, d *decision, answer *model.Answer) {
	s.rules.DecideTo(answer, t, c, &d.a, &d.b, &d.pair)
	if d.a.Hit {
		s.keepHit(t, c.Actor, &d.a)
	}
	if answer.Outcome.Success() {
		s.commit(t, c, d, answer.Outcome)
	}
}

// watch concludes, and tells of restrictions that begin with it.
func (s *Store) watch(t model.Instant, c *model.Command, d *decision, answer *model.Answer) {
	until, peerUntil := restrictedUntil(&d.a), restrictedUntil(&d.b)
	s.conclude(t, c, d, answer)
	s.tellRestricted(t, c.Actor, &d.a, until)
	s.tellRestricted(t, c.Peer, &d.b, peerUntil)
}

func restrictedUntil(a *model.Account) model.Instant {
	if a.Record == nil {
		return 0
	}
	return a.Record.RestrictedUntil
}

// tellRestricted reports a restriction that began during a decision.
func (s *Store) tellRestricted(t model.Instant, m model.Member, a *model.Account, before model.Instant) {
	if now := restrictedUntil(a); now != before && s.observe != nil {
		s.observe(Change{At: t, Sender: m, Until: now})
	}
}

// ensureRecords gives a record to those whom the command may write one for.
func (s *Store) ensureRecords(c *model.Command, hasPeer bool) {
	if s.keep.records || c.Verb == model.Send && (c.Note > 0 && s.keep.notes || c.Kind != model.Connect && s.keep.kinds) {
		s.ensureRecord(c.Actor)
	}
	if c.Verb == model.Report && hasPeer && s.keep.reports {
		s.ensureRecord(c.Peer)
	}
}

func (s *Store) ensureRecord(m model.Member) *model.Record {
	b := s.block(m)
	if b.record == 0 {
		atomic.StoreUint32(&b.record, s.newRecord(s.shard(m)))
	}
	return s.record(b.record)
}

// loadAccount reads what the rules need to know of m, whose block is b, into an empty account.
func (s *Store) loadAccount(m model.Member, b *block, a *model.Account) {
	a.Exists = true
	a.Closed = b.closed()
	a.Inbound = b.inbound()
	a.Connections = b.connections
	a.Outstanding = b.outstanding
	a.Week.Ordinal, a.Week.Used = int64(b.ordinal)+s.firstWeek, b.used
	if b.record != 0 || s.keep.weekRecords {
		s.loadRecord(m, b, a)
	}
}

// loadRecord adds the record of m, if there is one.
func (s *Store) loadRecord(m model.Member, b *block, a *model.Account) {
	if b.record != 0 {
		a.Record = s.record(b.record)
	}
	if s.keep.weekRecords {
		a.Week = window.Count{}
		if a.Record != nil {
			a.Week = a.Record.Week
		}
	}
}

// lookBack reads what only some limits need: instants of sends and hits, ages of invitations. It is valid until the next
// call for a member of the shard.
func (s *Store) lookBack(t model.Instant, m model.Member, outstanding uint32) *model.Lookback {
	h := s.shard(m)
	h.look = model.Lookback{}
	if s.keep.sliding && s.rules.Window() == model.WindowSliding {
		h.look.Sends = h.stampsOf(h.sends, m, int64(t)-int64(s.rules.WeeklyLimit.Period))
	}
	on := &s.rules.Restrict.On
	if s.keep.hits && on.HitSpan() > 0 {
		h.look.Hits = h.stampsOf(h.hits, m, int64(t)-int64(on.HitSpan()))
	}
	if ratio := &s.rules.PendingCap.Ratio; s.rules.PendingCap.Mode == model.CapRatio && outstanding >= ratio.AtLeast {
		h.look.Old = s.sentBefore(m, t-model.Instant(ratio.OlderThan))
	}
	if trigger := &on.OldPending; trigger.AtLeast > 0 && outstanding >= trigger.AtLeast {
		h.look.OldTrigger = s.sentBefore(m, t-model.Instant(trigger.OlderThan))
	}
	return &h.look
}

// sentBefore counts m's outstanding invitations of kind connect that were sent at or before an instant. A chain tells most of
// them without a look at the pairs.
func (s *Store) sentBefore(m model.Member, last model.Instant) (count uint32) {
	b, h := s.block(m), s.shard(m)
	if b.bits&blockSentChain == 0 {
		for _, r := range b.sent() {
			if r&refAside == 0 && int64(s.sentAt(m, r)) <= int64(last) {
				count++
			}
		}
		return count
	}
	for _, entry := range h.listed(b.sentChain()) {
		r, at := entryRef(entry), entryAt(entry)
		if r != 0 && at == 0 {
			at = s.sentAt(m, r)
		}
		if int64(at) > int64(last) {
			break
		}
		if r != 0 && r&refAside == 0 {
			count++
		}
	}
	return count
}

// keepHit keeps the instant of a hit, or forgets those that have started a restriction.
func (s *Store) keepHit(t model.Instant, m model.Member, a *model.Account) {
	if !s.keep.hits {
		return
	}
	h := s.shard(m)
	if a.Fired {
		h.dropStamps(h.hits, m)
	} else if s.rules.Restrict.On.HitSpan() > 0 {
		h.stamp(h.hits, m, uint32(t))
	}
}

// storeAccount writes back to a block what a decision that has a peer may have changed of its member.
func (s *Store) storeAccount(b *block, a *model.Account) {
	b.connections = a.Connections
	b.outstanding = a.Outstanding
	if s.keep.weekRecords {
		if a.Record != nil {
			a.Record.Week = a.Week
		}
	} else {
		b.ordinal, b.used = uint16(a.Week.Ordinal-s.firstWeek), a.Week.Used
	}
}

// commit writes a success back, and does to the lists what it implies.
func (s *Store) commit(t model.Instant, c *model.Command, d *decision, outcome model.Outcome) {
	if outcome == model.WasClosed {
		d.own.setFlags(d.a.Closed, d.a.Inbound)
		s.cancelAll(t, c.Actor)
		return
	}
	if !d.hasPeer {
		d.own.setFlags(d.a.Closed, d.a.Inbound)
		return
	}
	s.storeAccount(d.own, &d.a)
	if outcome != model.WasSent {
		s.storeAccount(d.other, &d.b)
	}
	s.storePair(c, d)
	if c.Kind != model.Connect {
		s.moveAside(t, c, d, outcome)
		return
	}
	switch outcome {
	case model.WasSent:
		s.linkSent(t, c, d)
	case model.WasConnected:
		s.endConnect(t, c, d, model.Accepted)
	case model.WasWithdrawn:
		s.endConnect(t, c, d, model.Withdrawn)
	case model.WasBlocked:
		if d.was&bitsOutstanding != 0 {
			s.endConnect(t, c, d, model.Cancelled)
		}
		s.cancelAsides(t, c.Actor, c.Peer)
	case model.WasIgnored, model.WasReported:
		if s.follows() && d.was&bitPending != 0 {
			s.hidden(t, d.connectOf(c))
		}
	}
}

// linkSent enters a new invitation of kind connect in both lists, and keeps what limits and those who follow it need.
func (s *Store) linkSent(t model.Instant, c *model.Command, d *decision) {
	s.enterSent(c.Actor, d.own, uint32(t), ref(c.Peer))
	s.enterReceived(c.Peer, d.other, uint32(t), ref(c.Actor))
	s.setTimer(c.Actor, s.expiryFrom(t))
	if s.looksBack && s.rules.Window() == model.WindowSliding {
		h := s.shard(c.Actor)
		h.stamp(h.sends, c.Actor, uint32(t))
	}
	if s.follows() {
		s.begun(t, invitation{
			sender: c.Actor, recipient: c.Peer, sentAt: t, note: d.pair.Out.Note, again: d.pair.Out.Again,
		})
	}
}

// endConnect takes an ended invitation of kind connect out of the lists; a withdrawn one may stay in its sender's.
func (s *Store) endConnect(t model.Instant, c *model.Command, d *decision, how model.State) {
	i := d.connectOf(c)
	if how == model.Withdrawn && s.rules.SentList.KeepWithdrawn > 0 {
		s.retain(t, i)
	} else {
		s.unlink(i.sender, i.recipient, d.wasAt, 0)
	}
	if s.follows() || how == model.Cancelled {
		s.ended(t, i, how)
	}
}
