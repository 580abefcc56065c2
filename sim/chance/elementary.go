package chance

import "math"

// The functions of this file and of gamma.go use addition, subtraction, multiplication, division and square root only.
// IEEE 754 leaves those no choice, and the conversions around products keep compilers from fusing them with a sum: every
// processor gives the same bits. Package math promises no such thing.

const (
	ln2High = 6.93147180369123816490e-01
	ln2Low  = 1.90821492927058770002e-10
	log2e   = 1.44269504088896338700
)

// log returns the natural logarithm of x, within one unit in the last place. log(0) is -Inf; of less than 0, or of NaN,
// it is NaN.
//
// With x = 2^k (1+f), 1+f within [1/√2, √2), and s = f/(2+f), log(1+f) = 2 artanh(s), for which the coefficients are the
// minimax ones of fdlibm.
func log(x float64) float64 {
	switch {
	case math.IsNaN(x) || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	fraction, k := split(x)
	f := fraction - 1
	s := f / (2 + f)
	s2 := float64(s * s)
	s4 := float64(s2 * s2)
	even := 2.222219843214978396e-01 + float64(s4*1.531383769920937332e-01)
	even = 3.999999999940941908e-01 + float64(s4*even)
	odd := 1.818357216161805012e-01 + float64(s4*1.479819860511658591e-01)
	odd = 2.857142874366239149e-01 + float64(s4*odd)
	odd = 6.666666666666735130e-01 + float64(s4*odd)
	r := float64(s2*odd) + float64(s4*even)
	half := float64(float64(0.5*f) * f)
	return float64(k*ln2High) - ((half - (float64(s*(half+r)) + float64(k*ln2Low))) - f)
}

// split returns f and k with x = f 2^k and f within [1/√2, √2). x is positive and finite.
func split(x float64) (f, k float64) {
	if x < 0x1p-1022 {
		f, k = split(x * 0x1p54)
		return f, k - 54
	}
	const sqrtHalf = 0x3fe6a09e667f3bcd
	bits := math.Float64bits(x)
	exponent := (int64(bits) - sqrtHalf) >> 52
	return math.Float64frombits(bits - uint64(exponent)<<52), float64(exponent)
}

// log1p returns log(1+x), accurate for small x too.
func log1p(x float64) float64 {
	sum := 1 + x
	if sum == 1 {
		return x
	}
	if sum == 0 || sum > math.MaxFloat64 || math.IsNaN(sum) {
		return log(sum)
	}
	return float64(log(sum)*x) / (sum - 1)
}

// exp returns e^x, within one unit in the last place where the result is not denormal; +Inf and 0 beyond the range of numbers.
//
// With x = k ln 2 + r and |r| <= ln 2 / 2, e^r comes from the minimax rational function of fdlibm.
func exp(x float64) float64 {
	switch {
	case math.IsNaN(x):
		return x
	case x > 709.782712893383973096:
		return math.Inf(1)
	case x < -745.13321910194110842:
		return 0
	}
	k := math.Floor(float64(log2e*x) + 0.5)
	high := x - float64(k*ln2High)
	low := float64(k * ln2Low)
	r := high - low
	t := float64(r * r)
	p := -1.65339022054652515390e-06 + float64(t*4.13813679705723846039e-08)
	p = 6.61375632143793436117e-05 + float64(t*p)
	p = -2.77777777770155933842e-03 + float64(t*p)
	p = 1.66666666666666019037e-01 + float64(t*p)
	c := r - float64(t*p)
	return scale(1-((low-float64(r*c)/(2-c))-high), int64(k))
}

// scale returns y 2^k for y within [0.5, 2) and k from -1075 to 1024.
func scale(y float64, k int64) float64 {
	if k < -1000 {
		return float64(float64(power2(k+100)*y) * 0x1p-100)
	}
	if k > 1000 {
		return float64(float64(power2(k-100)*y) * 0x1p100)
	}
	return float64(power2(k) * y)
}

// power2 returns 2^k for k from -1022 to 1023.
func power2(k int64) float64 { return math.Float64frombits(uint64(k+1023) << 52) }

// Expm1 returns e^x - 1, accurate for small x too.
func Expm1(x float64) float64 {
	power := exp(x)
	switch {
	case power == 1:
		return x
	case power < 0x1p-54:
		return -1
	case power > math.MaxFloat64 || math.IsNaN(power):
		return power
	}
	return float64((power-1)*x) / log(power)
}

// pow returns x^y for x of at least 0, to within |y log x| + 1 units in the last place.
func pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case y == -1:
		return 1 / x
	}
	return exp(float64(y * log(x)))
}

// normalQuantile returns the number below which a standard normal variable falls with probability p, to about one part in
// 10^15. It is -Inf for 0, +Inf for 1 and NaN outside.
//
// It is algorithm AS 241 of M. J. Wichura (Applied Statistics 37, 1988), routine PPND16.
func normalQuantile(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		return float64(q * normalCentre(0.180625-float64(q*q)))
	}
	r := p
	if q > 0 {
		r = 1 - p
	}
	switch {
	case r == 0:
		return math.Copysign(math.Inf(1), q)
	case r > 0:
		return math.Copysign(normalTail(math.Sqrt(-log(r))), q)
	}
	return math.NaN()
}

// normalCentre is AS 241's rational function for the middle 85 %.
func normalCentre(r float64) float64 {
	return polynomial(r, 3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
		4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3) /
		polynomial(r, 1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
			2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3)
}

// normalTail is AS 241's pair of rational functions for the rest, r being the root of minus the logarithm of the tail.
func normalTail(r float64) float64 {
	if r <= 5 {
		r -= 1.6
		return polynomial(r, 1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
			1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4) /
			polynomial(r, 1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
				1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9)
	}
	r -= 5
	return polynomial(r, 6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
		2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7) /
		polynomial(r, 1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
			7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15)
}

// polynomial returns c0 + c1 x + ... + c7 x^7.
func polynomial(x, c0, c1, c2, c3, c4, c5, c6, c7 float64) float64 {
	sum := float64(c7*x) + c6
	sum = float64(sum*x) + c5
	sum = float64(sum*x) + c4
	sum = float64(sum*x) + c3
	sum = float64(sum*x) + c2
	sum = float64(sum*x) + c1
	return float64(sum*x) + c0
}
