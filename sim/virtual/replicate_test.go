package virtual

import (
	"context"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/sim"
)

// quickPlan is a plan that runs in no time.
func quickPlan() *sim.Plan {
	p := smallPlan()
	p.Duration, p.Warmup = 2*model.Week, model.Day
	p.Events = nil
	p.Thresholds = []sim.Threshold{{That: "commands.send.count > 100", Path: "commands.send.count", Operator: ">", Limit: 100}}
	return p
}

// Replicas are the runs of the following seeds, whoever runs them; the result is the first one's, with means and intervals.
func TestReplicate(t *testing.T) {
	const n = 4
	one, _, err := Replicate(context.Background(), quickPlan(), n, 1, Options{})
	if err != nil {
		t.Fatal(err)
	}
	many, totals, err := Replicate(context.Background(), quickPlan(), n, 3, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if text(t, one) != text(t, many) {
		t.Errorf("3 workers give another result than 1: %s", cmp.Diff(text(t, one), text(t, many)))
	}
	values, commands := [n]float64{}, uint64(0)
	for k := range values {
		p := quickPlan()
		p.Seed += uint64(k)
		r, own, err := Run(context.Background(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		values[k] = float64(r.Commands["send"].Count)
		commands += own.Commands
		if k == 0 && r.Digest != many.Digest {
			t.Error("the result is not that of replica 0")
		}
	}
	mean, squares := (values[0]+values[1]+values[2]+values[3])/n, 0.0
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	half := 3.182446305 * math.Sqrt(squares/(n-1)/n) // Student's t with 3 degrees of freedom, from a table
	got := many.Replicates["commands.send.count"]
	if got.N != n || math.Abs(got.Mean-mean) > 1e-6 || math.Abs(got.High-mean-half) > 1e-4*half || math.Abs(mean-got.Low-half) > 1e-4*half {
		t.Errorf("commands.send.count over replicas is %+v, expected mean %g, half an interval of %g", got, mean, half)
	}
	each, known := many.OfReplicas("commands.send.count")
	if !known || !slices.Equal(each, values[:]) {
		t.Errorf("of the replicas one by one: %v, expected %v", each, values)
	}
	if many.Replicas != n || totals.Commands != commands {
		t.Errorf("%d replicas with %d commands, expected %d with %d", many.Replicas, totals.Commands, n, commands)
	}
	if v := many.Thresholds; len(v) != 1 || v[0].Verdict != sim.VerdictPass || math.Abs(*v[0].Observed-mean) > 1e-6 {
		t.Errorf("thresholds are judged %+v, expected by the mean %g", v, mean)
	}
}

// What the checks of any replica find is in the result.
func TestReplicatedChecks(t *testing.T) {
	p := quickPlan()
	p.Duration = 3 * model.Day
	p.Warmup = 0
	one := runPlan(t, p, Options{Check: true})
	two, _, err := Replicate(context.Background(), p, 2, 2, Options{Check: true})
	if err != nil {
		t.Fatal(err)
	}
	if two.Checks.Oracle.Commands <= one.Checks.Oracle.Commands || two.Checks.Invariants.Evaluated <= one.Checks.Invariants.Evaluated {
		t.Errorf("one run checked %+v, two %+v", one.Checks, two.Checks)
	}
}

// No figure of the checks is forgotten where those of replicas are added up; how far the oracle went is the least of them.
func TestAddedChecksForgetNothing(t *testing.T) {
	filled := func(from uint64) *sim.Result {
		checks := &sim.Checks{}
		for _, part := range []reflect.Value{reflect.ValueOf(&checks.Invariants).Elem(), reflect.ValueOf(&checks.Oracle).Elem()} {
			for i := range part.NumField() {
				if field := part.Field(i); field.CanUint() {
					field.SetUint(from + uint64(i))
				} else {
					field.SetInt(int64(from) + int64(i))
				}
			}
		}
		return &sim.Result{Checks: checks}
	}
	result, before := filled(10), filled(10).Checks
	addChecks(result, filled(100))
	for _, part := range [][2]reflect.Value{
		{reflect.ValueOf(result.Checks.Invariants), reflect.ValueOf(before.Invariants)},
		{reflect.ValueOf(result.Checks.Oracle), reflect.ValueOf(before.Oracle)},
	} {
		for i := range part[0].NumField() {
			name, got, own := part[0].Type().Field(i).Name, part[0].Field(i), part[1].Field(i)
			if got.CanUint() && got.Uint() != 2*own.Uint()+90 || got.CanInt() && got.Int() != own.Int() {
				t.Errorf("%s.%s: found %v, of %v and one that is 90 more", part[0].Type().Name(), name, got, own)
			}
		}
	}
}

// What the replicas measured one by one is left out where all measured the same, which their mean tells, and where one has no sample.
func TestEachReplica(t *testing.T) {
	results := make([]*sim.Result, 3)
	for k := range results {
		results[k] = sim.NewResult(quickPlan(), "virtual")
		results[k].Turns = sim.Turns{Planned: 10, Skipped: uint64(k)}
		results[k].Checks = &sim.Checks{Oracle: sim.OracleChecks{Commands: 10 + uint64(k)}}
	}
	results[1].Pending = &sim.PendingFigures{Mean: 0.1}
	got := Combine(quickPlan(), results)
	want := map[string][]float64{"turns.skipped": {0, 1, 2}, "checks.oracle.commands": {10, 11, 12}}
	if diff := cmp.Diff(want, got.EachReplica); diff != "" {
		t.Error(diff)
	}
	if planned, known := got.OfReplicas("turns.planned"); !known || !slices.Equal(planned, []float64{10, 10, 10}) {
		t.Errorf("turns.planned: %v, %v", planned, known)
	}
	if mean, known := got.OfReplicas("pending.mean"); known {
		t.Errorf("one replica of three has a mean of outstanding invitations: %v", mean)
	}
}

// Curves over replicas are means and intervals of those of the replicas, each by itself.
func TestReplicaCurves(t *testing.T) {
	const n = 3
	p := smallPlan()
	p.Duration = 6 * model.Week
	many, _, err := Replicate(context.Background(), p, n, 1, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var atCap, hits, top [n]sim.Curve
	for k := range n {
		own := *p
		own.Seed += uint64(k)
		r := runPlan(t, &own, Options{})
		atCap[k], hits[k] = r.Distributions["at_cap.recruiter"], columnOf(&r.Series, "send.rate_limited")
		top[k] = columnOf(&r.Series, "outstanding.p99")
	}
	for name, curves := range map[string][n]sim.Curve{"at_cap.recruiter": atCap, "send.rate_limited": hits, "outstanding.p99": top} {
		mean, low, high := many.Distributions["replicates."+name+".mean"], many.Distributions["replicates."+name+".low"], many.Distributions["replicates."+name+".high"]
		apart := 0
		for i := range curves[0].Y {
			expected := (curves[0].Y[i] + curves[1].Y[i] + curves[2].Y[i]) / n
			if math.Abs(mean.Y[i]-expected) > 1e-12 || low.Y[i] > mean.Y[i] || high.Y[i] < mean.Y[i] || mean.X[i] != curves[0].X[i] {
				t.Fatalf("%s at %v: found %v, %v to %v, expected %v", name, mean.X[i], mean.Y[i], low.Y[i], high.Y[i], expected)
			}
			if low.Y[i] < high.Y[i] {
				apart++
			}
		}
		if apart == 0 {
			t.Errorf("%s: no interval has a width", name)
		}
	}
	if c := many.Distributions["replicates.outstanding.p95.mean"]; len(c.Y) != len(many.Series.Rows) {
		t.Errorf("the mean of the 95th percentile has %d steps", len(c.Y))
	}
	if one := runPlan(t, p, Options{}); len(one.Distributions) >= len(many.Distributions) {
		t.Error("a single run has curves over replicas")
	}
}
