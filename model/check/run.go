package check

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"invitesim/model"
	"invitesim/model/trace"
)

// Builder makes a system in which nothing has happened yet. The first of the policies is in force; the others may come later
// in the trace. A system that has a Release method is released when the trace has been through it.
type Builder func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (System, error)

// ErrOverlap says that a trace has calls whose order or instant it leaves open, where that cannot be.
var ErrOverlap = errors.New("overlapping calls have no order of their own: expected each line to be answered before the next is called")

// ErrUnknown says that the time was up before an order was found, or shown that there is none.
var ErrUnknown = errors.New("unknown: no order of the overlapping calls was found that the model explains, and it was not shown that there is none")

// ErrTimeUp says that the time was up before every line of a trace in order was compared.
var ErrTimeUp = errors.New("unknown: the time was up")

// Figures count what a check looked at.
type Figures struct {
	Lines    int // commands, queries, changes of policy and set-up
	Commands int // decided by the model
	Queries  int
	Answers  int // given by the trace and compared
	Skipped  int // commands answered `overloaded`, which never reached the rules
	// Overlapping counts the calls that came before an earlier one was answered.
	Overlapping int
	// Placed counts, where calls overlap, those that have a place in the longest order that was found, of the Asking that ask something of the rules.
	Placed, Asking int
}

// String is one line for people.
func (f Figures) String() string {
	text := fmt.Sprintf("%s: %s, %s, %s compared", counted(f.Lines, "line", "lines"), counted(f.Commands, "command", "commands"),
		counted(f.Queries, "query", "queries"), counted(f.Answers, "answer", "answers"))
	if f.Skipped > 0 {
		text += fmt.Sprintf(", %d overloaded", f.Skipped)
	}
	if f.Overlapping > 0 {
		text += fmt.Sprintf(", %d overlapping", f.Overlapping)
	}
	return text
}

func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// Violation is a line of a trace that the model cannot explain.
type Violation struct {
	File     string
	Line     trace.Line
	Given    string       // the answer in the trace
	Answer   string       // what the model answers
	Because  string       // why, where it is not for what the model answers: the seconds contradict the order of the calls
	Shortest *trace.Trace // the shortest trace found that shows the same; of lines in turn, its last line
	// Tried counts the orders of overlapping calls in which the line has no place, 0 for lines in turn. They are all that can matter, unless
	// Untried counts choices between calls that were left: then it is likely, but not proven, that no order explains the line.
	Tried, Untried int
}

// mostPrinted is how many lines of a shortest trace are printed; of a longer one, the last.
const mostPrinted = 500

// String says what the trace gives and what the model answers, and prints the shortest trace.
func (v *Violation) String() string {
	title, shortest := "the shortest trace found that shows it", *v.Shortest
	if v.Because != "" {
		title = "the calls that contradict each other"
	}
	if n := len(shortest.Lines); n > mostPrinted {
		title += fmt.Sprintf(" has %d lines; the last of them", n)
		shortest.Lines = shortest.Lines[n-mostPrinted:]
	}
	return fmt.Sprintf("%s\n%s:\n%s", v.Sentence(), title, &shortest)
}

// Sentence says what the trace gives and what the model answers, in one line.
func (v *Violation) Sentence() string {
	note := ""
	switch {
	case v.Because != "":
		note = " (" + v.Because + ")"
	case v.Untried > 0:
		note = fmt.Sprintf(" (not proven: none of the orders tried has a place for it; orders tried: %d, choices left: %d)", v.Tried, v.Untried)
	case v.Tried > 0:
		note = fmt.Sprintf(" (proven: none of the orders that can matter has a place for it; orders tried: %d)", v.Tried)
	}
	return fmt.Sprintf("%s:%d: %s: found %q, expected %q%s", v.File, v.Line.Number, strings.TrimSpace(v.Line.Doing()), v.Given, v.Answer, note)
}

