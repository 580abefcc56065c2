package virtual

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/people"
)

// turn is a send of a member who sends by a rate.
func (e *engine) turn(at uint64, m model.Member) {
	g := e.crowd.Of(m)
	e.push(g.NextTurn(m, at), actTurn, m, 0)
	e.setOut(at, g, m, at)
}

// sitting is the start of a member's k-th sitting, and its first send.
func (e *engine) sitting(at uint64, m model.Member, k uint32) {
	g := e.crowd.Of(m)
	if k < numberMask {
		e.push(g.Sitting(m, uint64(k)+1), actSitting, m, k+1)
	}
	if size := g.SittingSize(m, uint64(k)); size > 0 {
		e.inSitting(at, m, size-1)
	}
}

// inSitting is a send within a sitting, which left more sends follow.
func (e *engine) inSitting(at uint64, m model.Member, left uint32) {
	g := e.crowd.Of(m)
	if left > 0 {
		e.push(at+g.Gap(m, at, left), actInSitting, m, left-1)
	}
	e.setOut(at, g, m, at+uint64(left))
}

// setOut makes a send, to the first person who comes to mind and is not known from the own lists.
func (e *engine) setOut(at uint64, g *people.Group, m model.Member, occasion uint64) {
	if e.absent.has(m) || e.waits(at, m) {
		return
	}
	e.book.Planned(m)
	turn := g.Content(m, occasion)
	for attempt := 0; attempt <= people.Redraws; attempt++ {
		peer := e.recipient(g, m, occasion, attempt)
		if !e.familiar(at, m, peer, turn.Kind) {
			e.send(at, g, m, peer, turn, g.Send.WhenRefused.Times)
			return
		}
	}
	e.book.Skipped(m)
}

// recipient returns whom a member thinks of on an occasion, which may have been found out already.
func (e *engine) recipient(g *people.Group, m model.Member, occasion uint64, attempt int) model.Member {
	known := &e.thoughts[m%model.Member(len(e.thoughts))]
	if attempt == 0 && known.m == m && known.occasion == occasion {
		return known.peer
	}
	return g.Recipient(m, occasion, attempt)
}

// waits says whether a member begins no send now, because one that was refused comes first.
func (e *engine) waits(at uint64, m model.Member) bool {
	return e.until != nil && uint64(e.until[m]) > at/second
}

// familiar says whether a would not think of inviting b: it is a, or a's lists show that there is nothing to invite b to.
func (e *engine) familiar(at uint64, a, b model.Member, kind model.Kind) bool {
	t := model.Instant(at / second)
	if kind == model.Connect {
		return e.store.Familiar(t, a, b)
	}
	if a == b {
		return true
	}
	_, asked := e.store.SentShown(t, a, b, kind, subject(a, kind))
	return asked
}

// subject returns what a member invites to: people invite to their own page and their own event.
func subject(sender model.Member, kind model.Kind) uint32 {
	if kind == model.Connect {
		return 0
	}
	return uint32(sender)
}

// send gives the command, and plans what follows from its outcome. Left is how many more times it may be tried.
func (e *engine) send(at uint64, g *people.Group, m, peer model.Member, turn people.Turn, left uint32) {
	e.command = model.Command{
		Verb: model.Send, Kind: turn.Kind, Email: turn.Email, Note: turn.Note, Actor: m, Peer: peer, Subject: subject(m, turn.Kind),
	}
	answer := e.do(at)
	switch answer.Outcome {
	case model.WasSent:
		e.sent(g, m, peer, turn.Kind, answer, model.Instant(at/second))
	case model.WasConnected:
		e.connected(m, peer, model.Instant(at/second))
	case model.RateLimited, model.PendingCapped, model.Restricted, model.Cooldown:
		e.refused(at, g, waitingSend{peer, left, turn}, answer)
	}
}

