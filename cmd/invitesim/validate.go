package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"invitesim/reports/chart"
	"invitesim/reports/figure"
	"invitesim/scenarios"
	"invitesim/sim"
)

// defaultScenario is the ordinary case: the one for a first look.
const defaultScenario = "steady-week"

func validateVerb() verb {
	v := verb{
		name: "validate", arguments: "SCENARIO…",
		purpose: "checks scenario files; prints every mistake with file, line and column",
		about: "Each SCENARIO is a file, - for stdin, or the name of a shipped one. Nothing is run and nothing is written.\n" +
			"Exit code 104 where one has mistakes.",
		examples: []string{"invitesim validate steady-week", "invitesim validate mine.yaml --set members.casual.count=500"},
		complete: func([]string) []string { return scenarioNames() },
	}
	v.declare = func(c *call, flags *pflag.FlagSet) action {
		var change changes
		change.declare(flags)
		return func(_ context.Context, args []string) error {
			if err := v.wantArguments(args, 1, -1); err != nil {
				return err
			}
			var all problems
			for _, name := range args {
				plan, err := c.loadScenario(name, &change, flags)
				if err != nil {
					all = append(all, err)
					continue
				}
				policy := sim.NewPolicyName(&plan.Policy)
				c.tell("%s: valid: %s, %s, %s\n", name,
					figure.Plural(uint64(plan.Members()), "member"), figure.Span(int64(plan.Duration)), chart.PolicyTitle(&policy))
			}
			return several(all...)
		}
	}
	return v
}

// changes are the flags that change a scenario after its file has been read.
type changes struct {
	policy string
	seed   uint64
	set    []string
}

func (f *changes) declare(flags *pflag.FlagSet) {
	flags.StringVar(&f.policy, "policy", "", "policy in place of the scenario's: `NAME|FILE`, a name of invitesim policy list or a policy file")
	seedFlag(flags, &f.seed, "seed in place of the scenario's: the `NUMBER` that all chance is drawn from")
	flags.StringArrayVar(&f.set, "set", nil, "set any field of the scenario, `PATH=VALUE`, such as members.casual.count=500 or policy.expiry=90d; "+
		"repeatable; comes after --policy; durations and shares have units, and PATH= takes a field away")
}

// loadScenario reads a scenario: a shipped one, a file, or stdin for "-".
func (c *call) loadScenario(name string, change *changes, flags *pflag.FlagSet) (*sim.Plan, error) {
	options := scenarios.Options{Policy: change.policy, Set: change.set}
	if flags.Changed("seed") {
		options.Seed = &change.seed
	}
	from := scenarios.Source{Name: name, Files: c.files}
	if name == "-" {
		from.Name, from.Text = "stdin", c.stdin
	}
	plan, _, mistakes := scenarios.Load(from, options)
	if err := c.cutShort(from.Name); err != nil {
		return nil, err
	}
	if len(mistakes) > 0 {
		return nil, cannotUse(mistakes)
	}
	return plan, nil
}

// tell prints something for people to stdout, unless they asked for quiet.
func (c *call) tell(format string, values ...any) {
	if !c.quiet {
		writePlain(c.stdout, format, values...)
	}
}

// note prints something on the way to stderr, unless quiet was asked for.
func (c *call) note(format string, values ...any) {
	if !c.quiet {
		writePlain(c.stderr, format, values...)
	}
}

// writePlain prints with ordinary spaces between thousands: a terminal may have no thin ones. Errors of stdout are remembered by the
// stream itself, and those of stderr nobody could be told.
func writePlain(out io.Writer, format string, values ...any) {
	fmt.Fprint(out, strings.ReplaceAll(fmt.Sprintf(format, values...), figure.ThinSpace, " "))
}
