package store

import (
	"math/bits"

	"invitesim/model"
)

// hold is what one command has locked: the shards of its two members, or a set of shards. They are always locked in ascending
// order.
type hold struct {
	one, other *shard // nil where a set is locked; the same twice where both members are in one
	shards     set
}

// set is a set of shards, by their numbers.
type set [mostShards / 64]uint64

func (h *set) add(shard model.Member)      { h[shard/64] |= 1 << (shard % 64) }
func (h *set) has(shard model.Member) bool { return h[shard/64]>>(shard%64)&1 != 0 }

func (h *set) covers(other *set) bool {
	for i := range h {
		if other[i]&^h[i] != 0 {
			return false
		}
	}
	return true
}

// each calls f for the shards of the set, in ascending order.
func (s *Store) each(h *set, f func(*shard)) {
	for word := range h {
		for rest := h[word]; rest != 0; rest &= rest - 1 {
			f(&s.shards[word*64+bits.TrailingZeros64(rest)])
		}
	}
}

// enter locks what deciding c at t will touch and returns the instant of the decision: t, or the latest one that was
// decided on these shards, if t is earlier. Exclusive stores lock nothing.
func (s *Store) enter(h *hold, t model.Instant, c *model.Command) model.Instant {
	if s.exclusive {
		return t
	}
	if now, ok := s.enterTwo(h, t, c); ok {
		return now
	}
	return s.enterAllOf(&h.shards, t, c)
}

// enterTwo locks the shards of the two members, which is all that most commands need, and says whether it is enough; nothing is locked
// where it is not.
func (s *Store) enterTwo(h *hold, t model.Instant, c *model.Command) (now model.Instant, enough bool) {
	low, high := c.Actor&s.mask, c.Peer&s.mask
	if !s.exists(c.Peer) {
		high = low
	}
	low, high = min(low, high), max(low, high)
	one, other := &s.shards[low], &s.shards[high]
	one.lock.Lock()
	now = max(t, one.latest)
	if other != one {
		other.lock.Lock()
		now = max(now, other.latest)
	}
	h.one, h.other = one, other
	if s.far(now, c) {
		s.leave(h)
		h.one = nil
		return 0, false
	}
	one.latest, other.latest = now, now
	return now, true
}

// enterAllOf locks the shards of a command that touches more than two, and returns the instant of the decision.
func (s *Store) enterAllOf(held *set, t model.Instant, c *model.Command) model.Instant {
	held.add(c.Actor & s.mask)
	if s.exists(c.Peer) {
		held.add(c.Peer & s.mask)
	}
	for {
		s.each(held, func(shard *shard) { shard.lock.Lock() })
		now := t
		s.each(held, func(shard *shard) { now = max(now, shard.latest) })
		needed := *held
		s.reach(&needed, held, now, c)
		if held.covers(&needed) {
			s.each(held, func(shard *shard) { shard.latest = now })
			return now
		}
		s.each(held, func(shard *shard) { shard.lock.Unlock() })
		*held = needed
	}
}

// leave unlocks.
func (s *Store) leave(h *hold) {
	switch {
	case s.exclusive:
	case h.one == nil:
		s.each(&h.shards, func(shard *shard) { shard.lock.Unlock() })
	case h.other != h.one:
		h.other.lock.Unlock()
		fallthrough
	default:
		h.one.lock.Unlock()
	}
}

// far says whether a command at t touches more of its members' lists than one entry each.
func (s *Store) far(t model.Instant, c *model.Command) bool {
	if !s.exists(c.Actor) {
		return false
	}
	return s.timerDue(t, c.Actor) || s.exists(c.Peer) && s.timerDue(t, c.Peer) || s.reads(c)
}

// reads says whether a command reads or moves whole lists of the actor.
func (s *Store) reads(c *model.Command) bool {
	return c.Verb >= model.Close || c.Verb == model.Send && s.countsOld()
}

func (s *Store) timerDue(t model.Instant, m model.Member) bool {
	return int64(s.block(m).nextTimer) <= int64(t)
}

// countsOld says whether a send looks at the age of the sender's invitations.
func (s *Store) countsOld() bool {
	return s.rules.PendingCap.Mode == model.CapRatio || s.rules.Restrict.On.OldPending.AtLeast > 0
}

// reach adds the shards beyond those of the two members that c at t touches: those of everybody in their lists, where timers are due, lists
// are read or moved, or an account closes.
func (s *Store) reach(needed, held *set, t model.Instant, c *model.Command) {
	if !s.exists(c.Actor) {
		return
	}
	far := s.timerDue(t, c.Actor) || s.reads(c)
	if s.exists(c.Peer) && s.timerDue(t, c.Peer) {
		s.reachList(needed, held, c.Peer)
		far = true
	}
	if far {
		s.reachList(needed, held, c.Actor)
	}
	if c.Verb == model.QueryNotices || c.Verb == model.QueryReceived || c.Verb == model.Close {
		s.reachSenders(needed, held, t, c.Actor)
	}
}

// reachList adds the shards of everybody in m's lists; m's shard must be held. An aside can only be read when its shard is: the caller
// comes back with what is needed until nothing is missing.
func (s *Store) reachList(needed, held *set, m model.Member) {
	shard := s.shard(m)
	shard.scratch = s.sentRefs(m, shard.scratch[:0])
	shard.scratch = s.receivedRefs(m, shard.scratch)
	for _, r := range shard.scratch {
		needed.add(s.shardOf(r))
		if r&refAside != 0 && held.has(s.shardOf(r)) {
			a := s.aside(r)
			needed.add(a.sender & s.mask)
			needed.add(a.recipient & s.mask)
		}
	}
}

// reachSenders adds the shards of everybody in the lists of those whose invitations to m may be due.
func (s *Store) reachSenders(needed, held *set, t model.Instant, m model.Member) {
	for _, r := range s.receivedRefs(m, nil) {
		if r&refAside != 0 && !held.has(s.shardOf(r)) {
			continue
		}
		sender := model.Member(r)
		if r&refAside != 0 {
			sender = s.aside(r).sender
		}
		if held.has(sender&s.mask) && int64(s.block(sender).nextTimer) <= int64(t) {
			s.reachList(needed, held, sender)
		}
	}
}

// enterAll locks every shard, when nobody is in the middle of a group of timers.
func (s *Store) enterAll() {
	if !s.exclusive {
		s.settling.Lock()
		for i := range s.shards {
			s.shards[i].lock.Lock()
		}
	}
}

// leaveAll unlocks every shard.
func (s *Store) leaveAll() {
	if !s.exclusive {
		for i := range s.shards {
			s.shards[i].lock.Unlock()
		}
		s.settling.Unlock()
	}
}
