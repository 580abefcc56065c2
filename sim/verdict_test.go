package sim_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"invitesim/sim"
)

func example() *sim.Result {
	limit := uint32(300)
	return &sim.Result{
		DurationS: 3600, Members: 10, Replicas: 1,
		Figures: sim.Figures{
			Turns: sim.Turns{Planned: 100},
			Commands: map[string]*sim.CommandFigures{
				"send":   {Count: 80, Outcomes: map[string]*sim.OutcomeShare{"sent": {Count: 60, Share: 0.75}}},
				"accept": {Outcomes: map[string]*sim.OutcomeShare{}},
			},
			Queries:     map[string]sim.Count{"received": {Count: 7}},
			Invitations: sim.Invitations{Sent: 60, OutstandingEnd: 9},
			Limits:      map[string]*sim.LimitFigures{"cooldown": {Hits: 3, MemberShare: 0.3, LongestS: 86400}},
			Pending:     &sim.PendingFigures{Mean: 2.5, P99: 12, Cap: &limit},
			Response:    map[string]*sim.ResponseFigures{"accept": {Count: 5, MeanS: 1.5, P50S: 60}, "ignore": {}},
		},
		MembersBy: map[string]*sim.Figures{"casual": {Turns: sim.Turns{Planned: 30}}},
	}
}

func TestFigure(t *testing.T) {
	for _, test := range []struct {
		path   string
		value  float64
		sample bool
	}{
		{"duration", 3600, true},
		{"members", 10, true},
		{"turns.planned", 100, true},
		{"commands.send.count", 80, true},
		{"commands.send.outcomes.sent.share", 0.75, true},
		{"commands.send.outcomes.rate_limited.share", 0, true}, // did not occur among 80
		{"commands.send.outcomes.rate_limited.count", 0, true},
		{"commands.accept.count", 0, true},
		{"commands.accept.outcomes.connected.share", 0, false}, // of none
		{"commands.block.count", 0, true},
		{"commands.block.outcomes.blocked.count", 0, false},
		{"queries.received.count", 7, true},
		{"queries.sent.count", 0, true},
		{"invitations.outstanding_end", 9, true},
		{"limits.cooldown.longest", 86400, true},
		{"limits.rate_limited.hits", 0, true},
		{"members_by.casual.limits.rate_limited.hits", 0, false}, // nobody tried
		{"pending.mean", 2.5, true},
		{"pending.p99", 12, true},
		{"pending.cap", 300, true},
		{"members_by.casual.pending.p99", 0, false},
		{"members_by.nobody.pending.p99", 0, false},
		{"quota.used_p99", 0, false},
		{"response.accept.p50", 60, true},
		{"response.ignore.p50", 0, false},
		{"response.ignore.count", 0, true},
		{"response.withdraw.count", 0, true},
		{"checks.invariants.violations", 0, false},
		{"no.such.path", 0, false},
		{"", 0, false},
	} {
		if value, sample := sim.Figure(example(), test.path); value != test.value || sample != test.sample {
			t.Errorf("%s: found %v, %v, expected %v, %v", test.path, value, sample, test.value, test.sample)
		}
	}
}

func TestJudge(t *testing.T) {
	result := example()
	result.Replicates = map[string]sim.Replicate{"pending.p99": {Mean: 20, N: 6}}
	for _, test := range []struct {
		path, operator string
		limit          float64
		noData         bool
		verdict        string
	}{
		{"commands.send.count", "<", 80, false, sim.VerdictFail},
		{"commands.send.count", "<=", 80, false, sim.VerdictPass},
		{"commands.send.count", ">", 80, false, sim.VerdictFail},
		{"commands.send.count", ">=", 80, false, sim.VerdictPass},
		{"commands.send.count", "==", 80, false, sim.VerdictPass},
		{"commands.send.count", "!=", 80, false, sim.VerdictFail},
		{"commands.send.count", "==", 81, false, sim.VerdictFail},
		{"pending.p99", ">", 12, false, sim.VerdictPass}, // the mean of the replicas
		{"quota.used_p99", "<", 80, false, sim.VerdictNoData},
		{"quota.used_p99", "<", 80, true, sim.VerdictPass},
	} {
		threshold := sim.Threshold{That: "it", Path: test.path, Operator: test.operator, Limit: test.limit, NoData: test.noData, Severity: sim.SeverityWarn}
		verdict := sim.Judge(result, []sim.Threshold{threshold})[0]
		_, sample := sim.Figure(result, test.path)
		if verdict.Verdict != test.verdict || verdict.That != "it" || verdict.Severity != sim.SeverityWarn || (verdict.Observed != nil) != sample {
			t.Errorf("%s %s %v: found %+v, expected %s", test.path, test.operator, test.limit, verdict, test.verdict)
		}
	}
}

