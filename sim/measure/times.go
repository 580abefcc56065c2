package measure

import (
	"fmt"
	"math"

	"invitesim/sim/latency"
)

// The answers whose time is measured.
const (
	answerAccept = iota
	answerIgnore
	answerWithdraw
	answers
)

var answerNames = [answers]string{"accept", "ignore", "withdraw"}

// times are lengths of time in whole seconds.
type times struct {
	histogram *latency.Histogram // nil while empty
	longest   []uint32           // in each bucket of the histogram: what stands for all of them, so that it is a time that somebody took
}

// response records how long somebody took, in seconds from the send on.
func (t *tally) response(answer int, seconds int64) {
	t.answers[answer].record(seconds)
	t.answered[answer]++
}

// record adds a length of time.
func (t *times) record(seconds int64) {
	t.open()
	t.histogram.Record(seconds)
	if seconds < 0 || seconds > math.MaxUint32 {
		panic(fmt.Sprintf("measure: a time of %d s", seconds))
	}
	bucket := latency.BucketOf(seconds)
	t.longest[bucket] = max(t.longest[bucket], uint32(seconds))
}

// open makes room for the first time.
func (t *times) open() {
	if t.histogram == nil {
		t.histogram, t.longest = latency.NewHistogram(), make([]uint32, latency.Buckets)
	}
}

// each calls visit for every bucket with times in it, in ascending order: the longest of them, and how many there are.
func (t *times) each(visit func(longest int64, count uint64)) {
	t.histogram.Each(func(value int64, count uint64) { visit(int64(t.longest[latency.BucketOf(value)]), count) })
}

// count returns how many there are.
func (t *times) count() uint64 {
	if t.histogram == nil {
		return 0
	}
	return t.histogram.Count()
}

// merge adds other times.
func (t *times) merge(other *times) {
	if other.histogram == nil {
		return
	}
	t.open()
	t.histogram.Merge(other.histogram)
	for bucket, longest := range other.longest {
		t.longest[bucket] = max(t.longest[bucket], longest)
	}
}

// percentiles returns nearest-rank percentiles, given in thousandths, ascending: times that somebody took, at most a thousandth longer than that of the rank.
func (t *times) percentiles(thousandths ...uint64) []int64 {
	values := make([]int64, 0, len(thousandths))
	seen := uint64(0)
	t.each(func(value int64, count uint64) {
		seen += count
		for len(values) < len(thousandths) && seen >= latency.NearestRank(t.count(), thousandths[len(values)]) {
			values = append(values, value)
		}
	})
	return values
}

// cumulative returns the share of times up to each length that occurs, thinned to about the given number of points.
func (t *times) cumulative(points int) (x, y []float64) {
	total, seen, last := float64(t.count()), uint64(0), -1.0
	t.each(func(value int64, count uint64) {
		seen += count
		share := float64(seen) / total
		if share-last >= 1/float64(points) || seen == t.count() {
			x, y = append(x, float64(value)), append(y, share)
			last = share
		}
	})
	return x, y
}
