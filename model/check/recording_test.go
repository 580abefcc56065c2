package check_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
)

// load is what workers do to one store at the same time.
type load struct {
	workers, commands int // commands in all
	members           uint32
	speed             float64 // seconds of the model in one of the clock
	hot               uint32  // half of the commands concern the first so many
	policy            model.Policy
}

// world is what its recording begins in.
func (l load) world() check.SetUp {
	return check.SetUp{
		Name: "recording", Policy: l.policy, Members: l.members, Start: model.Calendar{Start: model.DefaultStart}, Seed: 1,
	}
}

// record lets the workers run against one shared store and records what they asked and got. Who comes first is left to chance; what they
// ask is drawn from seeds.
func (l load) record(t testing.TB) *check.Recording {
	t.Helper()
	s, err := store.New(store.Options{
		Members: l.members, Calendar: model.Calendar{Start: model.DefaultStart}, Seed: 1, Policies: []model.Policy{l.policy}, Notices: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	recording := check.NewRecording(l.workers)
	start := time.Now()
	var all sync.WaitGroup
	for worker := range l.workers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 7))
			recorder := recording.Worker(worker)
			for range l.commands / l.workers {
				c := l.draw(random)
				call := time.Since(start)
				answer := s.Do(model.Instant(float64(call)*l.speed/1e9), &c)
				recorder.Record(int64(call), int64(time.Since(start)), &c, &answer)
			}
		})
	}
	all.Wait()
	return recording
}

// draw draws a command.
func (l load) draw(random *rand.Rand) model.Command {
	verbs := [...]model.Verb{
		model.Send, model.Send, model.Send, model.Send, model.Withdraw, model.Withdraw, model.Accept, model.Accept, model.Ignore,
		model.Report, model.Block, model.Unblock, model.Remove, model.Remove,
	}
	c := model.Command{Verb: verbs[random.IntN(len(verbs))], Actor: l.someone(random), Peer: l.someone(random)}
	switch random.IntN(1000) {
	case 0:
		c = model.Command{Verb: model.Close, Actor: c.Actor}
	case 1, 2, 3, 4:
		c = model.Command{Verb: model.Reopen, Actor: c.Actor}
	case 5:
		c = model.Command{Verb: model.SetInbound, Setting: model.Inbound(random.IntN(3)), Actor: c.Actor}
	case 6, 7:
		c = model.Command{Verb: model.Send, Actor: c.Actor, Peer: c.Peer, Key: "k", Note: 1}
	}
	if c.Verb.NamesInvitation() && random.IntN(10) == 0 {
		c.Kind, c.Subject = model.Page, 1
	}
	return c
}

func (l load) someone(random *rand.Rand) model.Member {
	if random.IntN(2) == 0 {
		return model.Member(1 + random.Uint32N(l.hot))
	}
	return model.Member(1 + random.Uint32N(l.members))
}

func TestRecordingIsExplained(t *testing.T) {
	for name, l := range map[string]load{
		"many members":            {workers: 8, commands: 1_000_000, members: 1_000_000, hot: 1_000_000, speed: 604_800},
		"few, fast":               {workers: 8, commands: 300_000, members: 300, hot: 10, speed: 604_800},
		"few, all in few seconds": {workers: 8, commands: 300_000, members: 300, hot: 10, speed: 1},
	} {
		t.Run(name, func(t *testing.T) {
			l.policy = model.Default()
			l.policy.WeeklyLimit.Count = 40
			l.policy.PendingCap.Count = 30
			l.policy.ConnectionCap = 40
			recording := l.record(t)
			begin := time.Now()
			figures, violation, err := recording.Check(context.Background(), l.world(), systems["store"])
			if err != nil || violation != nil {
				t.Fatal(violation, err)
			}
			t.Log(figures, time.Since(begin))
		})
	}
}
