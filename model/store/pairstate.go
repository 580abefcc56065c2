package store

import "invitesim/model"

// invitation names one invitation and says what lists show of it.
type invitation struct {
	sender, recipient model.Member
	kind              model.Kind
	subject           uint32
	sentAt            model.Instant
	note, again       bool
	met               model.Met // what it has met so far; of anything but nothing, the recipient's list does not show it any more
}

// between names an outstanding invitation of kind connect, which the rules see so.
func between(sender, recipient model.Member, seen model.Invitation) invitation {
	return invitation{sender: sender, recipient: recipient, sentAt: seen.SentAt, note: seen.Note, again: seen.Again, met: seen.Met()}
}

func (i *invitation) name() asideName { return asideName{i.sender, i.recipient, i.subject, i.kind} }

// connectOf names the invitation of kind connect between the members of a command that its slot held before, and who sent it.
func (d *decision) connectOf(c *model.Command) invitation {
	sender, recipient := c.Actor, c.Peer
	if !d.wasOut() {
		sender, recipient = recipient, sender
	}
	return between(sender, recipient, invitationIn(d.was, d.wasAt))
}

// wasOut says whether the invitation that the slot held before was the actor's.
func (d *decision) wasOut() bool { return (d.was&bitFromHigh != 0) == d.high }

// loadPair reads what lies between the actor and the peer.
func (s *Store) loadPair(t model.Instant, c *model.Command, d *decision) {
	low, high := min(c.Actor, c.Peer), max(c.Actor, c.Peer) // no branch: which is lower cannot be predicted
	d.high = c.Actor > c.Peer
	d.key = uint64(low)<<32 | uint64(high)
	d.shard = s.shard(low)
	d.slot = d.shard.pairs.find(d.key)
	if d.slot != nil {
		d.was, d.wasAt = d.slot.bits&bitsState, d.slot.at
		d.unpack(c.Kind)
	}
	if c.Kind != model.Connect {
		s.loadAsides(c, d)
	}
	if c.Verb == model.Withdraw && s.retains && s.showsWithdrawn(t, asideName{c.Actor, c.Peer, c.Subject, c.Kind}) {
		d.pair.Ties |= model.TieWithdrawnShown
	}
}

// tiesShift is where the ties of a slot begin: connected, then blocks and bars, each of the lower member and of the higher,
// as model.Ties has them from the side of the lower.
const (
	tiesShift = 6
	tiesMask  = 0x1f
	bitsTies  = tiesMask << tiesShift
)

// turned returns ties seen from the other side.
func turned(ties uint32) uint32 { return ties&1 | ties&0b01010<<1 | ties>>1&0b01010 }

// ties returns the ties in the slot, from the actor's side.
func (d *decision) ties(kind model.Kind) model.Ties {
	ties, own, other := d.was>>tiesShift&tiesMask, d.was/bitPriorLow>>kind&1, d.was/bitPriorHigh>>kind&1
	if d.high {
		ties, own, other = turned(ties), other, own
	}
	return model.Ties(ties | own*uint32(model.TiePriorOut) | other*uint32(model.TiePriorIn))
}

// unpack reads the slot from the actor's side.
func (d *decision) unpack(kind model.Kind) {
	p := &d.pair
	if d.was&(bitsTies|bitsPrior) != 0 {
		p.Ties = d.ties(kind)
	}
	if d.was&bitsOutstanding != 0 && kind == model.Connect {
		if d.wasOut() {
			readInvitation(&p.Out, d.was, d.wasAt)
		} else {
			readInvitation(&p.In, d.was, d.wasAt)
		}
	}
	switch {
	case d.was&bitPast != 0:
		p.Past = d.shard.pasts[d.key].seenFrom(d.high)
	case d.was&(bitsOutstanding|bitNote) != bitNote:
	case d.wasOut():
		p.Past.CooldownOut = model.Instant(d.wasAt)
	default:
		p.Past.CooldownIn = model.Instant(d.wasAt)
	}
}

