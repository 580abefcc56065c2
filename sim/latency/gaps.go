package latency

import (
	"math"
	"time"
)

const (
	// lostGap is from how long on a gap is time that the machine took away, in nanoseconds.
	lostGap = int64(20 * time.Microsecond)
	// workGap is the same for a thread that does something of its own meanwhile: what a worker does between two commands is shorter, and the turn that a
	// machine gives to another thread is longer.
	workGap = int64(200 * time.Microsecond)
	// markedGap is from how long on a gap is kept by itself.
	markedGap = int64(time.Millisecond)
	// mostMarks is how many gaps are kept by themselves: the longest.
	mostMarks = 200
)

// Gaps records what one thread sees of the gaps between readings of the clock: what the machine takes away, no matter what runs on it. It sees them to
// some nanoseconds where the thread does nothing but read the clock (Reading), and long ones where it does something of its own whose length is known
// (Busy). What the thread does for others, and may wait for, is not watched (Pause). Not safe for concurrent use.
type Gaps struct {
	last      int64
	histogram *Histogram // of all gaps but the quiet ones
	observed  int64      // those gaps together
	lost      int64      // of them, those above lostGap
	quiet     int64      // times of doing something that took no longer than it takes
	marks     []gap
	always    bool // the thread does nothing else all the time: what it lost is no sample
	stops     bool // it sees only what stops the whole process
}

// gap is a long one.
type gap struct{ at, length int64 }

// unwatched is a last reading that no gap begins at.
const unwatched = math.MaxInt64

// NewGaps returns an empty recorder of gaps. Readings begin with Resume.
func NewGaps() *Gaps {
	return &Gaps{last: unwatched, histogram: NewHistogram(), marks: make([]gap, 0, mostMarks)}
}

// Resume says that the thread is watched from now on, in nanoseconds since the start of the run. What passed since the last reading is no gap.
func (g *Gaps) Resume(now int64) { g.last = now }

// Pause says that what passes until the next Resume is not to be watched.
func (g *Gaps) Pause() { g.last = unwatched }

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

// Busy tells of a reading of the clock when the thread has done something of its own since the last one. When that took more than 200 µs, all of it is a gap.
// After Pause it only resumes.
func (g *Gaps) Busy(now int64) {
	if length := now - g.last; uint64(length) <= uint64(workGap) {
		g.quiet += length
		g.last = now
		return
	}
	g.away(now)
}

// Slept tells of a reading of the clock when the thread has slept since the last one, until some instant at the earliest. When it woke more than so many nanoseconds
// later, which is more than a timer may be late, that is a gap.
func (g *Gaps) Slept(until, late, now int64) {
	if now-until <= late {
		until = now
	}
	g.quiet += max(until-g.last, 0)
	g.last = until
	if now > until {
		g.Reading(now)
	}
}

// away counts a gap, unless nobody watched. It is kept out of Busy, which every command calls.
//
//go:noinline
func (g *Gaps) away(now int64) {
	if g.last != unwatched {
		g.Reading(now)
	}
	g.last = now
}

// Watched returns how long the thread was watched, gaps included.
func (g *Gaps) Watched() time.Duration { return time.Duration(g.watched()) }

func (g *Gaps) watched() int64 { return g.observed + g.quiet }

// lose counts a long gap, which ended at the last reading.
func (g *Gaps) lose(length int64) {
	g.lost += length
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
