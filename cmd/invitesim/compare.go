package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"invitesim/reports"
	"invitesim/reports/comparison"
	"invitesim/reports/figure"
)

// compared are the flags of compare.
type compared struct {
	set      []string
	seed     uint64
	policies []string
	allow    []string
	replicas int
	workers  int
	out      string
	force    bool
	format   choice
}

func compareVerb() verb {
	v := verb{
		name: "compare", arguments: "BASE NEW | --policy A --policy B SCENARIO",
		purpose: "what differs between results, by how much, and whether it is more than noise; or between policies, for the same people",
		about: "BASE and NEW are result directories: one, several with commas between them, or a directory that holds several.\n" +
			"With the virtual clock and equal seeds differences are exact (one run a side) or measured seed by seed (several,\n" +
			"or replicas); otherwise the sides are compared as independent, and by the wall clock, from six runs a side on, by\n" +
			"their ranks. Where there are too few runs to tell a change from noise the figures are printed, and the exit code\n" +
			"is 104. More refusals, more behind a limit, commands that take longer and fewer accepted invitations are worse: a\n" +
			"difference that is shown makes the exit code 120, unless --allow permits it. How long people take to answer is\n" +
			"neither. 121 where BASE holds no result, 104 where the two measured something else (members, duration, warm-up,\n" +
			"clock).\n\n" +
			"With --policy, twice or more, the SCENARIO runs under each policy with the same people and the same seed, the first\n" +
			"policy being what the others are compared with: a table, and charts with a line for each policy. Each result goes into\n" +
			"a directory of its own below --out (default out/NAME/POLICY), compare.html, compare.md, compare.json and charts beside\n" +
			"them. --replicas 6 or more gives intervals.",
		examples: []string{
			"invitesim compare out/before out/after",
			"invitesim compare out/before-1,out/before-2 out/after-1,out/after-2 --out out/compared",
			"invitesim compare out/before out/after --allow 'latency.send.p99 +10%' --allow 'limits.* +5%'",
			"invitesim compare --policy default --policy three-week-wait steady-week",
			"invitesim compare --policy default --policy fifty.yaml pending-cap --replicas 6",
		},
		complete: func([]string) []string { return scenarioNames() },
	}
	v.declare = func(c *call, flags *pflag.FlagSet) action {
		var o compared
		o.declare(flags)
		return func(ctx context.Context, args []string) error {
			if err := o.validate(flags, args); err != nil {
				return err
			}
			if len(o.policies) > 0 {
				return c.comparePolicies(ctx, &o, args[0], flags)
			}
			return c.compareResults(&o, args[0], args[1])
		}
	}
	return v
}

func (o *compared) declare(flags *pflag.FlagSet) {
	o.format = choice{"text", []string{"text", "json", "markdown", "html"}}
	flags.StringArrayVar(&o.allow, "allow", nil, "how far a figure may change, `'PATH AMOUNT'`: a percentage of the base (latency.send.p99 +10%), percentage points "+
		"(limits.cooldown.member_share +0.5pp), a time (response.accept.p50 -1h) or a number (pending.mean +5); + for a rise, "+
		"- for a fall; * in PATH stands for any letters, of figures that can get worse; repeatable, the last one counts")
	flags.StringArrayVar(&o.policies, "policy", nil, "run SCENARIO under this policy: `NAME|FILE`, a name of invitesim policy list or a policy file; twice or more")
	seedFlag(flags, &o.seed, "with --policy: seed in place of the scenario's: the `NUMBER` that all chance is drawn from")
	flags.StringArrayVar(&o.set, "set", nil, "with --policy: set any field of the scenario, `PATH=VALUE`, under every policy; repeatable")
	countFlag(flags, &o.replicas, "replicas", 1, mostReplicas, "with --policy: `NUMBER` of runs under each policy, with the seeds seed, seed+1, …: the tables have 95 % intervals")
	countFlag(flags, &o.workers, "workers", runtime.NumCPU(), math.MaxInt32, "with --policy: `NUMBER` of processors to use; results do not depend on it")
	flags.Lookup("workers").DefValue = "all"
	flags.StringVar(&o.out, "out", "", "`DIRECTORY` for compare.json, compare.md, compare.html and charts (default none; out/NAME with --policy)")
	flags.BoolVar(&o.force, "force", false, "replace the directory of --out, whatever it holds: nothing of that stays")
	flags.Var(&o.format, "format", "what to print on stdout")
}

// validate is the mistake of a call whose parts do not go together.
func (o *compared) validate(flags *pflag.FlagSet, args []string) error {
	var all problems
	if len(o.policies) == 0 {
		for _, name := range []string{"seed", "set", "replicas", "workers"} {
			if flags.Changed(name) {
				all = append(all, mistake("--%s: it is for --policy, which makes results to compare", name))
			}
		}
		if len(args) != 2 {
			all = append(all, mistake("found %s: expected `compare BASE NEW`, or `compare --policy A --policy B SCENARIO`", figure.Plural(uint64(len(args)), "argument")))
		}
		return several(all...)
	}
	if len(o.policies) < 2 || len(o.policies) > mostPolicies {
		all = append(all, mistake("found %d --policy: expected 2 to %d", len(o.policies), mostPolicies))
	}
	if len(args) != 1 {
		all = append(all, mistake("found %s: expected one SCENARIO with --policy", figure.Plural(uint64(len(args)), "argument")))
	}
	if len(o.allow) > 0 {
		all = append(all, mistake("--allow: it is for BASE and NEW: what a policy changes is no regression"))
	}
	if err := validateReplicas(o.replicas); err != nil {
		all = append(all, err)
	}
	if o.workers < 1 {
		all = append(all, mistake("--workers %d: expected at least 1", o.workers))
	}
	return several(all...)
}

