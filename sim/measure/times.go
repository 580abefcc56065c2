package measure

import (
	"fmt"

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
}

// response records how long somebody took, in seconds from the send on.
func (t *tally) response(answer int, seconds int64) {
	t.answers[answer].record(seconds)
	t.answered[answer]++
}

// record adds a length of time.
func (t *times) record(seconds int64) {
	if t.histogram == nil {
		t.histogram = latency.NewHistogram()
	}
	t.histogram.Record(seconds)
	if seconds < 0 || t.histogram.Beyond() > 0 {
		panic(fmt.Sprintf("measure: a time of %d s is beyond the histogram", seconds))
	}
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
	if t.histogram == nil {
		t.histogram = latency.NewHistogram()
	}
	t.histogram.Merge(other.histogram)
}

// percentiles returns nearest-rank percentiles, given in thousandths, ascending.
func (t *times) percentiles(thousandths ...uint64) []int64 {
	values := make([]int64, 0, len(thousandths))
	seen := uint64(0)
	t.histogram.Each(func(value int64, count uint64) {
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
	t.histogram.Each(func(value int64, count uint64) {
		seen += count
		share := float64(seen) / total
		if share-last >= 1/float64(points) || seen == t.count() {
			x, y = append(x, float64(value)), append(y, share)
			last = share
		}
	})
	return x, y
}
