package check

import (
	"context"
	"errors"
	"fmt"
	"time"

	"invitesim/model"
	"invitesim/model/oracle"
	"invitesim/model/trace"
)

// Explanation is what came of the search for an order of recorded calls.
type Explanation struct {
	Figures   Figures
	Violation *Violation // nil where an order was found

	puzzle  *puzzle
	seconds []model.Instant
	order   []decided
	setUp   SetUp
	build   Builder
}

// Reading is what the oracle, the second reading of the rules, made of an order that was found. The search asks the system itself, used by one
// caller, what the rules are; so what is wrong with that, or with the rules as it reads them, shows here alone.
type Reading struct {
	Commands, Queries int // that the oracle answered, too
	Divergences       int // answers that were not the oracle's
	// Until is the second of the first call that was not read, where the budget or the time was spent before; Whole says that none was left.
	Until model.Instant
	Whole bool
	Told  []string // the first few divergences
	// Shortest is the shortest trace found that shows the first divergence, with the answers of the system: the oracle's of the last line is another.
	// It is nil where the time did not suffice to find one short enough to read.
	Shortest *trace.Trace
}

// fewTold is how many divergences are told in words.
const fewTold = 5

// Read takes the calls through the oracle in the order that was found, as far as the oracle's budget covers them, and compares every answer. A
// deadline of ctx ends the reading, too. The error is that of a cancelled ctx, with what was read until then, or of a set-up that cannot be.
func (e *Explanation) Read(ctx context.Context) (Reading, error) {
	header := e.puzzle.header
	own := oracle.New(header.Members, header.Start, header.Seed, header.Policy)
	budget := oracle.NewBudget(header.Members, &header.Policy)
	p := &player{file: header.Name, system: own, policy: header.Policy}
	var r Reading
	if e.puzzle.prepare != nil {
		for line := range e.puzzle.prepare {
			if _, err := p.play(&line); err != nil {
				return r, err
			}
		}
	}
	for i, d := range e.order {
		line, now := e.puzzle.line(&e.puzzle.calls[d.call]), e.seconds[d.second]
		r.Until = now
		if alive(ctx, i) != nil || line.Kind != trace.PolicyChange && !budget.Covers(now, &line.Command, int64(own.Outstanding())) {
			return r, cancelled(ctx)
		}
		answered, err := p.playAt(now, line)
		if err != nil {
			return r, err
		}
		if line.Kind == trace.PolicyChange {
			budget.Obey(&p.policy)
		}
		if r.compare(now, line, &answered) && r.Divergences == 1 {
			r.Shortest = e.shortest(ctx, i, &answered)
		}
	}
	r.Whole = true
	return r, nil
}

// cancelled is the error of a cancelled ctx; nil for one whose time is up.
func cancelled(ctx context.Context) error {
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// compare counts a call that the oracle answered, and says whether it answered otherwise than was recorded.
func (r *Reading) compare(now model.Instant, line *trace.Line, answered *played) (differs bool) {
	switch line.Kind {
	case trace.Command:
		r.Commands++
	case trace.Query:
		r.Queries++
	default:
		return false
	}
	if answered.fitsAt(now, line) {
		return false
	}
	r.Divergences++
	if len(r.Told) < fewTold {
		own := answered.givenAt(now, line)
		given := *line.Given
		given.HasAt, own.HasAt = false, false
		r.Told = append(r.Told, fmt.Sprintf("%s %s: the system answered %q, the oracle %q", now, trace.AppendCommand(nil, &line.Command),
			trace.FormatGiven(&given, line.Kind), trace.FormatGiven(own, line.Kind)))
	}
	return true
}

// shortest cuts the calls up to a place in the order down to those for which the system answers the last of them as recorded, and the oracle as it
// did in the whole: nil where that takes more lines than anybody reads.
func (e *Explanation) shortest(ctx context.Context, last int, differs *played) *trace.Trace {
	whole := e.inOrder(last)
	culprit := &whole.Lines[len(whole.Lines)-1]
	k := &shrinker{culprit: culprit.Number, shows: func(t *trace.Trace) bool {
		return showsSame(ctx, t, culprit.Given, differs, oracleOf) && e.answers(ctx, t)
	}}
	short := k.shorten(whole, culprit)
	if ctx.Err() != nil || len(short.Lines) > mostPrinted {
		return nil
	}
	rest := *short
	rest.Lines = short.Lines[:len(short.Lines)-1]
	if Fill(&rest, e.build) != nil {
		return nil
	}
	return short
}

// answers says whether the system answers the last line of a trace in order as the line says.
func (e *Explanation) answers(ctx context.Context, t *trace.Trace) bool {
	answered, err := lastAnswer(ctx, t, e.build)
	return err == nil && answered.fits(&t.Lines[len(t.Lines)-1])
}

// oracleOf makes an oracle in which nothing has happened.
func oracleOf(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (System, error) {
	return oracle.New(members, calendar, seed, policies[0]), nil
}

// inOrder is the set-up, and the calls up to a place in the order, as lines one after another, each at the second in which it was decided. Of the
// looks at lists, which change nothing, it has at most the last.
func (e *Explanation) inOrder(last int) *trace.Trace {
	t := e.setUp.head()
	keep := func(line trace.Line, now model.Instant) {
		line.Call = time.Duration(now) * time.Second
		line.Return, line.Number = line.Call, len(t.Lines)+1
		if line.Given != nil {
			given := *line.Given
			given.HasAt, line.Given = false, &given
		}
		t.Lines = append(t.Lines, line)
	}
	if e.setUp.Lines != nil {
		for line := range e.setUp.Lines {
			keep(line, 0)
		}
	}
	for i, d := range e.order[:last+1] {
		if line := e.puzzle.line(&e.puzzle.calls[d.call]); line.Kind != trace.Query || i == last {
			keep(*line, e.seconds[d.second])
		}
	}
	return t
}
