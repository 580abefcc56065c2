package check_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
	"invitesim/model/trace"
)

// load is what workers do to one store at the same time.
type load struct {
	workers, commands int // commands in all
	members           uint32
	speed             float64 // seconds of the model in one of the clock
	hot               uint32  // half of the commands concern the first so many
	pairs             bool    // members have to do with one other each, so that they race
	late              int64   // one caller comes in turn, every second, and tells an instant up to so many seconds earlier; 0 for no such
	policy            model.Policy
	change            *model.Policy // half of the way, if given
}

// loads are members who hardly meet, pairs who race, a few who meet all the time, at high speed and in a few seconds, and callers who come late
// while invitations expire: who is told of an end must not be decided on at an earlier instant.
func loads(commands int) map[string]load {
	policy := model.Default()
	policy.WeeklyLimit.Count, policy.PendingCap.Count, policy.ConnectionCap = 40, 30, 40
	policy.Resend.Cooldown, policy.SentList.KeepWithdrawn = 0, 0
	all := map[string]load{
		"strangers": {members: 100_000, hot: 100_000, speed: 604_800},
		"pairs":     {members: 200, hot: 200, speed: 604_800, pairs: true},
		"crowd":     {members: 300, hot: 10, speed: 604_800},
		"moment":    {members: 300, hot: 10, speed: 1},
		"handful":   {members: 6, hot: 3, speed: 100},
		"late":      {members: 300, hot: 300, late: 400},
	}
	for name, l := range all {
		l.workers, l.commands, l.policy = 8, commands, policy
		if l.late > 0 {
			l.policy.Expiry, l.policy.WeeklyLimit.Count = 500, 1000
		}
		if l.members < 10 {
			l.policy.WeeklyLimit.Count, l.policy.WeeklyLimit.Period = 20, 5
			l.policy.PendingCap.Count, l.policy.ConnectionCap, l.policy.Expiry = 2, 2, 3
			l.policy.Restrict.Ladder = []model.Seconds{1}
		}
		all[name] = l
	}
	return all
}

// someCommands is how many commands a test needs.
func someCommands() int {
	if testing.Short() {
		return 4000
	}
	return 20_000
}

// world is what the recording of a load begins in.
func (l load) world() check.SetUp {
	return check.SetUp{
		Name: "recording", Policy: l.policy, Members: l.members, Start: model.Calendar{Start: model.DefaultStart}, Seed: 1,
		Lines: l.setUp(),
	}
}

// setUp has one member begin as popular.
func (l load) setUp() iter.Seq[trace.Line] {
	return func(yield func(trace.Line) bool) {
		yield(trace.Line{Kind: trace.Outside, Command: model.Command{Actor: 1}, Count: 5})
	}
}

// run lets the workers run against one shared store and records what they asked and got. Who comes first is left to chance; what they
// ask is drawn from seeds.
func (l load) run(t testing.TB) *check.Recording {
	t.Helper()
	s := l.store(t)
	defer s.Release()
	recording := check.NewRecording(l.workers)
	if l.late > 0 {
		l.comeLate(s, recording.Worker(0))
		return recording
	}
	start := time.Now()
	var all sync.WaitGroup
	half := newMeeting(l.workers)
	for worker := range l.workers {
		all.Go(func() { l.work(t, s, start, worker, recording.Worker(worker), half) })
	}
	all.Wait()
	return recording
}

