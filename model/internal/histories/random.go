package histories

import (
	"math/rand/v2"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
)

// Random returns a history of as many commands and queries as asked for, the same for the same seed. Its limits are
// small, so that every refusal is common; its instants often lie exactly on, one second before, or one second after one
// at which something ends; and its commands prefer what exists: invitations to answer, connections to remove.
func Random(seed uint64, commands int) History {
	r := rand.New(rand.NewPCG(seed, 0x1f83d9abfb41bd6b))
	h := History{
		Members:  2 + uint32(r.IntN(7)),
		Calendar: model.Calendar{Start: model.DefaultStart},
		Seed:     r.Uint64(),
		Policy:   randomPolicy(r),
	}
	crowded := r.IntN(8) == 0
	if crowded {
		h.Members += 8 + uint32(r.IntN(24))
		roomyPolicy(r, &h.Policy)
	}
	if r.IntN(2) == 0 {
		h.Calendar.Start += r.Int64N(int64(30 * model.Day))
	}
	g := generator{Rand: r, history: &h, crowded: crowded}
	g.system = oracle.New(h.Members, h.Calendar, h.Seed, h.Policy)
	g.policies = []model.Policy{h.Policy}
	g.habits()
	g.setUp()
	for range commands {
		g.passTime()
		g.sometimesChange()
		g.add(Step{Doing: Commanding, Command: g.command()})
	}
	return h
}

// generator makes one history. It runs an oracle beside, to know what there is to answer and when things end.
type generator struct {
	*rand.Rand
	history  *History
	system   check.System
	policies []model.Policy // those that were in force

	kinds   bool          // pages and events occur
	keys    bool          // keys occur
	notes   bool          // notes occur
	crowded bool          // many members, subjects and keys, and hardly a limit: lists grow long
	oneBusy bool          // the first member does more than the others
	change  int           // 1 in how many steps changes the policy, 0 for never
	still   int           // of 10 steps, how many come at the instant of the one before
	scale   model.Seconds // of a gap between two steps that no end decides

	now       model.Instant
	ends      []model.Instant // at which something may end or begin
	ended     []model.Command // some of the latest commands on invitations that are over, ignored, or new
	keyed     []model.Command // the latest sends with a key
	connected [][2]model.Member
	blocked   [][2]model.Member
	unblocked [][2]model.Member
	closed    []model.Member
}

// habits draws what this history is like.
func (g *generator) habits() {
	g.kinds = g.IntN(2) == 0
	g.keys = g.IntN(3) == 0
	g.notes = g.IntN(2) == 0
	g.oneBusy = g.crowded || g.IntN(2) == 0
	g.change = pick(g.Rand, 0, 0, 200, 60, 15)
	g.still = 4 + g.IntN(5)
	g.scale = pick(g.Rand, 2, model.Minute, 10*model.Minute, model.Hour)
}

// setUp adds some connections, and accounts that were opened before the start.
func (g *generator) setUp() {
	for range g.IntN(3) {
		g.add(Step{Doing: Connecting, Command: model.Command{Actor: g.someone(), Peer: g.someone()}})
	}
	for range g.IntN(3) {
		opened := -model.Instant(someTime(g.Rand))
		g.add(Step{Doing: OpeningAccount, Command: model.Command{Actor: g.someone()}, Opened: opened})
	}
	if g.IntN(4) == 0 {
		g.add(Step{Doing: OutsideConnecting, Command: model.Command{Actor: g.someone()}, Number: 1 + uint32(g.IntN(3))})
	}
}

// add appends a step at the present instant, and learns from what the system answers.
func (g *generator) add(s Step) {
	s.At = g.now
	response := s.Apply(g.system)
	g.history.Steps = append(g.history.Steps, s)
	if s.Doing == Connecting && response.OK {
		g.connected = append(g.connected, [2]model.Member{s.Command.Actor, s.Command.Peer})
	}
	if s.Doing == Commanding {
		g.learn(s.Command, response)
	}
}

// sometimesChange adds a change of policy, to a new one or back to an old one, or a connection from outside the rules.
func (g *generator) sometimesChange() {
	if g.change > 0 && g.IntN(g.change) == 0 {
		p := pick(g.Rand, g.policies...)
		if g.IntN(3) > 0 {
			p = changedPolicy(g.Rand, g.policies[len(g.policies)-1])
		}
		g.policies = append(g.policies, p)
		g.add(Step{Doing: ChangingPolicy, Policy: p})
	}
	switch g.IntN(150) {
	case 0:
		g.add(Step{Doing: Connecting, Command: model.Command{Actor: g.someone(), Peer: g.someone()}})
	case 1:
		g.add(Step{Doing: OutsideConnecting, Command: model.Command{Actor: g.someone()}, Number: 1})
	}
}

// passTime moves on: not at all, to about one of the next ends, or by a random gap.
func (g *generator) passTime() {
	switch choice := g.IntN(10); {
	case choice < g.still:
		return
	case choice < 9 && g.toAnEnd():
		return
	}
	g.moveTo(g.now + model.Instant(g.Int64N(int64(g.scale))))
}

// toAnEnd moves to one of the next ends or a second beside it. It is false where there is none.
func (g *generator) toAnEnd() bool {
	var later []model.Instant
	for _, end := range g.ends {
		if end+1 >= g.now {
			later = append(later, end)
		}
	}
	g.ends = later
	if len(later) == 0 {
		return false
	}
	chosen := pick(g.Rand, later...)
	for range 4 + g.IntN(12) {
		chosen = min(chosen, pick(g.Rand, later...))
	}
	g.moveTo(chosen + pick[model.Instant](g.Rand, 0, 0, 0, -1, 1))
	return true
}

// moveTo moves to an instant, unless it is in the past or after the last that a history may name.
func (g *generator) moveTo(t model.Instant) {
	if t > g.now && t <= model.LastInstant {
		g.now = t
	}
}

// endsAfter notes when something that begins now may end, for lengths that matter to the rules.
func (g *generator) endsAfter(lengths ...model.Seconds) {
	for _, length := range lengths {
		if length > 0 && length < model.Forever {
			g.ends = append(g.ends, g.now.After(length))
		}
	}
}

// boundary notes when the calendar period that holds this instant ends.
func (g *generator) boundary(length model.Seconds) {
	calendar := g.history.Calendar
	g.ends = append(g.ends, calendar.PeriodStart(calendar.Period(g.now, length)+1, length))
}
