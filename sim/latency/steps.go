package latency

import (
	"cmp"
	"slices"
	"time"
)

// expectedSteps is for how many steps there is room from the start on.
const expectedSteps = 1024

// responsesByStep keeps a histogram of each step: a dense one of the step at hand, and lists of those before. Commands come nearly in the order of
// their planned instants; one that belongs to a step before is a straggler.
type responsesByStep struct {
	length     int64
	from       int64 // of the step at hand
	at         int
	dense      *[Buckets]uint32
	touched    []uint16 // buckets of dense that are not empty
	done       []sparse
	stragglers []straggler
}

// sparse is the histogram of a step, or of a part of one: buckets with how many values are in each.
type sparse struct {
	step    int
	buckets []uint16
	counts  []uint32
}

type straggler struct {
	step   int32
	bucket uint16
}

func newResponsesByStep(step time.Duration) responsesByStep {
	return responsesByStep{
		length: int64(step), dense: new([Buckets]uint32), touched: make([]uint16, 0, Buckets),
		done: make([]sparse, 0, expectedSteps),
	}
}

// has says whether an instant is in the step at hand.
func (s *responsesByStep) has(instant int64) bool { return uint64(instant-s.from) < uint64(s.length) }

// record counts the response, by its bucket, to a command that was planned for an instant.
func (s *responsesByStep) record(planned int64, bucket uint64) {
	if s.has(planned) || s.turn(planned, bucket) {
		s.count(bucket)
	}
}

// count counts a response in the step at hand.
func (s *responsesByStep) count(bucket uint64) {
	if s.dense[bucket] == 0 {
		s.touched = append(s.touched, uint16(bucket))
	}
	s.dense[bucket]++
}

// turn moves on to the step of an instant. It returns false where that is a step before: then the value has been counted.
func (s *responsesByStep) turn(planned int64, bucket uint64) bool {
	step := int(max(planned, 0) / s.length)
	if step < s.at {
		s.stragglers = append(s.stragglers, straggler{int32(step), uint16(bucket)})
		return false
	}
	if step > s.at {
		s.fold()
	}
	s.at, s.from = step, int64(step)*s.length
	return true
}

// fold turns the dense histogram into a list, and empties it.
func (s *responsesByStep) fold() {
	if len(s.touched) == 0 {
		return
	}
	list := sparse{s.at, make([]uint16, len(s.touched)), make([]uint32, len(s.touched))}
	copy(list.buckets, s.touched)
	for i, bucket := range list.buckets {
		list.counts[i] = s.dense[bucket]
		s.dense[bucket] = 0
	}
	s.touched = s.touched[:0]
	s.done = append(s.done, list)
}

// sort folds the step at hand and puts the lists in the order of their steps. To be called when everything is recorded.
func (s *responsesByStep) sort() {
	s.fold()
	slices.SortStableFunc(s.done, func(a, b sparse) int { return cmp.Compare(a.step, b.step) })
	slices.SortStableFunc(s.stragglers, func(a, b straggler) int { return cmp.Compare(a.step, b.step) })
}

// take removes what belongs to steps up to the given one, and adds it to a histogram. The lists must be sorted.
func (s *responsesByStep) take(step int, into *Histogram) {
	for len(s.done) > 0 && s.done[0].step <= step {
		for i, bucket := range s.done[0].buckets {
			into.addBucket(bucket, uint64(s.done[0].counts[i]))
		}
		s.done = s.done[1:]
	}
	for len(s.stragglers) > 0 && int(s.stragglers[0].step) <= step {
		into.addBucket(s.stragglers[0].bucket, 1)
		s.stragglers = s.stragglers[1:]
	}
}

// addBucket counts values of which only the bucket is known: the greatest of it stands for each.
func (h *Histogram) addBucket(bucket uint16, count uint64) {
	value := lastOf(int(bucket))
	h.counts[bucket] += count
	h.total += count
	h.sum += count * uint64(value)
	h.greatest = max(h.greatest, value)
}

// empty forgets all values.
func (h *Histogram) empty() {
	clear(h.counts[:])
	*h = Histogram{counts: h.counts}
}
