package wall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
	"invitesim/sim"
)

// What is said of a run that was interrupted before its recording was checked, or while it was.
const (
	notChecked       = "the recorded calls were not checked: the run was interrupted"
	interruptedCheck = "interrupted while the recorded calls were checked, so it is not known whether all can be explained: %d of %d had a place in the order that came furthest"
	interruptedRead  = "interrupted while the oracle read the order that was found of the recorded calls"
)

const (
	// checkBudget is the time that the search for an order of a recording may take.
	checkBudget = time.Minute
	// readBudget is the time that the oracle may read the order, with the search for the shortest trace of what it answers otherwise.
	readBudget = 30 * time.Second
)

// check recounts every member, looks for an order of the recorded calls that the model allows, and has the oracle read it.
func (c *crew) check(ctx context.Context, end model.Instant, result *sim.Result) {
	for m := model.Member(1); uint32(m) <= c.plan.Members() && ctx.Err() == nil; m++ {
		c.recount(m)
	}
	result.Checks = &sim.Checks{Invariants: c.invariants}
	result.Warnings = append(result.Warnings, c.sentences[:min(fewSentences, len(c.sentences))]...)
	if c.recordedUntil > 0 {
		end = c.recordedUntil
		result.Warnings = append(result.Warnings, fmt.Sprintf(
			"calls and answers were recorded and checked for the first %s, as many as a check can take; invariants were recounted until the end", end))
	}
	if ctx.Err() != nil {
		result.Interrupted = true
		result.Checks.Linearizability = &sim.LinearizabilityChecks{Unfinished: true}
		result.Warnings = append(result.Warnings, notChecked)
		return
	}
	if n := c.recording.Unkept(); n > 0 {
		result.Warnings = append(result.Warnings, fmt.Sprintf("looks at long lists were not recorded and not checked: %d", n))
	}
	if order := c.explain(ctx, end, result, newSystem); order != nil {
		c.read(ctx, end, result, order)
	}
}

// explain looks for an order of the recorded calls, and returns it if there is one.
func (c *crew) explain(ctx context.Context, end model.Instant, result *sim.Result, build check.Builder) *check.Explanation {
	budget, cancel := context.WithTimeout(ctx, checkBudget)
	defer cancel()
	order, err := c.recording.Explain(budget, c.setUp(), build)
	figures, violation := &order.Figures, order.Violation
	found := &sim.LinearizabilityChecks{Commands: uint64(figures.Commands), Queries: uint64(figures.Queries), UntilS: int64(end)}
	if err != nil {
		found = &sim.LinearizabilityChecks{Unfinished: true}
	}
	result.Checks.Linearizability = found
	say := func(format string, arguments ...any) {
		result.Warnings = append(result.Warnings, fmt.Sprintf(format, arguments...))
	}
	switch {
	case err == nil && violation == nil:
		return order
	case err == nil:
		found.Violations = 1
		if violation.Untried > 0 {
			found.Unproven = 1
		}
		say("not explainable: %s", violation.Sentence())
		result.Checks.ShortestTrace = check.Noted(violation.Shortest, violation.Sentence())
	case ctx.Err() != nil:
		result.Interrupted = true
		say(interruptedCheck, figures.Placed, figures.Asking)
	case errors.Is(err, check.ErrUnknown):
		say("nothing is proven of the recorded calls after %s at most: %v; it came as far as %d of %d calls", checkBudget, err, figures.Placed, figures.Asking)
	default:
		say("the recorded calls could not be checked: %v", err)
	}
	return nil
}

// read has the oracle read the order of the recorded calls.
func (c *crew) read(ctx context.Context, end model.Instant, result *sim.Result, order *check.Explanation) {
	budget, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	r, err := order.Read(budget)
	oracle := &result.Checks.Oracle
	*oracle = sim.OracleChecks{Commands: uint64(r.Commands), Queries: uint64(r.Queries), Divergences: uint64(r.Divergences), UntilS: int64(end)}
	result.Warnings = append(result.Warnings, r.Told...)
	if r.Shortest != nil {
		result.Checks.ShortestTrace = check.Noted(r.Shortest, r.Told[0])
	}
	if !r.Whole {
		oracle.UntilS = int64(r.Until)
		result.Warnings = append(result.Warnings, sim.OracleEnded(r.Until, c.plan.Duration))
	}
	switch {
	case ctx.Err() != nil && err != nil:
		result.Interrupted = true
		result.Warnings = append(result.Warnings, interruptedRead)
	case err != nil:
		result.Warnings = append(result.Warnings, fmt.Sprintf("the oracle could not read the recorded calls: %v", err))
	}
}

// newSystem makes the system that a recording is run through.
func newSystem(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
	return store.New(context.Background(), store.Options{
		Members: members, Calendar: calendar, Seed: seed, Policies: policies, Exclusive: true,
	})
}
