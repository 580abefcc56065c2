package histories

import (
	"strconv"

	"invitesim/model"
)

// someone returns a member: where one is busy, often that one.
func (g *generator) someone() model.Member {
	if g.oneBusy && g.IntN(3) == 0 {
		return 1
	}
	return 1 + model.Member(g.Uint32N(g.history.Members))
}

// member returns a member, and now and then a number that is none.
func (g *generator) member() model.Member {
	if g.IntN(120) == 0 {
		return model.Member(g.history.Members) + 1 + model.Member(g.IntN(2))
	}
	return g.someone()
}

// peerOf returns another member than a, and now and then the same, or none. In a crowd one is more asked for than others.
func (g *generator) peerOf(a model.Member) model.Member {
	if g.IntN(100) == 0 {
		return pick(g.Rand, a, model.Member(g.history.Members)+1)
	}
	if g.crowded && a != 2 && g.IntN(3) == 0 {
		return 2
	}
	b := 1 + model.Member(g.Uint32N(g.history.Members-1))
	if b >= a {
		b++
	}
	return b
}

// command returns what somebody asks next.
func (g *generator) command() model.Command {
	if len(g.closed) > 0 && g.IntN(8) == 0 {
		return model.Command{Verb: model.Reopen, Actor: pick(g.Rand, g.closed...)}
	}
	if g.crowded && g.IntN(2) == 0 {
		return g.send()
	}
	switch n := g.IntN(100); {
	case n < 50:
		return g.send()
	case n < 57:
		return g.onInvitation(model.Withdraw)
	case n < 67:
		return g.onInvitation(model.Accept)
	case n < 70:
		return g.onInvitation(model.Ignore)
	case n < 73:
		return g.onInvitation(model.Report)
	case n < 74:
		return g.onPair(model.Block, g.unblocked)
	case n < 76:
		return g.onPair(model.Unblock, g.blocked)
	case n < 80:
		return g.onPair(model.Remove, g.connected)
	case n < 83:
		return g.onAccount()
	}
	return g.query()
}

// onAccount returns a command on the member's own account. Mostly the setting is one that lets invitations pass.
func (g *generator) onAccount() model.Command {
	c := model.Command{Verb: model.SetInbound, Actor: g.member()}
	switch g.IntN(20) {
	case 0:
		c.Verb = model.Reopen
	case 1, 2, 3, 4:
		c.Verb = model.Close
	}
	if c.Verb == model.SetInbound {
		c.Setting = pick(g.Rand, model.Anyone, model.Anyone, model.Anyone, model.Anyone, model.Email, model.Nobody)
	}
	return c
}

// query returns a query of any verb.
func (g *generator) query() model.Command {
	first := int(model.QuerySent)
	c := model.Command{Verb: model.Verb(first + g.IntN(model.Verbs-first)), Actor: g.member()}
	if c.Verb.NamesPeer() {
		c.Peer = g.peerOf(c.Actor)
	}
	return c
}

// send returns a send: the one of before again, one that crosses another, one to somebody asked before, or any.
func (g *generator) send() model.Command {
	if g.keys && len(g.keyed) > 0 && g.IntN(5) == 0 {
		c := pick(g.Rand, g.keyed...)
		if g.IntN(4) == 0 {
			c = g.otherContent(c)
		}
		return c
	}
	c := model.Command{Verb: model.Send, Actor: g.member(), Email: g.IntN(2) == 0}
	c.Peer = g.stranger(c.Actor)
	c.Kind, c.Subject = g.kind()
	switch n := g.IntN(10); {
	case n == 0:
		c.Actor, c.Peer, c.Kind, c.Subject = g.invitation(c.Peer, c.Actor)
	case n <= 2 && len(g.ended) > 0:
		before := pick(g.Rand, g.ended...)
		c.Actor, c.Peer, c.Kind, c.Subject = before.Actor, before.Peer, before.Kind, before.Subject
	}
	if g.notes && g.IntN(3) == 0 {
		c.Note = pick[uint16](g.Rand, 1, 1, 1, 49, 50, 50, 51, 300, 300, 301)
	}
	if g.keys && g.IntN(3) == 0 {
		c.Key = g.key()
	}
	return c
}

// key returns an idempotency key, one of a few so that they meet again.
func (g *generator) key() string {
	if g.crowded {
		return "k" + strconv.Itoa(g.IntN(40))
	}
	return pick(g.Rand, "k1", "k2", "k3")
}

// otherContent returns a send with the same key that asks for something else.
func (g *generator) otherContent(c model.Command) model.Command {
	switch g.IntN(4) {
	case 0:
		c.Email = !c.Email
	case 1:
		c.Note++
	case 2:
		c.Peer = g.peerOf(c.Actor)
	default:
		c.Kind, c.Subject = g.kind()
	}
	return c
}

// kind returns what an invitation invites to.
func (g *generator) kind() (model.Kind, uint32) {
	if !g.kinds || g.IntN(2) == 0 {
		return model.Connect, 0
	}
	subjects := 2
	if g.crowded {
		subjects = 10
	}
	return pick(g.Rand, model.Page, model.Event), 1 + uint32(g.IntN(subjects))
}

// stranger returns another member, mostly one with whom the first has nothing yet.
func (g *generator) stranger(a model.Member) model.Member {
	b := g.peerOf(a)
	for range 4 {
		question := model.Command{Verb: model.QueryRelation, Actor: a, Peer: b}
		if g.IntN(6) == 0 || g.system.Ask(g.now, &question).Relation == model.NoRelation {
			break
		}
		b = g.peerOf(a)
	}
	return b
}

