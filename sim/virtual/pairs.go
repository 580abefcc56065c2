package virtual

import (
	"cmp"
	"fmt"
	"slices"

	"invitesim/model"
)

// pairs watches those invariants that show only in what happens between two members, one thing after another: 6, nothing is sent inside a
// cooldown or under a bar, and 10, nobody is reminded of what is not pending any more. It goes by the answers alone.
type pairs struct {
	cooldown  model.Seconds // in force
	waits     map[direction]model.Instant
	bars      map[direction]bool
	keys      map[keyOf]model.Instant // when they were first used
	cancelled cancelled

	reminds   bool            // whether notices are kept, to look for reminders in
	intervals []model.Seconds // from a send to a reminder, under any policy of the run
	step      model.Seconds
	pending   map[invitation]pendingSpan
	due       map[int64][]reminder // those that must not come, by the step in which they would
	looked    int64                // steps that were looked at

	evaluated uint64
	broken    []string
}

// direction is from one member to another.
type direction struct{ from, to model.Member }

// keyOf is an idempotency key of a member.
type keyOf struct {
	actor model.Member
	key   string
}

// cancelled is the last invitation of kind connect that was cancelled.
type cancelled struct {
	direction
	at model.Instant
}

// invitation names what can be outstanding once only.
type invitation struct {
	sender, recipient model.Member
	kind              model.Kind
	subject           uint32
}

// pendingSpan is how long the latest invitation of its name was pending.
type pendingSpan struct {
	sentAt, until model.Instant // until: the last instant
	over          bool
}

// reminder is one that must not come: the invitation was no longer pending.
type reminder struct {
	invitation
	at model.Instant
}

// newPairs returns a watch over a run with these policies. Reminds says whether the system keeps notices.
func newPairs(policies []model.Policy, step model.Seconds, reminds bool) *pairs {
	p := &pairs{
		waits: map[direction]model.Instant{}, bars: map[direction]bool{}, keys: map[keyOf]model.Instant{},
		step: step, reminds: reminds, pending: map[invitation]pendingSpan{}, due: map[int64][]reminder{},
	}
	for i := range policies {
		p.intervals = append(p.intervals, policies[i].Reminders...)
	}
	slices.Sort(p.intervals)
	p.intervals = slices.Compact(p.intervals)
	return p
}

// command takes a decided command in.
func (p *pairs) command(t model.Instant, c *model.Command, a *model.Answer) {
	if c.Key != "" && p.repeats(t, c) {
		return
	}
	out, in := direction{c.Actor, c.Peer}, direction{c.Peer, c.Actor}
	own, received := invitation{c.Actor, c.Peer, c.Kind, c.Subject}, invitation{c.Peer, c.Actor, c.Kind, c.Subject}
	switch a.Outcome {
	case model.WasSent:
		p.sent(t, own)
	case model.WasWithdrawn:
		if c.Kind == model.Connect {
			p.waits[out] = t.After(p.cooldown)
		}
		p.ended(t, own)
	case model.WasBlocked:
		if p.cancelled == (cancelled{out, t}) {
			p.waits[out] = t.After(p.cooldown)
		}
	case model.WasReported:
		p.bars[in] = true
		p.ended(t, received)
	case model.WasIgnored, model.WasAccepted:
		p.ended(t, received)
	case model.WasConnected:
		p.connected(out)
		p.ended(t, received)
	}
}

// repeats says whether a send only repeats an earlier one with the same key, within a day.
func (p *pairs) repeats(t model.Instant, c *model.Command) bool {
	key := keyOf{c.Actor, c.Key}
	if first, used := p.keys[key]; used && t < first.After(model.Day) {
		return true
	}
	p.keys[key] = t
	return false
}

// connected drops what stood between two members.
func (p *pairs) connected(d direction) {
	for _, way := range []direction{d, {d.to, d.from}} {
		delete(p.waits, way)
		delete(p.bars, way)
	}
}

// sent looks at a new invitation: invariant 6.
func (p *pairs) sent(t model.Instant, i invitation) {
	way := direction{i.sender, i.recipient}
	p.evaluated += 2
	if p.bars[way] {
		p.breaks(t, i.sender, "6: an invitation to %s under a bar", i.recipient)
	}
	if until, waits := p.waits[way]; waits && i.kind == model.Connect && t < until {
		p.breaks(t, i.sender, "6: an invitation to %s inside a cooldown until %s", i.recipient, until)
	}
	if p.reminds {
		p.pending[i] = pendingSpan{sentAt: t, until: model.Never}
	}
}

// breaks notes what breaks an invariant.
func (p *pairs) breaks(t model.Instant, m model.Member, format string, arguments ...any) {
	p.broken = append(p.broken, fmt.Sprintf("member %d at %s: invariant ", m, t)+fmt.Sprintf(format, arguments...))
}

// lapsed takes in the end of an invitation that no command asked for.
func (p *pairs) lapsed(t model.Instant, i invitation, state model.State) {
	if state == model.Cancelled && i.kind == model.Connect {
		p.cancelled = cancelled{direction{i.sender, i.recipient}, t}
	}
	if state == model.Expired {
		t-- // what expires at an instant is not reminded of at that instant
	}
	p.ended(t, i)
}

// ended notes that an invitation is not pending behind t, and which of its reminders must not come.
func (p *pairs) ended(t model.Instant, i invitation) {
	span, known := p.pending[i]
	if !known || span.over {
		return
	}
	span.until, span.over = t, true
	p.pending[i] = span
	for _, interval := range p.intervals {
		if at := span.sentAt.After(interval); at > t && at < model.Never {
			step := int64(at) / int64(p.step)
			p.due[step] = append(p.due[step], reminder{i, at})
		}
	}
}

// endStep looks for the reminders that must not have come by t, the last instant of a step: invariant 10. Notices returns what a member
// has been told by t. It returns how many notices it read.
func (p *pairs) endStep(t model.Instant, notices func(model.Member) []model.Notice) (read int) {
	for ; p.looked <= int64(t)/int64(p.step); p.looked++ {
		due := p.due[p.looked]
		delete(p.due, p.looked)
		slices.SortStableFunc(due, func(a, b reminder) int { return cmp.Compare(a.recipient, b.recipient) })
		var told []model.Notice
		for k := range due {
			if k == 0 || due[k].recipient != due[k-1].recipient {
				told = notices(due[k].recipient)
				read += len(told) + 1
			}
			if due[k].at <= t {
				p.reminder(&due[k], told)
			}
		}
	}
	return read
}

// reminder looks for one reminder that must not have come.
func (p *pairs) reminder(r *reminder, told []model.Notice) {
	p.evaluated++
	came := slices.ContainsFunc(told, func(n model.Notice) bool {
		return n.Notice == model.NoticeReminded && n.At == r.at && n.Peer == r.sender && n.Kind == r.kind && n.Subject == r.subject
	})
	if came && !p.mayRemind(r) {
		p.breaks(r.at, r.recipient, "10: a reminder of %s's invitation, which was no longer pending", r.sender)
	}
}

// mayRemind says whether a later invitation of the same name has a reminder at that very instant.
func (p *pairs) mayRemind(r *reminder) bool {
	latest := p.pending[r.invitation]
	after := model.Seconds(r.at - latest.sentAt)
	return latest.sentAt < r.at && r.at <= latest.until && slices.Contains(p.intervals, after)
}
