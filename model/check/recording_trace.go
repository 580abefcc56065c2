package check

import (
	"time"

	"invitesim/model"
	"invitesim/model/trace"
)

// head is the world of a recording as the header of a trace.
func (u *SetUp) head() *trace.Trace {
	return &trace.Trace{Name: u.Name, Policy: u.Policy, Members: u.Members, Start: u.Start, Seed: u.Seed}
}

// puzzle returns the recording as calls that may overlap.
func (h *history) puzzle(setUp SetUp) *puzzle {
	p := &puzzle{header: setUp.head(), policies: []model.Policy{setUp.Policy}, prepare: setUp.Lines, repeats: mostRepeated}
	changes := make([]trace.Line, len(h.policies))
	for i := range h.recorded {
		if r := &h.recorded[i]; r.flags&flagPolicy != 0 {
			next := h.policies[r.aside-1]
			changes[r.aside-1] = changeOf(r, &p.policies[len(p.policies)-1], &next)
			p.policies = append(p.policies, next)
		}
	}
	var line trace.Line
	var given trace.Given
	lineOf := func(r *recorded) *trace.Line {
		if r.flags&flagPolicy != 0 {
			return &changes[r.aside-1]
		}
		h.fill(&line, &given, r)
		return &line
	}
	p.line = func(c *call) *trace.Line { return lineOf(&h.recorded[c.index]) }
	p.calls = make([]call, 0, len(h.recorded))
	for i := range h.recorded {
		if c, asks := p.callOf(lineOf(&h.recorded[i]), i); asks {
			c.first = model.Instant(h.recorded[i].at)
			c.last = c.first
			p.calls = append(p.calls, c)
		}
	}
	p.rows = func(c *call) []model.Row { return h.rowsOf(&h.recorded[c.index]) }
	p.countOverlapping()
	p.sort()
	return p
}

// changeOf is the line of a change from one policy to the next.
func changeOf(r *recorded, before, next *model.Policy) trace.Line {
	line := trace.Line{Kind: trace.PolicyChange, Call: time.Duration(r.call), Return: time.Duration(r.answered)}
	for _, d := range model.DiffPolicies(before, next) {
		line.Settings = append(line.Settings, trace.Setting{Path: d.Path, Value: d.B})
	}
	return line
}

// fill writes a recorded command or look at a list into a line.
func (h *history) fill(line *trace.Line, given *trace.Given, r *recorded) {
	*given = r.given()
	*line = trace.Line{
		Call: time.Duration(r.call), Return: time.Duration(r.answered), Command: h.command(r), Given: given,
	}
	if r.verb.IsQuery() {
		line.Kind = trace.Query
		given.Reply = trace.GivenReply(r.verb, model.Reply{Rows: h.rowsOf(r)}).Reply
	}
}

// given is the answer that was recorded.
func (r *recorded) given() trace.Given {
	g := trace.Given{Outcome: r.outcome, HasAt: true, At: time.Duration(r.at) * time.Second}
	g.Bounded = r.flags&flagBounded != 0
	g.HasUntil = g.Bounded || r.outcome == model.RateLimited
	if g.Bounded {
		g.Until = model.Instant(r.until)
		if r.until == neverStamp {
			g.Until = model.Never
		}
	}
	return g
}

// command is what was asked.
func (h *history) command(r *recorded) model.Command {
	if r.verb.IsQuery() {
		return model.Command{Verb: r.verb, Actor: r.actor}
	}
	c := model.Command{
		Verb: r.verb, Kind: r.kind, Setting: model.Inbound(r.flags / flagSetting & 3), Email: r.flags&flagEmail != 0,
		Note: r.note, Actor: r.actor, Peer: r.peer, Subject: r.subject,
	}
	if r.aside > 0 {
		c.Key = h.keys[r.aside-1]
	}
	return c
}

// each gives the lines of the trace to write: the set-up, then the calls second by second. A line is valid until the next.
func (h *history) each(setUp SetUp, write func(*trace.Line)) {
	if setUp.Lines != nil {
		for line := range setUp.Lines {
			write(&line)
		}
	}
	h.calls(&setUp.Policy, write)
}

// calls gives the lines of the calls second by second, and returns the policy in force behind them.
func (h *history) calls(before *model.Policy, write func(*trace.Line)) *model.Policy {
	for from := 0; from < len(h.recorded); {
		until := from + 1
		for until < len(h.recorded) && h.recorded[until].at == h.recorded[from].at {
			until++
		}
		before = h.second(h.recorded[from:until], before, write)
		from = until
	}
	return before
}

// second gives the lines of the calls that were decided in one second, and returns the policy in force behind them.
func (h *history) second(calls []recorded, before *model.Policy, write func(*trace.Line)) *model.Policy {
	var line trace.Line
	var given trace.Given
	clock := clockOf(calls)
	for i := range calls {
		r := &calls[i]
		if r.flags&flagPolicy != 0 {
			next := &h.policies[r.aside-1]
			line = changeOf(r, before, next)
			line.Call = clock.time(r.answered)
			line.Return, before = line.Call, next
		} else {
			h.fill(&line, &given, r)
			line.Call = clock.time(r.call)
			line.Return = clock.answered(r, calls[i+1:])
		}
		write(&line)
	}
	return before
}

// secondClock says where in the second of its decision a call lies.
type secondClock struct {
	second  time.Duration
	first   int64 // the first call
	squeeze int64 // nanoseconds of the recording's clock in one of the trace
	changes bool  // the policy changes in this second
}

// clockOf returns the clock of the calls decided in one second.
func clockOf(calls []recorded) secondClock {
	k := secondClock{second: time.Duration(calls[0].at) * time.Second, first: calls[0].call}
	last := k.first
	for i := range calls {
		k.first, last = min(k.first, calls[i].call), max(last, calls[i].answered)
		k.changes = k.changes || calls[i].flags&flagPolicy != 0
	}
	k.squeeze = 1 + (last-k.first)/int64(time.Second)
	return k
}

// time is an instant of the recording's clock in the trace.
func (k *secondClock) time(clock int64) time.Duration {
	return k.second + time.Duration((clock-k.first)/k.squeeze)
}

// answered is when a call was answered in the trace: no earlier than it was, where times are squeezed, and after a change of policy
// that it overlaps, of the calls that follow.
func (k *secondClock) answered(r *recorded, later []recorded) time.Duration {
	at := k.time(r.answered)
	if k.squeeze > 1 {
		at++
	}
	for i := 0; k.changes && i < len(later); i++ {
		if later[i].flags&flagPolicy != 0 && later[i].call < r.answered {
			at = max(at, k.time(later[i].answered)+1)
		}
	}
	return at
}
