package chart

import (
	"slices"
	"strings"
	"testing"

	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

// Who never withdraws has not all invitations accepted: what is still outstanding is a part of the whole.
func TestPopulationsTellOfAllInvitations(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	figures := result.MembersBy["member"]
	figures.Invitations = sim.Invitations{OutstandingStart: 200, Sent: 800, Accepted: 250, OutstandingEnd: 750, Ignored: 300}
	c := chartNamed(t, result, "populations")
	for _, want := range []string{"accepted 25.0 %", "still outstanding 75.0 %", "of those outstanding after the warm-up, and sent since", "1\u2009000"} {
		if !shows(c, want) {
			t.Errorf("the drawing lacks %q", want)
		}
	}
	figures.Invitations.OutstandingStart, figures.Invitations.OutstandingEnd = 0, 550
	if !shows(chartNamed(t, result, "populations"), "of all sent") {
		t.Error("with nothing outstanding at first it does not say that all sent are the whole")
	}
}

// daily is a run with so many sends and refusals by the weekly limit on each day, from a date on.
func daily(start string, days int, sent func(day int) float64) *sim.Result {
	result := &sim.Result{
		Start: start, DurationS: int64(days) * day,
		Series: sim.Series{StepS: day, Columns: []string{"t_s", "send.sent", "send.rate_limited"}},
	}
	for i := range days {
		result.Series.Rows = append(result.Series.Rows, []float64{float64(i) * day, sent(i), sent(i)})
	}
	return result
}

// One day of a week is not what a week is like: the day at the end of a run neither scales the axis nor is drawn as a spike.
func TestPartsOfWeeksAreLeftOut(t *testing.T) {
	lastDay := func(i int) float64 {
		if i == 364 {
			return 10_000
		}
		return 100
	}
	result := daily("2026-01-05T00:00:00Z", 365, lastDay)
	v := newView(result)
	b := v.sendBins()
	if len(b.from) != 52 || b.to[51] != 52*week || b.left.text() != "last 1 day, part of a week, left out" {
		t.Errorf("%d bins, the last one up to %v, %q", len(b.from), b.to[len(b.to)-1], b.left.text())
	}
	if tops := stackTops(b, v.sendLayers(b), day); greatest(tops[len(tops)-1]) != 200 {
		t.Errorf("the stack is %v high, want 200", greatest(tops[len(tops)-1]))
	}
	for _, name := range []string{"outcomes", "rate-limit"} {
		if c := chartNamed(t, result, name); !shows(c, b.left.text()) {
			t.Errorf("%s does not say what is left out", name)
		}
	}
	thursday := newView(daily("2026-01-08T00:00:00Z", 365, lastDay)).sendBins()
	if text := thursday.left.text(); text != "first 4 days and last 4 days, parts of a week, left out" || thursday.of[0] != -1 || thursday.of[4] != 0 {
		t.Errorf("from a Thursday on: %q", text)
	}
	if whole := newView(daily("2026-01-05T00:00:00Z", 364, lastDay)).sendBins(); whole.left.text() != "" || len(whole.from) != 52 {
		t.Errorf("of whole weeks %q", whole.left.text())
	}
	few := bins{length: day, from: []float64{0, 10, day}, to: []float64{10, day, day + 5}, of: []int{0, 1, 2}}
	if len(few.whole().from) != 3 {
		t.Error("of three bins, one whole, parts are left out")
	}
}

// The use of the weekly limit is told of whole weeks, and how many parts are not in it is said.
func TestQuotaOfWholeWeeks(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	all := sim.Curve{X: []float64{20, 100}, Y: []float64{0.5, 1}}
	result.Distributions["quota.member"] = all
	result.Distributions["quota_whole.member"] = sim.Curve{X: []float64{60, 100}, Y: []float64{0.25, 1}}
	result.Distributions["quota_periods.member"] = sim.Curve{X: []float64{0, 1}, Y: []float64{600, 400}}
	result.Distributions["quota_exhausted.member"] = sim.Curve{X: []float64{0, 1}, Y: []float64{0.05, 0.75}}
	figures := *result.MembersBy["member"].Quota
	c := chartNamed(t, result, "quota")
	const want = "In half of the whole calendar weeks with a send a member uses at most 100, in 99 % at most 100; in 75.0 % of them the limit is reached. " +
		"(600 of 1\u2009000 member-weeks left out: part of a week.)"
	if c.Sentence != want || !shows(c, "75.0 % at the limit") || !shows(c, "600 of 1\u2009000 member-weeks left out: part of a week") {
		t.Errorf("found %q", c.Sentence)
	}
	if got := result.Distributions["quota.member"]; !slices.Equal(got.X, all.X) || *result.MembersBy["member"].Quota != figures {
		t.Error("the result itself was changed")
	}
	delete(result.Distributions, "quota_whole.member")
	result.Distributions["quota_periods.member"] = sim.Curve{X: []float64{0, 1}, Y: []float64{600, 0}}
	if c := chartNamed(t, result, "quota"); c.Why != "no calendar week is measured as a whole" {
		t.Errorf("with parts alone: %q, %q", c.Why, c.Sentence)
	}
}

// A window that follows the sender is not what a calendar week counts.
func TestUseOfOtherWindows(t *testing.T) {
	for window, want := range map[string]string{
		"":         "sends in a calendar week that count toward the limit",
		"calendar": "sends in a calendar week that count toward the limit",
		"sliding":  "highest use of the limit's window within a calendar week (window: sliding)",
		"anchored": "highest use of the limit's window within a calendar week (window: anchored)",
	} {
		result := sample.Result(sample.HalfYear())
		result.Policy.Settings["weekly_limit.window"] = window
		if !shows(chartNamed(t, result, "quota"), want) {
			t.Errorf("window %q: the axis does not say %q", window, want)
		}
		result.Policies = []sim.PolicyChange{{AtS: 12 * week, Settings: map[string]string{"weekly_limit.window": "anchored"}}}
		if changed := "highest use of the limit's window within a calendar week"; window == "sliding" && !shows(chartNamed(t, result, "quota"), changed) {
			t.Errorf("where the window changes the axis does not say %q", changed)
		}
	}
}

// Columns of fates are weeks of the run: where it begins within one of the calendar, they are named by their dates.
func TestFatesAreDated(t *testing.T) {
	result := &sim.Result{Start: "2026-01-08T00:00:00Z", DurationS: 5 * week, WarmupS: 2 * week, Distributions: map[string]sim.Curve{
		"fates.expired":  {X: []float64{0, 1, 2, 3}, Y: []float64{10, 10, 40, 0}},
		"fates.accepted": {X: []float64{0, 1, 2, 3}, Y: []float64{10, 10, 30, 30}},
	}}
	c := chartNamed(t, result, "fates")
	for _, want := range []string{"8 Jan 2026", "15 Jan", "22 Jan", "29 Jan", "all", "after warm-up", "40.0 %"} {
		if !shows(c, want) {
			t.Errorf("the drawing lacks %q", want)
		}
	}
	for _, text := range record(c).texts {
		if strings.HasPrefix(text.text, "W") && len(text.text) < 4 {
			t.Errorf("a column that begins on a Thursday is called %q", text.text)
		}
	}
	result.Start = "2026-01-05T00:00:00Z"
	if c := chartNamed(t, result, "fates"); !shows(c, "W2") || shows(c, "columns by the date on which they begin") {
		t.Error("calendar weeks are not called so")
	}
}

// Where nearly all hits are in one week, a mean over the weeks tells of none of them.
func TestHitsOfASingleWeek(t *testing.T) {
	result := sample.Result(sample.HalfYear()) // steps of 6 h
	place := slices.Index(result.Series.Columns, "send.rate_limited")
	for i := range result.Series.Rows {
		result.Series.Rows[i][place] = 0
	}
	result.Series.Rows[10*28+1][place], result.Series.Rows[10*28+2][place], result.Series.Rows[15*28][place] = 10, 80, 10
	c := chartNamed(t, result, "rate-limit")
	const want = "Of the rate-limit hits 90.0 % are in W11, 80 of them in the worst 6 h, from Mon 16 Mar 12:00 UTC on; the limit refused "
	if !strings.HasPrefix(c.Sentence, want) {
		t.Errorf("found %q, want %q", c.Sentence, want)
	}
	if !shows(c, "hour of the day, UTC; means over 22 weeks after the warm-up") {
		t.Error("the heat map does not say what it averages over")
	}
}

// Where means over replicas are drawn, all their seeds are named.
func TestSeedsOfReplicas(t *testing.T) {
	v := newView(&sim.Result{Seed: 3, Replicas: 6})
	if got := v.seeds(v.overReplicas("means")); got != "seeds 3 to 8" {
		t.Errorf("found %q", got)
	}
	if got := v.seeds("the first of 6 replicas"); got != "seed 3" {
		t.Errorf("of the first replica: %q", got)
	}
}
