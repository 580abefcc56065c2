package store

import (
	"unsafe"

	"invitesim/model/store/region"
)

// prefetch loads both lines of a block.
func prefetch(b *block) {
	region.Prefetch(unsafe.Pointer(b))
	region.Prefetch(unsafe.Pointer(&b.slots[blockSlots-1]))
}

func prefetchLine(b *bucket) { region.Prefetch(unsafe.Pointer(b)) }
