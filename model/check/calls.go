package check

import (
	"cmp"
	"iter"
	"slices"

	"invitesim/model"
	"invitesim/model/trace"
)

// puzzle is a history of calls that may overlap, with the answers that were given: what order explains them?
type puzzle struct {
	header   *trace.Trace // without lines
	policies []model.Policy
	prepare  iter.Seq[trace.Line] // done before the first call, nil for nothing
	calls    []call               // by the first second in which they may have been decided, then by call
	line     func(*call) *trace.Line
	rows     func(*call) []model.Row // of a look at a list, without the instants since when they are so
	repeats  int                     // decisions that may be repeated to try other choices, after the search has last come further
	figures  Figures
}

// call is one line of a puzzle as the search sees it.
type call struct {
	called, answered int64         // nanoseconds
	first, last      model.Instant // the seconds in which it may have been decided
	actor, peer      model.Member  // 0 for none
	index            int32         // of the line
	verb             model.Verb
	effect           effect
}

// effect says what a call with its answer does to the answers of others.
type effect uint8

const (
	changing effect = iota // it may change those that name one of its members
	free                   // none: a query or a refusal
	sweeping               // it may change anybody's: a change of policy, a closed account
)

// loose says whether the trace leaves open in which second the call was decided.
func (c *call) loose() bool { return c.first != c.last }

// changesPolicy says whether the call is a change of policy, which concerns everybody and has no actor.
func (c *call) changesPolicy() bool { return c.actor == 0 }

// lasts says whether it shows for long when, or before which others, the call was decided.
func (c *call) lasts() bool { return c.loose() || c.changesPolicy() }

// meets says whether the order of two calls may matter.
func (c *call) meets(other *call) bool {
	if c.effect == sweeping || other.effect == sweeping {
		return true
	}
	return c.names(other.actor) || other.peer != 0 && c.names(other.peer)
}

func (c *call) names(m model.Member) bool { return c.actor == m || c.peer == m }

// callOf reads a line. It is false for one that asks nothing of the rules.
func (p *puzzle) callOf(l *trace.Line, index int) (call, bool) {
	c := call{
		called: int64(l.Call), answered: int64(l.Return), index: int32(index),
		first: trace.Instant(l.Call), last: trace.Instant(l.Return), actor: l.Command.Actor, verb: l.Command.Verb, effect: p.effectOf(l),
	}
	if l.Kind == trace.Connect || l.Command.Verb.NamesPeer() {
		c.peer = l.Command.Peer
	}
	if l.Given != nil && l.Given.HasAt {
		c.first = decidedAt(l)
		c.last = c.first
	}
	p.count(l)
	return c, l.Kind != trace.Advance && !overloaded(l)
}

// count enters a line in the figures.
func (p *puzzle) count(l *trace.Line) {
	f := &p.figures
	f.Lines++
	switch {
	case overloaded(l):
		f.Skipped++
		return
	case l.Kind == trace.Command:
		f.Commands++
	case l.Kind == trace.Query:
		f.Queries++
	}
	if l.Given != nil {
		f.Answers++
	}
}

// effectOf says what a line does to others if its answer is right.
func (p *puzzle) effectOf(l *trace.Line) effect {
	switch {
	case l.Kind == trace.Query:
		return free
	case l.Kind == trace.PolicyChange:
		return sweeping
	case l.Kind != trace.Command:
		return changing
	case l.Given == nil:
		if l.Command.Verb == model.Close {
			return sweeping
		}
		return changing
	}
	return p.effectOfAnswer(&l.Command, l.Given.Outcome)
}

// effectOfAnswer says the same of a command. A refusal leaves no trace unless a policy counts it or a key keeps it.
func (p *puzzle) effectOfAnswer(c *model.Command, outcome model.Outcome) effect {
	switch {
	case outcome == model.WasClosed:
		return sweeping
	case outcome.Success(), c.Key != "":
		return changing
	}
	for i := range p.policies {
		on := &p.policies[i].Restrict.On
		if outcome == model.RateLimited && on.HitsCount > 0 || outcome == model.Restricted && on.OldPending.AtLeast > 0 {
			return changing
		}
	}
	return free
}

// puzzleOf reads a trace.
func puzzleOf(t *trace.Trace) (*puzzle, error) {
	policies, err := t.Policies()
	if err != nil {
		return nil, err
	}
	header := *t
	header.Lines = nil
	p := &puzzle{header: &header, policies: policies, calls: make([]call, 0, len(t.Lines)), repeats: mostRepeated}
	p.line = func(c *call) *trace.Line { return &t.Lines[c.index] }
	p.rows = func(c *call) []model.Row { return rowsOf(t.Lines[c.index].Given) }
	for i := range t.Lines {
		if c, asks := p.callOf(&t.Lines[i], i); asks {
			p.calls = append(p.calls, c)
		}
	}
	p.countOverlapping()
	p.sort()
	return p, nil
}

// sort puts the calls in the order in which the search takes them up.
func (p *puzzle) sort() {
	slices.SortStableFunc(p.calls, func(a, b call) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.called, b.called))
	})
}

// countPlaced enters how far a search came.
func (p *puzzle) countPlaced(s *search) {
	p.figures.Placed, p.figures.Asking = max(s.placed, len(s.order)), len(p.calls)
}

// countOverlapping counts the calls that came before one was answered that had been called before them.
func (p *puzzle) countOverlapping() {
	order := make([]span, len(p.calls))
	for i := range p.calls {
		order[i] = span{p.calls[i].called, p.calls[i].answered}
	}
	slices.SortFunc(order, func(a, b span) int { return cmp.Compare(a.called, b.called) })
	answered := int64(-1)
	for _, c := range order {
		if c.called < answered {
			p.figures.Overlapping++
		}
		answered = max(answered, c.answered)
	}
}

// span is when a call was called and answered.
type span struct{ called, answered int64 }

const (
	// mostSeconds is the longest time between call and answer, in seconds, of which every second is tried where the trace does not
	// say in which one the call was decided.
	mostSeconds = 4096
	// mostBoundaries bounds how many ends of calendar periods are tried of a longer one.
	mostBoundaries = 1000
)

// seconds returns the instants at which something may have been decided, in order, and whether that is all of them.
func (p *puzzle) seconds() (seconds []model.Instant, all bool) {
	all = true
	for i := range p.calls {
		c := &p.calls[i]
		seconds = append(seconds, c.first)
		switch {
		case !c.loose():
		case c.last-c.first <= mostSeconds:
			for t := c.first + 1; t <= c.last; t++ {
				seconds = append(seconds, t)
			}
		default:
			all = false
			seconds = p.likely(append(seconds, c.last), c)
		}
	}
	slices.Sort(seconds)
	return slices.Compact(seconds), all
}

// likely appends the instants between call and answer at which an answer of the model may change.
func (p *puzzle) likely(seconds []model.Instant, c *call) []model.Instant {
	within := func(t model.Instant) {
		if t > c.first && t < c.last {
			seconds = append(seconds, t)
		}
	}
	for i := range p.calls {
		other := &p.calls[i]
		if l := p.line(other); c.meets(other) && l.Given != nil && l.Given.Bounded {
			within(l.Given.Until)
			within(l.Given.Until - 1)
		}
	}
	for i := range p.policies {
		length := p.policies[i].WeeklyLimit.Period
		ordinal := p.header.Start.Period(c.first, length)
		for n := range int64(mostBoundaries) {
			within(p.header.Start.PeriodStart(ordinal+n, length))
		}
	}
	return seconds
}
