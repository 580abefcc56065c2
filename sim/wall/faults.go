package wall

import (
	"runtime"
	"time"

	"invitesim/model"
	"invitesim/sim"
)

// The names of faults in marks.
const (
	markWorker = "worker"
	markShard  = "shard"
	markGC     = "gc"
)

// startFaults makes each fault of the plan happen at its time.
func (c *crew) startFaults() {
	for _, fault := range c.plan.Load.Faults {
		c.helpers.Go(func() {
			if c.sleep(fault.At) {
				c.inject(fault)
			}
		})
	}
}

// sleep waits until a wall time of the run. It is false where the run is stopped before.
func (c *crew) sleep(until time.Duration) bool {
	timer := time.NewTimer(until - time.Duration(c.clock.now()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.stopped:
		return false
	}
}

// inject makes a fault happen, until its time is over or the run is stopped.
func (c *crew) inject(fault sim.Fault) {
	began := c.clock.now()
	what := markWorker
	switch fault.Kind {
	case sim.StallWorker:
		c.workers[0].stalled.Store(began + int64(fault.For))
		c.sleep(time.Duration(began) + fault.For)
	case sim.StallShard:
		what = markShard
		release := c.store.Stall(stalledMember)
		c.sleep(time.Duration(began) + fault.For)
		release()
	case sim.Collect:
		what = markGC
		for c.clock.now() < began+int64(fault.For) && !c.stop.Load() {
			runtime.GC()
		}
	}
	c.mark(sim.Mark{AtS: seconds(began), ForS: seconds(c.clock.now() - began), What: what})
}

// stalledMember is a member of the shard that a fault stalls.
const stalledMember = model.Member(1)

func seconds(ns int64) float64 { return time.Duration(ns).Seconds() }

// mark adds to what is seen on the time axis.
func (c *crew) mark(m sim.Mark) {
	c.guard.Lock()
	defer c.guard.Unlock()
	c.marks = append(c.marks, m)
}
