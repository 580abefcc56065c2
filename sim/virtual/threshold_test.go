package virtual

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/sim"
)

// weeks returns a part of a run, in weeks.
func weeks(from, until model.Instant) *sim.Span {
	return &sim.Span{From: from * model.Instant(model.Week), Until: until * model.Instant(model.Week)}
}

// below returns a threshold that holds where the figure is at most limit.
func below(path string, limit float64, over *sim.Span, abort bool) sim.Threshold {
	return sim.Threshold{That: path, Path: path, Operator: "<=", Limit: limit, Over: over, Abort: abort, Severity: sim.SeverityFail}
}

// A window tells what a run tells whose warm-up ends where the window begins, and which ends where the window ends; and the run
// itself is not touched by it.
func TestAWindowIsMeasuredAsIfItAloneCounted(t *testing.T) {
	p := smallPlan()
	plain := runPlan(t, p, Options{})
	spans := []*sim.Span{weeks(2, 4), weeks(3, 5), {From: 5*model.Instant(model.Week) + 4711, Until: 6*model.Instant(model.Week) + 12345}, weeks(1, 8)}
	for _, span := range spans {
		p.Thresholds = append(p.Thresholds, below("pending.p99", 1, span, false), below("quota.used_p50", 1, span, false))
	}
	result := runPlan(t, p, Options{})
	if len(result.Windows) != len(spans) {
		t.Fatalf("found %d windows, expected %d", len(result.Windows), len(spans))
	}
	for _, span := range spans {
		alone := smallPlan()
		alone.Warmup, alone.Duration = model.Seconds(span.From), model.Seconds(span.Until)
		expected := runPlan(t, alone, Options{})
		found := result.Windows[span.String()]
		if diff := cmp.Diff(expected.Figures, found.Figures); diff != "" {
			t.Errorf("%s: -expected +found\n%s", span, diff)
		}
		if diff := cmp.Diff(expected.MembersBy, found.MembersBy); diff != "" {
			t.Errorf("%s, populations: -expected +found\n%s", span, diff)
		}
		if found.FromS != int64(span.From) || found.UntilS != int64(span.Until) {
			t.Errorf("%s: found %d to %d", span, found.FromS, found.UntilS)
		}
	}
	result.Windows, result.Thresholds = nil, nil
	if text(t, plain) != text(t, result) {
		t.Errorf("windows change the run: %s", cmp.Diff(text(t, plain), text(t, result)))
	}
}

// A cap by ratio has to be asked for at the end of a window too.
func TestMembersAtACapByRatioAtTheEndOfAWindow(t *testing.T) {
	p := smallPlan()
	p.Events, p.Duration = nil, 3*model.Week
	p.Policy.PendingCap.Mode = model.CapRatio
	ratio := &p.Policy.PendingCap.Ratio
	ratio.OlderThan, ratio.AtLeast = 3*model.Day, 3
	p.Thresholds = []sim.Threshold{below("pending.members_at_cap_end", 1, weeks(1, 2), false)}
	found := runPlan(t, p, Options{}).Windows["1w..2w"].Pending.MembersAtCapEnd
	p.Thresholds, p.Warmup, p.Duration = nil, model.Week, 2*model.Week
	if expected := runPlan(t, p, Options{}).Pending.MembersAtCapEnd; found != expected || found == 0 {
		t.Errorf("found %d members at the cap, expected %d", found, expected)
	}
}

// stopped returns where a run was stopped, in seconds: the end of its series.
func stopped(r *sim.Result) int64 {
	return int64(len(r.Series.Rows)) * r.Series.StepS
}

// A run that cannot pass any more stops at the end of the step in which a count goes past its bound, and its figures are of the
// time until then.
func TestAbort(t *testing.T) {
	p := smallPlan()
	whole := runPlan(t, p, Options{})
	bound := float64(whole.Commands["send"].Count) / 2
	p.Thresholds = []sim.Threshold{below("duration", 0, nil, false), below("commands.send.count", bound, nil, true)}
	result := runPlan(t, p, Options{})
	end := stopped(result)
	if end <= int64(p.Warmup) || end >= int64(p.Duration) || result.Interrupted {
		t.Fatalf("stopped after %d s, interrupted %v", end, result.Interrupted)
	}
	verdict := result.Thresholds[1]
	if verdict.Verdict != sim.VerdictFail || !verdict.Aborted || result.Thresholds[0].Aborted || *verdict.Observed <= bound {
		t.Errorf("found %+v and %+v", verdict, result.Thresholds[0])
	}
	if !slices.ContainsFunc(result.Warnings, func(w string) bool {
		return strings.HasPrefix(w, "stopped after ") && strings.HasSuffix(w, " of 8w: commands.send.count can no longer pass")
	}) {
		t.Errorf("found the warnings %q", result.Warnings)
	}
	for _, test := range []struct {
		duration int64
		passed   bool
	}{{end, true}, {end - result.Series.StepS, false}} {
		short := smallPlan()
		short.Duration = model.Seconds(test.duration)
		alone := runPlan(t, short, Options{})
		if (float64(alone.Commands["send"].Count) > bound) != test.passed {
			t.Errorf("after %d s there were %d sends, of %v", test.duration, alone.Commands["send"].Count, bound)
		}
		if diff := cmp.Diff(alone.Figures, result.Figures); test.passed && diff != "" {
			t.Errorf("figures until the stop: -expected +found\n%s", diff)
		}
		if test.passed && !cmp.Equal(alone.Series, result.Series) {
			t.Error("the series ends otherwise than that of a run up to the stop")
		}
	}
}

