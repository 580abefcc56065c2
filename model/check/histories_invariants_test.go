package check

import (
	"testing"

	"invitesim/model"
)

func TestInvariants(t *testing.T) {
	for seed := range uint64(60) {
		if err := Invariants(RandomHistory(seed, 120), newOracle); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// lax is a system with a fault: where it should answer one refusal, it does something else.
type lax struct {
	System
	refusal model.Outcome
}

func (s lax) Do(t model.Instant, c *model.Command) model.Answer {
	answer := s.System.Do(t, c)
	if answer.Outcome == s.refusal {
		answer = model.Answer{Outcome: model.WasSent, At: t}
	}
	return answer
}

func TestInvariantsFindFaults(t *testing.T) {
	for _, refusal := range []model.Outcome{model.Cooldown, model.AlreadyPending} {
		found := false
		for seed := uint64(0); seed < 60 && !found; seed++ {
			found = Invariants(RandomHistory(seed, 120), func(h *History) System { return lax{newOracle(h), refusal} }) != nil
		}
		if refusal == model.Cooldown && !found {
			t.Errorf("a send instead of %s is not found", refusal)
		}
	}
}
