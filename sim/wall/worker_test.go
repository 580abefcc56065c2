package wall

import (
	"testing"
	"time"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/latency"
)

// TestNoCommandBeforeItsTime: a worker that has a command ready gives it when it is due, and not before.
func TestNoCommandBeforeItsTime(t *testing.T) {
	plan := everything(t)
	plan.Load.Loop, plan.Load.Speed = sim.Open, 1
	c := hired(t, plan, Options{Workers: 1})
	c.clock.base = time.Now()
	w := c.workers[0]
	for range 20 {
		due := c.clock.now() + int64(time.Millisecond)
		planned, started, _ := w.start(uint64(due))
		if planned != due || started < due {
			t.Fatalf("what is due at %d ns was planned for %d and started at %d", due, planned, started)
		}
		w.Do(uint64(due+int64(time.Millisecond)), &model.Command{Verb: model.Send, Actor: 1, Peer: 2})
		if w.answered < due+int64(time.Millisecond) {
			t.Fatalf("a command that is due at %d ns was answered at %d", due+int64(time.Millisecond), w.answered)
		}
	}
}

// TestWhatIsWatchedOfABusyWorker: what it does from the answer to a command until it gives the next one; not the command, and not what it may wait in for others.
func TestWhatIsWatchedOfABusyWorker(t *testing.T) {
	plan := everything(t)
	plan.Load.Loop = sim.Closed
	c := hired(t, plan, Options{Workers: 1})
	c.clock.base = time.Now()
	w := c.workers[0]
	// watched gives two commands, with something else in between, and returns whether that was watched; it is no longer than it took.
	watched := func(between func()) bool {
		w.gaps = latency.NewGaps()
		w.Do(0, &model.Command{Verb: model.Send, Actor: 1, Peer: 2})
		first := w.answered
		between()
		w.Do(0, &model.Command{Verb: model.Send, Actor: 1, Peer: 2})
		if w.gaps.Watched() > time.Duration(w.answered-first) {
			t.Errorf("%v were watched of %d ns", w.gaps.Watched(), w.answered-first)
		}
		return w.gaps.Watched() > 0
	}
	if !watched(func() {}) {
		t.Error("nothing was watched between two commands")
	}
	for name, between := range map[string]func(){
		"timers": func() { w.Settle(0, 1) }, "sending mail": w.flush, "receiving mail": w.receive,
		"a stall": func() { w.stall(w.crew.clock.now() + int64(time.Millisecond)) },
	} {
		if watched(between) {
			t.Errorf("%s: was watched", name)
		}
	}
}

// TestNap: a worker sleeps until shortly before something is due, so that it wakes in time, and a polite one until it is due; none sleeps so long
// that its mail gets old.
func TestNap(t *testing.T) {
	const us = int64(time.Microsecond)
	for _, test := range []struct {
		rest   int64
		polite bool
		want   time.Duration
	}{
		{1 * us, false, 0},
		{200 * us, false, 0},
		{201 * us, false, time.Microsecond},
		{900 * us, false, 700 * time.Microsecond},
		{5000 * us, false, time.Millisecond},
		{1 * us, true, time.Microsecond},
		{900 * us, true, 900 * time.Microsecond},
		{5000 * us, true, time.Millisecond},
		{-1 * us, true, 0},
	} {
		if got := nap(test.rest, test.polite); got != test.want {
			t.Errorf("%d ns before, polite %v: sleeps %v, expected %v", test.rest, test.polite, got, test.want)
		}
	}
}
