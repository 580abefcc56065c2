package reports

import "invitesim/sim"

// Reproduce is the command that runs the same again; empty where the result does not know it.
func Reproduce(result *sim.Result) string { return originOf(result).command }
