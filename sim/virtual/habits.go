package virtual

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/people"
)

// answer lets a recipient answer an invitation, if the own list still shows the very one that is meant.
func (e *engine) answer(at uint64, recipient, sender model.Member, what action) {
	if e.absent.has(recipient) {
		return
	}
	t, kind := model.Instant(at/second), model.Kind((what-actAccept)%3)
	sentAt, ok := e.store.Shown(t, sender, recipient, kind, subject(sender, kind))
	if !ok {
		return
	}
	if invitation := e.crowd.Invitation(sender, recipient, kind, sentAt); !invitation.IsAnswer(at) {
		return
	}
	e.command = model.Command{Kind: kind, Actor: recipient, Peer: sender, Subject: subject(sender, kind)}
	switch {
	case what < actIgnore:
		e.command.Verb = model.Accept
	case what < actReport:
		e.command.Verb = model.Ignore
	case what < actBlock:
		e.command.Verb = model.Report
	default:
		e.command = model.Command{Verb: model.Block, Actor: recipient, Peer: sender}
	}
	switch answer := e.do(at); answer.Outcome {
	case model.WasConnected:
		e.connected(recipient, sender, t)
	case model.WasBlocked:
		if undo := e.crowd.UnblockAt(recipient, sender, t); undo < e.end {
			e.push(undo, actUnblock, recipient, uint32(sender))
		}
	}
}

// mistake lets a sender withdraw what should not have been sent, if the own list still shows the very one that is meant.
func (e *engine) mistake(at uint64, sender, recipient model.Member, kind model.Kind) {
	if e.absent.has(sender) {
		return
	}
	sentAt, ok := e.store.SentShown(model.Instant(at/second), sender, recipient, kind, subject(sender, kind))
	if !ok {
		return
	}
	if invitation := e.crowd.Invitation(sender, recipient, kind, sentAt); invitation.IsMistake(at) {
		e.withdraw(at, sender, recipient, kind, subject(sender, kind))
	}
}

// withdraw takes an invitation back. It is false where the system did not.
func (e *engine) withdraw(at uint64, sender, recipient model.Member, kind model.Kind, subject uint32) bool {
	e.command = model.Command{Verb: model.Withdraw, Kind: kind, Actor: sender, Peer: recipient, Subject: subject}
	answer := e.do(at)
	if answer.Outcome != model.WasWithdrawn {
		return false
	}
	e.planResend(sender, recipient, kind, answer.SentAt, model.Instant(at/second))
	return true
}

// tidy begins to tidy up because the timetable says so.
func (e *engine) tidy(at uint64, m model.Member) {
	g := e.crowd.Of(m)
	e.push(at+uint64(g.Tidy.Every)*second, actTidy, m, 0)
	e.startTidying(at, g, m)
}

// startTidying plans the first withdrawal, unless the member is at it already.
func (e *engine) startTidying(at uint64, g *people.Group, m model.Member) {
	if g.Tidy.AtMost == 0 || e.absent.has(m) || e.tidying.has(m) {
		return
	}
	e.tidying.put(m)
	e.push(at, actTidyOne, m, min(g.Tidy.AtMost, numberMask)-1)
}

// tidyOne withdraws the oldest invitation if it is old enough, after which left more may follow. Who finds that a list
// is wrong, stops.
func (e *engine) tidyOne(at uint64, m model.Member, left uint32) {
	e.tidying.drop(m)
	if e.absent.has(m) {
		return
	}
	g, t := e.crowd.Of(m), model.Instant(at/second)
	row, ok := e.store.Oldest(t, m)
	if !ok || row.Since.After(g.Tidy.OlderThan) > t || !e.withdraw(at, m, row.Peer, row.Kind, row.Subject) {
		return
	}
	if left > 0 {
		e.tidying.put(m)
		e.push(at+uint64(g.Tidy.Gap)*second, actTidyOne, m, left-1)
	}
}

// remove ends a connection.
func (e *engine) remove(at uint64, m, peer model.Member) {
	if !e.absent.has(m) && e.store.Connected(m, peer) {
		e.command = model.Command{Verb: model.Remove, Actor: m, Peer: peer}
		e.do(at)
	}
}

// unblock undoes a block.
func (e *engine) unblock(at uint64, m, peer model.Member) {
	if !e.absent.has(m) && e.store.Blocks(m, peer) {
		e.command = model.Command{Verb: model.Unblock, Actor: m, Peer: peer}
		e.do(at)
	}
}

// leave closes the account.
func (e *engine) leave(at uint64, m model.Member) {
	e.command = model.Command{Verb: model.Close, Actor: m}
	e.do(at)
	e.absent.put(m)
	e.push(e.crowd.Of(m).BackAt(m, at), actBack, m, 0)
}

// back opens the account again.
func (e *engine) back(at uint64, m model.Member) {
	e.command = model.Command{Verb: model.Reopen, Actor: m}
	e.do(at)
	e.absent.drop(m)
}

// look reads one of the own lists.
func (e *engine) look(at uint64, m model.Member, what action) {
	g := e.crowd.Of(m)
	rate, verb := sim.RateLookReceived, model.QueryReceived
	if what == actSent {
		rate, verb = sim.RateLookSent, model.QuerySent
	}
	e.push(g.NextLook(m, rate, at), what, m, 0)
	if e.absent.has(m) {
		return
	}
	e.command = model.Command{Verb: verb, Actor: m}
	e.query(model.Instant(at / second))
}
