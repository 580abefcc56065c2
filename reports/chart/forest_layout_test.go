package chart

import (
	"fmt"
	"strings"
	"testing"

	"invitesim/reports/comparison"
	"invitesim/reports/internal/sample"
)

// comparedSamples are charts of comparisons of many shapes.
func comparedSamples(t *testing.T) []Chart {
	t.Helper()
	long := strings.Repeat("a-directory-with-a-long-name/", 6)
	var charts []Chart
	for i, sides := range [][2]sample.Side{
		{{Runs: 6, Seed: 1}, {Runs: 6, Seed: 1, Worse: 0.4}},
		{{Runs: 1, Seed: 1}, {Runs: 1, Seed: 1, Worse: 400}},
		{{Runs: 1, Seed: 1, Worse: -1}, {Runs: 1, Seed: 1}},
		{{Runs: 1, Seed: 1}, {Runs: 1, Seed: 1, Worse: -1}},
		{{Runs: 2, Seed: 1}, {Runs: 3, Seed: 4}},
		{{Runs: 1, Seed: 1}, {Runs: 1, Seed: 4}},
		{{Runs: 6, Seed: 1, Wall: true}, {Runs: 6, Seed: 1, Wall: true, Worse: 1e-9}},
	} {
		var runs [2][]comparison.Run
		for k := range sides {
			for n, result := range sides[k].Make() {
				runs[k] = append(runs[k], comparison.Run{Directory: fmt.Sprintf("%s%d-%d", long[:i*25], k, n), Result: result})
			}
		}
		c, err := comparison.Compare(runs[0], runs[1], nil)
		if err != nil {
			t.Fatal(err)
		}
		charts = append(charts, Compare(c))
	}
	for weeks := 1; weeks <= 105; weeks += 26 {
		o := sample.HalfYear()
		o.Weeks, o.WarmupWeeks = weeks, weeks/5
		var policies []Policy
		for k := range 8 {
			result := sample.Result(o)
			result.Policy.Settings["weekly_limit.count"] = fmt.Sprint(100 * k * k) // some far beyond what anybody uses
			policies = append(policies, Policy{Name: strings.Repeat("policy ", k+1), Result: result})
		}
		charts = append(charts, Overlay(policies[:1+weeks%8])...)
	}
	return charts
}

// A share is told in percentage points too, with what it was and is; a count is not.
func TestForestTellsPointsOfShares(t *testing.T) {
	c := comparedSamples(t)[0]
	for _, want := range []string{"+40 %", "+0.81 pp, 2.0 → 2.8 %", "% of the base; pp: percentage points", "-0.87 % to -0.78 %"} {
		if !shows(c, want) {
			t.Errorf("the drawing lacks %q", want)
		}
	}
}

func TestComparedTextsNeverTouchAndStayInside(t *testing.T) {
	drawn := 0
	for n, c := range comparedSamples(t) {
		if c.Why != "" {
			continue
		}
		drawn++
		r := record(c)
		for i, a := range r.texts {
			if a.left < 0 || a.top < 0 || a.right > c.width || a.bottom > c.height {
				t.Errorf("%d, %s: %q is cut off at the edge: %v", n, c.Name, a.text, a.box)
			}
			for _, b := range r.texts[:i] {
				if a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom {
					t.Errorf("%d, %s: %q and %q overlap", n, c.Name, a.text, b.text)
				}
			}
		}
		if r.minX < 0 || r.minY < 0 || r.maxX > c.width || r.maxY > c.height {
			t.Errorf("%d, %s: drawn from (%g, %g) to (%g, %g) on %g by %g", n, c.Name, r.minX, r.minY, r.maxX, r.maxY, c.width, c.height)
		}
		if r.line > 500 {
			t.Errorf("%d, %s: a line of %d points, at most 500 wanted", n, c.Name, r.line)
		}
	}
	if drawn < 20 {
		t.Errorf("%d charts are drawn, expected at least 20", drawn)
	}
}
