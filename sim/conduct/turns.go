package conduct

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/people"
)

// turn is a send of a member who sends by a rate.
func (s *Share) turn(at uint64, m model.Member) {
	g := s.Crowd.Of(m)
	s.push(g.NextTurn(m, at), actTurn, m, 0)
	s.setOut(at, g, m, at)
}

// timetable plans the k-th sitting of a member, and when to plan the next one. That is at the multiples of the timetable and not at
// the sittings, because a sitting may start after the one that follows it.
func (s *Share) timetable(m model.Member, k uint32) {
	g := s.Crowd.Of(m)
	s.push(g.Sitting(m, uint64(k)), actSitting, m, k)
	if k < numberMask {
		s.push(g.TimetableAt(uint64(k)+1), actTimetable, m, k+1)
	}
}

// sitting is the start of a member's k-th sitting, and its first send.
func (s *Share) sitting(at uint64, m model.Member, k uint32) {
	g := s.Crowd.Of(m)
	if size := g.SittingSize(m, uint64(k)); size > 0 {
		s.inSitting(at, m, size-1)
	}
}

// inSitting is a send within a sitting, which left more sends follow.
func (s *Share) inSitting(at uint64, m model.Member, left uint32) {
	g := s.Crowd.Of(m)
	if left > 0 {
		s.push(at+g.Gap(m, at, left), actInSitting, m, left-1)
	}
	s.setOut(at, g, m, at+uint64(left))
}

// setOut makes a send, to the first person who comes to mind and is not known from the own lists.
func (s *Share) setOut(at uint64, g *people.Group, m model.Member, occasion uint64) {
	if s.absent.has(m) || s.waits(at, m) {
		return
	}
	s.Desk.Planned(m)
	turn := g.Content(m, occasion)
	for attempt := 0; attempt <= people.Redraws; attempt++ {
		peer := s.recipient(g, m, occasion, attempt)
		if !s.familiar(at, m, peer, turn.Kind) {
			s.send(at, g, m, peer, turn, g.Send.WhenRefused.Times)
			return
		}
	}
	s.Desk.Skipped(m)
}

// recipient returns whom a member thinks of on an occasion, which may have been found out already.
func (s *Share) recipient(g *people.Group, m model.Member, occasion uint64, attempt int) model.Member {
	known := &s.thoughts[m%model.Member(len(s.thoughts))]
	if attempt == 0 && known.m == m && known.occasion == occasion {
		return known.peer
	}
	return g.Recipient(m, occasion, attempt)
}

// waits says whether a member begins no send now, because one that was refused comes first.
func (s *Share) waits(at uint64, m model.Member) bool {
	return s.until != nil && uint64(s.until[m]) > at/second
}

// familiar says whether a would not think of inviting b: it is a, or a's lists show that there is nothing to invite b to.
func (s *Share) familiar(at uint64, a, b model.Member, kind model.Kind) bool {
	t := model.Instant(at / second)
	if kind == model.Connect {
		return s.Store.Familiar(t, a, b)
	}
	if a == b {
		return true
	}
	_, asked := s.Store.SentShown(t, a, b, kind, subject(a, kind))
	return asked
}

// subject returns what a member invites to: people invite to their own page and their own event.
func subject(sender model.Member, kind model.Kind) uint32 {
	if kind == model.Connect {
		return 0
	}
	return uint32(sender)
}

// about returns the command that a member gives about somebody. It is the share's own, filled in field by field, which saves
// a copy; no command of a share has a Setting or a Key.
func (s *Share) about(verb model.Verb, turn people.Turn, actor, peer model.Member, subject uint32) *model.Command {
	c := &s.command
	c.Verb, c.Kind, c.Email, c.Note = verb, turn.Kind, turn.Email, turn.Note
	c.Actor, c.Peer, c.Subject = actor, peer, subject
	return c
}

// send gives the command, and plans what follows from its outcome. Left is how many more times it may be tried.
func (s *Share) send(at uint64, g *people.Group, m, peer model.Member, turn people.Turn, left uint32) {
	answer := s.Desk.Do(at, s.about(model.Send, turn, m, peer, subject(m, turn.Kind)))
	switch answer.Outcome {
	case model.WasSent:
		s.sent(g, m, peer, turn.Kind, answer)
	case model.WasConnected:
		s.connected(m, peer, answer)
	case model.RateLimited, model.PendingCapped, model.Restricted, model.Cooldown:
		s.refused(at, g, waitingSend{peer, left, turn}, answer)
	}
}

