package store_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
)

// crowded is a policy in which everything happens: small limits, short lives, every kind of list entry.
func crowded() model.Policy {
	p := model.Default()
	p.WeeklyLimit.Count, p.WeeklyLimit.Period = 40, 3*model.Hour
	p.PendingCap.Count = 30
	p.ConnectionCap = 40
	p.Expiry = model.Hour
	p.Resend.Cooldown = 10 * model.Minute
	p.SentList.KeepWithdrawn = 20 * model.Minute
	p.Restrict.On.Reports = 3
	p.Block.ReblockAfter = model.Minute
	return p
}

// TestConcurrentUse drives one store from several goroutines at once, half of whose commands meet on few members, and
// recounts everything afterwards: no command may be lost, doubled or half done. Run under -race it also shows that every access is
// guarded. What the goroutines do is drawn from seeds; only who comes first is left to chance.
func TestConcurrentUse(t *testing.T) {
	late := crowded()
	late.Views.Lag = model.Lag{Share: model.Whole / 2, Min: model.Minute, Max: 20 * model.Minute}
	t.Run("lists in time", func(t *testing.T) { useConcurrently(t, crowded()) })
	t.Run("lists that lag", func(t *testing.T) { useConcurrently(t, late) })
}

func useConcurrently(t *testing.T, policy model.Policy) {
	t.Helper()
	const members, workers, commands = 300, 8, 6000
	s, err := store.New(store.Options{
		Members: members, Calendar: model.Calendar{Start: model.DefaultStart}, Policies: []model.Policy{policy},
		Notices: true, Audit: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 7))
			for n := range commands {
				at := model.Instant(n * 3)
				c := drawn(random, members)
				s.Prefetch(c.Actor, c.Peer)
				if c.Verb.IsQuery() {
					s.Ask(at, &c)
				} else {
					s.Do(at, &c)
				}
			}
		})
	}
	all.Wait()
	recount(t, s, members, 3*commands)
}

// drawn draws any command or query; half of them concern the first ten members.
func drawn(random *rand.Rand, members int) model.Command {
	verbs := []model.Verb{
		model.Send, model.Send, model.Send, model.Send, model.Send, model.Withdraw, model.Accept, model.Accept, model.Ignore,
		model.Report, model.Block, model.Unblock, model.Remove, model.QuerySent, model.QueryReceived, model.QueryQuota,
	}
	c := model.Command{Verb: verbs[random.IntN(len(verbs))]}
	if random.IntN(200) == 0 {
		c.Verb = model.Close
	} else if random.IntN(100) == 0 {
		c.Verb = model.Reopen
	}
	c.Actor, c.Peer = someone(random, members), someone(random, members)
	if c.Verb.NamesInvitation() && random.IntN(5) == 0 {
		c.Kind, c.Subject = model.Page, uint32(random.IntN(3)+1)
	}
	return c
}

func someone(random *rand.Rand, members int) model.Member {
	if random.IntN(2) == 0 {
		return model.Member(random.IntN(10) + 1)
	}
	return model.Member(random.IntN(members) + 1)
}

// recount checks the invariants of all members at an instant.
func recount(t *testing.T, s *store.Store, members int, at model.Instant) {
	t.Helper()
	for m := range members {
		if _, broken := s.Violations(at, model.Member(m+1)); len(broken) > 0 {
			t.Errorf("%v", broken)
		}
	}
	if _, broken := s.Edges(); len(broken) > 0 {
		t.Errorf("%v", broken)
	}
}

// TestDoAllIsDo gives the same commands to two stores, to one in batches of all lengths around a burst: they answer alike.
func TestDoAllIsDo(t *testing.T) {
	const members = 300
	for _, exclusive := range []bool{true, false} {
		o := store.Options{Members: members, Policies: []model.Policy{crowded()}, Exclusive: exclusive, Notices: true, Audit: true}
		one, many := mustOpen(t, o), mustOpen(t, o)
		random := rand.New(rand.NewPCG(5, 6))
		for n := range 140 {
			at := model.Instant(n * 60)
			var commands []model.Command
			for len(commands) < n%70 {
				if c := drawn(random, members); !c.Verb.IsQuery() {
					commands = append(commands, c)
				}
			}
			answers := make([]model.Answer, len(commands))
			many.DoAll(at, commands, answers)
			for i := range commands {
				if want := one.Do(at, &commands[i]); answers[i] != want {
					t.Fatalf("exclusive %t, at %s, command %d of %d, %v: %v in a batch, %v alone", exclusive, at, i, len(commands), commands[i], answers[i], want)
				}
			}
		}
		recount(t, many, members, 140*60)
	}
}

func mustOpen(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	s, err := store.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Release)
	return s
}

// TestLongLists fills the lists of few members far beyond their blocks and empties them again in another order: entries
// move to chains, chains grow, are packed and dropped, and everything stays counted.
func TestLongLists(t *testing.T) {
	const members = 3000
	p := model.Default()
	p.WeeklyLimit.Mode, p.PendingCap.Mode = model.LimitNone, model.CapNone
	s, err := store.New(store.Options{Members: members, Policies: []model.Policy{p}, Audit: true, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	for m := model.Member(2); m <= members; m++ {
		mustBe(t, s, model.WasSent, model.Command{Verb: model.Send, Actor: m, Peer: 1})
		if m > 3 {
			mustBe(t, s, model.WasSent, model.Command{Verb: model.Send, Actor: 2, Peer: m})
		}
	}
	if n := len(s.Ask(0, &model.Command{Verb: model.QueryReceived, Actor: 1}).Rows); n != members-1 {
		t.Errorf("the received list has %d rows, %d were sent", n, members-1)
	}
	order := rand.New(rand.NewPCG(3, 4)).Perm(members - 3)
	for n, i := range order {
		m := model.Member(i + 4)
		mustBe(t, s, model.WasConnected, model.Command{Verb: model.Accept, Actor: 1, Peer: m})
		mustBe(t, s, model.WasWithdrawn, model.Command{Verb: model.Withdraw, Actor: 2, Peer: m})
		if n%100 == 0 {
			recount(t, s, 3, 0)
		}
	}
	recount(t, s, members, 0)
	rows := s.Ask(0, &model.Command{Verb: model.QueryReceived, Actor: 1}).Rows
	if len(rows) != 2 || rows[0].Peer != 2 || rows[1].Peer != 3 {
		t.Errorf("the received list is %v, expected 2 and 3 to be left", rows)
	}
}

func mustBe(t *testing.T, s *store.Store, want model.Outcome, c model.Command) {
	t.Helper()
	if got := s.Do(0, &c); got.Outcome != want {
		t.Fatalf("%s %d %d: %s, expected %s", c.Verb, c.Actor, c.Peer, got.Outcome, want)
	}
}

// TestTimersLazyOrEager drives one store that fires timers when somebody looks and one whose timers are fired before every
// command: they answer alike.
func TestTimersLazyOrEager(t *testing.T) {
	for seed := range uint64(150) {
		h := check.RandomHistory(seed+1, 200)
		lazy, eager := newStore(t, h), newStore(t, h)
		if difference := check.Compare(h, lazy, prompt{eager}); difference != nil {
			t.Errorf("seed %d: %s", seed+1, difference)
		}
		lazy.Release()
		eager.Release()
	}
}

// prompt fires all timers before each call.
type prompt struct{ *store.Store }

func (p prompt) Do(t model.Instant, c *model.Command) model.Answer {
	p.Advance(t)
	return p.Store.Do(t, c)
}

func (p prompt) Ask(t model.Instant, c *model.Command) model.Reply {
	p.Advance(t)
	return p.Store.Ask(t, c)
}
