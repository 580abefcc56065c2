// Package measure turns what happens in a run into the figures of its result: counters in flat arrays, written to as
// commands are decided, and read once at the end.
package measure

import (
	"unsafe"

	"invitesim/model"
	"invitesim/model/store/region"
	"invitesim/sim"
)

// Fate is what has become of an invitation so far.
type Fate uint8

// The fates. An Ignored or Reported invitation is still outstanding and may meet one of the later fates.
const (
	Open Fate = iota
	Ignored
	Reported
	Accepted
	Withdrawn
	Expired
	Cancelled
	fates = int(iota)
)

// fateOf returns the fate of an outstanding invitation that has met so much.
func fateOf(met model.Met) Fate {
	switch met {
	case model.MetIgnore:
		return Ignored
	case model.MetReport:
		return Reported
	}
	return Open
}

// outcomeCells is how many pairs of verb and outcome there are.
const outcomeCells = model.Verbs * model.Outcomes

// Recorder measures one run. It is told of everything in the order in which it happens to each member. Until
// StartMeasuring is called only the series, and what later figures build on, are kept. Not safe for concurrent use.
type Recorder struct {
	plan      *sim.Plan
	calendar  model.Calendar
	policy    model.Policy
	hadCap    bool          // there was a pending cap, now or before
	from      model.Instant // the end of the warm-up, once it is reached
	until     model.Instant // where what is measured ends, once it does
	measuring bool          // the warm-up is over
	firsts    []model.Member

	memory      region.Region[member]
	members     []member // by number; 0 is nobody
	firstHit    [limits][]uint32
	crowded     []model.Member // those whose share of old invitations may matter, for a cap by ratio
	restricted  restrictions
	firstPeriod int64 // ordinal of the calendar period of the start, for the quota's period
	period      quotaPeriod

	division *division              // nil for a recorder of everybody
	untold   map[model.Member]int32 // ends of invitations of kind connect that are counted and not told yet, by sender; below 0 told before their beginnings
	windows  []window               // parts of the run that are measured by themselves, too

	tallies    []tally // by population
	weeks      []fateCounts
	hours      [hoursPerWeek]uint64 // rate-limit hits by hour of the week
	series     series
	stepsEnded int
}

// quotaPeriod is the calendar period of the quota that an instant was last looked for in. The zero value holds none.
type quotaPeriod struct {
	from, until model.Instant
	mark        uint32
}

// fateCounts counts invitations by fate.
type fateCounts [fates]int64

const hoursPerWeek = 168

// New returns a recorder of a run of the plan.
func New(plan *sim.Plan) *Recorder {
	memory := region.New[member](int(plan.Members()) + 1)
	r := newRecorder(plan, memory.Data)
	r.memory = memory
	for _, span := range windowsOf(plan) {
		r.windows = append(r.windows, newWindow(plan, span))
	}
	return r
}

// newRecorder returns a recorder that keeps its members in the given memory.
func newRecorder(plan *sim.Plan, members []member) *Recorder {
	r := &Recorder{
		plan: plan, calendar: model.Calendar{Start: plan.Start}, members: members,
		tallies: make([]tally, max(len(plan.Populations), 1)),
		weeks:   make([]fateCounts, int64(plan.Duration)/int64(model.Week)+1),
	}
	for i := range plan.Populations {
		r.firsts = append(r.firsts, plan.Populations[i].First)
	}
	for i := range r.tallies {
		r.tallies[i].atCap = make([]float64, 0, r.steps())
	}
	r.restricted.until = map[model.Member]model.Instant{}
	r.untold = map[model.Member]int32{}
	r.policy, r.hadCap = plan.Policy, plan.Policy.PendingCap.Mode != model.CapNone
	r.firstPeriod = r.calendar.Period(0, r.policy.WeeklyLimit.Period)
	return r
}

// Release gives the memory back. The recorder must not be used any more.
func (r *Recorder) Release() {
	r.members = nil
	r.memory.Release()
	for i := range r.windows {
		r.windows[i].book.Release()
	}
}

// Address returns where what a command on an invitation of this sender touches is kept, for a prefetch; that of nobody for a sender who does not
// exist.
func (r *Recorder) Address(sender model.Member) unsafe.Pointer {
	if int(sender) >= len(r.members) {
		sender = 0
	}
	return unsafe.Pointer(&r.members[sender])
}

// Prefetch asks the processor to load it.
func (r *Recorder) Prefetch(sender model.Member) { region.Prefetch(r.Address(sender)) }

// steps is how many steps the series has.
func (r *Recorder) steps() int {
	return int((r.plan.Duration + r.plan.Step - 1) / r.plan.Step)
}

// PopulationOf returns the index of the population that a member belongs to. Numbers beyond the last member count for
// the last population.
func (r *Recorder) PopulationOf(m model.Member) int {
	i := 0
	for i+1 < len(r.firsts) && m >= r.firsts[i+1] {
		i++
	}
	return i
}

// SetPolicy tells which policy is in force from now on.
func (r *Recorder) SetPolicy(p model.Policy) {
	if p.WeeklyLimit.Period != r.policy.WeeklyLimit.Period {
		r.closeQuotaPeriods()
		r.firstPeriod = r.calendar.Period(0, p.WeeklyLimit.Period)
		r.period = quotaPeriod{}
	}
	r.policy, r.hadCap = p, r.hadCap || p.PendingCap.Mode != model.CapNone
	r.findCrowded()
	r.eachWindow(func(w *Recorder) { w.SetPolicy(p) })
}

