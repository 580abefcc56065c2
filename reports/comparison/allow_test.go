package comparison_test

import (
	"errors"
	"strings"
	"testing"

	"invitesim/reports/comparison"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

func TestDirection(t *testing.T) {
	for path, want := range map[string]comparison.Worse{
		"commands.send.outcomes.rate_limited.share":                  comparison.More,
		"members_by.casual.commands.accept.outcomes.peer_full.count": comparison.More,
		"commands.send.outcomes.sent.share":                          comparison.Neither,
		"commands.send.count":                                        comparison.Neither,
		"limits.cooldown.longest":                                    comparison.More,
		"members_by.limits.limits.cooldown.member_share":             comparison.More,
		"invitations.accepted":                                       comparison.Less,
		"invitations.withdrawn":                                      comparison.Neither,
		"latency.send.p99":                                           comparison.More,
		"latency.send.count":                                         comparison.Neither,
		"service.accept.mean":                                        comparison.More,
		"load.late_share":                                            comparison.More,
		"load.dropped":                                               comparison.More,
		"load.achieved_per_s":                                        comparison.Neither,
		"pending.members_at_cap_end":                                 comparison.More,
		"pending.mean":                                               comparison.Neither,
		"quota.exhausted_share":                                      comparison.More,
		"checks.invariants.violations":                               comparison.More,
		"checks.oracle.until":                                        comparison.Neither,
		"members_by.commands.invitations.accepted":                   comparison.Less,
		"response.accept.p50":                                        comparison.Neither,
		"windows.2w..4w.limits.cooldown.hits":                        comparison.More,
		"windows.2w..4w.members_by.casual.invitations.accepted":      comparison.Less,
	} {
		if got := comparison.Direction(path); got != want {
			t.Errorf("%s: worse is %s, expected %s", path, got, want)
		}
	}
}

func TestAllowancesThatAreNone(t *testing.T) {
	for _, text := range []string{
		"", "pending.mean", "pending.mean 5", "pending.mean +", "pending.mean +x%", "pending.mean +5 %", "pending.mean ++5", "pending.mean +NaN",
		"pending.mean +5parsecs", "pending.mean +-5", "[ +5%",
	} {
		if a, err := comparison.ParseAllowance(text); err == nil || !strings.Contains(err.Error(), "expected PATH and a signed amount") {
			t.Errorf("%q is taken for %+v, %v", text, a, err)
		}
	}
}

// An allowance opens its direction as far as it says, and no further; others stay as they are.
func TestAllow(t *testing.T) {
	base, next := sample.Side{Runs: 6, Seed: 1}, sample.Side{Runs: 6, Seed: 1, Worse: 0.2}
	const accepted, member = "invitations.accepted", "limits.rate_limited.member_share"
	for _, test := range []struct {
		name  string
		allow []string
		path  string
		want  bool
	}{
		{"nothing allowed", nil, refused, true},
		{"less than it takes", []string{refused + " +15%"}, refused, true},
		{"more than it takes", []string{refused + " +30%"}, refused, false},
		{"of another figure", []string{member + " +30%"}, refused, true},
		{"points, too few", []string{refused + " +0.2pp"}, refused, true},
		{"points, enough", []string{refused + " +0.6pp"}, refused, false},
		{"a pattern", []string{"*.rate_limited.* +30%"}, refused, false},
		{"a pattern of all, then less of one", []string{"* +30%", refused + " +15%"}, refused, true},
		{"a pattern in another unit", []string{"*.rate_limited.* +1_000_000"}, refused, true},
		{"a pattern in its unit", []string{"*share +1pp"}, refused, false},
		{"a pattern of falls", []string{"*.rate_limited.* -30%"}, refused, true},
		{"a fall of what rises", []string{refused + " -5%"}, refused, false},
		{"fewer are accepted", nil, accepted, true},
		{"fewer are accepted, as allowed", []string{accepted + " -10%"}, accepted, false},
		{"fewer are accepted, by number", []string{accepted + " -1_000"}, accepted, false},
		{"fewer are accepted, beyond the number", []string{accepted + " -1"}, accepted, true},
		{"nobody asks for what is neither", nil, "invitations.sent", false},
		{"what is neither, named", []string{"invitations.sent -0.1%"}, "invitations.sent", true},
		{"what is neither, by a pattern", []string{"invitations.* -0.1%"}, "invitations.sent", false},
	} {
		c := compare(t, runs("a", base), runs("b", next), test.allow...)
		f := find(t, c, test.path)
		if f.Regress != test.want {
			t.Errorf("%s: a regression is %v, expected %v: %+v", test.name, f.Regress, test.want, f)
		}
	}
}

func TestAllowTimes(t *testing.T) {
	base, next := sample.Side{Runs: 6, Seed: 1, Wall: true}, sample.Side{Runs: 6, Seed: 1, Wall: true, Worse: 0.5}
	for allow, want := range map[string]bool{
		"latency.send.p99 +10%": true, "latency.send.p99 +80%": false, "latency.send.p99 +50µs": true, "latency.send.p99 +1ms": false,
	} {
		if f := find(t, compare(t, runs("a", base), runs("b", next), allow), "latency.send.p99"); f.Regress != want {
			t.Errorf("%s: a regression is %v, expected %v: %+v", allow, f.Regress, want, f)
		}
	}
}

func TestAllowancesThatDoNotFit(t *testing.T) {
	a, b := runs("a", sample.Side{Runs: 1, Seed: 1}), runs("b", sample.Side{Runs: 1, Seed: 1})
	for text, want := range map[string]string{
		"pending.middle +5":                  "pending has no middle",
		"members_by.nobody.turns.planned +5": "has no nobody",
		"pending.p99 +5d":                    "found a time with its unit, expected a plain number or a percentage",
		refused + " +5":                      "found a plain number, expected percentage points (pp) or a percentage",
		"limits.rate_limited.longest +5":     "found a plain number, expected a time with its unit or a percentage",
		"latency.send.p99 +5pp":              "found percentage points (pp), expected a time with its unit or a percentage",
		"latency.send.p99 +5%":               "a/1 has no sample of that figure",
	} {
		allowance, err := comparison.ParseAllowance(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = comparison.Compare(a, b, []comparison.Allowance{allowance})
		var wrong *comparison.AllowanceError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) || wrong.NoValue != strings.Contains(want, "no sample") {
			t.Errorf("%s: %v, expected %q", text, err, want)
		}
		var path *sim.PathError
		if strings.Contains(want, "has no") && !wrong.NoValue && !errors.As(err, &path) {
			t.Errorf("%s: the error does not say where the path goes wrong", text)
		}
	}
}
