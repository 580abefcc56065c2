package wall

import (
	"cmp"
	"slices"
	"sync"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/conduct"
)

// keepAppointment takes the first appointment of the agenda. It is false where the run was stopped meanwhile.
func (w *worker) keepAppointment() bool {
	next := w.takeAppointment()
	w.reached.Store(uint64(next.At) * second) // nobody waits for one who waits for all
	w.measure(next)
	if w.calls != nil && !w.mayStopRecording(next.At) {
		return false
	}
	if next.Policy == nil {
		return true
	}
	if !w.crew.meeting.meet(&w.crew.stop, func() { w.crew.changePolicy(next) }) {
		return false
	}
	w.policy = next.Policy
	w.share.ChangePolicy(next.Policy)
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

// withCuts adds to an agenda the instants at which the recording may end: so many that what is recorded after there is enough does not count.
func (c *crew) withCuts(agenda []conduct.Appointment) []conduct.Appointment {
	if c.recording == nil {
		return agenda
	}
	var all []conduct.Appointment
	for t := c.cutEvery; t < model.Instant(c.plan.Duration); t += c.cutEvery {
		all = append(all, conduct.Appointment{At: t})
	}
	all = append(all, agenda...)
	slices.SortStableFunc(all, func(a, b conduct.Appointment) int { return cmp.Compare(a.At, b.At) })
	return all
}

// cuts is how many times a recording may end in the time in which there is enough.
const cuts = 16

// betweenCuts returns how far apart the instants are at which the recording may end, at most a step.
func (c *crew) betweenCuts() model.Instant {
	apart := float64(c.plan.Step)
	if expected := float64(expectedRate(c.plan) * float64(c.plan.Duration)); expected > 0 {
		apart = min(apart, float64(c.plan.Duration)*float64(c.recordAtMost)/cuts/expected)
	}
	return max(1, model.Instant(apart))
}

// mayStopRecording ends the recording at a cut when there is enough, while all workers wait: then what was recorded is all that happened until
// then. It is false where the run was stopped.
func (w *worker) mayStopRecording(t model.Instant) bool {
	c := w.crew
	if t < w.cut+c.cutEvery {
		return true // no cut, or one at which something else happens too
	}
	w.cut = t / c.cutEvery * c.cutEvery
	calls := int(w.commands + w.queries)
	last := c.lastCut.comeTo(int64(t/c.cutEvery), calls-w.callsAtCut, c.recordAtMost)
	w.callsAtCut = calls
	if !last {
		return true
	}
	ok := c.meeting.meet(&c.stop, func() { c.recordedUntil = t })
	w.calls = nil
	return ok
}

// lastCut is what the workers agree on: the cut at which the recording ends.
type lastCut struct {
	guard    sync.Mutex
	furthest int64 // the number of the last cut that any of them came to
	chosen   int64 // 0 for none yet
	calls    int   // of all workers until the cuts they came to
}

// comeTo says whether the cut of this number, which a worker has come to with so many calls since its cut before, is the last. When the calls of
// all are enough it chooses the first that nobody has come to: so all of them wait there, and nobody waits for another reason meanwhile.
func (l *lastCut) comeTo(number int64, calls, enough int) bool {
	l.guard.Lock()
	defer l.guard.Unlock()
	l.furthest = max(l.furthest, number)
	l.calls += calls
	if l.calls >= enough && l.chosen == 0 {
		l.chosen = l.furthest + 1
	}
	return number == l.chosen
}

// agendaTime returns the instant up to which the worker has ended steps.
func (w *worker) agendaTime() model.Instant {
	return model.Instant(w.steps) * model.Instant(w.crew.plan.Step)
}
