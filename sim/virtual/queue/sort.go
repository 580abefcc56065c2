package queue

import (
	"math/bits"
	"slices"
)

// sorter brings the events of a bucket into order. It distributes them to bins by their leading bits, as many bins as
// events, and then moves each to its place by insertion. Where one has far to move, the bins that got many are distributed again, by
// what tells their own events apart: the time is linear but for patterns that get there through several rounds, of which there
// are at most a dozen.
type sorter struct {
	scratch []Event
	ends    [maxBins]uint32
	crowded []span
}

// span is a part of a slice.
type span struct{ from, to int }

const (
	maxBinBits = 11
	maxBins    = 1 << maxBinBits
	fewEvents  = 8  // up to so many, insertion alone is fastest
	crowdSize  = 24 // events of a bin from which on insertion is too slow
)

// take empties the bucket at the wheel's cursor and appends its events to the run, in order.
func (s *sorter) take(w *wheel, count int, start uint64, run []Event) []Event {
	b := w.levels[0].detach(start >> w.width % levelSize)
	w.stored -= count
	if cap(s.scratch) < count {
		s.scratch = make([]Event, max(count, 2*cap(s.scratch), 1024))
	}
	scratch := s.scratch[:count]
	for at := 0; b.end > 0; {
		at += w.pull(&b, scratch[at:])
	}
	first := len(run)
	run = slices.Grow(run, count)[:first+count]
	s.sort(scratch, run[first:], start, w.width)
	return run
}

// sort puts the events of from, whose instants lie within 2^width ns from start on, into to, in order. It overwrites from.
func (s *sorter) sort(from, to []Event, start uint64, width uint) {
	if len(from) <= fewEvents {
		copy(to, from)
		insert(to)
		return
	}
	bins := s.distribute(from, to, start, width)
	if insert(to) {
		return
	}
	s.note(bins, 0)
	for len(s.crowded) > 0 {
		last := len(s.crowded) - 1
		crowd := s.crowded[last]
		s.crowded = s.crowded[:last]
		s.part(from, to[crowd.from:crowd.to], crowd.from)
	}
	insert(to)
}

// part distributes a crowd, which starts at an offset in the run, by what tells its events apart. It overwrites as much of scratch.
func (s *sorter) part(scratch, crowd []Event, offset int) {
	low, high := crowd[0], crowd[0]
	for _, e := range crowd {
		low.At, high.At = min(low.At, e.At), max(high.At, e.At)
		low.Key, high.Key = min(low.Key, e.Key), max(high.Key, e.Key)
	}
	byKey := low.At == high.At
	if byKey {
		turn(crowd)
		low, high = Event{low.Key, low.At}, Event{high.Key, high.At}
	}
	if low.At < high.At {
		from := scratch[:copy(scratch, crowd)]
		s.note(s.distribute(from, crowd, low.At, uint(bits.Len64(high.At-low.At))), offset)
	}
	if byKey {
		turn(crowd)
	}
}

// turn exchanges instants and keys.
func turn(events []Event) {
	for i, e := range events {
		events[i] = Event{At: e.Key, Key: e.At}
	}
}

// distribute copies from to to, bin by bin, and returns where the bins end. The instants are within 2^width from start on.
func (s *sorter) distribute(from, to []Event, start uint64, width uint) (ends []uint32) {
	binBits := min(uint(bits.Len(uint(len(from)))), maxBinBits, width)
	shift := (width - binBits) % 64
	ends = s.ends[:1<<binBits]
	clear(ends)
	for i := range from {
		s.ends[(from[i].At-start)>>shift%maxBins]++
	}
	sum := uint32(0)
	for i, count := range ends {
		ends[i] = sum
		sum += count
	}
	for i := range from {
		end := &s.ends[(from[i].At-start)>>shift%maxBins]
		to[*end] = from[i]
		*end++
	}
	return ends
}

// note remembers the crowded bins, given by where they end, of what starts at an offset in the run.
func (s *sorter) note(ends []uint32, offset int) {
	start := uint32(0)
	for _, end := range ends {
		if end-start >= crowdSize {
			s.crowded = append(s.crowded, span{offset + int(start), offset + int(end)})
		}
		start = end
	}
}

// insert sorts events that are nearly in order. It gives up, and returns false, once an event is as many places away from its own
// as make a crowd.
func insert(events []Event) bool {
	highest := uint64(0)
	for i := range events {
		if at := events[i].At; at > highest {
			highest = at
			continue
		}
		e, j := events[i], i
		for j > 0 && e.before(events[j-1]) {
			events[j] = events[j-1]
			j--
		}
		events[j] = e
		if i-j >= crowdSize {
			return false
		}
	}
	return true
}
