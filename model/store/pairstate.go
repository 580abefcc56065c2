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
	switch {
	case bits&bitPast != 0:
		p.Past = h.pasts[d.key].seenFrom(d.high)
	case bits&(bitsOutstanding|bitNote) != bitNote:
	case (bits&bitFromHigh != 0) == d.high:
		p.Past.CooldownOut = model.Instant(d.slot.at)
	default:
		p.Past.CooldownIn = model.Instant(d.slot.at)
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
	return bits
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
	was, at := uint32(0), uint32(0)
	if d.slot != nil {
		was, at = d.slot.bits&bitsState, d.slot.at
	}
	bits := s.pack(c, d, was)
	if c.Kind == model.Connect {
		if d.pair.Out.State == model.Pending {
			at = uint32(d.pair.Out.SentAt)
		}
		bits, at = h.packPast(d, was, bits, at)
	} else {
		bits |= was & bitPast
	}
	switch {
	case bits == 0 && d.slot == nil:
		return
	case bits == 0:
		h.pairs.remove(d.slot)
		d.slot = nil
		return
	case d.slot == nil:
		d.slot = h.pairs.insert(d.key)
	}
	d.slot.bits = d.slot.bits&^bitsState | bits
	d.slot.at = at
}

// packPast adds what a pair keeps of ended things to its bits: a single cooldown fits the slot, where no invitation is
// outstanding; all else goes to the side table.
func (h *shard) packPast(d *decision, was, bits, at uint32) (newBits, newAt uint32) {
	past, none := &d.pair.Past, model.Past{}
	if *past == none {
		if was&bitPast != 0 {
			delete(h.pasts, d.key)
		}
		return bits, at
	}
	if bits&bitsOutstanding == 0 {
		if end, out, single := singleCooldown(past); single {
			if was&bitPast != 0 {
				delete(h.pasts, d.key)
			}
			return bits | bitNote | flag(out == d.high, bitFromHigh), end
		}
	}
	if *past != d.wasPast || was&bitPast == 0 {
		h.pasts[d.key] = pastOf(past, d.high)
	}
	return bits | bitPast, at
}

// singleCooldown says whether a past is one cooldown and nothing else: its end, and whether it is the actor's.
func singleCooldown(past *model.Past) (end uint32, out, single bool) {
	rest := *past
	rest.CooldownOut, rest.CooldownIn = 0, 0
	if rest != (model.Past{}) || (past.CooldownOut != 0) == (past.CooldownIn != 0) {
		return 0, false, false
	}
	return uint32(past.CooldownOut + past.CooldownIn), past.CooldownOut != 0, true
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
