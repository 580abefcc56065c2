package page

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"invitesim/reports/chart"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

// unpack reads what pack wrote: what the script does, in Go.
func unpack(p packed) []float64 {
	var values []float64
	last, at := int64(0), 0
	read := func() uint64 {
		n := uint64(0)
		for shift := 0; ; shift += 5 {
			digit := uint64(strings.IndexByte(letters, p.Text[at]))
			at++
			n |= (digit & 31) << shift
			if digit < 32 {
				return n
			}
		}
	}
	for at < len(p.Text) {
		if p.Text[at] == '!' {
			at++
			for range read() {
				values = append(values, float64(last)/p.Scale)
			}
			continue
		}
		if n := read(); n&1 == 1 {
			last -= int64(n >> 1)
		} else {
			last += int64(n >> 1)
		}
		values = append(values, float64(last)/p.Scale)
	}
	return values
}

func TestPackKeepsWholeNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOf(rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(-40, 40), rapid.Int64Range(-1e15, 1e15))).Draw(t, "numbers")
		var values []float64
		for _, n := range numbers {
			values = append(values, float64(n))
		}
		if got := unpack(pack(values)); !slices.Equal(got, values) {
			t.Fatalf("packed and unpacked: %v, want %v", got, values)
		}
	})
}

func TestPackKeepsSixDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 20).Draw(t, "values")
		for i, got := range unpack(pack(values)) {
			if d := got - values[i]; d > 1e-5 || d < -1e-5 {
				t.Fatalf("%v became %v", values[i], got)
			}
		}
	})
}

func TestThinningKeepsWhatStandsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-9, 9), 1, 300).Draw(t, "values")
		group := rapid.IntRange(1, 40).Draw(t, "group")
		kept := extremes(values, group)
		if slices.Max(kept) != slices.Max(values) || slices.Min(kept) != slices.Min(values) {
			t.Fatalf("%v of %v", kept, values)
		}
		if group > 2 && len(kept) != 2*((len(values)+group-1)/group) {
			t.Fatalf("%d values of %d in groups of %d", len(kept), len(values), group)
		}
		if d := total(sums(values, group)) - total(values); d > 1e-9 || d < -1e-9 {
			t.Fatalf("sums lose %v", d)
		}
	})
}

func TestValuesAtKeepTheLastOne(t *testing.T) {
	got := valuesAt([]float64{2, 4}, []float64{0.5, 1}, []float64{0, 2, 3, 4, 9})
	if !slices.Equal(got, []float64{0, 0.5, 0.5, 1, 1}) {
		t.Errorf("%v", got)
	}
}

// TestDarkColours holds the colours of the dark page to what guidelines ask of graphics, and all text on colours to what they ask of text.
func TestDarkColours(t *testing.T) {
	for _, p := range paints() {
		if c := contrast(p.dark, darkGround); p.name != "c-open" && c < 3 {
			t.Errorf("%s in the dark: %s has a contrast of %.2f, want 3", p.name, p.dark, c)
		}
		for _, color := range []string{p.light, p.dark} {
			if c := contrast(textOn(color), color); c < 4.5 {
				t.Errorf("text on %s has a contrast of %.2f, want 4.5", color, c)
			}
		}
	}
	if c := contrast("#777777", lightGround); c < 4.4 || c > 4.5 {
		t.Errorf("#777777 on white: %.3f, want 4.478 as everybody computes it", c)
	}
}

// TestPlotsTellWhatTheRunIsTooShortFor wants the columns that are too recent, and the times to answer that the run cannot show.
func TestPlotsTellWhatTheRunIsTooShortFor(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	p := &page{Result: chart.Means(result), charts: chart.All(result), populations: chart.PopulationNames(result), sendNames: chart.SendOutcomeNames(result)}
	recent, some := chart.CohortsOf(result).RecentFrom()
	if watched := chart.AnswersWatched(p.Result); !some || watched == 0 {
		t.Fatal("the sample has neither")
	}
	for _, drawn := range p.fittingPlots() {
		if got := drawn.Recent; (got != nil) != (drawn.Name == "fates") || got != nil && got.From != recent {
			t.Errorf("%s is too recent from %v", drawn.Name, got)
		}
		if got := drawn.Unseen; (got != nil) != (drawn.Name == "answers") || got != nil && got.From != chart.AnswersWatched(p.Result) {
			t.Errorf("%s has %v unseen", drawn.Name, got)
		}
	}
}

