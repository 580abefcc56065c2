package chance

import (
	"fmt"
	"math"
)

// Constant returns the distribution whose draws are all x. Any finite x will do.
func Constant(x float64) (*Distribution, error) {
	if err := check("the constant", x, x == x, "a finite number"); err != nil {
		return nil, err
	}
	return &Distribution{text: fmt.Sprintf("constant(%v)", x), mean: x, quantile: func(float64) float64 { return x }}, nil
}

// Uniform returns the uniform distribution from a up to b, which is at least a.
func Uniform(a, b float64) (*Distribution, error) {
	err := firstError(
		check("the lower end", a, a == a, "a finite number"),
		check("the upper end", b, b >= a, "a finite number not below the lower end"),
		check("the width", b-a, true, "a finite number"))
	if err != nil {
		return nil, err
	}
	d := &Distribution{text: fmt.Sprintf("uniform(%v, %v)", a, b), mean: a + float64(0.5*(b-a))}
	d.quantile = func(u float64) float64 { return a + float64(u*(b-a)) }
	return finish(d, false)
}

// Exponential returns the exponential distribution of the given mean, above 0.
func Exponential(mean float64) (*Distribution, error) {
	if err := check("the mean", mean, mean > 0, "above 0"); err != nil {
		return nil, err
	}
	d := &Distribution{text: fmt.Sprintf("exponential(mean %v)", mean), mean: mean}
	d.quantile = func(u float64) float64 { return float64(mean * -log1p(-u)) }
	return finish(d, true)
}

// Lognormal returns the distribution of a number whose logarithm is normal with standard deviation sigma, of at least 0.
// The median is above 0.
func Lognormal(median, sigma float64) (*Distribution, error) {
	err := firstError(
		check("the median", median, median > 0, "above 0"),
		check("sigma", sigma, sigma >= 0, "0 or more"))
	if err != nil {
		return nil, err
	}
	return lognormal(fmt.Sprintf("lognormal(median %v, sigma %v)", median, sigma), median, sigma)
}

// LognormalP99 returns the lognormal distribution of the given mean, above 0, of which one draw in a hundred is above p99. p99 is
// from the mean to 14.96 times the mean: no lognormal distribution has more.
func LognormalP99(mean, p99 float64) (*Distribution, error) {
	if err := check("the mean", mean, mean > 0, "above 0"); err != nil {
		return nil, err
	}
	// p99 = median e^(z σ) and mean = median e^(σ²/2), so σ² - 2 z σ + 2 log(p99/mean) = 0, of which the smaller root counts.
	z := normalQuantile(0.99)
	square := float64(z*z) - float64(2*log(p99/mean))
	fine := p99 >= mean && square >= 0
	if err := check("p99", p99, fine, fmt.Sprintf("from the mean, %v, to 14.96 times the mean", mean)); err != nil {
		return nil, err
	}
	sigma := z - math.Sqrt(square)
	median := float64(mean * exp(float64(-0.5*float64(sigma*sigma))))
	return lognormal(fmt.Sprintf("lognormal(mean %v, p99 %v)", mean, p99), median, sigma)
}

func lognormal(text string, median, sigma float64) (*Distribution, error) {
	d := &Distribution{text: text, mean: float64(median * exp(float64(0.5*float64(sigma*sigma))))}
	d.quantile = func(u float64) float64 { return float64(median * exp(float64(sigma*normalQuantile(u)))) }
	return finish(d, true)
}

// Gamma returns the gamma distribution of the given mean, above 0, and shape, from 0.01 to 10 000.
func Gamma(mean, shape float64) (*Distribution, error) {
	err := firstError(
		check("the mean", mean, mean > 0, "above 0"),
		check("the shape", shape, shape >= 0.01 && shape <= 10000, "from 0.01 to 10000"))
	if err != nil {
		return nil, err
	}
	d := &Distribution{text: fmt.Sprintf("gamma(mean %v, shape %v)", mean, shape), mean: mean}
	d.quantile = func(u float64) float64 { return float64(mean * (gammaQuantile(shape, u) / shape)) }
	return finish(d, true)
}

// Weibull returns the Weibull distribution of the given scale, above 0, and shape, from 0.01 to 10 000.
func Weibull(scale, shape float64) (*Distribution, error) {
	err := firstError(
		check("the scale", scale, scale > 0, "above 0"),
		check("the shape", shape, shape >= 0.01 && shape <= 10000, "from 0.01 to 10000"))
	if err != nil {
		return nil, err
	}
	d := &Distribution{text: fmt.Sprintf("weibull(scale %v, shape %v)", scale, shape)}
	d.mean = float64(scale * exp(logGamma(1+1/shape)))
	d.quantile = func(u float64) float64 { return float64(scale * pow(-log1p(-u), 1/shape)) }
	return finish(d, true)
}

// Pareto returns the distribution of which the share min/x, to the power alpha, is above each x of at least min. Both are above
// 0; the mean is infinite for an alpha of 1 or less.
func Pareto(min, alpha float64) (*Distribution, error) {
	err := firstError(
		check("min", min, min > 0, "above 0"),
		check("alpha", alpha, alpha > 0, "above 0"))
	if err != nil {
		return nil, err
	}
	d := &Distribution{text: fmt.Sprintf("pareto(min %v, alpha %v)", min, alpha), mean: math.Inf(1)}
	if alpha > 1 {
		d.mean = float64(min * (alpha / (alpha - 1)))
	}
	d.quantile = func(u float64) float64 { return float64(min * exp(-log1p(-u)/alpha)) }
	return finish(d, true)
}

// Geometric returns the distribution of how many tries the first success takes, itself included: 1, 2, 3 and so on. The mean is
// at least 1.
func Geometric(mean float64) (*Distribution, error) {
	if err := check("the mean", mean, mean >= 1, "1 or more"); err != nil {
		return nil, err
	}
	d := &Distribution{text: fmt.Sprintf("geometric(mean %v)", mean), mean: mean}
	failure := log1p(-1 / mean)
	d.quantile = func(u float64) float64 { return math.Max(1, math.Ceil(log1p(-u)/failure)) }
	return finish(d, false)
}
