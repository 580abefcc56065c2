package store_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/model/store"
)

// The size of the system that is measured.
const (
	benchMembers     = 1_000_000
	benchOutstanding = 10_000_000
	benchPairs       = 11_500_000 // that tables are made for: those outstanding, and those that seconds of measuring add
	sharedPairs      = 20_000_000 // the same, for four measurements of one store
)

// system is what the benchmarks drive: the store, or the plain version it is measured against.
type system interface {
	Do(t model.Instant, c *model.Command) model.Answer
}

// invited is an invitation by sender and recipient; no pointers, so that the collector's time is the store's.
type invited struct{ from, to model.Member }

// mix draws commands: half sends to strangers, then answers and withdrawals of what earlier sends left open, so that as many end as
// begin.
type mix struct {
	rand *rand.Rand
	now  model.Instant // a second passes per thousand commands
	sent int
	open []invited // what sends that succeeded left open, in no order
	most int       // how many may be open for a send to be drawn; 0 for any number
}

// fill sends until n invitations are outstanding.
func (m *mix) fill(s system, n int) {
	for len(m.open) < n {
		c := m.send()
		m.note(&c, s.Do(m.now, &c))
		m.pass(1)
	}
}

// pass lets the time of n commands pass.
func (m *mix) pass(n int) {
	m.sent += n
	m.now = model.Instant(m.sent / 1000)
}

func (m *mix) send() model.Command {
	a := model.Member(m.rand.IntN(benchMembers) + 1)
	b := model.Member(m.rand.IntN(benchMembers) + 1)
	return model.Command{Verb: model.Send, Actor: a, Peer: b}
}

func (m *mix) note(c *model.Command, answer model.Answer) {
	if answer.Outcome == model.WasSent {
		m.open = append(m.open, invited{c.Actor, c.Peer})
	}
}

// next draws 50 % sends, 29 % accepts, 14 % ignores and 7 % withdrawals, each answer to another invitation. With as many open as may be it leaves
// the sends out.
func (m *mix) next() model.Command {
	roll := m.rand.IntN(100)
	full := m.most > 0 && len(m.open) >= m.most
	if roll < 50 && !full || len(m.open) == 0 {
		return m.send()
	}
	if roll < 50 {
		roll += 50
	}
	i := m.rand.IntN(len(m.open))
	from, to := m.open[i].from, m.open[i].to
	verb := model.Withdraw
	switch {
	case roll < 79:
		verb = model.Accept
	case roll < 93:
		verb = model.Ignore
	}
	if verb != model.Ignore {
		m.open[i] = m.open[len(m.open)-1]
		m.open = m.open[:len(m.open)-1]
	}
	if verb != model.Withdraw {
		from, to = to, from
	}
	return model.Command{Verb: verb, Actor: from, Peer: to}
}

// benchPolicy is the default without the limits that a second of benchmarking would run into.
func benchPolicy() model.Policy {
	p := model.Default()
	p.WeeklyLimit.Count = 1 << 20
	return p
}

