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
}

// Group is one population.
type Group struct {
	*sim.Population
	Index    int
	streams  [sources]chance.Stream
	factors  []float32 // each member's own factor on the rate of sending; nil for 1
	memory   region.Region[float32]
	rates    rates
	answers  []*sim.Answers // by the sender's population; nil where nobody responds
	targets  []float64      // cumulative shares of Send.To
	choosers []chooser      // by index into Send.To
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
		for source := range g.streams {
			g.streams[source] = chance.NewStream(plan.Seed, g.Name, chance.Source(source))
		}
	}
	for i := range c.groups {
		if err := c.groups[i].prepare(plan); err != nil {
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
	if g.Respond != nil {
		g.answers = make([]*sim.Answers, len(plan.Populations))
		for i := range g.answers {
			g.answers[i] = &g.Respond.Answers
			if own, ok := g.Respond.From[i]; ok {
				g.answers[i] = &own
			}
		}
	}
	if g.Send == nil {
		return nil
	}
	sum := 0.0
	for _, target := range g.Send.To {
		sum += target.Share
		g.targets = append(g.targets, sum)
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
			g.factors[i] = float32(g.Send.Spread.Draw(g.draw(chance.Spread, uint32(i), 0)))
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

// Prefetch asks the processor to load what the next turn of a member will need. It changes nothing. The member must exist.
func (g *Group) Prefetch(m model.Member) {
	if g.factors != nil {
		region.Prefetch(unsafe.Pointer(&g.factors[g.place(m)]))
	}
}

// Groups returns the populations, in the order of the plan.
func (c *Crowd) Groups() []Group { return c.groups }

// Of returns the population that a member belongs to. The member must exist.
func (c *Crowd) Of(m model.Member) *Group {
	i := 0
	for i+1 < len(c.groups) && m >= c.groups[i+1].First {
		i++
	}
	return &c.groups[i]
}

// place returns a member's place in the population, from 0.
func (g *Group) place(m model.Member) uint32 { return uint32(m - g.First) }

// draw returns a member's n-th uniform number of a source.
func (g *Group) draw(source chance.Source, place uint32, n uint64) float64 {
	return g.streams[source].Member(place).Uniform(n)
}

// bits returns a member's n-th random bits of a source.
func (g *Group) bits(source chance.Source, place uint32, n uint64) uint64 {
	return g.streams[source].Member(place).Bits(n)
}

// happens says whether something happens that does so in the given share of cases.
func (g *Group) happens(source chance.Source, place uint32, n uint64, share float64) bool {
	return share > 0 && (share >= 1 || chance.Chance(g.bits(source, place, n), share))
}

// identity numbers a member by population and place, for the draws of others that concern them.
func (g *Group) identity(m model.Member) chance.Stream {
	return g.streams[chance.Choosing].Member(g.place(m))
}

// second is the nanoseconds of a second.
const second = 1_000_000_000

// tag returns the nanosecond within a second at which something that follows from an occasion happens: it tells, at that
// instant, that this very occasion is meant, without a new draw of how long it takes.
func tag(random uint64) uint64 { return uint64(chance.Below(random, second)) }

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
