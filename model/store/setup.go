package store

import (
	"math"

	"invitesim/model"
)

// Connect sets up a connection that exists already; false where the two cannot be connected (RULES.md, L15).
func (s *Store) Connect(t model.Instant, a, b model.Member) bool {
	if a == b || !s.exists(a) || !s.exists(b) {
		return false
	}
	c := model.Command{Verb: model.Send, Actor: a, Peer: b}
	var held hold
	t = s.enter(&held, t, &c)
	defer s.leave(&held)
	s.settle(t, a)
	s.settle(t, b)
	var d decision
	s.loadAccount(a, s.block(a), &d.a)
	s.loadAccount(b, s.block(b), &d.b)
	s.loadPair(t, &c, &d)
	p := &d.pair
	if d.a.Closed || d.b.Closed || p.Ties.Has(model.TieConnected|model.TieBlockOut|model.TieBlockIn) || p.Out.State.Outstanding() || p.In.State.Outstanding() {
		return false
	}
	model.Join(&d.a, &d.b, p)
	s.storeAccount(s.block(a), &d.a)
	s.storeAccount(s.block(b), &d.b)
	s.storePair(&c, &d)
	s.countSetUp(a)
	s.countSetUp(b)
	return true
}

// Outside sets up n more connections of a to people outside.
func (s *Store) Outside(a model.Member, n uint32) {
	if !s.exists(a) {
		return
	}
	h := s.shard(a)
	if !s.exclusive {
		h.lock.Lock()
		defer h.lock.Unlock()
	}
	b := s.block(a)
	n = min(n, math.MaxUint32-b.connections)
	b.connections += n
	if s.keep.audit {
		s.audits.Data[a].outside += n
	}
	s.countSetUp(a)
}

// Opened sets up when a's account was opened.
func (s *Store) Opened(a model.Member, at model.Instant) {
	if !s.exists(a) || !s.keep.records {
		return
	}
	h := s.shard(a)
	if !s.exclusive {
		h.lock.Lock()
		defer h.lock.Unlock()
	}
	s.ensureRecord(a).Opened = at
}
