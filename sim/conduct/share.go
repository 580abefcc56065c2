package conduct

import (
	"context"
	"fmt"
	"slices"
	"unsafe"

	"invitesim/model"
	"invitesim/model/store"
	"invitesim/sim"
	"invitesim/sim/people"
	"invitesim/sim/virtual/queue"
)

// second is the nanoseconds of a second.
const second = 1_000_000_000

// Desk is where members give their commands: the engine of one clock. Instants are the planned ones, in nanoseconds of the
// people's time since the start.
type Desk interface {
	// Do decides a command and accounts for it. The answer is good until the next call. One without an outcome is to a command that is
	// not given after all: nothing follows from it.
	Do(at uint64, c *model.Command) *model.Answer
	// Ask asks a query and accounts for it.
	Ask(at uint64, c *model.Command)
	// Settle fires the timers of a member that are due by an instant.
	Settle(t model.Instant, m model.Member)
	// Planned counts a send that a member sets out to make: the next of their commands, or Skipped.
	Planned(m model.Member)
	// Skipped counts a send that found nobody to invite.
	Skipped(m model.Member)
	// Repeated counts a send that is made once more after a refusal: the next of their commands, or Skipped.
	Repeated(m model.Member)
	// AppendLines appends the addresses of the memory in which a command on an invitation of this sender will be accounted for, for a
	// prefetch of many. The sender exists.
	AppendLines(lines []uintptr, sender model.Member) []uintptr
	// Forward hands an event over to the share that conducts its actor. It is called only for those of other shares.
	Forward(e queue.Event)
}

// Options are what a share works with.
type Options struct {
	Plan   *sim.Plan
	Crowd  *people.Crowd
	Store  *store.Store
	Desk   Desk
	Index  int // of this share
	Shares int // how many there are; 1 for all members in one
}

// Share conducts some of the members: all of their events, and what they have in mind. It belongs to one goroutine.
type Share struct {
	Options
	end     uint64 // of the run, in nanoseconds
	queue   queue.Queue
	policy  *model.Policy                // in force
	command model.Command                // the one that is being given
	absent  bitset                       // members who left
	tidying bitset                       // members in the middle of tidying
	reached map[model.Member][]model.Row // what those in the middle of tidying withdrew last, of one second; nil where lists never lag
	until   []uint32                     // second before which a member begins no other send; nil where nobody waits
	waiting waiting                      // sends to be made again

	prepared int          // so many of the next events have been prepared
	lines    []uintptr    // that are asked for at a time
	further  []further    // of the last burst
	thoughts [256]thought // by member: what was found out for events ahead
}

// bitset is a set of members; nil is empty and stays so.
type bitset []uint64

func newBitset(members uint32) bitset { return make(bitset, members/64+1) }

func (b bitset) has(m model.Member) bool { return b != nil && b[m/64]&(1<<(m%64)) != 0 }

// appendLine appends the address of a member's bit, for a prefetch of many.
func (b bitset) appendLine(lines []uintptr, m model.Member) []uintptr {
	if b == nil {
		return lines
	}
	return append(lines, uintptr(unsafe.Pointer(&b[m/64])))
}

func (b bitset) put(m model.Member) { b[m/64] |= 1 << (m % 64) }

func (b bitset) drop(m model.Member) { b[m/64] &^= 1 << (m % 64) }

// groupOf is how many members in a row belong to one share: as many as share a word of a bitset, so that shares never write to
// the same line of memory.
const groupOf = 64

// OwnerOf returns the index of the share that conducts a member, of so many shares.
func OwnerOf(m model.Member, shares int) int { return int(m/groupOf) % shares }

// NewShare returns a share in which nobody has planned anything. The error is of a plan with more members than events can
// name.
func NewShare(o Options) (*Share, error) {
	if o.Plan.Members() > mostMembers {
		return nil, fmt.Errorf("%d members are too many for a run (at most %d)", o.Plan.Members(), mostMembers)
	}
	s := &Share{Options: o, end: uint64(o.Plan.Duration) * second, policy: &o.Plan.Policy}
	groups := o.Crowd.Groups()
	for i := range groups {
		g := &groups[i]
		if g.Leave != nil && s.absent == nil {
			s.absent = newBitset(o.Plan.Members())
		}
		if g.Tidy != nil && s.tidying == nil {
			s.tidying = newBitset(o.Plan.Members())
			if slices.ContainsFunc(o.Plan.Policies(), func(p model.Policy) bool { return p.Views.Lag.Share > 0 }) {
				s.reached = make(map[model.Member][]model.Row)
			}
		}
		if g.Send != nil && g.Send.WhenRefused.Kind == sim.Wait && s.until == nil {
			s.until = make([]uint32, o.Plan.Members()+1)
		}
	}
	return s, nil
}

