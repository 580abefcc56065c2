package store_test

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/model/store"
)

// The size of the system that the figures are for.
const (
	benchMembers     = 1_000_000
	benchOutstanding = 10_000_000
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

// next draws 50 % sends, 29 % accepts, 14 % ignores and 7 % withdrawals, each answer to another invitation.
func (m *mix) next() model.Command {
	roll := m.rand.IntN(100)
	if roll < 50 || len(m.open) == 0 {
		return m.send()
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

func benchStore(b *testing.B, exclusive bool) *store.Store {
	b.Helper()
	s, err := store.New(store.Options{
		Members: benchMembers, Calendar: model.Calendar{Start: model.DefaultStart}, Policies: []model.Policy{benchPolicy()},
		Exclusive: exclusive,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Release)
	return s
}

// batch is how many commands are drawn at a time, outside of the measured time.
const batch = 1 << 14

// run measures commands drawn in batches; drawing them is not measured.
func run(b *testing.B, m *mix, do func(t model.Instant, commands []model.Command, answers []model.Answer)) {
	b.Helper()
	commands, answers := make([]model.Command, batch), make([]model.Answer, batch)
	spent, done := time.Duration(0), 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for i := range commands {
			commands[i] = m.next()
		}
		b.StartTimer()
		start := time.Now()
		do(m.now, commands, answers)
		spent += time.Since(start)
		b.StopTimer()
		done += batch
		m.pass(batch)
		for i := range commands {
			if commands[i].Verb == model.Send {
				m.note(&commands[i], answers[i])
			}
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(spent.Nanoseconds())/float64(done), "ns/command")
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
			s := benchStore(b, how != "shared")
			m.fill(s, benchOutstanding)
			blocks, pairs, chains := s.Bytes()
			kept := blocks - 24*benchMembers + pairs + chains // 24 bytes of a block are the member's own
			do := each(s)
			if how == "batched" {
				do = s.DoAll
			}
			run(b, m, do)
			b.ReportMetric(float64(kept)/benchOutstanding, "bytes/outstanding")
			start := time.Now()
			runtime.GC()
			b.ReportMetric(float64(time.Since(start).Microseconds()), "gc-µs")
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
