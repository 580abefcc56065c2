package store

import (
	"math/bits"

	"invitesim/model"
)

// hold is the set of shards that one command has locked. Shards are always locked in ascending order.
type hold [4]uint64

func (h *hold) add(shard model.Member)      { h[shard/64] |= 1 << (shard % 64) }
func (h *hold) has(shard model.Member) bool { return h[shard/64]>>(shard%64)&1 != 0 }

func (h *hold) covers(other *hold) bool {
	for i := range h {
		if other[i]&^h[i] != 0 {
			return false
		}
	}
	return true
}

// each calls f for the shards of the set, in ascending order.
func (s *Store) each(h *hold, f func(*shard)) {
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
	h.add(c.Actor & s.mask)
	h.add(c.Peer & s.mask)
	for {
		s.each(h, func(shard *shard) { shard.Lock() })
		now := t
		s.each(h, func(shard *shard) { now = max(now, shard.latest) })
		needed := *h
		s.reach(&needed, h, now, c)
		if h.covers(&needed) {
			s.each(h, func(shard *shard) { shard.latest = now })
			return now
		}
		s.leave(h)
		*h = needed
	}
}

// leave unlocks.
func (s *Store) leave(h *hold) {
	if !s.exclusive {
		s.each(h, func(shard *shard) { shard.Unlock() })
	}
}

// reach adds the shards beyond those of the two members that c at t touches: those of everybody in their lists, where timers are due, lists
// are read or moved, or an account closes.
func (s *Store) reach(needed, held *hold, t model.Instant, c *model.Command) {
	if !s.exists(c.Actor) {
		return
	}
	far := c.Verb == model.Close || c.Verb.IsQuery() || s.far(t, c, c.Actor)
	if c.Peer != 0 && s.exists(c.Peer) && s.far(t, c, c.Peer) {
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

// far says whether a command of or to m at t touches more of m's list than one entry.
func (s *Store) far(t model.Instant, c *model.Command, m model.Member) bool {
	b := s.block(m)
	return int64(b.nextTimer) <= int64(t) || c.Verb == model.Send && (!b.room() || s.countsOld())
}

// countsOld says whether a send looks at the age of the sender's invitations.
func (s *Store) countsOld() bool {
	return s.rules.PendingCap.Mode == model.CapRatio || s.rules.Restrict.On.OldPending.AtLeast > 0
}

// reachList adds the shards of everybody in m's lists; m's shard must be held. An aside can only be read when its shard is: the caller
// comes back with what is needed until nothing is missing.
func (s *Store) reachList(needed, held *hold, m model.Member) {
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
func (s *Store) reachSenders(needed, held *hold, t model.Instant, m model.Member) {
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

// enterAll locks every shard.
func (s *Store) enterAll() {
	if !s.exclusive {
		for i := range s.shards {
			s.shards[i].Lock()
		}
	}
}

// leaveAll unlocks every shard.
func (s *Store) leaveAll() {
	if !s.exclusive {
		for i := range s.shards {
			s.shards[i].Unlock()
		}
	}
}