// onInvitation returns a command on an invitation: mostly one that exists or did, seen from the right side.
func (g *generator) onInvitation(verb model.Verb) model.Command {
	c := model.Command{Verb: verb}
	switch n := g.IntN(10); {
	case n < 7:
		a := g.someone()
		c.Peer, c.Actor, c.Kind, c.Subject = g.invitation(a, g.peerOf(a))
	case n < 9 && len(g.ended) > 0:
		i := pick(g.Rand, g.ended...)
		c.Peer, c.Actor, c.Kind, c.Subject = i.Actor, i.Peer, i.Kind, i.Subject
	default:
		c.Peer = g.member()
		c.Actor = g.peerOf(c.Peer)
		c.Kind, c.Subject = g.kind()
	}
	if verb == model.Withdraw {
		c.Actor, c.Peer = c.Peer, c.Actor
	}
	return c
}

// invitation returns sender, recipient, kind and subject of an outstanding invitation, as far as the sent list of a random
// member shows one; else of any that might be, between the two given.
func (g *generator) invitation(a, b model.Member) (from, to model.Member, kind model.Kind, subject uint32) {
	for range 4 {
		sender := g.someone()
		rows := g.system.Ask(g.now, &model.Command{Verb: model.QuerySent, Actor: sender}).Rows
		if len(rows) > 0 {
			row := pick(g.Rand, rows...)
			return sender, row.Peer, row.Kind, row.Subject
		}
	}
	kind, subject = g.kind()
	return a, b, kind, subject
}

// onPair returns a command on two members: often two of whom it is known to make sense, seen from either side.
func (g *generator) onPair(verb model.Verb, known [][2]model.Member) model.Command {
	if len(known) > 0 && g.IntN(4) > 0 {
		pair := pick(g.Rand, known...)
		if verb == model.Remove && g.IntN(2) == 0 {
			pair[0], pair[1] = pair[1], pair[0]
		}
		return model.Command{Verb: verb, Actor: pair[0], Peer: pair[1]}
	}
	a := g.member()
	return model.Command{Verb: verb, Actor: a, Peer: g.peerOf(a)}
}

// learn takes in what a command or query brought.
func (g *generator) learn(c model.Command, response Response) {
	p := &g.policies[len(g.policies)-1]
	answer := response.Answer
	if answer.Bounded {
		g.ends = append(g.ends, answer.Until)
	}
	if quota := response.Reply.Quota; quota.Restricted {
		g.ends = append(g.ends, quota.RestrictedUntil)
	}
	if c.Key != "" {
		g.keyed = appendLatest(g.keyed, c)
		g.endsAfter(model.Day)
	}
	pair := [2]model.Member{c.Actor, c.Peer}
	switch answer.Outcome {
	case model.WasSent:
		g.learnSent(c, p)
	case model.WasConnected, model.WasAccepted, model.WasWithdrawn:
		g.remember(c)
		if answer.Outcome == model.WasConnected {
			g.connected = append(g.connected, pair)
		}
		g.endsAfter(p.Resend.Cooldown, p.SentList.KeepWithdrawn)
	case model.WasIgnored:
		g.remember(c)
	case model.WasBlocked:
		g.blocked = append(g.blocked, pair)
		g.endsAfter(p.Resend.Cooldown)
	case model.WasUnblocked:
		g.blocked = without(g.blocked, pair)
		g.unblocked = appendLatest(g.unblocked, pair)
		g.endsAfter(p.Block.ReblockAfter)
	case model.WasRemoved:
		g.connected = without(without(g.connected, pair), [2]model.Member{c.Peer, c.Actor})
		g.endsAfter(p.Removal.Cooldown)
	case model.WasClosed:
		g.closed = append(g.closed, c.Actor)
	case model.WasReopened:
		g.closed = without(g.closed, c.Actor)
	case model.RateLimited:
		g.endsAfter(p.Restrict.On.HitsWithin)
	}
}

// remember keeps a command as the send of the invitation that it was about.
func (g *generator) remember(c model.Command) {
	if c.Verb == model.Accept || c.Verb == model.Ignore {
		c.Actor, c.Peer = c.Peer, c.Actor
	}
	g.ended = appendLatest(g.ended, c)
}

// learnSent takes in a new invitation.
func (g *generator) learnSent(c model.Command, p *model.Policy) {
	g.endsAfter(p.Expiry, p.WeeklyLimit.Period, p.PendingCap.Ratio.OlderThan, p.Restrict.On.OldPending.OlderThan)
	g.endsAfter(p.Reminders...)
	g.endsAfter(p.Views.Lag.Of(g.history.Seed, c.Actor, c.Peer, g.now))
	g.boundary(p.WeeklyLimit.Period)
	if p.WeeklyLimit.Mode == model.LimitDynamic {
		g.boundary(p.WeeklyLimit.Dynamic.Activity.Period)
	}
	if c.Note > 0 {
		g.boundary(30 * model.Day)
	}
	if g.IntN(4) == 0 {
		g.ended = appendLatest(g.ended, c)
	}
}

// appendLatest appends to a list of which only the last few are kept.
func appendLatest[T any](list []T, x T) []T {
	const kept = 8
	list = append(list, x)
	if len(list) > kept {
		return list[len(list)-kept:]
	}
	return list
}

// without returns a list without an element.
func without[T comparable](list []T, x T) []T {
	var rest []T
	for _, y := range list {
		if y != x {
			rest = append(rest, y)
		}
	}
	return rest
}
