package chart

import (
	"math"
	"slices"
	"strings"
	"testing"

	"invitesim/sim"
)

// answeredLate is a run of ten weeks, two of them warm-up, in which somebody is invited every hour, and of every hundred of them one withdraws after
// each hundredth of eight weeks. Of the slow ones the run sees few.
func answeredLate() *sim.Result {
	const span, warmup, longest = 10 * week, 2 * week, 8 * week
	result := &sim.Result{
		DurationS: span, WarmupS: warmup, Distributions: map[string]sim.Curve{},
		Series: sim.Series{StepS: hour, Columns: []string{"t_s", "send.sent"}},
	}
	seen := map[float64]float64{}
	all := 0.0
	for at := 0.0; at < span; at += hour {
		result.Series.Rows = append(result.Series.Rows, []float64{at, 100})
		for i := 1.0; i <= 100; i++ {
			if took := i / 100 * longest; at+took >= warmup && at+took < span {
				seen[took]++
				all++
			}
		}
	}
	curve := sim.Curve{}
	sum := 0.0
	for i := 1.0; i <= 100; i++ {
		took := i / 100 * longest
		sum += seen[took] / all
		curve.X, curve.Y = append(curve.X, took), append(curve.Y, sum)
	}
	result.Distributions["answers.withdraw"] = curve
	result.Response = map[string]*sim.ResponseFigures{"withdraw": {Count: uint64(all), P50S: int64(timeOf(points(curve), 0.5))}}
	return result
}

// Slow answers come too late for the run to see most of them: what is drawn is how long people take, not how long those took who were in time.
func TestSlowAnswersAreNotForgotten(t *testing.T) {
	result := answeredLate()
	if raw := float64(result.Response["withdraw"].P50S); raw > 3.6*week {
		t.Fatalf("half of the answers that were seen took up to %.2f weeks: there is nothing to be put right", raw/week)
	}
	drawn := Means(result)
	if age := AnswersWatched(drawn); age < 8*week || age > 10*week {
		t.Errorf("answers are told of within %.2f weeks", age/week)
	}
	if median := MedianAnswer(drawn, "withdraw"); math.Abs(median-4*week) > 0.1*week {
		t.Errorf("half of the answers take up to %.2f weeks, want 4", median/week)
	}
	for _, p := range points(drawn.Distributions["answers.withdraw"]) {
		if math.Abs(p.y-p.x/(8*week)) > 0.01 {
			t.Errorf("%.3f of the answers come within %.2f weeks, want %.3f", p.y, p.x/week, p.x/(8*week))
		}
	}
	again := Means(drawn)
	if !slices.Equal(again.Distributions["answers.withdraw"].Y, drawn.Distributions["answers.withdraw"].Y) {
		t.Error("what is weighed once is weighed again")
	}
	const want = "Median time from the send, of answers within 64 d, weighed by how many invitations the run saw get that old: withdraw 28.6 d."
	c := chartNamed(t, result, "answers")
	if c.Sentence != want || !shows(c, "share of the answers within 64 d, %") || !shows(c, "longer than the run shows") && !shows(c, "not seen") {
		t.Errorf("it says %q", c.Sentence)
	}
}

// A run that ends before slow answers come tells of those that it could see, and of no others.
func TestAnswersBeyondTheRun(t *testing.T) {
	result := answeredLate()
	result.DurationS = 4 * week
	result.Series.Rows = result.Series.Rows[:4*7*24]
	drawn := Means(result)
	age := AnswersWatched(drawn)
	if age < 3*week || age >= 4*week {
		t.Errorf("answers are told of within %.2f weeks", age/week)
	}
	curve := points(drawn.Distributions["answers.withdraw"])
	if last := curve[len(curve)-1]; last.x > age || last.y != 1 {
		t.Errorf("the curve ends at %.2f weeks with %g", last.x/week, last.y)
	}
	result.Series = sim.Series{}
	if Means(result).Distributions["answers.withdraw"].Y[0] != result.Distributions["answers.withdraw"].Y[0] || AnswersWatched(Means(result)) != 0 {
		t.Error("without a series the answers are not those of the run")
	}
}

// Weeks whose invitations may still be answered are no trend: they are marked, and shares are told without them.
func TestRecentWeeksAreNotCompared(t *testing.T) {
	result := &sim.Result{DurationS: 6 * week, WarmupS: week, Distributions: map[string]sim.Curve{
		"fates.withdrawn": {X: []float64{0, 1, 2, 3, 4, 5}, Y: []float64{90, 80, 70, 40, 10, 0}},
		"fates.ignored":   {X: []float64{0, 1, 2, 3, 4, 5}, Y: []float64{10, 20, 30, 60, 90, 100}},
		"answers.ignore":  {X: []float64{hour, 2 * week}, Y: []float64{0.5, 1}},
	}}
	c := chartNamed(t, result, "fates")
	want := "Of 300 invitations sent in the weeks after the warm-up that are not too recent to compare 0 % were accepted, 36.7 % ignored, 63.3 % withdrawn and 0 % expired; 0 % are still open."
	if c.Sentence != want || !shows(c, "too recent to compare") || !shows(c, "36.7 %") || !shows(c, "not too recent") {
		t.Errorf("got %q, want %q", c.Sentence, want)
	}
	result.Policy.Settings = map[string]string{"expiry": "20d"}
	if from, some := CohortsOf(result).RecentFrom(); from != 3*week || !some {
		t.Errorf("where invitations expire after 20 of 42 days, columns are too recent from %g weeks on", from/week)
	}
	result.Policy.Settings = map[string]string{"expiry": "180d"}
	if from, _ := CohortsOf(result).RecentFrom(); from != 4*week {
		t.Errorf("where they expire after the run, columns are too recent from %g weeks on", from/week)
	}
	result.Distributions["answers.ignore"] = sim.Curve{X: []float64{hour, 6 * week}, Y: []float64{0.5, 1}}
	c = chartNamed(t, result, "fates")
	if !strings.HasSuffix(c.Sentence, " All these weeks are too recent to compare them: it takes 42 d until little more becomes of an invitation.") ||
		!strings.HasPrefix(c.Sentence, "Of 500 ") || shows(c, "not too recent") {
		t.Errorf("where all are too recent: %q", c.Sentence)
	}
}
