package check

import (
	"slices"

	"invitesim/model"
)

// choice is a place in the order at which more than one call fitted.
type choice struct {
	cursor cursor
	order  int32   // decisions before it
	group  []int32 // the open calls whose order may matter
	rest   []int32 // of these, the ones that fitted and were not tried first
}

// choose remembers that others of a group would have fitted here, too.
func (s *search) choose(group, others []int32) {
	at := s.cursor
	at.open = slices.Clone(at.open)
	s.choices = append(s.choices, choice{
		cursor: at, order: int32(len(s.order)), group: group, rest: slices.Clone(others),
	})
	for _, i := range group {
		c := &s.puzzle.calls[i]
		s.lasting = s.lasting || c.lasts()
	}
}

// mostRepeated bounds how many decisions are repeated to try other choices after the search has last come further. Choices are
// tried from the latest backwards, and what they change is mostly levelled out a few calls later, so that what lies further back has
// little chance to help.
const mostRepeated = 20_000_000

// turnBack goes back to the latest choice that can have to do with where the search is stuck, and chooses otherwise. It is false
// where there is none, or enough have been tried.
func (s *search) turnBack() (bool, error) {
	reach := s.reachOf()
	for len(s.choices) > 0 {
		last := &s.choices[len(s.choices)-1]
		if touches := reach.touches(last); !touches || len(last.rest) == 0 {
			s.choices = s.choices[:len(s.choices)-1]
			continue
		}
		if s.repeated > s.puzzle.repeats {
			s.countUntried(reach)
			return false, nil
		}
		instead := last.rest[0]
		last.rest = last.rest[1:]
		s.passed.abandon(last.cursor.next, s.cursor.next)
		s.cursor = last.cursor
		s.cursor.open = slices.Clone(last.cursor.open)
		if err := s.begin(int(last.order)); err != nil {
			return false, err
		}
		if fits, err := s.decide(instead); fits || err != nil {
			return fits, err
		}
	}
	return false, nil
}

// countUntried counts the choices left that can have to do with where the search is stuck.
func (s *search) countUntried(reach *reach) {
	for i := len(s.choices) - 1; i >= 0; i-- {
		if reach.touches(&s.choices[i]) {
			s.untried += len(s.choices[i].rest)
		}
	}
}

// reach is how far back, and to whom, the reasons can go why a call has no place.
type reach struct {
	s        *search
	own      [2]*call // that have no place: in the order at hand, and in the one that came furthest
	members  map[model.Member]bool
	anybody  bool
	earliest int64 // the first call of those that it concerns
}

func (s *search) reachOf() *reach {
	r := &reach{s: s, members: map[model.Member]bool{}}
	r.own = [2]*call{&s.puzzle.calls[s.latest], &s.puzzle.calls[s.furthest.call]}
	r.earliest = r.own[0].called
	r.add(r.own[0])
	r.add(r.own[1])
	return r
}

func (r *reach) add(c *call) {
	r.anybody = r.anybody || c.effect == sweeping
	r.members[c.actor] = true
	if c.peer != 0 {
		r.members[c.peer] = true
	}
	r.earliest = min(r.earliest, c.called)
}

// touches says whether a choice can be among the reasons, and if so, goes on from there. A choice of an earlier second, or of
// calls that were all answered before, cannot be, unless what it leaves behind shows later.
func (r *reach) touches(of *choice) bool {
	meets, overlaps, lasting := r.anybody, false, false
	for _, i := range of.group {
		c := &r.s.puzzle.calls[i]
		meets = meets || c.effect == sweeping || r.members[c.actor] || r.members[c.peer]
		overlaps = overlaps || c.answered > r.earliest && of.cursor.second == r.s.cursor.second
		lasting = lasting || c.lasts() || r.watches(c)
	}
	if !meets || !overlaps && !lasting {
		return false
	}
	for _, i := range of.group {
		r.add(&r.s.puzzle.calls[i])
	}
	return true
}

// watches says whether the order of a call with others can show at one of the calls that have no place.
func (r *reach) watches(c *call) bool {
	k := &r.s.passed
	return (k.watches(c.actor) || k.watches(c.peer)) && (c.meets(r.own[0]) || c.meets(r.own[1]))
}

// passed knows the places that a search was in: which calls were open when the next was taken up. Where the same calls are
// decided with the same answers, what they leave behind is the same in whatever order they were, but for the order of
// lists and of what only some policies count in order: that is part of the place where it can be seen.
type passed struct {
	everybody bool                    // order matters to every member
	watched   map[model.Member]bool   // else to these
	left      map[model.Member]uint64 // the order of the calls of those watched
	place     uint64
	path      []uint64 // the place at each call, on the way at hand
	vain      map[placeAt]struct{}
}

type placeAt struct {
	next  int32
	place uint64
}

// passedFor looks which order may be seen later.
func passedFor(p *puzzle) passed {
	k := passed{watched: map[model.Member]bool{}, path: make([]uint64, len(p.calls)), vain: map[placeAt]struct{}{}}
	for i := range p.policies {
		policy := &p.policies[i]
		dynamic := policy.WeeklyLimit.Mode == model.LimitDynamic && policy.WeeklyLimit.Dynamic.Acceptance.Sample > 0
		k.everybody = k.everybody || dynamic || policy.Restrict.On.AcceptOver > 0
	}
	set := map[model.Member]int64{} // when the latest inbound setting was answered
	for i := range p.calls {
		c := &p.calls[i]
		switch {
		case c.looksAtList():
			if len(p.rows(c)) > 1 {
				k.watched[c.actor] = true
			}
		case c.verb == model.QueryNotices:
			if given := p.line(c).Given; given != nil && len(given.Reply) > 1 {
				k.watched[c.actor] = true
			}
		case c.verb == model.SetInbound:
			if before, again := set[c.actor]; again && before > c.called {
				k.watched[c.actor] = true
			}
			set[c.actor] = max(set[c.actor], c.answered)
		}
	}
	return k
}

func (k *passed) watches(m model.Member) bool { return m != 0 && (k.everybody || k.watched[m]) }

func (k *passed) watchesAny() bool { return k.everybody || len(k.watched) > 0 }

// reset goes back to the beginning, with these calls open.
func (k *passed) reset(open []int32) {
	k.place, k.left = 0, map[model.Member]uint64{}
	for _, i := range open {
		k.toggle(i)
	}
}

// toggle opens a call, or closes it.
func (k *passed) toggle(i int32) { k.place ^= model.Mix(uint64(i), 1) }

// leave enters what a decision leaves behind besides being made.
func (k *passed) leave(c *call, i int32, at model.Instant) {
	switch {
	case c.effect == free:
		return
	case c.changesPolicy():
		k.place ^= model.Mix(k.place, uint64(i)+2) // which calls it came before
	case c.loose():
		k.place ^= model.Mix(uint64(i)<<1|1, uint64(at))
	}
	for _, m := range [2]model.Member{c.actor, c.peer} {
		if k.watches(m) {
			before := k.left[m]
			after := model.Mix(before, uint64(m)<<32|uint64(i))
			k.left[m] = after
			k.place ^= before ^ after
		}
	}
}

// enter notes the place before a call is taken up. It is false where a search from there was in vain.
func (k *passed) enter(next int32) bool {
	if len(k.vain) > 0 {
		if _, vain := k.vain[placeAt{next, k.place}]; vain {
			return false
		}
	}
	k.path[next] = k.place
	return true
}

// abandon notes that from the places between two calls the search was in vain.
func (k *passed) abandon(from, to int32) {
	for next := from; next < to; next++ {
		k.vain[placeAt{next, k.path[next]}] = struct{}{}
	}
}
