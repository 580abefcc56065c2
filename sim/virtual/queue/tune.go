package queue

import (
	"math/bits"
	"slices"
)

// tuning watches how well the width of the buckets fits. What it finds shows in the speed only, never in the order of events.
type tuning struct {
	late      int    // late events since the run got a bucket, and those in the heap then
	lateLimit int    // so many call for relief
	tuned     bool   // the width has been chosen once
	taken     int    // events taken since the width was last looked at
	since     uint64 // the end of the run's time then
	samples   []uint64
}

const (
	minLate    = 4096 // late events that are no reason to act
	minTaken   = 8192 // events before the width is looked at again
	minBucket  = 128  // events that a bucket should have when its time comes
	perPending = 1024 // with many events, one for each so many in the queue: the lowest level then spans four mean waits
	maxSamples = 1024
)

// ideal returns how many events a bucket should have when its time comes.
func ideal(pending int) int { return max(minBucket, pending/perPending) }

// tune changes the width of the buckets if events now come much denser or thinner than it is made for. The looks are so far
// apart that rebuilding costs little for each event.
func (q *Queue) tune() {
	pending := q.Len()
	if !q.tuning.tuned && pending >= minBucket {
		q.rebuild(q.widthByStock())
		return
	}
	if q.tuning.taken < max(pending, minTaken) {
		return
	}
	elapsed := q.through - min(q.tuning.since, q.through)
	width := widthFor(elapsed, q.tuning.taken, ideal(pending))
	if elapsed > 0 && (width > q.wheel.width+1 || width+1 < q.wheel.width) {
		q.rebuild(width)
	}
	q.tuning.taken, q.tuning.since = 0, q.through
}

// relieve puts all events into buckets anew, and makes these narrower, when many come late for the size of the queue.
func (q *Queue) relieve() {
	if limit := max(minLate, q.Len()/4); q.tuning.late < limit {
		q.tuning.lateLimit = limit
		return
	}
	q.rebuild(q.widthByStock())
}

// widthFor returns the width at which a bucket has the wanted number of events, where so many come in the given time.
func widthFor(elapsed uint64, events, wanted int) uint {
	const widest = 1 << 52
	width := float64(elapsed) / float64(max(events, 1)) * float64(wanted)
	return uint(bits.Len64(uint64(min(max(width, 1), widest)))) - 1
}

// widthByStock chooses the width by how densely the earliest quarter of the queue lies, or if that is all at one instant, the
// earlier half, or all. The rate at which events are taken is a better guide, but it takes a while to know.
func (q *Queue) widthByStock() uint {
	s := sampler{step: q.Len()/maxSamples + 1, at: q.tuning.samples[:0]}
	s.add(q.run[q.next:])
	s.add(q.late)
	visit(&q.wheel.levels, func(l *level, slot uint64) {
		b := l.buckets[slot]
		for b.end > 0 {
			s.add(q.wheel.last(&b))
			q.wheel.drop(&b)
		}
	})
	slices.Sort(s.at)
	q.tuning.samples = s.at
	for _, part := range []int{4, 2, 1} {
		if end := (len(s.at) - 1) / part; end > 0 && s.at[end] > s.at[0] {
			return widthFor(s.at[end]-s.at[0], q.Len()/part, ideal(q.Len()))
		}
	}
	return q.wheel.width
}

// sampler takes every step-th event's instant.
type sampler struct {
	step, seen int
	at         []uint64
}

func (s *sampler) add(events []Event) {
	for i := s.step - 1 - s.seen; i < len(events); i += s.step {
		s.at = append(s.at, events[i].At)
	}
	s.seen = (s.seen + len(events)) % s.step
}

// rebuild puts all events into buckets of the given width. The run is empty afterwards: the next pop fills it.
func (q *Queue) rebuild(width uint) {
	w := &q.wheel
	run, late, stored := q.run[q.next:], q.late, w.levels
	if len(run) > 0 {
		w.cursor = min(w.cursor, run[0].At)
	}
	if len(late) > 0 {
		w.cursor = min(w.cursor, late[0].At)
	}
	w.levels, w.spare, w.width = w.spare, levels{}, width
	for events := range slices.Chunk(run, batch) {
		w.store(events)
	}
	for events := range slices.Chunk(late, batch) {
		w.store(events)
	}
	visit(&stored, func(l *level, slot uint64) { w.spread(l.detach(slot)) })
	w.spare = stored
	q.run, q.next, q.sure, q.late = q.run[:0], 0, 0, q.late[:0]
	q.through = max(w.cursor, 1) - 1
	q.tuning.tuned, q.tuning.taken, q.tuning.since = true, 0, q.through
	q.tuning.late, q.tuning.lateLimit = 0, max(minLate, q.Len()/4)
}

// visit calls f for each bucket that has events, by level and slot. f may empty the bucket.
func visit(levels *levels, f func(l *level, slot uint64)) {
	for _, l := range levels {
		if l == nil {
			continue
		}
		for words := l.summary; words != 0; words &= words - 1 {
			word := bits.TrailingZeros64(words)
			for slots := l.words[word]; slots != 0; slots &= slots - 1 {
				f(l, uint64(word<<6|bits.TrailingZeros64(slots)))
			}
		}
	}
}
