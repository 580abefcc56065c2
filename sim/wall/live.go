package wall

import (
	"math/bits"
	"sync/atomic"
	"time"

	"invitesim/model"
)

// live is what a worker tells of a run that goes on. Only the worker writes; others read at any time.
type live struct {
	achieved, late atomic.Uint64
	come           atomic.Int64 // wall time before which whatever was planned has been started
	hits           [4]atomic.Uint64
	responses      [64 * liveSteps]atomic.Uint32 // by power of two, each in so many steps
}

const liveSteps = 8

// command counts one.
func (l *live) command(outcome model.Outcome, planned, started, answered int64) {
	l.achieved.Add(1)
	l.come.Store(planned)
	if started-planned > int64(time.Millisecond) {
		l.late.Add(1)
	}
	l.responses[liveBucket(uint64(max(answered-planned, 1)))].Add(1)
	switch outcome {
	case model.RateLimited:
		l.hits[0].Add(1)
	case model.PendingCapped:
		l.hits[1].Add(1)
	case model.Restricted:
		l.hits[2].Add(1)
	case model.Cooldown:
		l.hits[3].Add(1)
	}
}

// liveBucket returns the bucket of a positive value.
func liveBucket(value uint64) int {
	power := bits.Len64(value) - 1
	return power*liveSteps + int(value<<(63-power)>>(63-3)&(liveSteps-1))
}

// liveValue returns the least value of a bucket.
func liveValue(bucket int) time.Duration {
	power := bucket / liveSteps
	return time.Duration((1 << power) + (bucket%liveSteps)<<power/liveSteps)
}

// progress puts together what all workers tell.
func (c *crew) progress() Progress {
	wall := time.Duration(c.clock.now())
	end := max(1, model.Instant(c.end/second))
	p := Progress{Wall: wall, End: end, At: end}
	var responses [64 * liveSteps]uint64
	behind := time.Duration(0)
	for _, w := range c.workers {
		p.At = min(p.At, model.Instant(w.reached.Load()/second))
		p.Achieved += w.live.achieved.Load()
		p.Late += w.live.late.Load()
		if w.reached.Load() < c.end {
			behind += max(0, min(wall, time.Duration(c.clock.wall(c.end)))-time.Duration(w.live.come.Load()))
		}
		for i := range p.Hits {
			p.Hits[i] += w.live.hits[i].Load()
		}
		for i := range responses {
			responses[i] += uint64(w.live.responses[i].Load())
		}
	}
	p.Offered = p.Achieved
	if c.open {
		p.Offered += uint64(expectedRate(c.plan) * c.clock.speed * behind.Seconds() / float64(len(c.workers)))
	}
	p.P50, p.P99 = liveQuantile(&responses, 0.5), liveQuantile(&responses, 0.99)
	return p
}

// liveQuantile returns a quantile of what was counted, 0 of nothing.
func liveQuantile(responses *[64 * liveSteps]uint64, q float64) time.Duration {
	total := uint64(0)
	for _, n := range responses {
		total += n
	}
	rank, seen := uint64(q*float64(total)), uint64(0)
	for bucket, n := range responses {
		if seen += n; seen > rank {
			return liveValue(bucket)
		}
	}
	return 0
}
