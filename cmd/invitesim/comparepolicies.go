package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"invitesim/model/policies"
	"invitesim/reports"
	"invitesim/reports/comparison"
	"invitesim/reports/figure"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

// mostPolicies is how many policies a chart can tell apart.
const mostPolicies = 8

// candidate is a policy, with the runs of the scenario under it.
type candidate struct {
	name    string
	plan    *sim.Plan
	results []*sim.Result // of each replica
	efforts []effort
	errs    []error
}

// comparePolicies runs the scenario under every policy, writes all results and the comparison, and prints it.
func (c *call) comparePolicies(ctx context.Context, o *compared, scenario string, flags *pflag.FlagSet) error {
	candidates, err := c.loadCandidates(o, scenario, flags)
	if err != nil {
		return err
	}
	plan := candidates[0].plan
	if !flags.Changed("seed") {
		_ = flags.Set("seed", formatSeed(plan.Seed)) // a value of the plan is one that the flag takes
	}
	if o.out == "" {
		o.out = "out/" + plan.Name
	}
	if err := several(claim(o.out, o.force), spare(o.out, o.force, append(o.policies, scenario)...)); err != nil {
		return err
	}
	started := time.Now()
	c.runCandidates(ctx, o, candidates)
	runs, compare := []reports.PolicyRun{}, []comparison.Candidate{}
	interrupted := false
	for _, each := range candidates {
		if err := errors.Join(each.errs...); err != nil {
			return err
		}
		compare = append(compare, comparison.Candidate{Name: each.name, Replicas: each.results})
		result := virtual.Combine(each.plan, each.results)
		interrupted = interrupted || result.Interrupted
		runs = append(runs, reports.PolicyRun{Name: each.name, Result: result, Manifest: c.manifest(started, each.effort(o.workers))})
	}
	if interrupted {
		if err := reports.WritePolicies(o.out, comparison.Interrupted(compare), runs, o.force); err != nil {
			return err
		}
		return fail(exitInterrupted, "interrupted: what was measured until then is in %s, and is not compared, as the policies got to different instants", o.out)
	}
	table, err := comparison.ComparePolicies(compare)
	if err != nil {
		return err
	}
	if err := reports.WritePolicies(o.out, table, runs, o.force); err != nil {
		return err
	}
	return c.printPolicies(o, table)
}

// loadCandidates reads the scenario once for each policy.
func (c *call) loadCandidates(o *compared, scenario string, flags *pflag.FlagSet) ([]*candidate, error) {
	var text []byte
	if scenario == "-" {
		var err error
		text, err = io.ReadAll(c.stdin)
		if cut := c.cutShort("stdin"); cut != nil {
			return nil, cut
		}
		if err != nil {
			return nil, fmt.Errorf("standard input: %w", err)
		}
	}
	var candidates []*candidate
	for _, policy := range o.policies {
		c.stdin = bytes.NewReader(text)
		plan, err := c.loadScenario(scenario, &changes{policy: policy, seed: o.seed, set: o.set}, flags)
		if err != nil {
			return nil, err
		}
		plan.Thresholds = slices.Clone(plan.Thresholds)
		for i := range plan.Thresholds {
			plan.Thresholds[i].Abort = false // all runs have the same length
		}
		name := policyLabel(policy)
		if slices.ContainsFunc(candidates, func(other *candidate) bool { return other.name == name }) {
			return nil, mistake("--policy %s: found two policies called %q, expected different names", policy, name)
		}
		candidates = append(candidates, &candidate{
			name: name, plan: plan,
			results: make([]*sim.Result, o.replicas), efforts: make([]effort, o.replicas), errs: make([]error, o.replicas),
		})
	}
	return candidates, nil
}

// policyLabel names a policy in tables and in the directory of its result: by its name, or that of its file. Where a comparison or a run keeps
// something of its own the name is taken, and dots alone are none.
func policyLabel(policy string) string {
	if _, ok := policies.Named(policy); ok {
		return policy
	}
	name := strings.TrimSuffix(filepath.Base(policy), filepath.Ext(policy))
	if reports.Taken(name) || strings.Trim(name, ".") == "" {
		return "policy-" + strings.Trim(name, ".")
	}
	return name
}

// runCandidates runs all replicas under all policies, so many at a time as there are workers.
func (c *call) runCandidates(ctx context.Context, o *compared, candidates []*candidate) {
	plan := candidates[0].plan
	c.note("%s: %s, %s, seed %d, under %s\n", plan.Name, figure.Plural(uint64(plan.Members()), "member"), figure.Span(int64(plan.Duration)),
		plan.Seed, strings.Join(names(candidates), ", "))
	told := c.newProgress(plan.Name, len(candidates)*o.replicas)
	defer told.done()
	sideBySide(len(candidates)*o.replicas, o.workers, func(number int) {
		candidates[number%len(candidates)].run(ctx, number/len(candidates), func(p virtual.Progress) {
			p.Replica = number
			told.update(p)
		})
	})
}

func names(candidates []*candidate) []string {
	var all []string
	for _, each := range candidates {
		all = append(all, each.name)
	}
	return all
}

// run runs one replica.
func (d *candidate) run(ctx context.Context, replica int, told func(virtual.Progress)) {
	plan := *d.plan
	plan.Seed += uint64(replica)
	one := job{run: func(ctx context.Context, o runOptions) (result *sim.Result, spent effort, err error) {
		result, spent.Totals, err = virtual.Run(ctx, &plan, o.Options)
		return result, spent, err
	}}
	d.results[replica], d.efforts[replica], d.errs[replica] = one.carryOut(ctx, runOptions{Options: virtual.Options{Progress: told}})
}

// effort adds up what the runs did, and what each took.
func (d *candidate) effort(workers int) effort {
	sum := effort{workers: workers}
	for _, each := range d.efforts {
		sum.Commands += each.Commands
		sum.Queries += each.Queries
		sum.Events += each.Events
		sum.Setup += each.Setup
		sum.Wall += each.Wall
		sum.processor += each.processor
	}
	return sum
}

// printPolicies prints the tables on stdout in the format that was asked for.
func (c *call) printPolicies(o *compared, table *comparison.Policies) error {
	if c.quiet {
		return nil
	}
	switch o.format.value {
	case "json":
		return c.printJSON(table)
	case "markdown":
		fmt.Fprint(c.stdout, table.Markdown())
	case "html":
		text, err := os.ReadFile(filepath.Join(o.out, "compare.html"))
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s", text)
	default:
		width, coloured := c.terminal()
		files := fmt.Sprintf("All tables and charts: %s. Each run: %s.", filepath.Join(o.out, "compare.html"), filepath.Join(o.out, "POLICY"))
		fmt.Fprint(c.stdout, table.Text(width, coloured, files))
	}
	return nil
}
