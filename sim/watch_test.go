package sim_test

import (
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/sim"
)

// threeWeeks is a window of the example.
func threeWeeks() *sim.Span {
	return &sim.Span{From: model.Instant(2 * model.Week), Until: model.Instant(5 * model.Week)}
}

// windowed is the example with a window.
func windowed() *sim.Result {
	result := example()
	result.Windows = map[string]*sim.Window{"2w..5w": {
		Figures:   sim.Figures{Turns: sim.Turns{Planned: 7}, Pending: &sim.PendingFigures{P99: 4}},
		MembersBy: map[string]*sim.Figures{"casual": {Turns: sim.Turns{Planned: 3}}},
	}}
	return result
}

func TestSpansAreWrittenInWeeks(t *testing.T) {
	for expected, span := range map[string]sim.Span{
		"2w..5w":           *threeWeeks(),
		"0s..1d":           {Until: model.Instant(model.Day)},
		"1w2d12h..10w":     {From: model.Instant(9*model.Day + 12*model.Hour), Until: model.Instant(10 * model.Week)},
		"6d23h59m59s..52w": {From: model.Instant(model.Week) - 1, Until: model.Instant(52 * model.Week)},
	} {
		if got := span.String(); got != expected {
			t.Errorf("found %s, expected %s", got, expected)
		}
	}
}

func TestFiguresOfWindows(t *testing.T) {
	for _, test := range []struct {
		path   string
		value  float64
		sample bool
	}{
		{"windows.2w..5w.turns.planned", 7, true},
		{"windows.2w..5w.pending.p99", 4, true},
		{"windows.2w..5w.members_by.casual.turns.planned", 3, true},
		{"windows.2w..5w.members_by.nobody.turns.planned", 0, false},
		{"windows.2w..5w.quota.used_p99", 0, false},
		{"windows.2w..5w.members", 0, false}, // of the run, not of a window
		{"windows.2w..6w.turns.planned", 0, false},
		{"windows.2w.turns.planned", 0, false},
	} {
		if value, sample := sim.Figure(windowed(), test.path); value != test.value || sample != test.sample {
			t.Errorf("%s: found %v, %v, expected %v, %v", test.path, value, sample, test.value, test.sample)
		}
	}
	seen := map[string]float64{}
	sim.EachFigure(windowed(), func(path string, value float64) { seen[path] = value })
	if seen["windows.2w..5w.pending.p99"] != 4 || seen["windows.2w..5w.members_by.casual.turns.planned"] != 3 {
		t.Errorf("each figure tells %v", seen)
	}
	for path, in := range map[string]bool{
		"pending.p99": true, "members_by.casual.quota.used_p50": true, "checks.invariants.violations": false, "members": false,
	} {
		if sim.InWindows(path) != in {
			t.Errorf("%s: found %v, expected %v", path, !in, in)
		}
	}
}

// A threshold over a part of the run is judged by the figure of that part, and says so.
func TestJudgeOverAWindow(t *testing.T) {
	threshold := sim.Threshold{That: "pending.p99 < 5", Path: "pending.p99", Operator: "<", Limit: 5, Over: threeWeeks()}
	verdict := sim.Judge(windowed(), []sim.Threshold{threshold})[0]
	if verdict.Verdict != sim.VerdictPass || verdict.That != "pending.p99 < 5 over 2w..5w" || *verdict.Observed != 4 {
		t.Errorf("found %+v", verdict)
	}
	if verdict := sim.Judge(example(), []sim.Threshold{threshold})[0]; verdict.Verdict != sim.VerdictNoData || verdict.Observed != nil {
		t.Errorf("without the window: found %+v", verdict)
	}
	result := windowed()
	result.Replicates = map[string]sim.Replicate{"pending.p99": {Mean: 4, N: 6}, "windows.2w..5w.pending.p99": {Mean: 6, N: 6}}
	if verdict := sim.Judge(result, []sim.Threshold{threshold})[0]; verdict.Verdict != sim.VerdictFail || *verdict.Observed != 6 {
		t.Errorf("over replicas: found %+v", verdict)
	}
}

