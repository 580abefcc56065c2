package chance

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// units returns how many units in the last place of want two numbers are apart.
func units(got, want float64) float64 {
	if got == want || math.IsNaN(got) && math.IsNaN(want) {
		return 0
	}
	return math.Abs(got-want) / (math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want))
}

const digits = 200 // bits of the slow twins, which package math is not: its exp is off by more than ours on some processors

// slowExp returns e^x by a power series, for x from -750 to 750.
func slowExp(x *big.Float) *big.Float {
	const halvings = 30
	small := new(big.Float).SetMantExp(x, -halvings)
	sum, term := big.NewFloat(1).SetPrec(digits), big.NewFloat(1).SetPrec(digits)
	for k := int64(1); k < 30; k++ {
		term.Mul(term, small)
		term.Quo(term, new(big.Float).SetInt64(k))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// slowLog returns log x by two steps of Halley's method from what package math has.
func slowLog(x *big.Float) *big.Float {
	rough, _ := x.Float64()
	y := new(big.Float).SetPrec(digits).SetFloat64(math.Log(rough))
	for range 2 {
		power := slowExp(y)
		step := new(big.Float).Sub(x, power)
		step.Mul(step, big.NewFloat(2))
		step.Quo(step, power.Add(x, power))
		y.Add(y, step)
	}
	return y
}

func exactly(x float64) *big.Float { return new(big.Float).SetPrec(digits).SetFloat64(x) }

// wrongBy returns how far a result is from the exact one, in units in the result's last place.
func wrongBy(got float64, want *big.Float) float64 {
	gap := math.Nextafter(math.Abs(got), math.Inf(1)) - math.Abs(got)
	difference, _ := new(big.Float).Sub(want, exactly(got)).Float64()
	return math.Abs(difference) / gap
}

func TestElementaryFunctionsAreAccurate(t *testing.T) {
	one := exactly(1)
	rapid.Check(t, func(t *rapid.T) {
		x := math.Exp(rapid.Float64Range(-700, 700).Draw(t, "log x"))
		if wrong := wrongBy(log(x), slowLog(exactly(x))); wrong > 1 {
			t.Fatalf("log(%g) = %g is off by %.2f units", x, log(x), wrong)
		}
		y := rapid.Float64Range(-708, 709.7).Draw(t, "y")
		if wrong := wrongBy(exp(y), slowExp(exactly(y))); wrong > 1 {
			t.Fatalf("exp(%g) = %g is off by %.2f units", y, exp(y), wrong)
		}
		z := rapid.Float64Range(-0.999, 10).Draw(t, "z")
		if wrong := wrongBy(log1p(z), slowLog(new(big.Float).Add(one, exactly(z)))); wrong > 3 && math.Abs(z) > 1e-20 {
			t.Fatalf("log1p(%g) = %g is off by %.2f units", z, log1p(z), wrong)
		}
		power := slowExp(exactly(z))
		if wrong := wrongBy(Expm1(z), power.Sub(power, one)); wrong > 4 && math.Abs(z) > 1e-20 {
			t.Fatalf("Expm1(%g) = %g is off by %.2f units", z, Expm1(z), wrong)
		}
	})
}

func TestPow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-9, 1e9).Draw(t, "x")
		y := rapid.Float64Range(-20, 20).Draw(t, "y")
		got, want := pow(x, y), math.Pow(x, y)
		if math.Abs(got-want) > 1e-12*want {
			t.Fatalf("pow(%g, %g) = %g, math has %g", x, y, got, want)
		}
	})
}

