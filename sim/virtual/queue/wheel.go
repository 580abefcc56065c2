package queue

import (
	"math/bits"

	"invitesim/model/store/region"
)

// wheel stores events in buckets by time. It has levels of 4096 buckets: those of the lowest are 2^width ns wide, those of
// each other one as wide as all of the level below. An event lies in the lowest level at which its instant and the cursor
// differ in no higher digit, as in a radix heap: so all of a level's events are before those of the level above.
type wheel struct {
	slabs  []*slab
	memory []region.Region[slab] // of the slabs
	chain  []uint32              // by chunk: the chunk before it in its bucket, or in the list of free ones
	free   uint32                // the first free chunk, plus 1; 0 for none
	stored int                   // events
	cursor uint64                // the start of the bucket that was last emptied; what is stored is not before it
	width  uint                  // base-2 logarithm of the nanoseconds of a bucket of the lowest level
	levels []*level
	spare  []*level // empty ones, for the next change of width
}

// level is the buckets of one width, and which of them have events.
type level struct {
	summary uint64 // a bit for each word that is not 0
	words   [levelSize / 64]uint64
	buckets [levelSize]bucket
}

// bucket is a list of chunks, all full but the last one.
type bucket struct {
	last  uint32 // chunk
	count uint32 // events
}

// slab is memory for chunks, a huge page each: pushes go to places all over it. Slabs are never given back before the queue
// is.
type slab [slabSize * chunkSize]Event

const (
	levelBits = 12
	levelSize = 1 << levelBits
	chunkBits = 4
	chunkSize = 1 << chunkBits // events
	slabBits  = 13
	slabSize  = 1 << slabBits // chunks
)

// store adds an event that is not before the cursor.
func (w *wheel) store(e Event) {
	number := 0
	differing := (e.At ^ w.cursor) >> w.width
	slot := e.At >> w.width
	if differing >= levelSize {
		number = (bits.Len64(differing) - 1) / levelBits
		slot >>= uint(number * levelBits)
	}
	if number >= len(w.levels) {
		w.raise(number)
	}
	l := w.levels[number]
	slot %= levelSize
	b := &l.buckets[slot]
	place := b.count % chunkSize
	if place == 0 {
		chunk := w.allocate()
		w.chain[chunk] = b.last
		b.last = chunk
		l.words[slot/64] |= 1 << (slot % 64)
		l.summary |= 1 << (slot / 64)
	}
	b.count++
	w.stored++
	w.slabs[b.last>>slabBits][b.last%slabSize<<chunkBits|place] = e
}

// raise adds levels up to the given one.
func (w *wheel) raise(number int) {
	for number >= len(w.levels) {
		w.levels = append(w.levels, new(level))
	}
}

// allocate returns a chunk to write to.
func (w *wheel) allocate() uint32 {
	if w.free == 0 {
		w.grow()
	}
	chunk := w.free - 1
	w.free = w.chain[chunk]
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

// events returns a chunk's memory.
func (w *wheel) events(chunk uint32) *[chunkSize]Event {
	start := chunk % slabSize << chunkBits
	return (*[chunkSize]Event)(w.slabs[chunk>>slabBits][start : start+chunkSize])
}

// advance moves the cursor to the earliest bucket of the lowest level, moving wider ones down as need be, and returns
// how many events it has and when it starts. There is an event stored.
func (w *wheel) advance() (count int, start uint64) {
	for {
		number := 0
		for w.levels[number].summary == 0 {
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

// detach takes the list of chunks out of a bucket.
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
	var events [chunkSize]Event
	for b.count > 0 {
		n := w.pull(&b, events[:])
		w.stored -= n
		for _, e := range events[:n] {
			w.store(e)
		}
	}
}

// pull copies the last chunk of a detached bucket to a place with room for it, releases it, and returns how many events it had.
func (w *wheel) pull(b *bucket, to []Event) int {
	n := int((b.count-1)%chunkSize) + 1
	chunk := b.last
	copy(to, w.events(chunk)[:n])
	b.last = w.chain[chunk]
	b.count -= uint32(n)
	w.release(chunk)
	return n
}
