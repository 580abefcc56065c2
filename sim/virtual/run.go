package virtual

import (
	"context"
	"fmt"
	"io"
	"time"

	"invitesim/model"
	"invitesim/sim"
)

// Options say what runs beside a run.
type Options struct {
	// Check runs the oracle and the invariants beside the system.
	Check bool
	// Trace, if given, takes the history as text.
	Trace io.Writer
	// Progress, if given, is called now and then. Of several replicas it may be called by several goroutines.
	Progress func(Progress)
	// Checkpoints are those of the history; of several replicas, of the history of replica 0.
	Checkpoints Checkpoints
	// Complete makes a run go to its end even if a threshold that stops runs can no longer pass: where several are judged together.
	Complete bool
}

// Progress says how far a run is.
type Progress struct {
	Replica  int
	At, End  model.Instant
	Commands uint64
}

// Totals count what a run did, and how long it took on this machine. They are no part of the result.
type Totals struct {
	Commands, Queries, Events uint64
	Setup, Wall               time.Duration // set-up, and the run itself
}

// Run runs a plan in virtual time. The result is a function of the plan alone. It ends early where a threshold that stops runs can no longer
// pass. When the context is cancelled the run stops at once, and the result is that of the time until then. The error is of a plan that cannot run, or of the
// trace's writer.
func Run(ctx context.Context, plan *sim.Plan, o Options) (*sim.Result, Totals, error) {
	begin := time.Now()
	e, err := newEngine(ctx, plan, o)
	if err != nil {
		return nil, Totals{}, err
	}
	defer e.release()
	ready := time.Now()
	reached := e.run(ctx)
	result := sim.NewResult(plan, "virtual")
	e.close(reached, result)
	e.totals.Setup, e.totals.Wall = ready.Sub(begin), time.Since(ready)
	if e.out.err != nil {
		return result, e.totals, fmt.Errorf("the trace cannot be written: %w", e.out.err)
	}
	result.Thresholds = sim.Judge(result, plan.Thresholds)
	if e.hopeless >= 0 {
		result.Thresholds[e.hopeless].Aborted = true
	}
	return result, e.totals, nil
}

// close writes what was measured until the nanosecond that the run reached.
func (e *engine) close(reached uint64, result *sim.Result) {
	end := model.Instant(e.end / second)
	switch {
	case e.hopeless >= 0:
		end = e.stoppedAt
		result.Warnings = append(result.Warnings, fmt.Sprintf("stopped after %s of %s: %s can no longer pass",
			sim.InWeeks(end), sim.InWeeks(model.Instant(e.plan.Duration)), &e.plan.Thresholds[e.hopeless]))
	case reached < e.end:
		end = max(1, model.Instant(reached/second)+1)
		result.Interrupted = true
		result.Warnings = append(result.Warnings, interruption(e.plan, end))
	}
	e.finish(end, result)
	e.predict(result)
}

// interruption says how far a run got that was interrupted.
func interruption(plan *sim.Plan, end model.Instant) string {
	return "interrupted: " + sim.Covered(plan, end)
}
