package chance

import "math"

// logGamma returns the logarithm of the gamma function of x, for x above 0, to within 1e-14 of max(1, |result|).
func logGamma(x float64) float64 {
	product := 1.0
	for x < 16 {
		product = float64(product * x)
		x++
	}
	const halfLog2Pi = 0.91893853320467274178
	return float64((x-0.5)*log(x)) - x + halfLog2Pi + stirling(x) - log(product)
}

// stirling returns what Stirling's formula leaves of logGamma(x), for x of at least 16: seven terms of the series.
func stirling(x float64) float64 {
	r := 1 / x
	r2 := float64(r * r)
	sum := 1.0 / 156
	sum = -691.0/360360 + float64(r2*sum)
	sum = 1.0/1188 + float64(r2*sum)
	sum = -1.0/1680 + float64(r2*sum)
	sum = 1.0/1260 + float64(r2*sum)
	sum = -1.0/360 + float64(r2*sum)
	sum = 1.0/12 + float64(r2*sum)
	return float64(r * sum)
}

// gammaDensity returns x^a e^-x / Γ(a): x times the density at x of a gamma variable of shape a and mean a.
func gammaDensity(a, x float64) float64 {
	if a < 16 {
		return exp(float64(a*log(x)) - x - logGamma(a))
	}
	const rootTwoPi = 2.50662827463100050242
	d := (x - a) / a
	return float64(math.Sqrt(a) / rootTwoPi * exp(float64(a*(log1p(d)-d))-stirling(a)))
}

// gammaShares returns the probabilities that a gamma variable of shape a and mean a is below x and above it, the smaller of
// which is accurate relative to itself. a is from 0.01 to 10 000.
func gammaShares(a, x float64) (below, above float64) {
	if x <= 0 {
		return 0, 1
	}
	if x < a+1 {
		below = float64(gammaDensity(a, x) * gammaSeries(a, x))
		return below, 1 - below
	}
	above = float64(gammaDensity(a, x) * gammaFraction(a, x))
	return 1 - above, above
}

// gammaSeries returns the lower incomplete gamma function divided by x^a e^-x, by its power series.
func gammaSeries(a, x float64) float64 {
	term := 1 / a
	sum := term
	for n := 1; n < 10000 && term > float64(sum*0x1p-54); n++ {
		term = float64(term * (x / (a + float64(n))))
		sum += term
	}
	return sum
}

// gammaFraction returns the upper incomplete gamma function divided by x^a e^-x, by its continued fraction, which the
// modified method of Lentz evaluates from the front.
func gammaFraction(a, x float64) float64 {
	b := x + 1 - a
	c := math.Inf(1)
	d := 1 / b
	value := d
	for n := 1; n < 10000; n++ {
		i := float64(n)
		numerator := float64(-i * (i - a))
		b += 2
		d = 1 / (b + float64(numerator*d))
		c = b + numerator/c
		step := float64(c * d)
		value = float64(value * step)
		if math.Abs(step-1) < 0x1p-52 {
			break
		}
	}
	return value
}

// gammaQuantile returns the x below which a gamma variable of shape a and mean a is with probability u. It is 0 where the
// answer is too small for a number.
func gammaQuantile(a, u float64) float64 {
	x := gammaGuess(a, u)
	if x < 1e-300 {
		return 0
	}
	low, high := 0.0, math.Inf(1)
	for range 100 {
		below, above := gammaShares(a, x)
		excess, tail := below-u, u
		if u > 0.5 {
			excess, tail = (1-u)-above, 1-u
		}
		if math.Abs(excess) <= float64(tail*0x1p-50) {
			return x
		}
		if excess > 0 {
			high = x
		} else {
			low = x
		}
		next := gammaStep(a, x, excess)
		if !(next > low && next < high) {
			next = between(low, high)
		}
		if math.Abs(next-x) <= float64(x*0x1p-51) {
			return next
		}
		x = next
	}
	return x
}

// gammaStep returns where Halley's method goes from x.
func gammaStep(a, x, excess float64) float64 {
	newton := excess / (gammaDensity(a, x) / x)
	curve := float64(newton * ((a-1)/x - 1))
	return x - newton/(1-float64(0.5*math.Max(-1, math.Min(1, curve))))
}

// between returns a number between the ends of an interval of positive numbers, about as many times the one as a part of the
// other.
func between(low, high float64) float64 {
	switch {
	case math.IsInf(high, 1):
		return 2 * low
	case low == 0:
		return 0.125 * high
	}
	return float64(math.Sqrt(low) * math.Sqrt(high))
}

// gammaGuess returns where to start looking for the quantile: Wilson and Hilferty's cube of a normal variable, or for small
// shapes and small u the first term of the power series.
func gammaGuess(a, u float64) float64 {
	first := exp((log(u) + logGamma(a+1)) / a)
	if a < 1 && first < 0.5 || first < float64(0.1*a) {
		return first
	}
	ninth := 1 / float64(9*a)
	root := 1 - ninth + float64(normalQuantile(u)*math.Sqrt(ninth))
	if root <= 0.1 {
		return math.Max(first, 1e-3)
	}
	return float64(a * float64(root*float64(root*root)))
}
