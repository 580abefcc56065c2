package conduct

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/people"
)

// answer lets a recipient answer an invitation, if the own list still shows the very one that is meant.
func (s *Share) answer(at uint64, recipient, sender model.Member, what action) {
	if s.absent.has(recipient) {
		return
	}
	t, kind := model.Instant(at/second), model.Kind((what-actAccept)%3)
	sentAt, ok := s.Store.Shown(t, sender, recipient, kind, subject(sender, kind))
	if !ok {
		return
	}
	invitation := s.Crowd.Invitation(sender, recipient, kind, sentAt)
	if !invitation.IsAnswer(at) {
		return
	}
	if what >= actBlock {
		s.block(at, recipient, sender)
		return
	}
	verb := model.Accept
	switch {
	case what >= actReport:
		verb = model.Report
	case what >= actIgnore:
		verb = model.Ignore
	}
	c := s.about(verb, people.Turn{Kind: kind}, recipient, sender, subject(sender, kind))
	switch answer := s.Desk.Do(at, c); answer.Outcome {
	case model.WasConnected:
		s.connected(recipient, sender, answer)
	case model.WasIgnored:
		s.push(invitation.ReconsiderAt(answer.At), actReconsider+action(kind), recipient, uint32(sender))
	case model.WasReported:
		s.push(invitation.ReportAgainAt(answer.At), actReportAgain+action(kind), recipient, uint32(sender))
	}
}

// comeBack lets a recipient accept what they ignored, or report once more what they reported, gone or not. A command names the two whom it
// concerns, so nobody gives it who would hit an invitation that came later.
func (s *Share) comeBack(at uint64, recipient, sender model.Member, what action) {
	if s.absent.has(recipient) {
		return
	}
	t, kind := model.Instant(at/second), model.Kind((what-actReconsider)%3)
	if sentAt, ok := s.Store.Outstanding(t, sender, recipient, kind, subject(sender, kind)); ok {
		invitation := s.Crowd.Invitation(sender, recipient, kind, sentAt)
		if what < actReportAgain && !invitation.IsReconsidered(at) || what >= actReportAgain && !invitation.IsReportedAgain(at) {
			return
		}
	}
	verb := model.Accept
	if what >= actReportAgain {
		verb = model.Report
	}
	c := s.about(verb, people.Turn{Kind: kind}, recipient, sender, subject(sender, kind))
	if answer := s.Desk.Do(at, c); answer.Outcome == model.WasConnected {
		s.connected(recipient, sender, answer)
	}
}

// mistake lets a sender withdraw what should not have been sent, if the own list still shows the very one that is meant.
func (s *Share) mistake(at uint64, sender, recipient model.Member, kind model.Kind) {
	if s.absent.has(sender) {
		return
	}
	sentAt, ok := s.Store.SentShown(model.Instant(at/second), sender, recipient, kind, subject(sender, kind))
	if !ok {
		return
	}
	if invitation := s.Crowd.Invitation(sender, recipient, kind, sentAt); invitation.IsMistake(at) {
		s.withdraw(at, sender, recipient, kind, subject(sender, kind))
	}
}

// withdraw takes an invitation back. It is false where the command was not given after all.
func (s *Share) withdraw(at uint64, sender, recipient model.Member, kind model.Kind, subject uint32) bool {
	answer := s.Desk.Do(at, s.about(model.Withdraw, people.Turn{Kind: kind}, sender, recipient, subject))
	if answer.Outcome == model.WasWithdrawn {
		s.planResend(sender, recipient, kind, answer.SentAt, answer.At)
	}
	return answer.Outcome != model.NoOutcome
}

// tidy begins to tidy up because the timetable says so.
func (s *Share) tidy(at uint64, m model.Member) {
	g := s.Crowd.Of(m)
	s.push(at+uint64(g.Tidy.Every)*second, actTidy, m, 0)
	s.startTidying(at, g, m)
}

// startTidying plans the first withdrawal, unless the member is at it already.
func (s *Share) startTidying(at uint64, g *people.Group, m model.Member) {
	if g.Tidy.AtMost == 0 || s.absent.has(m) || s.tidying.has(m) {
		return
	}
	s.tidying.put(m)
	delete(s.reached, m)
	s.push(at, actTidyOne, m, min(g.Tidy.AtMost, numberMask)-1)
}

