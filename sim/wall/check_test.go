package wall

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/sim"
)

// lessPatient is how much less than the policy says the store of impatient has people wait, in seconds.
const lessPatient = 60

// impatient returns a run that is through, of one worker and a store that has people wait too short before they may send again; and the builder of such
// systems, which the recording is explained by.
func impatient(t *testing.T) (*crew, check.Builder) {
	t.Helper()
	plan := everything(t)
	plan.Load.Loop, plan.Events, plan.Thresholds = sim.Closed, nil, nil
	plan.Duration, plan.Warmup = 5*model.Day, 0 // little enough for the oracle to read it all, however busy the machine
	plan.Policy.Resend.Cooldown -= lessPatient
	c := hired(t, plan, Options{Workers: 1, Check: true})
	through(context.Background(), t, c)
	plan.Policy.Resend.Cooldown += lessPatient
	return c, func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
		wrong := slices.Clone(policies)
		for i := range wrong {
			wrong[i].Resend.Cooldown -= lessPatient
		}
		return newSystem(members, calendar, seed, wrong)
	}
}

// checked returns a result that the check can write to.
func checked(c *crew) *sim.Result {
	result := sim.NewResult(c.plan, "wall")
	result.Checks = &sim.Checks{}
	return result
}

// TestTheOracleReadsWhatExplainsItself: a fault of the store, which is the model of the search, too, has an order that explains all; the oracle, which
// reads that order, finds it, and a trace of few lines shows it.
func TestTheOracleReadsWhatExplainsItself(t *testing.T) {
	c, faulty := impatient(t)
	result := checked(c)
	end := model.Instant(c.plan.Duration)
	order := c.explain(context.Background(), end, result, faulty)
	if order == nil || result.Checks.Violated() {
		t.Fatalf("checks %+v, %+v, warnings %q", result.Checks, result.Checks.Linearizability, result.Warnings)
	}
	c.read(context.Background(), end, result, order)
	checks, l := result.Checks, result.Checks.Linearizability
	if !checks.Violated() || checks.Oracle.Divergences == 0 || checks.Oracle.Commands != l.Commands || checks.Oracle.Queries != l.Queries ||
		l.Queries == 0 || checks.Oracle.UntilS != int64(end) || l.UntilS != int64(end) || result.Interrupted {
		t.Errorf("checks %+v, %+v", checks, l)
	}
	if lines := strings.Split(checks.ShortestTrace, "\n"); len(lines) > 12 || lines[0] != "# "+result.Warnings[0] || !strings.Contains(lines[0], "the oracle") {
		t.Errorf("warnings %q, shortest trace:\n%s", result.Warnings, checks.ShortestTrace)
	}
}

// TestInterruptedCheck: where a run is interrupted after its end, before its recording is checked, while an order is looked for, or while the oracle reads
// it, it is an interrupted one, and its result says what was not checked.
func TestInterruptedCheck(t *testing.T) {
	c, faulty := impatient(t)
	end := model.Instant(c.plan.Duration)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	before := c.report(cancelled)
	if l := before.Checks.Linearizability; !before.Interrupted || !l.Unfinished || !slices.Contains(before.Warnings, notChecked) {
		t.Errorf("before the check: interrupted %v, checks %+v, warnings %q", before.Interrupted, l, before.Warnings)
	}
	searched, stop := context.WithCancel(context.Background())
	while := checked(c)
	order := c.explain(searched, end, while, func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
		stop()
		return faulty(members, calendar, seed, policies)
	})
	l, want := while.Checks.Linearizability, fmt.Sprintf(" of %d had a place in the order that came furthest", c.recording.Len())
	if order != nil || !while.Interrupted || !l.Unfinished || l.Commands > 0 || len(while.Warnings) != 1 || !strings.HasSuffix(while.Warnings[0], want) {
		t.Errorf("while an order is looked for: interrupted %v, checks %+v, warnings %q", while.Interrupted, l, while.Warnings)
	}
	read := checked(c)
	c.read(cancelled, end, read, c.explain(context.Background(), end, read, faulty))
	if o := read.Checks.Oracle; !read.Interrupted || o.Commands > 0 || read.Checks.Linearizability.Unfinished || !slices.Contains(read.Warnings, interruptedRead) {
		t.Errorf("while the oracle reads: interrupted %v, checks %+v, warnings %q", read.Interrupted, o, read.Warnings)
	}
}
