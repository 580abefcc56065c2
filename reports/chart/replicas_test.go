package chart

import (
	"slices"
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

// allMeans is replicated, with the means of everything that is drawn over time, and of counts: all twice what the first replica had.
func allMeans() *sim.Result {
	result := replicated()
	for _, name := range result.Series.Columns {
		twice := sim.Curve{X: result.Series.Column("t_s"), Y: result.Series.Column(name)}
		for i := range twice.Y {
			twice.Y[i] *= 2
		}
		if strings.HasPrefix(name, "send.") || name == "members_at_cap" {
			result.Distributions["replicates."+name+".mean"] = twice
		}
	}
	// One outcome occurred in other replicas alone.
	odd := sim.Curve{X: result.Series.Column("t_s"), Y: make([]float64, len(result.Series.Rows))}
	odd.Y[3] = 0.5
	result.Distributions["replicates.send.overloaded.mean"] = odd
	sim.EachFigure(result, func(path string, value float64) {
		if strings.Contains(path, ".") && !strings.HasPrefix(path, "pending.") {
			result.Replicates[path] = sim.Replicate{Mean: 2 * value, N: 6}
		}
	})
	return result
}

func TestMeans(t *testing.T) {
	first := sample.Result(sample.HalfYear())
	result := allMeans()
	means := Means(result)
	if got, want := sum(means.Series.Column("send.sent")), 2*sum(first.Series.Column("send.sent")); got != want || want == 0 {
		t.Errorf("%v were sent, want %v", got, want)
	}
	if got := means.Series.Column("send.overloaded"); len(got) != len(first.Series.Rows) || sum(got) != 0.5 {
		t.Errorf("what the first replica never had is %v in all", sum(got))
	}
	if got, want := means.Series.Column("restricted"), first.Series.Column("restricted"); !slices.Equal(got, want) {
		t.Error("a column without a mean is not that of the first replica")
	}
	send, own := means.Commands["send"], first.Commands["send"]
	if send.Count != 2*own.Count || send.Outcomes["rate_limited"].Count != 2*own.Outcomes["rate_limited"].Count || means.Invitations.Accepted != 2*first.Invitations.Accepted {
		t.Errorf("%d sends, of them %+v", send.Count, send.Outcomes["rate_limited"])
	}
	if got, want := means.MembersBy["casual"].Commands["send"].Count, 2*first.MembersBy["casual"].Commands["send"].Count; got != want || want == 0 {
		t.Errorf("casual members sent %d times, want %d", got, want)
	}
	if result.Commands["send"].Count != own.Count || len(result.Series.Columns) != len(first.Series.Columns) || result.Series.Rows[5][1] != first.Series.Rows[5][1] {
		t.Error("the result itself was changed")
	}
	for name, want := range map[string]string{
		"outcomes": "means over 6 replicas", "populations": "means over 6 replicas", "fates": "means over 6 replicas",
		"answers": "the first of 6 replicas", "quota": "the first of 6 replicas",
	} {
		if c := chartNamed(t, result, name); !strings.HasSuffix(c.Subtitle, want) || c.Replicas != want {
			t.Errorf("%s: %q, drawn %q, expected %q", name, c.Subtitle, c.Replicas, want)
		}
	}
	for _, c := range Overlay([]Policy{{"a", result}, {"b", result}}) {
		want := "means over 6 replicas"
		switch c.Name {
		case "compare-quota":
			want = "the first of 6 replicas"
		case "compare-outstanding":
			want = "95 % over 6 replicas"
		}
		if !strings.HasSuffix(c.Subtitle, want) {
			t.Errorf("%s: %q, expected %q", c.Name, c.Subtitle, want)
		}
	}
}

// Lines of several policies have the intervals of their replicas, and the axis has room for them.
func TestOverlaysHaveIntervals(t *testing.T) {
	result := replicated()
	o := overlay{policies: []Policy{{"a", result}, {"b", sample.Result(sample.HalfYear())}}}
	for _, policy := range o.policies {
		o.views = append(o.views, newView(policy.Result))
	}
	lines, _ := o.outstanding()
	for _, l := range lines.lines {
		if l.place == 1 && len(l.low) > 0 {
			t.Errorf("%s has an interval, and no replicas", l.name)
		}
		if l.place == 0 && (len(l.low) != len(l.line) || lastY(l.low) != 0.75*lastY(l.line) || lastY(l.high) != 1.25*lastY(l.line) || l.low[3].x != l.line[3].x) {
			t.Errorf("%s, thin %v: %v to %v around %v", l.name, l.thin, lastY(l.low), lastY(l.high), lastY(l.line))
		}
	}
	if most := highest(lines.lines); most <= highest(o.eachPolicy(func(v *view) []point { return v.overTime("outstanding.p99") }, func(*view, []point) string { return "" })) {
		t.Errorf("the axis ends at %v, within the intervals", most)
	}
}

// The refusals without a colour are named by what makes up most of them over all replicas, which the first need not have met.
func TestNamesOverReplicas(t *testing.T) {
	result := replicated()
	v := newView(result)
	result.Replicates = map[string]sim.Replicate{"commands.send.count": {Mean: 1000, N: 6}}
	for _, name := range result.Series.Columns {
		if outcome, ok := strings.CutPrefix(name, "send."); ok {
			result.Distributions["replicates."+name+".mean"] = sim.Curve{X: v.steps, Y: v.Series.Column(name)}
			result.Replicates["commands.send.outcomes."+outcome+".count"] = sim.Replicate{Mean: 10, N: 6}
		}
	}
	result.Replicates["commands.send.outcomes.sender_full.count"] = sim.Replicate{Mean: 500, N: 6}
	if name := SendOutcomeNames(result)[OtherOutcome]; !strings.HasPrefix(name, "sender full") {
		t.Errorf("found %q, expected that most senders were full", name)
	}
}
