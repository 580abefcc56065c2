package check

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/store"
)

// placed is a recorded call of which only members, second and moments matter.
type placed struct {
	actor, peer      model.Member // no actor: a change of policy
	at               model.Instant
	called, answered int64
}

// puzzleOfPlaced is a puzzle of such calls among four members.
func puzzleOfPlaced(calls []placed) *puzzle {
	recording := NewRecording(1)
	for _, c := range calls {
		if c.actor == 0 {
			recording.Worker(0).RecordPolicy(c.called, c.answered, c.at, model.Default())
			continue
		}
		command := model.Command{Verb: model.Remove, Actor: c.actor, Peer: c.peer}
		recording.Worker(0).Record(c.called, c.answered, &command, &model.Answer{Outcome: model.NotConnected, At: c.at})
	}
	return recording.merge().puzzle(SetUp{Policy: model.Default(), Members: 4, Start: model.Calendar{Start: model.DefaultStart}})
}

// order is what is known of the order of two calls.
type order uint8

const (
	unknown order = iota
	before        // by the seconds of calls that share members
	after         // so that there is time between them
)

// orders follows from each call to every other what is known of their order, through any number of others.
func orders(calls []call, members model.Member) [][]order {
	all := make([][]order, len(calls))
	for i := range calls {
		all[i] = make([]order, len(calls))
		for j := range calls {
			a, b := &calls[i], &calls[j]
			switch {
			case i != j && a.answered < b.called:
				all[i][j] = after
			case a.first < b.first && share(a, b, members):
				all[i][j] = before
			}
		}
	}
	for through := range calls {
		for i := range calls {
			for j := range calls {
				if first, then := all[i][through], all[through][j]; first != unknown && then != unknown {
					all[i][j] = max(all[i][j], first, then)
				}
			}
		}
	}
	return all
}

// share says whether two calls have to be decided in the order of their seconds.
func share(a, b *call, members model.Member) bool {
	for _, m := range [2]model.Member{a.actor, a.peer} {
		if m != 0 && m <= members && b.names(m) {
			return true
		}
	}
	exists := func(c *call) bool { return c.changesPolicy() || c.actor <= members || c.peer != 0 && c.peer <= members }
	return (a.changesPolicy() || b.changesPolicy()) && exists(a) && exists(b)
}

// TestNarrowKnowsTheOrder holds what narrow finds against all that follows from one call to the next: a contradiction is where a call comes
// before itself, and else the moments that are left keep the calls of one second in the order that is known.
func TestNarrowKnowsTheOrder(t *testing.T) {
	contradictions, kept := 0, 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 3))
		calls := make([]placed, 2+r.IntN(7))
		for i := range calls {
			c := placed{actor: model.Member(1 + r.IntN(5)), peer: model.Member(1 + r.IntN(5)), at: model.Instant(r.IntN(4))}
			if r.IntN(12) == 0 {
				c.actor, c.peer = 0, 0
			}
			c.called = int64(1000*c.at) + r.Int64N(2500)
			c.answered = c.called + 1 + r.Int64N(1500)
			calls[i] = c
		}
		p := puzzleOfPlaced(calls)
		known := orders(p.calls, 4)
		contradictory := false
		for i := range known {
			contradictory = contradictory || known[i][i] == after
		}
		chain := p.narrow()
		if (chain != nil) != contradictory {
			t.Fatalf("seed %d: found the contradiction %v, expected one: %t\n%+v", seed, chain, contradictory, calls)
		}
		if contradictory {
			contradictions++
			continue
		}
		for i := range known {
			for j := range known {
				a, b := &p.calls[i], &p.calls[j]
				if a.first == b.first && (known[i][j] == after) != (a.answered < b.called) {
					t.Fatalf("seed %d: %+v before %+v: found %t\n%+v", seed, *a, *b, a.answered < b.called, calls)
				}
				if a.first == b.first && known[i][j] == after {
					kept++
				}
			}
		}
	}
	if contradictions < 400 || kept < 400 {
		t.Errorf("%d contradictions, %d orders kept: too few", contradictions, kept)
	}
}

