package wall

import (
	"testing"
	"time"

	"invitesim/sim"
)

// TestOfferedSoFar: who waits for what comes next is behind with nothing, and for those who are behind the plan tells what was due, from the first moment on.
func TestOfferedSoFar(t *testing.T) {
	plan := everything(t)
	plan.Load.Loop, plan.Load.Speed = sim.Open, 1000
	c := hired(t, plan, Options{Workers: 2, Progress: func(Progress) {}})
	c.clock.base = time.Now().Add(-time.Hour)
	perSecond := expectedRate(plan) * plan.Load.Speed
	for _, w := range c.workers {
		w.live.achieved.Store(10)
		w.live.come.Store(int64(time.Millisecond))
	}
	offered := func(behind time.Duration) uint64 { return 20 + uint64(perSecond*behind.Seconds()/2) }
	if p := c.progress(); p.Offered != offered(2*(p.Wall-time.Millisecond)) {
		t.Errorf("both are behind: %d are offered after %v", p.Offered, p.Wall)
	}
	c.workers[0].awaitClock(c.clock.now() + int64(time.Millisecond))
	c.workers[0].live.come.Add(int64(time.Hour)) // so that this is ahead, however busy the machine
	if p := c.progress(); p.Offered != offered(p.Wall-time.Millisecond) {
		t.Errorf("one waits: %d are offered after %v", p.Offered, p.Wall)
	}
	c.workers[1].reached.Store(c.end)
	if p := c.progress(); p.Offered != p.Achieved || p.Achieved != 20 {
		t.Errorf("one waits and one is through: %d are offered and %d achieved", p.Offered, p.Achieved)
	}
	c.workers[1].reached.Store(0)
	c.clock.base = time.Now().Add(-100 * time.Hour) // after the end
	if p, length := c.progress(), c.length(); p.Offered != offered(length-time.Millisecond) {
		t.Errorf("after the end: %d are offered", p.Offered)
	}
}
