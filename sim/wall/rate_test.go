package wall

import (
	"context"
	"testing"

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
