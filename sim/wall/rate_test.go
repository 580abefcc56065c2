package wall

import (
	"context"
	"testing"
	"time"

	"invitesim/sim"
	"invitesim/sim/virtual"
)

// TestExpectedRate compares the expected rate with what a run in virtual time brings, on people whom limits refuse now and then.
func TestExpectedRate(t *testing.T) {
	plan := everything(t)
	_, totals, err := virtual.Run(context.Background(), plan, virtual.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := float64(totals.Commands+totals.Queries) / float64(plan.Duration)
	if expected := expectedRate(plan); expected < 0.75*got || expected > 1.25*got {
		t.Errorf("expected %.6f commands and queries a second, a run brings %.6f", expected, got)
	}
}

// TestExpectedPairs: memory is taken for what the run will come to, and in a closed loop for no more than a machine does.
func TestExpectedPairs(t *testing.T) {
	plan := everything(t)
	plan.Load.Speed = 1000
	all, part := plan.ExpectedPairs(plan.Duration), plan.ExpectedPairs(2000)
	for _, test := range []struct {
		loop sim.Loop
		end  time.Duration
		want int
	}{{sim.Open, 0, all}, {sim.Open, 2 * time.Second, part}, {sim.Closed, 0, all}, {sim.Closed, 2 * time.Second, all}, {sim.Closed, time.Microsecond, 1}} {
		plan.Load.Loop = test.loop
		if got := hired(t, plan, Options{Workers: 1, For: test.end}).expectedPairs(); got != test.want {
			t.Errorf("loop %d for %v: %d pairs, expected %d", test.loop, test.end, got, test.want)
		}
	}
	if part == 0 || part >= all {
		t.Errorf("%d pairs in all and %d in a part", all, part)
	}
}