func TestElementaryFunctionsAtTheirEnds(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	cases := []struct {
		name      string
		got, want float64
	}{
		{"log(0)", log(0), -inf},
		{"log(-1)", log(-1), nan},
		{"log(Inf)", log(inf), inf},
		{"log(NaN)", log(nan), nan},
		{"log(1)", log(1), 0},
		{"log(least)", log(5e-324), -744.4400719213812},
		{"log(most)", log(math.MaxFloat64), math.Log(math.MaxFloat64)},
		{"log1p(-1)", log1p(-1), -inf},
		{"log1p(Inf)", log1p(inf), inf},
		{"log1p(1e-300)", log1p(1e-300), 1e-300},
		{"exp(0)", exp(0), 1},
		{"exp(710)", exp(710), inf},
		{"exp(-746)", exp(-746), 0},
		{"exp(-745)", exp(-745), 5e-324},
		{"exp(709.7)", exp(709.7), math.Exp(709.7)},
		{"exp(NaN)", exp(nan), nan},
		{"Expm1(1000)", Expm1(1000), inf},
		{"Expm1(-1000)", Expm1(-1000), -1},
		{"Expm1(1e-300)", Expm1(1e-300), 1e-300},
		{"pow(0, 2)", pow(0, 2), 0},
		{"pow(0, -2)", pow(0, -2), inf},
		{"pow(0, 0)", pow(0, 0), 1},
		{"pow(3, 1)", pow(3, 1), 3},
		{"pow(3, -1)", pow(3, -1), 1.0 / 3},
		{"normalQuantile(0)", normalQuantile(0), -inf},
		{"normalQuantile(1)", normalQuantile(1), inf},
		{"normalQuantile(2)", normalQuantile(2), nan},
		{"normalQuantile(NaN)", normalQuantile(nan), nan},
		{"normalQuantile(1/2)", normalQuantile(0.5), 0},
	}
	for _, c := range cases {
		if units(c.got, c.want) > 1.5 || math.IsNaN(c.got) != math.IsNaN(c.want) {
			t.Errorf("%s = %g, want %g", c.name, c.got, c.want)
		}
	}
}

func TestNormalQuantileInvertsTheNormalDistribution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := math.Exp(rapid.Float64Range(-700, math.Log(0.5)).Draw(t, "log p"))
		z := normalQuantile(p)
		back := 0.5 * math.Erfc(-z/math.Sqrt2)
		// An error of one unit in z moves p by z² units, and erfc adds as much of its own.
		if math.Abs(back/p-1) > 1e-14+2e-15*z*z {
			t.Fatalf("normalQuantile(%g) = %g, below which are %g", p, z, back)
		}
		if mirrored := normalQuantile(1 - p); p > 1e-3 && math.Abs(mirrored+z) > 1e-11 {
			t.Fatalf("normalQuantile(1-%g) = %g, want %g", p, mirrored, -z)
		}
	})
}

func TestLogGamma(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := math.Exp(rapid.Float64Range(-5, 15).Draw(t, "log x"))
		want, _ := math.Lgamma(x)
		if got := logGamma(x); math.Abs(got-want) > 1e-14*math.Max(1, math.Abs(want))*4 {
			t.Fatalf("logGamma(%g) = %g, math has %g", x, got, want)
		}
	})
}

// For whole shapes the gamma distribution is a sum of Poisson probabilities, and for a half it is a normal variable's square.
func TestGammaShares(t *testing.T) {
	for _, a := range []float64{1, 2, 3, 10, 17, 50, 150} {
		for _, x := range []float64{0.001, 0.5, 1, 3, 9.9, 20, 60, 140, 200} {
			term, above := math.Exp(-x), 0.0
			for k := 0.0; k < a; k++ {
				above += term
				term *= x / (k + 1)
			}
			if _, got := gammaShares(a, x); math.Abs(got-above) > 1e-13 {
				t.Errorf("shape %g: above %g is %g, want %g", a, x, got, above)
			}
		}
	}
	for _, x := range []float64{0.001, 0.1, 0.7, 1, 1.4, 1.6, 5, 30} {
		below, above := gammaShares(0.5, x)
		if math.Abs(below-math.Erf(math.Sqrt(x))) > 1e-14 || math.Abs(above/math.Erfc(math.Sqrt(x))-1) > 1e-12 && x > 1.5 {
			t.Errorf("shape 0.5 at %g: %g and %g, want %g and %g", x, below, above, math.Erf(math.Sqrt(x)), math.Erfc(math.Sqrt(x)))
		}
	}
}

func TestGammaQuantileInverts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := math.Exp(rapid.Float64Range(math.Log(0.01), math.Log(10000)).Draw(t, "log shape"))
		tail := math.Exp(rapid.Float64Range(-36, math.Log(0.5)).Draw(t, "log tail"))
		if x := gammaQuantile(a, tail); x > 0 {
			below, _ := gammaShares(a, x)
			if math.Abs(below/tail-1) > 1e-11 {
				t.Fatalf("shape %g: below the quantile %g of %g are %g", a, x, tail, below)
			}
		}
		u := 1 - tail
		x := gammaQuantile(a, u)
		if _, above := gammaShares(a, x); math.Abs(above/(1-u)-1) > 1e-11 {
			t.Fatalf("shape %g: above the quantile %g of %g are %g, want %g", a, x, u, above, 1-u)
		}
	})
}