// StartMeasuring ends the warm-up at t: figures count from here on. Every timer before t must have fired. Call it once at most.
func (r *Recorder) StartMeasuring(t model.Instant) {
	r.from, r.measuring = t, true
	for i := range r.tallies {
		r.tallies[i].restart()
	}
	r.hours = [hoursPerWeek]uint64{}
}

// Planned counts a send that a member set out to make.
func (r *Recorder) Planned(m model.Member) {
	r.tallies[r.PopulationOf(m)].turns.Planned++
	r.eachWindow(func(w *Recorder) { w.Planned(m) })
}

// Skipped counts a send that found nobody to invite.
func (r *Recorder) Skipped(m model.Member) {
	r.tallies[r.PopulationOf(m)].turns.Skipped++
	r.eachWindow(func(w *Recorder) { w.Skipped(m) })
}

// Repeated counts a send that is made once more after a refusal.
func (r *Recorder) Repeated(m model.Member) {
	r.tallies[r.PopulationOf(m)].turns.Repeated++
	r.eachWindow(func(w *Recorder) { w.Repeated(m) })
}

// Query counts a query.
func (r *Recorder) Query(c *model.Command) {
	r.tallies[r.PopulationOf(c.Actor)].outcomes[c.Verb][model.NoOutcome]++
	r.eachWindow(func(w *Recorder) { w.Query(c) })
}

// Command counts a command that was due at one instant and decided at t, what it did to an invitation, and what it used of the weekly limit. An
// invitation that the recipient's own send accepts is answered by it. Where a system falls behind, the steps of the series and the hours of the week tell when people came to it.
func (r *Recorder) Command(due, t model.Instant, c *model.Command, a *model.Answer) {
	own := &r.tallies[r.PopulationOf(c.Actor)]
	own.outcomes[c.Verb][a.Outcome]++
	r.series.count(c.Verb, a.Outcome)
	if c.Verb == model.Send {
		r.tried(c.Actor, own)
	}
	if !a.Repeated {
		r.limited(due, t, c, a, own)
		r.changed(t, c, a, own)
	}
	r.eachWindow(func(w *Recorder) { w.Command(due, t, c, a) })
}

// changed counts what a command did to an invitation.
func (r *Recorder) changed(t model.Instant, c *model.Command, a *model.Answer, own *tally) {
	before := fateOf(a.Met)
	switch a.Outcome {
	case model.WasSent:
		r.sent(t, c, a, own)
	case model.WasConnected, model.WasAccepted:
		own.response(answerAccept, int64(t-a.SentAt))
		r.ended(t, c.Peer, c.Kind, a.SentAt, before, Accepted)
	case model.WasWithdrawn:
		own.response(answerWithdraw, int64(t-a.SentAt))
		r.ended(t, c.Actor, c.Kind, a.SentAt, before, Withdrawn)
	case model.WasIgnored:
		own.response(answerIgnore, int64(t-a.SentAt))
		r.tallies[r.PopulationOf(c.Peer)].invitations.Ignored++
		r.befell(a.SentAt, before, Ignored)
	case model.WasReported:
		r.tallies[r.PopulationOf(c.Peer)].invitations.Reported++
		r.befell(a.SentAt, before, Reported)
	}
}

// Lapsed counts the end of an invitation that no command asked for: to is Expired or Cancelled.
func (r *Recorder) Lapsed(t model.Instant, sender model.Member, kind model.Kind, sentAt model.Instant, met model.Met, to Fate) {
	r.ended(t, sender, kind, sentAt, fateOf(met), to)
	r.eachWindow(func(w *Recorder) { w.Lapsed(t, sender, kind, sentAt, met, to) })
}

// Restricted notes that a member is restricted until an instant.
func (r *Recorder) Restricted(m model.Member, until model.Instant) { r.restricted.add(m, until) }

// sent counts a new invitation.
func (r *Recorder) sent(t model.Instant, c *model.Command, a *model.Answer, own *tally) {
	own.invitations.Sent++
	own.outstanding++
	r.weeks[int64(t)/int64(model.Week)][Open]++
	if c.Kind == model.Connect {
		r.raise(t, c.Actor, own, a.Outstanding)
		if a.Limit != model.Unlimited {
			r.use(t, c.Actor, a, own)
		}
	}
}

// ended counts the end of an invitation for its sender.
func (r *Recorder) ended(t model.Instant, sender model.Member, kind model.Kind, sentAt model.Instant, before, to Fate) {
	own := &r.tallies[r.PopulationOf(sender)]
	switch to {
	case Accepted:
		own.invitations.Accepted++
	case Withdrawn:
		own.invitations.Withdrawn++
	case Expired:
		own.invitations.Expired++
	case Cancelled:
		own.invitations.Cancelled++
	}
	own.outstanding--
	r.befell(sentAt, before, to)
	switch {
	case kind != model.Connect:
	case r.owns(sender):
		r.lower(t, sender, own)
	default:
		r.division.elsewhere(t, sender)
	}
}

// befell moves an invitation from one fate to another, in the week in which it was sent.
func (r *Recorder) befell(sentAt model.Instant, before, to Fate) {
	week := &r.weeks[int64(sentAt)/int64(model.Week)]
	week[before]--
	week[to]++
}