// sent plans what follows from a new invitation: an answer, a second thought, another try.
func (s *Share) sent(g *people.Group, m, peer model.Member, kind model.Kind, answer *model.Answer) {
	t := answer.At
	invitation := s.Crowd.Invitation(m, peer, kind, t)
	shows := t.After(s.policy.Views.Lag.Of(s.Plan.Seed, m, peer, t)) // in their lists
	again := answer.Again && s.policy.ReceivedList.ShowPrior
	if reply := invitation.Answer(again); reply != people.NoReply {
		what := actAccept + 3*action(reply-people.AcceptIt) + action(kind)
		s.push(invitation.AnswerAt(shows), what, peer, uint32(m))
	}
	if g.Mistakes != nil {
		s.push(invitation.MistakeAt(shows), actMistake+action(kind), m, uint32(peer))
	}
	if expires := t.After(s.policy.Expiry); g.Resend != nil && expires < model.Instant(s.Plan.Duration) && invitation.Resends() {
		s.push(uint64(expires)*second, actSettle, m, 0)
	}
}

// connected plans the end of a new connection, if it is to end.
func (s *Share) connected(a, b model.Member, answer *model.Answer) {
	remover, other, at := s.Crowd.Removal(a, b, answer.SentAt, answer.At)
	if at < s.end {
		s.push(at, actRemove, remover, uint32(other))
	}
}

// refused plans what a member does about a refusal that may pass.
func (s *Share) refused(at uint64, g *people.Group, send waitingSend, answer *model.Answer) {
	m := s.command.Actor
	if answer.Outcome == model.PendingCapped && g.Tidy != nil && g.Tidy.WhenCapped {
		s.startTidying(at+uint64(g.Tidy.Gap)*second, g, m)
	}
	switch g.Send.WhenRefused.Kind {
	case sim.Wait:
		// What the system names lies ahead; were it not so, trying again at once would never end.
		if until := max(answer.Until, model.Instant(at/second)+1); answer.Bounded && uint64(until)*second < s.end {
			s.until[m] = max(s.until[m], uint32(until))
			s.push(uint64(until)*second, actRepeat, m, s.waiting.add(send))
		} else if answer.Bounded {
			s.until[m] = 1<<32 - 1
		}
	case sim.Retry:
		if send.left > 0 {
			send.left--
			if again := at + uint64(g.Send.WhenRefused.Delay)*second; again < s.end {
				s.push(again, actRepeat, m, s.waiting.add(send))
			}
		}
	}
}

// repeat makes a send once more after a refusal. Where its sender waits until after the end of the run, nobody takes it out of those that wait any more:
// it is as if it waited still, and there are no more such sends than the sender had waiting then.
func (s *Share) repeat(at uint64, m model.Member, index uint32) {
	send := s.waiting.take(index)
	if s.absent.has(m) {
		return
	}
	if s.waits(at, m) {
		s.push(uint64(s.until[m])*second, actRepeat, m, s.waiting.add(send))
		return
	}
	s.Desk.Repeated(m)
	if s.familiar(at, m, send.peer, send.turn.Kind) {
		s.Desk.Skipped(m)
		return
	}
	s.send(at, s.Crowd.Of(m), m, send.peer, send.turn, send.left)
}

// resend invites the same person anew some time after an invitation ended. It is a send like others.
func (s *Share) resend(at uint64, m, peer model.Member, kind model.Kind) {
	if s.absent.has(m) || s.waits(at, m) {
		return
	}
	g := s.Crowd.Of(m)
	s.Desk.Planned(m)
	if s.familiar(at, m, peer, kind) {
		s.Desk.Skipped(m)
		return
	}
	turn := g.Content(m, at)
	turn.Kind = kind
	s.send(at, g, m, peer, turn, g.Send.WhenRefused.Times)
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
		panic("conduct: more sends wait to be repeated than can be numbered")
	}
	w.sends = append(w.sends, s)
	return uint32(len(w.sends) - 1)
}

// take returns the send at an index and frees it.
func (w *waiting) take(index uint32) waitingSend {
	w.free = append(w.free, index)
	return w.sends[index]
}
