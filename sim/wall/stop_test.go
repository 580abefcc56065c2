package wall

import (
	"bytes"
	"context"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

// hopeless returns a plan whose first threshold holds, and whose second can no longer pass at some point: the figure, which is at most so much,
// over a part of the run or all of it.
func hopeless(t *testing.T, path string, limit float64, over *sim.Span) *sim.Plan {
	t.Helper()
	plan := everything(t)
	plan.Load.Loop = sim.Closed
	plan.Thresholds = []sim.Threshold{
		{That: "turns.planned", Path: "turns.planned", Operator: ">=", Severity: sim.SeverityFail},
		{That: path, Path: path, Operator: "<=", Limit: limit, Over: over, Severity: sim.SeverityFail, Abort: true},
	}
	return plan
}

// TestAThresholdStopsOneWorkerAsInVirtualTime: one worker in a closed loop stops where virtual time stops, with the same figures until then.
func TestAThresholdStopsOneWorkerAsInVirtualTime(t *testing.T) {
	week := model.Instant(model.Week)
	for _, plan := range []*sim.Plan{
		hopeless(t, "commands.send.count", 3000, nil),
		hopeless(t, "response.accept.count", 500, nil),
		hopeless(t, "members_by.eager.invitations.sent", 700, nil),
		hopeless(t, "pending.p99", 0, &sim.Span{From: 2 * week, Until: 4 * week}),
	} {
		expected, _, err := virtual.Run(context.Background(), plan, virtual.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := Run(context.Background(), plan, Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if !expected.Thresholds[1].Aborted {
			t.Fatalf("%s stops nothing in virtual time", plan.Thresholds[1].That)
		}
		for _, each := range []struct {
			of            string
			expected, got any
		}{
			{"figures", expected.Figures, got.Figures},
			{"populations", expected.MembersBy, got.MembersBy},
			{"windows", expected.Windows, got.Windows},
			{"series", expected.Series, got.Series},
			{"verdicts", expected.Thresholds, got.Thresholds},
			{"first warnings", expected.Warnings[0], got.Warnings[0]},
		} {
			if difference := cmp.Diff(each.expected, each.got); difference != "" {
				t.Errorf("%s: %s differ (-virtual +wall):\n%.2000s", plan.Thresholds[1].That, each.of, difference)
			}
		}
	}
}

// TestAThresholdStopsManyWorkers: what they have counted together counts, whatever the loop, and the run does not go to its end.
func TestAThresholdStopsManyWorkers(t *testing.T) {
	for _, loop := range []sim.Loop{sim.Closed, sim.Open} {
		plan := hopeless(t, "commands.send.count", 3000, nil)
		plan.Load.Loop, plan.Load.Speed = loop, float64(plan.Duration)/600 // ten minutes
		plan.Warmup = 0
		if loop == sim.Open {
			plan.Thresholds[1].Limit = 0
		}
		got, _, err := Run(context.Background(), plan, Options{Workers: 3})
		if err != nil {
			t.Fatal(err)
		}
		verdict := got.Thresholds[1]
		if !verdict.Aborted || verdict.Verdict != sim.VerdictFail || *verdict.Observed <= plan.Thresholds[1].Limit || got.Thresholds[0].Aborted {
			t.Errorf("loop %d: verdicts %+v", loop, got.Thresholds)
		}
		end := int64(len(got.Series.Rows)) * got.Series.StepS
		if len(got.Series.Rows) == 0 || end >= int64(plan.Duration) || got.Interrupted || !conserved(&got.Invitations) {
			t.Errorf("loop %d: the series ends at %d s, interrupted %v, invitations %+v", loop, end, got.Interrupted, got.Invitations)
		}
		last := got.Warnings[0]
		if !strings.HasPrefix(last, "stopped after ") || !strings.HasSuffix(last, " of 10w: commands.send.count can no longer pass") {
			t.Errorf("loop %d: warnings %q", loop, got.Warnings)
		}
	}
}

// TestWhatWasDueBeforeTheWarmUpEndedIsNotMeasured: where a run is stopped before a worker has come to the end of the warm-up, or to the beginning of a
// window, what was due before still happens before.
func TestWhatWasDueBeforeTheWarmUpEndedIsNotMeasured(t *testing.T) {
	const half = model.Instant(model.Hour / 2)
	plan := everything(t)
	plan.Load.Loop = sim.Closed
	plan.Policy.Expiry, plan.Warmup, plan.Step = model.Seconds(half/2), model.Seconds(half), model.Hour
	plan.Events = nil
	plan.Thresholds = []sim.Threshold{{Path: "invitations.expired", Over: &sim.Span{From: half, Until: model.Instant(model.Day)}}}
	c, err := newCrew(context.Background(), plan, Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer c.release()
	c.clock.base = time.Now()
	w := c.workers[0]
	for peer := model.Member(2); peer < 20; peer++ {
		w.Do(0, &model.Command{Verb: model.Send, Actor: 1, Peer: peer})
	}
	if w.answer.Outcome != model.WasSent {
		t.Fatalf("the last send came to %s", w.answer.Outcome)
	}
	result := sim.NewResult(plan, "wall")
	c.closeAccount(half+600, result)
	window := result.Windows[plan.Thresholds[0].Over.String()]
	if result.Series.Rows == nil || window == nil {
		t.Fatal("nothing was measured")
	}
	for name, got := range map[string]sim.Invitations{"run": result.Invitations, "window": window.Invitations} {
		if got != (sim.Invitations{}) {
			t.Errorf("the %s tells of %+v, and all invitations ended before", name, got)
		}
	}
}

// interrupt runs a crew under a context that ends somehow, and returns the result.
func interrupt(ctx context.Context, t *testing.T, c *crew) *sim.Result {
	t.Helper()
	through(ctx, t, c)
	if ctx.Err() == nil {
		t.Fatal("the run came to its end, and was to be interrupted")
	}
	result := c.report(ctx)
	if !result.Interrupted || len(result.Series.Rows) == 0 || !conserved(&result.Invitations) {
		t.Errorf("interrupted %v, %d steps, invitations %+v, warnings %q", result.Interrupted, len(result.Series.Rows), result.Invitations, result.Warnings)
	}
	return result
}

// through runs a crew until it ends.
func through(ctx context.Context, t *testing.T, c *crew) {
	t.Helper()
	if err := c.run(ctx); err != nil {
		t.Fatal(err)
	}
}

// hired returns the crew of a plan.
func hired(t *testing.T, plan *sim.Plan, o Options) *crew {
	t.Helper()
	if err := settle(plan, &o); err != nil {
		t.Fatal(err)
	}
	c, err := newCrew(context.Background(), plan, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.release)
	return c
}

// TestInterruptedInTheSetUp: where the context is cancelled before the run begins, nobody plans more than the first members do, and nothing happens.
func TestInterruptedInTheSetUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	plan := everything(t)
	plan.Load.Loop = sim.Closed
	plan.Populations[0].Count += 200_000 // the first population has the first members
	for i := range plan.Populations[1:] {
		plan.Populations[1+i].First += 200_000
	}
	o := Options{Workers: 2}
	if err := settle(plan, &o); err != nil {
		t.Fatal(err)
	}
	c, err := newCrew(ctx, plan, o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.release()
	interrupt(ctx, t, c)
	planned := 0
	for _, w := range c.workers {
		for _, ok := w.share.Pop(); ok; _, ok = w.share.Pop() {
			planned++
		}
		if w.events > 0 {
			t.Errorf("worker %d let %d things happen", w.index, w.events)
		}
	}
	if planned > 100_000 {
		t.Errorf("%d first events are planned of 200000 members", planned)
	}
}

// TestInterrupted: wherever a run is, it ends when it is interrupted, with what was measured until then. One that did not would last longer than the
// test may.
func TestInterrupted(t *testing.T) {
	t.Run("before the first event", func(t *testing.T) {
		plan := everything(t)
		plan.Load.Speed = 1
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		result := interrupt(ctx, t, hired(t, plan, Options{Workers: 2, Check: true}))
		if len(result.Commands) > 0 || result.Checks.Oracle.Commands > 0 || !slices.Contains(result.Warnings, notChecked) {
			t.Errorf("commands %v, checks %+v, warnings %q", result.Commands, result.Checks, result.Warnings)
		}
	})
	t.Run("at a rendezvous", func(t *testing.T) {
		plan := everything(t)
		plan.Load.Loop = sim.Closed
		plan.Events = []sim.Event{{At: 1, Policy: &plan.Policy}}
		c := hired(t, plan, Options{Workers: 2})
		c.workers[0].stalled.Store(math.MaxInt64)
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			for !someoneWaits(&c.meeting) {
				runtime.Gosched()
			}
			cancel()
		}()
		if result := interrupt(ctx, t, c); len(result.Policies) > 0 {
			t.Errorf("the policy changed, and not all had met for it: %+v", result.Policies)
		}
		if n := c.workers[0].events; n > 0 {
			t.Errorf("a worker that was stalled all the time did %d things", n)
		}
	})
	t.Run("while a shard stalls", func(t *testing.T) {
		plan := everything(t)
		plan.Load.Speed = float64(plan.Duration) / 10 // all of it in ten seconds
		plan.Load.Faults = []sim.Fault{{Kind: sim.StallShard, For: 24 * time.Hour}}
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			for !someoneStalls() {
				runtime.Gosched()
			}
			cancel()
		}()
		c := hired(t, plan, Options{Workers: 2})
		interrupt(ctx, t, c)
		if len(c.marks) != 1 || c.marks[0].What != faultName(sim.StallShard) {
			t.Errorf("marked %+v, expected a shard that stalled", c.marks)
		}
	})
}

// someoneStalls says whether a fault goes on, and a worker waits for a lock: where they are in the program tells.
func someoneStalls() bool {
	stacks := make([]byte, 1<<16)
	stacks = stacks[:runtime.Stack(stacks, true)]
	fault, worker := false, false
	for stack := range bytes.SplitSeq(stacks, []byte("\n\n")) {
		fault = fault || bytes.Contains(stack, []byte("(*crew).sleep(")) && bytes.Contains(stack, []byte("(*crew).inject("))
		worker = worker || bytes.Contains(stack, []byte("(*Lock).wait(")) && bytes.Contains(stack, []byte("(*worker).run("))
	}
	return fault && worker
}

// someoneWaits says whether a worker is at a rendezvous.
func someoneWaits(r *rendezvous) bool {
	r.guard.Lock()
	defer r.guard.Unlock()
	return r.arrived > 0
}

// TestRendezvousIsBrokenForAll: either all workers meet, or the rendezvous is broken for all of them, whenever the run is stopped.
func TestRendezvousIsBrokenForAll(t *testing.T) {
	for round := range 2000 {
		const workers = 3
		r := rendezvous{workers: workers}
		var stop atomic.Bool
		var together sync.WaitGroup
		met := make([]bool, workers)
		for i := range workers {
			together.Go(func() {
				if i == round%4 {
					stop.Store(true)
				}
				met[i] = r.meet(&stop, func() {})
			})
		}
		together.Wait()
		if met[0] != met[1] || met[1] != met[2] || !stop.Load() && !met[0] {
			t.Fatalf("round %d: some met, and others did not: %v", round, met)
		}
	}
}

// TestForEndsAnOpenLoop: what is due before the wall time is over is waited for, and nothing that is due later counts.
func TestForEndsAnOpenLoop(t *testing.T) {
	plan := everything(t)
	plan.Load.Speed, plan.Warmup = 1, 0
	got, _, err := Run(context.Background(), plan, Options{Workers: 2, For: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if want := "ended after 20ms of the wall clock, as asked: the figures are of the first 1s of 70d"; got.Warnings[0] != want {
		t.Errorf("warnings %q, expected first %q", got.Warnings, want)
	}
	if got.Load.Dropped > 0 || len(got.Series.Rows) != 1 || got.Interrupted {
		t.Errorf("load %+v, %d steps, interrupted %v", got.Load, len(got.Series.Rows), got.Interrupted)
	}
}
