package comparison_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"invitesim/reports/comparison"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
	"invitesim/sim/statistics"
)

// runs makes a side with directories of that name.
func runs(name string, side sample.Side) []comparison.Run {
	if side.Limit == "" {
		side.Limit = "100"
	}
	var all []comparison.Run
	for i, result := range side.Make() {
		all = append(all, comparison.Run{Directory: fmt.Sprintf("%s/%d", name, i+1), Result: result})
	}
	return all
}

func compare(t *testing.T, base, next []comparison.Run, allow ...string) *comparison.Comparison {
	t.Helper()
	var allowances []comparison.Allowance
	for _, text := range allow {
		a, err := comparison.ParseAllowance(text)
		if err != nil {
			t.Fatal(err)
		}
		allowances = append(allowances, a)
	}
	c, err := comparison.Compare(base, next, allowances)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func find(t *testing.T, c *comparison.Comparison, path string) comparison.Figure {
	t.Helper()
	for _, f := range c.Figures {
		if f.Path == path {
			return f
		}
	}
	t.Fatalf("%s is not among the figures that differ", path)
	return comparison.Figure{}
}

const refused = "commands.send.outcomes.rate_limited.share"

// What may be said of a difference follows from the runs alone.
func TestMethod(t *testing.T) {
	one, six := sample.Side{Runs: 1, Seed: 1}, sample.Side{Runs: 6, Seed: 1}
	worse := func(s sample.Side) sample.Side { s.Worse = 0.5; return s }
	other := func(s sample.Side) sample.Side { s.Seed = 101; return s }
	wall := func(s sample.Side) sample.Side { s.Wall = true; return s }
	for _, test := range []struct {
		name       string
		base, next sample.Side
		want       comparison.Method
		finding    comparison.Finding
	}{
		{"one run, the same seed", one, worse(one), comparison.Exact, comparison.Differs},
		{"one run, another seed", one, worse(other(one)), comparison.None, comparison.Unknown},
		{"one run against six", one, worse(six), comparison.None, comparison.Unknown},
		{"equal seeds", six, worse(six), comparison.Paired, comparison.Shown},
		{"other seeds", six, worse(other(six)), comparison.Independent, comparison.Shown},
		{"nothing but other seeds", six, other(six), comparison.Independent, comparison.NotShown},
		{"wall clock", wall(six), worse(wall(six)), comparison.Ranks, comparison.Shown},
		{"wall clock, five runs", wall(sample.Side{Runs: 5}), worse(wall(six)), comparison.None, comparison.Unknown},
		{"wall clock, one run, the same seed", wall(one), worse(wall(one)), comparison.None, comparison.Unknown},
	} {
		c := compare(t, runs("a", test.base), runs("b", test.next))
		if c.Method != test.want {
			t.Errorf("%s: %s, expected %s", test.name, c.Method, test.want)
		}
		f := find(t, c, refused)
		if f.Finding != test.finding {
			t.Errorf("%s: the share of refusals %s, expected %s (p = %v)", test.name, f.Finding, test.finding, f.P)
		}
		if regressed := len(c.Regressions()) > 0; regressed != f.Told() {
			t.Errorf("%s: a regression is %v, and a difference to rely on is %v", test.name, regressed, f.Told())
		}
		if (c.Refusal != "") != (test.want == comparison.None) || (f.P != nil) != (f.Finding == comparison.Shown || f.Finding == comparison.NotShown) {
			t.Errorf("%s: refusal %q, p %v", test.name, c.Refusal, f.P)
		}
	}
}

func TestSameIsNoDifference(t *testing.T) {
	for _, n := range []int{1, 4} {
		c := compare(t, runs("a", sample.Side{Runs: n, Seed: 5}), runs("b", sample.Side{Runs: n, Seed: 5}))
		headline, bad := c.Headline()
		if !c.Same || bad || c.Counts.Compared != 0 || c.Counts.Equal != c.Counts.Figures || !strings.HasPrefix(headline, "No difference:") {
			t.Errorf("%d runs: %q, %+v", n, headline, c.Counts)
		}
	}
}

// The interval of a figure is that of statistics, told as shares of the base.
func TestIntervalsComeFromTheRuns(t *testing.T) {
	base, next := runs("a", sample.Side{Runs: 7, Seed: 1}), runs("b", sample.Side{Runs: 7, Seed: 1, Worse: 0.2})
	slices.Reverse(next) // the order of directories pairs nothing: seeds do
	value := func(all []comparison.Run) []float64 {
		var values []float64
		for _, run := range all {
			v, _ := sim.Figure(run.Result, refused)
			values = append(values, v)
		}
		return values
	}
	f := find(t, compare(t, base, next), refused)
	slices.Reverse(next)
	want, err := statistics.Paired(value(base), value(next))
	if err != nil {
		t.Fatal(err)
	}
	if *f.Low != want.Relative.Low || *f.High != want.Relative.High || *f.Relative != want.Relative.Value || *f.P != want.P || f.Change != want.By.Value {
		t.Errorf("%+v, expected %+v", f, want)
	}
	if *f.Low > 0.2 || *f.High < 0.2 || *f.Low <= 0 {
		t.Errorf("from %g to %g: expected 0.2 within, and 0 not", *f.Low, *f.High)
	}
}

// combined makes one result of the runs of a side, as its replicas: with what each of them measured, or with means and intervals alone.
func combined(name string, all []comparison.Run, each bool) []comparison.Run {
	result := *all[0].Result
	result.Replicas, result.Replicates = len(all), map[string]sim.Replicate{}
	values := map[string][]float64{}
	for _, run := range all {
		sim.EachFigure(run.Result, func(path string, v float64) { values[path] = append(values[path], v) })
	}
	for path, v := range values {
		s := statistics.Of(v)
		low, high := s.Interval()
		result.Replicates[path] = sim.Replicate{Mean: s.Mean, Low: low, High: high, N: s.N}
		if slices.Min(v) == slices.Max(v) || s.N < len(all) {
			delete(values, path)
		}
	}
	if each {
		result.EachReplica = values
	}
	return []comparison.Run{{Directory: name, Result: &result}}
}

// A result of several replicas that has means with intervals says as much as the runs themselves say unpaired.
func TestMeansSayWhatTheirRunsSay(t *testing.T) {
	a, b := runs("a", sample.Side{Runs: 5, Seed: 1}), runs("b", sample.Side{Runs: 6, Seed: 50, Worse: 0.3})
	apart := find(t, compare(t, a, b), refused)
	for _, c := range []*comparison.Comparison{
		compare(t, combined("a", a, false), combined("b", b, false)),
		compare(t, combined("a", a, true), combined("b", b, true)),
		compare(t, a, combined("b", b, false)),
		compare(t, slices.Concat(combined("a", a[:3], false), a[3:]), b),
	} {
		f := find(t, c, refused)
		if c.Method != comparison.Independent || math.Abs(*f.Low-*apart.Low) > 1e-6 || math.Abs(*f.P-*apart.P) > 1e-6 || c.Base.Runs != 5 || c.New.Runs != 6 {
			t.Errorf("%s: from %g, p = %g; the runs themselves: from %g, p = %g", c.Method, *f.Low, *f.P, *apart.Low, *apart.P)
		}
	}
	same := compare(t, combined("a", a, false), combined("again", a, false))
	if !same.Same || same.Counts.Compared != 0 {
		t.Errorf("the same replicas: same is %v, %+v", same.Same, same.Counts)
	}
}

// Replicas that are known one by one are paired as runs of their seeds are, in whatever directories they lie.
func TestReplicasArePaired(t *testing.T) {
	a, b := runs("a", sample.Side{Runs: 6, Seed: 1}), runs("b", sample.Side{Runs: 6, Seed: 1, Worse: 0.1})
	b[2].Result.Pending = nil // of what one replica has no sample nothing is said
	apart := compare(t, a, b)
	for name, c := range map[string]*comparison.Comparison{
		"two results":                 compare(t, combined("a", a, true), combined("b", b, true)),
		"a result and six runs":       compare(t, combined("a", a, true), b),
		"results of three, backwards": compare(t, slices.Concat(combined("a4", a[3:], true), combined("a1", a[:3], true)), combined("b", b, true)),
	} {
		if c.Method != comparison.Paired || c.Base.Runs != 6 || c.Counts != apart.Counts {
			t.Errorf("%s: %s of %d runs with %+v, expected what six runs a side say, %+v", name, c.Method, c.Base.Runs, c.Counts, apart.Counts)
		}
		for _, want := range apart.Figures {
			if got := find(t, c, want.Path); *got.P != *want.P || got.Change != want.Change || *got.From != *want.From {
				t.Errorf("%s: %s is %+v, and by six runs a side %+v", name, want.Path, got, want)
			}
		}
	}
	mixed := compare(t, combined("a", a, true), combined("b", b, false))
	if mixed.Method != comparison.Independent || !slices.ContainsFunc(mixed.Notes, func(note string) bool { return strings.Contains(note, "means of its replicas alone") }) {
		t.Errorf("against means alone: %s, %q", mixed.Method, mixed.Notes)
	}
}

// What all replicas have in common, such as luck with their people, is not between two policies: their differences vary less than they do.
func TestPairingNarrowsTheInterval(t *testing.T) {
	side := func(name string, seed uint64, means ...float64) []comparison.Run {
		all := runs(name, sample.Side{Runs: len(means), Seed: seed})
		for i, mean := range means {
			all[i].Result.Pending.Mean = mean
		}
		return combined(name, all, true)
	}
	base := side("a", 1, 10, 20, 30, 40)
	paired := find(t, compare(t, base, side("b", 1, 11, 22, 31, 42)), "pending.mean")
	unpaired := find(t, compare(t, base, side("b", 9, 11, 22, 31, 42)), "pending.mean")
	near := func(got, want float64) bool { return math.Abs(got-want) < 1e-3 }
	// By hand: the differences 1, 2, 1, 2 have the deviation 0.57735, and t with 3 degrees of freedom is 3.18245. Without pairs the variances
	// of the means, 41.667 and 43.417, add up, and t with 5.998 degrees is 2.4472.
	if !near(paired.Change, 1.5) || !near(*paired.From, 0.58131) || !near(*paired.To, 2.41869) {
		t.Errorf("paired: %g, from %g to %g; expected 1.5, from 0.58131 to 2.41869", paired.Change, *paired.From, *paired.To)
	}
	if !near(unpaired.Change, 1.5) || !near(*unpaired.From, 1.5-22.5736) || !near(*unpaired.To, 1.5+22.5736) {
		t.Errorf("unpaired: %g, from %g to %g; expected 1.5 ± 22.5736", unpaired.Change, *unpaired.From, *unpaired.To)
	}
}

func TestWhatCannotBeCompared(t *testing.T) {
	change := func(name string, with func(*sim.Result)) []comparison.Run {
		all := runs(name, sample.Side{Runs: 1, Seed: 1})
		with(all[0].Result)
		return all
	}
	for want, with := range map[string]func(*sim.Result){
		"members 1\u2009200 and 7":             func(r *sim.Result) { r.Members = 7 },
		"duration 8 weeks and 9 weeks":         func(r *sim.Result) { r.DurationS = 9 * 7 * 86400 },
		"warm-up 1 week and 1 day":             func(r *sim.Result) { r.WarmupS = 86400 },
		"clock virtual and wall":               func(r *sim.Result) { r.Clock = "wall" },
		"speed 0 and 60":                       func(r *sim.Result) { r.Speed = 60 },
		"latencies none and measured":          func(r *sim.Result) { r.LatencySource = "measured" },
		"the run of b/1 was interrupted":       func(r *sim.Result) { r.Interrupted = true },
		"the run of b/1 stopped early, as a t": func(r *sim.Result) { r.Thresholds = []sim.Verdict{{Verdict: "fail", Aborted: true}} },
		"populations (casual: 1\u2009000, rec": func(r *sim.Result) { delete(r.MembersBy, "casual") },
	} {
		_, err := comparison.Compare(runs("a", sample.Side{Runs: 1, Seed: 1}), change("b", with), nil)
		var different *comparison.DifferentError
		if !errors.As(err, &different) || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "a/1 and b/1 cannot be compared: ") {
			t.Errorf("got %v, expected %q", err, want)
		}
	}
	twice := append(runs("a", sample.Side{Runs: 2, Seed: 1}), runs("again", sample.Side{Runs: 1, Seed: 2})...)
	if _, err := comparison.Compare(twice, twice, nil); err == nil || !strings.Contains(err.Error(), "a/2 and again/1 cannot be compared: both ran seed 2") {
		t.Errorf("a seed twice on a side: %v", err)
	}
	mixed := append(runs("a", sample.Side{Runs: 1, Seed: 1}), runs("b", sample.Side{Runs: 1, Seed: 2, Limit: "50"})...)
	if _, err := comparison.Compare(mixed, mixed, nil); err == nil || !strings.Contains(err.Error(), "their policies differ") {
		t.Errorf("two policies on a side: %v", err)
	}
}

