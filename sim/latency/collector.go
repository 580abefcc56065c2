package latency

import (
	"cmp"
	"runtime/debug"
	"slices"
	"time"

	"invitesim/sim"
)

// What marks are about, besides faults.
const (
	MarkCollector = "collector" // a pause of the collector
	MarkStolen    = "stolen"    // a long gap that the machine made
	MarkWarmup    = "warmup"    // until everything counts in the figures, from the start on
)

// mostCollections is how many pauses a Collector keeps: the longest.
const mostCollections = 1000

// Collector gathers the pauses of the garbage collector in a run. The runtime remembers the last 256 only: whoever expects more looks now and then.
// Not safe for concurrent use.
type Collector struct {
	since time.Time
	stats debug.GCStats // kept for the memory of its lists
	seen  int64         // collections of the process
	marks []sim.Mark
}

// NewCollector returns a collector of the pauses since the start of a run.
func NewCollector(since time.Time) *Collector { return &Collector{since: since.Round(0)} }

// Look takes in the pauses since the last look.
func (c *Collector) Look() {
	stats := &c.stats
	debug.ReadGCStats(stats)
	fresh := min(int(stats.NumGC-c.seen), len(stats.Pause), len(stats.PauseEnd))
	c.seen = stats.NumGC
	for i := fresh - 1; i >= 0; i-- { // the runtime tells the latest first
		if at := stats.PauseEnd[i].Add(-stats.Pause[i]).Sub(c.since); at >= 0 {
			c.marks = append(c.marks, sim.Mark{AtS: at.Seconds(), ForS: stats.Pause[i].Seconds(), What: MarkCollector})
		}
	}
	if len(c.marks) >= 2*mostCollections {
		c.thin()
	}
}

// thin keeps the longest pauses.
func (c *Collector) thin() {
	slices.SortStableFunc(c.marks, func(a, b sim.Mark) int { return cmp.Compare(b.ForS, a.ForS) })
	c.marks = c.marks[:min(len(c.marks), mostCollections)]
}

// Marks looks once more and returns the pauses of a run of the given length of wall time, in order of time: the longest thousand where there were more. What
// began when it was over is none of it.
func (c *Collector) Marks(length time.Duration) []sim.Mark {
	c.Look()
	c.marks = slices.DeleteFunc(c.marks, func(m sim.Mark) bool { return m.AtS >= length.Seconds() })
	c.thin()
	marks := slices.Clone(c.marks)
	slices.SortFunc(marks, func(a, b sim.Mark) int { return cmp.Compare(a.AtS, b.AtS) })
	return marks
}
