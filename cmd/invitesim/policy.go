package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"

	"invitesim/model"
	"invitesim/model/policies"
	"invitesim/reports/figure"
	"invitesim/scenarios"
)

func policyVerb() verb {
	actions := []string{"list", "show", "diff"}
	v := verb{
		name: "policy", arguments: "list|show NAME|diff A B",
		purpose: "the named policies: list them, print one, compare two",
		about: "NAME, A and B are named policies or policy files. `show` prints every setting as YAML that --policy reads\n" +
			"again. Durations have units (7d, 48h), shares a percent sign.",
		examples: []string{"invitesim policy list", "invitesim policy show weekly-quota", "invitesim policy diff default trust-scored"},
		complete: func(before []string) []string {
			if len(before) == 0 {
				return actions
			}
			return policyNames()
		},
	}
	v.declare = func(c *call, _ *pflag.FlagSet) action {
		return func(_ context.Context, args []string) error {
			what, rest, err := v.subverb(args, actions...)
			if err != nil {
				return err
			}
			switch what {
			case "show":
				return c.showPolicy(v, rest)
			case "diff":
				return c.diffPolicies(v, rest)
			}
			return c.listPolicies(v, rest)
		}
	}
	return v
}

func policyNames() []string { return policies.Names() }

// listPolicies prints the names, each with the settings that matter most.
func (c *call) listPolicies(v verb, args []string) error {
	if len(args) > 0 {
		return mistake("argument %q is one too many: expected `%s list`", args[0], v.name)
	}
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tWEEKLY LIMIT\tPENDING CAP\tCONNECTIONS\tEXPIRY\tCOOLDOWN")
	for _, name := range policies.Names() {
		p, _ := policies.Named(name)
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", name,
			modeAndCount(&p, "weekly_limit"), modeAndCount(&p, "pending_cap"),
			settingText(&p, "connection_cap"), settingText(&p, "expiry"), settingText(&p, "resend.cooldown"))
	}
	return table.Flush()
}

// modeAndCount prints a limit: its mode, and its count where the mode goes by it.
func modeAndCount(p *model.Policy, group string) string {
	mode := settingText(p, group+".mode")
	switch mode {
	case "none", "ratio":
		return mode
	}
	return mode + " " + settingText(p, group+".count")
}

func settingText(p *model.Policy, path string) string {
	text, ok := p.Get(path)
	if !ok {
		panic("policy: no setting " + path)
	}
	return text
}

func (c *call) showPolicy(v verb, args []string) error {
	if len(args) != 1 {
		return mistake("found %s: expected `%s show NAME`", figure.Plural(uint64(len(args)), "name"), v.name)
	}
	p, err := c.policyArgument(args[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "# policy %s (set of policies %d)\n", p.Name, policies.Version)
	printPolicy(c.stdout, &p)
	return nil
}

// printPolicy prints every setting, as YAML: groups are maps, and what is below them is indented.
func printPolicy(out io.Writer, p *model.Policy) {
	var open []string
	for _, path := range model.SettingPaths() {
		parts := strings.Split(path, ".")
		groups, key := parts[:len(parts)-1], parts[len(parts)-1]
		for depth, group := range groups {
			if depth >= len(open) || open[depth] != group {
				fmt.Fprintf(out, "%s%s:\n", strings.Repeat("  ", depth), group)
				open = append([]string{}, groups[:depth+1]...)
			}
		}
		open = open[:min(len(open), len(groups))]
		fmt.Fprintf(out, "%s%s: %s\n", strings.Repeat("  ", len(groups)), key, settingText(p, path))
	}
}

func (c *call) diffPolicies(v verb, args []string) error {
	if len(args) != 2 {
		return mistake("found %s: expected `%s diff A B`", figure.Plural(uint64(len(args)), "name"), v.name)
	}
	a, errA := c.policyArgument(args[0])
	b, errB := c.policyArgument(args[1])
	if errA != nil || errB != nil {
		return several(errA, errB)
	}
	diffs := model.DiffPolicies(&a, &b)
	if len(diffs) == 0 {
		fmt.Fprintf(c.stdout, "%s and %s agree in every setting\n", args[0], args[1])
		return nil
	}
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "SETTING\t%s\t%s\n", args[0], args[1])
	for _, d := range diffs {
		fmt.Fprintf(table, "%s\t%s\t%s\n", d.Path, d.A, d.B)
	}
	return table.Flush()
}

// loadPolicy returns the policy that a flag names: a shipped one, or that of a file.
func (c *call) loadPolicy(name string) (model.Policy, error) {
	p, mistakes := c.readPolicy(name)
	if err := c.cutShort(name); err != nil {
		return p, err
	}
	if len(mistakes) > 0 {
		return p, cannotUse(mistakes)
	}
	return p, nil
}

// policyArgument returns the policy that an argument names, whose mistakes are those of no flag.
func (c *call) policyArgument(name string) (model.Policy, error) {
	p, mistakes := c.readPolicy(name)
	if err := c.cutShort(name); err != nil {
		return p, err
	}
	if len(mistakes) == 0 {
		return p, nil
	}
	for i := range mistakes {
		mistakes[i].File = strings.TrimPrefix(mistakes[i].File, "--policy ")
	}
	return p, cannotUse(mistakes)
}

func (c *call) readPolicy(name string) (model.Policy, scenarios.Mistakes) {
	if p, ok := policies.Named(name); ok {
		return p, nil
	}
	// The reader of scenarios reads policy files too: into any scenario, whose people do not matter here.
	from := scenarios.Source{Name: defaultScenario, Files: c.files}
	plan, _, mistakes := scenarios.Load(from, scenarios.Options{Policy: name})
	if len(mistakes) > 0 {
		return model.Policy{}, mistakes
	}
	return plan.Policy, nil
}
