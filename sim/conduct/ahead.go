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
	soon    = 4  // events that are too near to ask for anything more
)

// thought is whom a member thinks of first on an occasion.
type thought struct {
	occasion uint64
	m, peer  model.Member
}

// prepare asks for the memory that the next events will touch, beyond those that are prepared.
func (s *Share) prepare() {
	from := max(s.prepared, 0)
	s.follow(from)
	events := s.queue.Ahead(from, burst)
	lines := s.lines[:0]
	for i := range events {
		lines = s.appendLines(lines, events[i].At, events[i].Key)
	}
	region.PrefetchAll(lines)
	s.lines = lines
	s.prepared = from + len(events)
}

// appendLines appends the addresses of the memory that an event will touch.
func (s *Share) appendLines(lines []uintptr, at, key uint64) []uintptr {
	what, actor, aux := unkey(key)
	who := s.concerns(at, what, actor, aux)
	lines = s.Store.AppendLines(lines, who.actor, who.peer)
	lines = s.Desk.AppendLines(lines, who.sender)
	lines = s.absent.appendLine(lines, actor)
	switch what {
	case actTurn:
		return s.Crowd.Of(actor).AppendLines(lines, actor)
	case actTidy, actTidyOne:
		return s.tidying.appendLine(lines, actor)
	}
	return lines
}

// follow asks for the memory that prepared events will touch and that only the memory asked for first tells.
func (s *Share) follow(prepared int) {
	for _, e := range s.queue.Ahead(soon, max(prepared-soon, 0)) {
		switch what, actor, _ := unkey(e.Key); what {
		case actTidy, actTidyOne:
			s.Store.PrefetchOldest(actor)
		case actTurn:
			if known := &s.thoughts[actor%model.Member(len(s.thoughts))]; known.m == actor && known.occasion == e.At {
				s.Store.PrefetchSend(actor, known.peer)
			}
		}
	}
}

// concerned are those whose memory an event will touch.
type concerned struct{ actor, peer, sender model.Member }

// concerns returns whom an event will concern.
func (s *Share) concerns(at uint64, what action, actor model.Member, aux uint32) concerned {
	switch {
	case what == actTurn:
		return concerned{actor, s.think(actor, at), actor}
	case what >= actAccept && what < actMistake:
		return concerned{actor, model.Member(aux), model.Member(aux)}
	case what >= actMistake && what < actTidy, what >= actResend && what < actRepeat, what >= actRemove && what <= actBlockAgain:
		return concerned{actor, model.Member(aux), actor}
	case what == actInSitting:
		return concerned{actor, s.think(actor, at+uint64(aux)), actor}
	case what == actRepeat:
		return concerned{actor, s.waiting.sends[aux].peer, actor}
	}
	return concerned{actor, actor, actor} // whom else it concerns, that member's own records tell
}

// think returns whom a member will think of first on an occasion, and keeps it for the turn.
func (s *Share) think(m model.Member, occasion uint64) model.Member {
	peer := s.Crowd.Of(m).Recipient(m, occasion, 0)
	s.thoughts[m%model.Member(len(s.thoughts))] = thought{occasion, m, peer}
	return peer
}
