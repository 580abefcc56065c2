// Package sim holds the vocabulary that the engines, the scenario files and the reports share: what people are
// planned to do (Plan) and what came of it (Result).
package sim

import (
	"fmt"
	"time"

	"invitesim/model"
	"invitesim/sim/chance"
)

// Plan is a scenario, ready to run: every name resolved, every default filled in. Plans are values that nobody writes
// to after they are made; engines of any clock take the same one.
type Plan struct {
	Name        string
	Purpose     string
	Digest      string // SHA-256 of the scenario as it will run, in hexadecimal
	Seed        uint64
	Start       int64         // Unix seconds, UTC
	Duration    model.Seconds // positive
	Warmup      model.Seconds // shorter than Duration
	Step        model.Seconds // of the series
	Policy      model.Policy
	Populations []Population // in the order of the file; their members are numbered consecutively from 1
	Events      []Event      // in order of time
	Thresholds  []Threshold
	Load        Load // of the wall clock
}

// Members returns how many members all populations have together.
func (p *Plan) Members() uint32 {
	total := uint32(0)
	for i := range p.Populations {
		total += p.Populations[i].Count
	}
	return total
}

// Policies returns the policy that a run starts with and those that it changes to, in order.
func (p *Plan) Policies() []model.Policy {
	all := []model.Policy{p.Policy}
	for _, event := range p.Events {
		if event.Policy != nil {
			all = append(all, *event.Policy)
		}
	}
	return all
}

// DefaultStep returns the step of a series that covers the given duration: 1 h up to 4 weeks, 6 h up to 26 weeks,
// else a day.
func DefaultStep(duration model.Seconds) model.Seconds {
	switch {
	case duration <= 4*model.Week:
		return model.Hour
	case duration <= 26*model.Week:
		return 6 * model.Hour
	}
	return model.Day
}

// Population is a group of members who behave alike. A nil part means that its members never do such a thing.
type Population struct {
	Name     string
	Count    uint32
	First    model.Member  // the number of its first member; the others follow
	Zone     model.Seconds // local time minus UTC; may be negative
	Start    StartWith
	Send     *Sending
	Respond  *Responding
	Mistakes *Mistakes
	Tidy     *Tidying
	Resend   *AfterShare // after an own withdraw or an expiry: to the same person
	Remove   *AfterShare // of the connections made in the run
	Unblock  *Unblocking // of the blocks
	Leave    *Leaving
	Look     Looking
}

// StartWith is what members have when the run starts.
type StartWith struct {
	Connections *chance.Distribution // to people outside the scenario; rounded to a whole number, never below 0
	AccountAge  *chance.Distribution // seconds
	Inbound     [3]float64           // share of members by model.Inbound; adds up to 1
}

// Sending is when, to whom and how members send. Exactly one of Rate (above 0) and Sittings is given.
type Sending struct {
	Rate        float64              // mean invitations per member and second
	Spread      *chance.Distribution // factor on Rate, drawn once for each member; nil for 1
	Sittings    *Sittings
	Pattern     Pattern
	To          []Target
	Choose      Choice
	Note        float64    // share of sends
	Email       float64    // share of sends
	Kinds       [3]float64 // share of sends by model.Kind; adds up to 1
	WhenRefused WhenRefused
}

// Sittings are sends on a timetable: at each multiple of Every plus At, Size sends, Gap apart.
type Sittings struct {
	Every     model.Seconds
	At        *chance.Distribution // seconds; nil for 0
	Size, Gap *chance.Distribution // sends, seconds
}

// Pattern weighs the hours of a week, Monday 0 h first, in local time; scaled to mean 1.
type Pattern [168]float64

// Target is one population that a population sends to.
type Target struct {
	Population int // index into Plan.Populations
	Share      float64
}

// ChoiceKind says how a recipient is drawn from a population.
type ChoiceKind uint8

// The ways to choose.
const (
	ChooseUniform ChoiceKind = iota
	ChooseZipf               // the k-th member weighs k^-Exponent
	ChooseCircle             // one of the Circle members next in number, wrapping around
)

// Choice is how a recipient is drawn.
type Choice struct {
	Kind     ChoiceKind
	Exponent float64
	Circle   uint32
}

// RefusedKind says what a member does about a refusal that may pass.
type RefusedKind uint8

// What members do when refused.
const (
	GiveUp RefusedKind = iota
	Wait               // until the instant that the answer names
	Retry              // after Delay, at most Times times
)

// WhenRefused applies to RateLimited, PendingCapped, Restricted and Cooldown.
type WhenRefused struct {
	Kind  RefusedKind
	Delay model.Seconds
	Times uint32
}

// Responding is what members do with the invitations they receive. Delay is from the instant at which the invitation shows.
type Responding struct {
	Delay *chance.Distribution // seconds
	Answers
	From        map[int]Answers // by the sender's population, in place of Answers
	Again       float64         // factor on Accept where the list shows an earlier request; 1 for none
	Reconsider  *AfterShare     // of the invitations ignored: accepting them after all
	ReportAgain *AfterShare     // of the invitations reported: reporting them once more
}

