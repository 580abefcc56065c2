package comparison

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// DifferentError says that two results measured something different, so that no figure of one can be held against the other's.
type DifferentError struct {
	A, B  string   // the directories
	Found []string // what differs, with both values
}

// Error says what differs.
func (e *DifferentError) Error() string {
	return fmt.Sprintf("%s and %s cannot be compared: %s", e.A, e.B, strings.Join(e.Found, "; "))
}

// comparableWith says what keeps two results from being compared: nil for nothing.
func comparableWith(a, b Run) error {
	x, y := a.Result, b.Result
	var found []string
	differ := func(what, of, other string) {
		if of != other {
			found = append(found, fmt.Sprintf("%s %s and %s", what, of, other))
		}
	}
	differ("clock", x.Clock, y.Clock)
	differ("members", figure.Count(uint64(x.Members)), figure.Count(uint64(y.Members)))
	differ("duration", figure.Span(x.DurationS), figure.Span(y.DurationS))
	differ("warm-up", figure.Span(x.WarmupS), figure.Span(y.WarmupS))
	differ("speed", figure.Number(x.Speed), figure.Number(y.Speed))
	differ("latencies", said(x.LatencySource), said(y.LatencySource))
	if x.Members == y.Members {
		differ("populations", populations(x), populations(y))
	}
	if len(found) > 0 {
		return &DifferentError{a.Directory, b.Directory, found}
	}
	return nil
}

func said(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// populations names the populations of a result with how many members each has.
func populations(result *sim.Result) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(result.MembersBy)) {
		if f := result.MembersBy[name]; f != nil {
			all = append(all, fmt.Sprintf("%s: %s", name, figure.Count(uint64(f.Members))))
		}
	}
	if len(all) == 0 {
		return "none"
	}
	return "(" + strings.Join(all, ", ") + ")"
}

// checkRuns looks whether all runs can be compared with the first of the base, and those of a side are of one policy and of different
// seeds.
func checkRuns(base, next []Run) error {
	for _, run := range slices.Concat(base, next) {
		if short := cutShort(run.Result); short != "" {
			return &DifferentError{base[0].Directory, run.Directory, []string{"the run of " + run.Directory + " " + short}}
		}
		if err := comparableWith(base[0], run); err != nil {
			return err
		}
	}
	return cmp.Or(checkSide(base), checkSide(next))
}

// checkSide looks whether all runs of a side are of one policy and, in virtual time, of different seeds.
func checkSide(side []Run) error {
	for i, run := range side[1:] {
		if !maps.Equal(run.Result.Policy.Settings, side[0].Result.Policy.Settings) {
			return &DifferentError{side[0].Directory, run.Directory, []string{"their policies differ, expected runs of one side to have the same"}}
		}
		for _, other := range side[:i+1] {
			if seed, twice := sameSeed(run.Result, other.Result); twice && run.Result.Clock == "virtual" {
				return &DifferentError{other.Directory, run.Directory, []string{fmt.Sprintf("both ran seed %d, expected another seed for each run of a side", seed)}}
			}
		}
	}
	return nil
}

// cutShort says why a run did not get to its end; empty where it did.
func cutShort(result *sim.Result) string {
	switch {
	case result.Interrupted:
		return "was interrupted"
	case result.StoppedEarly():
		return "stopped early, as a threshold could no longer pass"
	}
	return ""
}

// sameSeed returns a seed that two results have in common.
func sameSeed(a, b *sim.Result) (uint64, bool) {
	for _, seed := range seedsOf(a) {
		if slices.Contains(seedsOf(b), seed) {
			return seed, true
		}
	}
	return 0, false
}

// seedsOf returns the seeds of a result: replica k has the seed plus k.
func seedsOf(result *sim.Result) []uint64 {
	seeds := make([]uint64, max(result.Replicas, 1))
	for k := range seeds {
		seeds[k] = result.Seed + uint64(k)
	}
	return seeds
}

// newSide describes the runs of a side, which it sorts by seed.
func newSide(runs []Run) Side {
	slices.SortStableFunc(runs, func(a, b Run) int { return cmp.Compare(a.Result.Seed, b.Result.Seed) })
	first := runs[0].Result
	side := Side{
		Scenario: first.Scenario.Name, Policy: first.Policy.Name, Clock: first.Clock, Members: first.Members,
		DurationS: first.DurationS, WarmupS: first.WarmupS,
	}
	for _, run := range runs {
		side.Directories = append(side.Directories, run.Directory)
		side.Seeds = append(side.Seeds, seedsOf(run.Result)...)
	}
	slices.Sort(side.Seeds)
	side.Runs = len(side.Seeds)
	return side
}

// settingsThatDiffer lists what the two policies do not agree in.
func settingsThatDiffer(base, next *sim.Result) []Setting {
	all := maps.Clone(base.Policy.Settings)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, next.Policy.Settings)
	var differ []Setting
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if b, n := base.Policy.Settings[path], next.Policy.Settings[path]; b != n {
			differ = append(differ, Setting{path, said(b), said(n)})
		}
	}
	return differ
}
