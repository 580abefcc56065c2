package chart

import (
	"slices"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// Cohorts are the invitations of a run by the weeks in which they were sent, and by what became of them.
type Cohorts struct {
	Weeks  int                  // that share a column: 1, or 4, 16, … in a long run
	Counts map[string][]float64 // of each state that occurs (see Fates), by column
	Totals []float64            // of each column
	// Recent is the first column that is too recent to be compared with those before, or how many columns there are for none: the run ended before
	// most of what may become of its last invitations. Settles is how long that takes from the send on, in seconds.
	Recent  int
	Settles float64
	// Told are the invitations that shares are told of, by state: those of the weeks that begin after the warm-up, and of those only the ones
	// before Recent where there are any.
	Told map[string]float64
	// Old says whether Told leaves out recent weeks.
	Old bool
}

// mostColumns is how many columns the chart of fates has; beyond, four weeks share one.
const mostColumns = 60

// CohortsOf returns the invitations of a result as Means returns it.
func CohortsOf(result *sim.Result) *Cohorts { return newView(result).cohorts() }

func (v *view) cohorts() *Cohorts {
	last := 0.0
	for _, word := range fateWords() {
		for _, p := range points(v.Distributions["fates."+word]) {
			if p.y > 0 {
				last = max(last, p.x)
			}
		}
	}
	c := &Cohorts{Weeks: 1, Counts: map[string][]float64{}, Settles: v.settles()}
	for int(last)/c.Weeks >= mostColumns {
		c.Weeks *= 4
	}
	c.Totals = make([]float64, int(last)/c.Weeks+1)
	c.Recent = len(c.Totals)
	for c.Settles > 0 && c.Recent > 0 && float64(float64(c.Recent*c.Weeks)*week)+c.Settles > v.span {
		c.Recent--
	}
	for _, word := range fateWords() {
		column := make([]float64, len(c.Totals))
		for _, p := range points(v.Distributions["fates."+word]) {
			if p.y > 0 && p.x >= 0 {
				column[int(p.x)/c.Weeks] += p.y
				c.Totals[int(p.x)/c.Weeks] += p.y
			}
		}
		if sum(column) > 0 {
			c.Counts[word] = column
		}
	}
	c.tell(v)
	return c
}

// tell counts the invitations that shares are told of.
func (c *Cohorts) tell(v *view) {
	for _, until := range []int{c.Recent * c.Weeks, len(c.Totals) * c.Weeks} {
		c.Told = map[string]float64{}
		for _, word := range fateWords() {
			for _, p := range points(v.Distributions["fates."+word]) {
				if p.y > 0 && float64(p.x*week) >= v.warmup && p.x < float64(until) {
					c.Told[word] += p.y
				}
			}
		}
		if c.Old = until < len(c.Totals)*c.Weeks; c.All() > 0 {
			return
		}
	}
}

// mostlyAnswered is the share of answers after which little more comes.
const mostlyAnswered = 0.99

// settles returns how long it takes, in seconds, until little more becomes of an invitation: until most answers have come, and until it expires; 0 where
// neither is known. An expiry that comes after more than half of the run does not count: hardly a week would be left to compare, and all that it changes
// is that what was open or ignored is then expired.
func (v *view) settles() float64 {
	longest := 0.0
	for _, verb := range AnswerVerbs() {
		longest = max(longest, timeOf(points(v.Distributions[answersPrefix+verb]), mostlyAnswered))
	}
	for _, s := range v.stretches() {
		if expiry, err := model.ParseDuration(s.settings["expiry"]); err == nil && 2*expiry.Seconds() <= v.span {
			longest = max(longest, expiry.Seconds())
		}
	}
	return longest
}

// All returns of how many invitations shares are told.
func (c *Cohorts) All() float64 {
	all := 0.0
	for _, word := range fateWords() {
		all += c.Told[word]
	}
	return all
}

// Share returns the share of a state in the invitations that shares are told of, in words.
func (c *Cohorts) Share(word string) string { return figure.Share(c.Told[word] / max(c.All(), 1)) }

// Names of the columns from Recent on, for places with more room and for those with less.
const (
	TooRecent      = "too recent to compare"
	TooRecentShort = "too recent"
)

// RecentFrom returns where the columns that are too recent begin, in seconds since the start of the run; false where there are none.
func (c *Cohorts) RecentFrom() (float64, bool) {
	return float64(c.Recent*c.Weeks) * week, c.Recent < len(c.Totals) && slices.Max(c.Totals) > 0
}
