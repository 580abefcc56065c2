package virtual

import (
	"slices"

	"invitesim/model"
	"invitesim/sim"
)

// appointment is an instant at which something happens to everybody. Its steps are taken in the order of the fields.
type appointment struct {
	at          model.Instant
	windowEnds  bool
	stepEnds    bool
	warmupEnd   bool
	windowOpens bool
	policy      *model.Policy
}

// appointments returns what happens to everybody before the end of a run, in order of time. A policy change comes after
// the end of the step and of the warm-up at its instant, and before the commands of that instant.
func appointments(plan *sim.Plan) []appointment {
	var all, opening []appointment
	for i := range plan.Thresholds {
		if over := plan.Thresholds[i].Over; over != nil {
			all = append(all, appointment{at: over.Until, windowEnds: true})
			opening = append(opening, appointment{at: over.From, windowOpens: true})
		}
	}
	for t := model.Instant(plan.Step); t < model.Instant(plan.Duration); t += model.Instant(plan.Step) {
		all = append(all, appointment{at: t, stepEnds: true})
	}
	all = append(all, appointment{at: model.Instant(plan.Warmup), warmupEnd: true})
	all = append(all, opening...)
	for i := range plan.Events {
		if event := &plan.Events[i]; event.Policy != nil && event.At < model.Instant(plan.Duration) {
			all = append(all, appointment{at: event.At, policy: event.Policy})
		}
	}
	slices.SortStableFunc(all, func(a, b appointment) int { return int(a.at - b.at) })
	return all
}

// nextAppointment returns the nanosecond of the next appointment, the end if there is none.
func (e *engine) nextAppointment() uint64 {
	if len(e.agenda) == 0 {
		return e.end
	}
	return uint64(e.agenda[0].at) * second
}

// keepAppointment takes the first appointment of the agenda, unless the run stops there.
func (e *engine) keepAppointment() {
	next := e.agenda[0]
	if next.windowEnds {
		e.advance(next.at - 1)
		e.book.CloseWindows(next.at, false, e.cappedAt(next.at-1))
	}
	if (next.windowEnds || next.stepEnds) && e.isHopeless(next.at) {
		return
	}
	e.agenda = e.agenda[1:]
	if next.stepEnds {
		e.endStep(next.at - 1)
	}
	if next.warmupEnd {
		e.advance(next.at - 1)
		e.book.StartMeasuring(next.at)
	}
	if next.windowOpens {
		e.advance(next.at - 1)
		e.book.OpenWindows(next.at)
	}
	if next.policy != nil {
		e.changePolicy(next.at, next.policy)
		e.share.ChangePolicy(next.at, next.policy)
	}
}
