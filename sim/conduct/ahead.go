package conduct

import (
	"invitesim/model"
	"invitesim/model/store/region"
)

// A share asks for the memory that events will touch well ahead of their turns, and for that of many events at once:
// then they wait for the translation of their addresses together, where each alone would hold the processor up.
const (
	burst   = 16 // events at once
	leastOf = 16 // events that are left prepared when the next burst begins
)

// thought is whom a member thinks of first on an occasion.
type thought struct {
	occasion uint64
	m, peer  model.Member
}

// further is an event that is prepared, of which the memory that was asked for will tell what else it touches.
type further struct {
	actor, peer model.Member // peer 0: whomever the oldest invitation went to
}

// prepare asks for the memory that the next events will touch, beyond those that are prepared, and for what that of the last burst leads to.
func (s *Share) prepare() {
	s.lines = s.lines[:0]
	for _, event := range s.further {
		if event.peer == 0 {
			s.lines = s.Store.AppendOldest(s.lines, event.actor)
		} else {
			s.lines = s.Store.AppendSend(s.lines, event.actor, event.peer)
		}
	}
	from := max(s.prepared, 0)
	events := s.queue.Ahead(from, burst)
	s.further = s.further[:0]
	for i := range events {
		s.expect(events[i].At, events[i].Key)
	}
	region.PrefetchAll(s.lines)
	s.prepared = from + len(events)
}

// expect collects the addresses of the memory that an event will touch.
func (s *Share) expect(at, key uint64) {
	what, actor, aux := unkey(key)
	peer, sender := actor, actor // whom else it concerns, that member's own records tell
	switch {
	case what == actTurn:
		peer = s.think(actor, at)
		s.further = append(s.further, further{actor, peer})
		s.lines = s.Crowd.Of(actor).AppendLines(s.lines, actor)
	case what >= actAccept && what < actMistake:
		peer, sender = model.Member(aux), model.Member(aux)
	case what == actTidy, what == actTidyOne:
		s.further = append(s.further, further{actor, 0})
		s.lines = s.tidying.appendLine(s.lines, actor)
	case what >= actMistake && what < actTidy, what >= actResend && what < actRepeat, what >= actRemove && what <= actBlockAgain:
		peer = model.Member(aux)
	case what == actInSitting:
		peer = s.think(actor, at+uint64(aux))
	case what == actRepeat:
		peer = s.waiting.sends[aux].peer
	}
	s.lines = s.Store.AppendLines(s.lines, actor, peer)
	s.lines = s.Desk.AppendLines(s.lines, sender)
	s.lines = s.absent.appendLine(s.lines, actor)
}

// think returns whom a member will think of first on an occasion, and keeps it for the turn.
func (s *Share) think(m model.Member, occasion uint64) model.Member {
	peer := s.Crowd.Of(m).Recipient(m, occasion, 0)
	s.thoughts[m%model.Member(len(s.thoughts))] = thought{occasion, m, peer}
	return peer
}
