package store

import "invitesim/model"

// invitation names one invitation and says what lists show of it.
type invitation struct {
	sender, recipient model.Member
	kind              model.Kind
	subject           uint32
	sentAt            model.Instant
	note, again       bool
	ignored           bool // the recipient's list did not show it any more
}

func (i *invitation) name() asideName { return asideName{i.sender, i.recipient, i.subject, i.kind} }

// invitationOf names the actor's invitation to the peer.
func invitationOf(c *model.Command, i *model.Invitation) invitation {
	return invitation{c.Actor, c.Peer, c.Kind, c.Subject, i.SentAt, i.Note, i.Again, i.State == model.Ignored}
}

// incomingOf names the peer's invitation to the actor.
func incomingOf(c *model.Command, i *model.Invitation) invitation {
	return invitation{c.Peer, c.Actor, c.Kind, c.Subject, i.SentAt, i.Note, i.Again, i.State == model.Ignored}
}

// refOf returns the ref by which lists name an invitation of kind connect; link and unlink turn it to each side.
func refOf(*invitation) ref { return 0 }

// loadPair reads what lies between the actor and the peer.
func (s *Store) loadPair(t model.Instant, c *model.Command, d *decision) {
	d.high = c.Actor > c.Peer
	d.key = pairKey(c.Actor, c.Peer)
	h := s.pairShard(c.Actor, c.Peer)
	d.slot = h.pairs.find(d.key)
	if d.slot != nil && d.slot.bits&bitsState != 0 {
		s.unpack(h, c.Kind, d)
	}
	if c.Kind != model.Connect {
		s.loadAsides(c, d)
	}
	if c.Verb == model.Withdraw {
		d.pair.WithdrawnShown = s.showsWithdrawn(t, asideName{c.Actor, c.Peer, c.Subject, c.Kind})
	}
}

// unpack reads a slot from the actor's side.
func (s *Store) unpack(h *shard, kind model.Kind, d *decision) {
	bits, p := d.slot.bits, &d.pair
	own, other := uint(0), uint(1)
	if d.high {
		own, other = 1, 0
	}
	p.Connected = bits&bitConnected != 0
	p.BlockOut = bits>>own&bitBlockLow != 0
	p.BlockIn = bits>>other&bitBlockLow != 0
	p.BarOut = bits>>own&bitBarLow != 0
	p.BarIn = bits>>other&bitBarLow != 0
	p.PriorOut = bits>>(3*own)>>kind&bitPriorLow != 0
	p.PriorIn = bits>>(3*other)>>kind&bitPriorLow != 0
	if bits&bitsOutstanding != 0 && kind == model.Connect {
		if (bits&bitFromHigh != 0) == d.high {
			p.Out = invitationIn(d.slot)
		} else {
			p.In = invitationIn(d.slot)
		}
	}
	if bits&bitPast != 0 {
		p.Past = h.pasts[d.key].seenFrom(d.high)
	}
}

// invitationIn reads the outstanding invitation of kind connect in a slot.
func invitationIn(s *slot) model.Invitation {
	state := model.Pending
	if s.bits&bitIgnored != 0 {
		state = model.Ignored
	}
	return model.Invitation{
		State: state, Reported: s.bits&bitReported != 0, Note: s.bits&bitNote != 0, Again: s.bits&bitAgain != 0,
		SentAt: model.Instant(s.at),
	}
}

// pack returns the state bits of a pair, from the actor's side. Those of invitations of kind connect are packed for
// commands on that kind; others keep what the slot has.
func (s *Store) pack(c *model.Command, d *decision, was uint32) uint32 {
	p := &d.pair
	own, other := uint(0), uint(1)
	if d.high {
		own, other = 1, 0
	}
	bits := was & (bitsPrior | 0xff<<versionShift)
	if c.Kind == model.Connect {
		bits |= packInvitation(&p.Out, d.high) | packInvitation(&p.In, !d.high)
		if p.Out.State.Outstanding() && !d.wasOut.State.Outstanding() {
			bits = bits&^(0xff<<versionShift) | uint32(s.version)<<versionShift
		}
		if bits&bitsOutstanding == 0 {
			bits &^= 0xff << versionShift
		}
	} else {
		bits |= was & bitsInvitation
	}
	bits |= flag(p.Connected, bitConnected) | flag(p.BlockOut, bitBlockLow<<own) | flag(p.BlockIn, bitBlockLow<<other) |
		flag(p.BarOut, bitBarLow<<own) | flag(p.BarIn, bitBarLow<<other)
	if s.keep.prior {
		bits |= flag(p.PriorOut, bitPriorLow<<(3*own)<<c.Kind) | flag(p.PriorIn, bitPriorLow<<(3*other)<<c.Kind)
	}
	return bits | flag(p.Past != model.Past{}, bitPast)
}

