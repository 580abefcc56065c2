package latency

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"invitesim/sim"
)

// noisy is what share of the time a thread may lose to the machine before the run says so.
const noisy = 0.08

// hiccups reports what the machine took away.
func hiccups(result *sim.Result, gaps []*Gaps) *sim.Hiccups {
	if len(gaps) == 0 {
		return nil
	}
	seen := pool(gaps, func(g *Gaps) bool { return !g.stops })
	waits := seen.waits()
	h := &sim.Hiccups{}
	for thousandths, into := range map[uint64]**int64{500: &h.P50NS, 990: &h.P99NS, 999: &h.P999NS} {
		if value := waits.Percentile(thousandths); seen.tells(value) {
			*into = &value
		}
	}
	if curve := seen.supported(waits.spectrum()); len(curve.X) > 0 {
		result.Distributions[curveHiccups] = curve
	}
	var marks []gap
	for _, g := range gaps {
		h.MaxNS = max(h.MaxNS, g.histogram.Max())
		marks = append(marks, g.marks...)
	}
	markGaps(result, marks)
	if share, known := lostShare(gaps); known {
		h.LostShare = &share
		if share > noisy {
			result.Warnings = append(result.Warnings, fmt.Sprintf(
				"noisy: for %.1f %% of the time a thread was kept from the processor, by the machine or by more workers than processors (on a quiet one at most %.0f %%): "+
					"high percentiles tell of that, and not of the system", 100*share, 100*noisy))
		}
	}
	whole := *h
	whole.Histogram = waits.Encode()
	result.Hiccups = &whole
	return h
}

// markGaps adds the longest gaps to the marks of the result.
func markGaps(result *sim.Result, gaps []gap) {
	slices.SortFunc(gaps, func(a, b gap) int { return cmp.Compare(b.length, a.length) })
	for _, g := range gaps[:min(len(gaps), mostMarks)] {
		result.Marks = append(result.Marks, sim.Mark{AtS: time.Duration(g.at).Seconds(), ForS: time.Duration(g.length).Seconds(), What: MarkStolen})
	}
	slices.SortStableFunc(result.Marks, func(a, b sim.Mark) int { return cmp.Compare(a.AtS, b.AtS) })
}

// pool adds up what threads saw, those that count, without their marks.
func pool(gaps []*Gaps, counts func(*Gaps) bool) *Gaps {
	sum := NewGaps()
	for _, g := range gaps {
		if counts(g) {
			sum.histogram.Merge(g.histogram)
			sum.observed += g.observed
			sum.quiet += g.quiet
			sum.lost += g.lost
		}
	}
	return sum
}

// lostShare returns what share of a thread's time lies in gaps above lostGap: the greatest of the shares of a meter that watches all the time, of the workers together,
// and of what the whole process was stopped for. It is known where what was seen supports it, or shows that it is too much.
func lostShare(gaps []*Gaps) (share float64, known bool) {
	workers := pool(gaps, func(g *Gaps) bool { return !g.always })
	if workers.watched() > 0 && workers.supportsShare() {
		share, known = workers.share(), true
	}
	for _, g := range gaps {
		if g.always && g.watched() > 0 && (!g.stops || g.share() > noisy) {
			share, known = max(share, g.share()), true
		}
	}
	return share, known
}

// share is that of the time watched which was lost.
func (g *Gaps) share() float64 { return float64(g.lost) / float64(g.watched()) }

// supportsShare says whether a sample of a thread's time tells what share it loses: no gap is more than a tenth of what was lost, or of the least that makes a run
// noisy. So one gap more or less makes no great difference.
func (g *Gaps) supportsShare() bool {
	return float64(g.histogram.Max()) <= max(float64(g.lost), noisy*float64(g.watched()))/leastBeyond
}

// tells says whether at least ten gaps are as long as a wait, or longer: how many nanoseconds those are says nothing, for they are all in one gap or a few.
func (g *Gaps) tells(wait int64) bool {
	n := g.histogram.Count()
	return n >= leastBeyond && wait <= g.histogram.atRanks(n - leastBeyond + 1)[0]
}

// supported cuts a spectrum off where too few gaps are so long.
func (g *Gaps) supported(curve sim.Curve) sim.Curve {
	end := slices.IndexFunc(curve.Y, func(wait float64) bool { return !g.tells(int64(wait)) })
	if end >= 0 {
		curve.X, curve.Y = curve.X[:end], curve.Y[:end]
	}
	return curve
}

// waits returns how long what is due at any instant waits for the end of the gap that the instant is in: so a gap of a millisecond counts for as
// much as it takes of the time, as it does among commands that are due all the time. There is a value for every nanosecond that was watched. None is
// less than the usual gap, which is what two readings take. Quiet times are taken to be like those of readings, but for the long gaps, which would have been seen.
func (g *Gaps) waits() *Histogram {
	waits := NewHistogram()
	usual := BucketOf(g.histogram.Percentile(500))
	long := BucketOf(workGap) + 1
	short := float64(g.observed - g.lost)
	alike := 1.0 // how many short gaps one stands for
	if g.quiet > 0 && short > 0 {
		alike += float64(g.quiet) / short
	}
	longer := 0.0 // gaps that are as long as the values of the bucket
	for bucket := uint64(Buckets - 1); bucket > 0; bucket-- {
		count := float64(g.histogram.counts[bucket])
		if bucket < long {
			count = float64(count * alike)
		}
		longer += count
		width := float64(lastOf(int(bucket)) - lastOf(int(bucket)-1))
		waits.addBucket(uint16(max(bucket, usual)), uint64(math.Round(longer*width)))
	}
	waits.greatest = g.histogram.greatest
	return waits
}
