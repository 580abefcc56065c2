package histories

import (
	"reflect"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
)

// newOracle returns the oracle for a history.
func newOracle(h *History) check.System { return oracle.New(h.Members, h.Calendar, h.Seed, h.Policy) }

// buildOracle is newOracle for whoever wants a Builder.
func buildOracle(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
	return oracle.New(members, calendar, seed, policies[0]), nil
}

func TestRandomHistoryIsTheSameForTheSameSeed(t *testing.T) {
	a, b := Random(7, 200), Random(7, 200)
	if !reflect.DeepEqual(a, b) {
		t.Error("two histories of one seed differ")
	}
	if other := Random(8, 200); reflect.DeepEqual(a.Steps, other.Steps) {
		t.Error("histories of two seeds are the same")
	}
}

func TestRandomHistoryIsWellFormed(t *testing.T) {
	for seed := range uint64(200) {
		h := Random(seed, 150)
		last := model.Instant(0)
		commands := 0
		for n := range h.Steps {
			s := &h.Steps[n]
			if s.At < last {
				t.Fatalf("seed %d: step %d goes back from %s to %s", seed, n, last, s.At)
			}
			last = s.At
			if s.Doing == Commanding {
				commands++
			}
		}
		if commands != 150 {
			t.Fatalf("seed %d: found %d commands, expected 150", seed, commands)
		}
		for _, p := range h.Policies() {
			if err := p.Validate(); err != nil {
				t.Fatalf("seed %d: policy %s: %v", seed, p.Name, err)
			}
		}
	}
}

// Every outcome that a rule can answer must occur, and those that several rules answer, often.
func TestRandomHistoriesReachEveryOutcome(t *testing.T) {
	count := make(map[model.Outcome]int)
	again, boundary := 0, 0
	for seed := range uint64(300) {
		h := Random(seed, 120)
		system := newOracle(&h)
		ends := make(map[model.Instant]bool)
		for n := range h.Steps {
			answer := h.Steps[n].Apply(system).Answer
			count[answer.Outcome]++
			if answer.Again {
				again++
			}
			if ends[answer.At] {
				boundary++
			}
			if answer.Bounded {
				ends[answer.Until] = true
			}
		}
	}
	for outcome := model.NoOutcome + 1; int(outcome) < model.Outcomes; outcome++ {
		t.Logf("%6d %s", count[outcome], outcome)
		if outcome != model.Overloaded && count[outcome] < 10 {
			t.Errorf("outcome %s: found %d, expected at least 10", outcome, count[outcome])
		}
	}
	t.Logf("%6d again, %d commands at an end that a refusal named", again, boundary)
	if again < 100 || boundary < 100 {
		t.Errorf("found %d again and %d commands at an end, expected at least 100 of each", again, boundary)
	}
}

func TestRandomHistoriesAskEveryQuestion(t *testing.T) {
	count := make(map[model.Verb]int)
	rows, withdrawn, notices := 0, 0, make(map[model.NoticeKind]int)
	for seed := range uint64(100) {
		h := Random(seed, 150)
		system := newOracle(&h)
		for n := range h.Steps {
			reply := h.Steps[n].Apply(system).Reply
			count[h.Steps[n].Command.Verb]++
			for _, row := range reply.Rows {
				rows++
				if row.State == model.Withdrawn {
					withdrawn++
				}
			}
			for _, notice := range reply.Notices {
				notices[notice.Notice]++
			}
		}
	}
	for verb := range model.Verbs {
		if count[model.Verb(verb)] == 0 {
			t.Errorf("verb %s does not occur", model.Verb(verb))
		}
	}
	if rows < 300 || withdrawn < 30 || len(notices) != 5 {
		t.Errorf("found %d rows, %d of them withdrawn, and notices %v; expected more", rows, withdrawn, notices)
	}
}

func TestOraclesAgree(t *testing.T) {
	for seed := range uint64(50) {
		h := Random(seed, 150)
		if d := Compare(h, newOracle(&h), newOracle(&h)); d != nil {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}

// forgetful is a system with a fault: it forgets that anybody was blocked.
type forgetful struct{ check.System }

func (f forgetful) Do(t model.Instant, c *model.Command) model.Answer {
	answer := f.System.Do(t, c)
	if answer.Outcome == model.WasBlocked {
		f.System.Do(t, &model.Command{Verb: model.Unblock, Actor: c.Actor, Peer: c.Peer})
	}
	return answer
}

func TestCompareFindsAFaultAndShrinkShowsIt(t *testing.T) {
	fails := func(h History) bool { return Compare(h, newOracle(&h), forgetful{newOracle(&h)}) != nil }
	for seed := range uint64(20) {
		h := Random(seed, 200)
		if !fails(h) {
			continue
		}
		h.Policy.Block.Reversible = true
		small := Shrink(h, fails)
		if !fails(small) {
			t.Fatalf("seed %d: the shrunk history does not fail", seed)
		}
		if len(small.Steps) != 1 {
			t.Errorf("seed %d: found %d steps, expected the block alone:\n%s", seed, len(small.Steps), small.String())
		}
		d := Compare(small, newOracle(&small), forgetful{newOracle(&small)})
		if d.Step != 1 || !strings.Contains(d.Text, "relation") || !strings.Contains(small.String(), " block ") {
			t.Errorf("seed %d: found difference %s in\n%s", seed, d, small.String())
		}
		return
	}
	t.Error("no history shows the fault")
}

func TestShrinkLeavesWhatDoesNotFail(t *testing.T) {
	h := Random(1, 30)
	if small := Shrink(h, func(History) bool { return false }); len(small.Steps) != len(h.Steps) {
		t.Errorf("found %d steps, expected %d", len(small.Steps), len(h.Steps))
	}
}

func BenchmarkOracle(b *testing.B) {
	for _, commands := range []struct {
		name string
		n    int
	}{{"commands=100", 100}, {"commands=500", 500}} {
		b.Run(commands.name, func(b *testing.B) {
			h := Random(11, commands.n)
			b.ReportAllocs()
			for b.Loop() {
				system := newOracle(&h)
				for n := range h.Steps {
					h.Steps[n].Apply(system)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(commands.n), "ns/command")
		})
	}
}

func BenchmarkRandom(b *testing.B) {
	seed := uint64(0)
	for b.Loop() {
		Random(seed, 300)
		seed++
	}
}
