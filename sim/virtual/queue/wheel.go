package queue

import (
	"context"
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
	summary uint64 // a bit for each word that is not 0
	words   [levelSize / 64]uint64
	buckets [levelSize]bucket
}

// bucket is a list of chunks, all full but the last one.
type bucket struct {
	end   uint32 // the place after its last event, counted through all chunks; 0 if it has none
	count uint32 // events
}

// slab is memory for chunks, a huge page each, for they are written to in no order. Slabs are never given back before the queue is.
type slab [slabEvents]Event

const (
	levelBits  = 12
	levelSize  = 1 << levelBits
	maxLevels  = (64 + levelBits - 1) / levelBits
	batch      = 32 // events stored at once, at most
	chunkSize  = 16 // events
	slabBits   = 13
	slabSize   = 1 << slabBits // chunks
	slabEvents = slabSize * chunkSize
)

// store adds at most a batch of events that are not before the cursor. Their places lie far apart: it asks for the memory of all of
// them before it writes to the first, for then the waits coincide.
func (w *wheel) store(events []Event) {
	var places [batch]*Event
	cursor, width := w.cursor, w.width%64
	for i := range events {
		at := events[i].At
		l, slot := w.levels[0], at>>width
		if differing := (at ^ cursor) >> width; differing >= levelSize || l == nil {
			number := (bits.Len64(differing/levelSize) + levelBits - 1) / levelBits
			l = w.level(number)
			slot >>= uint(number*levelBits) % 64
		}
		b := &l.buckets[slot%levelSize]
		if b.end%chunkSize == 0 {
			w.lengthen(l, slot%levelSize)
		}
		places[uint(i)%batch] = &w.slabs[b.end/slabEvents][b.end%slabEvents]
		b.end++
		b.count++
	}
	w.stored += len(events)
	region.PrefetchAll(unsafe.Slice((*uintptr)(unsafe.Pointer(&places)), len(events)))
	for i := range events {
		*places[uint(i)%batch] = events[i]
	}
}

// lengthen adds a chunk to a bucket.
func (w *wheel) lengthen(l *level, slot uint64) {
	b := &l.buckets[slot]
	chunk := w.allocate()
	w.chain[chunk] = b.end
	b.end = chunk * chunkSize
	l.words[slot/64] |= 1 << (slot % 64)
	l.summary |= 1 << (slot / 64)
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
	w.memory = append(w.memory, region.NewTouched[slab](context.Background(), 1))
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
			return int(w.levels[0].buckets[slot].count), w.cursor
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
	w.stored -= int(b.count)
	var events [chunkSize]Event
	for b.end > 0 {
		w.store(events[:w.pull(&b, events[:])])
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