// readInvitation reads the outstanding invitation of kind connect from a slot's bits and instant. It writes field by field: to copy the
// whole, the processor would have to wait for its parts.
func readInvitation(to *model.Invitation, bits, at uint32) {
	to.State = model.Pending
	if bits&bitIgnored != 0 {
		to.State = model.Ignored
	}
	to.Reported, to.Note, to.Again = bits&bitReported != 0, bits&bitNote != 0, bits&bitAgain != 0
	to.SentAt = model.Instant(at)
}

// invitationIn is readInvitation for those who have none yet.
func invitationIn(bits, at uint32) (i model.Invitation) {
	readInvitation(&i, bits, at)
	return i
}

// pack returns the state bits of the pair. Those of an invitation of kind connect are packed for commands on that kind; others
// keep what the slot has.
func (s *Store) pack(kind model.Kind, d *decision) uint32 {
	p := &d.pair
	bits := d.was & bitsPrior
	if p.Ties != 0 {
		bits |= s.packTies(kind, d)
	}
	switch {
	case kind != model.Connect:
		return bits | d.was&bitsInvitation
	case p.Out.State != model.Absent:
		return bits | s.packInvitation(&p.Out, d, d.high)
	case p.In.State != model.Absent:
		return bits | s.packInvitation(&p.In, d, !d.high)
	}
	return bits
}

// packTies returns the bits of the ties.
func (s *Store) packTies(kind model.Kind, d *decision) uint32 {
	ties := uint32(d.pair.Ties)
	own, other := ties/uint32(model.TiePriorOut)&1, ties/uint32(model.TiePriorIn)&1
	if ties &= tiesMask; d.high {
		ties, own, other = turned(ties), other, own
	}
	if !s.keep.prior {
		return ties << tiesShift
	}
	return ties<<tiesShift | own*bitPriorLow<<kind | other*bitPriorHigh<<kind
}

// packInvitation returns the bits of an outstanding invitation of kind connect; a new one is under the expiry in force.
func (s *Store) packInvitation(i *model.Invitation, d *decision, fromHigh bool) uint32 {
	version := d.was & (0xff << versionShift)
	if d.was&bitsOutstanding == 0 {
		version = uint32(s.version) << versionShift
	}
	state := uint32(bitPending)
	if i.State == model.Ignored {
		state = bitIgnored
	}
	return version | state | flag(fromHigh, bitFromHigh) | flag(i.Reported, bitReported) | flag(i.Note, bitNote) | flag(i.Again, bitAgain)
}

func flag(set bool, bit uint32) uint32 {
	n := uint32(0)
	if set {
		n = 1
	}
	return n * bit // no branch: nobody can predict it
}

// storePair writes the pair back; a pair of which nothing is left to know loses its slot.
func (s *Store) storePair(c *model.Command, d *decision) {
	h := d.shard
	bits, at := s.pack(c.Kind, d), d.wasAt
	if c.Kind == model.Connect {
		if d.pair.Out.State == model.Pending {
			at = uint32(d.pair.Out.SentAt)
		}
		if d.hadPast() || c.Verb == model.Withdraw || c.Verb >= model.Block {
			bits, at = h.packPast(d, bits, at)
		}
	} else {
		bits |= d.was & bitPast
	}
	switch {
	case bits == 0 && d.slot == nil:
		return
	case bits == 0:
		h.pairs.remove(d.slot)
		return
	case d.slot == nil:
		d.slot = h.pairs.insert(d.key)
	}
	d.slot.bits = d.slot.bits&^bitsState | bits
	d.slot.at = at
}

// hadPast says whether the pair kept something of ended things before.
func (d *decision) hadPast() bool {
	return d.was&bitPast != 0 || d.was&(bitsOutstanding|bitNote) == bitNote
}

// packPast adds what a pair keeps of ended things to its bits: a single cooldown fits the slot, where no invitation is
// outstanding; all else goes to the side table.
func (h *shard) packPast(d *decision, bits, at uint32) (newBits, newAt uint32) {
	past := &d.pair.Past
	end, out, single := singleCooldown(past)
	inSlot := single && bits&bitsOutstanding == 0
	if inSlot || *past == (model.Past{}) {
		if d.was&bitPast != 0 {
			delete(h.pasts, d.key)
		}
		if inSlot {
			return bits | bitNote | flag(out == d.high, bitFromHigh), end
		}
		return bits, at
	}
	h.pasts[d.key] = pastOf(past, d.high)
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
