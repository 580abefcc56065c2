package baseline

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"invitesim/reports/figure"
)

// Change is a figure that is another one than it was: that of the run, or, under a path that begins with `replicates.`, the mean of its replicas.
type Change struct {
	Path      string
	Base, Now float64
	Pairs     int     // of replicas with equal seeds, where each of them is known on both sides
	Low, High float64 // of the 95 % interval of the relative change over the pairs; not finite where the base may be 0
}

// Who says whose figure it is: a population, or everybody.
func (c Change) Who() string {
	_, who, _ := figure.Split(strings.TrimPrefix(c.Path, replicates))
	return cmp.Or(who, "everybody")
}

// What says in words what the figure is.
func (c Change) What() string {
	_, what := figure.Name(strings.TrimPrefix(c.Path, replicates))
	if c.ofReplicas() {
		what += ", mean of the replicas"
	}
	return what
}

// replicates begins the path of a mean over replicas.
const replicates = "replicates."

func (c Change) ofReplicas() bool { return strings.HasPrefix(c.Path, replicates) }

// path is the figure itself, whoever's and whenever.
func (c Change) path() string {
	_, _, path := figure.Split(strings.TrimPrefix(c.Path, replicates))
	return path
}

// Relative writes by how much the figure changed: `+12.5 %`, `new`, `gone`; and between which bounds, where replicas tell.
func (c Change) Relative() string {
	switch {
	case c.Base == 0:
		return "new"
	case c.Now == 0:
		return "gone"
	}
	text := percent((c.Now - c.Base) / math.Abs(c.Base))
	if c.bounded() {
		text += ", 95 %: " + percent(c.Low) + " to " + percent(c.High)
	}
	return text
}

// bounded says whether there is an interval of the relative change.
func (c Change) bounded() bool {
	return c.Pairs > 1 && !math.IsNaN(c.Low) && !math.IsInf(c.Low, 0) && !math.IsInf(c.High, 0)
}

// percent writes a relative change.
func percent(change float64) string {
	sign := "+"
	if change < 0 {
		sign = "-"
	}
	if change = 100 * math.Abs(change); change > 0 && change < 0.01 {
		return sign + "< 0.01 %"
	}
	return sign + figure.Number(change) + " %"
}

// weight is how much a change matters: how many times as much the greater value is, in which a little more or less of next to nothing counts
// little.
func (c Change) weight() float64 {
	little := 20.0
	switch path := c.path(); {
	case strings.HasSuffix(path, "share"):
		little = 0.005
	case strings.HasPrefix(path, "response.") || strings.HasSuffix(path, ".longest"):
		little = 6 * 3600
	}
	ratio := (c.Now + little) / (c.Base + little)
	return max(ratio, 1/ratio)
}

// Changes returns the figures that differ, the worst relative change first.
func Changes(base, now *Baseline) []Change {
	before, after := base.Values(), now.Values()
	paths := maps.Clone(before)
	maps.Copy(paths, after)
	all := replicaChanges(base, now)
	for path := range paths {
		if before[path] != after[path] {
			all = append(all, Change{Path: path, Base: before[path], Now: after[path]})
		}
	}
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(cmp.Compare(b.weight(), a.weight()), cmp.Compare(a.Path, b.Path))
	})
	return all
}

// Telling returns the changes that say something on their own, in their order: not the count where there is its share, not what a
// lone population does beside what everybody does, not the parts of what is in another figure, not what the first replica did where the mean of
// all is told. All where none of them does.
func Telling(changes []Change) []Change {
	populations := map[string]bool{}
	for _, change := range changes {
		if who := change.Who(); who != "everybody" {
			populations[who] = true
		}
	}
	means := map[string]bool{}
	for _, change := range changes {
		if rest, of := strings.CutPrefix(change.Path, replicates); of {
			means[rest] = true
		}
	}
	var told []Change
	for _, change := range changes {
		if !means[change.Path] && telling(change.path()) && (len(populations) > 1 || change.Who() == "everybody") {
			told = append(told, change)
		}
	}
	if len(told) == 0 {
		return changes
	}
	return told
}

func telling(path string) bool {
	group, rest, _ := strings.Cut(path, ".")
	last := path[strings.LastIndexByte(path, '.')+1:]
	switch group {
	case "commands":
		verb, outcome, ofOutcome := strings.Cut(rest, ".outcomes.")
		if !ofOutcome {
			return rest == "send.count"
		}
		return last == "share" && (verb == "send" || !slices.Contains(done(), strings.TrimSuffix(outcome, ".share")))
	case "limits":
		return last == "member_share" || last == "longest"
	case "pending":
		return last == "mean" || last == "p99" || last == "max" || last == "cap" || last == "members_at_cap_end"
	case "quota":
		return last == "used_p99" || last == "exhausted_share"
	case "response":
		return last == "p50"
	case "invitations":
		return last != "outstanding_start"
	}
	return false
}

// done are the outcomes of commands that were carried out: their number is that of the invitations that they ended.
func done() []string {
	return []string{"connected", "accepted", "ignored", "reported", "withdrawn", "blocked", "unblocked", "removed", "set", "closed", "reopened"}
}