// store is a new store in which the load begins.
func (l load) store(t testing.TB) *store.Store {
	t.Helper()
	policies := []model.Policy{l.policy}
	if l.change != nil {
		policies = append(policies, *l.change)
	}
	s, err := store.New(t.Context(), store.Options{
		Members: l.members, Calendar: model.Calendar{Start: model.DefaultStart}, Seed: 1, Policies: policies, Notices: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Outside(1, 5)
	return s
}

// lieOnce runs the commands in turn, and records of each that it took longer than until the next began, so that up to eight overlap. The first
// answer behind the middle that is the one outcome is recorded as the other. Nothing is left to chance: whether a lie can be told from the truth
// depends on who else does what at the same time.
func (l load) lieOnce(t testing.TB, truth, lie model.Outcome) *check.Recording {
	t.Helper()
	s := l.store(t)
	defer s.Release()
	recording := check.NewRecording(l.workers)
	random := rand.New(rand.NewPCG(1, 7))
	told := false
	for n := range l.commands {
		call := time.Duration(n) * 300 * time.Nanosecond
		c := l.draw(random)
		if c.Verb.IsQuery() {
			continue
		}
		answer := s.Do(l.instant(call), &c)
		if !told && n > l.commands/2 && answer.Outcome == truth {
			answer.Outcome, told = lie, true
		}
		took := 100 + random.Int64N(300*int64(l.workers)-200)
		recording.Worker(n%l.workers).Record(int64(call), int64(call)+took, &c, &answer)
	}
	if !told {
		t.Fatalf("nobody was answered %s", truth)
	}
	return recording
}

// instant is the time of the model that the clock tells.
func (l load) instant(clock time.Duration) model.Instant {
	return model.Instant(float64(clock) * l.speed / 1e9)
}

// meeting is where all workers wait while one does something, as they do in a run when the policy changes.
type meeting struct {
	arrived sync.WaitGroup
	over    chan struct{}
}

func newMeeting(workers int) *meeting {
	m := &meeting{over: make(chan struct{})}
	m.arrived.Add(workers)
	return m
}

// meet waits for all, and until the one who leads has done it.
func (m *meeting) meet(leads bool, do func()) {
	m.arrived.Done()
	if !leads {
		<-m.over
		return
	}
	m.arrived.Wait()
	do()
	close(m.over)
}

// work is what one worker does. What it asks is decided at the instant that it tells or at one that another told meanwhile or before.
func (l load) work(t testing.TB, s *store.Store, start time.Time, worker int, recorder *check.Recorder, half *meeting) {
	random := rand.New(rand.NewPCG(uint64(worker), 7))
	share := l.commands / l.workers
	for n := range share {
		if n == share/2 && l.change != nil {
			half.meet(worker == 0, func() {
				call := time.Since(start)
				s.ChangePolicy(l.instant(call), *l.change)
				recorder.RecordPolicy(int64(call), int64(time.Since(start)), l.instant(call), *l.change)
			})
		}
		c := l.draw(random)
		call := time.Since(start)
		told := l.instant(call)
		decided := give(s, recorder, told, &c, int64(call), func() int64 { return int64(time.Since(start)) })
		if now := l.instant(time.Since(start)); decided < told || decided > now {
			t.Errorf("a command that was called at %s and answered at %s was decided at %s", told, now, decided)
			return
		}
	}
}

// comeLate gives the commands in turn. Each is answered before the next is called, and many come at an earlier instant than others before. Now and then
// somebody who was just invited closes the account, and who invited them looks at what is left.
func (l load) comeLate(s *store.Store, recorder *check.Recorder) {
	random := rand.New(rand.NewPCG(3, 7))
	invitation := model.Command{Actor: 1, Peer: 2} // the last
	for n := range int64(l.commands) {
		if n == int64(l.commands/2) && l.change != nil {
			s.ChangePolicy(model.Instant(n), *l.change)
			recorder.RecordPolicy(n*1000, n*1000+10, model.Instant(n), *l.change)
		}
		c := l.draw(random)
		switch n % 40 {
		case 0:
			c = model.Command{Verb: model.Close, Actor: invitation.Peer}
		case 1:
			c = model.Command{Verb: model.QuerySent, Actor: invitation.Actor}
		case 2:
			c = model.Command{Verb: model.Reopen, Actor: invitation.Peer}
		default:
			if random.IntN(4) == 0 {
				c = model.Command{Verb: model.QueryReceived, Actor: c.Actor}
			}
		}
		if c.Verb == model.Send {
			invitation = c
		}
		at := model.Instant(max(0, n-random.Int64N(l.late)))
		give(s, recorder, at, &c, n*1000+20, func() int64 { return n*1000 + 900 })
	}
}

// give gives a command or query to a store, records it, and returns the instant of the decision.
func give(s *store.Store, recorder *check.Recorder, at model.Instant, c *model.Command, call int64, now func() int64) (decided model.Instant) {
	if c.Verb.IsQuery() {
		reply, decided := s.AskAt(at, c)
		recorder.RecordList(call, now(), c, decided, reply.Rows)
		return decided
	}
	answer := s.Do(at, c)
	recorder.Record(call, now(), c, &answer)
	return answer.At
}

// draw draws a command.
func (l load) draw(random *rand.Rand) model.Command {
	verbs := [...]model.Verb{
		model.Send, model.Send, model.Send, model.Send, model.Withdraw, model.Withdraw, model.Accept, model.Accept, model.Ignore,
		model.Report, model.Block, model.Unblock, model.Remove, model.Remove,
	}
	c := model.Command{Verb: verbs[random.IntN(len(verbs))], Actor: l.someone(random), Peer: l.someone(random)}
	if l.pairs {
		c.Peer = (c.Actor - 1) ^ 1 + 1
	}
	switch random.IntN(1000) {
	case 0:
		c = model.Command{Verb: model.Close, Actor: c.Actor}
	case 1, 2, 3, 4:
		c = model.Command{Verb: model.Reopen, Actor: c.Actor}
	case 5:
		c = model.Command{Verb: model.SetInbound, Setting: model.Inbound(random.IntN(3)), Actor: c.Actor}
	case 6, 7:
		c = model.Command{Verb: model.Send, Actor: c.Actor, Peer: c.Peer, Email: true, Key: "k", Note: 1}
	case 8, 9, 10, 11, 12, 13, 14, 15, 16, 17:
		c = model.Command{Verb: model.QuerySent, Actor: c.Actor}
	case 18, 19, 20, 21, 22, 23, 24, 25, 26, 27:
		c = model.Command{Verb: model.QueryReceived, Actor: c.Actor}
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

// TestRecordingsAreExplained runs eight workers against one store: whatever they got, there is an order in which the rules give
// the same; and the trace that is written of it says so, too.
func TestRecordingsAreExplained(t *testing.T) {
	for name, l := range loads(someCommands()) {
		t.Run(name, func(t *testing.T) {
			looser := l.policy
			looser.WeeklyLimit.Count, looser.Resend.Cooldown = 60, model.Day
			l.change = &looser
			recording := l.run(t)
			figures, violation, err := recording.Check(context.Background(), l.world(), systems["store"])
			if err != nil || violation != nil || figures.Answers != l.commands || recording.Len() != l.commands+1 {
				t.Fatalf("%v %v\n%s", violation, err, figures)
			}
			var text bytes.Buffer
			written(t, recording, l.world(), &text)
			tr, mistakes := trace.Parse(bytes.NewReader(text.Bytes()), "written.trace")
			if tr == nil {
				t.Fatal(mistakes)
			}
			if tr.String() != alike(t, text.String()) || len(tr.Lines) != l.commands+2 {
				t.Errorf("%d lines are read, %d were written", len(tr.Lines), l.commands+2)
			}
			figures, violation, err = check.Run(t.Context(), tr, systems["store"])
			if err != nil || violation != nil || figures.Answers != l.commands {
				t.Errorf("the trace: %s: %v %v", figures, violation, err)
			}
		})
	}
}

// written writes a recording as a trace.
func written(t *testing.T, recording *check.Recording, world check.SetUp, to io.Writer) {
	t.Helper()
	begun, err := world.Write(t.Context(), to)
	if err != nil || !begun {
		t.Fatal(begun, err)
	}
	if _, whole, err := recording.Write(t.Context(), to, world); err != nil || !whole {
		t.Fatal(whole, err)
	}
}

// alike is a written recording in the columns of a trace.
func alike(t *testing.T, text string) string {
	t.Helper()
	return read(t, text).String()
}

// TestLiesAreFound records one answer of many thousands as one that such a command never gets.
func TestLiesAreFound(t *testing.T) {
	for name, l := range loads(someCommands()) {
		for _, lie := range [][2]model.Outcome{
			{model.WasSent, model.NotFound}, {model.NotConnected, model.WasBlocked}, {model.NotFound, model.WasRemoved},
		} {
			_, violation, err := l.lieOnce(t, lie[0], lie[1]).Check(context.Background(), l.world(), systems["store"])
			if err != nil || violation == nil {
				t.Errorf("%s: %s recorded as %s: %v", name, lie[0], lie[1], err)
				continue
			}
			short := violation.Shortest
			if _, again, err := check.Run(t.Context(), short, systems["store"]); err != nil || again == nil || len(short.Lines) > 40 {
				t.Errorf("%s: %s recorded as %s: %v %v of %d lines", name, lie[0], lie[1], again, err, len(short.Lines))
			}
		}
	}
}

func TestRecordingKeepsEverything(t *testing.T) {
	recording := check.NewRecording(2)
	recording.Worker(1).Reserve(10_000)
	send := model.Command{Verb: model.Send, Actor: 1, Peer: 2, Note: 350, Email: true, Key: "k1"}
	cooldown := model.Answer{Outcome: model.Cooldown, At: 70, Until: 90, Bounded: true}
	inbound := model.Command{Verb: model.SetInbound, Actor: 2, Setting: model.Nobody}
	page := model.Command{Verb: model.Withdraw, Actor: 1, Peer: 2, Kind: model.Event, Subject: 9}
	recording.Worker(1).Record(1000, 5000, &send, &cooldown)
	recording.Worker(0).Record(2500, 2600, &inbound, &model.Answer{Outcome: model.WasSet, At: 70})
	next := model.Default()
	next.Expiry = 5 * model.Day
	recording.Worker(0).RecordPolicy(2700, 3000, 70, next)
	recording.Worker(0).Record(3_000_000_000, 4_500_000_000, &page, &model.Answer{Outcome: model.NotFound, At: 69})
	looks := [2]model.Command{{Verb: model.QueryReceived, Actor: 2}, {Verb: model.QuerySent, Actor: 1}}
	recording.Worker(1).RecordList(6000, 7000, &looks[0], 70, []model.Row{{Peer: 1, State: model.Pending, Note: true, Kind: model.Event, Subject: 9}})
	recording.Worker(0).RecordList(8000, 9000, &looks[1], 71, []model.Row{{Peer: 2, State: model.Pending}, {Peer: 1, State: model.Withdrawn}})
	recording.Worker(0).RecordList(9000, 9500, &looks[0], 71, nil)
	recording.Worker(0).RecordList(9500, 9900, &looks[0], 71, make([]model.Row, 5000))
	if recording.Len() != 7 || recording.Unkept() != 1 {
		t.Errorf("%d calls are kept and %d are not, expected 7 and 1", recording.Len(), recording.Unkept())
	}
	world := check.SetUp{Policy: model.Default(), Members: 2, Start: model.Calendar{Start: model.DefaultStart}, Seed: 1}
	var text strings.Builder
	written(t, recording, world, &text)
	want := `policy default
members 2
1m9s..1m9s750000001ns withdraw 1 2 event=9 -> not_found at=1m9s
1m10s..1m10s4us send 1 2 note=350 email key=k1 -> cooldown until=1m30s at=1m10s
1m10s1500ns..1m10s1600ns inbound 2 nobody -> set at=1m10s
1m10s2us policy expiry=5d
1m10s5us..1m10s6us received 2 -> 1:note,event=9 at=1m10s
1m11s..1m11s1us sent 1 -> 2:pending 1:withdrawn at=1m11s
1m11s1us..1m11s1500ns received 2 -> - at=1m11s
`
	if text.String() != want {
		t.Errorf("got\n%swant\n%s", &text, want)
	}
}

func TestCheckStopsWhenTold(t *testing.T) {
	recording := loads(5000)["crowd"].run(t)
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := recording.Check(cancelled, loads(5000)["crowd"].world(), systems["store"]); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	late, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()
	if _, _, err := recording.Check(late, loads(5000)["crowd"].world(), systems["store"]); !errors.Is(err, check.ErrUnknown) {
		t.Errorf("past the budget: %v", err)
	}
}

// BenchmarkCheck checks a million commands of eight workers against one store.
func BenchmarkCheck(b *testing.B) {
	for name, l := range loads(1_000_000) {
		recording := l.run(b)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				figures, violation, err := recording.Check(context.Background(), l.world(), systems["store"])
				if err != nil || violation != nil {
					b.Fatal(violation, err)
				}
				b.ReportMetric(float64(figures.Overlapping), "overlapping")
			}
		})
	}
}

// BenchmarkRecord is what recording a command costs.
func BenchmarkRecord(b *testing.B) {
	recorder := check.NewRecording(1).Worker(0)
	c, a := model.Command{Verb: model.Send, Actor: 1, Peer: 2}, model.Answer{Outcome: model.WasSent, At: 5}
	recorder.Reserve(b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for now := int64(0); now < 200*int64(b.N); now += 200 {
		recorder.Record(now, now+100, &c, &a)
	}
}

// BenchmarkRecordList is what recording a look at a list of 25 costs.
func BenchmarkRecordList(b *testing.B) {
	recording := check.NewRecording(1)
	c, rows := model.Command{Verb: model.QueryReceived, Actor: 1}, make([]model.Row, 25)
	for n := 0; b.Loop(); n++ {
		if n%50_000 == 0 { // what a run may record of lists
			recording = check.NewRecording(1)
			recording.Worker(0).Reserve(50_000)
		}
		now := 200 * int64(n)
		recording.Worker(0).RecordList(now, now+100, &c, 5, rows)
	}
}
