package queue

import (
	"math/bits"
	"slices"
)

// sorter brings the events of a bucket into order. It distributes them to bins by their leading bits, as many bins as
// events, and then moves each to its place by insertion. Bins that got many are distributed again, by what tells their
// own events apart: the time is linear but for patterns that get there through several rounds, of which there are at most a dozen.
type sorter struct {
	scratch []Event
	ends    [1 << maxBinBits]uint32
	crowded []span
}

// span is a part of a slice.
type span struct{ from, to int }

const (
	maxBinBits = 11
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
	for at := 0; b.count > 0; {
		at += w.pull(&b, scratch[at:])
	}
	first := len(run)
	run = slices.Grow(run, count)[:first+count]
	s.sort(scratch, run[first:], start, w.width)
	return run
}

// sort puts the events of from, whose instants lie within 2^width ns from start on, into to, in order. It overwrites from.
func (s *sorter) sort(from, to []Event, start uint64, width uint) {
	if len(from) < crowdSize {
		copy(to, from)
		insert(to)
		return
	}
	s.distribute(from, to, 0, digits{from: start, width: width})
	for len(s.crowded) > 0 {
		last := len(s.crowded) - 1
		crowd := s.crowded[last]
		s.crowded = s.crowded[:last]
		some := to[crowd.from:crowd.to]
		if d, differ := telling(some); differ {
			copy(from, some)
			s.distribute(from[:len(some)], some, crowd.from, d)
		}
	}
	insert(to)
}

// digits are the part of events by which to distribute them: At, or else Key, of which all are within 2^width from from on.
type digits struct {
	from  uint64
	width uint
	key   bool
}

// telling returns the digits that tell the given events apart. differ is false where they are all the same.
func telling(events []Event) (d digits, differ bool) {
	low, high := events[0], events[0]
	for _, e := range events {
		low.At, high.At = min(low.At, e.At), max(high.At, e.At)
		low.Key, high.Key = min(low.Key, e.Key), max(high.Key, e.Key)
	}
	if low.At < high.At {
		return digits{low.At, uint(bits.Len64(high.At - low.At)), false}, true
	}
	return digits{low.Key, uint(bits.Len64(high.Key - low.Key)), true}, low.Key < high.Key
}

// distribute copies from to to, which starts at offset in the run, bin by bin, and notes the crowded bins.
func (s *sorter) distribute(from, to []Event, offset int, d digits) {
	binBits := min(uint(bits.Len(uint(len(from)))), maxBinBits, d.width)
	shift := d.width - binBits
	ends := s.ends[:1<<binBits]
	clear(ends)
	if d.key {
		for i := range from {
			ends[(from[i].Key-d.from)>>shift]++
		}
	} else {
		for i := range from {
			ends[(from[i].At-d.from)>>shift]++
		}
	}
	most, sum := uint32(0), uint32(0)
	for i, count := range ends {
		most = max(most, count)
		ends[i] = sum
		sum += count
	}
	for i := range from {
		at := from[i].At
		if d.key {
			at = from[i].Key
		}
		end := &ends[(at-d.from)>>shift]
		to[*end] = from[i]
		*end++
	}
	if most >= crowdSize {
		s.note(ends, offset)
	}
}

// note remembers the crowded bins, given by where they end.
func (s *sorter) note(ends []uint32, offset int) {
	start := uint32(0)
	for _, end := range ends {
		if end-start >= crowdSize {
			s.crowded = append(s.crowded, span{offset + int(start), offset + int(end)})
		}
		start = end
	}
}

// insert sorts events that are nearly in order.
func insert(events []Event) {
	for i := 1; i < len(events); i++ {
		e := events[i]
		j := i
		for j > 0 && e.before(events[j-1]) {
			events[j] = events[j-1]
			j--
		}
		events[j] = e
	}
}
