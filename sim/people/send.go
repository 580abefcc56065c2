package people

import (
	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// Redraws is how many times a sender thinks of somebody else before a turn is skipped.
const Redraws = 8

// Turn is one send that a member sets out to make, as far as it can be known ahead of time.
type Turn struct {
	Kind  model.Kind
	Email bool
	Note  uint16
}

// FirstTurn returns the first instant at which a member sends by a rate, in nanoseconds since the start.
func (g *Group) FirstTurn(m model.Member) uint64 { return g.NextTurn(m, 0) }

// NextTurn returns when a member who sent at an instant sends next.
func (g *Group) NextTurn(m model.Member, at uint64) uint64 {
	if g.rates.of[sim.RateSend] == nil {
		return Never
	}
	factor := 1.0
	if g.factors != nil {
		factor = float64(g.factors[g.place(m)])
	}
	return g.rates.next(sim.RateSend, at, float64(g.content.rate*factor), g.draw(chance.Sending, g.key(m), at))
}

// TimetableAt returns when the k-th multiple on the timetable of the sittings is, from 0 on, in nanoseconds since the start; 0 for one
// before the run, and Never where there is none. The sitting that belongs to it starts no earlier.
func (g *Group) TimetableAt(k uint64) uint64 {
	start, ok := g.multiple(k)
	if !ok {
		return Never
	}
	return uint64(max(0, start)) * second
}

// multiple returns the k-th multiple on the timetable, in seconds since the start: it is in local time, and may be before the run. It is
// false where nobody sits, or not within any run.
func (g *Group) multiple(k uint64) (start int64, ok bool) {
	if g.Send == nil || g.Send.Sittings == nil || k > uint64(model.LastInstant) {
		return 0, false
	}
	start = int64(k)*int64(g.Send.Sittings.Every) - int64(g.Zone)
	return start, start <= int64(model.LastInstant)
}

// Sitting returns when a member's k-th sitting starts, from 0 on, in nanoseconds since the start; Never where there is
// none, or where it starts before the run. Its time of day is local. What scales rates does not touch sittings.
func (g *Group) Sitting(m model.Member, k uint64) uint64 {
	start, ok := g.multiple(k)
	if !ok {
		return Never
	}
	at := uint64(0)
	if d := g.Send.Sittings.At; d != nil {
		at = nanoseconds(d.Draw(g.draw(chance.SittingAt, g.key(m), k)))
	}
	if at >= Never {
		return Never
	}
	if start < 0 {
		early := uint64(-start) * second
		if at < early {
			return Never
		}
		return at - early
	}
	return uint64(start)*second + at
}

// SittingSize returns how many sends a sitting has.
func (g *Group) SittingSize(m model.Member, k uint64) uint32 {
	return wholeNumber(g.Send.Sittings.Size.Draw(g.draw(chance.SittingSize, g.key(m), k)), 1<<28-1)
}

// Gap returns how long after a send of a sitting the next one comes, in nanoseconds. Left is how many sends remain.
func (g *Group) Gap(m model.Member, at uint64, left uint32) uint64 {
	return nanoseconds(g.Send.Sittings.Gap.Draw(g.draw(chance.SittingGap, g.key(m), at+uint64(left))))
}

// content is what sends are, as it is drawn.
type content struct {
	rate          float64      // mean, of a member and second
	connect, page chance.Share // page: or connect
	email, note   chance.Share
}

func newContent(of *sim.Sending) content {
	return content{
		rate:    of.Rate,
		connect: chance.ShareOf(of.Kinds[model.Connect]), page: chance.ShareOf(of.Kinds[model.Connect] + of.Kinds[model.Page]),
		email: chance.ShareOf(of.Email), note: chance.ShareOf(of.Note),
	}
}

// Content returns what a send is. Occasion tells sends of one member apart.
func (g *Group) Content(m model.Member, occasion uint64) Turn {
	who, c, turn := g.key(m), &g.content, Turn{}
	if c.connect < chance.Always {
		switch random := g.streams[chance.Kind].Of(who).Bits(occasion); {
		case c.connect.Has(random):
		case c.page.Has(random):
			turn.Kind = model.Page
		default:
			turn.Kind = model.Event
		}
	}
	if c.email > 0 {
		turn.Email = c.email.Has(g.streams[chance.Email].Of(who).Bits(occasion))
	}
	if c.note > 0 {
		turn.Note = uint16(1 - c.note.Beyond(g.streams[chance.Note].Of(who).Bits(occasion)))
	}
	return turn
}

// Recipient returns whom a member thinks of at the given attempt, from 0 to Redraws, on an occasion.
func (g *Group) Recipient(m model.Member, occasion uint64, attempt int) model.Member {
	who := g.key(m)
	// Every attempt draws by itself: the first eight are 2^61 apart, which is all the room there is, and the last lies between two.
	n := occasion + uint64(attempt)<<61 + uint64(attempt>>3)<<60
	target := 0
	if last := len(g.targets) - 1; last > 0 {
		random := g.streams[chance.Target].Of(who).Bits(n)
		for target < last && !g.targets[target].Has(random) {
			target++
		}
	}
	return g.choosers[target].choose(g.place(m), g.streams[chance.Choosing].Of(who).Bits(n))
}

// chooser draws members of one population.
type chooser struct {
	kind   sim.ChoiceKind
	first  model.Member
	count  uint32
	circle uint32
	zipf   *chance.Zipf
}

func newChooser(choice *sim.Choice, of *Group) (c chooser, err error) {
	c = chooser{kind: choice.Kind, first: of.First, count: of.Count, circle: choice.Circle}
	if c.kind == sim.ChooseZipf {
		c.zipf, err = chance.NewZipf(of.Count, choice.Exponent)
	}
	return c, err
}

// choose returns the member that the random bits stand for, to somebody at a place of their own population.
func (c *chooser) choose(place uint32, random uint64) model.Member {
	switch c.kind {
	case sim.ChooseZipf:
		return c.first + model.Member(c.zipf.Choose(random))
	case sim.ChooseCircle:
		next := uint64(place) + 1 + uint64(chance.Below(random, c.circle))
		return c.first + model.Member(next%uint64(c.count))
	}
	return c.first + model.Member(chance.Below(random, c.count))
}
