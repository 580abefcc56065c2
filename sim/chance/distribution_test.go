package chance

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
)

// must returns the value of a constructor that cannot fail here.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// examples are distributions of all families, mild and extreme.
var examples = sync.OnceValue(func() []*Distribution {
	return []*Distribution{
		must(Constant(3)),
		must(Uniform(-2, 5)),
		must(Exponential(72000)),
		must(Lognormal(72000, 1.6)),
		must(Lognormal(150, 0)),
		must(Lognormal(1, 6)),
		must(LognormalP99(0.002, 0.012)),
		must(Gamma(10, 0.05)),
		must(Gamma(10, 1)),
		must(Gamma(10, 2.5)),
		must(Gamma(10, 9000)),
		must(Weibull(5, 0.3)),
		must(Weibull(5, 4)),
		must(Pareto(1, 0.9)),
		must(Pareto(2, 2.5)),
		must(Geometric(1)),
		must(Geometric(6.5)),
		must(Empirical([]float64{5, 1, 3, 1}, []float64{2, 0.5, 1, 0.5})),
		must(Zeta(1.5)),
		must(Zeta(3)),
	}
})

// share returns the exact probability of a draw at or below x, written with package math where the family has a formula.
func share(text string, x float64) float64 {
	switch text {
	case "uniform(-2, 5)":
		return (x + 2) / 7
	case "exponential(mean 72000)":
		return -math.Expm1(-x / 72000)
	case "lognormal(median 72000, sigma 1.6)":
		return 0.5 * math.Erfc(-math.Log(x/72000)/1.6/math.Sqrt2)
	case "gamma(mean 10, shape 1)":
		return -math.Expm1(-x / 10)
	case "weibull(scale 5, shape 4)":
		return -math.Expm1(-math.Pow(x/5, 4))
	case "pareto(min 2, alpha 2.5)":
		return 1 - math.Pow(2/x, 2.5)
	}
	return math.NaN()
}

