package wall

import (
	"context"
	"runtime"
	"time"

	"invitesim/sim/latency"
)

// progressEvery is how long passes between two reports on how far the run is.
const progressEvery = 500 * time.Millisecond

// pausesEvery is how long passes between two looks at the collector's pauses, of which the runtime remembers the last few hundred.
const pausesEvery = 100 * time.Millisecond

// startHelpers starts all that runs beside the workers, and returns the meter.
func (c *crew) startHelpers(ctx context.Context) *latency.Meter {
	help := func(do func()) { c.helpers.Go(c.guarded(do)) }
	help(func() { c.watch(ctx) })
	c.startFaults(help)
	c.pauses = latency.NewCollector(c.clock.base)
	help(func() {
		for c.sleep(time.Duration(c.clock.now()) + pausesEvery) {
			c.pauses.Look()
		}
	})
	if c.options.Check {
		help(c.audit)
	}
	if c.options.Progress != nil {
		help(func() {
			for c.sleep(time.Duration(c.clock.now()) + progressEvery) {
				c.options.Progress(c.progress())
			}
		})
	}
	if c.options.Polite || runtime.GOMAXPROCS(0) <= len(c.workers) {
		return latency.StartSleeper(c.clock.base)
	}
	return latency.StartMeter(c.clock.base)
}

// grace is how long after the end of an open loop commands may still be started that were planned before it.
const grace = 100 * time.Millisecond

// watch stops the workers when it is time, or when the run is interrupted.
func (c *crew) watch(ctx context.Context) {
	var late <-chan time.Time
	if c.open || c.options.For > 0 {
		length := c.length()
		if c.open {
			length += grace
		}
		timer := time.NewTimer(length)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-late:
	case <-ctx.Done():
	case <-c.stopped:
	}
	c.halt()
}
