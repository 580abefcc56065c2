package check_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/internal/histories"
	"invitesim/model/oracle"
	"invitesim/model/trace"
)

// overlapping draws a trace in which several workers overlap: what came before in turn, then a few calls each. The answers are the
// oracle's in a random order that fits; then, mostly, one of them is changed.
type overlapping struct {
	*rand.Rand
	members uint32
	trace   *trace.Trace
	decided []decision // of the lines
}

type decision struct {
	line int
	at   time.Duration
}

func drawOverlapping(seed uint64) *trace.Trace {
	g := &overlapping{Rand: rand.New(rand.NewPCG(seed, 11))}
	h := histories.Random(seed, 1)
	g.members = 2 + g.Uint32N(3)
	g.trace = &trace.Trace{Name: "random", Policy: h.Policy, Members: g.members, Start: h.Calendar, Seed: h.Seed}
	now := time.Duration(0)
	for range g.IntN(16) {
		now += time.Duration(g.IntN(3)) * time.Second
		g.add(now, now, now)
	}
	now += 10 * time.Second
	for worker := range 2 + g.IntN(2) {
		at := now + time.Duration(worker)
		for range 2 + g.IntN(2) {
			call := at + time.Duration(g.IntN(400))*time.Millisecond
			answer := call + time.Duration(1+g.IntN(900))*time.Millisecond
			g.add(call, answer, call+time.Duration(g.Int64N(int64(answer-call))))
			at = answer
		}
	}
	g.answer()
	slices.SortStableFunc(g.trace.Lines, func(a, b trace.Line) int { return cmp.Compare(a.Call, b.Call) })
	for i := range g.trace.Lines {
		g.trace.Lines[i].Number = i + 1
	}
	if g.IntN(4) > 0 {
		g.corrupt()
	}
	return g.trace
}

// add appends a call.
func (g *overlapping) add(call, answer, at time.Duration) {
	verbs := [...]model.Verb{
		model.Send, model.Send, model.Send, model.Withdraw, model.Accept, model.Accept, model.Ignore, model.Report, model.Block,
		model.Unblock, model.Remove, model.SetInbound, model.Close, model.Reopen, model.QuerySent, model.QueryReceived, model.QueryQuota,
		model.QueryNotices, model.QueryRelation,
	}
	c := model.Command{Verb: verbs[g.IntN(len(verbs))], Actor: model.Member(1 + g.Uint32N(g.members))}
	if c.Verb.NamesPeer() {
		c.Peer = 1 + (c.Actor+model.Member(g.Uint32N(g.members-1)))%model.Member(g.members)
	}
	switch {
	case c.Verb == model.SetInbound:
		c.Setting = model.Inbound(g.IntN(3))
	case c.Verb.NamesInvitation() && g.IntN(6) == 0:
		c.Kind, c.Subject = model.Page, 1
	case c.Verb == model.Send && g.IntN(6) == 0:
		c.Key = "k"
	}
	line := trace.Line{Call: call, Return: answer, Command: c}
	if c.Verb.IsQuery() {
		line.Kind = trace.Query
	}
	g.decided = append(g.decided, decision{len(g.trace.Lines), at})
	g.trace.Lines = append(g.trace.Lines, line)
}

// answer gives every line the answer of the oracle in the order of the decisions.
func (g *overlapping) answer() {
	slices.SortStableFunc(g.decided, func(a, b decision) int { return cmp.Compare(a.at, b.at) })
	o := oracle.New(g.members, g.trace.Start, g.trace.Seed, g.trace.Policy)
	for _, d := range g.decided {
		line := &g.trace.Lines[d.line]
		if line.Kind == trace.Query {
			line.Given = trace.GivenReply(line.Command.Verb, o.Ask(trace.Instant(d.at), &line.Command))
		} else {
			line.Given = trace.GivenAnswer(o.Do(trace.Instant(d.at), &line.Command))
		}
		if line.Return > line.Call && g.IntN(3) > 0 {
			line.Given.HasAt, line.Given.At = true, d.at
		}
	}
}

