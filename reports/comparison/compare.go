package comparison

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
	"invitesim/sim/statistics"
)

// significant is how probable a difference may be by chance and still be shown.
const significant = 0.05

// Compare holds two sides against each other, each of at least one run. The error is a *DifferentError where the runs measured different things,
// and an *AllowanceError where an allowance does not fit them.
func Compare(base, next []Run, allowances []Allowance) (*Comparison, error) {
	base, next = slices.Clone(base), slices.Clone(next)
	if err := checkRuns(base, next); err != nil {
		return nil, err
	}
	c := &Comparison{Schema: Schema, Base: newSide(base), New: newSide(next)}
	c.Settings = settingsThatDiffer(base[0].Result, next[0].Result)
	m := choose(base, next, c)
	c.Same = sameHistories(base, next)
	if err := c.measure(base, next, m); err != nil {
		return nil, err
	}
	if err := c.checkAllowances(base, next, allowances); err != nil {
		return nil, err
	}
	for i := range allowances {
		c.Allowed = append(c.Allowed, allowances[i].Text)
	}
	c.adjust(allowances)
	for i := range c.Figures {
		judge(&c.Figures[i], allowances)
	}
	c.order()
	c.count()
	c.note(base[0].Result, next[0].Result)
	return c, nil
}

// AllowanceError says what is wrong with an allowance.
type AllowanceError struct {
	Reason  error
	NoValue bool // it names a figure of which a side has no sample
}

// Error is the reason.
func (e *AllowanceError) Error() string { return e.Reason.Error() }

// Unwrap returns the reason.
func (e *AllowanceError) Unwrap() error { return e.Reason }

// checkAllowances looks whether the figures that are named exist, and have been measured on both sides.
func (c *Comparison) checkAllowances(base, next []Run, allowances []Allowance) error {
	names := slices.Sorted(maps.Keys(base[0].Result.MembersBy))
	for i := range allowances {
		a := &allowances[i]
		if err := a.check(names); err != nil {
			return &AllowanceError{Reason: err}
		}
		for _, run := range slices.Concat(base, next) {
			if _, sample := sim.Figure(run.Result, a.path); a.literal && !sample {
				return &AllowanceError{fmt.Errorf("%q: %s has no sample of that figure", a.Text, run.Directory), true}
			}
		}
	}
	return nil
}

// choose picks what is fair to say of these runs.
func choose(base, next []Run, c *Comparison) Method {
	least := min(c.Base.Runs, c.New.Runs)
	summaries := slices.ContainsFunc(slices.Concat(base, next), func(r Run) bool { return r.meansAlone() })
	virtual := c.Base.Clock == "virtual"
	equalSeeds := slices.Equal(c.Base.Seeds, c.New.Seeds)
	c.Method = None
	switch {
	case virtual && equalSeeds && !summaries && least == 1:
		c.Method = Exact
	case virtual && equalSeeds && !summaries:
		c.Method = Paired
	case virtual && least >= 2:
		c.Method = Independent
	case virtual:
		c.Refusal = fmt.Sprintf("%s against %s of other seeds cannot tell a change from noise: expected equal seeds, or two runs a side or more",
			figure.Plural(uint64(c.Base.Runs), "run"), figure.Count(uint64(c.New.Runs)))
	case least < statistics.FewestRanked:
		c.Refusal = fmt.Sprintf("%s against %s by the wall clock cannot tell a change from noise: expected %d runs a side or more",
			figure.Plural(uint64(c.Base.Runs), "run"), figure.Count(uint64(c.New.Runs)), statistics.FewestRanked)
	case summaries:
		c.Method = Independent
	default:
		c.Method = Ranks
	}
	return c.Method
}

// sameHistories says whether the runs with the same seed did the same, command by command.
func sameHistories(base, next []Run) bool {
	if len(base) != len(next) {
		return false
	}
	for i := range base {
		x, y := base[i].Result, next[i].Result
		if x.Digest == "" || x.Digest != y.Digest || x.Seed != y.Seed || x.Replicas != y.Replicas || !maps.Equal(x.Replicates, y.Replicates) {
			return false
		}
	}
	return true
}

