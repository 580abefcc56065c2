package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

func TestSentencesOfTheWallClock(t *testing.T) {
	result := sample.Measured()
	for name, want := range map[string]string{
		"latency-time":    "The p99 of all commands is 2.57 µs in the median step and 279 ms in the worst, 20.5 s into the run: a worker stalled.",
		"load":            "Of 11 996 commands and queries offered per second 11 992 were achieved (99.97 %); 0.24 % started more than 1 ms late; 240 were never started.",
		"latency-outcome": "By outcome, the median is 304 ns to 524 ns for what was carried out and 184 ns to 274 ns for refusals.",
	} {
		if got := strings.ReplaceAll(chartNamed(t, result, name).Sentence, "\u2009", " "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	want := "From the planned instant to the answer: send p50 482 ns, p99 3.65 µs, p99.9 178 ms, longest 299 ms; accept p50 "
	if got := chartNamed(t, result, "latency").Sentence; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "; the machine itself paused for 2.4 µs at p99.9.") {
		t.Errorf("latency: got %q", got)
	}
	result.Load = &sim.LoadFigures{Loop: "closed", AchievedPerS: 6e6}
	if got, want := chartNamed(t, result, "load").Sentence, "In a closed loop, 6\u2009000\u2009000 commands"; !strings.HasPrefix(got, want) {
		t.Errorf("closed loop: got %q, want %q …", got, want)
	}
	result.Load = &sim.LoadFigures{OfferedPerS: 10, AchievedPerS: 10}
	if got, want := chartNamed(t, result, "load").Sentence, "(100 %); nothing started more than 1 ms late; nothing was dropped."; !strings.HasSuffix(got, want) {
		t.Errorf("all went well: got %q, want … %q", got, want)
	}
}

// In a closed loop nothing is planned: times are those of the service, and how much was answered is another question.
func TestAClosedLoopPlansNothing(t *testing.T) {
	result := sample.Measured()
	result.Load.Loop = "closed"
	for name, want := range map[string]string{
		"latency":      "service time, from the start to the answer (logarithmic)",
		"latency-time": "service time of all commands and queries, from the start to the answer (logarithmic)",
		"load":         "answered",
	} {
		c := chartNamed(t, result, name)
		if !shows(c, want) || shows(c, "offered") || shows(c, "from the planned instant to the answer (logarithmic)") || strings.Contains(c.Sentence, "planned instant") {
			t.Errorf("%s speaks of planned instants, or does not show %q: %s", name, want, c.Sentence)
		}
	}
	if c := chartNamed(t, result, "latency"); !strings.HasPrefix(c.Sentence, "Service time, from the start to the answer: send p50") {
		t.Errorf("found %q", c.Sentence)
	}
	if open, closed := chartNamed(t, sample.Measured(), "load").Title, chartNamed(t, result, "load").Title; open != "Did we offer what we planned?" || closed != "How many commands a second are answered?" {
		t.Errorf("found %q in an open loop and %q in a closed one", open, closed)
	}
}

// What came before the end of the warm-up is drawn, and is in no average.
func TestTheWarmupOfTheWallClockIsMarked(t *testing.T) {
	result := sample.Measured()
	for _, name := range []string{"latency-time", "load"} {
		if shows(chartNamed(t, result, name), "warm-up") {
			t.Errorf("%s shows a warm-up, and there is none", name)
		}
	}
	result.Marks = append(result.Marks, sim.Mark{ForS: 12, What: "warmup"})
	for _, name := range []string{"latency-time", "load"} {
		if !shows(chartNamed(t, result, name), "warm-up") {
			t.Errorf("%s does not show the warm-up", name)
		}
	}
	if got := WallWarmup(result); got != 12 {
		t.Errorf("a warm-up of %v s, want 12", got)
	}
}

// givenUp is a run that has a warm-up, and in which nothing was started of what was due from a step on.
func givenUp(from int) *sim.Result {
	result := sample.Measured()
	result.Marks = append(result.Marks, sim.Mark{ForS: 12, What: "warmup"})
	for name, curve := range result.Distributions {
		switch {
		case name == "load.dropped":
			copy(curve.Y[from:], result.Distributions["load.offered"].Y[from:])
		case strings.HasPrefix(name, "latency_time."):
			result.Distributions[name] = sim.Curve{Unit: curve.Unit, X: curve.X[:from], Y: curve.Y[:from]}
		}
	}
	return result
}

func TestLinesSayWhyTheyEnd(t *testing.T) {
	const text = "what was due from here on was never started"
	if from, ok := NeverStarted(sample.Measured()); ok || shows(chartNamed(t, sample.Measured(), "latency-time"), text) {
		t.Errorf("nothing was started from %v s on, and some was", from)
	}
	for step, want := range map[int]string{30: "31 s", 55: "56 s"} {
		result := givenUp(step + 1)
		c := chartNamed(t, result, "latency-time")
		if from, ok := NeverStarted(result); !ok || from != float64(step+1) || !shows(c, text) || !strings.HasSuffix(c.Sentence, "; what was due from "+want+" on was never started.") {
			t.Errorf("step %d: from %v s on, %v: %q", step, from, ok, c.Sentence)
		}
	}
	result := givenUp(30)
	result.Distributions["load.offered"].Y[59], result.Distributions["load.dropped"].Y[59] = 0, 0 // a last step in which nothing was due
	if from, ok := NeverStarted(result); !ok || from != 30 {
		t.Errorf("from %v s on, %v, want 30", from, ok)
	}
}

// A run that did not get to the end of its warm-up measured nothing, whatever it did.
func TestRunsThatEndWithinTheirWarmup(t *testing.T) {
	result := sample.Measured()
	result.WarmupS, result.Latency, result.Commands = 2*day, nil, nil
	result.Series.Rows = result.Series.Rows[:24]
	for name, curve := range result.Distributions {
		if strings.HasPrefix(name, "at_cap.") {
			result.Distributions[name] = sim.Curve{Unit: curve.Unit, X: curve.X[:24], Y: curve.Y[:24]}
		}
	}
	want := "the run ended within its warm-up (2 days, 17.1 s of the wall clock): nothing was measured; --set warmup=0s measures from the start"
	if got := strings.ReplaceAll(chartNamed(t, result, "latency").Why, "\u2009", " "); got != want || WithinWarmup(result) == "" {
		t.Errorf("found %q, want %q", got, want)
	}
	if got, want := chartNamed(t, result, "outcomes").Sentence, "The run ended within its warm-up: nothing was measured."; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
	result.WarmupS = hour
	if got := WithinWarmup(result); got != "" {
		t.Errorf("found %q of a run that got beyond", got)
	}
}

func TestObjectivesAreThresholdsOnLatencies(t *testing.T) {
	result := &sim.Result{}
	for _, that := range []string{
		"latency.send.p99 < 50ms", "latency.accept.p999 <= 200us", "latency.ignore.p99 < 50ms with 95%", "latency.received.max < 2s over 1w..2w",
		"latency.report.max < 1d",
		"latency.send.count < 5", "latency.send.p99 > 1us", "service.send.p99 < 1ms", "pending.p99 < 300", "load.late_p99 < 1ms",
	} {
		result.Thresholds = append(result.Thresholds, sim.Verdict{That: that})
	}
	want := []Objective{{"accept p99.9 < 200 µs", 2e5}, {"ignore p99, send p99 < 50 ms", 5e7}, {"received max < 2 s", 2e9}, {"report max < 24 h", 8.64e13}}
	if diff := cmp.Diff(want, Objectives(result)); diff != "" {
		t.Error(diff)
	}
}

func TestLatencyAxis(t *testing.T) {
	for _, test := range []struct {
		least, most float64
		labels      string
	}{
		{130, 430, "100 ns, 200 ns, 500 ns"},
		{505, 1900, "200 ns, 500 ns, 1 µs, 2 µs, 5 µs"},
		{40, 2e9, "100 ns, 1 µs, 10 µs, 100 µs, 1 ms, 10 ms, 100 ms, 1 s"},
		{0, 0, "1 ns, 2 ns, 5 ns"},
		{5e11, 1e15, "200 s, 500 s, 1\u2009000 s, 2\u2009000 s, 5\u2009000 s"},
	} {
		a := newLatencyAxis(test.least, test.most)
		if got := strings.Join(a.labels, ", "); !strings.Contains(got, test.labels) && got != test.labels {
			t.Errorf("%g to %g ns: %s, want %s", test.least, test.most, got, test.labels)
		}
		if !slices.IsSorted(a.marks) || a.at(test.least) < 0 || a.at(test.most) > a.high || a.high < 0.5 {
			t.Errorf("%g to %g ns: marks %v, high %g", test.least, test.most, a.marks, a.high)
		}
	}
	a := newLatencyAxis(100, 10_000)
	if got := a.at(1000) - a.at(100); math.Abs(got-1) > 1e-9 {
		t.Errorf("ten times as long is %g of a power of ten", got)
	}
}

// Beyond eight verbs the ones with the fewest commands are left out, and the chart says so.
func TestTheMostFrequentVerbsAreDrawn(t *testing.T) {
	v := newView(sample.Measured())
	shown, others := v.spectra()
	if len(shown) != 8 || others != 1 || slices.ContainsFunc(shown, func(s spectrum) bool { return s.verb == "remove" }) {
		t.Errorf("%d verbs are shown and %d are not", len(shown), others)
	}
	looks := map[string]string{}
	for _, one := range shown {
		key := fmt.Sprint(one.look)
		if looks[key] != "" {
			t.Errorf("%s and %s look alike", one.verb, looks[key])
		}
		looks[key] = one.verb
	}
	if !shows(chartNamed(t, v.Result, "latency"), "percentile (logarithmic in what is beyond it), %; 1 line with fewer commands not drawn") {
		t.Error("the chart does not say that a verb is left out")
	}
}

// Steps with too few commands leave a gap, and no line across it.
func TestALineHasAGapWhereStepsSayNothing(t *testing.T) {
	v := &view{Result: &sim.Result{Distributions: map[string]sim.Curve{
		"load.achieved":    {X: []float64{1, 2, 3, 4, 5, 5.7}},
		"latency_time.p99": {X: []float64{1, 2, 4, 5.7}, Y: []float64{10, 20, 30, 40}},
	}}}
	lines := v.percentileLines()
	if len(lines) != 1 {
		t.Fatalf("%d lines, want one", len(lines))
	}
	for x, want := range map[float64]string{5.35: "at the end", 4.5: "last, at 4.5 s"} {
		if got := v.whenLast(point{x: x}); got != want {
			t.Errorf("a last step around %v s: %q, want %q", x, got, want)
		}
	}
	want := [][]point{{{0.5, 10}, {1.5, 20}}, {{3.5, 30}}, {{5.35, 40}}}
	if diff := cmp.Diff(want, v.pieces(lines[0].line), cmp.AllowUnexported(point{})); diff != "" {
		t.Error(diff)
	}
}

func TestMarksThatTouchAreOne(t *testing.T) {
	p := &panel{xHigh: 1024, area: box{left: 0, right: 1024}}
	marks := []sim.Mark{
		{AtS: 128, ForS: 0.001, What: "collector"},
		{AtS: 129, ForS: 0.001, What: "collector"},
		{AtS: 512, ForS: 5, What: "worker"},
		{AtS: 768, ForS: 1000, What: "collector"},
		{AtS: 1024, ForS: 1, What: "collector"},
	}
	want := []box{{left: 128, right: 130.5}, {left: 768, right: 1024}}
	if diff := cmp.Diff(want, p.laneBoxes(marks, "collector"), cmp.AllowUnexported(box{})); diff != "" {
		t.Error(diff)
	}
}

// lasting is a run of so many steps of wall time, with everything that happens in one.
func lasting(steps int, step float64) *sim.Result {
	result := sample.Measured()
	for name, curve := range result.Distributions {
		if !strings.HasPrefix(name, "load.") && !strings.HasPrefix(name, "latency_time.") {
			continue
		}
		values := curve.Y
		curve.X, curve.Y = nil, nil
		for i := range steps {
			curve.X, curve.Y = append(curve.X, float64(i+1)*step), append(curve.Y, values[i*7%len(values)])
		}
		result.Distributions[name] = curve
	}
	return result
}

// Lines of commands differ without colours: where two have the same dash, one is lighter.
func TestCommandsDifferWithoutColours(t *testing.T) {
	verbs, _ := Commands(sample.Measured())
	for i, a := range verbs {
		for j, b := range verbs[:i] {
			one, other := commandStroke(a, i), commandStroke(b, j)
			if apart := grey(one.color) - grey(other.color); slices.Equal(one.dash, other.dash) && apart < 25 && apart > -25 {
				t.Errorf("%s and %s have the same dash and are equally light (%d apart)", a, b, apart)
			}
		}
	}
}
