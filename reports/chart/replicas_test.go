package chart

import (
	"strings"
	"testing"

	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

// replicated is a result with curves of six replicas: their means are twice what the first one had, give or take a half.
func replicated() *sim.Result {
	result := sample.Result(sample.HalfYear())
	result.Replicas = 6
	add := func(name string, c sim.Curve) {
		for what, factor := range map[string]float64{"low": 1.5, "mean": 2, "high": 2.5} {
			scaled := sim.Curve{X: c.X}
			for _, y := range c.Y {
				scaled.Y = append(scaled.Y, y*factor)
			}
			result.Distributions["replicates."+name+"."+what] = scaled
		}
	}
	v := newView(result)
	for _, name := range v.populations {
		add("at_cap."+name, result.Distributions["at_cap."+name])
	}
	add("rate_limited.hour_of_week", result.Distributions["rate_limited.hour_of_week"])
	for _, percentile := range []string{"p5", "p25", "p50", "p75", "p95", "p99"} {
		add("outstanding."+percentile, sim.Curve{X: v.steps, Y: v.Series.Column("outstanding." + percentile)})
	}
	result.Replicates = map[string]sim.Replicate{"pending.p50": {Mean: 14.25, N: 6}}
	add("send.rate_limited", sim.Curve{X: v.steps, Y: v.Series.Column("send.rate_limited")})
	return result
}

// Where there are replicas, charts over time show means, and say so; the others say that they show the first one.
func TestChartsOverReplicas(t *testing.T) {
	plain, result := sample.Result(sample.HalfYear()), replicated()
	for name, want := range map[string]string{
		"at-cap": "95 % over 6 replicas", "rate-limit": "means over 6 replicas", "outstanding": "means over 6 replicas", "outcomes": "the first of 6 replicas",
	} {
		if c := chartNamed(t, result, name); !strings.HasSuffix(c.Subtitle, want) || c.Why != "" {
			t.Errorf("%s: found %q, %q, expected %q", name, c.Subtitle, c.Why, want)
		}
	}
	once, twice := newView(plain).heat(), newView(result).heat()
	if peak := hottest(once); twice[peak] != 2*once[peak] || once[peak] == 0 {
		t.Errorf("the peak is %v in the mean, and %v of the first", twice[peak], once[peak])
	}
	first := lastY(points(plain.Distributions["at_cap.recruiter"]))
	shown, _ := newView(result).populationLines("at_cap.", func(string, []point) float64 { return 0 })
	for _, line := range shown {
		if line.name == "recruiter" && (lastY(line.line) != 2*first || lastY(line.low) != 1.5*first || lastY(line.high) != 2.5*first || first == 0) {
			t.Errorf("found %v, %v to %v; the first replica had %v", lastY(line.line), lastY(line.low), lastY(line.high), first)
		}
	}
	if c := chartNamed(t, result, "outstanding"); !strings.Contains(c.Sentence, "at most 14.2 outstanding") {
		t.Errorf("found %q", c.Sentence)
	}
	medians := newView(plain).overTime("outstanding.p50")
	if last := medians[len(medians)-1].y; lastY(newView(result).overTime("outstanding.p50")) != 2*last || last == 0 {
		t.Errorf("the median ends at %v, that of the first replica at %v", lastY(newView(result).overTime("outstanding.p50")), last)
	}
	for _, name := range []string{"at-cap", "rate-limit", "outstanding"} {
		if r := record(chartNamed(t, result, name)); r.minY < 0 || r.maxY > r.depth {
			t.Errorf("%s is drawn from %v to %v of %v", name, r.minY, r.maxY, r.depth)
		}
	}
}
