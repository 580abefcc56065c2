package wall

import (
	"slices"
	"testing"
)

// A broken invariant is told as in virtual time, with the member and the instant.
func TestHowABrokenInvariantIsTold(t *testing.T) {
	c := hired(t, everything(t), Options{Workers: 1, Speed: 1})
	c.store.Outside(1, c.plan.Policy.ConnectionCap+1) // without a check the store does not know that this was set up
	c.recount(1)
	want := []string{"member 1 at 0s: invariant 3: 30166 connections, and the cap is 30000"} // 165 of them from the scenario
	if !slices.Equal(c.sentences, want) || c.invariants.Violations != 1 {
		t.Errorf("told %q, expected %q; %+v", c.sentences, want, c.invariants)
	}
}