// Release gives the memory back. The share must not be used any more.
func (s *Share) Release() { s.queue.Release() }

// Owns says whether this share conducts a member.
func (s *Share) Owns(m model.Member) bool { return s.Shares == 1 || OwnerOf(m, s.Shares) == s.Index }

// beginAtOnce is how many members begin between two looks at the context.
const beginAtOnce = 1 << 14

// Begin plans the first events of every member of the share. Equip, if given, is called for each of them before: it sets up what
// they have when the run starts. When the context is cancelled the rest of them have nothing, and do nothing.
func (s *Share) Begin(ctx context.Context, equip func(m model.Member, start people.Start)) {
	groups := s.Crowd.Groups()
	for i := range groups {
		g := &groups[i]
		for m := g.First; m < g.First+model.Member(g.Count); m++ {
			if m%beginAtOnce == 0 && ctx.Err() != nil {
				return
			}
			if s.Owns(m) {
				equip(m, g.StartOf(m))
				s.begin(g, m)
			}
		}
	}
}

// begin plans the first events of a member.
func (s *Share) begin(g *people.Group, m model.Member) {
	s.push(g.FirstTurn(m), actTurn, m, 0)
	s.push(g.TimetableAt(0), actTimetable, m, 0)
	s.push(g.TidyAt(m), actTidy, m, 0)
	s.push(g.LeaveAt(m), actLeave, m, 0)
	s.push(g.NextLook(m, sim.RateLookReceived, 0), actReceived, m, 0)
	s.push(g.NextLook(m, sim.RateLookSent, 0), actSent, m, 0)
}

// push plans an event. What comes after the end of the run is dropped.
func (s *Share) push(at uint64, what action, actor model.Member, aux uint32) {
	if at >= s.end {
		return
	}
	e := queue.Event{At: at, Key: key(what, actor, aux)}
	if s.Owns(actor) {
		s.queue.Push(e)
	} else {
		s.Desk.Forward(e)
	}
}

// Push plans an event that another share forwarded, or that was taken out and has not happened.
func (s *Share) Push(e queue.Event) { s.queue.Push(e) }

// Pop takes the next event out; ok is false where there is none.
func (s *Share) Pop() (e queue.Event, ok bool) { return s.queue.Pop() }

// ActorOf returns whose event it is.
func ActorOf(e queue.Event) model.Member {
	_, actor, _ := unkey(e.Key)
	return actor
}

// ChangePolicy tells what policy is in force from now on.
func (s *Share) ChangePolicy(p *model.Policy) { s.policy = p }

// Handle lets an event happen that Pop has returned. It asks the processor for the memory of those ahead.
func (s *Share) Handle(event queue.Event) {
	if s.prepared--; s.prepared < leastOf {
		s.prepare()
	}
	what, actor, aux := unkey(event.Key)
	if what == actTurn {
		s.turn(event.At, actor)
		return
	}
	peer := model.Member(aux)
	switch {
	case what == actSettle:
		s.settle(event.At, actor)
	case what < actReconsider:
		s.answer(event.At, actor, peer, what)
	case what < actMistake:
		s.comeBack(event.At, actor, peer, what)
	case what < actTidy:
		s.mistake(event.At, actor, peer, model.Kind(what-actMistake))
	case what >= actResend && what < actRepeat:
		s.resend(event.At, actor, peer, model.Kind(what-actResend))
	default:
		s.handleRest(event.At, what, actor, aux)
	}
}

// handleRest lets the rarer events happen.
func (s *Share) handleRest(at uint64, what action, actor model.Member, aux uint32) {
	switch what {
	case actTidy:
		s.tidy(at, actor)
	case actTidyOne:
		s.tidyOne(at, actor, aux)
	case actRemove:
		s.remove(at, actor, model.Member(aux))
	case actUnblock:
		s.unblock(at, actor, model.Member(aux))
	case actBlockAgain:
		s.blockAgain(at, actor, model.Member(aux))
	case actLeave:
		s.leave(at, actor)
	case actBack:
		s.back(at, actor)
	case actRepeat:
		s.repeat(at, actor, aux)
	case actTimetable:
		s.timetable(actor, aux)
	case actSitting:
		s.sitting(at, actor, aux)
	case actInSitting:
		s.inSitting(at, actor, aux)
	case actReceived, actSent:
		s.look(at, actor, what)
	}
}
