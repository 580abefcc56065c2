package reports

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"invitesim/model/policies"
	"invitesim/reports/terminal"
	"invitesim/scenarios"
	"invitesim/sim"
)

// elsewhere says where the command is that runs the same again, of a result that does not know it.
const elsewhere = "the call as it was made is `command_line` in " + manifestFile + ": a result knows neither the file of its scenario nor every `--set`"

// origin is what reports say of where a result comes from. A result knows the command of a shipped scenario of which nothing but the seed and the
// policy was changed; of any other, and of a trace, it has the name alone, under which there may be another one. To find that out takes as long as to
// load the scenario, so that who makes several reports asks once.
type origin struct {
	shown   *sim.Result // under the name that reports show: a changed scenario does not pass for the shipped one of its name
	command string      // that runs the same again; empty where the result does not know it
}

// originOf finds out where a result comes from.
func originOf(result *sim.Result) origin {
	if _, shipped := scenarios.Open(result.Scenario.Name); !shipped {
		return origin{shown: result}
	}
	if asShipped(result) {
		return origin{shown: result, command: commandOf(result)}
	}
	if result.Scenario.Digest == "" {
		return origin{shown: result} // a trace may be called what it likes
	}
	changed := *result
	changed.Scenario.Name += ", changed"
	return origin{shown: &changed}
}

// again says in lines how to see the same again: the command, or where it is.
func (o *origin) again() string {
	if o.command != "" {
		return "to see it again:\n" + o.command
	}
	return "to see it again: " + elsewhere
}

// commandOf is the command that runs a shipped scenario as the result tells.
func commandOf(result *sim.Result) string {
	command := "invitesim run " + terminal.ShellWord(result.Scenario.Name)
	name, settings := policyOptions(&result.Policy)
	command += " --policy " + name
	for _, setting := range settings {
		command += " --set " + terminal.ShellWord(setting)
	}
	command += fmt.Sprintf(" --seed %d", result.Seed)
	if result.Replicas > 1 {
		command += fmt.Sprintf(" --replicas %d", result.Replicas)
	}
	if result.Clock == "wall" {
		command += " --clock wall"
	}
	if result.Speed > 0 {
		command += " --speed " + strconv.FormatFloat(result.Speed, 'f', -1, 64) + "x"
	}
	if result.Workers > 0 {
		command += fmt.Sprintf(" --workers %d", result.Workers)
	}
	if result.ForS > 0 {
		command += " --for " + terminal.ShellWord(time.Duration(math.Round(result.ForS*1e9)).String())
	}
	if result.Polite {
		command += " --polite"
	}
	if result.Checks != nil {
		command += " --check"
	}
	return command
}

// asShipped says whether the shipped scenario of the result's name, which there must be, is what ran, given its policy and its seed.
func asShipped(result *sim.Result) bool {
	policy, settings := policyOptions(&result.Policy)
	plan, _, mistakes := scenarios.Load(scenarios.Source{Name: result.Scenario.Name}, scenarios.Options{Policy: policy, Seed: &result.Seed, Set: settings})
	return len(mistakes) == 0 && plan.Digest == result.Scenario.Digest
}

// policyOptions are what makes a policy: that of its name, or else the default one, and each setting that differs.
func policyOptions(ran *sim.PolicyName) (name string, settings []string) {
	name = ran.Name
	changed, known := policies.Changed(name, ran.Settings)
	if !known {
		name = "default"
		changed, _ = policies.Changed(name, ran.Settings)
	}
	for _, c := range changed {
		settings = append(settings, "policy."+c.Path+"="+c.B)
	}
	return name, settings
}
