package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/scenarios"
)

func scenarioVerb() verb {
	actions := []string{"list", "show", "new"}
	v := verb{
		name: "scenario", arguments: "list|show NAME|new NAME",
		purpose: "the shipped scenarios: list them, print one; print a commented file to start from",
		about: "`show` and `new` print on stdout: put it into a file, change it, and run that. NAME of `new` is the name that the\n" +
			"scenario gets: letters, digits, - and _.",
		examples: []string{"invitesim scenario list", "invitesim scenario show pending-cap > mine.yaml", "invitesim scenario new mine > mine.yaml"},
		complete: func(before []string) []string {
			switch {
			case len(before) == 0:
				return actions
			case before[0] == "show":
				return scenarioNames()
			}
			return nil
		},
	}
	v.declare = func(c *call, _ *pflag.FlagSet) action {
		return func(_ context.Context, args []string) error {
			what, rest, err := v.subverb(args, actions...)
			if err != nil {
				return err
			}
			if what == "list" {
				return c.listScenarios(rest)
			}
			if len(rest) != 1 {
				return mistake("found %s: expected `%s %s NAME`", figure.Plural(uint64(len(rest)), "name"), v.name, what)
			}
			if what == "show" {
				return c.showScenario(rest[0])
			}
			return c.newScenario(rest[0])
		}
	}
	return v
}

func scenarioNames() []string {
	var names []string
	for _, entry := range scenarios.Library() {
		names = append(names, entry.Name)
	}
	return names
}

func (c *call) listScenarios(args []string) error {
	if len(args) > 0 {
		return mistake("argument %q is one too many: expected `scenario list`", args[0])
	}
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	for _, entry := range scenarios.Library() {
		fmt.Fprintf(table, "%s\t%s\n", entry.Name, entry.Purpose)
	}
	return table.Flush()
}

func (c *call) showScenario(name string) error {
	content, ok := scenarios.Open(name)
	if !ok {
		return fail(exitUnusable, "there is no shipped scenario %q%s", name, model.DidYouMean(model.Nearest(name, scenarioNames())))
	}
	fmt.Fprint(c.stdout, content)
	return nil
}

func (c *call) newScenario(name string) error {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	if name == "" || strings.Trim(name, letters) != "" {
		return mistake("%q is no name for a scenario: expected letters, digits, - and _", name)
	}
	fmt.Fprint(c.stdout, scenarios.New(name))
	return nil
}
