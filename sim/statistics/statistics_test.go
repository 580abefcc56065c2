package statistics

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func near(a, b, within float64) bool { return math.Abs(a-b) <= within }

// sleepA and sleepB are the hours of sleep that two drugs gave ten people: the data on which Student showed his test in 1908.
func sleepA() []float64 { return []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0} }
func sleepB() []float64 { return []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4} }

func TestStudentsSleep(t *testing.T) {
	paired, err := Paired(sleepA(), sleepB())
	if err != nil || !near(paired.By.Value, 1.58, 1e-9) || !near(paired.By.Low, 0.7001142, 1e-6) || !near(paired.By.High, 2.4598858, 1e-6) || !near(paired.P, 0.002833, 1e-6) {
		t.Errorf("paired: %+v, %v; expected 1.58 from 0.7001 to 2.4599, p = 0.002833", paired, err)
	}
	welch, err := Independent(Of(sleepA()), Of(sleepB()))
	if err != nil || !near(welch.By.Low, -0.2054832, 1e-6) || !near(welch.By.High, 3.3654832, 1e-6) || !near(welch.P, 0.07939, 1e-5) {
		t.Errorf("independent: %+v, %v; expected 1.58 from -0.2055 to 3.3655, p = 0.07939", welch, err)
	}
	if !near(paired.Relative.Value, 1.58/0.75, 1e-9) || !math.IsInf(paired.Relative.High, 1) {
		t.Errorf("relative: %+v; expected %g without a bound, as the base may be 0", paired.Relative, 1.58/0.75)
	}
}

// Fieller's interval is where the test of next − q·base does not reject, for every quotient q.
func TestRelativeIsWhereTheTestHolds(t *testing.T) {
	base, next := []float64{98, 104, 101, 95, 103, 99}, []float64{109, 118, 110, 104, 115, 108}
	c, err := Paired(base, next)
	if err != nil {
		t.Fatal(err)
	}
	for _, bound := range []float64{c.Relative.Low, c.Relative.High} {
		scaled := make([]float64, len(base))
		for i := range base {
			scaled[i] = base[i] * (1 + bound)
		}
		if at, _ := Paired(scaled, next); !near(at.P, 0.05, 1e-6) {
			t.Errorf("at the bound %g the test says p = %g, expected 0.05", bound, at.P)
		}
	}
}

func TestWithoutSpread(t *testing.T) {
	three := []float64{3, 3, 3}
	if c, _ := Paired(three, three); c.P != 1 || c.By != (Estimate{}) || c.Relative != (Estimate{}) {
		t.Errorf("equal values: %+v, expected no change and p = 1", c)
	}
	c, _ := Independent(Of(three), Of([]float64{6, 6}))
	if c.P != 0 || c.By != (Estimate{3, 3, 3}) || !near(c.Relative.Low, 1, 1e-12) || !near(c.Relative.High, 1, 1e-12) {
		t.Errorf("from 3 to 6: %+v, expected 100 %% exactly", c)
	}
	if c, _ := Paired([]float64{0, 0}, []float64{1, 2}); !math.IsNaN(c.Relative.Value) || c.By.Value != 1.5 {
		t.Errorf("from nothing: %+v, expected 1.5 more and no quotient", c)
	}
}

func TestTooFew(t *testing.T) {
	one, five := []float64{1}, []float64{1, 2, 3, 4, 5}
	var few *FewError
	if _, err := Paired(one, one); !errors.As(err, &few) || *few != (FewError{1, 2}) {
		t.Errorf("one pair: %v", err)
	}
	if _, err := Independent(Of(five), Of(one)); !errors.As(err, &few) || *few != (FewError{1, 2}) {
		t.Errorf("one value: %v", err)
	}
	if _, err := Ranked(five, append(five, 6)); !errors.As(err, &few) || *few != (FewError{5, 6}) {
		t.Errorf("five values: %v", err)
	}
}

func TestSamplesPoolAndComeBack(t *testing.T) {
	all := Of(sleepA())
	low, high := all.Interval()
	if !near(low, -0.5297804, 1e-6) || !near(high, 2.0297804, 1e-6) {
		t.Errorf("interval %g to %g, expected -0.5298 to 2.0298", low, high)
	}
	back := OfInterval(all.Mean, low, high, all.N)
	parts := Pool([]Sample{Of(sleepA()[:3]), Of(sleepA()[3:4]), {}, Of(sleepA()[4:])})
	for _, s := range []Sample{back, parts} {
		if s.N != all.N || !near(s.Mean, all.Mean, 1e-12) || !near(s.Variance, all.Variance, 1e-8) {
			t.Errorf("%+v, expected %+v", s, all)
		}
	}
}

// Critical values of tables: the greatest count that a test at 5 % rejects.
func TestCriticalCounts(t *testing.T) {
	for _, c := range []struct{ m, n, want int }{{6, 6, 5}, {6, 8, 8}, {7, 7, 8}, {8, 8, 13}, {10, 10, 23}, {9, 15, 34}, {20, 20, 127}} {
		if got := outsideInterval(c.m, c.n); got != c.want {
			t.Errorf("%d and %d values: %d, a table says %d", c.m, c.n, got, c.want)
		}
	}
}

