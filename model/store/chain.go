package store

import "unsafe"

// chain is a list of invitations too long for its member's block: entries in order of sending, at<<32 | ref, in an array
// of the shard's slab. A removed entry leaves a gap (its ref is 0); half full of gaps, the array is packed. Entries are found by their
// instant, so that a recipient with a hundred thousand of them is no slower; the few that came from the block stand first, with 0 as
// their instant, because the block does not know it.
//
// The chain itself lies in the block, in the first slots of the sent list or the last ones of the received list: who has loaded the block knows
// where the entries are.
type chain struct {
	offset uint32
	first  uint32 // no entry before
	end    uint32 // none from here on
	live   uint32
	class  uint32
}

const (
	chainSlots = int(unsafe.Sizeof(chain{}) / unsafe.Sizeof(ref(0))) // of a block that a chain takes
	firstClass = 5                                                   // of a new chain: 2⁵ entries
)

func entryOf(at uint32, r ref) uint64 { return uint64(at)<<32 | uint64(r) }

func entryRef(entry uint64) ref { return ref(entry) }

func entryAt(entry uint64) uint32 { return uint32(entry >> 32) }

// newChain returns an empty chain.
func (h *shard) newChain() chain {
	return chain{offset: h.entries.allocate(firstClass), class: firstClass}
}

func (h *shard) releaseChain(c *chain) { h.entries.release(c.offset, uint8(c.class)) }

// entriesOf returns the array of a chain.
func (h *shard) entriesOf(c *chain) []uint64 { return h.entries.at(c.offset, uint8(c.class)) }

// listed returns the entries of a chain, gaps among them.
func (h *shard) listed(c *chain) []uint64 { return h.entriesOf(c)[c.first:c.end] }

func (h *shard) chainAppend(c *chain, at uint32, r ref) {
	if c.end == 1<<c.class {
		h.makeRoom(c)
	}
	h.entriesOf(c)[c.end] = entryOf(at, r)
	c.end++
	c.live++
}

// chainFill enters what a block held, oldest first, in an empty chain; the first array has room for it.
func (h *shard) chainFill(c *chain, refs []ref) {
	entries := h.entriesOf(c)
	for i, r := range refs {
		entries[i] = entryOf(0, r)
	}
	c.end, c.live = uint32(len(refs)), uint32(len(refs))
}

// makeRoom packs a full chain, into an array twice as long unless half of it were gaps.
func (h *shard) makeRoom(c *chain) {
	old, oldClass := c.offset, uint8(c.class)
	if c.live > 1<<c.class/2 {
		c.class++
		c.offset = h.entries.allocate(uint8(c.class))
	}
	from, to := h.entries.at(old, oldClass), h.entriesOf(c)
	n := uint32(0)
	for _, entry := range from[c.first:c.end] {
		if entryRef(entry) != 0 {
			to[n] = entry
			n++
		}
	}
	c.first, c.end = 0, n
	if oldClass != uint8(c.class) {
		h.entries.release(old, oldClass)
	}
}

// locate returns where in the chain's entries the invitation stands; it must be there.
func (h *shard) locate(c *chain, at uint32, r ref) int {
	entries := h.listed(c)
	low, high := 0, len(entries)
	for low < high {
		middle := (low + high) / 2
		if entryAt(entries[middle]) < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	for ; low < len(entries) && entryAt(entries[low]) == at; low++ {
		if entryRef(entries[low]) == r {
			return low
		}
	}
	for i, entry := range entries {
		if entry == entryOf(0, r) {
			return i
		}
	}
	panic("store: an invitation is missing from its list")
}

// chainRemove takes an entry out and returns how many are left.
func (h *shard) chainRemove(c *chain, at uint32, r ref) (left uint32) {
	i := h.locate(c, at, r)
	entries := h.listed(c)
	entries[i] = entryOf(entryAt(entries[i]), 0)
	for i == 0 && len(entries) > 0 && entryRef(entries[0]) == 0 {
		entries = entries[1:]
		c.first++
	}
	c.live--
	return c.live
}

// chainReplace puts another ref in the place of one.
func (h *shard) chainReplace(c *chain, at uint32, old, new ref) {
	i := h.locate(c, at, old)
	entries := h.listed(c)
	entries[i] = entryOf(entryAt(entries[i]), new)
}
