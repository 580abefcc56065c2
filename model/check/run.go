package check

import (
	"errors"
	"fmt"
	"strings"

	"invitesim/model"
	"invitesim/model/trace"
)

// Builder makes a system in which nothing has happened yet. The first of the policies is in force; the others may come later
// in the trace. A system that has a Release method is released when the trace has been through it.
type Builder func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (System, error)

// ErrOverlap says that a trace has calls whose order or instant it leaves open, so that running it line by line decides nothing.
var ErrOverlap = errors.New("overlapping calls cannot be checked yet: expected each line to be answered before the next is called")

// Figures count what a check looked at.
type Figures struct {
	Lines    int // commands, queries, changes of policy and set-up
	Commands int // decided by the model
	Queries  int
	Answers  int // given by the trace and compared
	Skipped  int // commands answered `overloaded`, which never reached the rules
}

// String is one line for people.
func (f Figures) String() string {
	text := fmt.Sprintf("%d lines: %d commands, %d queries, %d answers compared", f.Lines, f.Commands, f.Queries, f.Answers)
	if f.Skipped > 0 {
		text += fmt.Sprintf(", %d overloaded", f.Skipped)
	}
	return text
}

// Violation is a line of a trace that the model cannot explain.
type Violation struct {
	File     string
	Line     trace.Line
	Given    string       // the answer in the trace
	Answer   string       // what the model answers
	Shortest *trace.Trace // the shortest trace found that shows the same: its last line
}

// String says what the trace gives and what the model answers, and prints the shortest trace.
func (v *Violation) String() string {
	return fmt.Sprintf("%s:%d: %s: found %q, expected %q\nthe shortest trace found that shows it:\n%s",
		v.File, v.Line.Number, strings.TrimSpace(doing(&v.Line)), v.Given, v.Answer, v.Shortest)
}

// doing is a line without its answer and its comment.
func doing(l *trace.Line) string {
	bare := *l
	bare.Given, bare.Comment = nil, ""
	return trace.FormatLine(&bare)
}

// Run takes a trace through a system line by line and compares every answer that the trace gives. The violation is nil where the
// model explains them all. An error is ErrOverlap, a trace.Mistake (a set-up that cannot be), or one of the builder.
func Run(t *trace.Trace, build Builder) (Figures, *Violation, error) {
	if err := inOrder(t); err != nil {
		return Figures{}, nil, err
	}
	p, err := newPlayer(t, build)
	if err != nil {
		return Figures{}, nil, err
	}
	defer p.release()
	for i := range t.Lines {
		line := &t.Lines[i]
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
