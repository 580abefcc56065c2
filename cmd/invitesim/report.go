package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"invitesim/reports"
)

func reportVerb() verb {
	v := verb{
		name: "report", arguments: "DIR",
		purpose: "makes every report file of a result directory again from its result.json alone",
		about: "DIR is a result directory, such as out/steady-week. report.html, summary.md, series.csv, junit.xml, the charts and,\n" +
			"where latencies were measured, latency.hlog are made anew; result.json and manifest.json stay as they are. What only a\n" +
			"baseline knows is not in result.json: `test` writes that.",
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
	return nil
}
