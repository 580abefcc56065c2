package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"invitesim/reports"
	"invitesim/reports/baseline"
)

func reportVerb() verb {
	v := verb{
		name: "report", arguments: "DIR",
		purpose: "makes every report file of a result directory again from its result.json alone",
		about: "DIR is a result directory, such as out/steady-week. report.html, summary.md, series.csv, junit.xml, the charts and,\n" +
			"where latencies were measured, latency.hlog are made anew; result.json and manifest.json stay as they are. result.json\n" +
			"knows nothing of baselines, and so neither do the files that are made from it: what `test` judged about one stays in\n" +
			"changes.csv, and in the junit.xml, summary.md and test.json of the whole test, such as out/test/junit.xml.",
		examples: []string{"invitesim report out/steady-week", "invitesim report out/steady-week --charts svg,png"},
	}
	v.declare = func(c *call, flags *pflag.FlagSet) action {
		var charts chartFormats
		flags.Var(&charts, "charts", "`FORMATS` of the charts: some of svg,png,pdf, or none; without it those that DIR has, or svg")
		return func(_ context.Context, args []string) error {
			if err := v.wantArguments(args, 1, 1); err != nil {
				return err
			}
			return c.report(args[0], charts.list)
		}
	}
	return v
}

// report makes the files again and lists them.
func (c *call) report(directory string, formats []string) error {
	if err := noResult(directory, "the directory of a result"); err != nil {
		return &failure{exitUnusable, err}
	}
	if _, err := reports.Read(directory); err != nil {
		return cannotRead(err)
	}
	paths, err := reports.Remake(directory, formats)
	if err != nil {
		return err
	}
	if c.quiet {
		return nil
	}
	for _, path := range paths {
		fmt.Fprintln(c.stdout, path)
	}
	if test, judged := judgedIn(directory); judged {
		c.note("what was judged about the baseline is in %s and %s: result.json knows nothing of it\n",
			filepath.Join(test, testJUnitFile), filepath.Join(test, testSummaryFile))
	}
	return nil
}

// judgedIn returns the directory of the test that a result is a part of, where the scenario was held against a baseline there.
func judgedIn(directory string) (test string, judged bool) {
	full, err := filepath.Abs(directory)
	if err != nil {
		return "", false
	}
	document, _ := earlierTest(filepath.Dir(full))
	return filepath.Join(directory, ".."), slices.ContainsFunc(document.Scenarios, func(s testScenario) bool {
		return s.Name == filepath.Base(full) && s.Baseline != nil && s.Baseline.Verdict != string(baseline.Missing)
	})
}
