package main

import (
	"cmp"
	"context"
	"slices"

	"github.com/spf13/pflag"

	"invitesim/reports"
	"invitesim/reports/baseline"
)

// trial is one call of `test`: its flags, and the scenarios that it found.
type trial struct {
	simulation
	update   bool // write what comes out as the baselines
	require  bool // a scenario without a baseline fails
	flags    *pflag.FlagSet
	subjects []*subject
	into     string               // where the results are written: out, or beside it
	instead  *reports.Replacement // of what out held, with --force
}

func testVerb() verb {
	v := verb{
		name: "test", arguments: "PATH…",
		purpose: "for CI: runs scenarios side by side, judges thresholds and baselines, writes JUnit and a Markdown summary",
		about: "PATH is a scenario file, a directory (every *.yaml in it and below, but in those whose names begin with a dot), or\n" +
			"the name of a shipped scenario. What a scenario must come to stands beside it, in NAME.baseline.json: in virtual\n" +
			"time the same scenario comes to the same, figure by figure, so whatever differs was changed, and is explained:\n" +
			"what was changed, for whom what became different, and the first command that came out differently. --update\n" +
			"accepts what comes out as the new baselines; nothing else writes them. A scenario without one is judged by its\n" +
			"thresholds. Where GITHUB_ACTIONS is true, failures become annotations; the summary is also appended to the file\n" +
			"that GITHUB_STEP_SUMMARY names. Exit code 99 where a threshold fails, 104 where a file cannot be used (then\n" +
			"nothing is run), 120 where something differs from its baseline, 121 where --require-baseline finds none, or one\n" +
			"of another seed, start, duration, warm-up or number of members.",
		examples: []string{
			"invitesim test scenarios/ --require-baseline",
			"invitesim test steady-week pending-cap --workers 2 --out out/ci",
			"invitesim test mine.yaml --update",
			"invitesim test mine.yaml --set policy.weekly_limit.count=50",
		},
		complete: func([]string) []string { return scenarioNames() },
	}
	v.declare = func(c *call, flags *pflag.FlagSet) action {
		t := trial{flags: flags}
		t.declare(flags)
		flags.BoolVar(&t.update, "update", false, "accept what comes out: write it as the baselines, beside the scenario files")
		flags.BoolVar(&t.require, "require-baseline", false, "fail with exit code 121 where a scenario has no baseline")
		flags.Lookup("out").Usage = "`DIRECTORY` of the results, one below it for each scenario (default out/test); one that holds something else than an earlier test is refused"
		flags.Lookup("trace").Hidden = true // a trace is one history
		flags.Lookup("workers").Usage = "`NUMBER` of scenarios that run at the same time; results do not depend on it"
		flags.Lookup("format").Usage = "what to print on stdout: a table with what failed, test.json, or summary.md"
		return func(ctx context.Context, args []string) error {
			if err := several(v.wantArguments(args, 1, -1), t.validate(), t.validateTest()); err != nil {
				return err
			}
			return c.test(ctx, &t, args)
		}
	}
	return v
}

// validateTest is the mistake of flags that do not go together.
func (t *trial) validateTest() error {
	var all problems
	if t.update {
		for _, name := range flagsThatChange() {
			if t.flags.Changed(name) {
				all = append(all, mistake("--update with --%s: a baseline is what the file itself comes to: expected the change in the file", name))
			}
		}
		if t.byTheWall() {
			all = append(all, mistake("--update with --clock %s: figures of the wall clock are never the same: expected virtual", t.clock.value))
		}
	}
	if t.trace != "" {
		all = append(all, mistake("--trace: expected it with run, for one scenario"))
	}
	return several(all...)
}

// flagsThatChange are the flags that make another scenario of a file.
func flagsThatChange() []string { return []string{"policy", "set", "seed"} }

// test finds the scenarios, runs them, writes all that is to be written, and only then says what failed.
func (c *call) test(ctx context.Context, t *trial, args []string) error {
	if err := c.loadSubjects(t, args); err != nil {
		return err
	}
	if t.out == "" {
		t.out = "out/test"
	}
	if err := t.claimOut(); err != nil {
		return err
	}
	if err := t.open(); err != nil {
		return err
	}
	c.runSubjects(ctx, t)
	failed := t.failures()
	if err := c.writeTest(t); err != nil {
		failed = append(failed, err)
	}
	if err := c.printTest(t); err != nil {
		failed = append(failed, err)
	}
	return several(failed...)
}

// runSubjects runs the scenarios side by side, those that take long first, so that none of them is left alone at the end; by the clock of the
// wall one after the other, for they would take each other's time.
func (c *call) runSubjects(ctx context.Context, t *trial) {
	order := slices.Clone(t.subjects)
	slices.SortStableFunc(order, func(a, b *subject) int { return cmp.Compare(b.size(), a.size()) })
	told := c.newTestProgress(t.subjects)
	defer told.done()
	side := min(t.workers, len(order))
	if t.byTheWall() {
		side = 1
	}
	sideBySide(len(order), side, func(number int) {
		c.runSubject(ctx, t, order[number], max(1, t.workers/side), told)
		told.finish(order[number])
	})
}

// failures are all that failed, in the order of the scenarios.
func (t *trial) failures() problems {
	var all problems
	for _, s := range t.subjects {
		for _, err := range s.failures {
			all = append(all, s.named(err))
		}
	}
	return all
}

// judge says what a scenario failed at: the model, thresholds, its baseline.
func (s *subject) judge() {
	if s.result == nil {
		return
	}
	if err := verdict(s.result); err != nil {
		s.failures = append(s.failures, flatten(err)...)
	}
	switch f := s.against; f.Verdict {
	case baseline.Differs:
		s.failures = append(s.failures, fail(exitRegression, "%s", f.Lines(0)[0]))
	case baseline.Asked:
		s.failures = append(s.failures, fail(exitNoBaseline, "%s", f.Lines(0)[0]))
	}
}