func TestQuantilesInvertTheirDistributions(t *testing.T) {
	checked := 0
	for _, d := range examples() {
		for _, u := range spread() {
			got := share(d.String(), d.Quantile(u))
			if math.IsNaN(got) {
				continue
			}
			checked++
			if math.Abs(got-u) > 1e-14 {
				t.Errorf("%s: below the quantile of %g are %g", d, u, got)
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d quantiles had a formula to compare with", checked)
	}
}

func TestWholeNumbersAndSteps(t *testing.T) {
	geometric := must(Geometric(4))
	for k := 1.0; k < 30; k++ {
		below := 1 - math.Pow(0.75, k)
		if got := geometric.Quantile(below - 1e-9); got != k {
			t.Errorf("geometric: the quantile of just below %g is %g, want %g", below, got, k)
		}
		if got := geometric.Quantile(below + 1e-9); got != k+1 {
			t.Errorf("geometric: the quantile of just above %g is %g, want %g", below, got, k+1)
		}
	}
	empirical := must(Empirical([]float64{5, 1, 3, 1, 9}, []float64{2, 0.5, 1, 0.5, 0}))
	for u, want := range map[float64]float64{1e-9: 1, 0.25: 1, 0.2501: 3, 0.5: 3, 0.5001: 5, 1 - 0x1p-53: 5} {
		if got := empirical.Draw(u); got != want {
			t.Errorf("empirical: the quantile of %g is %g, want %g", u, got, want)
		}
	}
}

// The weights of all numbers up to one are summed one by one, well beyond those that have a place in the table.
func TestZetaWeighsNumbers(t *testing.T) {
	for s, total := range map[float64]float64{1.5: 2.6123753486854883, 2: math.Pi * math.Pi / 6, 4: math.Pow(math.Pi, 4) / 90} {
		d, reached := must(Zeta(s)), 0.0
		for k := 1.0; k < 3*zetaHead; k++ {
			weight := math.Pow(k, -s)
			if below := (reached + 0.01*weight) / total; d.Quantile(below) != k && weight > 1e-9 {
				t.Fatalf("%s: the quantile of just above the share below %g is %g", d, k, d.Quantile(below))
			}
			if reached += weight; d.Quantile((reached-0.01*weight)/total) != k && weight > 1e-9 {
				t.Fatalf("%s: the quantile of just below the share up to %g is %g", d, k, d.Quantile((reached-0.01*weight)/total))
			}
		}
	}
	// Σ n^-1.5 over n > k is nearly 2/√(k+½).
	if got, want := must(Zeta(1.5)).Quantile(1-0x1p-40), math.Pow(2/(0x1p-40*2.6123753486854883), 2); math.Abs(got/want-1) > 1e-9 {
		t.Errorf("zipf(1.5): the quantile of 1-2^-40 is %g, want %g", got, want)
	}
	if got, want := must(Zeta(3)).Mean(), math.Pi*math.Pi/6/1.2020569031595942; math.Abs(got/want-1) > 1e-13 {
		t.Errorf("zipf(3): the mean is %g, want %g", got, want)
	}
}

func TestEmpiricalOfManyValues(t *testing.T) {
	values, weights, total := make([]float64, 5000), make([]float64, 5000), 0.0
	for i := range values {
		values[i] = float64(len(values) - i)
		weights[i] = 1 / values[i] / values[i]
		total += weights[i]
	}
	d := must(Empirical(values, weights))
	sum, k := 0.0, 0.0
	for u := 0.00005; u < 1; u += 0.0001 {
		for sum < u*total {
			k++
			sum += 1 / k / k
		}
		if got := d.Draw(u); got != k {
			t.Fatalf("the quantile of %g is %g, want %g", u, got, k)
		}
	}
}

// dense returns numbers within (0, 1), many in each halving toward either end.
func dense() []float64 {
	var us []float64
	for octave := -53; octave < 0; octave++ {
		for i := range 40 {
			u := math.Ldexp(1+(float64(i)+0.37)/40, octave-1)
			us = append(us, u, 1-u)
		}
	}
	return us
}

func TestDrawsAreCloseToTheQuantileAndInOrder(t *testing.T) {
	for _, d := range examples() {
		worst := 0.0
		for _, u := range dense() {
			if u >= 1 {
				continue
			}
			got, want := d.Draw(u), d.Quantile(u)
			if got != want {
				worst = max(worst, math.Abs(got-want)/math.Abs(want))
			}
			if (u < 0x1p-18 || u > 1-0x1p-18) && got != want {
				t.Fatalf("%s: the draw of %g in the tail is %g, want %g exactly", d, u, got, want)
			}
		}
		if worst > 1.1*accuracy {
			t.Errorf("%s: a draw is %.2g from its quantile, relative to it", d, worst)
		}
		last := math.Inf(-1)
		for i := 1; i < 100_000; i++ {
			x := d.Draw(float64(i) / 100_000)
			if x < last {
				t.Fatalf("%s: the draw of %g is %g, below the one before, %g", d, float64(i)/100_000, x, last)
			}
			last = x
		}
	}
}

// The mean has to be what the quantiles average to; the sum runs over dense cells, so that tails count.
func TestMeans(t *testing.T) {
	for _, d := range examples() {
		if math.IsInf(d.Mean(), 1) != (d.String() == "pareto(min 1, alpha 0.9)" || d.String() == "zipf(1.5)") {
			t.Errorf("%s: the mean is %g", d, d.Mean())
		}
		if math.IsInf(d.Mean(), 1) || strings.Contains(d.String(), "sigma 6") || strings.Contains(d.String(), "shape 9000") || strings.HasPrefix(d.String(), "pareto") {
			continue
		}
		sum := 0.0
		for octave := -40; octave < 0; octave++ {
			const parts = 60
			for i := range parts {
				width := math.Ldexp(1.0/parts, octave-1)
				u := math.Ldexp(1+(float64(i)+0.5)/parts, octave-1)
				sum += width * d.Quantile(u)
				if u > 0x1p-53 {
					sum += width * d.Quantile(1-u)
				}
			}
		}
		if math.Abs(sum/d.Mean()-1) > 1e-3 {
			t.Errorf("%s: the mean is %g, but the quantiles average to %g", d, d.Mean(), sum)
		}
	}
	if got, want := must(Pareto(2, 2.5)).Mean(), 2*2.5/1.5; math.Abs(got-want) > 1e-15*want {
		t.Errorf("pareto: the mean is %g, want %g", got, want)
	}
	if got, want := must(Lognormal(1, 6)).Mean(), math.Exp(18); math.Abs(got/want-1) > 1e-14 {
		t.Errorf("lognormal: the mean is %g, want %g", got, want)
	}
}

func TestLognormalP99MeetsBothOfItsParameters(t *testing.T) {
	for _, p99 := range []float64{2, 2.1, 6, 12, 29.9} {
		d := must(LognormalP99(2, p99))
		if math.Abs(d.Mean()/2-1) > 1e-13 || math.Abs(d.Quantile(0.99)/p99-1) > 1e-13 {
			t.Errorf("%s has mean %g and p99 %g", d, d.Mean(), d.Quantile(0.99))
		}
	}
}

func TestTextIsCanonical(t *testing.T) {
	want := []string{
		"constant(3)", "uniform(-2, 5)", "exponential(mean 72000)", "lognormal(median 72000, sigma 1.6)",
		"lognormal(median 150, sigma 0)", "lognormal(median 1, sigma 6)", "lognormal(mean 0.002, p99 0.012)",
		"gamma(mean 10, shape 0.05)", "gamma(mean 10, shape 1)", "gamma(mean 10, shape 2.5)", "gamma(mean 10, shape 9000)",
		"weibull(scale 5, shape 0.3)", "weibull(scale 5, shape 4)", "pareto(min 1, alpha 0.9)", "pareto(min 2, alpha 2.5)",
		"geometric(mean 1)", "geometric(mean 6.5)", "empirical(1 1, 3 1, 5 2)", "zipf(1.5)", "zipf(3)",
	}
	for i, d := range examples() {
		if d.String() != want[i] {
			t.Errorf("got %s, want %s", d, want[i])
		}
		for j, other := range examples() {
			if d.Equal(other) != (i == j) {
				t.Errorf("%s and %s: Equal is wrong", d, other)
			}
		}
	}
	var none *Distribution
	if none.Equal(examples()[0]) || examples()[0].Equal(none) || !none.Equal(nil) {
		t.Error("nil equals something else than nil")
	}
}

func TestBadParameters(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	bad := func(f func(a, b float64) (*Distribution, error), pairs ...[2]float64) {
		t.Helper()
		for _, p := range pairs {
			if d, err := f(p[0], p[1]); err == nil || d != nil {
				t.Errorf("%v made %v without an error", p, d)
			}
		}
	}
	one := func(f func(a float64) (*Distribution, error)) func(a, b float64) (*Distribution, error) {
		return func(a, _ float64) (*Distribution, error) { return f(a) }
	}
	bad(one(Constant), [2]float64{nan}, [2]float64{inf})
	bad(Uniform, [2]float64{2, 1}, [2]float64{nan, 1}, [2]float64{0, nan}, [2]float64{-inf, 0}, [2]float64{-1.7e308, 1.7e308})
	bad(one(Exponential), [2]float64{0}, [2]float64{-1}, [2]float64{nan}, [2]float64{inf}, [2]float64{1e308})
	bad(Lognormal, [2]float64{0, 1}, [2]float64{1, -1}, [2]float64{1, nan}, [2]float64{1, 100})
	bad(LognormalP99, [2]float64{0, 1}, [2]float64{2, 1}, [2]float64{1, 15}, [2]float64{1, nan}, [2]float64{nan, 1}, [2]float64{1, inf})
	bad(Gamma, [2]float64{0, 1}, [2]float64{1, 0}, [2]float64{1, 1e5}, [2]float64{1, nan})
	bad(Weibull, [2]float64{0, 1}, [2]float64{1, 0}, [2]float64{1, 1e5}, [2]float64{nan, 1})
	bad(Pareto, [2]float64{0, 1}, [2]float64{1, 0}, [2]float64{1, 0.01}, [2]float64{1, nan})
	bad(one(Geometric), [2]float64{0.99}, [2]float64{nan}, [2]float64{inf})
	bad(one(Zeta), [2]float64{1}, [2]float64{1.05}, [2]float64{101}, [2]float64{nan})
	bad(func(a, b float64) (*Distribution, error) { return Empirical([]float64{1, a}, []float64{1, b}) },
		[2]float64{nan, 1}, [2]float64{1, -1}, [2]float64{1, nan}, [2]float64{inf, 1}, [2]float64{1, inf})
	bad(func(a, b float64) (*Distribution, error) { return Empirical([]float64{1, a}, []float64{b}) }, [2]float64{1, 1})
	bad(func(a, b float64) (*Distribution, error) { return Empirical([]float64{a, b}, []float64{0, 0}) }, [2]float64{1, 1})
	bad(func(_, _ float64) (*Distribution, error) { return Empirical(nil, nil) }, [2]float64{})
}

func BenchmarkDraw(b *testing.B) {
	s := NewStream(1, "regular", Sending)
	for _, d := range examples() {
		b.Run(fmt.Sprintf("distribution=%s", strings.ReplaceAll(d.String(), " ", "_")), func(b *testing.B) {
			n, sum := uint64(0), 0.0
			for b.Loop() {
				sum += d.Draw(unit(s.Bits(n)))
				n++
			}
			if math.IsNaN(sum) {
				b.Fatal("a draw is not a number")
			}
		})
	}
}
