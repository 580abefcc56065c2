package virtual

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"invitesim/sim"
	"invitesim/sim/statistics"
)

// Replicate runs a plan n times, at least once, side by side on so many workers: replica k with the plan's seed plus k.
// The result is that of replica 0, with the mean and the 95 % interval of every figure, by which the thresholds are judged. What
// the checks found is added up over all replicas. Only replica 0 writes the trace. Where there are
// several, no threshold stops any of them: what is judged is the mean of all.
func Replicate(ctx context.Context, plan *sim.Plan, n, workers int, o Options) (*sim.Result, Totals, error) {
	begin := time.Now()
	results, totals := make([]*sim.Result, n), make([]Totals, n)
	var group errgroup.Group
	group.SetLimit(max(workers, 1))
	for k := range n {
		group.Go(func() (err error) {
			replica, own := *plan, o
			own.Complete = o.Complete || n > 1
			replica.Seed += uint64(k)
			if k > 0 {
				own.Trace, own.Checkpoints = nil, Checkpoints{}
			}
			if o.Progress != nil {
				own.Progress = func(p Progress) { p.Replica = k; o.Progress(p) }
			}
			results[k], totals[k], err = Run(ctx, &replica, own)
			return err
		})
	}
	err := group.Wait()
	sum := totals[0]
	for k := 1; k < n; k++ {
		sum.Commands += totals[k].Commands
		sum.Queries += totals[k].Queries
		sum.Events += totals[k].Events
	}
	sum.Wall = time.Since(begin) - sum.Setup
	if err != nil || results[0] == nil {
		return results[0], sum, err
	}
	return Combine(plan, results), sum, nil
}

// Combine makes one result of those of all replicas, at least one: that of replica 0, which it changes, with the means and intervals of
// all. The plan is that of replica 0.
func Combine(plan *sim.Plan, results []*sim.Result) *sim.Result {
	result := results[0]
	result.Replicas = len(results)
	each, means := replicates(results) // before the checks of all are added up in the first
	for _, other := range results[1:] {
		result.Interrupted = result.Interrupted || other.Interrupted
		addChecks(result, other)
	}
	switch {
	case len(results) < 2:
		return result
	case result.Interrupted:
		result.Warnings = append(result.Warnings, "interrupted: the figures are those of replica 0 alone")
		return result
	}
	result.EachReplica, result.Replicates = each, means
	if result.Distributions == nil {
		result.Distributions = map[string]sim.Curve{}
	}
	maps.Copy(result.Distributions, replicaCurves(results))
	if slices.ContainsFunc(plan.Thresholds, func(t sim.Threshold) bool { return t.Abort }) {
		result.Warnings = append(result.Warnings, "no threshold stops a run of several replicas: the mean of all is judged")
	}
	result.Thresholds = sim.Judge(result, plan.Thresholds)
	return result
}

// addChecks adds what the checks of another replica found.
func addChecks(result, other *sim.Result) {
	if result.Checks == nil || other.Checks == nil {
		return
	}
	checks := *result.Checks
	checks.Invariants.Evaluated += other.Checks.Invariants.Evaluated
	checks.Invariants.Violations += other.Checks.Invariants.Violations
	checks.Oracle.Commands += other.Checks.Oracle.Commands
	checks.Oracle.Queries += other.Checks.Oracle.Queries
	checks.Oracle.Divergences += other.Checks.Oracle.Divergences
	checks.Oracle.Unproven += other.Checks.Oracle.Unproven
	checks.Oracle.UntilS = min(checks.Oracle.UntilS, other.Checks.Oracle.UntilS)
	result.Checks = &checks
}

// replicates returns mean and interval of every figure that some replica has a sample of; and the figure of each replica, in their order, where
// all have a sample and they are not the same.
func replicates(results []*sim.Result) (each map[string][]float64, means map[string]sim.Replicate) {
	each = map[string][]float64{}
	for _, result := range results {
		sim.EachFigure(result, func(path string, value float64) {
			if strings.Contains(path, ".") { // the others say what ran, and not what came of it
				each[path] = append(each[path], value)
			}
		})
	}
	means = make(map[string]sim.Replicate, len(each))
	for path, values := range each {
		sample := statistics.Of(values)
		low, high := sample.Interval()
		means[path] = sim.Replicate{Mean: sample.Mean, Low: low, High: high, N: sample.N}
		if len(values) < len(results) || slices.Min(values) == slices.Max(values) {
			delete(each, path)
		}
	}
	return each, means
}
