package check

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"invitesim/model"
	"invitesim/model/trace"
)

// mostShrunk is how many lines are shrunk one by one; of more, trying takes too long.
const mostShrunk = 50_000

// mostHops is how far from the members of a line the others are looked for that can have to do with it: those that share a
// member with it, those that share one with these, and so on.
const mostHops = 3

// shrinker looks for a shorter trace that still shows what a line of it shows.
type shrinker struct {
	culprit int // the number of the line
	shows   func(*trace.Trace) bool
}

// overlapping says of a call that it has no place in any order.
type overlapping struct {
	ctx     context.Context
	build   Builder
	culprit int // the number of its line
	outcome string
}

// shortestOverlapping looks for the shortest trace in which the same call has no place in any order, and the model answers it
// the same. All answers that the trace gives are kept: together they leave no place.
func shortestOverlapping(ctx context.Context, t *trace.Trace, v *Violation, build Builder) *trace.Trace {
	same := &overlapping{ctx: ctx, build: build, culprit: v.Line.Number, outcome: outcomeOf(v.Answer)}
	k := &shrinker{culprit: same.culprit, shows: same.shows}
	return k.shorten(t, &v.Line)
}

// shorten returns the shortest part found of a trace, up to the answer of a line, that shows it.
func (k *shrinker) shorten(t *trace.Trace, last *trace.Line) *trace.Trace {
	compact := k.cut(compacted(t, last))
	if len(compact.Lines) <= mostShrunk {
		compact = trace.Shrink(compact, k.shows)
	}
	kept := map[int]bool{}
	for _, line := range compact.Lines {
		kept[line.Number] = true
	}
	short := *t
	short.Remarks, short.Coda, short.Lines = nil, nil, nil
	for i := range t.Lines {
		if kept[t.Lines[i].Number] {
			short.Lines = append(short.Lines, t.Lines[i])
			short.Lines[len(short.Lines)-1].Remarks = nil
		}
	}
	return &short
}

// cut returns the part of a trace near the culprit that still shows the violation, the nearest first; all of it if there is none.
func (k *shrinker) cut(t *trace.Trace) *trace.Trace {
	for hops := range mostHops + 1 {
		for _, refusals := range [2]bool{false, true} {
			near := *t
			near.Lines = k.near(t, hops, refusals)
			if len(near.Lines) < len(t.Lines) && k.shows(&near) {
				return &near
			}
		}
	}
	return t
}

// outcomeOf is the first word of an answer.
func outcomeOf(answer string) string {
	first, _, _ := strings.Cut(answer, " ")
	return first
}

// shows says whether a trace still shows the violation: the culprit has no place, gets the same answer from the model, and all
// would be explained if it gave none.
func (k *overlapping) shows(t *trace.Trace) bool {
	at := slices.IndexFunc(t.Lines, func(l trace.Line) bool { return l.Number == k.culprit })
	if at < 0 || errors.Is(k.ctx.Err(), context.Canceled) {
		return false
	}
	p, err := puzzleOf(t)
	if err != nil {
		return false
	}
	ctx := context.WithoutCancel(k.ctx)
	s, err := explain(ctx, p, k.build)
	if err != nil || s.found {
		return false
	}
	if v := s.violation(); v.Line.Number != k.culprit || outcomeOf(v.Answer) != k.outcome {
		return false
	}
	bare := *t
	bare.Lines = slices.Clone(t.Lines)
	bare.Lines[at].Given = nil
	if given := t.Lines[at].Given; given.HasAt { // decided in the second that it says, with whatever answer
		second := time.Duration(trace.Instant(given.At)) * time.Second
		bare.Lines[at].Call = max(bare.Lines[at].Call, second)
		bare.Lines[at].Return = min(bare.Lines[at].Return, second+time.Second-1)
	}
	p, err = puzzleOf(&bare)
	if err != nil {
		return false
	}
	s, err = explain(ctx, p, k.build)
	return err == nil && s.found
}

