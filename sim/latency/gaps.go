package latency

import (
	"sync/atomic"
	"time"
)

const (
	// lostGap is from how long on a gap is time that the machine took away, in nanoseconds.
	lostGap = int64(20 * time.Microsecond)
	// markedGap is from how long on a gap is kept by itself.
	markedGap = int64(time.Millisecond)
	// mostMarks is how many gaps are kept by themselves: the longest.
	mostMarks = 200
)

// Gaps records the gaps between readings of the clock by one thread that does nothing else meanwhile: what the machine takes away, no
// matter what runs on it. Not safe for concurrent use.
type Gaps struct {
	last      int64
	histogram *Histogram
	observed  int64 // all gaps together
	lost      int64 // those above lostGap together
	losses    int   // how many those are
	marks     []gap
}

// gap is a long one.
type gap struct{ at, length int64 }

// NewGaps returns an empty recorder of gaps. Readings begin with Resume.
func NewGaps() *Gaps { return &Gaps{histogram: NewHistogram(), marks: make([]gap, 0, mostMarks)} }

// Resume says that the thread begins to do nothing but read the clock. What passed since the last reading is no gap. Now is in nanoseconds since the
// start of the run.
func (g *Gaps) Resume(now int64) { g.last = now }

// Reading tells of a reading of the clock, in nanoseconds since the start of the run, right after the last one or after Resume.
func (g *Gaps) Reading(now int64) {
	length := now - g.last
	g.last = now
	g.histogram.Record(length)
	g.observed += length
	if length > lostGap {
		g.lose(length)
	}
}

// lose counts a long gap, which ended at the last reading.
func (g *Gaps) lose(length int64) {
	g.lost += length
	g.losses++
	if length <= markedGap {
		return
	}
	if len(g.marks) < mostMarks {
		g.marks = append(g.marks, gap{g.last - length, length})
		return
	}
	shortest := 0
	for i := range g.marks {
		if g.marks[i].length < g.marks[shortest].length {
			shortest = i
		}
	}
	if length > g.marks[shortest].length {
		g.marks[shortest] = gap{g.last - length, length}
	}
}

// waits returns how long what is due at any instant waits for the end of the gap that the instant is in: so a gap of a millisecond counts for as
// much as it takes of the time, as it does among commands that are due all the time. There is a value for every nanosecond that was observed. None is
// less than the usual gap, which is what two readings take.
func (h *Histogram) waits() *Histogram {
	waits := NewHistogram()
	usual := BucketOf(h.Percentile(500))
	longer := uint64(0) // gaps that are as long as the values of the bucket
	for bucket := uint64(Buckets - 1); bucket > 0; bucket-- {
		longer += h.counts[bucket]
		waits.addBucket(uint16(max(bucket, usual)), longer*uint64(lastOf(int(bucket))-lastOf(int(bucket)-1)))
	}
	waits.greatest = h.greatest
	return waits
}

// Meter is a goroutine that spins and feeds Gaps: it needs a processor that the run leaves free.
type Meter struct {
	stop atomic.Bool
	done chan struct{}
	gaps *Gaps
}

// StartMeter starts a meter of a run that began at the given instant.
func StartMeter(since time.Time) *Meter {
	m := &Meter{done: make(chan struct{}), gaps: NewGaps()}
	go m.spin(since)
	return m
}

func (m *Meter) spin(since time.Time) {
	m.gaps.Resume(int64(time.Since(since)))
	for stopped := false; !stopped; stopped = m.stop.Load() {
		m.gaps.Reading(int64(time.Since(since)))
	}
	close(m.done)
}

// Stop ends the meter and returns what it saw.
func (m *Meter) Stop() *Gaps {
	m.stop.Store(true)
	<-m.done
	return m.gaps
}
