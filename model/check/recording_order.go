package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"invitesim/model"
	"invitesim/model/trace"
)

// Two clocks say when a recorded call was decided: the recording's, between call and answer, and the people's, in which its second lies. The search
// goes by seconds, so it must be told what the seconds of all calls together say about the first clock.
//
// Of two calls that share a member, the one of the earlier second was decided first. So each was decided no earlier than any call of an earlier
// second with which it shares a member was called, or could be, and no later than any of a later second was answered. Where that leaves a
// call no moment between its call and its answer, some calls were decided in seconds that contradict the order in which they really came; else
// the search gets the moments that are left. Calls that share no member may be decided in seconds of any order.

// moments bounds from below at which moments the calls of a puzzle were decided.
type moments struct {
	earliest []int64 // by call
	because  []int32 // the call of an earlier second from which the bound comes, -1 for the call itself
	of       map[model.Member]int32
	policy   int32 // the last change of policy of earlier seconds, -1 for none: it concerns everybody
	last     int32 // the call of earlier seconds with the latest bound, of those that concern a member or all; -1 for none
	members  model.Member
}

// earliestOf goes through the calls in an order of their seconds, each second given as indices. Own is when a call was called.
func (p *puzzle) earliestOf(seconds func(func([]int32)), own func(*call) int64) *moments {
	m := &moments{
		earliest: make([]int64, len(p.calls)), because: make([]int32, len(p.calls)), of: map[model.Member]int32{},
		policy: -1, last: -1, members: model.Member(p.header.Members),
	}
	seconds(func(calls []int32) {
		for _, i := range calls {
			m.earliest[i], m.because[i] = own(&p.calls[i]), -1
			m.bound(i, &p.calls[i])
		}
		for _, i := range calls {
			m.enter(i, &p.calls[i])
		}
	})
	return m
}

// exists says whether a number is that of a member: those who do not exist share nothing.
func (m *moments) exists(member model.Member) bool { return member != 0 && member <= m.members }

// bound raises the bound of a call to those of the calls of earlier seconds that concern it.
func (m *moments) bound(i int32, c *call) {
	if c.changesPolicy() {
		m.raise(i, m.last)
		return
	}
	for _, member := range [2]model.Member{c.actor, c.peer} {
		if !m.exists(member) {
			continue
		}
		m.raise(i, m.policy)
		if before, ok := m.of[member]; ok {
			m.raise(i, before)
		}
	}
}

func (m *moments) raise(i, before int32) {
	if before >= 0 && m.earliest[before] > m.earliest[i] {
		m.earliest[i], m.because[i] = m.earliest[before], before
	}
}

// enter makes a call one of an earlier second.
func (m *moments) enter(i int32, c *call) {
	if c.changesPolicy() {
		m.policy, m.last = m.later(i, m.policy), m.later(i, m.last)
		return
	}
	for _, member := range [2]model.Member{c.actor, c.peer} {
		if !m.exists(member) {
			continue
		}
		before, ok := m.of[member]
		if !ok {
			before = -1
		}
		m.of[member], m.last = m.later(i, before), m.later(i, m.last)
	}
}

// later returns that of two calls which has the later bound.
func (m *moments) later(i, other int32) int32 {
	if other >= 0 && m.earliest[other] >= m.earliest[i] {
		return other
	}
	return i
}

// bySecond gives the indices of the calls of each second, the first second first.
func (p *puzzle) bySecond(give func([]int32)) {
	var calls []int32
	for i := range p.calls {
		if len(calls) > 0 && p.calls[i].first != p.calls[i-1].first {
			give(calls)
			calls = calls[:0]
		}
		calls = append(calls, int32(i))
	}
	give(calls)
}

// bySecondBackwards gives the last second first.
func (p *puzzle) bySecondBackwards(give func([]int32)) {
	var calls []int32
	for i := len(p.calls) - 1; i >= 0; i-- {
		if len(calls) > 0 && p.calls[i].first != p.calls[i+1].first {
			give(calls)
			calls = calls[:0]
		}
		calls = append(calls, int32(i))
	}
	give(calls)
}

// narrow leaves of the time between call and answer what the seconds of all calls allow. Where nothing is left of a call's, it returns calls
// that contradict each other: each shares a member with the next and was decided in an earlier second, and yet the first was called after the last
// was answered.
func (p *puzzle) narrow() (contradiction []int32) {
	m := p.earliestOf(p.bySecond, func(c *call) int64 { return c.called })
	for i := range p.calls {
		if m.earliest[i] > p.calls[i].answered {
			return p.chain(m, int32(i))
		}
	}
	back := p.earliestOf(p.bySecondBackwards, func(c *call) int64 { return -c.answered })
	for i := range p.calls {
		p.calls[i].called, p.calls[i].answered = m.earliest[i], -back.earliest[i]
	}
	return nil
}

// chain returns the calls because of which a call has no moment left, the earliest second first, and no more of them than it takes.
func (p *puzzle) chain(m *moments, last int32) []int32 {
	chain := []int32{last}
	for m.because[chain[len(chain)-1]] >= 0 {
		chain = append(chain, m.because[chain[len(chain)-1]])
	}
	slices.Reverse(chain)
	called := p.calls[chain[0]].called
	end := slices.IndexFunc(chain, func(i int32) bool { return p.calls[i].answered < called })
	return chain[:end+1]
}

// carriedOver says whether the order that the search found within each second can be carried from one second to the next: whether there are moments
// in that order, each between call and answer, at which the calls that share members were decided.
func (s *search) carriedOver() bool {
	p := s.puzzle
	m := p.earliestOf(func(give func([]int32)) {
		for i := range s.order {
			give([]int32{s.order[i].call})
		}
	}, func(c *call) int64 { return c.called })
	return !slices.ContainsFunc(s.order, func(d decided) bool { return m.earliest[d.call] > p.calls[d.call].answered })
}

// contradicting is the violation of calls whose seconds contradict the order in which they came.
func (h *history) contradicting(p *puzzle, chain []int32, setUp SetUp) *Violation {
	t := h.trace(setUp)
	lines := t.Lines[len(t.Lines)-len(h.recorded):]
	short := *t
	short.Lines = nil
	for _, i := range chain {
		r := &h.recorded[p.calls[i].index]
		line := lines[p.calls[i].index]
		line.Comment = fmt.Sprintf("called at %s, answered at %s of the clock that recorded", time.Duration(r.call), time.Duration(r.answered))
		short.Lines = append(short.Lines, line)
	}
	slices.SortStableFunc(short.Lines, func(a, b trace.Line) int { return cmp.Compare(a.Call, b.Call) })
	first, last := lines[p.calls[chain[0]].index], lines[p.calls[chain[len(chain)-1]].index]
	given := fmt.Sprintf("at=%s", p.calls[chain[0]].first) // of a change of policy, which has no answer
	if first.Given != nil {
		given = givenText(&first)
	}
	return &Violation{
		File: t.Name, Line: first, Given: given, Answer: fmt.Sprintf("at=%s or later", p.calls[chain[len(chain)-1]].first),
		Because:  fmt.Sprintf("line %d, decided then, had been answered before this was called", last.Number),
		Shortest: &short,
	}
}
