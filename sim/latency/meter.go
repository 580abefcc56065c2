package latency

import (
	"sync/atomic"
	"time"
)

const (
	// sleepFor is how long a meter sleeps at a time that leaves the processors to the run.
	sleepFor = time.Millisecond
	// stopGap is from how long on such a meter calls a gap one, in nanoseconds: where workers have all processors, the runtime takes one away from who has
	// had it for ten milliseconds, and looks for that every ten.
	stopGap = int64(40 * time.Millisecond)
)

// Meter is a goroutine beside a run that reads the clock and feeds Gaps.
type Meter struct {
	stop atomic.Bool
	done chan struct{}
	gaps *Gaps
}

// StartMeter starts a meter of a run that began at the given instant: it spins, and needs a processor that the run leaves free.
func StartMeter(since time.Time) *Meter {
	m := newMeter()
	go m.spin(since)
	return m
}

// StartSleeper starts a meter that sleeps for a millisecond at a time, and takes next to nothing of the processors. Where they are all taken it is woken
// late, and so it tells only of gaps of more than 40 ms: then the whole process was stopped, or nearly so.
func StartSleeper(since time.Time) *Meter {
	m := newMeter()
	m.gaps.stops = true
	go m.sleep(since)
	return m
}

func newMeter() *Meter {
	m := &Meter{done: make(chan struct{}), gaps: NewGaps()}
	m.gaps.always = true
	return m
}

func (m *Meter) spin(since time.Time) {
	m.gaps.Resume(int64(time.Since(since)))
	for stopped := false; !stopped; stopped = m.stop.Load() {
		m.gaps.Reading(int64(time.Since(since)))
	}
	close(m.done)
}

func (m *Meter) sleep(since time.Time) {
	now := int64(time.Since(since))
	m.gaps.Resume(now)
	for stopped := false; !stopped; stopped = m.stop.Load() {
		slept := now
		time.Sleep(sleepFor)
		now = int64(time.Since(since))
		m.gaps.Slept(slept, stopGap, now) // a gap is all since the last reading: it may have begun then
	}
	close(m.done)
}

// Stop ends the meter and returns what it saw.
func (m *Meter) Stop() *Gaps {
	m.stop.Store(true)
	<-m.done
	return m.gaps
}