// tidyOne withdraws the next invitation if it is old enough, after which left more may follow.
func (s *Share) tidyOne(at uint64, m model.Member, left uint32) {
	s.tidying.drop(m)
	if s.absent.has(m) {
		return
	}
	g, t := s.Crowd.Of(m), model.Instant(at/second)
	row, ok := s.next(t, m)
	if !ok || row.Since.After(g.Tidy.OlderThan) > t || !s.withdraw(at, m, row.Peer, row.Kind, row.Subject) {
		return
	}
	if left > 0 {
		s.tidying.put(m)
		s.push(at+uint64(g.Tidy.Gap)*second, actTidyOne, m, left-1)
		s.Store.PrefetchOldest(m) // the next is often too near to be among the events ahead
	}
}

// next returns what a member who tidies withdraws next: the oldest invitation of the own list, or where lists lag the one behind the last,
// which may stand there still. Who finds that the list is wrong goes on down the list.
func (s *Share) next(t model.Instant, m model.Member) (row model.Row, ok bool) {
	last := s.reached[m]
	if len(last) == 0 {
		row, ok = s.Store.Oldest(t, m)
	} else {
		row, ok = s.Store.OldestBehind(t, m, last)
	}
	if ok && s.reached != nil {
		if len(last) > 0 && last[0].Since != row.Since {
			last = last[:0]
		}
		s.reached[m] = append(last, row)
	}
	return row, ok
}

// remove ends a connection, if it is the very one that is meant.
func (s *Share) remove(at uint64, m, peer model.Member) {
	if sentAt, ok := s.Store.Connected(m, peer); ok && !s.absent.has(m) && s.Crowd.IsRemoval(m, peer, sentAt, at) {
		s.command = model.Command{Verb: model.Remove, Actor: m, Peer: peer}
		s.Desk.Do(at, &s.command)
	}
}

// block blocks somebody, and plans that it is undone, if it is to be.
func (s *Share) block(at uint64, m, peer model.Member) {
	s.command = model.Command{Verb: model.Block, Actor: m, Peer: peer}
	if answer := s.Desk.Do(at, &s.command); answer.Outcome == model.WasBlocked {
		s.push(s.Crowd.UnblockAt(m, peer, answer.At), actUnblock, m, uint32(peer))
	}
}

// unblock undoes a block.
func (s *Share) unblock(at uint64, m, peer model.Member) {
	if s.absent.has(m) || !s.Store.Blocks(m, peer) {
		return
	}
	s.command = model.Command{Verb: model.Unblock, Actor: m, Peer: peer}
	if answer := s.Desk.Do(at, &s.command); answer.Outcome == model.WasUnblocked {
		s.push(s.Crowd.BlockAgainAt(m, peer, answer.At), actBlockAgain, m, uint32(peer))
	}
}

// blockAgain blocks somebody once more after the block was undone.
func (s *Share) blockAgain(at uint64, m, peer model.Member) {
	if !s.absent.has(m) && !s.Store.Blocks(m, peer) {
		s.block(at, m, peer)
	}
}

// leave closes the account.
func (s *Share) leave(at uint64, m model.Member) {
	s.command = model.Command{Verb: model.Close, Actor: m}
	s.Desk.Do(at, &s.command)
	s.absent.put(m)
	s.push(s.Crowd.Of(m).BackAt(m, at), actBack, m, 0)
}

// back opens the account again.
func (s *Share) back(at uint64, m model.Member) {
	s.command = model.Command{Verb: model.Reopen, Actor: m}
	s.Desk.Do(at, &s.command)
	s.absent.drop(m)
}

// look reads one of the own lists.
func (s *Share) look(at uint64, m model.Member, what action) {
	g := s.Crowd.Of(m)
	rate, verb := sim.RateLookReceived, model.QueryReceived
	if what == actSent {
		rate, verb = sim.RateLookSent, model.QuerySent
	}
	s.push(g.NextLook(m, rate, at), what, m, 0)
	if s.absent.has(m) {
		return
	}
	s.command = model.Command{Verb: verb, Actor: m}
	s.Desk.Ask(at, &s.command)
}

// settle lets the timers of a member fire who waits for one of them.
func (s *Share) settle(at uint64, m model.Member) { s.Desk.Settle(model.Instant(at/second), m) }