// Answers are shares of the invitations received; the rest is never answered.
type Answers struct{ Accept, Ignore, Report, Block float64 }

// Mistakes are own invitations that are withdrawn soon after.
type Mistakes struct {
	Share float64
	After *chance.Distribution // seconds
}

// Tidying is withdrawing own invitations sent OlderThan ago or earlier, oldest first, Gap apart, AtMost at a time: every Every,
// from an instant drawn for each member, or, where WhenCapped, after a PendingCapped answer.
type Tidying struct {
	Every      model.Seconds // 0 for never
	WhenCapped bool
	OlderThan  model.Seconds
	AtMost     uint32
	Gap        model.Seconds
}

// AfterShare is something that a share of occasions is followed by, After later.
type AfterShare struct {
	Share float64
	After *chance.Distribution // seconds
}

// Unblocking is undoing blocks, and of those who do so a share blocks the same person again. After counts from the second of
// the unblock, so that somebody can come back at the very end of a wait.
type Unblocking struct {
	AfterShare
	Again *AfterShare
}

// Leaving is closing the account: a share of the members does, and of those a share comes back.
type Leaving struct {
	AfterShare
	Back *AfterShare
}

// Looking is reading the own lists; reads per second.
type Looking struct{ Received, Sent float64 }

// Event is something that happens to everybody at an instant: a factor on a rate for a while, or a change of policy.
type Event struct {
	At     model.Instant
	For    model.Seconds // of a factor
	Factor float64
	Of     Rate
	Where  []int         // indexes of the populations that a factor touches
	Policy *model.Policy // the policy in force from At, or nil
}

// Rate names a rate that an event can scale.
type Rate uint8

// The rates of people that events scale.
const (
	RateSend Rate = iota
	RateLookReceived
	RateLookSent
)

// Severity says what a threshold that does not hold does to the exit code.
type Severity string

// The severities.
const (
	SeverityFail Severity = "fail"
	SeverityWarn Severity = "warn"
)

// Threshold is one condition on a figure of the result.
type Threshold struct {
	That     string  // path, operator and limit as written, a space between them, and `with 95%` behind them where that follows
	Path     string  // dotted, without unit suffix
	Operator string  // < <= > >= == !=
	Limit    float64 // in the unit of the figure: seconds, nanoseconds, shares 0 to 1, counts
	Severity Severity
	NoData   bool  // a figure without a sample passes
	Over     *Span // the part of the run in which the figure is measured; nil for all behind the warm-up
	Abort    bool  // stops a single run when it can no longer pass; only where CanAbort
	Interval bool  // the whole 95 % interval over replicas must hold, and not the mean alone
}

// Span is a part of a run: from an instant up to, and without, another.
type Span struct{ From, Until model.Instant }

// String is the span as thresholds write it, weeks first: 2w..4w, 1w2d12h..5w.
func (s Span) String() string { return InWeeks(s.From) + ".." + InWeeks(s.Until) }

// InWeeks writes an instant as the duration since the start, with whole weeks before the days.
func InWeeks(t model.Instant) string {
	weeks, rest := t/model.Instant(model.Week), t%model.Instant(model.Week)
	switch {
	case weeks == 0:
		return rest.String()
	case rest == 0:
		return fmt.Sprintf("%dw", weeks)
	}
	return fmt.Sprintf("%dw%s", weeks, rest)
}

// String is the threshold as verdicts tell it: the condition as written, then the part of the run that it is about.
func (t *Threshold) String() string {
	if t.Over == nil {
		return t.That
	}
	return t.That + " over " + t.Over.String()
}

// Loop says how a run by the wall clock gives its commands.
type Loop uint8

// The loops.
const (
	Open   Loop = iota // each at its planned instant
	Closed             // each when the worker's last one is answered
)

const (
	// MostWorkers is how many workers a run by the wall clock may have.
	MostWorkers = 256
	// LeastSpeed is how slow the people of one may be, in their seconds per second of the wall clock: one of theirs takes eleven days.
	LeastSpeed = 1e-6
)

// Load is how a run by the wall clock drives the system. The zero value is an open loop at the speed that the command line
// gives.
type Load struct {
	Loop    Loop
	Speed   float64 // people's seconds in a second of the wall clock; 0 for unknown
	Workers int     // at most MostWorkers; 0 for as many as processors
	Faults  []Fault // in order of time
}

// FaultKind is what goes wrong.
type FaultKind uint8

// The faults.
const (
	StallWorker FaultKind = iota // one worker does nothing
	StallShard                   // commands on the members of one shard of the store wait
	Collect                      // the collector runs all the time
)

// Fault is something that is made to go wrong in a run by the wall clock.
type Fault struct {
	At, For time.Duration // of the wall clock, since the start of the run
	Kind    FaultKind
}
