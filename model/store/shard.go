package store

import (
	"invitesim/model"
	"invitesim/model/store/spin"
)

// shard owns every shards-th member with all that is kept of them, and the pairs whose lower member is one of them. Its lock guards
// all of it. A command locks the shards of its two members, the lower-numbered shard first.
// It fills whole cache lines: each begins with one of its own, which holds all that most commands need of it.
type shard struct {
	lock    spin.Lock
	latest  model.Instant // of the decisions made here; time does not go back
	pairs   pairs
	entries slab[uint64]
	stamps  slab[uint32]
	asides  pool[aside]
	named   pairs // by pair: at is the first of the outstanding invitations of kind page and event between the two
	// What only some pairs and members have. The keys and values hold no pointers but those of keys (idempotency) and of
	// what is kept for those who ask (notices, lagging views).
	pasts      map[uint64]past
	withdrawn  map[asideName]uint32 // the latest withdraw that the sender's list may still show
	sends      map[model.Member]stamps
	hits       map[model.Member]stamps
	answers    map[answerName]answered
	sweepAt    int // number of kept answers at which the old ones are dropped
	late       map[model.Member][]lateRow
	notices    map[model.Member][]notice
	told       map[asideName]told
	records    struct{ next, end uint32 } // of the store's, that are to be given out
	scratch    []ref
	look       model.Lookback // of the member whose send is being decided
	_          [8]byte        // to the end of the line
	namedPlace tablePlace
}

// past is model.Past of a pair, from the side of the lower member.
type past struct {
	cooldownLow, cooldownHigh   uint32 // ends; 0 for none
	removalEnd                  uint32
	unblockedLow, unblockedHigh uint32 // instant + 1; 0 for never
	removedBy                   uint8  // 0 nobody, 1 the lower, 2 the higher
}

// aside is an invitation that is not kept in its pair's slot: of kind page or event, or withdrawn and still in the sender's list.
type aside struct {
	sender, recipient model.Member
	sentAt, expires   uint32
	withdrawnAt       uint32
	subject           uint32
	next              ref // between the same two, 0 for none; outstanding ones only
	kind              model.Kind
	state             model.State
	reported          bool
	note              bool
	again             bool
	order             uint64 // of sending, for lists that lag; withdrawn ones only
}

// asideName names an invitation by what it is about.
type asideName struct {
	sender, recipient model.Member
	subject           uint32
	kind              model.Kind
}

func (a *aside) name() asideName { return asideName{a.sender, a.recipient, a.subject, a.kind} }

// stamps are ascending instants of one member in the shard's slab: those of a sliding window, or of hits.
type stamps struct {
	offset     uint32
	first, end uint32
	class      uint8
}

// stampsOf returns the instants that a member has in one of the maps, without those at from or before, which are dropped.
func (h *shard) stampsOf(kept map[model.Member]stamps, m model.Member, from int64) []uint32 {
	list, ok := kept[m]
	if !ok {
		return nil
	}
	all := h.stamps.at(list.offset, list.class)
	first := list.first
	for first < list.end && int64(all[first]) <= from {
		first++
	}
	if first != list.first {
		list.first = first
		kept[m] = list
	}
	return all[first:list.end]
}

// stamp appends an instant.
func (h *shard) stamp(kept map[model.Member]stamps, m model.Member, at uint32) {
	list, ok := kept[m]
	if !ok {
		list = stamps{offset: h.stamps.allocate(2), class: 2}
	}
	if list.end == 1<<list.class {
		list = h.packStamps(list)
	}
	h.stamps.at(list.offset, list.class)[list.end] = at
	list.end++
	kept[m] = list
}

// packStamps makes room: to the front where half is free there, else in an array twice as long.
func (h *shard) packStamps(list stamps) stamps {
	packed := list
	if list.first < list.end/2 {
		packed.class++
		packed.offset = h.stamps.allocate(packed.class)
	}
	n := copy(h.stamps.at(packed.offset, packed.class), h.stamps.at(list.offset, list.class)[list.first:list.end])
	packed.first, packed.end = 0, uint32(n)
	if packed.class != list.class {
		h.stamps.release(list.offset, list.class)
	}
	return packed
}

// dropStamps forgets a member's instants.
func (h *shard) dropStamps(kept map[model.Member]stamps, m model.Member) {
	if list, ok := kept[m]; ok {
		h.stamps.release(list.offset, list.class)
		delete(kept, m)
	}
}

// dropAllStamps forgets everybody's instants.
func (h *shard) dropAllStamps(kept map[model.Member]stamps) {
	for m := range kept {
		h.dropStamps(kept, m)
	}
}