// Noted prints a shortest trace with a comment before it that says what it shows. Of one that nobody would read, it is the last lines.
func Noted(t *trace.Trace, what string) string {
	noted := *t
	noted.Remarks = []string{"# " + strings.ReplaceAll(what, "\n", " ")}
	if n := len(t.Lines); n > mostPrinted {
		noted.Remarks = append(noted.Remarks, fmt.Sprintf("# the last %d of %d lines", mostPrinted, n))
		noted.Lines = t.Lines[n-mostPrinted:]
	}
	return noted.String()
}

// Run holds a trace against a system and compares every answer that the trace gives: line by line, or, where calls overlap, in
// an order of the calls that it looks for. The violation is nil where the model explains them all. A deadline of ctx is the budget:
// past it the error is ErrTimeUp for lines in order, and ErrUnknown for a search; a cancelled ctx gives its error. Other errors are a trace.Mistake (a set-up that
// cannot be), those of the builder, and ErrOverlap for overlapping calls and a system without a method Would.
func Run(ctx context.Context, t *trace.Trace, build Builder) (Figures, *Violation, error) {
	if inOrder(t) == nil {
		return inTurn(ctx, t, build)
	}
	p, err := puzzleOf(t)
	if err != nil {
		return Figures{}, nil, err
	}
	s, err := explain(ctx, p, build)
	p.countPlaced(s)
	if err != nil || s.found {
		return p.figures, nil, err
	}
	v := s.violation()
	v.Shortest = shortestOverlapping(ctx, t, v, build)
	return p.figures, v, nil
}

// inTurn takes a trace through a system line by line.
func inTurn(ctx context.Context, t *trace.Trace, build Builder) (Figures, *Violation, error) {
	p, err := newPlayer(t, build)
	if err != nil {
		return Figures{}, nil, err
	}
	defer p.release()
	for i := range t.Lines {
		line := &t.Lines[i]
		switch err := alive(ctx, i); {
		case errors.Is(err, ErrUnknown):
			return p.figures, nil, fmt.Errorf("%w at line %d of %d", ErrTimeUp, line.Number, t.Lines[len(t.Lines)-1].Number)
		case err != nil:
			return p.figures, nil, err
		}
		answered, err := p.play(line)
		if err != nil {
			return p.figures, nil, err
		}
		if line.Given == nil || answered.skipped {
			continue
		}
		if p.figures.Answers++; !answered.fits(line) {
			v := &Violation{File: t.Name, Line: *line, Given: givenText(line), Answer: answered.text(line)}
			v.Shortest = shortest(t, i, answered, build)
			return p.figures, v, nil
		}
	}
	return p.figures, nil, nil
}

// alive looks every so many steps whether there is time left.
func alive(ctx context.Context, step int) error {
	if step%512 != 0 {
		return nil
	}
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return ErrUnknown
}

// Fill writes into a trace what the model answers, wherever the trace gives no answer or one that is not the model's. Errors are
// those of Run; then some lines may have been filled.
func Fill(t *trace.Trace, build Builder) error {
	if err := inOrder(t); err != nil {
		return err
	}
	p, err := newPlayer(t, build)
	if err != nil {
		return err
	}
	defer p.release()
	for i := range t.Lines {
		line := &t.Lines[i]
		answered, err := p.play(line)
		if err != nil {
			return err
		}
		if answered.skipped || line.Kind != trace.Command && line.Kind != trace.Query {
			continue
		}
		if line.Given == nil || !answered.fits(line) {
			line.Given = answered.given(line)
		}
	}
	return nil
}

// inOrder says whether the order of the lines and the second of each decision follow from the trace alone.
func inOrder(t *trace.Trace) error {
	for i := range t.Lines {
		line := &t.Lines[i]
		if line.Kind == trace.Advance {
			continue
		}
		if i+1 < len(t.Lines) && t.Lines[i+1].Call < line.Return {
			return fmt.Errorf("%s:%d:1: found a call before the answer of line %d: %w", t.Name, t.Lines[i+1].Number, line.Number, ErrOverlap)
		}
		decided := line.Given != nil && line.Given.HasAt
		if !decided && trace.Instant(line.Call) != trace.Instant(line.Return) {
			return fmt.Errorf("%s:%d:1: found no at=TIME for a call that took until another second, so when it was decided is open: %w",
				t.Name, line.Number, ErrOverlap)
		}
	}
	return nil
}
