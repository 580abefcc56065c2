package store

import "invitesim/model"

// loadAsides reads the invitations of kind page or event that a command is about.
func (s *Store) loadAsides(c *model.Command, d *decision) {
	first := d.shard.named.find(d.key)
	if first == nil {
		return
	}
	for r := ref(first.at); r != 0; r = s.aside(r).next {
		switch a := s.aside(r); {
		case a.subject != c.Subject || a.kind != c.Kind:
		case a.sender == c.Actor:
			d.outAside, d.pair.Out = r, a.invitation()
		default:
			d.inAside, d.pair.In = r, a.invitation()
		}
	}
}

// name enters an outstanding aside among those between its two members.
func (s *Store) name(r ref) {
	a := s.aside(r)
	named, key := &s.pairShard(a.sender, a.recipient).named, model.PairKey(a.sender, a.recipient)
	first := named.find(key)
	if first == nil {
		first = named.insert(key)
	}
	a.next, first.at = ref(first.at), uint32(r)
}

// unname takes an aside out from those between its two members.
func (s *Store) unname(r ref) {
	a := s.aside(r)
	named := &s.pairShard(a.sender, a.recipient).named
	first := named.find(model.PairKey(a.sender, a.recipient))
	if ref(first.at) != r {
		before := s.aside(ref(first.at))
		for before.next != r {
			before = s.aside(before.next)
		}
		before.next, a.next = a.next, 0
		return
	}
	first.at, a.next = uint32(a.next), 0
	if first.at == 0 {
		named.remove(first)
	}
}

// invitation returns an outstanding aside as the rules see it.
func (a *aside) invitation() model.Invitation {
	return model.Invitation{
		State: a.state, Reported: a.reported, Note: a.note, Again: a.again, SentAt: model.Instant(a.sentAt),
	}
}

// seen returns an aside as lists and notices name it.
func (a *aside) seen() invitation {
	i := between(a.sender, a.recipient, a.invitation())
	i.kind, i.subject = a.kind, a.subject
	return i
}

// moveAside does to an invitation of kind page or event what a success implies.
func (s *Store) moveAside(t model.Instant, c *model.Command, d *decision, outcome model.Outcome) {
	switch outcome {
	case model.WasSent:
		s.addAside(t, c, d)
	case model.WasWithdrawn:
		s.endAside(t, d.outAside, model.Withdrawn)
	case model.WasAccepted:
		s.endAside(t, d.inAside, model.Accepted)
	case model.WasIgnored, model.WasReported:
		a := s.aside(d.inAside)
		seen := a.seen()
		a.state, a.reported = d.pair.In.State, d.pair.In.Reported
		if seen.met == model.MetNothing {
			s.hidden(t, seen)
		}
	}
}

func (s *Store) addAside(t model.Instant, c *model.Command, d *decision) {
	r := s.newAside(c.Actor)
	*s.aside(r) = aside{
		sender: c.Actor, recipient: c.Peer, sentAt: uint32(t), expires: s.expiryFrom(t), subject: c.Subject, kind: c.Kind,
		state: model.Pending, note: d.pair.Out.Note, again: d.pair.Out.Again,
	}
	s.name(r)
	s.link(c.Actor, c.Peer, uint32(t), r)
	s.setTimer(c.Actor, s.aside(r).expires)
	s.begun(t, s.aside(r).seen())
}

// endAside takes an ended invitation of kind page or event out of the lists; a withdrawn one may stay in its sender's.
func (s *Store) endAside(t model.Instant, r ref, how model.State) {
	a := s.aside(r)
	seen := a.seen()
	s.unname(r)
	if how == model.Withdrawn && s.rules.SentList.KeepWithdrawn > 0 {
		s.unlinkReceived(a.recipient, a.sentAt, r)
		s.keepWithdrawn(t, r)
	} else {
		s.unlink(a.sender, a.recipient, a.sentAt, r)
		s.shard(a.sender).asides.release(uint32(r&^refAside) / uint32(len(s.shards)))
	}
	s.ended(t, seen, how)
}

// cancelAsides ends every invitation of kind page or event between the two.
func (s *Store) cancelAsides(t model.Instant, a, b model.Member) {
	for _, from := range [2]model.Member{a, b} {
		to := a ^ b ^ from
		for _, r := range s.sentRefs(from, nil) {
			if r&refAside != 0 && s.aside(r).recipient == to && s.aside(r).state.Outstanding() {
				s.endAside(t, r, model.Cancelled)
			}
		}
	}
}

// retain makes a withdrawn invitation of kind connect an aside in its place in the sender's list.
func (s *Store) retain(t model.Instant, i invitation) {
	r := s.newAside(i.sender)
	at := uint32(i.sentAt)
	*s.aside(r) = aside{sender: i.sender, recipient: i.recipient, sentAt: at, kind: i.kind, note: i.note, again: i.again}
	s.unlinkReceived(i.recipient, at, ref(i.sender))
	s.replaceSent(i.sender, at, ref(i.recipient), r)
	s.keepWithdrawn(t, r)
}

// keepWithdrawn lets a withdrawn aside stand in the sender's list for its time.
func (s *Store) keepWithdrawn(t model.Instant, r ref) {
	a := s.aside(r)
	a.state, a.withdrawnAt, a.expires = model.Withdrawn, uint32(t), never
	a.order = s.orderOf(a.name())
	s.shard(a.sender).withdrawn[a.name()] = uint32(t)
	s.setTimer(a.sender, stampAfter(t, s.rules.SentList.KeepWithdrawn))
}

// showsWithdrawn says whether the sender's list shows a withdrawn invitation of a name at t.
func (s *Store) showsWithdrawn(t model.Instant, name asideName) bool {
	at, ok := s.shard(name.sender).withdrawn[name]
	return ok && t < model.Instant(at).After(s.rules.SentList.KeepWithdrawn)
}

// dropWithdrawn takes a withdrawn aside out of the sender's list for good.
func (s *Store) dropWithdrawn(r ref) {
	a := s.aside(r)
	h := s.shard(a.sender)
	if h.withdrawn[a.name()] == a.withdrawnAt {
		delete(h.withdrawn, a.name())
	}
	s.unlinkSent(a.sender, a.sentAt, r)
	h.asides.release(uint32(r&^refAside) / uint32(len(s.shards)))
}
