package figure_test

import (
	"slices"
	"strings"
	"testing"

	"invitesim/reports/figure"
	"invitesim/sim"
)

func TestFigures(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{figure.Count(0), "0"},
		{figure.Count(999), "999"},
		{figure.Count(1000), "1 000"},
		{figure.Count(123456), "123 456"},
		{figure.Count(1234567), "1 234 567"},
		{figure.Number(0), "0"},
		{figure.Number(0.1234), "0.123"},
		{figure.Number(0.00001234), "1.2e-05"},
		{figure.Number(41.26), "41.3"},
		{figure.Number(999.4), "999"},
		{figure.Number(999.9), "1 000"},
		{figure.Number(-12345.6), "-12 346"},
		{figure.Share(0), "0 %"},
		{figure.Share(0.00001), "< 0.01 %"},
		{figure.Share(0.0043), "0.43 %"},
		{figure.Share(0.0324), "3.2 %"},
		{figure.Share(0.9994), "99.94 %"},
		{figure.Share(0.99999), "> 99.99 %"},
		{figure.Share(1), "100 %"},
		{figure.Duration(45), "45 s"},
		{figure.Duration(720), "12 min"},
		{figure.Duration(72000), "20 h"},
		{figure.Duration(302400), "3.5 d"},
		{figure.Duration(15552000), "180 d"},
		{figure.Span(604800), "1 week"},
		{figure.Span(26 * 604800), "26 weeks"},
		{figure.Span(10 * 86400), "10 days"},
		{figure.Span(36 * 3600), "36 hours"},
		{figure.Span(4649 * 3600), "194 d"},
		{figure.Span(16_736_043), "194 d"},
		{figure.Span(5400), "90 min"},
		{figure.Span(61), "61 s"},
	} {
		if got := strings.ReplaceAll(test.got, figure.ThinSpace, " "); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestChecks(t *testing.T) {
	const week = 7 * 86400
	invariants := sim.InvariantChecks{Evaluated: 9, Violations: 1}
	for _, test := range []struct {
		checks *sim.Checks
		want   []string
	}{
		{nil, nil},
		{&sim.Checks{Invariants: invariants}, []string{"Invariants: 9 evaluations, 1 violation.", "Oracle: nothing was compared."}},
		{
			&sim.Checks{Invariants: invariants, Oracle: sim.OracleChecks{Commands: 500, UntilS: week}},
			[]string{"Invariants: 9 evaluations, 1 violation.", "Oracle: 500 commands up to 7 d into the run, 0 divergences."},
		},
		{
			&sim.Checks{
				Linearizability: &sim.LinearizabilityChecks{Commands: 3, UntilS: week, Violations: 1},
				Oracle:          sim.OracleChecks{Commands: 1, Queries: 2, Divergences: 1, Unproven: 1, UntilS: week},
			},
			[]string{
				"Invariants: 0 evaluations, 0 violations.",
				"Linearizability: 3 commands up to 7 d into the run have no order that the rules explain.",
				"Oracle: 1 command and 2 looks at lists up to 7 d into the run, 1 divergence, 1 of them likely but not proven: not every order of the " +
					"calls was tried.",
			},
		},
	} {
		if got := figure.Checks(test.checks); !slices.Equal(got, test.want) {
			t.Errorf("%q, expected %q", got, test.want)
		}
	}
}
