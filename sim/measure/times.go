package measure

import (
	"fmt"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The answers whose time is measured.
const (
	answerAccept = iota
	answerIgnore
	answerWithdraw
	answers
)

var answerNames = [answers]string{"accept", "ignore", "withdraw"}

// The one geometry of all histograms of the program, so that any two can be merged: 1 to 10¹², three significant digits.
const (
	lowestValue       = 1
	highestValue      = 1_000_000_000_000
	significantDigits = 3
)

// newHistogram returns an empty histogram.
func newHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(lowestValue, highestValue, significantDigits)
}

// times are lengths of time in whole seconds, with an exact sum.
type times struct {
	histogram *hdrhistogram.Histogram // nil while empty
	sum       uint64
}

// response records how long somebody took, in seconds from the send on.
func (t *tally) response(answer int, seconds int64) { t.answers[answer].record(seconds) }

// record adds a length of time.
func (t *times) record(seconds int64) {
	if t.histogram == nil {
		t.histogram = newHistogram()
	}
	if err := t.histogram.RecordValue(seconds); err != nil {
		panic(fmt.Sprintf("measure: a time of %d s is beyond the histogram: %v", seconds, err))
	}
	t.sum += uint64(seconds)
}

// count returns how many there are.
func (t *times) count() uint64 {
	if t.histogram == nil {
		return 0
	}
	return uint64(t.histogram.TotalCount())
}

// merge adds other times.
func (t *times) merge(other *times) {
	if other.histogram == nil {
		return
	}
	if t.histogram == nil {
		t.histogram = newHistogram()
	}
	if dropped := t.histogram.Merge(other.histogram); dropped > 0 {
		panic(fmt.Sprintf("measure: merging histograms of one geometry dropped %d values", dropped))
	}
	t.sum += other.sum
}

// percentiles returns nearest-rank percentiles, given in thousandths, ascending.
func (t *times) percentiles(thousandths ...uint64) []int64 {
	values := make([]int64, 0, len(thousandths))
	seen := uint64(0)
	for _, bar := range t.histogram.Distribution() {
		seen += uint64(bar.Count)
		for len(values) < len(thousandths) && seen >= nearestRank(t.count(), thousandths[len(values)]) {
			values = append(values, bar.To)
		}
	}
	return values
}

// cumulative returns the share of times up to each length that occurs, thinned to about the given number of points.
func (t *times) cumulative(points int) (x, y []float64) {
	total, seen, last := float64(t.count()), int64(0), -1.0
	for _, bar := range t.histogram.Distribution() {
		if bar.Count == 0 {
			continue
		}
		seen += bar.Count
		share := float64(seen) / total
		if share-last >= 1/float64(points) || uint64(seen) == t.count() {
			x, y = append(x, float64(bar.To)), append(y, share)
			last = share
		}
	}
	return x, y
}
