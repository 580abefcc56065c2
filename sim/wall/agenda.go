package wall

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/conduct"
)

// keepAppointment takes the first appointment of the agenda. It is false where the run was stopped meanwhile.
func (w *worker) keepAppointment() bool {
	next := w.takeAppointment()
	w.reached.Store(uint64(next.At) * second) // nobody waits for one who waits for all
	w.measure(next)
	if next.StepEnds && w.calls != nil && !w.mayStopRecording() {
		return false
	}
	if next.Policy == nil {
		return true
	}
	if !w.crew.meeting.meet(&w.crew.stop, func() { w.crew.changePolicy(next) }) {
		return false
	}
	w.policy = next.Policy
	w.share.ChangePolicy(next.At, next.Policy)
	w.book.SetPolicy(*next.Policy)
	return true
}

// takeAppointment takes the first appointment out of the agenda, and looks when the next one is.
func (w *worker) takeAppointment() (first conduct.Appointment) {
	first, w.agenda = w.agenda[0], w.agenda[1:]
	w.appoint()
	return first
}

// appoint looks when the first appointment of the agenda is.
func (w *worker) appoint() {
	w.appointed = w.crew.end
	if len(w.agenda) > 0 {
		w.appointed = min(w.appointed, uint64(w.agenda[0].At)*second)
	}
}

// measure takes the steps of an appointment that are about the account, when what was due before has happened.
func (w *worker) measure(next conduct.Appointment) {
	before := next.At - 1
	w.settleAll(before)
	if next.WindowEnds {
		w.book.CloseWindows(next.At, false, w.cappedAt(before))
	}
	if next.StepEnds {
		w.book.EndStep(before, w.cappedAt(before))
		w.steps++
	}
	if next.WarmupEnd {
		w.book.StartMeasuring(next.At)
	}
	if next.WarmupEnd && next.At > 0 && !w.crew.open {
		w.latency.MeasureFrom(w.crew.clock.now())
	}
	if next.WindowOpens {
		w.book.OpenWindows(next.At)
	}
}

// changePolicy puts a policy in force, while all workers wait. Where they are late, so is it: what has been decided was decided
// under the policy before.
func (c *crew) changePolicy(next conduct.Appointment) {
	began, t := c.clock.now(), next.At
	if c.open {
		t = max(t, c.clock.people(began))
	}
	c.store.ChangePolicy(t, *next.Policy)
	change := sim.PolicyChange{AtS: int64(t), Settings: map[string]string{}}
	for _, d := range model.DiffPolicies(c.workers[0].policy, next.Policy) {
		change.Settings[d.Path] = d.B
	}
	c.policies = append(c.policies, change)
	if w := c.workers[0]; w.calls != nil {
		w.calls.RecordPolicy(began, c.clock.now(), t, *next.Policy)
	}
}

// judge stops the run where a threshold that stops runs can no longer pass, given what was measured before t.
func (c *crew) judge(t model.Instant, soFar *sim.Result) {
	if c.hopeless >= 0 {
		return
	}
	if c.options.Check {
		c.guard.Lock()
		soFar.Checks = &sim.Checks{Invariants: c.invariants}
		c.guard.Unlock()
	}
	if c.hopeless = c.thresholds.Hopeless(soFar); c.hopeless >= 0 {
		c.stoppedAt = t
		c.halt()
	}
}

// cappedAt returns what says whether the pending cap would refuse a member's next send at t.
func (w *worker) cappedAt(t model.Instant) func(model.Member) bool {
	return func(m model.Member) bool { return w.crew.store.Capped(t, m) }
}

// settleAll fires the timers of the worker's members due by t, and accounts for them.
func (w *worker) settleAll(t model.Instant) {
	w.flush()
	for group := w.index; group < w.crew.store.Groups(); group += len(w.crew.workers) {
		w.crew.store.SettleGroup(t, group)
	}
	w.receive()
}

// mayStopRecording ends the recording when there is enough, while all workers wait: then what was recorded is all that happened until
// then. They wait at the end of a step that none of them has come to when it is chosen: so nobody waits for another reason meanwhile. It is false where
// the run was stopped.
func (w *worker) mayStopRecording() bool {
	c := w.crew
	if w.index == 0 && c.lastRecorded.Load() == 0 && int(w.commands)*len(c.workers) >= c.recordAtMost {
		c.lastRecorded.Store(c.furthestStep() + stepsAhead)
	}
	if last := c.lastRecorded.Load(); last == 0 || int64(w.steps) < last {
		return true
	}
	ok := c.meeting.meet(&c.stop, func() { c.recordedUntil = w.agendaTime() })
	w.calls = nil
	return ok
}

// stepsAhead is more steps than a worker can end while another looks how far it is.
const stepsAhead = 3

// furthestStep returns how many steps the worker that is furthest ahead has ended.
func (c *crew) furthestStep() int64 {
	furthest := uint64(0)
	for _, w := range c.workers {
		furthest = max(furthest, w.reached.Load())
	}
	return int64(furthest / (uint64(c.plan.Step) * second))
}

// agendaTime returns the instant up to which the worker has ended steps.
func (w *worker) agendaTime() model.Instant {
	return model.Instant(w.steps) * model.Instant(w.crew.plan.Step)
}