// What was compared in one go decides what it takes to be shown: figures that are named beforehand are a group of their own.
func TestNamedFiguresAreAGroupOfTheirOwn(t *testing.T) {
	base, next := runs("a", sample.Side{Runs: 6, Seed: 1}), runs("b", sample.Side{Runs: 6, Seed: 200})
	all := find(t, compare(t, base, next), "turns.planned")
	named := find(t, compare(t, base, next, "turns.planned +50%"), "turns.planned")
	if first := compare(t, base, next, "turns.planned +50%").Figures[0]; first.Path != "turns.planned" {
		t.Errorf("first stands %s, and not what is named", first.Path)
	}
	if *named.Adjusted != *named.P || *all.Adjusted <= *all.P {
		t.Errorf("p = %g becomes %g alone and %g among others", *all.P, *named.Adjusted, *all.Adjusted)
	}
}

func TestOrder(t *testing.T) {
	c := compare(t, runs("a", sample.Side{Runs: 6, Seed: 1}), runs("b", sample.Side{Runs: 6, Seed: 1, Worse: 0.5}))
	if c.Figures[0].Path != refused || !c.Figures[0].Regress {
		t.Errorf("first stands %s, expected %s", c.Figures[0].Path, refused)
	}
	told := true
	for _, f := range c.Figures {
		if f.Told() && !told {
			t.Errorf("%s stands behind figures without a difference to rely on", f.Path)
		}
		told = f.Told()
	}
	rows, hidden := c.Rows()
	for _, row := range rows {
		if row.Path == "limits.rate_limited.hits" {
			t.Error("the table says the same twice: hits, and the share of refusals")
		}
	}
	if shown := slices.IndexFunc(rows, func(f comparison.Figure) bool { return !f.Told() }); hidden+shown != c.Counts.Shown && shown >= 0 {
		t.Errorf("%d rows and %d more, of %d", shown, hidden, c.Counts.Shown)
	}
}