// measured is what a side has of one figure.
type measured struct {
	values []float64           // of each run and replica, in the order of their seeds, where they are known one by one
	means  []statistics.Sample // of the results that have means alone
	runs   int                 // results with a sample in each of their replicas
}

// add adds the figure of a run; value is that of its first replica.
func (m *measured) add(run Run, path string, value float64) {
	values, known := []float64{value}, true
	switch {
	case run.meansAlone():
		r := run.Result.Replicates[path]
		m.means = append(m.means, statistics.OfInterval(r.Mean, r.Low, r.High, r.N))
		m.runs++
		return
	case run.Result.Replicas > 1:
		values, known = run.Result.OfReplicas(path)
	}
	if known {
		m.values = append(m.values, values...)
		m.runs++
	}
}

// sample is that of all runs and replicas together.
func (m *measured) sample() statistics.Sample {
	if len(m.means) == 0 {
		return statistics.Of(m.values)
	}
	return statistics.Pool(append(slices.Clone(m.means), statistics.Of(m.values)))
}

// figuresOf collects all figures of a side, by path.
func figuresOf(runs []Run) map[string]*measured {
	all := map[string]*measured{}
	for _, run := range runs {
		sim.EachFigure(run.Result, func(path string, value float64) {
			if !strings.Contains(path, ".") {
				return // what ran, and not what came of it
			}
			if all[path] == nil {
				all[path] = new(measured)
			}
			all[path].add(run, path, value)
		})
	}
	return all
}

// measure compares every figure that all runs have.
func (c *Comparison) measure(base, next []Run, method Method) error {
	b, n := figuresOf(base), figuresOf(next)
	paths := maps.Clone(b)
	maps.Copy(paths, n)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		inBase, inNext := b[path] != nil && b[path].runs == len(base), n[path] != nil && n[path].runs == len(next)
		if !inBase || !inNext {
			if inBase != inNext {
				c.Counts.OneSided++
			}
			continue
		}
		c.Counts.Figures++
		x, y := b[path].sample(), n[path].sample()
		if slices.Equal(b[path].values, n[path].values) && x == y || sameEverywhere(x, y) {
			c.Counts.Equal++
			continue
		}
		f := newFigure(path, x.Mean, y.Mean)
		if err := f.estimate(method, b[path], n[path], x, y); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		c.Figures = append(c.Figures, f)
	}
	return nil
}

// sameEverywhere says whether all values of both samples are the same number, but for the rounding of their means.
func sameEverywhere(x, y statistics.Sample) bool {
	rounding := 1e-12 * max(math.Abs(x.Mean), math.Abs(y.Mean))
	return math.Abs(x.Mean-y.Mean) <= rounding && math.Sqrt(x.Variance+y.Variance) <= rounding
}

func newFigure(path string, base, next float64) Figure {
	f := Figure{Path: path, Base: base, New: next, Change: next - base, Worse: Direction(path), Finding: Unknown}
	f.Who, f.Name = figure.Name(path)
	window, _, own := figure.Split(path)
	f.inWindow = window != ""
	f.headline = isHeadline(own) && !f.inWindow
	if base != 0 {
		relative := f.relativeChange()
		f.Relative = &relative
	}
	return f
}

func (f *Figure) relativeChange() float64 { return f.Change / math.Abs(f.Base) }

