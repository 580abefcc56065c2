package store

import (
	"sync/atomic"
	"unsafe"

	"invitesim/model"
	"invitesim/model/store/region"
)

// burst is how many commands' records are asked for at a time in DoAll. Many at once wait for the translation of their addresses
// together, where each alone would hold the processor up.
const burst = 32

// mostLines is how many lines AppendLines adds at most.
const mostLines = 7

// Prefetch asks the processor to load what a command of actor on peer will touch. It changes nothing, and needs not be
// followed by the command. Anybody may call it at any time.
func (s *Store) Prefetch(actor, peer model.Member) {
	var lines [mostLines]uintptr
	region.PrefetchAll(s.AppendLines(lines[:0], actor, peer))
}

// AppendLines appends the addresses of what a command of actor on peer will touch, for a prefetch of many: the two lines of both members' blocks, and
// the bucket of their pair; for one member alone, who is both, the lines of theirs. Of a table that is just being moved it may name the old place,
// or none: enough for a prefetch, which reads nothing.
func (s *Store) AppendLines(lines []uintptr, actor, peer model.Member) []uintptr {
	if !s.exists(actor) {
		actor = 0 // there is a block 0, which is nobody's
	}
	if !s.exists(peer) {
		peer = actor
	}
	const size = unsafe.Sizeof(block{})
	first := uintptr(unsafe.Pointer(&s.blocks.Data[0]))
	own, other := first+size*uintptr(actor), first+size*uintptr(peer)
	if actor == peer {
		lines = append(lines, own, own+size/2)
	} else {
		pair := model.PairKey(actor, peer)
		lines = append(lines, own, own+size/2, other, other+size/2, s.tables[lowerOf(pair)&s.mask].bucketOf(pair))
	}
	if s.keep.audit {
		lines = append(lines, uintptr(unsafe.Pointer(&s.audits.Data[actor])), uintptr(unsafe.Pointer(&s.audits.Data[peer])))
	}
	return lines
}

// AppendSend appends the addresses of what a send of actor to peer will touch beyond AppendLines: the actor's record, and the ends of lists that are
// too long for a block. It reads the blocks, which should have been asked for some time before; in a store that others may be writing to it leaves out the
// lists.
func (s *Store) AppendSend(lines []uintptr, actor, peer model.Member) []uintptr {
	if !s.exists(actor) || !s.exists(peer) {
		return lines
	}
	own, other := s.block(actor), s.block(peer)
	if record := atomic.LoadUint32(&own.record); record != 0 {
		lines = append(lines, uintptr(unsafe.Pointer(s.record(record))))
	}
	if !s.exclusive {
		return lines
	}
	if own.bits&blockSentChain != 0 {
		lines = append(lines, s.shard(actor).endOf(own.sentChain()))
	}
	if other.bits&blockReceivedChain != 0 {
		lines = append(lines, s.shard(peer).endOf(other.receivedChain()))
	}
	return lines
}

// endOf returns the address of the next entry of a chain.
func (h *shard) endOf(c *chain) uintptr {
	return uintptr(unsafe.Pointer(&h.entriesOf(c)[min(c.end, 1<<c.class-1)]))
}

// AppendOldest appends the addresses of what a withdrawal of the actor's oldest invitation will touch beyond the actor's own block. It reads that
// block, so it does nothing in a store that others may be writing to.
func (s *Store) AppendOldest(lines []uintptr, actor model.Member) []uintptr {
	if !s.exclusive || !s.exists(actor) {
		return lines
	}
	if oldest, ok := s.firstSent(actor); ok && oldest&refAside == 0 {
		return s.AppendLines(lines, actor, model.Member(oldest))
	}
	return lines
}

// PrefetchOldest asks the processor to load what AppendOldest appends.
func (s *Store) PrefetchOldest(actor model.Member) {
	var lines [mostLines]uintptr
	region.PrefetchAll(s.AppendOldest(lines[:0], actor))
}

// prefetchBurst asks for what the first of some commands will touch, as many as a burst has.
func (s *Store) prefetchBurst(commands []model.Command) {
	var all [burst * mostLines]uintptr
	lines := all[:0]
	for i := range commands[:min(burst, len(commands))] {
		lines = s.AppendLines(lines, commands[i].Actor, commands[i].Peer)
	}
	region.PrefetchAll(lines)
}