func TestNotes(t *testing.T) {
	side := sample.Side{Runs: 1, Seed: 1}
	for want, with := range map[string]func(*sim.Result){
		"the scenarios have different names: busy-spring and summer":                                     func(r *sim.Result) { r.Scenario.Name = "summer" },
		"the scenarios differ in more than the policy: their digests are not the same":                   func(r *sim.Result) { r.Scenario.Digest = "other" },
		"the runs start at different dates: 2026-01-05T00:00:00Z and 2027":                               func(r *sim.Result) { r.Start = "2027" },
		"the histories are the same, command by command, so the figures were measured in different ways": func(r *sim.Result) { r.Turns.Planned++ },
		"4 figures with a sample on one side only": func(r *sim.Result) {
			r.Response = map[string]*sim.ResponseFigures{"accept": {Count: 5, MeanS: 3}}
		},
	} {
		next := runs("b", side)
		with(next[0].Result)
		c := compare(t, runs("a", side), next)
		if !slices.ContainsFunc(c.Notes, func(note string) bool { return strings.HasPrefix(note, want) }) {
			t.Errorf("notes %q, expected %q", c.Notes, want)
		}
	}
}

// Under the same policy the same happens; where it does not, what happens is told seed by seed.
func TestComparePolicies(t *testing.T) {
	candidate := func(name string, worse float64, limit string) comparison.Candidate {
		return comparison.Candidate{Name: name, Replicas: sample.Side{Runs: 6, Seed: 1, Worse: worse, Limit: limit}.Make()}
	}
	p, err := comparison.ComparePolicies([]comparison.Candidate{candidate("a", 0, "100"), candidate("again", 0, "100"), candidate("b", 0.01, "90")})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(p.Figures, func(r comparison.PolicyRow) bool { return r.Path == refused })
	values := p.Figures[i].Values
	if values[0].Finding != "" || values[1].Finding != "" || *values[1].Mean != *values[0].Mean || values[2].Finding == "" || *values[2].P > 1 {
		t.Errorf("the share of refusals: %+v", values)
	}
	if !slices.ContainsFunc(p.Notes, func(note string) bool {
		return strings.HasPrefix(note, "under again nothing happens that does not under a")
	}) {
		t.Errorf("notes %q say nothing of the same histories", p.Notes)
	}
	if got := p.Policies[2].Differs; len(got) != 1 || got[0] != (comparison.Setting{Path: "weekly_limit.count", Base: "100", New: "90"}) {
		t.Errorf("b differs in %v", got)
	}
	for _, row := range p.Populations {
		if row.Who == "" {
			t.Errorf("%s is of nobody", row.Path)
		}
	}
}

