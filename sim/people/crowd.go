// Package people is what members do: every decision of every member, drawn by keyed hashes from who draws, what for, and
// which occasion it is. Nothing in it changes, and nothing depends on the order of asking, so that two policies see the
// same people do the same things, and what is coming can be looked at ahead of time.
package people

import (
	"fmt"
	"unsafe"

	"invitesim/model"
	"invitesim/model/store/region"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// Crowd is all members of a plan. Members are known by their numbers in the plan; what they draw depends on the name of
// their population and their place in it alone.
type Crowd struct {
	groups []Group
	sole   *Group // the only population; nil where there are several
	ends   []end  // of the populations, in the order of the plan
}

// end is where a population ends.
type end struct {
	last  model.Member
	group *Group
}

// Group is one population. What its members do is in the Population as the plan has it, and a second time as it is drawn.
type Group struct {
	*sim.Population
	Index    int
	first    model.Member
	keys     chance.Population
	streams  [sources]chance.Stream
	factors  []float32 // each member's own factor on the rate of sending; nil for 1
	memory   region.Region[float32]
	rates    rates
	content  content
	targets  []chance.Share // of Send.To, each with those before it
	choosers []chooser      // by index into Send.To
	answers  []answers      // by the sender's population; nil where nobody responds
	habits   habits
	crowd    *Crowd
}

// sources is how many sources of variation have a stream in a Group.
const sources = int(chance.BlockAgainDelay) + 1

// NewCrowd returns the members of a plan. The error is about a number that the plan should not hold.
func NewCrowd(plan *sim.Plan) (*Crowd, error) {
	c := &Crowd{groups: make([]Group, len(plan.Populations))}
	for i := range plan.Populations {
		g := &c.groups[i]
		g.Population, g.Index, g.crowd = &plan.Populations[i], i, c
		g.first, g.keys = g.First, chance.PopulationFrom(uint32(g.First))
		for source := range g.streams {
			g.streams[source] = chance.NewStream(plan.Seed, g.Name, chance.Source(source))
		}
		c.ends = append(c.ends, end{g.First + model.Member(g.Count) - 1, g})
	}
	if len(c.groups) == 1 {
		c.sole = &c.groups[0]
	}
	for i := range c.groups {
		if err := c.groups[i].prepare(plan); err != nil {
			c.Release()
			return nil, err
		}
	}
	return c, nil
}

// prepare fills in what depends on the other populations.
func (g *Group) prepare(plan *sim.Plan) (err error) {
	if g.rates, err = newRates(plan, g); err != nil {
		return err
	}
	g.habits = newHabits(g)
	if g.Respond != nil {
		g.answers = make([]answers, len(plan.Populations))
		for i := range g.answers {
			shares, ok := g.Respond.From[i]
			if !ok {
				shares = g.Respond.Answers
			}
			g.answers[i] = newAnswers(shares, g.Respond.Again)
		}
	}
	if g.Send == nil {
		return nil
	}
	g.content = newContent(g.Send)
	sum := 0.0
	for _, target := range g.Send.To {
		sum += target.Share
		g.targets = append(g.targets, chance.ShareOf(sum))
		chooser, err := newChooser(&g.Send.Choose, &g.crowd.groups[target.Population])
		if err != nil {
			return fmt.Errorf("members.%s: %w", g.Name, err)
		}
		g.choosers = append(g.choosers, chooser)
	}
	if g.Send.Spread != nil {
		g.memory = region.New[float32](int(g.Count))
		g.factors = g.memory.Data
		for i := range g.factors {
			g.factors[i] = float32(g.Send.Spread.Draw(g.streams[chance.Spread].Member(uint32(i)).Uniform(0)))
		}
	}
	return nil
}

// Release gives the memory back. The crowd must not be used any more.
func (c *Crowd) Release() {
	for i := range c.groups {
		c.groups[i].factors = nil
		c.groups[i].memory.Release()
	}
}

// AppendLines appends the addresses of what the next turn of a member will read, for a prefetch of many. The member must exist.
func (g *Group) AppendLines(lines []uintptr, m model.Member) []uintptr {
	if g.factors == nil {
		return lines
	}
	return append(lines, uintptr(unsafe.Pointer(&g.factors[g.place(m)])))
}

// Groups returns the populations, in the order of the plan.
func (c *Crowd) Groups() []Group { return c.groups }

// Of returns the population that a member belongs to. The member must exist.
func (c *Crowd) Of(m model.Member) *Group {
	if c.sole != nil {
		return c.sole
	}
	i := 0
	for m > c.ends[i].last {
		i++
	}
	return c.ends[i].group
}

// place returns a member's place in the population, from 0.
func (g *Group) place(m model.Member) uint32 { return uint32(m - g.first) }

// key returns what all draws of a member have in common.
func (g *Group) key(m model.Member) chance.Key { return g.keys.Key(uint32(m)) }

// draw returns a member's n-th uniform number of a source.
func (g *Group) draw(source chance.Source, who chance.Key, n uint64) float64 {
	return g.streams[source].Of(who).Uniform(n)
}

// identity numbers a member by population and place, for the draws of others that concern them.
func (g *Group) identity(who chance.Key) chance.Stream { return g.streams[chance.Choosing].Of(who) }

// second is the nanoseconds of a second.
const second = 1_000_000_000

// nanosecond returns the nanosecond within a second at which what follows from an occasion happens, given the stream from which
// the occasion itself was decided. It tells, at that instant, that this very occasion is meant, without a new draw of how
// long it takes.
func nanosecond(s chance.Stream, occasion uint64) uint64 {
	return uint64(chance.Below(s.Bits(^occasion), second))
}

// follow returns the instant that is a drawn delay, rounded to seconds, after what happened in a second, in nanoseconds since the start; Never where it is
// out of reach. It lies in a later second, because what happened must not be followed before it happened.
func follow(s chance.Stream, occasion uint64, from model.Instant, drawn float64) uint64 {
	delay := wholeSeconds(drawn + 0.5)
	if delay >= model.Forever || from >= model.LastInstant {
		return Never
	}
	return (uint64(from)+max(uint64(delay), 1))*second + nanosecond(s, occasion)
}

// follows says whether an instant may be one that follow returned for this occasion: wrongly once in 10⁹.
func follows(s chance.Stream, occasion, at uint64) bool { return at%second == nanosecond(s, occasion) }

// wholeSeconds cuts a drawn length of time to seconds; below 0 is 0, and what no run can reach is Forever.
func wholeSeconds(drawn float64) model.Seconds {
	switch {
	case !(drawn > 0):
		return 0
	case drawn >= float64(model.LastInstant):
		return model.Forever
	}
	return model.Seconds(drawn)
}

// wholeNumber rounds a drawn number to a whole one from 0 to most.
func wholeNumber(drawn float64, most uint32) uint32 {
	return uint32(max(0, min(drawn+0.5, float64(most))))
}

// nanoseconds turns a drawn length of time in seconds into nanoseconds; below 0 is 0, and what no run can reach is Never.
func nanoseconds(drawn float64) uint64 {
	switch {
	case !(drawn > 0):
		return 0
	case drawn >= float64(model.LastInstant):
		return Never
	}
	return uint64(float64(drawn * second))
}

// Never is an instant, in nanoseconds since the start, that no run reaches.
const Never uint64 = 1 << 62
