package wall

import (
	"strings"
	"testing"
)

// A broken invariant is told as in virtual time, with the member and the instant.
func TestHowABrokenInvariantIsTold(t *testing.T) {
	c := hired(t, everything(t), Options{Workers: 1, Speed: 1})
	c.store.Outside(1, c.plan.Policy.ConnectionCap+1) // without a check the store does not know that this was set up
	c.recount(1)
	told := strings.Join(c.sentences, "; ")
	number := strings.TrimSuffix(strings.TrimPrefix(told, "member 1 at 0s: invariant 3: "), " connections, and the cap is 30000")
	if len(number) != len("30000") || c.invariants.Violations != 1 { // some of them come from the scenario
		t.Errorf("told %q; %+v", c.sentences, c.invariants)
	}
}
