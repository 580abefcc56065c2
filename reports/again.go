package reports

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"invitesim/model/policies"
	"invitesim/sim"
)

// Reproduce is the command that runs the same again, by the same clock and with the same checks, as far as the result knows: a scenario that is no
// shipped one has to be there under its name, and a trace (a result without a digest of its scenario is that of a replay) under its name
// and `.trace`.
func Reproduce(result *sim.Result) string {
	verb, subject := "run", result.Scenario.Name
	if result.Scenario.Digest == "" {
		verb, subject = "replay", result.Scenario.Name+".trace"
	}
	command := fmt.Sprintf("invitesim %s %s%s --seed %d", verb, quoted(subject), policyFlags(&result.Policy), result.Seed)
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
		command += " --for " + quoted(time.Duration(math.Round(result.ForS*1e9)).String())
	}
	if result.Polite {
		command += " --polite"
	}
	if result.Checks != nil {
		command += " --check"
	}
	return command
}

// policyFlags are the flags that make a policy: that of its name, or else the default one, and each setting that differs.
func policyFlags(ran *sim.PolicyName) string {
	name := ran.Name
	changed, known := policies.Changed(name, ran.Settings)
	if !known {
		name = "default"
		changed, _ = policies.Changed(name, ran.Settings)
	}
	flags := " --policy " + name
	for _, c := range changed {
		flags += " --set policy." + c.Path + "=" + quoted(c.B)
	}
	return flags
}

// quoted writes a word so that a shell takes it as one.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./", r)
	}
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
