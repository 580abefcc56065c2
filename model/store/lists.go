package store

import (
	"slices"

	"invitesim/model"
)

// shardOf returns the shard that keeps what r names: for an aside, the one that holds it; for a peer, theirs.
func (s *Store) shardOf(r ref) model.Member { return model.Member(r) & s.mask }

// aside returns the aside that r names.
func (s *Store) aside(r ref) *aside {
	return s.shards[s.shardOf(r)].asides.at(uint32(r&^refAside) / uint32(len(s.shards)))
}

// newAside returns a ref to a zero aside in the shard of its sender.
func (s *Store) newAside(sender model.Member) ref {
	index := s.shard(sender).asides.allocate()
	return refAside | ref(index)*ref(len(s.shards)) | ref(sender&s.mask)
}

// sentRefs appends m's sent list to list, oldest first.
func (s *Store) sentRefs(m model.Member, list []ref) []ref {
	b := s.block(m)
	if b.bits&blockSentChain == 0 {
		return append(list, b.sent()...)
	}
	return appendChain(list, s.shard(m).listed(b.sentChain()))
}

// receivedRefs appends m's received list to list, oldest first.
func (s *Store) receivedRefs(m model.Member, list []ref) []ref {
	b := s.block(m)
	if b.bits&blockReceivedChain == 0 {
		from := len(list)
		list = append(list, b.received()...)
		slices.Reverse(list[from:])
		return list
	}
	return appendChain(list, s.shard(m).listed(b.receivedChain()))
}

func appendChain(list []ref, entries []uint64) []ref {
	for _, entry := range entries {
		if r := entryRef(entry); r != 0 {
			list = append(list, r)
		}
	}
	return list
}

// firstSent returns the oldest entry of m's sent list.
func (s *Store) firstSent(m model.Member) (r ref, ok bool) {
	b := s.block(m)
	if b.bits&blockSentChain != 0 {
		entries := s.shard(m).listed(b.sentChain())
		if len(entries) == 0 { // a chain stays as long as the other list leaves no room in the block
			return 0, false
		}
		return entryRef(entries[0]), true
	}
	if b.sentLength() == 0 {
		return 0, false
	}
	return b.slots[0], true
}

// link enters an invitation at the end of its sender's and its recipient's list.
func (s *Store) link(sender, recipient model.Member, at uint32, r ref) {
	toSent, toReceived := r, r
	if r&refAside == 0 {
		toSent, toReceived = ref(recipient), ref(sender)
	}
	s.enterSent(sender, s.block(sender), at, toSent)
	s.enterReceived(recipient, s.block(recipient), at, toReceived)
}

// enterSent enters an invitation at the end of the sent list of m, whose block is b.
func (s *Store) enterSent(m model.Member, b *block, at uint32, r ref) {
	if b.bits&blockSentChain == 0 && !b.room() {
		s.spill(m)
	}
	if b.bits&blockSentChain != 0 {
		s.shard(m).chainAppend(b.sentChain(), at, r)
	} else {
		b.appendSent(r)
	}
}

// enterReceived enters an invitation at the end of the received list of m, whose block is b.
func (s *Store) enterReceived(m model.Member, b *block, at uint32, r ref) {
	if b.bits&blockReceivedChain == 0 && !b.room() {
		s.spill(m)
	}
	if b.bits&blockReceivedChain != 0 {
		s.shard(m).chainAppend(b.receivedChain(), at, r)
	} else {
		b.appendReceived(r)
	}
}

// unlink takes an invitation out of both lists.
func (s *Store) unlink(sender, recipient model.Member, at uint32, r ref) {
	fromSent, fromReceived := r, r
	if r&refAside == 0 {
		fromSent, fromReceived = ref(recipient), ref(sender)
	}
	s.unlinkSent(sender, at, fromSent)
	s.unlinkReceived(recipient, at, fromReceived)
}

func (s *Store) unlinkSent(m model.Member, at uint32, r ref) {
	b := s.block(m)
	if b.bits&blockSentChain == 0 {
		b.removeSent(r)
		return
	}
	h := s.shard(m)
	if left := h.chainRemove(b.sentChain(), at, r); int(left)+b.receivedLength() <= roomAgain {
		c := *b.sentChain()
		b.bits &^= blockSentChain
		b.setSentLength(0)
		for _, entry := range h.listed(&c) {
			if r := entryRef(entry); r != 0 {
				b.appendSent(r)
			}
		}
		h.releaseChain(&c)
	}
}

func (s *Store) unlinkReceived(m model.Member, at uint32, r ref) {
	b := s.block(m)
	if b.bits&blockReceivedChain == 0 {
		b.removeReceived(r)
		return
	}
	h := s.shard(m)
	if left := h.chainRemove(b.receivedChain(), at, r); int(left)+b.sentLength() <= roomAgain {
		c := *b.receivedChain()
		b.bits &^= blockReceivedChain
		b.setReceivedLength(0)
		for _, entry := range h.listed(&c) {
			if r := entryRef(entry); r != 0 {
				b.appendReceived(r)
			}
		}
		h.releaseChain(&c)
	}
}

// replaceSent puts another ref in an invitation's place in its sender's list.
func (s *Store) replaceSent(m model.Member, at uint32, old, new ref) {
	b := s.block(m)
	if b.bits&blockSentChain != 0 {
		s.shard(m).chainReplace(b.sentChain(), at, old, new)
		return
	}
	list := b.sent()
	list[indexOf(list, old)] = new
}

// spill moves the longer of m's inline lists to a chain.
func (s *Store) spill(m model.Member) {
	b := s.block(m)
	h := s.shard(m)
	c := h.newChain()
	if b.sentLength() >= b.receivedLength() {
		h.chainFill(&c, b.sent())
		*b.sentChain() = c
		b.setSentLength(chainSlots)
		b.bits |= blockSentChain
		return
	}
	received := b.received()
	slices.Reverse(received)
	h.chainFill(&c, received)
	*b.receivedChain() = c
	b.setReceivedLength(chainSlots)
	b.bits |= blockReceivedChain
}

// sentAt returns when the invitation r in one of m's lists was sent.
func (s *Store) sentAt(m model.Member, r ref) uint32 {
	if r&refAside != 0 {
		return s.aside(r).sentAt
	}
	return s.slot(m, model.Member(r)).at
}

// slot returns the slot of a pair, nil if nothing is known of it.
func (s *Store) slot(a, b model.Member) *slot {
	key := model.PairKey(a, b)
	return s.shardOfPair(key).pairs.find(key)
}
