package check

import (
	"fmt"
	"time"

	"invitesim/model"
	"invitesim/model/trace"
)

// player takes the lines of a trace through a system, one by one.
type player struct {
	file    string
	system  System
	policy  model.Policy // in force
	figures Figures
}

func newPlayer(t *trace.Trace, build Builder) (*player, error) {
	policies, err := t.Policies()
	if err != nil {
		return nil, err
	}
	system, err := build(t.Members, t.Start, t.Seed, policies)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.Name, err)
	}
	return &player{file: t.Name, system: system, policy: t.Policy}, nil
}

func (p *player) release() { Release(p.system) }

// Release gives back what a system holds, if it has a method for that.
func Release(s System) {
	if releaser, ok := s.(interface{ Release() }); ok {
		releaser.Release()
	}
}

// played is what the model answers to a line.
type played struct {
	answer  model.Answer
	reply   model.Reply
	skipped bool // the line asked nothing of the rules
}

// play does what a line says in the second in which it was decided. The error is a mistake of the trace.
func (p *player) play(l *trace.Line) (played, error) { return p.playAt(decidedAt(l), l) }

func (p *player) playAt(now model.Instant, l *trace.Line) (played, error) {
	p.figures.Lines++
	c := l.Command
	switch l.Kind {
	case trace.Command:
		if overloaded(l) {
			p.figures.Skipped++
			return played{skipped: true}, nil
		}
		p.figures.Commands++
		return played{answer: p.system.Do(now, &c)}, nil
	case trace.Query:
		p.figures.Queries++
		return played{reply: p.system.Ask(now, &c)}, nil
	case trace.PolicyChange:
		next, err := l.PolicyAfter(p.policy)
		if err != nil {
			return played{}, l.Mistake(p.file, err.Error())
		}
		p.policy = next
		p.system.ChangePolicy(now, next)
	case trace.Connect:
		if !p.system.Connect(now, c.Actor, c.Peer) {
			return played{}, l.NotConnectable(p.file)
		}
	case trace.Outside:
		p.system.Outside(c.Actor, l.Count)
	case trace.Opened:
		p.system.Opened(c.Actor, l.Opened)
	}
	return played{skipped: true}, nil
}

// overloaded says whether a service refused a command before it reached the rules.
func overloaded(l *trace.Line) bool {
	return l.Kind == trace.Command && l.Given != nil && l.Given.Outcome == model.Overloaded
}

// decidedAt is the second in which a line was decided: the one that it gives, if that lies between call and answer. One that
// does not is compared with the model's later.
func decidedAt(l *trace.Line) model.Instant {
	call := trace.Instant(l.Call)
	if l.Given == nil || !l.Given.HasAt {
		return call
	}
	return min(max(trace.Instant(l.Given.At), call), trace.Instant(l.Return))
}

// fits says whether the answer that a line gives is the model's.
func (a *played) fits(l *trace.Line) bool { return a.fitsAt(decidedAt(l), l) }

func (a *played) fitsAt(now model.Instant, l *trace.Line) bool {
	if l.Kind == trace.Command {
		return l.Given.Allows(a.answer)
	}
	return l.Given.AllowsReply(l.Command.Verb, a.reply) && (!l.Given.HasAt || trace.Instant(l.Given.At) == now)
}

// given is the model's answer as a line would give it; with at= where the line had one.
func (a *played) given(l *trace.Line) *trace.Given { return a.givenAt(decidedAt(l), l) }

func (a *played) givenAt(now model.Instant, l *trace.Line) *trace.Given {
	g := trace.GivenAnswer(a.answer)
	if l.Kind == trace.Query {
		g = trace.GivenReply(l.Command.Verb, a.reply)
	}
	if l.Given != nil && l.Given.HasAt {
		g.HasAt, g.At = true, l.Given.At
		if trace.Instant(g.At) != now {
			g.At = time.Duration(now) * time.Second
		}
	}
	return g
}

// text is the model's answer in the words of a trace.
func (a *played) text(l *trace.Line) string { return a.textAt(decidedAt(l), l) }

func (a *played) textAt(now model.Instant, l *trace.Line) string {
	filled := *l
	filled.Given = a.givenAt(now, l)
	return givenText(&filled)
}

// givenText is the answer of a line in the words of a trace.
func givenText(l *trace.Line) string { return trace.FormatGiven(l.Given, l.Kind) }