func TestWhichVerdictsFailARun(t *testing.T) {
	for _, test := range []struct {
		verdict  string
		severity sim.Severity
		failed   bool
	}{
		{sim.VerdictPass, sim.SeverityFail, false},
		{sim.VerdictFail, sim.SeverityFail, true},
		{sim.VerdictNoData, sim.SeverityFail, true},
		{sim.VerdictFail, sim.SeverityWarn, false},
	} {
		verdict := sim.Verdict{Verdict: test.verdict, Severity: test.severity}
		if verdict.Failed() != test.failed {
			t.Errorf("%+v: found %v", verdict, verdict.Failed())
		}
	}
}

func TestCheckPath(t *testing.T) {
	populations := []string{"casual"}
	for _, test := range []struct {
		path string
		unit sim.Unit
	}{
		{"limits.rate_limited.longest", sim.UnitSeconds},
		{"response.withdraw.mean", sim.UnitSeconds},
		{"commands.send.outcomes.sent.share", sim.UnitShare},
		{"members_by.casual.quota.exhausted_share", sim.UnitShare},
		{"members_by.casual.members_count", sim.UnitNumber},
		{"pending.members_at_cap_end", sim.UnitNumber},
		{"checks.oracle.until", sim.UnitSeconds},
	} {
		if unit, err := sim.CheckPath(test.path, populations); err != nil || unit != test.unit {
			t.Errorf("%s: found %v, %v, expected %v", test.path, unit, err, test.unit)
		}
	}
	for path, wrong := range map[string]string{
		"commands.sned.count": "sned", "commands.received.count": "received", "members_by.ghost.turns.planned": "ghost",
		"members_by.casual.duration": "duration", "commands.withdraw.outcomes.sent.share": "sent", "turns": "", "members_by.casual": "",
		"members_by": "", "seed": "seed", "workers": "workers", "for": "for", "schema": "schema", "interrupted": "interrupted", "series.step": "series", "": "",
		"response.accept.p50_s": "p50_s", "turns.planned.x": "x", "members_by.": "", "members_by.casual.": "",
	} {
		var astray *sim.PathError
		_, err := sim.CheckPath(path, populations)
		if !errors.As(err, &astray) || astray.Part != wrong || !strings.HasPrefix(path[astray.Offset:], wrong) {
			t.Errorf("%s: found %+v, expected %q", path, astray, wrong)
		}
	}
}

// Every key of the figures can be judged: a figure that is added to the result but not here fails this.
func TestEveryKeyOfTheFiguresHasAPath(t *testing.T) {
	_, err := sim.CheckPath("members_by.casual", []string{"casual"})
	var astray *sim.PathError
	if !errors.As(err, &astray) {
		t.Fatal(err)
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[sim.Figures]()) {
		if key, _, _ := strings.Cut(field.Tag.Get("json"), ","); !slices.Contains(astray.Known, key) {
			t.Errorf("found no path that begins with %s", key)
		}
	}
}

func TestEachFigureTellsWhatFigureTells(t *testing.T) {
	result := example()
	seen := map[string]bool{}
	sim.EachFigure(result, func(path string, value float64) {
		if again, sample := sim.Figure(result, path); !sample || again != value || seen[path] {
			t.Errorf("%s: found %v, then %v, %v", path, value, again, sample)
		}
		seen[path] = true
	})
	for _, path := range []string{"members", "commands.send.outcomes.cooldown.count", "members_by.casual.turns.planned", "pending.cap"} {
		if !seen[path] {
			t.Errorf("found no %s", path)
		}
	}
}
