// Package comparison says what differs between results, and whether it is more than noise.
//
// Compare holds two sides against each other, each of one run or of several. Which statistics are fair follows from the runs alone:
//
//	exact        one run a side, virtual clock, equal seeds: every difference is real, and it is that of this seed
//	paired       several runs or replicas a side, virtual clock, equal seeds: Student's t of the differences seed by seed
//	independent  several runs a side whose seeds are not the same, or of which only means are known: Student's t after Welch
//	ranks        six runs a side or more by the wall clock: Mann and Whitney, Hodges and Lehmann
//
// Anything else is too little to tell a change from noise: then the figures are shown side by side and nothing is said about them.
// Where many figures are compared, verdicts rest on probabilities adjusted for that (statistics.Adjusted) in three groups of their own:
// the figures that an Allowance names, those of all members in the whole run that can get worse, and the rest.
//
// ComparePolicies puts several policies side by side that met the same people.
package comparison
