package wall

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/trace"
	"invitesim/sim"
)

// TestAnInterruptedTrace: where there is no time to write a trace, it is one of the beginning, and the result says so. Else it is whole.
func TestAnInterruptedTrace(t *testing.T) {
	plan := everything(t)
	plan.Load.Loop = sim.Closed
	plan.Duration, plan.Warmup, plan.Events, plan.Thresholds = model.Week, 0, nil, nil
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	var text bytes.Buffer
	c := hired(t, plan, Options{Workers: 1, Trace: &text})
	through(context.Background(), t, c)
	for ctx, whole := range map[context.Context]bool{cancelled: false, context.Background(): true} {
		text.Reset()
		if err := c.beginTrace(context.Background()); err != nil {
			t.Fatal(err)
		}
		result := sim.NewResult(plan, "wall")
		if err := c.writeTrace(ctx, result); err != nil {
			t.Fatal(err)
		}
		said := slices.ContainsFunc(result.Warnings, func(w string) bool { return strings.HasPrefix(w, "the trace has all that was decided before 0s") })
		written, mistakes := trace.Parse(&text, "written.trace")
		if mistakes != nil {
			t.Fatal(mistakes)
		}
		commands := 0
		for i := range written.Lines {
			if written.Lines[i].Given != nil {
				commands++
			}
		}
		if said == whole || result.Interrupted == whole || (commands == c.recording.Len()) != whole {
			t.Errorf("whole %v: interrupted %v, warnings %q, %d commands of %d", whole, result.Interrupted, result.Warnings, commands, c.recording.Len())
		}
	}
}

// TestAMomentIsGiven: what is done after an interruption ends by itself, and not before there is one.
func TestAMomentIsGiven(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	later, release := graceful(ctx)
	defer release()
	if later.Err() != nil {
		t.Error("it is over before the interruption")
	}
	interrupt()
	<-later.Done()
}