// A threshold that still passes stops nothing, nor one over a window that has not ended, nor one of several replicas.
func TestWhatDoesNotAbort(t *testing.T) {
	p := quickPlan()
	p.Thresholds = []sim.Threshold{
		below("commands.send.count", 1e9, nil, true), below("pending.max", 1e9, weeks(1, 2), true),
		below("checks.invariants.violations", 0, nil, true),
	}
	p.Warmup = model.Week
	if result := runPlan(t, p, Options{Check: true}); stopped(result) != int64(p.Duration) || result.Warnings != nil && strings.Contains(result.Warnings[0], "stopped") {
		t.Errorf("stopped after %d s: %q", stopped(result), result.Warnings)
	}
	p.Thresholds = []sim.Threshold{below("commands.send.count", 0, nil, true)}
	if result := runPlan(t, p, Options{}); stopped(result) != int64(p.Warmup+p.Step) {
		t.Errorf("stopped after %d s, expected the first step after the warm-up", stopped(result))
	}
	result, _, err := Replicate(context.Background(), p, 2, 1, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if stopped(result) != int64(p.Duration) || result.Thresholds[0].Verdict != sim.VerdictFail || result.Thresholds[0].Aborted {
		t.Errorf("of two replicas the first one stopped after %d s: %+v", stopped(result), result.Thresholds)
	}
}

// A threshold over a window stops the run at the end of the window, in the middle of a step too, and windows that were open then end there.
func TestAbortAtTheEndOfAWindow(t *testing.T) {
	p := smallPlan()
	until := 3*model.Instant(model.Week) + 12345
	p.Thresholds = []sim.Threshold{
		below("pending.mean", 0, &sim.Span{From: model.Instant(2 * model.Week), Until: until}, true),
		below("pending.mean", 1000, weeks(3, 6), false), below("pending.mean", 1000, weeks(5, 6), false),
	}
	result := runPlan(t, p, Options{})
	short := smallPlan()
	short.Duration = model.Seconds(until)
	if diff := cmp.Diff(runPlan(t, short, Options{}).Figures, result.Figures); diff != "" {
		t.Errorf("-expected +found\n%s", diff)
	}
	if open := result.Windows["3w..6w"]; open == nil || open.UntilS != int64(until) || open.Turns.Planned == 0 {
		t.Errorf("of the window that was open: found %+v", open)
	}
	verdicts := []string{result.Thresholds[0].Verdict, result.Thresholds[1].Verdict, result.Thresholds[2].Verdict}
	if !slices.Equal(verdicts, []string{sim.VerdictFail, sim.VerdictPass, sim.VerdictNoData}) || !result.Thresholds[0].Aborted {
		t.Errorf("found the verdicts %+v", result.Thresholds)
	}
}

// Figures of windows have means and intervals over replicas, by which thresholds with an interval are judged.
func TestReplicasOfWindows(t *testing.T) {
	p := quickPlan()
	span := &sim.Span{From: model.Instant(model.Week), Until: model.Instant(2 * model.Week)}
	narrow, wide := below("commands.send.count", 0, span, false), below("commands.send.count", 1e9, span, false)
	narrow.Interval, wide.Interval = true, true
	p.Thresholds = []sim.Threshold{narrow, wide}
	result, _, err := Replicate(context.Background(), p, 3, 1, Options{})
	if err != nil {
		t.Fatal(err)
	}
	replicate := result.Replicates["windows.1w..2w.commands.send.count"]
	if replicate.N != 3 || replicate.Low >= replicate.High {
		t.Errorf("found %+v", replicate)
	}
	if v := result.Thresholds; v[0].Verdict != sim.VerdictFail || v[1].Verdict != sim.VerdictPass || *v[1].High != replicate.High {
		t.Errorf("found %+v", v)
	}
	if alone := runPlan(t, p, Options{}); alone.Thresholds[1].Verdict != sim.VerdictNoData {
		t.Errorf("of one run: found %+v", alone.Thresholds[1])
	}
}