// TestSecondsContradictTheOrder lets calls be answered rightly, each in its second, in an order that the other clock rules out.
func TestSecondsContradictTheOrder(t *testing.T) {
	send := func(a, b model.Member) model.Command { return model.Command{Verb: model.Send, Actor: a, Peer: b} }
	type recordedCall struct {
		called, answered int64
		command          model.Command
		at               model.Instant
	}
	policy := model.Command{} // of a change, which has no actor
	for _, c := range []struct {
		name  string
		calls []recordedCall
		want  string // of the violation, "" for none
	}{
		{"one after the other", []recordedCall{{10, 20, send(1, 2), 10}, {30, 40, send(1, 3), 5}}, "at=10s or later"},
		{"at the same time", []recordedCall{{10, 31, send(1, 2), 10}, {30, 40, send(1, 3), 5}}, ""},
		{"strangers", []recordedCall{{10, 20, send(1, 2), 10}, {30, 40, send(4, 3), 5}}, ""},
		{"through a third", []recordedCall{{10, 20, send(1, 2), 10}, {5, 50, send(2, 3), 7}, {30, 40, send(4, 3), 5}}, "at=10s or later"},
		{"a policy after a later command", []recordedCall{{10, 20, send(1, 2), 10}, {30, 40, policy, 5}}, "at=10s or later"},
		{"a policy before an earlier command", []recordedCall{{10, 20, policy, 10}, {30, 40, send(1, 2), 5}}, "at=10s or later"},
		{"through somebody who is no member", []recordedCall{
			{10, 20, model.Command{Verb: model.Send, Actor: 1, Peer: 9}, 10}, {30, 40, model.Command{Verb: model.Send, Actor: 2, Peer: 9}, 5},
		}, ""},
	} {
		recording := NewRecording(1)
		for _, r := range c.calls {
			if r.command == policy {
				recording.Worker(0).RecordPolicy(r.called, r.answered, r.at, model.Default())
				continue
			}
			answer := model.Answer{Outcome: model.WasSent, At: r.at}
			if r.command.Peer > 4 {
				answer.Outcome = model.Unavailable
			}
			recording.Worker(0).Record(r.called, r.answered, &r.command, &answer)
		}
		setUp := SetUp{Name: "recording", Policy: model.Default(), Members: 4, Start: model.Calendar{Start: model.DefaultStart}}
		_, violation, err := recording.Check(context.Background(), setUp, buildStore)
		switch {
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case (violation != nil) != (c.want != ""):
			t.Errorf("%s: %v, expected %q", c.name, violation, c.want)
		case violation != nil && (violation.Answer != c.want || len(violation.Shortest.Lines) != len(c.calls) ||
			!strings.Contains(violation.String(), "answered before this was called") || !strings.Contains(violation.String(), "# called at 30ns, answered at 40ns")):
			t.Errorf("%s: found %s", c.name, violation)
		}
	}
}

// TestOrderIsCarriedOver has the order within one second say that a call came late, and the order within the next that one came early, which both
// cannot be: the search finds an order within each, and must not take that for one of all.
func TestOrderIsCarriedOver(t *testing.T) {
	policy := model.Default()
	policy.WeeklyLimit.Count = 1
	recording := NewRecording(1)
	for _, c := range []struct {
		actor, peer      model.Member
		at               model.Instant
		called, answered int64
		outcome          model.Outcome
	}{
		{2, 1, 4, 100, 120, model.WasSent},
		{2, 3, 4, 50, 105, model.RateLimited},
		{4, 3, 5, 50, 105, model.WasSent},
		{4, 5, 5, 60, 90, model.RateLimited},
	} {
		answer := model.Answer{Outcome: c.outcome, At: c.at}
		if c.outcome == model.RateLimited {
			answer.Until, answer.Bounded = model.Instant(model.Week), true
		}
		recording.Worker(0).Record(c.called, c.answered, &model.Command{Verb: model.Send, Actor: c.actor, Peer: c.peer}, &answer)
	}
	setUp := SetUp{Name: "recording", Policy: policy, Members: 5, Start: model.Calendar{Start: model.DefaultStart}}
	_, violation, err := recording.Check(context.Background(), setUp, buildStore)
	if violation != nil || !errors.Is(err, ErrUnknown) {
		t.Errorf("%v %v, expected that it is unknown", violation, err)
	}
}

func buildStore(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (System, error) {
	return store.New(context.Background(), store.Options{Members: members, Calendar: calendar, Seed: seed, Policies: policies, Exclusive: true})
}
