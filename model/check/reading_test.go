package check_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/check"
)

// explained looks for an order of a recording, which must have one.
func explained(t *testing.T, recording *check.Recording, world check.SetUp, build check.Builder) *check.Explanation {
	t.Helper()
	e, err := recording.Explain(context.Background(), world, build)
	if err != nil || e.Violation != nil {
		t.Fatal(e.Violation, err)
	}
	return e
}

// TestTheOracleReadsTheOrder: the oracle answers every call of an order that the store explains as the store does, looks at lists among them, under a
// policy that changes.
func TestTheOracleReadsTheOrder(t *testing.T) {
	for name, l := range loads(4000) {
		looser := l.policy
		looser.WeeklyLimit.Count, looser.Resend.Cooldown = 60, model.Day
		l.change = &looser
		e := explained(t, l.run(t), l.world(), systems["store"])
		r, err := e.Read(context.Background())
		if err != nil || !r.Whole || r.Divergences > 0 || r.Commands != e.Figures.Commands || r.Queries != e.Figures.Queries || r.Queries == 0 {
			t.Errorf("%s: %+v, %v; the figures of the search are %+v", name, r, err, e.Figures)
		}
	}
}

// faulty makes a system that is wrong for each of its callers alone: it has people wait for another send of theirs a minute less than the policy says.
func faulty(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
	wrong := make([]model.Policy, len(policies))
	for i, p := range policies {
		p.Resend.Cooldown -= 60
		wrong[i] = p
	}
	return systems["store"](members, calendar, seed, wrong)
}

// lateAgain records a load of a store that has people wait a minute less than the set-up says.
func lateAgain(t *testing.T) (*check.Recording, check.SetUp) {
	t.Helper()
	l := loads(4000)["late"] // one caller in turn, so that nothing is left to chance
	l.members, l.hot, l.policy.Resend.Cooldown = 20, 20, model.Day-60
	recording, world := l.run(t), l.world()
	world.Policy.Resend.Cooldown = model.Day
	return recording, world
}

// TestOneFaultOfTheSystemAndItsModelIsRead: what is wrong with the store for one caller as for many explains itself, and the oracle reads it. The trace
// that shows it is as short as can be, and a store without the fault answers its last line as the oracle does.
func TestOneFaultOfTheSystemAndItsModelIsRead(t *testing.T) {
	recording, world := lateAgain(t)
	r, err := explained(t, recording, world, faulty).Read(context.Background())
	if err != nil || !r.Whole || r.Divergences == 0 || len(r.Told) == 0 || r.Shortest == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	if told := r.Told[0]; !strings.Contains(told, `: the system answered "cooldown until=`) || !strings.Contains(told, `, the oracle "cooldown until=`) {
		t.Errorf("told %q", told)
	}
	last := len(r.Shortest.Lines) - 1
	if last > 3 {
		t.Errorf("the shortest trace found:\n%s", r.Shortest)
	}
	if _, violation, err := check.Run(t.Context(), r.Shortest, systems["store"]); err != nil || violation == nil || violation.Line.Number != r.Shortest.Lines[last].Number {
		t.Errorf("a store without the fault: %v, %v", violation, err)
	}
	if _, violation, err := check.Run(t.Context(), r.Shortest, faulty); err != nil || violation != nil {
		t.Errorf("the store with the fault: %v, %v", violation, err)
	}
}

// TestReadingStopsWhenTold: a reading that is cancelled ends with the error, one whose time is up without; neither is whole, nor looks for a trace.
func TestReadingStopsWhenTold(t *testing.T) {
	recording, world := lateAgain(t)
	e := explained(t, recording, world, faulty)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	late, release := context.WithTimeout(context.Background(), 0)
	defer release()
	for ctx, want := range map[context.Context]error{cancelled: context.Canceled, late: nil} {
		if r, err := e.Read(ctx); !errors.Is(err, want) || r.Whole || r.Commands > 0 || r.Shortest != nil {
			t.Errorf("%+v, %v, expected %v", r, err, want)
		}
	}
}

// BenchmarkRead has the oracle read the order of a million commands, as far as its budget goes.
func BenchmarkRead(b *testing.B) {
	for name, l := range loads(1_000_000) {
		recording := l.run(b)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				e, err := recording.Explain(context.Background(), l.world(), systems["store"])
				if err != nil || e.Violation != nil {
					b.Fatal(e.Violation, err)
				}
				r, err := e.Read(context.Background())
				if err != nil || r.Divergences > 0 {
					b.Fatal(r.Told, err)
				}
				b.ReportMetric(float64(r.Commands), "read")
			}
		})
	}
}