// TestPlotsTellChangesOfPolicy wants them where x is time and nowhere else, and the cap only as long as it holds.
func TestPlotsTellChangesOfPolicy(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	result.Policies = []sim.PolicyChange{
		{AtS: 8 * week, Settings: map[string]string{"pending_cap.count": "200"}},
		{AtS: result.DurationS, Settings: map[string]string{"pending_cap.count": "100"}},
	}
	p := &page{Result: result, charts: chart.All(result), populations: chart.PopulationNames(result), sendNames: chart.SendOutcomeNames(result)}
	for _, drawn := range p.fittingPlots() {
		if got := len(drawn.Changes); (got == 1) != (drawn.X.Kind == "time") {
			t.Errorf("%s, over %s, has %d changes of policy", drawn.Name, drawn.X.Kind, got)
		}
		want := []limit{{At: 300, Label: "cap 300", To: 8 * week}, {At: 200, Label: "cap 200", From: 8 * week, To: 26 * week}}
		if drawn.Name == "outstanding" && !slices.Equal(drawn.Limits, want) {
			t.Errorf("limits %v, want %v", drawn.Limits, want)
		}
	}
}

// TestLimitsOfLatenciesAreThoseOfTheCharts wants one reading of thresholds: a day is a length of time, and a least time no limit.
func TestLimitsOfLatenciesAreThoseOfTheCharts(t *testing.T) {
	result := sample.Measured()
	result.Thresholds = []sim.Verdict{{That: "latency.send.p99 < 1d"}, {That: "latency.send.max >= 1us"}, {That: "latency.accept.p999 <= 20ms with 95%"}}
	drawn := (&page{Result: result}).latency()
	want := []limit{{At: 2e7, Label: "accept p99.9 < 20 ms"}, {At: 8.64e13, Label: "send p99 < 24 h"}}
	if !slices.Equal(drawn.Limits, want) {
		t.Errorf("limits %v, want %v", drawn.Limits, want)
	}
}

// TestWarmupOfEachClock wants it on an axis of time in the time of that axis, and on no other axis.
func TestWarmupOfEachClock(t *testing.T) {
	result := sample.Measured()
	result.WarmupS = 2 * day
	result.Marks = append(result.Marks, sim.Mark{ForS: 12, What: "warmup"})
	p := &page{Result: result, charts: chart.All(result), populations: chart.PopulationNames(result), sendNames: chart.SendOutcomeNames(result)}
	for _, drawn := range p.fittingPlots() {
		if want := map[string]float64{"time": 2 * day, "clock": 12}[drawn.X.Kind]; drawn.WarmupTo != want {
			t.Errorf("%s, over %s, has a warm-up until %v, want %v", drawn.Name, drawn.X.Kind, drawn.WarmupTo, want)
		}
	}
}

// TestPlotsOfAClosedLoop wants nothing that was planned in them.
func TestPlotsOfAClosedLoop(t *testing.T) {
	result := sample.Measured()
	p := &page{Result: result}
	if open := p.load(); len(open.Series) != 4 || len(p.loadTable().Head) != 5 {
		t.Errorf("%d lines in an open loop, and a table of %q", len(open.Series), p.loadTable().Head)
	}
	result.Load.Loop = "closed"
	if closed := p.load(); len(closed.Series) != 1 || closed.Series[0].Name != "answered" || len(p.loadTable().Head) != 2 {
		t.Errorf("%d lines in a closed loop, and a table of %q", len(closed.Series), p.loadTable().Head)
	}
	if caption := p.latencyTable().Caption; !strings.HasPrefix(caption, "Service times, from the start to the answer") {
		t.Errorf("found %q", caption)
	}
}

// TestLatencySaysWhereNothingWasStarted as the chart does.
func TestLatencySaysWhereNothingWasStarted(t *testing.T) {
	result := sample.Measured()
	if limits := (&page{Result: result}).latencyTime().Limits; len(limits) > 0 {
		t.Errorf("limits %v, want none", limits)
	}
	copy(result.Distributions["load.dropped"].Y[40:], result.Distributions["load.offered"].Y[40:])
	want := []limit{{At: 40, Label: "what was due from here on was never started", Upright: true}}
	if limits := (&page{Result: result}).latencyTime().Limits; !slices.Equal(limits, want) {
		t.Errorf("limits %v, want %v", limits, want)
	}
}