// A figure of a part of the run has a name, a unit and a direction like that of the whole, which is what people look at first; an allowance can be
// about it.
func TestFiguresOfWindows(t *testing.T) {
	side := func(accepted uint64, p50 int64) []comparison.Run {
		all := runs("side", sample.Side{Runs: 1, Seed: 1})
		response := map[string]*sim.ResponseFigures{"accept": {Count: 9, P50S: p50}}
		all[0].Result.Windows = map[string]*sim.Window{"2w..4w": {
			Figures: sim.Figures{Invitations: sim.Invitations{Accepted: accepted}, Response: response},
		}}
		return all
	}
	const accepted = "windows.2w..4w.invitations.accepted"
	c := compare(t, side(100, 36_000), side(90, 72_000))
	if f := find(t, c, accepted); f.Label() != "invitations accepted, from 2w to 4w" || !f.Regress {
		t.Errorf("found %q, regression %v", f.Label(), f.Regress)
	}
	f := find(t, c, "windows.2w..4w.response.accept.p50")
	if base, next := f.Values(); base != "10 h" || next != "20 h" {
		t.Errorf("found %s and %s, expected hours", base, next)
	}
	if f := find(t, compare(t, side(100, 0), side(90, 0), accepted+" -11"), accepted); f.Regress {
		t.Error("found a regression within what is allowed")
	}
}
