package store_test

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"invitesim/model"
	"invitesim/model/internal/histories"
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

// TestConcurrentUse drives one store from several goroutines at once, half of whose commands meet on few members, with everything that a store can be
// asked and changes of policy, and recounts everything afterwards: no command may be lost, doubled or half done, and no timer
// forgotten. Run under -race it also shows that every access is guarded. What the goroutines do is drawn from seeds; only who comes
// first is left to chance.
func TestConcurrentUse(t *testing.T) {
	late := crowded()
	late.Views.Lag = model.Lag{Share: model.Whole / 2, Min: model.Minute, Max: 20 * model.Minute}
	bare := crowded()
	bare.SentList.KeepWithdrawn = 0
	t.Run("lists in time", func(t *testing.T) { useConcurrently(t, crowded(), crowded()) })
	t.Run("lists of what is outstanding", func(t *testing.T) { useConcurrently(t, bare, bare) })
	t.Run("lists that keep what was withdrawn later on", func(t *testing.T) { useConcurrently(t, bare, crowded()) })
	t.Run("lists that lag", func(t *testing.T) { useConcurrently(t, late, late) })
}

// useConcurrently begins with one policy and changes it now and then: to the other, with limits of its own, and back.
func useConcurrently(t *testing.T, policy, later model.Policy) {
	t.Helper()
	const members, workers, commands, change = 300, 8, 6000, 400
	later.WeeklyLimit.Count, later.Expiry = 60, 50*model.Minute
	later.Restrict.On.OldPending = model.OldPending{AtLeast: 5, OlderThan: model.Hour, Share: model.Whole}
	var changes atomic.Int64
	s := mustOpen(t, store.Options{
		Members: members, Calendar: model.Calendar{Start: model.DefaultStart}, Policies: []model.Policy{policy, later},
		Notices: true, Audit: true, Observe: func(store.Change) { changes.Add(1) },
	})
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
				if n%4 == 0 {
					looks()[random.IntN(len(looks()))](s, at, someone(random, members), someone(random, members))
				}
				if worker == 0 && n%change == change-1 {
					s.ChangePolicy(at, []model.Policy{later, policy}[n/change%2])
				}
			}
		})
	}
	all.Wait()
	recount(t, s, members, 3*commands)
	s.Advance(10 * model.Instant(model.Hour)) // long after the last timer
	ended := changes.Load()
	for m := model.Member(1); m <= members; m++ {
		s.Settle(10*model.Instant(model.Hour), m)
	}
	if forgotten := changes.Load() - ended; forgotten > 0 {
		t.Errorf("%d timers were forgotten until somebody looked", forgotten)
	}
}

// looks are the ways to look at a store, or to have its timers fire, that are no queries.
func looks() []func(s *store.Store, at model.Instant, a, b model.Member) {
	return []func(s *store.Store, at model.Instant, a, b model.Member){
		func(s *store.Store, at model.Instant, a, b model.Member) { s.Familiar(at, a, b) },
		func(s *store.Store, at model.Instant, a, b model.Member) { s.Shown(at, a, b, model.Connect, 0) },
		func(s *store.Store, at model.Instant, a, b model.Member) { s.SentShown(at, a, b, model.Page, 1) },
		func(s *store.Store, at model.Instant, a, b model.Member) { s.Outstanding(at, a, b, model.Connect, 0) },
		func(s *store.Store, at model.Instant, a, _ model.Member) { s.Oldest(at, a) },
		func(s *store.Store, at model.Instant, a, _ model.Member) {
			s.OldestBehind(at, a, []model.Row{{Since: at / 2}})
		},
		func(s *store.Store, _ model.Instant, a, b model.Member) { s.Connected(a, b) },
		func(s *store.Store, _ model.Instant, a, b model.Member) { s.Blocks(a, b) },
		func(s *store.Store, at model.Instant, a, _ model.Member) { s.Capped(at, a) },
		func(s *store.Store, at model.Instant, a, _ model.Member) { s.Violations(at, a) },
		func(s *store.Store, at model.Instant, a, _ model.Member) { s.Settle(at, a) },
		func(s *store.Store, at model.Instant, a, _ model.Member) { s.SettleGroup(at, int(a)%s.Groups()) },
		func(s *store.Store, _ model.Instant, a, _ model.Member) { s.PrefetchOldest(a) },
		func(s *store.Store, _ model.Instant, a, b model.Member) { s.AppendSend(nil, a, b) },
	}
}