// compareResults compares results that are there.
func (c *call) compareResults(o *compared, base, next string) error {
	var allowances []comparison.Allowance
	var all problems
	for _, text := range o.allow {
		allowance, err := comparison.ParseAllowance(text)
		if err != nil {
			all = append(all, mistake("--allow: %w", err))
		}
		allowances = append(allowances, allowance)
	}
	baseRuns, baseErr := readSide(base, exitNoBaseline)
	newRuns, newErr := readSide(next, exitUnusable)
	if err := several(append(all, baseErr, newErr)...); err != nil {
		return err
	}
	result, err := comparison.Compare(baseRuns, newRuns, allowances)
	if err != nil {
		return cannotCompare(err)
	}
	if o.out != "" {
		var reads []string
		for _, each := range slices.Concat(baseRuns, newRuns) {
			reads = append(reads, filepath.Join(each.Directory, "result.json"))
		}
		if err := several(claim(o.out, o.force), spare(o.out, o.force, reads...)); err != nil {
			return err
		}
		if err := reports.WriteComparison(o.out, result, o.force); err != nil {
			return err
		}
	}
	if err := c.printComparison(o, result); err != nil {
		return err
	}
	return regression(result)
}

// cannotCompare gives the reason why results are not compared its exit code.
func cannotCompare(err error) error {
	var allowance *comparison.AllowanceError
	if errors.As(err, &allowance) && !allowance.NoValue {
		return mistake("--allow %w", err)
	}
	return &failure{exitUnusable, err}
}

// readSide reads the results of one side. Where a directory holds none, the failure has the given code.
func readSide(side string, missing int) ([]comparison.Run, error) {
	var runs []comparison.Run
	for directory := range strings.SplitSeq(side, ",") {
		found, err := resultDirectories(directory)
		if err != nil {
			return nil, &failure{missing, err}
		}
		for _, each := range found {
			result, err := reports.Read(each)
			if err != nil {
				return nil, cannotRead(err)
			}
			runs = append(runs, comparison.Run{Directory: each, Result: result})
		}
	}
	return runs, nil
}

// resultDirectories returns the directory itself where it holds a result, else those in it that do.
func resultDirectories(directory string) ([]string, error) {
	none := noResult(directory, "the directory of a result, or one that holds several")
	if none == nil {
		return []string{directory}, nil
	}
	entries, _ := os.ReadDir(directory) // what cannot be read holds none, and none says why
	var found []string
	for _, entry := range entries {
		below := filepath.Join(directory, entry.Name())
		if entry.IsDir() && noResult(below, "") == nil {
			found = append(found, below)
		}
	}
	if len(found) == 0 {
		return nil, none
	}
	return found, nil
}

// noResult says why a directory is not that of a result, and what was expected; nil where it is.
func noResult(directory, expected string) error {
	info, err := os.Stat(directory)
	if err == nil && info.IsDir() {
		_, err = os.Stat(filepath.Join(directory, "result.json"))
	}
	switch {
	case info == nil && errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no directory %q: expected %s", directory, expected)
	case info != nil && !info.IsDir():
		return fmt.Errorf("%s is a file: expected %s", directory, expected)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s holds no result.json: expected %s", directory, expected)
	case err != nil:
		return fmt.Errorf("%s cannot be read: %s: expected %s", directory, reason(err), expected)
	}
	return nil
}

// printComparison prints the comparison on stdout in the format that was asked for.
func (c *call) printComparison(o *compared, result *comparison.Comparison) error {
	if c.quiet {
		return nil
	}
	if o.format.value == "text" {
		width, coloured := c.terminal()
		fmt.Fprint(c.stdout, result.Text(width, coloured))
	} else {
		text, err := reports.CompareFormat(result, o.format.value)
		if err != nil {
			return err
		}
		fmt.Fprint(c.stdout, text)
	}
	if o.out != "" {
		c.note("compare.html, compare.md, compare.json and charts/compare.svg are in %s\n", o.out)
	}
	return nil
}

// regression returns what a comparison failed at: something is worse than allowed, or nothing can be said.
func regression(result *comparison.Comparison) error {
	if result.Refusal != "" && result.Counts.Compared > 0 {
		return fail(exitUnusable, "%s", result.Refusal)
	}
	worse := result.Regressions()
	if len(worse) == 0 {
		return nil
	}
	const named = 3
	var texts []string
	for i := range worse[:min(len(worse), named)] {
		texts = append(texts, worse[i].Path+" "+worse[i].ChangeText())
	}
	more := ""
	if len(worse) > named {
		more = fmt.Sprintf(" and %d more", len(worse)-named)
	}
	return fail(exitRegression, "regression: %s%s", strings.ReplaceAll(strings.Join(texts, ", "), "\u2009", " "), more)
}
