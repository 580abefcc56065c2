package store

import "invitesim/model"

// Would returns what Do would answer to c at t, and carries nothing out: only timers due by t fire. The store must be exclusive.
func (s *Store) Would(t model.Instant, c *model.Command) model.Answer {
	if answer, known := s.repetition(t, c); known {
		return answer
	}
	if !s.exists(c.Actor) {
		return model.Answer{Outcome: model.Invalid, At: t}
	}
	var d decision
	var a, b model.Record
	d.hasPeer = c.Verb.NamesPeer() && c.Peer != c.Actor && s.exists(c.Peer)
	s.settle(t, c.Actor)
	if d.hasPeer {
		s.settle(t, c.Peer)
	}
	s.loadAccount(c.Actor, s.block(c.Actor), &d.a)
	if s.looksBack && c.Verb == model.Send {
		d.a.Look = s.lookBack(t, c.Actor, d.a.Outstanding)
	}
	copyRecord(&d.a, &a)
	if d.hasPeer {
		s.loadAccount(c.Peer, s.block(c.Peer), &d.b)
		s.loadPair(t, c, &d)
		copyRecord(&d.b, &b)
	}
	return s.rules.Decide(t, c, &d.a, &d.b, &d.pair)
}

// copyRecord gives an account a copy of its record, so that a decision writes to the copy.
func copyRecord(a *model.Account, to *model.Record) {
	if a.Record != nil {
		*to = *a.Record
	}
	a.Record = to
}
