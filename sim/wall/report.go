package wall

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/latency"
)

// startedFormat is RFC 3339 to the millisecond.
const startedFormat = "2006-01-02T15:04:05.000Z07:00"

// politeHiccups is said of a run in which nobody reads the clock all the time.
const politeHiccups = "polite: nothing spins, in the run or beside it, so of the hiccups of the machine only those count that wake a sleeper more than 1 ms late, " +
	"and those that stop the whole process for more than 40 ms"

// report ends the account where the run ended, and makes the result.
func (c *crew) report(ctx context.Context) *sim.Result {
	result := sim.NewResult(c.plan, "wall")
	result.Started = c.clock.base.UTC().Format(startedFormat)
	result.Speed = c.options.Speed
	result.Load = &sim.LoadFigures{Loop: "open"}
	if !c.open {
		result.Load.Loop = "closed"
		result.Speed = 0
	}
	result.Policies = c.policies
	end := c.reached()
	c.noteEnd(ctx, result, end)
	c.noteFaults(result)
	c.closeAccount(end, result)
	var recorders []*latency.Recorder
	var gaps []*latency.Gaps
	for _, w := range c.workers {
		recorders, gaps = append(recorders, w.latency), append(gaps, w.gaps)
		c.totals.Commands += w.commands
		c.totals.Queries += w.queries
	}
	if c.seen != nil {
		gaps = append(gaps, c.seen)
	}
	if c.options.Polite {
		result.Warnings = append(result.Warnings, politeHiccups)
	}
	result.Marks = append(c.marks, c.pauses.Marks(c.totals.Wall)...)
	c.dropRest(c.dueBy(), result)
	c.totals.Hiccups = latency.Report(result, c.totals.Wall, recorders, gaps)
	slices.SortFunc(result.Marks, func(a, b sim.Mark) int { return cmp.Compare(a.AtS, b.AtS) })
	if c.options.Check {
		c.check(ctx, end, result)
	}
	result.Thresholds = sim.Judge(result, c.plan.Thresholds)
	if c.hopeless >= 0 {
		result.Thresholds[c.hopeless].Aborted = true
	}
	return result
}

// reached returns the end of what the run covered, in the people's time: what lies before has happened.
func (c *crew) reached() model.Instant {
	if c.hopeless >= 0 && !c.open {
		return c.stoppedAt // no worker has ended that step and not come to its end
	}
	full := model.Instant(c.plan.Duration)
	reached := uint64(math.MaxUint64)
	for _, w := range c.workers {
		if due := w.due(); due < reached {
			reached = due
		}
	}
	if c.open && !c.finished() {
		reached = uint64(c.clock.people(int64(c.totals.Wall))) * second
	}
	return max(1, min(full, model.Instant(reached/second)+1))
}

// finished says whether the workers came to the end.
func (c *crew) finished() bool {
	for _, w := range c.workers {
		if w.due() < c.end {
			return false
		}
	}
	return true
}

// noteEnd says why a run ended before its plan.
func (c *crew) noteEnd(ctx context.Context, result *sim.Result, end model.Instant) {
	if c.hopeless >= 0 {
		result.Warnings = append(result.Warnings, fmt.Sprintf("stopped after %s of %s: %s can no longer pass",
			sim.InWeeks(end), sim.InWeeks(model.Instant(c.plan.Duration)), &c.plan.Thresholds[c.hopeless]))
		return
	}
	if c.finished() && c.end == uint64(c.plan.Duration)*second {
		return
	}
	how := fmt.Sprintf("ended after %s of the wall clock, as asked", c.options.For)
	switch {
	case ctx.Err() != nil:
		how, result.Interrupted = "interrupted", true
	case end >= model.Instant(c.plan.Duration):
		result.Warnings = append(result.Warnings,
			"the system did not keep up: at the end of the run there were commands due that had not been started, and are counted as dropped")
		return
	}
	result.Warnings = append(result.Warnings,
		fmt.Sprintf("%s: %s", how, sim.Covered(c.plan, end)))
}

// closeAccount lets everything happen that is due by the end and needs no command, and writes what was measured.
func (c *crew) closeAccount(end model.Instant, result *sim.Result) {
	c.account.Watch(nil)
	for _, w := range c.workers {
		w.flush()
	}
	for _, w := range c.workers {
		w.receive()
		for len(w.agenda) > 0 && w.agenda[0].At < end {
			w.measure(w.takeAppointment())
		}
	}
	c.store.Advance(end - 1)
	for _, w := range c.workers {
		w.receive()
		if end <= model.Instant(c.plan.Warmup) {
			w.book.StartMeasuring(end)
		}
		if w.agendaTime() < end {
			w.book.EndStep(end-1, w.cappedAt(end-1))
		}
		w.book.CloseWindows(end, true, w.cappedAt(end-1))
	}
	c.account.Finish(end, result)
}
