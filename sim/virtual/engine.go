// Package virtual runs people against the system in virtual time: one queue of events in a fixed order, one goroutine that lets them happen,
// another that hashes and measures them in that order, and every draw a hash of the occasion, so that a run is a function of the plan alone.
package virtual

import (
	"context"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/conduct"
	"invitesim/sim/people"
	"invitesim/sim/virtual/queue"
)

// second is the nanoseconds of a second.
const second = 1_000_000_000

// pollEvery is how many events pass between two looks at the context.
const pollEvery = 4096

// engine is one run. It belongs to one goroutine, and is the desk of the one share that conducts everybody.
type engine struct {
	stage
	options Options
	end     uint64 // nanoseconds
	crowd   *people.Crowd
	share   *conduct.Share
}

var _ conduct.Desk = (*engine)(nil)

// newEngine sets a run up: the system with what members start with, and everybody's first events. When the context is cancelled it leaves some
// of that out.
func newEngine(ctx context.Context, plan *sim.Plan, o Options) (*engine, error) {
	e := &engine{options: o, end: uint64(plan.Duration) * second}
	var err error
	if e.crowd, err = people.NewCrowd(plan); err != nil {
		return nil, err
	}
	if err = e.set(ctx, plan, plan.Policies(), o); err != nil {
		e.crowd.Release()
		return nil, err
	}
	e.share, err = conduct.NewShare(conduct.Options{
		Plan: plan, Crowd: e.crowd, Store: e.store, Desk: e, Shares: 1,
	})
	if err != nil {
		e.stage.release()
		e.crowd.Release()
		return nil, err
	}
	e.follow = e.share.Lapse
	e.share.Begin(ctx, e.equip)
	return e, nil
}

// release gives the memory of a run back.
func (e *engine) release() {
	e.stage.release()
	e.crowd.Release()
	e.share.Release()
}

// equip sets up what a member has when the run starts.
func (e *engine) equip(m model.Member, start people.Start) {
	if start.AccountAge > 0 {
		e.store.Opened(m, -model.Instant(start.AccountAge))
	}
	if start.Connections > 0 {
		e.store.Outside(m, start.Connections)
	}
	e.out.equip(m, start)
	if e.check != nil {
		e.check.equip(m, start)
	}
	if start.Inbound == model.Anyone {
		return
	}
	// A command of the history, so that a replay finds the same people, but none that they give in the run: no figure
	// counts it.
	c := model.Command{Verb: model.SetInbound, Setting: start.Inbound, Actor: m}
	a := e.store.Do(0, &c)
	e.journal.setUp(&c, &a)
	e.out.command(0, &c, &a)
	if e.check != nil {
		e.check.command(e.store, 0, &c, &a)
	}
}

// Do gives a command to the system, and tells everybody who keeps account what came of it.
func (e *engine) Do(at uint64, c *model.Command) *model.Answer {
	a := e.decide(model.Instant(at/second), c)
	e.record(model.Instant(at/second), c, a)
	return a
}

// Ask asks the system a query.
func (e *engine) Ask(at uint64, c *model.Command) { e.query(model.Instant(at/second), c) }

// Settle fires the timers of a member.
func (e *engine) Settle(t model.Instant, m model.Member) {
	e.store.Settle(t, m)
	e.settleChanges()
}

// Planned counts a send that a member sets out to make.
func (e *engine) Planned(model.Member) { e.journal.attempt = firstAttempt }

// Skipped counts a send that found nobody to invite.
func (e *engine) Skipped(m model.Member) { e.journal.skipped(m) }

// Repeated counts a send that is made once more after a refusal.
func (e *engine) Repeated(model.Member) { e.journal.attempt = repeatedAttempt }

// AppendLines appends nothing: the reader of the journal asks for what it will need.
func (e *engine) AppendLines(lines []uintptr, _ model.Member) []uintptr { return lines }

// Forward is never called: there is one share.
func (e *engine) Forward(queue.Event) { panic("virtual: an event for another share") }

// run goes through the events until the end, until a threshold stops it, or until the context is cancelled. It returns the nanosecond that it reached.
func (e *engine) run(ctx context.Context) (reached uint64) {
	if ctx.Err() != nil {
		return 0 // not everybody may have been set up
	}
	for next := e.nextAppointment(); ; {
		// The earliest of all that is to come.
		event, ok := e.share.Pop()
		if !ok {
			e.keepAppointments(e.end)
			return e.reached(e.end)
		}
		if event.At >= next {
			if next = e.keepAppointments(event.At); e.hopeless >= 0 {
				return e.reached(event.At)
			}
		}
		e.totals.Events++
		e.share.Handle(event)
		if e.totals.Events%pollEvery == 0 && e.stop(ctx, event.At) {
			return event.At
		}
	}
}

// keepAppointments takes the appointments up to a nanosecond, and returns when the next one is.
func (e *engine) keepAppointments(at uint64) (next uint64) {
	for next = e.nextAppointment(); next <= at && next < e.end && e.hopeless < 0; next = e.nextAppointment() {
		e.keepAppointment()
	}
	return next
}

// reached returns the nanosecond at which a run ends that has come so far: where a threshold stopped it, if one did.
func (e *engine) reached(at uint64) uint64 {
	if e.hopeless >= 0 {
		return uint64(e.stoppedAt) * second
	}
	return at
}

// stop says whether to stop, and tells how far the run is.
func (e *engine) stop(ctx context.Context, at uint64) bool {
	if e.options.Progress != nil {
		e.options.Progress(Progress{
			At: model.Instant(at / second), End: model.Instant(e.end / second), Commands: e.totals.Commands,
		})
	}
	return ctx.Err() != nil || e.out.err != nil
}
