package histories

import (
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
)

func TestInvariants(t *testing.T) {
	for seed := range uint64(60) {
		if err := Invariants(Random(seed, 120), buildOracle); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// lax is a system with a fault: where it should refuse in one way, it claims to have sent.
type lax struct {
	check.System
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
		build := func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
			return lax{oracle.New(members, calendar, seed, policies[0]), refusal}, nil
		}
		found := false
		for seed := uint64(0); seed < 60 && !found; seed++ {
			found = Invariants(Random(seed, 120), build) != nil
		}
		if !found {
			t.Errorf("sent instead of %s is not found", refusal)
		}
	}
}

// What was sent is outstanding or has ended once, within its life, and nobody is reminded of what is not pending:
// invariants 7, 8 and 10, from the records themselves.
func TestEveryInvitationHasOneFate(t *testing.T) {
	ended := make(map[model.State]int)
	for seed := range uint64(100) {
		h := Random(seed, 150)
		o := oracle.New(h.Members, h.Calendar, h.Seed, h.Policy)
		sent := 0
		for n := range h.Steps {
			if answer := h.Steps[n].Apply(o).Answer; answer.Outcome == model.WasSent && !answer.Repeated {
				sent++
			}
		}
		fates := o.Fates(h.end())
		if len(fates) != sent {
			t.Errorf("seed %d: found %d invitations, expected the %d sent", seed, len(fates), sent)
		}
		for _, f := range fates {
			ended[f.State]++
			if f.Since < f.SentAt || f.Since > f.Expires || f.State == model.Expired && f.Since != f.Expires {
				t.Errorf("seed %d: found %+v, expected it to change within its life", seed, f)
			}
			if f.State.Outstanding() && f.Expires <= h.end() {
				t.Errorf("seed %d: found %+v at %s, expected it expired", seed, f, h.end())
			}
			for _, at := range f.Reminded {
				late := f.State != model.Pending && at > f.Since || at >= f.Expires
				if late || at <= f.SentAt {
					t.Errorf("seed %d: found %+v, expected reminders while it was pending", seed, f)
				}
			}
		}
	}
	for state := model.Pending; state <= model.Cancelled; state++ {
		if ended[state] == 0 {
			t.Errorf("no invitation is %s in the end", state)
		}
	}
}
