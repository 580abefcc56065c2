package check

import (
	"testing"

	"invitesim/model"
	"invitesim/model/oracle"
)

func TestInvariants(t *testing.T) {
	for seed := range uint64(60) {
		if err := Invariants(RandomHistory(seed, 120), buildOracle); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// lax is a system with a fault: where it should refuse in one way, it claims to have sent.
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
	for _, refusal := range []model.Outcome{model.Cooldown, model.Unavailable, model.RateLimited} {
		build := func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (System, error) {
			return lax{oracle.New(members, calendar, seed, policies[0]), refusal}, nil
		}
		found := false
		for seed := uint64(0); seed < 60 && !found; seed++ {
			found = Invariants(RandomHistory(seed, 120), build) != nil
		}
		if !found {
			t.Errorf("sent instead of %s is not found", refusal)
		}
	}
}
