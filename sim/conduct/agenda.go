package conduct

import (
	"cmp"
	"slices"

	"invitesim/model"
	"invitesim/sim"
)

// Appointment is an instant at which something happens to everybody. Its steps are taken in the order of the fields.
type Appointment struct {
	At          model.Instant
	WindowEnds  bool // of the windows that thresholds ask for
	StepEnds    bool
	WarmupEnd   bool
	WindowOpens bool
	Policy      *model.Policy // that comes into force; nil for none
}

// Agenda returns what happens to everybody before the end of a run, in order of time. A policy change comes after
// the end of the step and of the warm-up at its instant, and before the commands of that instant.
func Agenda(plan *sim.Plan) []Appointment {
	var all, opening []Appointment
	for i := range plan.Thresholds {
		if over := plan.Thresholds[i].Over; over != nil {
			all = append(all, Appointment{At: over.Until, WindowEnds: true})
			opening = append(opening, Appointment{At: over.From, WindowOpens: true})
		}
	}
	for t := model.Instant(plan.Step); t < model.Instant(plan.Duration); t += model.Instant(plan.Step) {
		all = append(all, Appointment{At: t, StepEnds: true})
	}
	all = append(all, Appointment{At: model.Instant(plan.Warmup), WarmupEnd: true})
	all = append(all, opening...)
	for i := range plan.Events {
		if event := &plan.Events[i]; event.Policy != nil && event.At < model.Instant(plan.Duration) {
			all = append(all, Appointment{At: event.At, Policy: event.Policy})
		}
	}
	slices.SortStableFunc(all, func(a, b Appointment) int { return cmp.Compare(a.At, b.At) })
	return all
}
