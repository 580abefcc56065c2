// Package baseline keeps what a scenario's figures were when somebody accepted them, in a small file beside the scenario, and
// says in words how a later result differs from them.
//
// A run in virtual time is a function of its scenario, so a baseline is compared exactly: with the digest of the history
// and every figure. Figures of the wall clock are never in it.
package baseline

import (
	"fmt"
	"strings"
	"time"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// Schema names the format of a baseline's file.
const Schema = "invitesim.baseline/v1"

// Baseline is an accepted result: what ran, and what came of it.
type Baseline struct {
	Scenario       string // its name
	ScenarioDigest string
	Policy         string            // its name
	Settings       map[string]string // every setting of the policy
	Text           string            // the scenario as it was put together, in YAML: what it takes to run it again
	Seed           uint64
	Start          string // RFC 3339
	DurationS      int64
	WarmupS        int64
	Members        uint32
	Digest         string             // of the history
	Checkpoints    Checkpoints        // of the history
	Figures        map[string]float64 // by path; what is not there is 0, or has no sample. Those of a window begin with `windows.2w..4w.`
	Replicates     map[string]sim.Replicate
	EachReplica    map[string][]float64 // what Replicates sum up, in the order of the seeds; not of those that all measured the same
}

// Checkpoints are the beginnings of the digests of the history up to the instants Every, 2·Every and so on; after the last command there are
// none.
type Checkpoints struct {
	Every   model.Seconds
	Digests []string
}

// mostCheckpoints bounds how many checkpoints a baseline keeps.
const mostCheckpoints = 200

// checkpointDigits is how many hexadecimal digits of a checkpoint's digest are kept: enough to tell two histories apart.
const checkpointDigits = 8

// NewCheckpoints returns the checkpoints, still none, of a run of such a length: whole days, hours or minutes apart.
func NewCheckpoints(duration model.Seconds) Checkpoints {
	every := (duration + mostCheckpoints - 1) / mostCheckpoints
	for _, unit := range []model.Seconds{model.Day, model.Hour, model.Minute} {
		if every > unit {
			every = (every + unit - 1) / unit * unit
			break
		}
	}
	return Checkpoints{Every: max(every, 1)}
}

// Take appends the next checkpoint.
func (c *Checkpoints) Take(digest string) {
	c.Digests = append(c.Digests, digest[:min(len(digest), checkpointDigits)])
}

// Parting returns between which two instants a later history parts from this one: they agree up to the first. Both must have been taken
// at the same instants; last is the end of the run.
func (c *Checkpoints) Parting(later *Checkpoints, last model.Instant) (from, until model.Instant) {
	same := 0
	for same < len(c.Digests) && same < len(later.Digests) && c.Digests[same] == later.Digests[same] {
		same++
	}
	from = model.Instant(same) * model.Instant(c.Every)
	return from, min(from+model.Instant(c.Every), last)
}

// New makes a baseline of a result in virtual time. Text is the scenario as it was put together.
func New(result *sim.Result, text string, checkpoints Checkpoints) *Baseline {
	b := &Baseline{
		Scenario: result.Scenario.Name, ScenarioDigest: result.Scenario.Digest,
		Policy: result.Policy.Name, Settings: result.Policy.Settings, Text: text,
		Seed: result.Seed, Start: result.Start, DurationS: result.DurationS, WarmupS: result.WarmupS, Members: result.Members,
		Digest: result.Digest, Checkpoints: checkpoints,
		Figures: map[string]float64{}, Replicates: map[string]sim.Replicate{}, EachReplica: map[string][]float64{},
	}
	sim.EachFigure(result, func(path string, value float64) {
		if value != 0 && guarded(path) {
			b.Figures[path] = value
		}
	})
	for path, replicate := range result.Replicates {
		if _, who, _ := figure.Split(path); who == "" && guarded(path) && (replicate.Mean != 0 || replicate.High != 0) {
			b.Replicates[path] = replicate
			if each, told := result.EachReplica[path]; told {
				b.EachReplica[path] = each
			}
		}
	}
	return b
}

// guarded says whether a figure is kept: not those that say what ran, nor those that the clock of the wall measured, nor those that follow
// from others (Values makes them again), nor those of one population in one window, nor, of a population or a window, what only makes the
// file long.
func guarded(path string) bool {
	window, who, path := figure.Split(path)
	group, rest, found := strings.Cut(path, ".")
	if window != "" && who != "" {
		return false
	}
	part := window != "" || who != ""
	switch group {
	case "checks", "latency", "service", "load", "stations":
		return false
	case "turns":
		return window == ""
	case "commands":
		return !strings.HasSuffix(rest, ".share")
	case "limits":
		return !strings.HasSuffix(rest, ".hits")
	case "response":
		return !strings.HasSuffix(rest, ".count") && (!part || strings.HasSuffix(rest, ".p50"))
	case "pending":
		return !part || rest != "p999" && rest != "cap"
	}
	return found
}

// Values returns the figures by path, with those that follow from others: shares of outcomes, hits of limits.
func (b *Baseline) Values() map[string]float64 {
	all := make(map[string]float64, 2*len(b.Figures))
	for path, value := range b.Figures {
		all[path] = value
		verb, outcome, ok := strings.Cut(path, ".outcomes.")
		if !ok {
			continue
		}
		outcome = strings.TrimSuffix(outcome, ".count")
		if count := b.Figures[verb+".count"]; count > 0 {
			all[strings.TrimSuffix(path, ".count")+".share"] = value / count
		}
		if before, isSend := strings.CutSuffix(verb, "commands.send"); isSend && b.Figures[before+"limits."+outcome+".members"] > 0 {
			all[before+"limits."+outcome+".hits"] = value
		}
	}
	return all
}

// Apart says in what a plan differs from what the baseline was made of, so that figures cannot be held against each other: seed, start, duration,
// warm-up, number of members. Nothing where they can.
func (b *Baseline) Apart(plan *sim.Plan) []string {
	var all []string
	compare := func(what, then, now string) {
		if then != now {
			all = append(all, fmt.Sprintf("%s %s, now %s", what, then, now))
		}
	}
	compare("seed", fmt.Sprint(b.Seed), fmt.Sprint(plan.Seed))
	compare("start", b.Start, model.Calendar{Start: plan.Start}.Time(0).Format(time.RFC3339))
	compare("duration", model.Seconds(b.DurationS).String(), plan.Duration.String())
	compare("warm-up", model.Seconds(b.WarmupS).String(), plan.Warmup.String())
	compare("members", fmt.Sprint(b.Members), fmt.Sprint(plan.Members()))
	return all
}

// AcceptedPolicy returns the policy that the baseline was made with. The error is of a setting that this version of the program does not know.
func (b *Baseline) AcceptedPolicy() (model.Policy, error) {
	policy := model.Default()
	policy.Name = b.Policy
	for _, path := range model.SettingPaths() {
		value, given := b.Settings[path]
		if !given {
			continue
		}
		if err := policy.Set(path, value); err != nil {
			return policy, fmt.Errorf("policy %s: %w", b.Policy, err)
		}
	}
	for path := range b.Settings {
		if _, ok := policy.Get(path); !ok {
			return policy, fmt.Errorf("policy %s: there is no setting %s", b.Policy, path)
		}
	}
	return policy, policy.Validate()
}
