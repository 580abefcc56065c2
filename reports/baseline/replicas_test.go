package baseline_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/reports/baseline"
	"invitesim/sim"
)

// ofReplicas is a baseline whose four replicas sent and were refused so often, and all had the same maximum.
func ofReplicas(t *testing.T, sends, refusals []float64, most float64) *baseline.Baseline {
	t.Helper()
	result := small()
	mean := func(values []float64) sim.Replicate {
		sum := 0.0
		for _, v := range values {
			sum += v
		}
		return sim.Replicate{Mean: sum / float64(len(values)), High: 1e6, N: len(values)}
	}
	const send, refused = "commands.send.count", "commands.send.outcomes.rate_limited.count"
	result.Replicas, result.EachReplica = len(sends), map[string][]float64{send: sends, refused: refusals}
	result.Replicates = map[string]sim.Replicate{
		send: mean(sends), refused: mean(refusals), "pending.max": {Mean: most, Low: most, High: most, N: len(sends)},
	}
	b, err := baseline.Decode(baseline.New(result, text, baseline.Checkpoints{Every: 3600}).Encode())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func replicaChange(t *testing.T, all []baseline.Change, path string) baseline.Change {
	t.Helper()
	for _, change := range all {
		if change.Path == "replicates."+path {
			return change
		}
	}
	t.Fatalf("%s has not changed", path)
	return baseline.Change{}
}

// What replicas measured goes through the file and is paired seed by seed.
func TestReplicasOfABaselineArePaired(t *testing.T) {
	base := ofReplicas(t, []float64{1000, 1000, 1000, 1000}, []float64{10, 20, 30, 40}, 5)
	now := ofReplicas(t, []float64{1000, 1000, 1000, 1000}, []float64{11, 22, 31, 42}, 6)
	changes := baseline.Changes(base, now)
	// By hand, as Fieller has it: t² is 10.128 for 3 degrees of freedom, the variances of the means 41.667 and 43.417, their covariance 42.5.
	count := replicaChange(t, changes, "commands.send.outcomes.rate_limited.count")
	if count.Base != 25 || count.Now != 26.5 || count.Pairs != 4 || math.Abs(count.Low-0.026677) > 1e-5 || math.Abs(count.High-0.259627) > 1e-5 {
		t.Errorf("refusals: %+v", count)
	}
	share := replicaChange(t, changes, "commands.send.outcomes.rate_limited.share")
	if math.Abs(share.Base-0.025) > 1e-12 || math.Abs(share.Low-count.Low) > 1e-9 || math.Abs(share.High-count.High) > 1e-9 {
		t.Errorf("their share: %+v, expected the interval of their count, %+v", share, count)
	}
	most := replicaChange(t, changes, "pending.max")
	if most.Base != 5 || most.Now != 6 || most.Pairs != 4 || most.Relative() != "+20 %, 95 %: +20 % to +20 %" {
		t.Errorf("what all replicas agree in: %+v, %s", most, most.Relative())
	}
	if again := baseline.Changes(base, base); len(again) > 0 {
		t.Errorf("the same has changed: %v", again)
	}
	few := ofReplicas(t, []float64{1000, 1000}, []float64{11, 22}, 5)
	for _, change := range baseline.Changes(base, few) {
		if strings.HasPrefix(change.Path, "replicates.") {
			t.Errorf("another number of replicas is compared: %+v", change)
		}
	}
}

// Means without the replicas themselves have no interval.
func TestMeansOfABaselineAreCompared(t *testing.T) {
	base, now := accepted(), accepted()
	now.Replicates["pending.p99"] = sim.Replicate{Mean: 13, Low: 12, High: 14, N: 4}
	change := replicaChange(t, baseline.Changes(base, now), "pending.p99")
	if diff := cmp.Diff(baseline.Change{Path: "replicates.pending.p99", Base: 12.5, Now: 13}, change); diff != "" {
		t.Error(diff)
	}
	if change.Relative() != "+4 %" {
		t.Errorf("found %s", change.Relative())
	}
}

// The mean of the replicas is told in place of what the first one did.
func TestTellingOfReplicas(t *testing.T) {
	told := baseline.Telling([]baseline.Change{
		{Path: "pending.p99", Base: 1, Now: 2}, {Path: "replicates.pending.p99", Base: 1, Now: 3}, {Path: "pending.max", Base: 1, Now: 2},
	})
	if len(told) != 2 || told[0].Path != "replicates.pending.p99" || told[1].Path != "pending.max" {
		t.Errorf("told %v", told)
	}
	if got := told[0].Who() + ": " + told[0].What(); got != "everybody: outstanding per sender, p99, mean of the replicas" {
		t.Errorf("it is called %s", got)
	}
}
