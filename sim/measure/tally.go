package measure

import (
	"slices"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/latency"
)

// tally is what is counted of one population.
type tally struct {
	turns       sim.Turns
	outcomes    [model.Verbs][model.Outcomes]uint64
	invitations sim.Invitations
	outstanding int64 // invitations of all kinds, now
	limits      [limits]limitTally
	tried       uint64 // members who tried to send
	senders     uint64 // members who ever sent an invitation of kind connect
	holders     counts // senders by how many invitations are outstanding, now
	weights     counts // seconds of senders by how many invitations were outstanding
	used        counts // member-periods by highest use of the weekly limit
	usedInParts counts // those of which only a part is measured
	periods     periodTally
	parts       periodTally
	answers     [answers]times
	answered    [answers]uint64 // how many those are
	atCap       []float64       // share of senders at the cap, at the end of each step
	capped      uint64          // members at the cap at the end of the last step
	groups      [memberGroups]held
}

// memberGroups is in how many groups members are told apart, for the spread of means between groups.
const memberGroups = 40

// held is how long senders have been such, and how long invitations were outstanding in that time, in seconds.
type held struct{ time, invitations int64 }

// limitTally is what is counted of one limit.
type limitTally struct {
	hits, members uint64
	longest       int64
}

// periodTally counts member-periods with a send, and those of them in which the weekly limit was reached.
type periodTally struct{ all, exhausted uint64 }

func (t *periodTally) add(exhausted bool) {
	t.all++
	if exhausted {
		t.exhausted++
	}
}

func (t *periodTally) merge(o *periodTally) {
	t.all += o.all
	t.exhausted += o.exhausted
}

// counts is a histogram of small numbers.
type counts []int64

// add counts n more of a value.
func (c *counts) add(value uint32, n int64) {
	if int(value) >= len(*c) {
		*c = append(*c, make(counts, int(value)+1-len(*c)+int(value)/2)...)
	}
	(*c)[value] += n
}

// total returns how many there are.
func (c counts) total() uint64 {
	sum := int64(0)
	for _, n := range c {
		sum += n
	}
	return uint64(sum)
}

// mean returns the mean value; there must be one.
func (c counts) mean() float64 {
	sum := float64(0)
	for value, n := range c {
		sum += float64(float64(value) * float64(n))
	}
	return sum / float64(c.total())
}

// largest returns the largest value that occurs, 0 if none does.
func (c counts) largest() uint32 {
	for value := len(c) - 1; value > 0; value-- {
		if c[value] != 0 {
			return uint32(value)
		}
	}
	return 0
}

// percentile returns the nearest-rank percentile, given in thousandths; 0 of nothing.
func (c counts) percentile(thousandths uint64) uint32 {
	rank := latency.NearestRank(c.total(), thousandths)
	seen := uint64(0)
	for value, n := range c {
		seen += uint64(n)
		if seen >= rank && n > 0 {
			return uint32(value)
		}
	}
	return 0
}

// above returns how many have at least the given value.
func (c counts) above(value uint64) uint64 {
	sum := int64(0)
	for i := value; i < uint64(len(c)); i++ {
		sum += c[i]
	}
	return uint64(sum)
}

// merge adds other counts.
func (c *counts) merge(other counts) {
	for value, n := range other {
		if n != 0 {
			c.add(uint32(value), n)
		}
	}
}

// without returns what is left when counts that are among these are taken away.
func (c counts) without(some counts) counts {
	left := slices.Clone(c)
	for value, n := range some {
		if n != 0 {
			left[value] -= n
		}
	}
	return left
}

// weigh adds the time since a member's last change to the weight of what is outstanding.
func (t *tally) weigh(number model.Member, m *member, from, until int64) {
	if since := max(int64(m.since), from); until > since {
		t.weights.add(m.outstanding, until-since)
		group := &t.groups[number%memberGroups]
		group.time += until - since
		group.invitations += int64(m.outstanding) * (until - since)
	}
}

// restart forgets what was counted during the warm-up; what describes the present stays.
func (t *tally) restart() {
	*t = tally{outstanding: t.outstanding, senders: t.senders, holders: t.holders, atCap: t.atCap, capped: t.capped}
	t.invitations.OutstandingStart = uint64(t.outstanding)
}

// add merges the tally of another population.
func (t *tally) add(o *tally) {
	t.addCounts(o)
	for i := range t.answers {
		t.answers[i].merge(&o.answers[i])
	}
}

// addCounts merges all but how long people took.
func (t *tally) addCounts(o *tally) {
	t.turns.Planned += o.turns.Planned
	t.turns.Skipped += o.turns.Skipped
	t.turns.Repeated += o.turns.Repeated
	for verb := range t.outcomes {
		for outcome := range t.outcomes[verb] {
			t.outcomes[verb][outcome] += o.outcomes[verb][outcome]
		}
	}
	t.addInvitations(&o.invitations)
	t.outstanding += o.outstanding
	for i := range t.limits {
		t.limits[i].hits += o.limits[i].hits
		t.limits[i].members += o.limits[i].members
		t.limits[i].longest = max(t.limits[i].longest, o.limits[i].longest)
	}
	t.tried += o.tried
	t.senders += o.senders
	t.holders.merge(o.holders)
	t.weights.merge(o.weights)
	t.used.merge(o.used)
	t.usedInParts.merge(o.usedInParts)
	t.periods.merge(&o.periods)
	t.parts.merge(&o.parts)
	t.capped += o.capped
	for i := range t.answered {
		t.answered[i] += o.answered[i]
	}
	for i := range t.groups {
		t.groups[i].time += o.groups[i].time
		t.groups[i].invitations += o.groups[i].invitations
	}
}

func (t *tally) addInvitations(o *sim.Invitations) {
	t.invitations.Sent += o.Sent
	t.invitations.Accepted += o.Accepted
	t.invitations.Ignored += o.Ignored
	t.invitations.Reported += o.Reported
	t.invitations.Withdrawn += o.Withdrawn
	t.invitations.Expired += o.Expired
	t.invitations.Cancelled += o.Cancelled
	t.invitations.OutstandingStart += o.OutstandingStart
}