// sent plans what follows from a new invitation: an answer, a second thought, another try.
func (e *engine) sent(g *people.Group, m, peer model.Member, kind model.Kind, answer *model.Answer, t model.Instant) {
	invitation := e.crowd.Invitation(m, peer, kind, t)
	shows := e.shows(m, peer, t)
	again := answer.Again && e.policy.ReceivedList.ShowPrior
	if reply := invitation.Answer(again); reply != people.NoReply {
		what := actAccept + 3*action(reply-people.AcceptIt) + action(kind)
		e.push(invitation.AnswerAt(shows), what, peer, uint32(m))
	}
	if g.Mistakes != nil {
		e.push(invitation.MistakeAt(shows), actMistake+action(kind), m, uint32(peer))
	}
	if expires := t.After(e.policy.Expiry); g.Resend != nil && expires < model.Instant(e.plan.Duration) && invitation.Resends() {
		e.push(uint64(expires)*second, actSettle, m, 0)
	}
}

// connected plans the end of a new connection, if it is to end.
func (e *engine) connected(a, b model.Member, t model.Instant) {
	remover, other, at := e.crowd.Removal(a, b, t)
	if at < e.end {
		e.push(at, actRemove, remover, uint32(other))
	}
}

// refused plans what a member does about a refusal that may pass.
func (e *engine) refused(at uint64, g *people.Group, send waitingSend, answer *model.Answer) {
	m := e.command.Actor
	if answer.Outcome == model.PendingCapped && g.Tidy != nil && g.Tidy.WhenCapped {
		e.startTidying(at+uint64(g.Tidy.Gap)*second, g, m)
	}
	switch g.Send.WhenRefused.Kind {
	case sim.Wait:
		if answer.Bounded && uint64(answer.Until)*second < e.end {
			e.until[m] = max(e.until[m], uint32(answer.Until))
			e.push(uint64(answer.Until)*second, actRepeat, m, e.waiting.add(send))
		} else if answer.Bounded {
			e.until[m] = 1<<32 - 1
		}
	case sim.Retry:
		if send.left > 0 {
			send.left--
			if again := at + uint64(g.Send.WhenRefused.Delay)*second; again < e.end {
				e.push(again, actRepeat, m, e.waiting.add(send))
			}
		}
	}
}

// repeat makes a send once more after a refusal.
func (e *engine) repeat(at uint64, m model.Member, index uint32) {
	send := e.waiting.take(index)
	if e.absent.has(m) {
		return
	}
	if e.waits(at, m) {
		e.push(uint64(e.until[m])*second, actRepeat, m, e.waiting.add(send))
		return
	}
	e.book.Repeated(m)
	if e.familiar(at, m, send.peer, send.turn.Kind) {
		e.book.Skipped(m)
		return
	}
	e.send(at, e.crowd.Of(m), m, send.peer, send.turn, send.left)
}

// resend invites the same person anew some time after an invitation ended. It is a send like others.
func (e *engine) resend(at uint64, m, peer model.Member, kind model.Kind) {
	if e.absent.has(m) || e.waits(at, m) {
		return
	}
	g := e.crowd.Of(m)
	e.book.Planned(m)
	if e.familiar(at, m, peer, kind) {
		e.book.Skipped(m)
		return
	}
	turn := g.Content(m, at)
	turn.Kind = kind
	e.send(at, g, m, peer, turn, g.Send.WhenRefused.Times)
}

// waitingSend is a send that will be made again.
type waitingSend struct {
	peer model.Member
	left uint32
	turn people.Turn
}

// waiting holds the sends to be made again, each at an index that its event names.
type waiting struct {
	sends []waitingSend
	free  []uint32
}

// add keeps a send and returns its index.
func (w *waiting) add(s waitingSend) uint32 {
	if n := len(w.free); n > 0 {
		index := w.free[n-1]
		w.free = w.free[:n-1]
		w.sends[index] = s
		return index
	}
	if len(w.sends) > numberMask {
		panic("virtual: more sends wait to be repeated than can be numbered")
	}
	w.sends = append(w.sends, s)
	return uint32(len(w.sends) - 1)
}

// take returns the send at an index and frees it.
func (w *waiting) take(index uint32) waitingSend {
	w.free = append(w.free, index)
	return w.sends[index]
}
