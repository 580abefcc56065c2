package virtual

import (
	"context"
	"fmt"
	"slices"
	"time"

	"invitesim/model"
	"invitesim/model/trace"
	"invitesim/sim"
)

// replayed is the name of the one population that the members of a trace make up.
const replayed = "members"

// replay runs recorded commands.
type replay struct {
	stage
	command model.Command // of the line
}

// Replay runs the commands of a trace through the system, and reports as Run does; the outcomes that the trace gives
// are not looked at. When the context is cancelled the run stops at once. The errors are of a trace that cannot be
// replayed, with the number of the line, of the writer of a new trace, and store.ErrMemory.
func Replay(ctx context.Context, recorded *trace.Trace, o Options) (*sim.Result, Totals, error) {
	begin := time.Now()
	policies, err := recorded.Policies()
	if err != nil {
		return nil, Totals{}, err
	}
	plan := replayPlan(recorded)
	r := &replay{stage: stage{asked: asksForNotices(recorded), sparse: true}}
	if err := r.set(ctx, plan, policies, o); err != nil {
		return nil, Totals{}, err
	}
	defer r.release()
	ready := time.Now()
	reached, whole, err := r.run(ctx, recorded, policies[1:], o.Progress)
	result := sim.NewResult(plan, "virtual")
	if err == nil && !whole {
		result.Interrupted = true
		result.Warnings = append(result.Warnings, interruption(plan, reached))
	}
	r.finish(reached, result)
	r.totals.Setup, r.totals.Wall = ready.Sub(begin), time.Since(ready)
	if err != nil {
		return nil, r.totals, err
	}
	if r.out.err != nil {
		return result, r.totals, fmt.Errorf("the trace cannot be written: %w", r.out.err)
	}
	return result, r.totals, nil
}

// asksForNotices says whether a line of a trace does.
func asksForNotices(recorded *trace.Trace) bool {
	return slices.ContainsFunc(recorded.Lines, func(l trace.Line) bool {
		return l.Kind == trace.Query && l.Command.Verb == model.QueryNotices
	})
}

// replayPlan returns the plan that describes a trace: one population that does what it did.
func replayPlan(recorded *trace.Trace) *sim.Plan {
	last := model.Instant(0)
	for i := range recorded.Lines {
		last = max(last, trace.Instant(recorded.Lines[i].Return))
	}
	plan := &sim.Plan{
		Name: recorded.Name, Seed: recorded.Seed, Start: recorded.Start.Start, Duration: model.Seconds(last) + 1,
		Policy:      recorded.Policy,
		Populations: []sim.Population{{Name: replayed, Count: recorded.Members, First: 1}},
	}
	plan.Step = sim.DefaultStep(plan.Duration)
	return plan
}

// run goes through the lines, and returns the end of what it covered, and whether that is all of them.
func (r *replay) run(ctx context.Context, recorded *trace.Trace, policies []model.Policy, progress func(Progress)) (end model.Instant, whole bool, err error) {
	end = model.Instant(r.plan.Duration)
	for i := range recorded.Lines {
		line := &recorded.Lines[i]
		t := trace.Instant(line.Call)
		r.totals.Events++
		if r.totals.Events%pollEvery == 0 {
			if progress != nil {
				progress(Progress{At: t, End: end, Commands: r.totals.Commands})
			}
			if ctx.Err() != nil || r.out.err != nil {
				return t + 1, false, nil // commands before this one may be of the same second
			}
		}
		r.keepAppointments(t)
		if line.Kind == trace.PolicyChange {
			r.changePolicy(t, &policies[0])
			policies = policies[1:]
			continue
		}
		if err := r.line(t, line, recorded.Name); err != nil {
			return end, false, err
		}
	}
	r.keepAppointments(end - 1)
	return end, true, nil
}

// keepAppointments closes the steps that end by t.
func (r *replay) keepAppointments(t model.Instant) {
	for len(r.agenda) > 0 && r.agenda[0].At <= t {
		next := r.agenda[0]
		r.agenda = r.agenda[1:]
		if next.StepEnds {
			r.endStep(next.At - 1)
		}
		if next.WarmupEnd {
			r.startMeasuring(next.At)
		}
	}
}

// line carries out one line.
func (r *replay) line(t model.Instant, line *trace.Line, file string) error {
	r.command = line.Command
	actor, peer := line.Command.Actor, line.Command.Peer
	switch line.Kind {
	case trace.Command:
		r.do(t)
		return nil
	case trace.Query:
		r.query(t, &r.command)
		return nil
	case trace.Connect:
		if !r.store.Connect(t, actor, peer) {
			return line.NotConnectable(file)
		}
		if r.check != nil {
			r.check.connected(actor, peer)
		}
	case trace.Outside:
		r.store.Outside(actor, line.Count)
	case trace.Opened:
		r.store.Opened(actor, line.Opened)
	default:
		return nil
	}
	r.out.setUp(line)
	if r.check != nil && r.check.oracle != nil {
		r.setUpOracle(t, line)
	}
	return nil
}

// setUpOracle tells the oracle of a line that is nobody's command.
func (r *replay) setUpOracle(t model.Instant, line *trace.Line) {
	actor := line.Command.Actor
	switch line.Kind {
	case trace.Connect:
		r.check.oracle.Connect(t, actor, line.Command.Peer)
	case trace.Outside:
		r.check.oracle.Outside(actor, line.Count)
	case trace.Opened:
		r.check.oracle.Opened(actor, line.Opened)
	}
}

// do decides the command of a line.
func (r *replay) do(t model.Instant) {
	c := &r.command
	a := r.decide(t, c)
	r.record(t, c, a)
}