// drawn draws any command or query; half of them concern the first ten members.
func drawn(random *rand.Rand, members int) model.Command {
	verbs := []model.Verb{
		model.Send, model.Send, model.Send, model.Send, model.Send, model.Withdraw, model.Accept, model.Accept, model.Ignore,
		model.Report, model.Block, model.Unblock, model.Remove, model.QuerySent, model.QueryReceived, model.QueryQuota,
		model.QueryRelation, model.QueryConnections, model.QueryNotices,
	}
	c := model.Command{Verb: verbs[random.IntN(len(verbs))]}
	if random.IntN(100) == 0 {
		c.Verb = model.Close
	} else if random.IntN(30) == 0 {
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
	if broken := s.Edges(); len(broken) > 0 {
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
	s, err := store.New(t.Context(), o)
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
	s, err := store.New(t.Context(), store.Options{Members: members, Policies: []model.Policy{p}, Audit: true, Exclusive: true})
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
		h := histories.Random(seed+1, 200)
		lazy, eager := newStore(t, h), newStore(t, h)
		if difference := histories.Compare(h, lazy, prompt{eager}); difference != nil {
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

// TestOldestWhileItEnds has the oldest invitation looked for and withdrawn by two who both wait for the same lock: whoever gets it first, the invitation is
// shown as it is, or not at all.
func TestOldestWhileItEnds(t *testing.T) {
	p := model.Default()
	p.WeeklyLimit.Mode, p.Resend.Cooldown, p.SentList.KeepWithdrawn = model.LimitNone, 0, 0
	s := mustOpen(t, store.Options{Members: 64, Policies: []model.Policy{p}})
	shown, rounds := 0, 400
	for round := range rounds {
		mustBe(t, s, model.WasSent, model.Command{Verb: model.Send, Actor: 2, Peer: 1})
		release := s.Stall(1) // its lock comes before that of 2
		var row model.Row
		var ok bool
		var all sync.WaitGroup
		both := []func(){
			func() { row, ok = s.Oldest(0, 2) },
			func() { s.Do(0, &model.Command{Verb: model.Withdraw, Actor: 2, Peer: 1}) },
		}
		all.Go(both[round%2])
		all.Go(both[1-round%2])
		for range 20 {
			runtime.Gosched()
		}
		release()
		all.Wait()
		if ok && (row.Peer != 1 || row.State != model.Pending) {
			t.Fatalf("the oldest invitation is %+v, expected the one to 1 or none", row)
		}
		if ok {
			shown++
		}
	}
	if shown == 0 || shown == rounds {
		t.Errorf("%d of %d looks came before the withdraw, expected some and not all", shown, rounds)
	}
}

// TestNoTimerIsForgotten sets a timer of a member while the timers of those of the same group fire who come behind: it fires when it is due, though nobody
// looks at that member.
func TestNoTimerIsForgotten(t *testing.T) {
	p := model.Default()
	p.Expiry = 10
	var ended atomic.Int64
	s := mustOpen(t, store.Options{Members: 63, Policies: []model.Policy{p}, Observe: func(store.Change) { ended.Add(1) }})
	s.Do(0, &model.Command{Verb: model.Send, Actor: 2, Peer: 3})
	release := s.Stall(8)
	var all sync.WaitGroup
	all.Go(func() { s.SettleGroup(10, 0) })
	for ended.Load() == 0 { // until those of 2 have fired
		runtime.Gosched()
	}
	s.Do(10, &model.Command{Verb: model.Send, Actor: 1, Peer: 4})
	release()
	all.Wait()
	s.SettleGroup(19, 0)
	early := ended.Load()
	if s.SettleGroup(20, 0); early != 1 || ended.Load() != 2 {
		t.Errorf("%d invitations had expired a second before the second was due, and %d when it was, expected 1 and 2", early, ended.Load())
	}
}
