package wall

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"invitesim/model"
	"invitesim/sim"
)

// startFaults makes each fault of the plan happen at its time.
func (c *crew) startFaults(help func(func())) {
	for _, fault := range c.plan.Load.Faults {
		help(func() {
			if c.sleep(fault.At) {
				c.inject(fault)
				return
			}
			c.guard.Lock()
			defer c.guard.Unlock()
			c.missed = append(c.missed, fault)
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
	switch fault.Kind {
	case sim.StallWorker:
		c.workers[0].stallUntil(began + int64(fault.For))
		c.sleep(time.Duration(began) + fault.For)
	case sim.StallShard:
		c.shard.hold(func() (release func()) { return c.store.Stall(stalledMember) })
		c.sleep(time.Duration(began) + fault.For)
		c.shard.giveUp()
	case sim.Collect:
		for c.clock.now() < began+int64(fault.For) && !c.stop.Load() {
			runtime.GC()
		}
	}
	c.mark(sim.Mark{AtS: seconds(began), ForS: seconds(c.clock.now() - began), What: faultName(fault.Kind)})
}

// faultName is what a fault is called in marks and warnings.
func faultName(kind sim.FaultKind) string { return [...]string{"worker", "shard", "gc"}[kind] }

// stalledShard is a shard that one fault or several at a time stall: until the last of them is over.
type stalledShard struct {
	guard   sync.Mutex
	faults  int
	release func()
}

// hold stalls the shard, unless it is stalled already.
func (s *stalledShard) hold(stall func() (release func())) {
	s.guard.Lock()
	defer s.guard.Unlock()
	if s.faults++; s.faults == 1 {
		s.release = stall()
	}
}

// giveUp ends what one call of hold began.
func (s *stalledShard) giveUp() {
	s.guard.Lock()
	defer s.guard.Unlock()
	if s.faults--; s.faults == 0 {
		s.release()
	}
}

// noteFaults says which faults never began.
func (c *crew) noteFaults(result *sim.Result) {
	if len(c.missed) == 0 {
		return
	}
	slices.SortFunc(c.missed, func(a, b sim.Fault) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Kind, b.Kind)) })
	var names []string
	for _, fault := range c.missed {
		names = append(names, fmt.Sprintf("%s at %s", faultName(fault.Kind), fault.At))
	}
	result.Warnings = append(result.Warnings, fmt.Sprintf("the run ended after %s of the wall clock, before these faults began: %s",
		c.totals.Wall.Round(time.Millisecond), strings.Join(names, ", ")))
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
