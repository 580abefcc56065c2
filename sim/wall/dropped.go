package wall

import (
	"fmt"
	"math/bits"
	"sync"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/conduct"
	"invitesim/sim/virtual/queue"
)

// countingLimits bound how long it takes to count what never started.
type countingLimits struct {
	exactly uint64 // so many events of a worker are gone through one by one: then the members whose events are gone through are halved
	between uint64 // and halved again after so many
	atMost  uint64 // and so many are gone through in all, where few members have very many events
	members uint32 // so many of a population are gone through to the end, where it has as many
}

// usualCounting takes a second or two at most: an event takes a third of a microsecond.
func usualCounting() countingLimits {
	const exactly, between = 1 << 21, 1 << 17
	return countingLimits{exactly: exactly, between: between, atMost: exactly + 24*between, members: 64}
}

// dropped is the desk of members whose time is over: it counts their commands as dropped. No command comes to an outcome, so nothing follows from one,
// and everybody's timetable goes on by the clock alone: turns, sittings, looks, tidying, leaving and coming back.
type dropped struct {
	worker *worker
	limits countingLimits
	events uint64       // gone through
	fewer  uint         // how often the members were halved
	since  uint64       // nanosecond of the people's time of the first time
	until  uint64       // nanosecond of the people's time at which it was given up; 0 where it was not
	weight uint64       // how many members the one at hand stands for
	answer model.Answer // to everything: none
}

var _ conduct.Desk = (*dropped)(nil)

// dueBy returns the nanosecond of the people's time before which all was due: that at which an open loop ended or, where it was stopped before, came to.
func (c *crew) dueBy() uint64 {
	if !c.open || c.finished() {
		return c.end
	}
	return c.clock.nanosecond(int64(c.totals.Wall), c.end)
}

// dropRest counts what was due before a nanosecond of the people's time and never started, as dropped at its planned instant. What is in the queues is
// gone through as it would have happened, but that nobody gives a command: whatever is planned by the clock is counted to the end, and what would
// have followed from answers is not. Who sees in the own lists, as they are at the end, that there is nothing to do gives no command. Everything
// else must have happened, and the mail must have been read.
func (c *crew) dropRest(end uint64, result *sim.Result) {
	if !c.open {
		return
	}
	var counting sync.WaitGroup
	counts := make([]dropped, len(c.workers))
	for i, w := range c.workers {
		counts[i].worker, counts[i].limits = w, usualCounting()
		counting.Go(c.guarded(func() { counts[i].count(end) }))
	}
	counting.Wait()
	note(result, end, counts)
}

// note says what is not the count of all that was due before a nanosecond of the people's time.
func note(result *sim.Result, end uint64, counts []dropped) {
	since, until := end, end
	for i := range counts {
		if counts[i].fewer > 0 {
			since = min(since, counts[i].since)
		}
		if counts[i].until > 0 {
			until = min(until, counts[i].until)
		}
	}
	if since < end {
		result.Warnings = append(result.Warnings, fmt.Sprintf(
			"too much never started to count all of it: from %s on some members stand for all of them, and what was offered and dropped is an estimate", atSecond(since)))
	}
	if until < end {
		result.Warnings = append(result.Warnings, fmt.Sprintf(
			"too much never started to count it to the end: what was due after %s is in part not counted as offered and dropped", atSecond(until)))
	}
}

// atSecond returns the instant of a nanosecond of the people's time.
func atSecond(at uint64) model.Instant { return model.Instant(at / second) }

// count goes through the events of the worker before a nanosecond of the people's time.
func (d *dropped) count(end uint64) {
	w := d.worker
	w.share.Desk = d
	w.latency.MeasureUntil(w.crew.clock.wall(end))
	for w.due(); w.taken && w.next.At < end; w.due() {
		w.taken = false
		if d.weight = d.standsFor(conduct.ActorOf(w.next)); d.weight == 0 {
			continue
		}
		if d.events == d.limits.atMost {
			d.until = w.next.At
			return
		}
		w.share.Handle(w.next)
		if d.events++; d.events >= d.limits.exactly && (d.events-d.limits.exactly)%d.limits.between == 0 {
			if d.fewer == 0 {
				d.since = w.next.At
			}
			d.fewer++
		}
	}
}

// standsFor returns how many members of the same population a member stands for, 0 for one whose events are not gone through any more. Who is left does
// not depend on whose worker they are, and they are spread over the population.
func (d *dropped) standsFor(m model.Member) uint64 {
	if d.fewer == 0 {
		return 1
	}
	g := d.worker.crew.crowd.Of(m)
	halvings := min(d.fewer, uint(bits.Len32(max(1, g.Count/d.limits.members)))-1)
	const golden = 0x9e3779b97f4a7c15 // multiples of it are spread evenly
	if uint64(m-g.First)*golden>>1>>(63-halvings) != 0 {
		return 0
	}
	return 1 << halvings
}

// Do counts a command.
func (d *dropped) Do(at uint64, _ *model.Command) *model.Answer {
	d.drop(at)
	return &d.answer
}

// Ask counts a query.
func (d *dropped) Ask(at uint64, _ *model.Command) { d.drop(at) }

// drop counts what was planned for a nanosecond of the people's time.
func (d *dropped) drop(at uint64) {
	d.worker.latency.Dropped(d.worker.crew.clock.wall(at), d.weight)
}

// Settle does nothing: all timers have fired.
func (d *dropped) Settle(model.Instant, model.Member) {}

// Planned does nothing, for nobody sets out.
func (d *dropped) Planned(model.Member) {}

// Skipped does nothing.
func (d *dropped) Skipped(model.Member) {}

// Repeated does nothing.
func (d *dropped) Repeated(model.Member) {}

// AppendLines appends nothing: there is no account to keep.
func (d *dropped) AppendLines(lines []uintptr, _ model.Member) []uintptr { return lines }

// Forward does nothing: only answers concern others.
func (d *dropped) Forward(queue.Event) {}
