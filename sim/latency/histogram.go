package latency

import (
	"fmt"
	"math/bits"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The one geometry of all histograms of the program: values from lowest to highest, exact to so many significant digits. Values are
// nanoseconds where commands are measured, and seconds where people are.
const (
	lowest            = 1
	highest           = 1_000_000_000_000
	significantDigits = 3
)

// Buckets hold one value each below 2·half, then half buckets for each doubling, up to the one that highest is in.
const (
	halfBits  = 10
	half      = 1 << halfBits
	doublings = 29
	// Buckets is how many there are.
	Buckets = (doublings + 2) * half
	ceiling = 2*half<<doublings - 1 // the greatest value that a bucket is for
)

// Histogram counts values. Sum and greatest value are exact; values beyond the geometry are counted as the greatest that it has, and apart.
// The zero value is not ready: NewHistogram makes one. Not safe for concurrent use.
type Histogram struct {
	counts   *[Buckets]uint64
	total    uint64
	sum      uint64
	greatest int64
	beyond   uint64
}

// NewHistogram returns an empty histogram.
func NewHistogram() *Histogram { return &Histogram{counts: new([Buckets]uint64)} }

// BucketOf returns the bucket that a value is in, from 0 to Buckets - 1: the first for those below 0, the last for those beyond the geometry.
func BucketOf(value int64) uint64 {
	inside := uint64(min(max(value, 0), ceiling))
	doubling := uint(bits.Len64(inside|(2*half-1))) - halfBits - 1
	return uint64(doubling)<<halfBits + inside>>doubling
}

// lastOf returns the greatest value that is in a bucket.
func lastOf(bucket int) int64 {
	if bucket < 2*half {
		return int64(bucket)
	}
	doubling := bucket>>halfBits - 1
	return int64(bucket-doubling<<halfBits+1)<<doubling - 1
}

// Record counts a value. One below 0 counts as 0.
func (h *Histogram) Record(value int64) {
	h.add(max(value, 0), BucketOf(value))
}

// add counts a value, 0 or more, whose bucket is known.
func (h *Histogram) add(value int64, bucket uint64) {
	h.total++
	h.sum += uint64(value)
	h.greatest = max(h.greatest, value)
	h.counts[bucket]++
	if value > ceiling {
		h.beyond++
	}
}

// Count returns how many values there are.
func (h *Histogram) Count() uint64 { return h.total }

// Sum returns the exact sum of the values.
func (h *Histogram) Sum() uint64 { return h.sum }

// Max returns the greatest value, exactly; 0 where there is none.
func (h *Histogram) Max() int64 { return h.greatest }

// Beyond returns how many values were too great for the geometry.
func (h *Histogram) Beyond() uint64 { return h.beyond }

// Mean returns the exact mean; 0 where there are no values.
func (h *Histogram) Mean() float64 {
	if h.total == 0 {
		return 0
	}
	return float64(h.sum) / float64(h.total)
}

// Merge adds the values of another histogram.
func (h *Histogram) Merge(other *Histogram) {
	for bucket, count := range other.counts {
		h.counts[bucket] += count
	}
	h.total += other.total
	h.sum += other.sum
	h.greatest = max(h.greatest, other.greatest)
	h.beyond += other.beyond
}

// Each calls visit for every bucket with values in it, in ascending order: the greatest value that belongs there, or the greatest value of all
// where that is less, and how many there are.
func (h *Histogram) Each(visit func(value int64, count uint64)) {
	for bucket, count := range h.counts {
		if count > 0 {
			visit(min(lastOf(bucket), h.greatest), count)
		}
	}
}

// Percentile returns the nearest-rank percentile, given in thousandths (500 is the median): the greatest value of the bucket that the rank
// is in, or the greatest value of all where that is less. It is 0 where there are no values.
func (h *Histogram) Percentile(thousandths uint64) int64 {
	if h.total == 0 {
		return 0
	}
	return h.atRanks(NearestRank(h.total, thousandths))[0]
}

// NearestRank returns the rank of a percentile, given in thousandths, of so many values: ⌈count·thousandths/1000⌉, at least 1, without overflow.
func NearestRank(count, thousandths uint64) uint64 {
	return max(1, count/1000*thousandths+(count%1000*thousandths+999)/1000)
}

// atRanks returns the values of ranks, which are ascending and from 1 to Count.
func (h *Histogram) atRanks(ranks ...uint64) []int64 {
	values := make([]int64, 0, len(ranks))
	seen := uint64(0)
	for bucket, count := range h.counts {
		seen += count
		for len(values) < len(ranks) && seen >= ranks[len(values)] {
			values = append(values, min(lastOf(bucket), h.greatest))
		}
	}
	return values
}

// leastBeyond is how many values must lie beyond a percentile for it to say anything.
const leastBeyond = 10

// supports says whether so many values tell a percentile, given in thousandths.
func supports(count, thousandths uint64) bool {
	return count*(1000-thousandths) >= leastBeyond*1000
}

// Encode returns the histogram in the V2 format of HdrHistogram: compressed, in base64.
func (h *Histogram) Encode() string {
	snapshot := hdrhistogram.Snapshot{
		LowestTrackableValue: lowest, HighestTrackableValue: highest, SignificantFigures: significantDigits,
		Counts: make([]int64, Buckets),
	}
	for bucket, count := range h.counts {
		snapshot.Counts[bucket] = int64(count)
	}
	text, err := hdrhistogram.Import(&snapshot).Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		panic(fmt.Sprintf("latency: a histogram cannot be encoded: %v", err))
	}
	return string(text)
}