// With an interval the whole of it must hold, and it takes two replicas.
func TestJudgeByInterval(t *testing.T) {
	result := example()
	for _, test := range []struct {
		operator string
		limit    float64
		verdict  string
	}{
		{"<", 13, sim.VerdictPass},
		{"<", 12, sim.VerdictFail},
		{"<", 11, sim.VerdictFail}, // the mean alone would pass
		{"<=", 12, sim.VerdictPass},
		{">", 8, sim.VerdictFail},
		{">", 7, sim.VerdictPass},
		{">=", 8, sim.VerdictPass},
		{"==", 10, sim.VerdictFail},
		{"!=", 9, sim.VerdictFail},
		{"!=", 13, sim.VerdictPass},
	} {
		threshold := []sim.Threshold{{Path: "pending.p99", Operator: test.operator, Limit: test.limit, Interval: true}}
		result.Replicates = map[string]sim.Replicate{"pending.p99": {Mean: 10, Low: 8, High: 12, N: 6}}
		verdict := sim.Judge(result, threshold)[0]
		if verdict.Verdict != test.verdict || *verdict.Low != 8 || *verdict.High != 12 || *verdict.Observed != 10 {
			t.Errorf("%s %v: found %+v, expected %s", test.operator, test.limit, verdict, test.verdict)
		}
		for _, few := range []map[string]sim.Replicate{nil, {"pending.p99": {Mean: 10, Low: 10, High: 10, N: 1}}} {
			result.Replicates = few
			if verdict := sim.Judge(result, threshold)[0]; verdict.Verdict != sim.VerdictNoData || verdict.Low != nil || verdict.Observed != nil {
				t.Errorf("%s %v over too few replicas: found %+v", test.operator, test.limit, verdict)
			}
		}
	}
}

// A run is stopped as soon as a figure that only grows has passed the bound, and not before.
func TestWatch(t *testing.T) {
	for _, test := range []struct {
		path, operator string
		limit          float64
		over           *sim.Span
		hopeless       bool
	}{
		{"turns.planned", "<", 100, nil, true},
		{"turns.planned", "<", 101, nil, false},
		{"turns.planned", "<=", 100, nil, false},
		{"turns.planned", "<=", 99, nil, true},
		{"turns.planned", "==", 100, nil, false},
		{"turns.planned", "==", 99, nil, true},
		{"turns.planned", "==", 101, nil, false}, // it may get there
		{"members_by.casual.turns.planned", "<", 30, nil, true},
		{"checks.invariants.violations", "==", 0, nil, false}, // not measured
		{"pending.p99", "<", 4, threeWeeks(), true},
		{"pending.p99", ">", 4, threeWeeks(), true},
		{"pending.p99", ">", 3, threeWeeks(), false},
		{"quota.used_p99", ">", 3, threeWeeks(), true}, // the window has ended, and has no sample
		{"pending.p99", "<", 4, &sim.Span{From: 5, Until: 6}, false},
	} {
		threshold := sim.Threshold{Path: test.path, Operator: test.operator, Limit: test.limit, Over: test.over, Abort: true, Severity: sim.SeverityFail}
		watch := sim.NewWatch([]sim.Threshold{{Path: "turns.planned", Operator: "<"}, threshold})
		expected := -1
		if test.hopeless {
			expected = 1
		}
		if found := watch.Hopeless(windowed()); found != expected {
			t.Errorf("%s %s %v: found %d, expected %d", test.path, test.operator, test.limit, found, expected)
		}
	}
	if !sim.NewWatch([]sim.Threshold{{Path: "turns.planned", Operator: "<"}}).Idle() {
		t.Error("a watch without a threshold that aborts is busy")
	}
}

func TestCanAbort(t *testing.T) {
	for _, test := range []struct {
		threshold sim.Threshold
		can       bool
	}{
		{sim.Threshold{Path: "limits.rate_limited.hits", Operator: "<"}, true},
		{sim.Threshold{Path: "limits.rate_limited.hits", Operator: "=="}, true},
		{sim.Threshold{Path: "limits.rate_limited.hits", Operator: ">"}, false},
		{sim.Threshold{Path: "limits.rate_limited.hits", Operator: "!="}, false},
		{sim.Threshold{Path: "limits.rate_limited.hits", Operator: "<", Interval: true}, false},
		{sim.Threshold{Path: "limits.rate_limited.member_share", Operator: "<"}, false},
		{sim.Threshold{Path: "pending.p99", Operator: "<"}, false},
		{sim.Threshold{Path: "pending.p99", Operator: ">", Over: threeWeeks()}, true},
		{sim.Threshold{Path: "pending.max", Operator: "<="}, true},
		{sim.Threshold{Path: "members_by.casual.invitations.sent", Operator: "<="}, true},
		{sim.Threshold{Path: "invitations.outstanding_end", Operator: "<="}, false},
		{sim.Threshold{Path: "checks.invariants.violations", Operator: "=="}, true},
		{sim.Threshold{Path: "duration", Operator: "<"}, false},
	} {
		if test.threshold.CanAbort() != test.can {
			t.Errorf("%+v: found %v", test.threshold, !test.can)
		}
	}
	if text := (&sim.Threshold{That: "a < 1", Over: threeWeeks()}).String(); !strings.HasSuffix(text, " over 2w..5w") {
		t.Errorf("found %q", text)
	}
}