func TestMannWhitneyKnown(t *testing.T) {
	// Two samples apart: 1 of 924 orders of twelve values, on either side.
	u, p := mannWhitney([]float64{1, 2, 3, 4, 5, 6}, []float64{7, 8, 9, 10, 11, 12})
	if u != 36 || !near(p, 2.0/924, 1e-9) {
		t.Errorf("u = %g, p = %g, expected 36 and %g", u, p, 2.0/924)
	}
	// Student's sleep has equal values.
	u, p = mannWhitney(sleepA(), sleepB())
	if u != 74.5 || !near(p, 0.06933, 1e-5) {
		t.Errorf("u = %g, p = %g, expected 74.5 and 0.06933", u, p)
	}
	if _, p = mannWhitney([]float64{5, 5, 5}, []float64{5, 5}); p != 1 {
		t.Errorf("of nothing but equal values p = %g, expected 1", p)
	}
}

// permuted is the slow twin of mannWhitney: it counts all ways to take so many of all values out.
func permuted(base, next []float64) float64 {
	all := slices.Concat(base, next)
	count := func(chosen uint) float64 {
		u := 0.0
		for i := range all {
			for j := range all {
				if chosen>>i&1 == 1 && chosen>>j&1 == 0 && all[i] > all[j] {
					u++
				}
			}
		}
		return u
	}
	observed := count((1<<len(next) - 1) << len(base))
	middle := float64(len(base)*len(next)) / 2
	as, ways := 0.0, 0.0
	for chosen := range uint(1) << len(all) {
		ones := 0
		for i := range all {
			ones += int(chosen >> i & 1)
		}
		if ones != len(next) {
			continue
		}
		ways++
		if math.Abs(count(chosen)-middle) >= math.Abs(observed-middle) {
			as++
		}
	}
	return as / ways
}

func TestMannWhitneyAgainstPermutations(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		base, next := make([]float64, 1+random.IntN(6)), make([]float64, 1+random.IntN(6))
		for i := range base {
			base[i] = random.Float64()
		}
		for i := range next {
			next[i] = random.Float64() * 1.3
		}
		if _, p := mannWhitney(base, next); !near(p, permuted(base, next), 1e-9) {
			t.Fatalf("%v against %v: p = %g, permutations say %g", base, next, p, permuted(base, next))
		}
	}
}

// The normal distribution takes over where counting ends: the two meet.
func TestMannWhitneyMeetsTheNormal(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	base, next := make([]float64, 30), make([]float64, 30)
	for i := range base {
		base[i], next[i] = random.NormFloat64(), random.NormFloat64()+0.5
	}
	u, exact := mannWhitney(base, next)
	if normal := byNormal(u, 30, 30, 0); exact < 1e-4 || !near(normal/exact, 1, 0.2) {
		t.Errorf("p = %g exactly, %g by the normal distribution", exact, normal)
	}
}

func TestRankedAgreesWithItsTest(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	told := 0
	for range 300 {
		base, next := make([]float64, 6+random.IntN(4)), make([]float64, 6+random.IntN(4))
		for i := range base {
			base[i] = 1 + random.ExpFloat64()
		}
		for i := range next {
			next[i] = (1 + random.ExpFloat64()) * 1.4
		}
		c, err := Ranked(base, next)
		if err != nil {
			t.Fatal(err)
		}
		shown := c.P <= 0.05
		if without := c.Relative.Low > 0 || c.Relative.High < 0; without != shown || (c.By.Low > 0 || c.By.High < 0) != shown {
			t.Fatalf("p = %g, and the intervals are %+v and %+v", c.P, c.Relative, c.By)
		}
		if shown {
			told++
		}
	}
	if told < 30 || told > 270 {
		t.Errorf("%d of 300 changes shown: the test says nothing about the intervals", told)
	}
}

// Of a thousand comparisons the interval leaves the truth out in about fifty.
func TestIntervalsHoldWhatTheySay(t *testing.T) {
	const trials, n, truth = 1000, 7, 0.2
	random := rand.New(rand.NewPCG(7, 8))
	var left [3]int
	for range trials {
		base, next, apart := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range base {
			common := random.NormFloat64() * 20
			base[i] = 100 + common + random.NormFloat64()*5
			next[i] = (1 + truth) * (100 + common + random.NormFloat64()*5)
			apart[i] = (1 + truth) * (100 + random.NormFloat64()*20)
		}
		paired, _ := Paired(base, next)
		welch, _ := Independent(Of(base), Of(apart))
		ranked, _ := Ranked(base, apart)
		for k, c := range []Change{paired, welch, ranked} {
			if c.Relative.Low > truth || c.Relative.High < truth {
				left[k]++
			}
		}
	}
	for k, name := range []string{"paired", "independent", "ranked"} {
		if left[k] < 20 || left[k] > 75 {
			t.Errorf("%s: the interval is without the truth in %d of %d, expected about 50", name, left[k], trials)
		}
	}
}

func TestAdjusted(t *testing.T) {
	got := Adjusted([]float64{0.01, 0.04, 0.03, 0.005, 0.9})
	want := []float64{0.025, 0.05, 0.05, 0.025, 0.9}
	for i := range want {
		if !near(got[i], want[i], 1e-9) {
			t.Fatalf("%v, expected %v", got, want)
		}
	}
	if len(Adjusted(nil)) != 0 {
		t.Error("something of nothing")
	}
	// Where nothing changed, one family in twenty has a false alarm.
	random := rand.New(rand.NewPCG(9, 10))
	alarms := 0
	for range 2000 {
		p := make([]float64, 50)
		for i := range p {
			p[i] = random.Float64()
		}
		if slices.Min(Adjusted(p)) <= 0.05 {
			alarms++
		}
	}
	if alarms < 60 || alarms > 140 {
		t.Errorf("%d alarms in 2000 families in which nothing changed, expected about 100", alarms)
	}
}
