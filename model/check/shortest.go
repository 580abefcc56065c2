package check

import (
	"context"
	"slices"

	"invitesim/model/trace"
)

// shortest looks for the shortest trace that still shows the violation at line i: given answers are kept from that line
// only, and the others are filled with the model's.
func shortest(t *trace.Trace, i int, answered played, build Builder) *trace.Trace {
	bare := *t
	bare.Remarks, bare.Coda = nil, nil
	bare.Lines = slices.Clone(t.Lines[:i+1])
	for j := range bare.Lines {
		line := &bare.Lines[j]
		if line.Remarks = nil; j < i && line.Given != nil && !line.Given.HasAt && !overloaded(line) {
			line.Given = nil
		}
	}
	culprit := t.Lines[i].Given
	short := *trace.Shrink(&bare, func(candidate *trace.Trace) bool {
		return showsSame(context.Background(), candidate, culprit, &answered, build)
	})
	last := len(short.Lines) - 1
	filled := short
	filled.Lines = slices.Clone(short.Lines[:last])
	if Fill(&filled, build) == nil {
		short.Lines = append(filled.Lines, short.Lines[last])
	}
	return &short
}

// showsSame says whether the line that gives the culprit ends the trace, and gets from the model what it got in the whole
// trace: the same outcome where the outcome was the difference, else the same answer.
func showsSame(ctx context.Context, t *trace.Trace, culprit *trace.Given, whole *played, build Builder) bool {
	if len(t.Lines) == 0 || t.Lines[len(t.Lines)-1].Given != culprit {
		return false
	}
	answered, err := lastAnswer(ctx, t, build)
	last := &t.Lines[len(t.Lines)-1]
	if err != nil || answered.fits(last) {
		return false
	}
	if last.Kind == trace.Command && whole.answer.Outcome != last.Given.Outcome {
		return answered.answer.Outcome == whole.answer.Outcome
	}
	return answered.text(last) == whole.text(last)
}

// lastAnswer is what a system answers to the last line of a trace in order. The error is that of a builder, of a set-up that cannot be, or of the
// ctx.
func lastAnswer(ctx context.Context, t *trace.Trace, build Builder) (answered played, err error) {
	p, err := newPlayer(t, build)
	if err != nil {
		return played{}, err
	}
	defer p.release()
	for i := range t.Lines {
		if err := alive(ctx, i); err != nil {
			return played{}, err
		}
		if answered, err = p.play(&t.Lines[i]); err != nil {
			return played{}, err
		}
	}
	return answered, nil
}
