package wall

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/scenarios"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

// everything returns the plan of a scenario in which people do all that they can.
func everything(t *testing.T) *sim.Plan {
	t.Helper()
	plan, _, mistakes := scenarios.Load(scenarios.Source{Name: "testdata/everything.yaml", Files: scenarios.Disk{}}, scenarios.Options{})
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	return plan
}

// TestOneWorkerIsVirtualTime runs the same plan in a closed loop with one worker and in virtual time: the same people do the same
// things at the same instants of their time, so all figures agree.
func TestOneWorkerIsVirtualTime(t *testing.T) {
	plan := everything(t)
	plan.Load.Loop = sim.Closed
	expected, _, err := virtual.Run(context.Background(), plan, virtual.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := Run(context.Background(), plan, Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if difference := cmp.Diff(expected.Figures, got.Figures); difference != "" {
		t.Errorf("figures differ (-virtual +wall):\n%s", difference)
	}
	if difference := cmp.Diff(expected.Policies, got.Policies); difference != "" || len(got.Policies) != 1 {
		t.Errorf("changes of policy differ (-virtual +wall):\n%s", difference)
	}
	if difference := cmp.Diff(expected.Windows, got.Windows); difference != "" || len(got.Windows) != 1 {
		t.Errorf("windows differ (-virtual +wall):\n%s", difference)
	}
	if difference := cmp.Diff(expected.Series, got.Series); difference != "" {
		t.Errorf("series differ (-virtual +wall):\n%.2000s", difference)
	}
	thoughtAgain := map[model.Verb]model.Outcome{model.Accept: model.NotAvailable, model.Report: model.NotAvailable, model.Block: model.TooSoon}
	for verb, outcome := range thoughtAgain {
		if got.Commands[verb.String()].Outcomes[outcome.String()] == nil {
			t.Errorf("no %s came to %s: people do not think again, and the test shows too little", verb, outcome)
		}
	}
}

// conserved says whether every invitation of the result is accounted for.
func conserved(i *sim.Invitations) bool {
	return i.OutstandingStart+i.Sent == i.Accepted+i.Withdrawn+i.Expired+i.Cancelled+i.OutstandingEnd
}

// allowed reports what the rules do not allow in a run that was checked.
func allowed(t *testing.T, way string, got *sim.Result) {
	t.Helper()
	if c := got.Checks; c.Violated() {
		t.Errorf("%s: checks %+v, warnings:\n%s", way, c, strings.Join(got.Warnings, "\n"))
	}
	if !conserved(&got.Invitations) {
		t.Errorf("%s: invitations are not conserved: %+v", way, got.Invitations)
	}
}

// TestManyWorkers runs a plan with more workers than processors, with checks: the model explains what the system answered, invitations
// are conserved, and the people are about as busy as in virtual time.
func TestManyWorkers(t *testing.T) {
	for _, loop := range []sim.Loop{sim.Closed, sim.Open} {
		plan := everything(t)
		plan.Load = sim.Load{Loop: loop, Speed: float64(plan.Duration)} // a second: long enough for a busy machine
		expected, _, err := virtual.Run(context.Background(), plan, virtual.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := Run(context.Background(), plan, Options{Workers: 4, Check: true})
		if err != nil {
			t.Fatal(err)
		}
		allowed(t, fmt.Sprintf("loop %d", loop), got)
		if got.Checks.Oracle.Commands == 0 && got.Load.Dropped == 0 {
			t.Errorf("loop %d: nothing was checked", loop)
		}
		if loop == sim.Open { // how late it is depends on the machine, and so does what people meet, or whether they come to do anything
			if got.Latency["send"] == nil && got.Load.Dropped == 0 {
				t.Errorf("open loop: load %+v, latency %+v", got.Load, got.Latency)
			}
			continue
		}
		if got.Checks.Oracle.Queries == 0 {
			t.Error("no look at a list was checked")
		}
		sends, wanted := got.Commands[model.Send.String()].Count, expected.Commands[model.Send.String()].Count
		if sends < wanted*9/10 || sends > wanted*11/10 {
			t.Errorf("closed loop: %d attempts to send, %d in virtual time", sends, wanted)
		}
		if got.Load.Dropped > 0 || got.Latency["send"] == nil {
			t.Errorf("closed loop: load %+v, latency %+v", got.Load, got.Latency)
		}
	}
}

// TestRecordingEnds: a run that is recorded keeps as many calls as its check can take and some more, however long its steps, and all that it keeps is
// explained. How much more depends on the processors where one worker is ahead of the other.
func TestRecordingEnds(t *testing.T) {
	const enough = 5000
	for _, loop := range []sim.Loop{sim.Closed, sim.Open} {
		for _, workers := range []int{1, 2} {
			plan := everything(t)
			plan.Step = plan.Duration / 2
			plan.Load = sim.Load{Loop: loop, Speed: float64(plan.Duration)}
			c := hired(t, plan, Options{Workers: workers, Check: true})
			c.recordAtMost = enough
			c.cutEvery = c.betweenCuts()
			for _, w := range c.workers {
				w.agenda = c.withCuts(w.agenda)
				w.appoint()
			}
			through(context.Background(), t, c)
			result := c.report(context.Background())
			n, o := c.recording.Len(), result.Checks.Linearizability
			if workers == 1 && n > enough*3/2 || loop == sim.Closed && n < enough || result.Checks.Violated() {
				t.Errorf("loop %d, %d workers: %d calls were recorded, expected about %d; checks %+v, %+v", loop, workers, n, enough, o, result.Checks.Oracle)
			}
			until := model.Instant(o.UntilS)
			if workers == 1 && loop == sim.Closed && (until == 0 || until >= model.Instant(plan.Step) || until%c.cutEvery != 0) {
				t.Errorf("they were recorded until %s, expected a cut within the first step", until)
			}
		}
	}
}

// TestLastCut: the cut at which a recording ends is one that nobody had come to when it was chosen, and is chosen once.
func TestLastCut(t *testing.T) {
	var l lastCut
	for _, step := range []struct {
		number int64
		calls  int
		last   bool
	}{{1, 40, false}, {4, 59, false}, {2, 1, false}, {3, 7, false}, {4, 7, false}, {5, 7, true}, {5, 7, true}} {
		if last := l.comeTo(step.number, step.calls, 100); last != step.last {
			t.Errorf("cut %d: last is %t, expected %t", step.number, last, step.last)
		}
	}
}