func benchStore(b *testing.B, exclusive bool, pairs int) *store.Store {
	b.Helper()
	s, err := store.New(b.Context(), store.Options{
		Members: benchMembers, Calendar: model.Calendar{Start: model.DefaultStart}, Policies: []model.Policy{benchPolicy()},
		Exclusive: exclusive, Pairs: pairs,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Release)
	return s
}

// keptBytes returns how many bytes of records are kept of invitations: 24 bytes of a block are the member's own.
func keptBytes(s *store.Store) int {
	blocks, pairs, chains := s.Bytes()
	return blocks - 24*benchMembers + pairs + chains
}

// batch is how many commands are drawn at a time, outside of the measured time.
const batch = 1 << 14

// run measures commands drawn in batches; drawing them is not measured.
func run(b *testing.B, m *mix, do func(t model.Instant, commands []model.Command, answers []model.Answer)) {
	b.Helper()
	commands, answers := make([]model.Command, batch), make([]model.Answer, batch)
	var spent []float64 // nanoseconds a command, by batch
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for i := range commands {
			commands[i] = m.next()
		}
		b.StartTimer()
		start := time.Now()
		do(m.now, commands, answers)
		spent = append(spent, float64(time.Since(start).Nanoseconds())/batch)
		b.StopTimer()
		m.pass(batch)
		for i := range commands {
			if commands[i].Verb == model.Send {
				m.note(&commands[i], answers[i])
			}
		}
		b.StartTimer()
	}
	sum := 0.0
	for _, each := range spent {
		sum += each
	}
	slices.Sort(spent)
	b.ReportMetric(sum/float64(len(spent)), "ns/command")
	b.ReportMetric(spent[len(spent)/2], "p50-ns/command") // of the batches: those in which a table grew, or others had the machine, apart
	b.ReportMetric(spent[len(spent)/10], "p10-ns/command")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkStore is the store alone, one million members with ten million invitations outstanding, on one core: one command at a time,
// in prefetched batches, and the plain version in the same run.
func BenchmarkStore(b *testing.B) {
	for _, how := range []string{"single", "batched", "shared", "plain"} {
		b.Run("members=1M/outstanding=10M/"+how, func(b *testing.B) {
			m := &mix{rand: rand.New(rand.NewPCG(1, 2))}
			if how == "plain" {
				p := newPlain(benchPolicy())
				m.fill(p, benchOutstanding)
				run(b, m, each(p))
				return
			}
			s := benchStore(b, how != "shared", benchPairs)
			m.fill(s, benchOutstanding)
			kept := keptBytes(s)
			do := each(s)
			if how == "batched" {
				do = s.DoAll
			}
			run(b, m, do)
			b.ReportMetric(float64(kept)/benchOutstanding, "bytes/outstanding")
			*m = mix{}   // what the benchmark itself leaves on the heap
			runtime.GC() // is swept before
			start := time.Now()
			runtime.GC()
			b.ReportMetric(float64(time.Since(start).Microseconds()), "gc-µs")
		})
	}
}

// crew is some workers on one system, each with commands of its own about invitations of its own.
type crew struct {
	mixes    []*mix
	commands [][]model.Command
	answers  [][]model.Answer
	kept     func() int // bytes of what is kept of invitations, nil where nobody counts them
}

// newCrew returns a crew that has sent until n invitations are outstanding.
func newCrew(s system, workers, n int) *crew {
	c := &crew{}
	for worker := range workers {
		m := &mix{rand: rand.New(rand.NewPCG(uint64(worker), 2)), open: make([]invited, 0, 2*n)}
		m.fill(s, n/workers)
		c.mixes = append(c.mixes, m)
		c.commands, c.answers = append(c.commands, make([]model.Command, batch)), append(c.answers, make([]model.Answer, batch))
	}
	return c
}

// round lets the first workers of the crew do a batch each, all at the same time, and returns how long that took until the last was done.
// Drawing the commands is not counted.
func (c *crew) round(workers int, do func(t model.Instant, commands []model.Command, answers []model.Answer)) time.Duration {
	for worker, m := range c.mixes[:workers] {
		for i := range c.commands[worker] {
			c.commands[worker][i] = m.next()
		}
	}
	var all sync.WaitGroup
	start := time.Now()
	for worker, m := range c.mixes[:workers] {
		all.Go(func() { do(m.now, c.commands[worker], c.answers[worker]) })
	}
	all.Wait()
	spent := time.Since(start)
	for worker, m := range c.mixes[:workers] {
		m.pass(batch)
		for i := range c.commands[worker] {
			m.note(&c.commands[worker][i], c.answers[worker][i])
		}
	}
	return spent
}

// BenchmarkShared is a closed loop on the shared store, one million members with ten million invitations outstanding: one worker and two,
// one command at a time and in batches, beside the plain version with as many workers.
func BenchmarkShared(b *testing.B) {
	plain := newPlain(benchPolicy())
	benchCrew(b, "plain", newCrew(plain, 2, benchOutstanding), each(plain))
	plain = nil
	s := benchStore(b, false, sharedPairs)
	c := newCrew(s, 2, benchOutstanding)
	c.kept = func() int { return keptBytes(s) }
	benchCrew(b, "single", c, each(s))
	benchCrew(b, "batched", c, s.DoAll)
}

func benchCrew(b *testing.B, how string, c *crew, do func(t model.Instant, commands []model.Command, answers []model.Answer)) {
	for workers := 1; workers <= len(c.mixes); workers++ {
		b.Run(fmt.Sprintf("members=1M/outstanding=10M/%s/workers=%d", how, workers), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			spent, done := time.Duration(0), 0
			var rounds []time.Duration
			for b.Loop() {
				rounds = append(rounds, c.round(workers, do))
				spent += rounds[len(rounds)-1]
				done += workers * batch
			}
			runtime.ReadMemStats(&after)
			slices.Sort(rounds)
			b.ReportMetric(float64(done)/spent.Seconds(), "commands/s")
			b.ReportMetric(float64(workers*batch)/rounds[len(rounds)/2].Seconds(), "p50-commands/s") // of the rounds
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(done), "allocs/command")
			b.ReportMetric(0, "ns/op")
			if c.kept != nil {
				b.ReportMetric(float64(c.kept())/benchOutstanding, "bytes/outstanding")
			}
		})
	}
}

