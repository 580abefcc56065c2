package figure

import "invitesim/sim"

// Checks says what ran beside a run to prove it right, a sentence each; nothing where nothing did.
func Checks(c *sim.Checks) []string {
	if c == nil {
		return nil
	}
	lines := []string{"Invariants: " + Plural(c.Invariants.Evaluated, "evaluation") + ", " + Plural(c.Invariants.Violations, "violation") + "."}
	if c.Linearizability != nil {
		lines = append(lines, linearizability(c.Linearizability))
	}
	return append(lines, oracle(&c.Oracle))
}

// linearizability says whether the calls that were recorded have an order that the rules explain, or that the search for one did not get to its end.
func linearizability(l *sim.LinearizabilityChecks) string {
	calls := "Linearizability: " + compared(l.Commands, l.Queries, l.UntilS)
	switch {
	case l.Unfinished:
		return "Linearizability: not known, as the check of the recorded calls did not get to its end."
	case l.Unproven > 0:
		return calls + " probably have no order that the rules explain: not every order of the calls was tried."
	case l.Violations > 0:
		return calls + " have no order that the rules explain."
	}
	return calls + " have an order that the rules explain; the oracle is the second reading of that order."
}

// oracle says what was compared with the oracle, how often it disagreed, and of how many of these that is not proven.
func oracle(o *sim.OracleChecks) string {
	if o.UntilS == 0 && o.Commands == 0 {
		return "Oracle: nothing was compared."
	}
	text := "Oracle: " + compared(o.Commands, o.Queries, o.UntilS) + ", " + Plural(o.Divergences, "divergence")
	if o.Unproven > 0 {
		text += ", " + Count(o.Unproven) + " of them likely but not proven: not every order of the calls was tried"
	}
	return text + "."
}

// compared says which commands and looks at lists were compared, up to how many seconds into the run.
func compared(commands, queries uint64, untilS int64) string {
	text := Plural(commands, "command")
	if queries > 0 {
		text += " and " + Plural(queries, "look") + " at lists"
	}
	return text + " up to " + Duration(float64(untilS)) + " into the run"
}
