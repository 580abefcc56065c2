package queue

import (
	"math/bits"
	"unsafe"

	"invitesim/model/store/region"
)

// wheel stores events in buckets by time. It has levels of 4096 buckets: those of the lowest are 2^width ns wide, those of
// each other one as wide as all of the level below. An event lies in the lowest level at which its instant and the cursor
// differ in no higher digit, as in a radix heap: so all of a level's events are before those of the level above.
type wheel struct {
	slabs  []*slab
	memory []region.Region[slab] // of the slabs
	chain  []uint32              // by chunk: the end of the chunk before it in its bucket, or the next free chunk, plus 1; 0 for none
	free   uint32                // the first free chunk, plus 1; 0 for none
	stored int                   // events
	cursor uint64                // the start of the bucket that was last emptied; what is stored is not before it
	width  uint                  // base-2 logarithm of the nanoseconds of a bucket of the lowest level
	levels levels
	spare  levels // empty ones, for the next change of width
}

// levels are those there have been events for; nil for others.
type levels [maxLevels]*level

// level is the buckets of one width, and which of them have events.
type level struct {
	buckets [levelSize]bucket // first, and so each in a cache line of its own
	words   [levelSize / 64]uint64
	summary uint64 // a bit for each word that is not 0
}

// bucket is the events of a span of time. The last few are its tail, filled from the back, the others lie in a list of chunks,
// all full but the last one. Chunks lie all over the memory, the buckets side by side: so it pays to write to chunks several
// events at a time. A bucket is as large as a cache line.
type bucket struct {
	end   uint32 // where the events in chunks end, counted through all chunks; 0 if there are none
	count uint32 // how many events there would be with no room in the tail
	room  uint64 // places left in the tail
	tail  [tailSize]Event
}

// events returns how many events a bucket has.
func (b *bucket) events() int { return int(b.count) - int(b.room) }

// slab is memory for chunks, a huge page each, for they are written to in no order. Slabs are never given back before the queue is.
type slab [slabEvents]Event

const (
	levelBits  = 12
	levelSize  = 1 << levelBits
	maxLevels  = (64 + levelBits - 1) / levelBits
	tailSize   = 3
	burst      = tailSize + 1 // events written to a chunk at once
	chunkSize  = 4 * burst    // events
	slabBits   = 13
	slabSize   = 1 << slabBits // chunks
	slabEvents = slabSize * chunkSize
)

// store adds an event that is not before the cursor.
func (w *wheel) store(e Event) {
	w.stored++
	l, slot := w.levels[0], e.At>>(w.width%64)
	if differing := (e.At ^ w.cursor) >> (w.width % 64); differing >= levelSize || l == nil {
		number := (bits.Len64(differing/levelSize) + levelBits - 1) / levelBits
		l = w.level(number)
		slot >>= uint(number*levelBits) % 64
	}
	b := &l.buckets[slot%levelSize]
	if b.room == 0 {
		w.overflow(l, slot%levelSize, e)
		return
	}
	b.room--
	b.tail[b.room] = e
}

// overflow adds an event to a bucket that has no room in its tail: one without events, or one whose tail moves to a chunk.
func (w *wheel) overflow(l *level, slot uint64, e Event) {
	b := &l.buckets[slot]
	if b.count == 0 {
		l.words[slot/64] |= 1 << (slot % 64)
		l.summary |= 1 << (slot / 64)
		b.count, b.room = tailSize, tailSize-1
		b.tail[b.room] = e
		return
	}
	if b.end%chunkSize == 0 {
		chunk := w.allocate()
		w.chain[chunk] = b.end
		b.end = chunk * chunkSize
	}
	place := (*[burst]Event)(w.slabs[b.end/slabEvents][b.end%slabEvents:])
	*(*[tailSize]Event)(place[:]) = b.tail
	place[tailSize] = e
	b.end += burst
	b.count += burst
	b.room = tailSize
}

// level returns the level of a number, a new one if there is none.
func (w *wheel) level(number int) *level {
	if w.levels[number] == nil {
		w.levels[number] = new(level)
	}
	return w.levels[number]
}

// allocate returns a chunk to write to.
func (w *wheel) allocate() uint32 {
	if w.free == 0 {
		w.grow()
	}
	chunk := w.free - 1
	if w.free = w.chain[chunk]; w.free > 0 {
		region.Prefetch(unsafe.Pointer(&w.chain[w.free-1])) // which will tell the chunk after the next
	}
	return chunk
}

// release puts a chunk on the list of free ones, to be the next to be used: it is still near.
func (w *wheel) release(chunk uint32) {
	w.chain[chunk] = w.free
	w.free = chunk + 1
}

// grow adds a slab of free chunks.
func (w *wheel) grow() {
	first := uint32(len(w.slabs)) << slabBits
	w.memory = append(w.memory, region.NewTouched[slab](1))
	w.slabs = append(w.slabs, &w.memory[len(w.memory)-1].Data[0])
	w.chain = append(w.chain, make([]uint32, slabSize)...)
	for i := uint32(slabSize); i > 0; i-- {
		w.release(first + i - 1)
	}
}

// advance moves the cursor to the earliest bucket of the lowest level, moving wider ones down as need be, and returns
// how many events it has and when it starts. There is an event stored.
func (w *wheel) advance() (count int, start uint64) {
	for {
		number := 0
		for w.levels[number] == nil || w.levels[number].summary == 0 {
			number++
		}
		slot := w.levels[number].first()
		shift := w.width + uint(number)*levelBits
		above := shift + levelBits // shifts by 64 and more leave nothing
		w.cursor = w.cursor>>above<<above | slot<<shift
		if number == 0 {
			return w.levels[0].buckets[slot].events(), w.cursor
		}
		w.spread(w.levels[number].detach(slot))
	}
}

// first returns the first slot with events.
func (l *level) first() uint64 {
	word := uint64(bits.TrailingZeros64(l.summary))
	return word<<6 | uint64(bits.TrailingZeros64(l.words[word]))
}

// detach takes the events out of a bucket.
func (l *level) detach(slot uint64) bucket {
	b := l.buckets[slot]
	l.buckets[slot] = bucket{}
	l.words[slot/64] &^= 1 << (slot % 64)
	if l.words[slot/64] == 0 {
		l.summary &^= 1 << (slot / 64)
	}
	return b
}

// spread stores the events of a detached bucket anew.
func (w *wheel) spread(b bucket) {
	w.stored -= b.events()
	for _, e := range b.tail[b.room:] {
		w.store(e)
	}
	var events [chunkSize]Event
	for b.end > 0 {
		for _, e := range events[:w.pull(&b, events[:])] {
			w.store(e)
		}
	}
}

// pull copies the last chunk of a detached bucket to a place with room for it, releases it, and returns how many events it had.
func (w *wheel) pull(b *bucket, to []Event) int {
	n := copy(to, w.last(b))
	w.release(w.drop(b))
	return n
}

// last returns the events of the last chunk of a bucket that has some.
func (w *wheel) last(b *bucket) []Event {
	last := b.end - 1
	start := last % slabEvents &^ (chunkSize - 1)
	return w.slabs[last/slabEvents][start : last%slabEvents+1]
}

// drop takes the last chunk off a detached bucket, and returns it.
func (w *wheel) drop(b *bucket) uint32 {
	chunk := (b.end - 1) / chunkSize
	b.end = w.chain[chunk]
	return chunk
}