// TestHeatTellsHoursThatAreNotMeasured from those in which nobody hit the limit.
func TestHeatTellsHoursThatAreNotMeasured(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	result.WarmupS = 2 * day
	rows, _ := (&page{Result: result}).heat()
	if tuesday, wednesday := rows[1].Cells[23], rows[2].Cells[0]; !tuesday.Unknown || tuesday.Text != "not measured" || wednesday.Unknown {
		t.Errorf("measured from Wednesday on: %+v, then %+v", tuesday, wednesday)
	}
}

func TestStretchesOfTables(t *testing.T) {
	for values, want := range map[[2]int]int{{60, 60}: 1, {61, 60}: 2, {0, 60}: 1, {100_000, 50_000}: 2} {
		if got := groupOf(values[0], values[1]); got != want {
			t.Errorf("%d values in at most %d groups: %d together, want %d", values[0], values[1], got, want)
		}
	}
}

func TestPercentileMarks(t *testing.T) {
	var labels []string
	for _, mark := range percentiles(100_000) {
		labels = append(labels, mark.Label)
	}
	if got := strings.Join(labels, " · "); got != "50 % · 90 % · 99 % · 99.9 % · 99.99 % · 99.999 %" {
		t.Error(got)
	}
}

// The part of a column with which a run begins or ends is left out, unless few are left.
func TestWholeColumns(t *testing.T) {
	for _, c := range []struct {
		from, to   []float64
		first, end int
	}{
		{[]float64{0, 10, 20, 30}, []float64{10, 20, 30, 40}, 0, 4},
		{[]float64{0, 10, 20, 30}, []float64{10, 20, 30, 32}, 0, 3},
		{[]float64{0, 4, 14, 24, 34}, []float64{4, 14, 24, 34, 40}, 1, 4},
		{[]float64{0, 4, 14}, []float64{4, 14, 20}, 0, 3},
		{nil, nil, 0, 0},
	} {
		if first, end := wholeColumns(c.from, c.to, 10); first != c.first || end != c.end {
			t.Errorf("columns from %v to %v: shown from %d to %d, want %d to %d", c.from, c.to, first, end, c.first, c.end)
		}
	}
}

// The tile of what is accepted does not take what was sent in the warm-up for what was sent since.
func TestAcceptedOfThoseSent(t *testing.T) {
	result := &sim.Result{DurationS: 4 * week, WarmupS: 2 * week, Distributions: map[string]sim.Curve{
		"fates.accepted": {X: []float64{0, 1, 2, 3}, Y: []float64{900, 900, 30, 10}},
		"fates.open":     {X: []float64{0, 1, 2, 3}, Y: []float64{0, 0, 0, 60}},
	}}
	result.Invitations = sim.Invitations{Sent: 100, Accepted: 95}
	of := func() string {
		for _, tile := range (&page{Result: result}).tiles() {
			if tile.Name == acceptedTile {
				return tile.Value + ", " + tile.Note
			}
		}
		return "no tile"
	}
	if got, want := of(), "40.0 %, 40 of 100 sent in the weeks after the warm-up"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	result.WarmupS = 0
	if got, want := of(), "95.0 %, 95 of 100 sent"; got != want {
		t.Errorf("without a warm-up %q, want %q", got, want)
	}
	result.WarmupS = 4*week - 1
	if got := of(); got != "no tile" {
		t.Errorf("with nothing but warm-up %q", got)
	}
}

// What cannot be negative has no interval that begins below zero.
func TestIntervalsBeginAtNothing(t *testing.T) {
	result := &sim.Result{Replicates: map[string]sim.Replicate{"limits.restricted.member_share": {Mean: 0.0001, Low: -0.0002, High: 0.0005, N: 6}}}
	if rows := (&page{Result: result}).replicatesTable().Rows; len(rows) != 1 || rows[0][2] != "0 % to 0.05 %" {
		t.Errorf("found %q", rows)
	}
}