func each(s system) func(t model.Instant, commands []model.Command, answers []model.Answer) {
	return func(t model.Instant, commands []model.Command, answers []model.Answer) {
		for i := range commands {
			answers[i] = s.Do(t, &commands[i])
		}
	}
}

// plain is the version that one would write first, kept to be measured against: maps, pointers, one lock. It knows the
// main path of the rules only: caps, the weekly limit, pending and connected pairs, lists, cooldowns.
type plain struct {
	sync.Mutex
	rules   model.Rules
	members map[model.Member]*plainMember
	pairs   map[[2]model.Member]*model.Pair
}

type plainMember struct {
	account        model.Account
	sent, received map[model.Member]model.Instant
}

func newPlain(p model.Policy) *plain {
	return &plain{
		rules:   model.Rules{Policy: p, Calendar: model.Calendar{Start: model.DefaultStart}},
		members: map[model.Member]*plainMember{}, pairs: map[[2]model.Member]*model.Pair{},
	}
}

func (p *plain) member(m model.Member) *plainMember {
	found := p.members[m]
	if found == nil {
		found = &plainMember{
			account: model.Account{Exists: true}, sent: map[model.Member]model.Instant{}, received: map[model.Member]model.Instant{},
		}
		p.members[m] = found
	}
	return found
}

func (p *plain) pair(a, b model.Member) *model.Pair {
	key := [2]model.Member{a, b}
	found := p.pairs[key]
	if found == nil {
		found = &model.Pair{}
		p.pairs[key] = found
	}
	return found
}

func (p *plain) Do(t model.Instant, c *model.Command) model.Answer {
	p.Lock()
	defer p.Unlock()
	a, b := p.member(c.Actor), p.member(c.Peer)
	pair, mirror := p.pair(c.Actor, c.Peer), p.pair(c.Peer, c.Actor)
	answer := p.rules.Decide(t, c, &a.account, &b.account, pair)
	if !answer.Outcome.Success() {
		return answer
	}
	mirror.Ties, mirror.Out, mirror.In = pair.Ties&model.TieConnected, pair.In, pair.Out
	switch answer.Outcome {
	case model.WasSent:
		a.sent[c.Peer], b.received[c.Actor] = t, t
	case model.WasWithdrawn:
		delete(a.sent, c.Peer)
		delete(b.received, c.Actor)
	case model.WasConnected:
		delete(b.sent, c.Actor)
		delete(a.received, c.Peer)
	}
	return answer
}