// estimate fills in what the method says of a figure.
func (f *Figure) estimate(method Method, base, next *measured, x, y statistics.Sample) (err error) {
	var change statistics.Change
	switch method {
	case None:
		return nil
	case Exact:
		f.Finding = Differs
		return nil
	case Paired:
		change, err = statistics.Paired(base.values, next.values)
	case Ranks:
		f.Base, f.New = median(base.values), median(next.values)
		change, err = statistics.Ranked(base.values, next.values)
	default:
		change, err = statistics.Independent(x, y)
	}
	if err != nil {
		return err
	}
	f.Change, f.P, f.Finding = change.By.Value, &change.P, NotShown
	f.From, f.To = &change.By.Low, &change.By.High
	f.Relative = finite(change.Relative.Value)
	if low, high := finite(change.Relative.Low), finite(change.Relative.High); low != nil && high != nil {
		f.Low, f.High = low, high
	}
	return nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// finite returns a number, or nil where it is none.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// adjust decides which differences are shown, group by group: those that an allowance names, those of all members in the whole run that can get
// worse, the rest.
func (c *Comparison) adjust(allowances []Allowance) {
	var groups [3][]*Figure
	for i := range c.Figures {
		f := &c.Figures[i]
		f.named = slices.ContainsFunc(allowances, func(a Allowance) bool { return a.literal && a.path == f.Path })
		switch {
		case f.P == nil:
		case f.named:
			groups[0] = append(groups[0], f)
		case f.Worse != Neither && f.Who == "" && !f.inWindow:
			groups[1] = append(groups[1], f)
		default:
			groups[2] = append(groups[2], f)
		}
	}
	for _, group := range groups {
		p := make([]float64, len(group))
		for i, f := range group {
			p[i] = *f.P
		}
		for i, adjusted := range statistics.Adjusted(p) {
			group[i].Adjusted = &adjusted
			if adjusted <= significant {
				group[i].Finding = Shown
			}
		}
	}
}

// order puts figures that an allowance names before all others, then differences to rely on, and among those what people look at first, of
// all members, then what regressed, then the rest. Within each: regressions first, figures of all members before those of a population, the greatest change before the
// smaller.
func (c *Comparison) order() {
	slices.SortStableFunc(c.Figures, func(a, b Figure) int {
		return cmp.Or(
			-compareBools(a.named, b.named), -compareBools(a.Told(), b.Told()), -compareBools(a.tier() == 0, b.tier() == 0), -compareBools(a.Regress, b.Regress),
			cmp.Compare(a.tier(), b.tier()), -cmp.Compare(a.size(), b.size()), -cmp.Compare(math.Abs(a.Change), math.Abs(b.Change)),
			cmp.Compare(a.Path, b.Path),
		)
	})
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// tier is the lower, the sooner somebody wants to see the figure.
func (f *Figure) tier() int {
	tier := 0
	if !f.headline {
		tier++
	}
	if f.Who != "" {
		tier += 2
	}
	return tier
}

// size is by how much of the base a figure changed: beyond every number where it was nothing. Of shares, what is far below a tenth of a
// percentage point is small, whatever the base.
func (f *Figure) size() float64 {
	size := math.Inf(1)
	if f.Relative != nil {
		size = math.Abs(*f.Relative)
	}
	if strings.HasSuffix(f.Path, "share") {
		size = min(size, 1000*math.Abs(f.Change))
	}
	return size
}

func (c *Comparison) count() {
	c.Counts.Compared = len(c.Figures)
	for i := range c.Figures {
		if c.Figures[i].Told() {
			c.Counts.Shown++
		}
		if c.Figures[i].Regress {
			c.Counts.Regressions++
		}
	}
}

// note says what a reader has to beware of.
func (c *Comparison) note(base, next *sim.Result) {
	add := func(format string, values ...any) { c.Notes = append(c.Notes, fmt.Sprintf(format, values...)) }
	if c.Base.Scenario != c.New.Scenario {
		add("the scenarios have different names: %s and %s", c.Base.Scenario, c.New.Scenario)
	}
	if base.Seed == next.Seed && len(c.Settings) == 0 && c.Base.Scenario == c.New.Scenario && base.Scenario.Digest != next.Scenario.Digest {
		add("the scenarios differ in more than the policy: their digests are not the same")
	}
	if base.Start != next.Start {
		add("the runs start at different dates: %s and %s", base.Start, next.Start)
	}
	if c.Method == Independent && slices.Equal(c.Base.Seeds, c.New.Seeds) {
		add("the seeds are equal, but a result has the means of its replicas alone, which cannot be paired: run again, it would tell smaller differences")
	}
	if c.Method == Independent && !slices.Equal(c.Base.Seeds, c.New.Seeds) && min(c.Base.Runs, c.New.Runs) >= 2 {
		add("the seeds are not the same on both sides: equal ones would tell smaller differences")
	}
	if c.Same && c.Counts.Compared > 0 {
		add("the histories are the same, command by command, so the figures were measured in different ways")
	}
	if c.Counts.OneSided > 0 {
		add("%s on one side only", figure.Plural(uint64(c.Counts.OneSided), "figure")+" with a sample")
	}
}
