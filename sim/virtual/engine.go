// Package virtual runs people against the system in virtual time: one queue of events in a fixed order, one thread, and
// every draw a hash of the occasion, so that a run is a function of the plan alone.
package virtual

import (
	"context"
	"fmt"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/people"
	"invitesim/sim/virtual/queue"
)

// second is the nanoseconds of a second.
const second = 1_000_000_000

// The engine asks for the memory that events will touch well ahead of their turns, and for that of many events at once:
// then they wait for the translation of their addresses together, where each alone would hold the processor up.
const (
	burst   = 16 // events at once
	leastOf = 16 // events that are left prepared when the next burst begins
)

// pollEvery is how many events pass between two looks at the context.
const pollEvery = 4096

// engine is one run. It belongs to one goroutine.
type engine struct {
	stage
	options Options
	end     uint64 // nanoseconds
	crowd   *people.Crowd
	queue   queue.Queue
	now     uint64    // nanosecond of the event that happens
	lags    []lagFrom // every lag of views so far
	absent  bitset    // members who left
	tidying bitset    // members in the middle of tidying
	until   []uint32  // second before which a member begins no other send; nil where nobody waits
	waiting waiting   // sends to be made again

	prepared  int              // so many of the next events have been prepared
	concerned [burst]concerned // by the events that are being prepared
	thoughts  [256]thought     // by member: what was found out for events ahead
}

// thought is whom a member thinks of first on an occasion.
type thought struct {
	occasion uint64
	m, peer  model.Member
}

// lagFrom is a lag of views and the instant from which it was in force.
type lagFrom struct {
	at  model.Instant
	lag model.Lag
}

// bitset is a set of members; nil is empty and stays so.
type bitset []uint64

func newBitset(members uint32) bitset { return make(bitset, members/64+1) }

func (b bitset) has(m model.Member) bool { return b != nil && b[m/64]&(1<<(m%64)) != 0 }

func (b bitset) put(m model.Member) { b[m/64] |= 1 << (m % 64) }

func (b bitset) drop(m model.Member) { b[m/64] &^= 1 << (m % 64) }

// newEngine sets a run up: the system with what members start with, and everybody's first events.
func newEngine(plan *sim.Plan, o Options) (*engine, error) {
	if plan.Members() > mostMembers {
		return nil, fmt.Errorf("%d members are too many for virtual time (at most %d)", plan.Members(), mostMembers)
	}
	e := &engine{options: o, end: uint64(plan.Duration) * second}
	e.lags = []lagFrom{{0, plan.Policy.Views.Lag}}
	e.account = e.lapse
	var err error
	if e.crowd, err = people.NewCrowd(plan); err != nil {
		return nil, err
	}
	if err = e.set(plan, plan.Policies(), o); err != nil {
		return nil, err
	}
	e.prepareMembers()
	return e, nil
}

// release gives the memory of a run back.
func (e *engine) release() {
	e.stage.release()
	e.crowd.Release()
	e.queue.Release()
}

// prepareMembers gives every member what they start with and pushes their first events.
func (e *engine) prepareMembers() {
	groups := e.crowd.Groups()
	for i := range groups {
		g := &groups[i]
		if g.Leave != nil && e.absent == nil {
			e.absent = newBitset(e.plan.Members())
		}
		if g.Tidy != nil && e.tidying == nil {
			e.tidying = newBitset(e.plan.Members())
		}
		if g.Send != nil && g.Send.WhenRefused.Kind == sim.Wait && e.until == nil {
			e.until = make([]uint32, e.plan.Members()+1)
		}
		for m := g.First; m < g.First+model.Member(g.Count); m++ {
			e.equip(g, m)
			e.begin(g, m)
		}
	}
}

// equip sets up what a member has when the run starts.
func (e *engine) equip(g *people.Group, m model.Member) {
	start := g.StartOf(m)
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
	e.out.command(0, &c, &a)
	if e.check != nil {
		e.check.command(e.store, 0, &c, &a)
	}
}

// begin pushes the first events of a member.
func (e *engine) begin(g *people.Group, m model.Member) {
	e.push(g.FirstTurn(m), actTurn, m, 0)
	if g.Send != nil && g.Send.Sittings != nil {
		k, at := g.FirstSitting(m)
		e.push(at, actSitting, m, uint32(k))
	}
	e.push(g.TidyAt(m), actTidy, m, 0)
	e.push(g.LeaveAt(m), actLeave, m, 0)
	e.push(g.NextLook(m, sim.RateLookReceived, 0), actReceived, m, 0)
	e.push(g.NextLook(m, sim.RateLookSent, 0), actSent, m, 0)
}

// push plans an event. What comes after the end of the run is dropped.
func (e *engine) push(at uint64, what action, actor model.Member, aux uint32) {
	if at < e.end {
		e.queue.Push(queue.Event{At: at, Key: key(what, actor, aux)})
	}
}

