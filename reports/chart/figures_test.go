package chart

import (
	"slices"
	"strings"
	"testing"

	"invitesim/reports/figure"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

func chartNamed(t *testing.T, result *sim.Result, name string) Chart {
	t.Helper()
	for _, c := range All(result) {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("there is no chart %s", name)
	return Chart{}
}

// shows says whether a text stands in the drawing.
func shows(c Chart, text string) bool {
	for _, drawn := range record(c).texts {
		if drawn.text == text {
			return true
		}
	}
	return false
}

// Weeks 0 and 1 are warm-up: what was sent in them is drawn, and counts for nothing.
func TestFatesCountFromTheWarmupOn(t *testing.T) {
	result := &sim.Result{DurationS: 4 * week, WarmupS: 2 * week, Distributions: map[string]sim.Curve{
		"fates.accepted": {X: []float64{0, 1, 2, 3}, Y: []float64{900, 900, 30, 10}},
		"fates.open":     {X: []float64{0, 1, 2, 3}, Y: []float64{0, 0, 0, 60}},
	}}
	c := chartNamed(t, result, "fates")
	want := "Of 100 invitations sent in the weeks after the warm-up 40.0 % were accepted, 0 % ignored, 0 % withdrawn and 0 % expired; 60.0 % are still open."
	if c.Sentence != want {
		t.Errorf("got %q, want %q", c.Sentence, want)
	}
	if !shows(c, "40.0 %") || !shows(c, "60.0 %") {
		t.Error("the labels have other shares than the sentence")
	}
	result.WarmupS = 4*week - 1
	if c := chartNamed(t, result, "fates"); !strings.Contains(c.Why, "after the warm-up") {
		t.Errorf("with nothing but warm-up it says %q", c.Why)
	}
}

func TestAtCapNamesThePeakOfThoseWhoAreBackAtNothing(t *testing.T) {
	result := &sim.Result{DurationS: 2 * week, Distributions: map[string]sim.Curve{
		"at_cap.back":  {X: []float64{day, 2 * day, 3 * day}, Y: []float64{0, 0.18, 0}},
		"at_cap.never": {X: []float64{day, 2 * day, 3 * day}, Y: []float64{0, 0, 0}},
		"at_cap.stuck": {X: []float64{day, 2 * day, 3 * day}, Y: []float64{0, 0.3, 0.25}},
	}}
	c := chartNamed(t, result, "at-cap")
	for _, want := range []string{"0 %, peak 18.0 %", "0 %", "25.0 %, peak 30.0 %"} {
		if !shows(c, want) {
			t.Errorf("%q is not in the drawing", want)
		}
	}
	delete(result.Distributions, "at_cap.stuck")
	want := "At the end nobody is at the pending cap; the highest share at any time was 18.0 %, of the senders of back."
	if got := chartNamed(t, result, "at-cap").Sentence; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLongRunsAreStackedByDay(t *testing.T) {
	for weeks, length := range map[int]float64{1: hour, 2: 3 * hour, 3: day, 13: day, 104: week} {
		o := sample.SteadyWeek()
		o.Weeks, o.WarmupWeeks = weeks, 0
		if got := newView(sample.Result(o)).sendBins().length; got != length {
			t.Errorf("%d weeks are stacked in bins of %g s, want %g s", weeks, got, length)
		}
	}
}

func TestOtherRefusalsHaveANameWhereOneStandsOut(t *testing.T) {
	for _, c := range []struct {
		full, barred uint64
		want         string
	}{
		{0, 0, "other refusals"},
		{7, 0, "recipient full"},
		{7, 6, "recipient full, other"},
		{7, 7, "other refusals"},
	} {
		send := &sim.CommandFigures{Count: 100, Outcomes: map[string]*sim.OutcomeShare{
			"sent": {Count: 80}, "cooldown": {Count: 5}, "recipient_full": {Count: c.full}, "not_allowed": {Count: c.barred},
		}}
		v := &view{Result: &sim.Result{Figures: sim.Figures{Commands: map[string]*sim.CommandFigures{"send": send}}}}
		if got := v.outcomeName(otherOutcome); got != c.want {
			t.Errorf("%d full and %d not allowed: %q, want %q", c.full, c.barred, got, c.want)
		}
	}
}

func TestOutcomesOfSendsDifferWithoutColours(t *testing.T) {
	words := append(sendWords(), otherOutcome)
	for i, a := range words {
		for _, b := range words[:i] {
			x, y := paintOf(a), paintOf(b)
			if apart := grey(x.color) - grey(y.color); x.hatch == y.hatch && -25 < apart && apart < 25 {
				t.Errorf("%s and %s have the same hatch and are equally light (%d apart)", a, b, apart)
			}
		}
	}
}

// A change of policy is marked where there is an axis of time, in as many words as fit.
func TestChangesOfPolicyAreMarked(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	result.Policies = []sim.PolicyChange{
		{AtS: 6 * week, Settings: map[string]string{"weekly_limit.count": "50"}},
		{AtS: 15 * week, Settings: map[string]string{"weekly_limit.window": "sliding", "weekly_limit.count": "80"}},
		{AtS: 25 * week, Settings: map[string]string{"a": "1", "b": "2", "c": "3", "d": "4"}},
	}
	for _, name := range []string{"outcomes", "rate-limit", "outstanding", "at-cap", "fates"} {
		c := chartNamed(t, result, name)
		second := "weekly limit 50 → 80, window sliding"
		if name == "fates" { // weeks that are too recent have their name there
			second = "weekly limit 50 → 80, …"
		}
		for _, want := range []string{"weekly limit 100 → 50", second} {
			if !shows(c, want) {
				t.Errorf("%s does not show %q", name, want)
			}
		}
	}
	if c := chartNamed(t, result, "quota"); shows(c, "weekly limit 100 → 50") {
		t.Error("a chart without an axis of time shows a change")
	}
	for _, c := range []struct {
		want     []string
		settings []string
	}{
		{[]string{"4 settings of the policy", "policy"}, []string{"a x → y", "b.c y", "d z", "e z"}},
		{[]string{"expiry 180d → 90d", "policy"}, []string{"expiry 180d → 90d"}},
		{
			[]string{"weekly limit 50 → 100, sliding", "weekly limit 50 → 100 and 1 more", "weekly limit 50 → 100, …", "policy"},
			[]string{"weekly_limit.count 50 → 100", "weekly_limit.mode fixed → sliding"},
		},
		{
			[]string{"weekly limit 50 → 100, window sliding", "weekly limit 50 → 100 and 1 more", "weekly limit 50 → 100, …", "policy"},
			[]string{"weekly_limit.count 50 → 100", "weekly_limit.window calendar → sliding"},
		},
		{
			[]string{"pending cap 300 → 100, on rate limited at least 3", "pending cap 300 → 100 and 1 more", "pending cap 300 → 100, …", "policy"},
			[]string{"pending_cap.count 300 → 100", "restrict.on.rate_limited.at_least 3"},
		},
	} {
		if texts := (&PolicyChange{Settings: c.settings}).Texts(); !slices.Equal(texts, c.want) {
			t.Errorf("found %q, want %q", texts, c.want)
		}
	}
}

// Limits that change are drawn as long as they hold, not as if that of the end, or of the beginning, had held throughout.
func TestLimitsChangeWithThePolicy(t *testing.T) {
	result := sample.Result(sample.HalfYear()) // 26 weeks, of which 4 of warm-up
	result.Policies = []sim.PolicyChange{
		{AtS: 2 * week, Settings: map[string]string{"weekly_limit.count": "70"}},
		{AtS: 8 * week, Settings: map[string]string{"pending_cap.count": "200", "weekly_limit.count": "50"}},
		{AtS: 16 * week, Settings: map[string]string{"pending_cap.mode": "none", "weekly_limit.mode": "none"}},
		{AtS: 20 * week, Settings: map[string]string{"pending_cap.mode": "hard"}},
	}
	want := []CapPiece{{0, 8 * week, 300}, {8 * week, 16 * week, 200}, {20 * week, 26 * week, 200}}
	if got := Caps(result); !slices.Equal(got, want) {
		t.Errorf("caps %v, want %v", got, want)
	}
	c := chartNamed(t, result, "outstanding")
	if !shows(c, "cap 300") || !shows(c, "cap 200") || !strings.HasSuffix(c.Sentence, "; the cap is 300, then 200, then none, then 200.") {
		t.Errorf("not all caps are in the drawing, or in %q", c.Sentence)
	}
	if got, want := WeeklyLimits(result), []Limit{{"weekly limit", 50}, {"weekly limit", 70}}; !slices.Equal(got, want) {
		t.Errorf("weekly limits after the warm-up %v, want %v", got, want)
	}
	result.Policies[2].Settings["pending_cap.mode"] = "ratio"
	c = chartNamed(t, result, "outstanding")
	if !shows(c, "no fixed cap") || !strings.HasSuffix(c.Sentence, "; the cap is 300, then 200, then one that follows the share of old ones, then 200.") {
		t.Errorf("a cap that is no number passes for none in the drawing, or in %q", c.Sentence)
	}
	result.Policy.Settings["weekly_limit.mode"], result.Policy.Settings["pending_cap.mode"] = "none", "none"
	result.Policies = []sim.PolicyChange{{AtS: 8 * week, Settings: map[string]string{"weekly_limit.mode": "fixed", "pending_cap.mode": "hard"}}}
	for _, name := range []string{"quota", "at-cap"} {
		if c := chartNamed(t, result, name); c.Why != "" {
			t.Errorf("%s is not drawn where the limit begins within the run: %s", name, c.Why)
		}
	}
}

// A cap is in force also where nothing is known of what was outstanding after the warm-up: nobody sent, or the run ended before.
func TestTheCapStandsWithoutFigures(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	result.Pending = nil
	if got, want := Caps(result), []CapPiece{{0, week, 300}}; !slices.Equal(got, want) {
		t.Errorf("caps %v, want %v", got, want)
	}
	if c := chartNamed(t, result, "outstanding"); !shows(c, "cap 300") || shows(c, "no cap in this policy") {
		t.Error("the chart does not say that there is a cap")
	}
	result.Policy.Settings["pending_cap.mode"] = "none"
	if c := chartNamed(t, result, "outstanding"); !shows(c, "no cap in this policy") {
		t.Error("the chart does not say that there is no cap")
	}
}

// Where hours are told apart they are drawn per hour: per day, a run of a day would show many times the attempts that there were.
func TestShortRunsAreDrawnPerHour(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	if c := chartNamed(t, result, "outcomes"); !shows(c, "attempts per hour") {
		t.Error("a week by the hour is not drawn per hour")
	}
	if c := chartNamed(t, sample.Result(sample.HalfYear()), "outcomes"); !shows(c, "attempts per day") {
		t.Error("half a year is not drawn per day")
	}
	result.DurationS, result.Series.Rows = 30*hour, result.Series.Rows[:30]
	if c := chartNamed(t, result, "outcomes"); !shows(c, "attempts per hour") {
		t.Error("30 hours are not drawn per hour")
	}
	column := result.Series.Column("send.sent")
	v := newView(result)
	if tops := stackTops(v.sendBins(), v.sendLayers(v.sendBins()), hour); tops[0][9] != column[9] {
		t.Errorf("the stack of the tenth hour begins with %v, want %v", tops[0][9], column[9])
	}
}

// Hours of the week that are not in the run are told from those in which nobody hit the limit.
func TestHoursThatAreNotMeasured(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	const note = "mean rate-limit hits per hour (grey: not measured)"
	if c := chartNamed(t, result, "rate-limit"); shows(c, note) || slices.Contains(CoveredHours(result), false) {
		t.Error("of a whole week not all hours are measured")
	}
	result.WarmupS = 2*day + 1800 // from half past midnight on Wednesday
	covered := CoveredHours(result)
	if slices.Index(covered, true) != 48 || slices.Contains(covered[48:], false) {
		t.Errorf("measured from Wednesday on, found %v", covered)
	}
	if c := chartNamed(t, result, "rate-limit"); !shows(c, note) {
		t.Errorf("the drawing lacks %q", note)
	}
	result.WarmupS, result.DurationS = 0, 9*day
	for i, row := range result.Series.Rows[:48] {
		next := slices.Clone(row)
		next[0] = float64(week + i*hour)
		result.Series.Rows = append(result.Series.Rows, next)
	}
	if slices.Contains(CoveredHours(result), false) {
		t.Error("of nine days not all hours are measured")
	}
}

// Names that begin alike stay apart when they are cut.
func TestNamesThatBeginAlike(t *testing.T) {
	const long = "recruiters_of_companies_with_offices_"
	v := &view{populations: []string{long + "abroad", long + "here", "a population with a name of its own that is long", "short"}}
	abroad, here := v.shortName(long+"abroad"), v.shortName(long+"here")
	if abroad == here || !strings.HasSuffix(abroad, "abroad") || !strings.HasPrefix(here, "recruiters") {
		t.Errorf("%q and %q", abroad, here)
	}
	if got := v.shortName(v.populations[2]); !strings.HasSuffix(got, "…") || v.shortName("short") != "short" {
		t.Errorf("%q", got)
	}
}

// The name of the scenario is worth more than that there is one replica.
func TestNamesOfScenariosComeFirst(t *testing.T) {
	result := sample.Measured()
	result.Scenario.Name = "week-boundary-stampede"
	if got := All(result)[0].Subtitle; !strings.HasPrefix(got, "week-boundary-stampede · ") {
		t.Errorf("found %q", got)
	}
	result.Scenario.Name = "short"
	if got := All(result)[0].Subtitle; !strings.HasSuffix(got, " · 1 replica") {
		t.Errorf("found %q", got)
	}
}

// A run that ended before its plan is drawn as far as it got: the rest would look like a time in which nothing happened.
func TestRunsThatEndedEarly(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	result.Series.Rows = result.Series.Rows[:30]
	for name, curve := range result.Distributions {
		if strings.HasPrefix(name, "at_cap.") {
			curve.X, curve.Y = curve.X[:30], curve.Y[:30]
			curve.X[29] = 29*hour + 600 // within the last step
			result.Distributions[name] = curve
		}
	}
	if v := newView(result); v.span != 29*hour+600 {
		t.Errorf("drawn up to %v s, want %v s", v.span, 29*hour+600)
	}
	covered := CoveredHours(result)
	if slices.Index(covered, false) != 30 || slices.Contains(covered[30:], true) {
		t.Errorf("measured in the first 30 hours, found %v", covered)
	}
	if c := chartNamed(t, result, "outcomes"); !strings.Contains(c.Subtitle, " · 29.2 h of 1 week from 2026-01-05 · ") {
		t.Errorf("the subtitle does not say what is drawn: %q", c.Subtitle)
	}
	whole := sample.Result(sample.SteadyWeek())
	policies := Overlay([]Policy{{"stopped", result}, {"whole", whole}})
	if got := policies[0].Subtitle; !strings.Contains(got, " · 1 week from 2026-01-05 · ") {
		t.Errorf("policies of which one stopped early are drawn as long as the others: %q", got)
	}
}

// Labels stand in the order of the stack also where several states end at one height: nothing became yet of what was sent last.
func TestFatesAreNamedInTheirOrder(t *testing.T) {
	result := &sim.Result{DurationS: 2 * week, Distributions: map[string]sim.Curve{"fates.open": {X: []float64{0, 1}, Y: []float64{10, 50}}}}
	for _, word := range []string{"accepted", "ignored", "withdrawn"} {
		result.Distributions["fates."+word] = sim.Curve{X: []float64{0}, Y: []float64{10}}
	}
	var names []string
	for _, text := range record(chartNamed(t, result, "fates")).texts {
		if slices.Contains([]string{"still open", "withdrawn", "ignored", "accepted"}, text.text) {
			names = append(names, text.text)
		}
	}
	if want := []string{"still open", "withdrawn", "ignored", "accepted"}; !slices.Equal(names, want) {
		t.Errorf("from the top the labels say %v, want %v", names, want)
	}
}

// What the weekly limit refused in the warm-up is drawn, and is not told as what it refused over the whole run.
func TestHitsInTheWarmupAlone(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	delete(result.Distributions, "rate_limited.hour_of_week")
	if c := chartNamed(t, result, "rate-limit"); !strings.HasPrefix(c.Sentence, "After the warm-up, the limit refused ") {
		t.Errorf("with hits after the warm-up it says %q", c.Sentence)
	}
	delete(result.Commands["send"].Outcomes, "rate_limited")
	if c := chartNamed(t, result, "rate-limit"); c.Sentence != "The weekly limit was hit in the warm-up alone." {
		t.Errorf("with hits in the warm-up alone it says %q", c.Sentence)
	}
}

// A weekly limit may hold for other periods than weeks, and then it is no weeks that are counted.
func TestPeriodsThatAreNoWeeks(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	if c := chartNamed(t, result, "quota"); !shows(c, "share of member-weeks that use at most so much, %") {
		t.Error("weeks are not called so")
	}
	result.Policy.Settings["weekly_limit.period"] = "14d"
	if c := chartNamed(t, result, "quota"); !shows(c, "share of member-periods that use at most so much, %") {
		t.Error("periods of 14 days are called weeks")
	}
	weekly := sample.Result(sample.HalfYear())
	if alike, mixed := MemberPeriods(weekly, weekly), MemberPeriods(weekly, result); alike != "member-weeks" || mixed != "member-periods" {
		t.Errorf("two weekly limits count %s, one of weeks and one of 14 days %s", alike, mixed)
	}
}

// The bars of a single population stand one below the other, as wide as the page, and the legends say the shares for which bars are too narrow.
func TestAPopulationAlone(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	send := result.MembersBy["member"].Commands["send"]
	c := chartNamed(t, result, "populations")
	if want := "sent " + figure.Share(float64(send.Outcomes["sent"].Count)/float64(send.Count)); !shows(c, want) {
		t.Errorf("the legend does not say %q", want)
	}
	r := record(c)
	if below := c.height - r.minY; below < c.height*0.85 {
		t.Errorf("the drawing ends %v pixels from the top of %v", below, c.height)
	}
	names := 0
	for _, text := range r.texts {
		if text.text == "member" {
			names++
		}
	}
	if names != 2 {
		t.Errorf("the population is named %d times, want 2: once a bar", names)
	}
}

// A policy that is not what is shipped under its name is not called so without a word.
func TestPolicyTitle(t *testing.T) {
	for _, c := range []struct {
		name     string
		settings map[string]string
		want     string
	}{
		{"default", map[string]string{"weekly_limit.count": "100", "expiry": "180d"}, "policy default"},
		{"default", map[string]string{"weekly_limit.count": "50", "expiry": "180d"}, "policy default, weekly limit 50"},
		{"default", map[string]string{"weekly_limit.count": "50", "expiry": "90d"}, "policy default, 2 settings changed"},
		{"default", map[string]string{"restrict.on": `[{"reports":2},{"limit_hits":6,"within":"7d"}]`}, "policy default, 1 setting changed"},
		{"mine", map[string]string{"weekly_limit.count": "50"}, "policy mine"},
	} {
		if got := PolicyTitle(&sim.PolicyName{Name: c.name, Settings: c.settings}); got != c.want {
			t.Errorf("%s with %v: found %q, want %q", c.name, c.settings, got, c.want)
		}
	}
}

// Where a line is too short for all that ran, the policy is named in fewer words before the scenario's name is cut.
func TestSubtitleKeepsTheScenariosName(t *testing.T) {
	result := sample.Measured()
	result.Scenario.Name, result.Policy = "week-boundary-stampede", sim.PolicyName{Name: "default", Settings: map[string]string{"resend.cooldown": "0s"}}
	result.Members, result.Seed, result.Speed = 22_000, 1, 120_960
	if got, want := subtitle(newView(result), ""), "week-boundary-stampede · default, changed · "; !strings.HasPrefix(got, want) {
		t.Errorf("found %q, want it to begin with %q", got, want)
	}
	result.Scenario.Name = "herd"
	if got, want := subtitle(newView(result), ""), "herd · policy default, resend cooldown 0s · "; !strings.HasPrefix(got, want) {
		t.Errorf("found %q, want it to begin with %q", got, want)
	}
}

// Where a run begins within a week, so much of that week counts for all of it: the line does not begin with a rise that is none.
func TestAPartOfAWeekCountsForTheWeek(t *testing.T) {
	result := &sim.Result{
		Start: "2026-01-08T00:00:00Z", DurationS: 3 * week, // a Thursday
		Series: sim.Series{StepS: day, Columns: []string{"t_s", "accept.accepted"}},
	}
	for i := range 21 {
		result.Series.Rows = append(result.Series.Rows, []float64{float64(i) * day, 5})
	}
	o := overlay{policies: []Policy{{"steady", result}}, views: []*view{newView(result)}}
	lines := o.binned([]string{"accept.accepted"}, week, func(*view) string { return "" })
	want := []point{{0, 35}, {4 * day, 35}, {4 * day, 35}, {11 * day, 35}, {11 * day, 35}, {18 * day, 35}}
	if got := lines[0].line; !slices.Equal(got, want) {
		t.Errorf("five a day are drawn as %v, want %v", got, want)
	}
}
