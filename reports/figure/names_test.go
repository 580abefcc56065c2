package figure_test

import (
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/sim"
)

func TestName(t *testing.T) {
	for path, want := range map[string][2]string{
		"members_by.recruiter.commands.send.outcomes.rate_limited.share": {"recruiter", "attempts refused by the weekly limit"},
		"commands.send.outcomes.sent.share":                              {"", "attempts that were sent"},
		"commands.send.outcomes.note_quota.count":                        {"", "attempts answered: note quota"},
		"commands.inbound.count":                                         {"", "commands to inbound"},
		"commands.withdraw.outcomes.already_accepted.share":              {"", "withdraw answered: already accepted"},
		"limits.pending_capped.member_share":                             {"", "members refused by the pending cap, of those who tried"},
		"members_by.a-b.limits.cooldown.longest":                         {"a-b", "longest standstill behind a cooldown"},
		"pending.p99":                                                    {"", "outstanding per sender, p99"},
		"pending.members_at_cap_end":                                     {"", "members at the pending cap at the end"},
		"quota.exhausted_share":                                          {"", "weeks in which the weekly limit was used up"},
		"response.accept.p50":                                            {"", "time to accept, p50"},
		"invitations.outstanding_end":                                    {"", "outstanding at the end"},
		"latency.send.p99":                                               {"", "latency of send, p99"},
		"checks.invariants.violations":                                   {"", "checks invariants violations"},
		"members_by.a.something.quite.else":                              {"a", "something quite else"},
		"windows.2w..4w.pending.p99":                                     {"", "outstanding per sender, p99, from 2w to 4w"},
		"windows.1w2d..4w.members_by.a.invitations.accepted":             {"a", "invitations accepted, from 1w2d to 4w"},
		"": {"", ""},
	} {
		if who, what := figure.Name(path); who != want[0] || what != want[1] {
			t.Errorf("%q is %q of %q, expected %q of %q", path, what, who, want[1], want[0])
		}
	}
}

// A figure is written in the unit in which thresholds on it are.
func TestValueHasTheUnitOfTheFigure(t *testing.T) {
	result := &sim.Result{}
	result.Commands = map[string]*sim.CommandFigures{}
	for verb := range model.Verb(model.Verbs) {
		result.Commands[verb.String()] = &sim.CommandFigures{Count: 1, Outcomes: map[string]*sim.OutcomeShare{}}
	}
	result.Pending, result.Quota = new(sim.PendingFigures), new(sim.QuotaFigures)
	result.Response = map[string]*sim.ResponseFigures{"accept": {Count: 1}, "withdraw": {Count: 1}}
	result.MembersBy = map[string]*sim.Figures{"casual": {Response: map[string]*sim.ResponseFigures{"ignore": {Count: 1}}}}
	result.Windows = map[string]*sim.Window{"2w..4w": {Figures: result.Figures, MembersBy: result.MembersBy}}
	sim.EachFigure(result, func(path string, _ float64) {
		if !strings.Contains(path, ".") {
			return // a number of the run itself
		}
		unit, err := sim.CheckPath(strings.TrimPrefix(path, "windows.2w..4w."), []string{"casual"})
		if err != nil {
			t.Fatal(err)
		}
		want := map[sim.Unit]string{
			sim.UnitNumber: "5" + figure.ThinSpace + "000", sim.UnitShare: "500000.0 %", sim.UnitSeconds: "83.3 min", sim.UnitNanoseconds: "5 µs",
		}[unit]
		if got := figure.Value(path, 5000); got != want {
			t.Errorf("%s is written %q, expected %q", path, got, want)
		}
	})
}