// compacted is a trace up to the answer of a line, with its members numbered anew where nothing depends on the numbers, so that a
// system for it is small. Their order stays.
func compacted(t *trace.Trace, last *trace.Line) *trace.Trace {
	compact := *t
	compact.Remarks, compact.Coda, compact.Lines = nil, nil, nil
	for i := range t.Lines {
		if line := t.Lines[i]; line.Call <= last.Return {
			compact.Lines = append(compact.Lines, line)
		}
	}
	if numbersMatter(&compact) {
		return &compact
	}
	var named []model.Member
	for i := range compact.Lines {
		c := &compact.Lines[i].Command
		named = append(named, c.Actor, c.Peer)
	}
	slices.Sort(named)
	named = slices.Compact(named)
	number := func(m model.Member) model.Member {
		if m == 0 {
			return 0
		}
		at, _ := slices.BinarySearch(named, m)
		if named[0] != 0 {
			at++
		}
		return model.Member(at)
	}
	for i := range compact.Lines {
		c := &compact.Lines[i].Command
		c.Actor, c.Peer = number(c.Actor), number(c.Peer)
	}
	existing, _ := slices.BinarySearch(named, model.Member(t.Members)+1)
	if existing > 0 && named[0] == 0 {
		existing--
	}
	compact.Members = uint32(max(existing, 1))
	return &compact
}

// numbersMatter says whether an answer names members, or a policy lets lists lag by the numbers of those concerned.
func numbersMatter(t *trace.Trace) bool {
	policies, err := t.Policies()
	if err != nil || slices.ContainsFunc(policies, func(p model.Policy) bool { return p.Views.Lag.Share > 0 }) {
		return true
	}
	return slices.ContainsFunc(t.Lines, func(l trace.Line) bool {
		return l.Kind == trace.Query && l.Given != nil && l.Command.Verb != model.QueryRelation &&
			l.Command.Verb != model.QueryQuota && l.Command.Verb != model.QueryConnections
	})
}

// near returns the lines that can have to do with the culprit: at 0 hops those of its two members together, at one those of
// either, then those of all whom these name, and so on. Refusals change nothing; those of members at the far end say nothing of
// the near ones.
func (k *shrinker) near(t *trace.Trace, hops int, refusals bool) []trace.Line {
	at := slices.IndexFunc(t.Lines, func(l trace.Line) bool { return l.Number == k.culprit })
	own := &t.Lines[at].Command
	near := map[model.Member]bool{own.Actor: true, own.Peer: true}
	for hop := 0; ; hop++ {
		var lines []trace.Line
		reached := map[model.Member]bool{}
		for i := range t.Lines {
			line := &t.Lines[i]
			c := &line.Command
			refused := line.Kind == trace.Command && line.Given != nil && !line.Given.Outcome.Success()
			switch {
			case line.Number == k.culprit, line.Kind == trace.PolicyChange:
			case c.Peer == 0, !near[c.Actor] && (!near[c.Peer] || refused || line.Kind == trace.Query):
				continue
			case hop == 0 && !(near[c.Actor] && near[c.Peer]), refused && !refusals:
				continue
			}
			lines = append(lines, *line)
			reached[c.Actor], reached[c.Peer] = true, true
		}
		if hop == hops {
			return withAccounts(t, lines, reached)
		}
		if hop > 0 {
			maps.Copy(near, reached)
		}
		delete(near, 0)
	}
}

// withAccounts adds what the members reached did to their own accounts, and what was set up for them.
func withAccounts(t *trace.Trace, lines []trace.Line, reached map[model.Member]bool) []trace.Line {
	have := map[int]bool{}
	for i := range lines {
		have[lines[i].Number] = true
	}
	var all []trace.Line
	for _, line := range t.Lines {
		own := line.Command.Peer == 0 && line.Kind != trace.Query && line.Kind != trace.Advance && reached[line.Command.Actor]
		if have[line.Number] || own {
			all = append(all, line)
		}
	}
	return all
}

// trace is a recording as a trace: the set-up and the recorded calls, as Write has them.
func (h *history) trace(setUp SetUp) *trace.Trace {
	t := setUp.head()
	h.each(setUp, func(line *trace.Line) {
		kept := *line
		if line.Given != nil {
			given := *line.Given
			kept.Given = &given
		}
		t.Lines = append(t.Lines, kept)
	})
	number := 1 + bytes.Count(trace.AppendHeader(nil, t), []byte{'\n'})
	for i := range t.Lines {
		t.Lines[i].Number = number + i
	}
	return t
}

// violation is what a search has found of a recording, as a line of the trace of it.
func (h *history) violation(ctx context.Context, s *search, setUp SetUp, build Builder) *Violation {
	v := s.violation()
	t := h.trace(setUp)
	calls := len(t.Lines) - len(h.recorded)
	v.Line = t.Lines[calls+int(s.puzzle.calls[s.furthest.call].index)]
	v.Shortest = shortestOverlapping(ctx, t, v, build)
	return v
}
