// Package oracle is the second, deliberately dumb implementation of the rules: it keeps what happened, and answers
// every command and query by reading that history again. It shares words with package model, and no decision.
package oracle

import "invitesim/model"

// Oracle carries out commands by the rules. It holds no figure of anybody: only the history, and it is slow for it. It
// must be used by one goroutine at a time, and its instants never go back.
type Oracle struct {
	members  uint32
	calendar model.Calendar
	seed     uint64
	policies []inForce                 // in the order they came; the last is in force
	history  map[model.Member][]*event // what concerned each member, in the order it happened
	open     []*invitation             // the outstanding ones, in order of sending: those that timers wait for
	settled  model.Instant             // every timer due by then has fired
	alarm    model.Instant             // no timer is due before
	happened int                       // how many events there have been
}

// inForce is a policy with the moment at which it came into force.
type inForce struct {
	policy model.Policy
	at     model.Instant
	order  int // of the first event that it may govern
}

// New returns an oracle of members 1 to the given number, all strangers with open accounts, under a policy. The
// calendar places windows; the seed decides what lists show late.
func New(members uint32, calendar model.Calendar, seed uint64, policy model.Policy) *Oracle {
	return &Oracle{
		members:  members,
		calendar: calendar,
		seed:     seed,
		policies: []inForce{{policy: policy, at: -model.Never}},
		history:  make(map[model.Member][]*event),
		settled:  -model.Never,
		alarm:    model.Never,
	}
}

// Do decides a command at an instant. A query gets no outcome.
func (o *Oracle) Do(t model.Instant, c *model.Command) model.Answer {
	o.settle(t)
	if c.Verb.IsQuery() {
		return model.Answer{At: t}
	}
	if answer, known := o.repetition(t, c); known {
		return answer
	}
	answer := o.decide(t, c)
	o.record(&event{what: decided, at: t, by: c.Actor, to: c.Peer, command: *c, answer: answer}, c.Actor, c.Peer)
	if answer.Outcome == model.RateLimited && c.Kind == model.Connect {
		o.lookAtHits(t, c.Actor)
	}
	return answer
}

// Ask answers a query at an instant.
func (o *Oracle) Ask(t model.Instant, c *model.Command) model.Reply {
	o.settle(t)
	return o.reply(t, c)
}

// ChangePolicy puts a policy in force from an instant on: the timers of that instant still fire under the old one.
func (o *Oracle) ChangePolicy(t model.Instant, p model.Policy) {
	o.settle(t)
	o.policies = append(o.policies, inForce{policy: p, at: t, order: o.happened})
	o.alarm = o.nextTimer()
}

// Connect sets up a connection that exists already. It is false, and nothing happens, where the two cannot be
// connected: the same, missing, closed, connected, blocked, or with an invitation of kind Connect outstanding.
func (o *Oracle) Connect(t model.Instant, a, b model.Member) bool {
	o.settle(t)
	switch {
	case a == b, !o.exists(a), !o.exists(b), o.closed(a), o.closed(b), o.connected(a, b), o.blocks(a, b), o.blocks(b, a):
		return false
	case o.outstanding(a, b, model.Connect, 0) != nil, o.outstanding(b, a, model.Connect, 0) != nil:
		return false
	}
	o.record(&event{what: connected, at: t, by: a, to: b}, a, b)
	return true
}

// Outside sets up n connections of a member to people who are not in the system; they add up.
func (o *Oracle) Outside(a model.Member, n uint32) {
	o.record(&event{what: outside, by: a, number: n}, a)
}

// Opened sets up when a member's account was opened.
func (o *Oracle) Opened(a model.Member, at model.Instant) {
	o.record(&event{what: opened, at: at, by: a}, a)
}

// Outstanding returns how many invitations are outstanding, of all kinds, after what was done last.
func (o *Oracle) Outstanding() int { return len(o.open) }

// policy returns the policy in force.
func (o *Oracle) policy() *model.Policy { return &o.policies[len(o.policies)-1].policy }

// exists says whether a number is a member's.
func (o *Oracle) exists(a model.Member) bool { return a >= 1 && uint32(a) <= o.members }

// record adds an event to the history of everyone whom it concerns.
func (o *Oracle) record(e *event, concerned ...model.Member) {
	e.order = o.happened
	o.happened++
	for i, a := range concerned {
		if i == 0 || a != concerned[0] {
			o.history[a] = append(o.history[a], e)
		}
	}
}

// since returns the order of the first event after the last policy change that changed a figure's span: what was
// counted before is forgotten (RULES.md, L03).
func since[T comparable](o *Oracle, span func(*model.Policy) T) int {
	for i := len(o.policies) - 1; i > 0; i-- {
		if span(&o.policies[i].policy) != span(&o.policies[i-1].policy) {
			return o.policies[i].order
		}
	}
	return 0
}
