package chart_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"invitesim/reports/chart"
	"invitesim/reports/comparison"
	"invitesim/reports/internal/sample"
)

func compared(t *testing.T, base, next sample.Side) *comparison.Comparison {
	t.Helper()
	runs := func(name string, side sample.Side) []comparison.Run {
		var all []comparison.Run
		for i, result := range side.Make() {
			all = append(all, comparison.Run{Directory: fmt.Sprintf("out/%s-%d", name, i+1), Result: result})
		}
		return all
	}
	c, err := comparison.Compare(runs("before", base), runs("after", next), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// goldenChart compares a picture with its golden file.
func goldenChart(t *testing.T, name string, c chart.Chart) {
	t.Helper()
	path := filepath.Join("testdata", name+".svg")
	got := render(t, c, "svg")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s differs from its golden file (run with -update and look at it): %v", path, err)
	}
}

func TestForestGolden(t *testing.T) {
	goldenChart(t, "compare-paired", chart.Compare(compared(t, sample.Side{Runs: 6, Seed: 1}, sample.Side{Runs: 6, Seed: 1, Worse: 0.4})))
	goldenChart(t, "compare-noise", chart.Compare(compared(t, sample.Side{Runs: 6, Seed: 1}, sample.Side{Runs: 4, Seed: 90})))
}

func TestForestSaysWhatItShows(t *testing.T) {
	worse := chart.Compare(compared(t, sample.Side{Runs: 1, Seed: 1}, sample.Side{Runs: 1, Seed: 1, Worse: 0.4}))
	if !strings.HasPrefix(worse.Sentence, "Regression: ") || !strings.Contains(worse.Sentence, "attempts refused by the weekly limit: from 2.0 % to 2.8 %.") {
		t.Errorf("the sentence is %q", worse.Sentence)
	}
	same := chart.Compare(compared(t, sample.Side{Runs: 1, Seed: 1}, sample.Side{Runs: 1, Seed: 1}))
	if same.Why != "no figure differs" {
		t.Errorf("of nothing: %q", same.Why)
	}
}

func TestOverlayGolden(t *testing.T) {
	for _, c := range chart.Overlay(overlaidSamples()) {
		if c.Why != "" {
			t.Errorf("%s is not drawn: %s", c.Name, c.Why)
			continue
		}
		goldenChart(t, c.Name, c)
	}
}

// overlaidSamples are two policies with every chart in them, and one without limits.
func overlaidSamples() []chart.Policy {
	half := sample.HalfYear()
	quiet := sample.HalfYear()
	quiet.Quiet = true
	wild := sample.Result(quiet)
	wild.Policy.Settings = map[string]string{"weekly_limit.mode": "none", "pending_cap.mode": "none"}
	wild.Distributions = nil
	tight := sample.Result(half)
	tight.Policy.Settings = map[string]string{"weekly_limit.mode": "fixed", "weekly_limit.count": "60", "pending_cap.mode": "hard", "pending_cap.count": "300"}
	for _, row := range tight.Series.Rows {
		for i := 1; i < len(row); i++ {
			row[i] *= 0.7
		}
	}
	return []chart.Policy{{Name: "default", Result: sample.Result(half)}, {Name: "sixty", Result: tight}, {Name: "unlimited", Result: wild}}
}

func TestOverlayOfNothingSaysWhy(t *testing.T) {
	quiet := sample.SteadyWeek()
	quiet.Quiet = true
	result := sample.Result(quiet)
	result.Distributions = nil
	result.Series.Rows = nil
	for _, c := range chart.Overlay([]chart.Policy{{Name: "a", Result: result}, {Name: "b", Result: result}}) {
		if !strings.HasPrefix(c.Why, "under no policy ") {
			t.Errorf("%s: %q", c.Name, c.Why)
		}
	}
}