func packInvitation(i *model.Invitation, fromHigh bool) uint32 {
	if !i.State.Outstanding() {
		return 0
	}
	return flag(i.State == model.Pending, bitPending) | flag(i.State == model.Ignored, bitIgnored) | flag(fromHigh, bitFromHigh) |
		flag(i.Reported, bitReported) | flag(i.Note, bitNote) | flag(i.Again, bitAgain)
}

func flag(set bool, bit uint32) uint32 {
	if set {
		return bit
	}
	return 0
}

// storePair writes the pair back; a pair of which nothing is left to know loses its slot.
func (s *Store) storePair(c *model.Command, d *decision) {
	h := s.pairShard(c.Actor, c.Peer)
	was := uint32(0)
	if d.slot != nil {
		was = d.slot.bits & bitsState
	}
	bits := s.pack(c, d, was)
	if d.pair.Past != d.wasPast {
		h.keepPast(d.key, &d.pair.Past, d.high)
	}
	if d.slot == nil && bits != 0 {
		d.slot = h.pairs.insert(d.key)
	}
	if d.slot == nil {
		return
	}
	if bits == 0 {
		h.pairs.remove(d.slot)
		d.slot = nil
		return
	}
	d.slot.bits = d.slot.bits&^bitsState | bits
	if c.Kind == model.Connect && d.pair.Out.State == model.Pending {
		d.slot.at = uint32(d.pair.Out.SentAt)
	}
}

// keepPast writes the past of a pair, from the actor's side.
func (h *shard) keepPast(key uint64, p *model.Past, high bool) {
	if *p == (model.Past{}) {
		delete(h.pasts, key)
		return
	}
	h.pasts[key] = pastOf(p, high)
}

// seenFrom returns the past from the side of the lower member or the higher.
func (p past) seenFrom(high bool) model.Past {
	if high {
		p.cooldownLow, p.cooldownHigh = p.cooldownHigh, p.cooldownLow
		p.unblockedLow, p.unblockedHigh = p.unblockedHigh, p.unblockedLow
		p.removedBy = swapped(p.removedBy)
	}
	seen := model.Past{
		CooldownOut: model.Instant(p.cooldownLow), CooldownIn: model.Instant(p.cooldownHigh),
		RemovalEnd: model.Instant(p.removalEnd), RemovedOut: p.removedBy == 1, RemovedIn: p.removedBy == 2,
		UnblockedOut: p.unblockedLow != 0, UnblockedIn: p.unblockedHigh != 0,
	}
	if seen.UnblockedOut {
		seen.UnblockedOutAt = model.Instant(p.unblockedLow) - 1
	}
	if seen.UnblockedIn {
		seen.UnblockedInAt = model.Instant(p.unblockedHigh) - 1
	}
	return seen
}

// pastOf is the inverse of seenFrom.
func pastOf(seen *model.Past, high bool) past {
	p := past{
		cooldownLow: uint32(seen.CooldownOut), cooldownHigh: uint32(seen.CooldownIn), removalEnd: uint32(seen.RemovalEnd),
	}
	if seen.RemovedOut {
		p.removedBy = 1
	}
	if seen.RemovedIn {
		p.removedBy = 2
	}
	if seen.UnblockedOut {
		p.unblockedLow = uint32(seen.UnblockedOutAt) + 1
	}
	if seen.UnblockedIn {
		p.unblockedHigh = uint32(seen.UnblockedInAt) + 1
	}
	if high {
		p.cooldownLow, p.cooldownHigh = p.cooldownHigh, p.cooldownLow
		p.unblockedLow, p.unblockedHigh = p.unblockedHigh, p.unblockedLow
		p.removedBy = swapped(p.removedBy)
	}
	return p
}

func swapped(by uint8) uint8 {
	if by == 0 {
		return 0
	}
	return 3 - by
}