// run goes through the events until the end, or until the context is cancelled. It returns the nanosecond that it reached.
func (e *engine) run(ctx context.Context) (reached uint64) {
	for next := e.nextAppointment(); ; {
		e.totals.Events++
		event, ok := e.queue.Pop()
		if !ok {
			e.keepAppointments(e.end)
			return e.end
		}
		if event.At >= next {
			next = e.keepAppointments(event.At)
		}
		if e.prepared--; e.prepared < leastOf {
			e.prepare()
		}
		e.handle(event.At, event.Key)
		if e.totals.Events%pollEvery == 0 && e.stop(ctx, event.At) {
			return event.At
		}
	}
}

// keepAppointments takes the appointments up to a nanosecond, and returns when the next one is.
func (e *engine) keepAppointments(at uint64) (next uint64) {
	for next = e.nextAppointment(); next <= at && next < e.end; next = e.nextAppointment() {
		e.keepAppointment()
	}
	return next
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

// prepare asks for the memory that the next events will touch, beyond those that are prepared.
func (e *engine) prepare() {
	from := max(e.prepared, 0)
	events := e.queue.Ahead(from, burst)
	for i := range events {
		e.concerned[i%burst] = e.concerns(events[i].At, events[i].Key)
	}
	for i := range events {
		who := &e.concerned[i%burst]
		e.crowd.Of(who.sender).Prefetch(who.sender)
		e.book.Prefetch(who.sender)
		e.store.Prefetch(who.actor, who.peer)
	}
	e.prepared = from + len(events)
}

// concerned are those whose memory an event will touch.
type concerned struct{ actor, peer, sender model.Member }

// concerns returns whom an event will concern.
func (e *engine) concerns(at, k uint64) concerned {
	what, actor, aux := unkey(k)
	switch {
	case what == actTurn:
		return concerned{actor, e.think(actor, at), actor}
	case what >= actAccept && what < actMistake:
		return concerned{actor, model.Member(aux), model.Member(aux)}
	case what >= actMistake && what < actTidy, what >= actResend && what < actRepeat, what == actRemove, what == actUnblock:
		return concerned{actor, model.Member(aux), actor}
	case what == actInSitting:
		return concerned{actor, e.think(actor, at+uint64(aux)), actor}
	case what == actRepeat:
		return concerned{actor, e.waiting.sends[aux].peer, actor}
	}
	return concerned{actor, actor, actor} // whom else it concerns, that member's own records tell
}

// think returns whom a member will think of first on an occasion, and keeps it for the turn.
func (e *engine) think(m model.Member, occasion uint64) model.Member {
	peer := e.crowd.Of(m).Recipient(m, occasion, 0)
	e.thoughts[m%model.Member(len(e.thoughts))] = thought{occasion, m, peer}
	return peer
}

// handle lets an event happen.
func (e *engine) handle(at, k uint64) {
	e.now = at
	what, actor, aux := unkey(k)
	if what == actTurn {
		e.turn(at, actor)
		return
	}
	peer := model.Member(aux)
	switch {
	case what == actSettle:
		e.store.Settle(model.Instant(at/second), actor)
		e.settleChanges()
	case what < actMistake:
		e.answer(at, actor, peer, what)
	case what < actTidy:
		e.mistake(at, actor, peer, model.Kind(what-actMistake))
	case what >= actResend && what < actRepeat:
		e.resend(at, actor, peer, model.Kind(what-actResend))
	default:
		e.handleRest(at, what, actor, aux)
	}
}

// handleRest lets the rarer events happen.
func (e *engine) handleRest(at uint64, what action, actor model.Member, aux uint32) {
	switch what {
	case actTidy:
		e.tidy(at, actor)
	case actTidyOne:
		e.tidyOne(at, actor, aux)
	case actRemove:
		e.remove(at, actor, model.Member(aux))
	case actUnblock:
		e.unblock(at, actor, model.Member(aux))
	case actLeave:
		e.leave(at, actor)
	case actBack:
		e.back(at, actor)
	case actRepeat:
		e.repeat(at, actor, aux)
	case actSitting:
		e.sitting(at, actor, aux)
	case actInSitting:
		e.inSitting(at, actor, aux)
	case actReceived, actSent:
		e.look(at, actor, what)
	}
}

// lagAt returns by how much what happens between two at an instant shows late.
func (e *engine) lagAt(a, b model.Member, at model.Instant) model.Seconds {
	i := len(e.lags) - 1
	for i > 0 && e.lags[i].at > at {
		i--
	}
	if e.lags[i].lag.Share == 0 {
		return 0
	}
	return e.lags[i].lag.Of(e.plan.Seed, a, b, at)
}
