package store

import (
	"unsafe"

	"invitesim/model"
	"invitesim/model/store/region"
)

// burst is how many commands' records are asked for at a time in DoAll. Many at once wait for the translation of their addresses
// together, where each alone would hold the processor up.
const burst = 32

// places are the addresses of what most commands touch: the two lines of both members' blocks, and the bucket of their pair.
type places [5]uintptr

// placesOf says where the records of a pair of members are. Of a table that is just being replaced it may name the old place, or
// none: enough for a prefetch, which reads nothing.
func (s *Store) placesOf(actor, peer model.Member, at *places) {
	if !s.exists(actor) {
		actor = 0 // there is a block 0, which is nobody's
	}
	if !s.exists(peer) {
		peer = actor
	}
	const line = unsafe.Sizeof(block{}) / 2
	first := uintptr(unsafe.Pointer(&s.blocks.Data[0]))
	at[0] = first + 2*line*uintptr(actor)
	at[1] = at[0] + line
	at[2] = first + 2*line*uintptr(peer)
	at[3] = at[2] + line
	at[4] = s.tables[min(actor, peer)&s.mask].bucketOf(model.PairKey(actor, peer))
}

// Prefetch asks the processor to load what a command of actor on peer will touch. It changes nothing, and needs not be
// followed by the command. Anybody may call it at any time.
func (s *Store) Prefetch(actor, peer model.Member) {
	var at places
	s.placesOf(actor, peer, &at)
	region.PrefetchAll(at[:])
	if s.keep.audit && s.exists(actor) && s.exists(peer) {
		region.Prefetch(unsafe.Pointer(&s.audits.Data[actor]))
		region.Prefetch(unsafe.Pointer(&s.audits.Data[peer]))
	}
}

// PrefetchSend asks for what a send of actor to peer will touch beyond what Prefetch asks for: the actor's record, and the ends of lists that are too
// long for a block. It reads the blocks, which Prefetch should have asked for some time before: so it does nothing in a store that others may be
// writing to.
func (s *Store) PrefetchSend(actor, peer model.Member) {
	if !s.exclusive || !s.exists(actor) || !s.exists(peer) {
		return
	}
	b, h := s.block(actor), s.shard(actor)
	if b.record != 0 {
		region.Prefetch(unsafe.Pointer(h.records.at(b.record)))
	}
	if b.bits&blockSentChain != 0 {
		h.prefetchEnd(b.sentChain())
	}
	if b := s.block(peer); b.bits&blockReceivedChain != 0 {
		s.shard(peer).prefetchEnd(b.receivedChain())
	}
}

// prefetchEnd asks for where the next entry of a chain will be.
func (h *shard) prefetchEnd(c *chain) {
	region.Prefetch(unsafe.Pointer(&h.entriesOf(c)[min(c.end, 1<<c.class-1)]))
}

// PrefetchOldest asks for what a withdrawal of the actor's oldest invitation will touch beyond the actor's own block. It reads that block, as
// PrefetchSend does.
func (s *Store) PrefetchOldest(actor model.Member) {
	if !s.exclusive || !s.exists(actor) {
		return
	}
	if oldest, ok := s.firstSent(actor); ok && oldest&refAside == 0 {
		s.Prefetch(actor, model.Member(oldest))
	}
}

// prefetchBurst asks for what commands will touch, for the first of some commands, as many as a burst has.
func (s *Store) prefetchBurst(commands []model.Command) {
	var all [burst]places
	commands = commands[:min(burst, len(commands))]
	for i := range commands {
		s.placesOf(commands[i].Actor, commands[i].Peer, &all[i])
	}
	region.PrefetchAll(unsafe.Slice(&all[0][0], len(commands)*len(all[0])))
}
