package store

import (
	"unsafe"

	"invitesim/model"
)

// block is what is kept of one member: two cache lines. The first 24 bytes are the member; the rest holds the lists of
// invitations, sent ones from the front and received ones from the back, each in order of sending. A list that does not fit moves
// to a chain, which takes its place here, until there is room for it again.
type block struct {
	connections uint32
	outstanding uint32 // own invitations of kind connect
	nextTimer   uint32 // no own timer is due before
	used        uint32 // sends in the calendar window
	record      uint32 // which of the store's records, 0 for none; written atomically, for prefetches
	ordinal     uint16 // of the calendar window that used belongs to, less the store's first
	bits        uint16
	slots       [blockSlots]ref
}

const blockSlots = 26

// roomAgain is how many slots two lists may fill for one of them to come back from its chain.
const roomAgain = 20

// ref names an invitation in a list: the peer's number for one of kind connect, or an aside with the top bit set.
type ref uint32

const refAside ref = 1 << 31

// The bits of a block: flags, then the lengths of the two lists.
const (
	blockClosed uint16 = 1 << iota
	blockInbound
	_
	blockSentChain
	blockReceivedChain

	sentShift     = 6
	receivedShift = 11
	lengthMask    = 31
)

func (b *block) closed() bool { return b.bits&blockClosed != 0 }

func (b *block) inbound() model.Inbound { return model.Inbound(b.bits / blockInbound & 3) }

func (b *block) setFlags(closed bool, inbound model.Inbound) {
	b.bits = b.bits&^(3*blockInbound|blockClosed) | uint16(inbound)*blockInbound
	if closed {
		b.bits |= blockClosed
	}
}

func (b *block) sentLength() int     { return int(b.bits >> sentShift & lengthMask) }
func (b *block) receivedLength() int { return int(b.bits >> receivedShift & lengthMask) }

func (b *block) setSentLength(n int) {
	b.bits = b.bits&^(lengthMask<<sentShift) | uint16(n)<<sentShift
}

func (b *block) setReceivedLength(n int) {
	b.bits = b.bits&^(lengthMask<<receivedShift) | uint16(n)<<receivedShift
}

// room says whether one more entry fits.
func (b *block) room() bool { return b.sentLength()+b.receivedLength() < blockSlots }

// sent returns the inline entries of the sent list, oldest first.
func (b *block) sent() []ref { return b.slots[:b.sentLength()] }

// received returns the inline entries of the received list, oldest last.
func (b *block) received() []ref { return b.slots[blockSlots-b.receivedLength():] }

// sentChain returns the chain of a block whose sent list is one.
func (b *block) sentChain() *chain { return (*chain)(unsafe.Pointer(&b.slots[0])) }

// receivedChain returns the chain of a block whose received list is one.
func (b *block) receivedChain() *chain {
	return (*chain)(unsafe.Pointer(&b.slots[blockSlots-chainSlots]))
}

func (b *block) appendSent(r ref) {
	n := b.sentLength()
	b.slots[n] = r
	b.setSentLength(n + 1)
}

func (b *block) appendReceived(r ref) {
	n := b.receivedLength() + 1
	b.slots[blockSlots-n] = r
	b.setReceivedLength(n)
}

// removeSent takes the entry r out; it must be there. The younger ones move up, as far as r.
func (b *block) removeSent(r ref) {
	list := b.sent()
	carried := ref(0)
	for i := len(list) - 1; i >= 0; i-- {
		carried, list[i] = list[i], carried
		if carried == r {
			b.setSentLength(len(list) - 1)
			return
		}
	}
	panic("store: an invitation is missing from its list")
}

func (b *block) removeReceived(r ref) {
	list := b.received()
	carried := ref(0)
	for i := range list {
		carried, list[i] = list[i], carried
		if carried == r {
			b.setReceivedLength(len(list) - 1)
			return
		}
	}
	panic("store: an invitation is missing from its list")
}

func indexOf(list []ref, r ref) int {
	for i, entry := range list {
		if entry == r {
			return i
		}
	}
	panic("store: an invitation is missing from its list")
}
