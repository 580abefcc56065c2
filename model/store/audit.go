package store

import (
	"fmt"

	"invitesim/model"
)

// audit is what a member's invitations came to, kept apart from what the rules decide on, how many connections to people outside
// were set up, and how many there were of all kinds after the last set-up.
type audit struct{ sent, ended, outside, given uint32 }

func (s *Store) countSent(m model.Member) {
	if s.keep.audit {
		s.audits.Data[m].sent++
	}
}

// countEnd counts the end of one of m's invitations.
func (s *Store) countEnd(m model.Member) {
	if s.keep.audit {
		s.audits.Data[m].ended++
	}
}

// countSetUp notes the connections that m was given.
func (s *Store) countSetUp(m model.Member) {
	if s.keep.audit {
		s.audits.Data[m].given = s.block(m).connections
	}
}

// given returns how many connections m had after the last set-up, 0 where nobody audits.
func (s *Store) given(m model.Member) uint32 {
	if !s.keep.audit {
		return 0
	}
	return s.audits.Data[m].given
}

// outside returns how many connections of m to people outside were set up, 0 where nobody audits.
func (s *Store) outside(m model.Member) uint32 {
	if !s.keep.audit {
		return 0
	}
	return s.audits.Data[m].outside
}

// Violations recounts what is stored of m from the records themselves at t, and returns what breaks an invariant (RULES.md, Invariants), one sentence each,
// such as "member 20002 at 3d4h: invariant 4: 301 outstanding, and the cap allows 300".
// Evaluated is how many invariants were looked at. Totals (invariant 8) need Options.Audit.
func (s *Store) Violations(t model.Instant, m model.Member) (evaluated int, broken []string) {
	if !s.exists(m) {
		return 0, nil
	}
	var held hold
	t = s.enter(&held, t, &model.Command{Verb: model.QueryReceived, Actor: m})
	defer s.leave(&held)
	s.settle(t, m)
	s.settleSenders(t, m)
	checks := [...]func(model.Instant, model.Member) string{
		s.listsAgree, s.withinConnectionCap, s.withinPendingCap, s.withinLimit, s.conserved,
	}
	for _, check := range checks {
		if text := check(t, m); text != "" {
			broken = append(broken, fmt.Sprintf("member %d at %s: invariant %s", m, t, text))
		}
	}
	return len(checks), broken
}

// listsAgree checks invariants 1, 2, 4 and 7 on the invitations of m's lists: each is outstanding in the records, nobody
// connected or blocked has one, none is overdue, and the counter counts them.
func (s *Store) listsAgree(t model.Instant, m model.Member) string {
	outstanding := uint32(0)
	for _, r := range s.sentRefs(m, nil) {
		if r&refAside != 0 {
			if a := s.aside(r); a.sender != m || a.state == model.Absent || int64(a.expires) <= int64(t) {
				return "4: an invitation in the sent list is none of theirs, or over"
			}
			continue
		}
		outstanding++
		if text := s.pairAgrees(t, m, model.Member(r)); text != "" {
			return text
		}
	}
	for _, r := range s.receivedRefs(m, nil) {
		if r&refAside == 0 {
			if text := s.pairAgrees(t, model.Member(r), m); text != "" {
				return text
			}
		}
	}
	if counted := s.block(m).outstanding; counted != outstanding {
		return fmt.Sprintf("4: %d invitations are counted as outstanding, and %d are in the list", counted, outstanding)
	}
	return ""
}

// pairAgrees checks the slot of an invitation of kind connect that is in a list.
func (s *Store) pairAgrees(t model.Instant, sender, recipient model.Member) string {
	slot := s.slot(sender, recipient)
	switch {
	case slot == nil || slot.bits&bitsOutstanding == 0:
		return fmt.Sprintf("1: the invitation to %d in the list is not outstanding", recipient)
	case (slot.bits&bitFromHigh != 0) != (sender > recipient):
		return fmt.Sprintf("1: the invitation between %d and %d has the wrong sender", sender, recipient)
	case slot.bits&(bitConnected|bitBlockLow|bitBlockHigh) != 0:
		return fmt.Sprintf("2: %d and %d are connected or blocked, and have an invitation outstanding", sender, recipient)
	case int64(s.due(sender, ref(recipient))) <= int64(t):
		return fmt.Sprintf("7: the invitation to %d is overdue", recipient)
	}
	return ""
}

// withinConnectionCap checks invariant 3 against the highest cap so far: connections made by a command never pass it, those of
// set-up may.
func (s *Store) withinConnectionCap(_ model.Instant, m model.Member) string {
	highest := uint32(0)
	for i := range s.epochs {
		highest = max(highest, s.epochs[i].policy.ConnectionCap)
	}
	if n := s.block(m).connections; n > highest && n > s.given(m) {
		return fmt.Sprintf("3: %d connections, and the cap is %d", n, highest)
	}
	return ""
}

// withinPendingCap checks invariant 4 against the highest cap so far.
func (s *Store) withinPendingCap(_ model.Instant, m model.Member) string {
	highest := uint64(0)
	for i := range s.epochs {
		switch p := &s.epochs[i].policy.PendingCap; {
		case p.Mode != model.CapHard:
			return ""
		case p.RefuseAt == model.RefuseExceeded:
			highest = max(highest, uint64(p.Count)+1)
		default:
			highest = max(highest, uint64(p.Count))
		}
	}
	if n := s.block(m).outstanding; uint64(n) > highest {
		return fmt.Sprintf("4: %d outstanding, and the cap allows %d", n, highest)
	}
	return ""
}

// withinLimit checks invariant 5 against the highest limit so far.
func (s *Store) withinLimit(t model.Instant, m model.Member) string {
	highest := uint32(0)
	for i := range s.epochs {
		switch limit := &s.epochs[i].policy.WeeklyLimit; limit.Mode {
		case model.LimitNone:
			return ""
		case model.LimitFixed:
			highest = max(highest, limit.Count)
		case model.LimitDynamic:
			highest = max(highest, limit.Dynamic.Max)
		}
	}
	a := s.loadSender(t, m)
	if used, _ := s.rules.Usage(t, &a); used > highest {
		return fmt.Sprintf("5: %d sends in the window, and the limit is %d", used, highest)
	}
	return ""
}

// conserved checks invariant 8.
func (s *Store) conserved(_ model.Instant, m model.Member) string {
	if !s.keep.audit {
		return ""
	}
	outstanding := uint32(0)
	for _, r := range s.sentRefs(m, nil) {
		if r&refAside == 0 || s.aside(r).state.Outstanding() {
			outstanding++
		}
	}
	a := &s.audits.Data[m]
	if sum := outstanding + a.ended; sum != a.sent {
		return fmt.Sprintf("8: %d sent, and %d outstanding or ended", a.sent, sum)
	}
	return ""
}