// corrupt changes an answer to that of another line, or the instant of a decision.
func (g *overlapping) corrupt() {
	lines := g.trace.Lines
	from := max(0, len(lines)-8)
	line, other := &lines[from+g.IntN(len(lines)-from)], &lines[from+g.IntN(len(lines)-from)]
	given := *line.Given
	switch {
	case line.Kind != other.Kind || g.IntN(4) == 0:
		given.HasAt, given.At = true, line.Call+time.Duration(g.Int64N(int64(line.Return-line.Call)+1))
	case line.Kind == trace.Query && line.Command.Verb != other.Command.Verb:
	default:
		at, has := given.At, given.HasAt
		given = *other.Given
		given.At, given.HasAt = at, has
	}
	line.Given = &given
}

// place is a line with the second in which it was decided.
type place struct {
	line *trace.Line
	at   model.Instant
}

// explainable asks porcupine, which tries all orders, with the oracle as the model: a state is what was decided before.
func explainable(t *trace.Trace) bool {
	nothing := oracleModel(t)
	var operations []porcupine.Operation
	for i := range t.Lines {
		line := &t.Lines[i]
		// Each calls and answers at an instant of its own; of two at the same, the answer of the earlier line comes first.
		operations = append(operations, porcupine.Operation{
			ClientId: i, Input: line, Output: line.Given,
			Call: int64(line.Call)*1000 + int64(2*i), Return: int64(line.Return)*1000 + int64(2*i+1),
		})
	}
	return porcupine.CheckOperations(nothing, operations)
}

func oracleModel(t *trace.Trace) porcupine.Model {
	nondeterministic := porcupine.NondeterministicModel{
		Init: func() []interface{} { return []interface{}{[]place(nil)} },
		Step: func(state, input, _ interface{}) (next []interface{}) {
			before, line := state.([]place), input.(*trace.Line)
			first, last := trace.Instant(line.Call), trace.Instant(line.Return)
			if line.Given != nil && line.Given.HasAt {
				first = trace.Instant(line.Given.At)
				last = first
			}
			for at := first; at <= last; at++ {
				if len(before) > 0 && at < before[len(before)-1].at {
					continue
				}
				after := append(slices.Clip(before), place{line, at})
				if allows(t, after) {
					next = append(next, after)
				}
			}
			return next
		},
		Equal: func(a, b interface{}) bool { return slices.Equal(a.([]place), b.([]place)) },
		DescribeOperation: func(input, _ interface{}) string {
			return trace.FormatLine(input.(*trace.Line))
		},
	}
	return nondeterministic.ToModel()
}

// allows says whether the last of some decisions gets the answer that its line gives.
func allows(t *trace.Trace, order []place) bool {
	o := oracle.New(t.Members, t.Start, t.Seed, t.Policy)
	policy, given := t.Policy, true
	for _, p := range order {
		c := p.line.Command
		switch p.line.Kind {
		case trace.PolicyChange:
			policy, _ = p.line.PolicyAfter(policy)
			o.ChangePolicy(p.at, policy)
		case trace.Connect:
			given = o.Connect(p.at, c.Actor, c.Peer)
		case trace.Query:
			given = p.line.Given.AllowsReply(c.Verb, o.Ask(p.at, &c))
		default:
			given = p.line.Given.Allows(o.Do(p.at, &c))
		}
	}
	return given
}

// TestSearchAgreesWithAllOrders holds the search against a plain one that tries every order and every second.
func TestSearchAgreesWithAllOrders(t *testing.T) {
	histories := uint64(4000)
	if testing.Short() {
		histories = 500
	}
	count := map[bool]int{}
	for seed := range histories {
		tr := drawOverlapping(seed)
		want := explainable(tr)
		count[want]++
		_, violation, err := check.Run(t.Context(), tr, systems["store"])
		if err != nil || (violation == nil) != want {
			t.Fatalf("seed %d: %v %v, all orders say %v of\n%s", seed, violation, err, want, tr)
		}
	}
	if count[true] < int(histories)/10 || count[false] < int(histories)/10 {
		t.Errorf("%d explainable, %d not: too few of one", count[true], count[false])
	}
}
