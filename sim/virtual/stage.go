package virtual

import (
	"context"
	"fmt"

	"invitesim/model"
	"invitesim/model/store"
	"invitesim/sim"
	"invitesim/sim/conduct"
	"invitesim/sim/measure"
)

// stage is what every run in virtual time has, whoever gives the commands: the system, and those who keep account.
type stage struct {
	plan     *sim.Plan
	store    *store.Store
	book     *measure.Recorder // told by the journal
	journal  *journal
	out      *outlet
	check    *checker              // nil without checks
	agenda   []conduct.Appointment // what happens to everybody, in order
	answer   model.Answer          // what was decided last
	changes  []store.Change
	follow   func(*store.Change) // plans what follows from a change that no answer told; nil where nobody plans
	totals   Totals
	policies []sim.PolicyChange // that happened
	asked    bool               // for notices, which are kept for those who ask only
	sparse   bool               // members may be numbers that a trace happens to name

	watch     *sim.Watch    // for thresholds that stop the run
	hopeless  int           // index of the one that did; -1 for none
	stoppedAt model.Instant // where it did
}

// set prepares the system of a plan, and leaves out what can come later when the context is cancelled.
func (s *stage) set(ctx context.Context, plan *sim.Plan, policies []model.Policy, o Options) (err error) {
	if plan.Step <= 0 {
		return fmt.Errorf("a step of %d s: the series needs a step of at least 1 s", plan.Step)
	}
	s.plan, s.agenda = plan, conduct.Agenda(plan)
	s.watch, s.hopeless = sim.NewWatch(plan.Thresholds), -1
	if o.Complete {
		s.watch = sim.NewWatch(nil)
	}
	s.store, err = store.New(ctx, store.Options{
		Members: plan.Members(), Calendar: model.Calendar{Start: plan.Start}, Seed: plan.Seed, Policies: policies,
		Exclusive: true, Pairs: plan.ExpectedPairs(plan.Duration), Audit: o.Check, Reminders: s.asked || o.Check && keepsNotices(plan, policies),
		Sparse:  s.sparse,
		Observe: func(c store.Change) { s.changes = append(s.changes, c) },
	})
	if err != nil {
		return err
	}
	s.book = measure.New(plan)
	s.journal = newJournal(s.book, o.Checkpoints)
	s.out = newOutlet(plan, o)
	if o.Check {
		s.check = newChecker(plan, policies)
	}
	return nil
}

// release gives the memory of a run back.
func (s *stage) release() {
	s.journal.close() // its reader is at the book
	s.store.Release()
	s.book.Release()
}

// decide gives a command to the system, and accounts for what no answer tells of it. The answer is the stage's, until the next
// command.
func (s *stage) decide(t model.Instant, c *model.Command) *model.Answer {
	s.store.Decide(t, c, &s.answer)
	s.totals.Commands++
	if len(s.changes) > 0 {
		s.settleChanges()
	}
	return &s.answer
}

// record tells everybody who keeps account what came of a command.
func (s *stage) record(t model.Instant, c *model.Command, a *model.Answer) {
	s.journal.command(t, c, a)
	s.out.command(t, c, a)
	if s.check != nil {
		s.check.command(s.store, t, c, a)
	}
}

// query asks the system.
func (s *stage) query(t model.Instant, c *model.Command) {
	reply := s.store.Ask(t, c)
	s.totals.Queries++
	s.journal.query(c)
	s.out.query(t, c, &reply)
	if s.check != nil {
		s.check.query(t, c, &reply)
	}
}

// settleChanges accounts for what happened in the system that no answer told.
func (s *stage) settleChanges() {
	for i := range s.changes {
		if change := &s.changes[i]; change.State == model.Absent {
			s.journal.restricted(change.Sender, change.Until)
		} else {
			s.lapsed(change)
		}
	}
	s.changes = s.changes[:0]
}

// lapsed counts the end of an invitation that no command asked for, and plans what follows.
func (s *stage) lapsed(c *store.Change) {
	fate := measure.Cancelled
	if c.State == model.Expired {
		fate = measure.Expired
	}
	s.journal.lapsed(c, fate)
	if s.follow != nil {
		s.follow(c)
	}
	if s.check != nil {
		s.check.lapsed(c)
	}
}

// advance fires every timer due by t.
func (s *stage) advance(t model.Instant) {
	if t >= 0 {
		s.store.Advance(t)
		s.settleChanges()
	}
}

// startMeasuring ends the warm-up at t.
func (s *stage) startMeasuring(t model.Instant) {
	s.advance(t - 1)
	s.journal.call(func() { s.book.StartMeasuring(t) })
}

// openWindows begins the windows that begin at t.
func (s *stage) openWindows(t model.Instant) {
	s.advance(t - 1)
	s.journal.call(func() { s.book.OpenWindows(t) })
}

// closeWindows ends the windows that end at t; with last, all.
func (s *stage) closeWindows(t model.Instant, last bool) {
	s.advance(t - 1)
	s.callAt(t-1, func(capped func(model.Member) bool) { s.book.CloseWindows(t, last, capped) })
}

// callAt has the reader call something that may ask whether the pending cap would refuse a member's next send at t.
func (s *stage) callAt(t model.Instant, do func(capped func(model.Member) bool)) {
	s.journal.call(func() { do(func(m model.Member) bool { return s.store.Capped(t, m) }) })
	if s.out.policy.PendingCap.Mode == model.CapRatio {
		s.journal.settle() // the store is asked as it is now
	}
}

// isHopeless says whether a threshold that stops the run can no longer pass, given what happened before t. If so, the run ends at t.
func (s *stage) isHopeless(t model.Instant) bool {
	if s.watch.Idle() {
		return false
	}
	s.advance(t - 1)
	soFar := &sim.Result{}
	s.journal.settle()
	s.book.SoFar(soFar)
	if s.check != nil {
		soFar.Checks = &s.check.result
	}
	s.hopeless, s.stoppedAt = s.watch.Hopeless(soFar), t
	return s.hopeless >= 0
}

// endStep closes a step of the series whose last instant is t. What happens at the instant behind it belongs to the next
// step, timers included.
func (s *stage) endStep(t model.Instant) {
	s.advance(t)
	s.callAt(t, func(capped func(model.Member) bool) { s.book.EndStep(t, capped) })
	if s.check != nil {
		s.check.endStep(s.store, t)
	}
}

// changePolicy puts a policy in force.
func (s *stage) changePolicy(t model.Instant, p *model.Policy) {
	s.store.ChangePolicy(t, *p)
	s.settleChanges()
	s.journal.call(func() { s.book.SetPolicy(*p) })
	if changed := s.out.changePolicy(t, p); len(changed) > 0 {
		s.policies = append(s.policies, sim.PolicyChange{AtS: int64(t), Settings: changed})
	}
	if s.check != nil {
		s.check.changePolicy(t, p)
	}
}

// finish fires what is due by the end, and writes what was measured.
func (s *stage) finish(end model.Instant, result *sim.Result) {
	s.advance(end - 1)
	if end <= model.Instant(s.plan.Warmup) {
		s.startMeasuring(end)
	}
	s.endStep(end - 1)
	s.closeWindows(end, true)
	s.journal.settle()
	s.book.Finish(end, result)
	result.Policies, result.Digest = s.policies, s.journal.reader.digest()
	s.out.close(end)
	if s.check != nil {
		s.check.report(s.plan, end, result)
	}
}
