package statistics

import (
	"fmt"
	"math"
)

// Estimate is a number with its 95 % interval. Where the data set no bound on a side, it is infinite.
type Estimate struct{ Value, Low, High float64 }

// Change is what a figure did from one set of runs to the next.
type Change struct {
	By       Estimate // the next less the base
	Relative Estimate // By as a share of the base: 0.1 is ten percent more. NaN where the base is 0
	P        float64  // how probable a change as great as this is where there is none
}

// FewError says that there are too few values to say anything.
type FewError struct{ Found, Least int }

// Error says how many there are and how many it takes.
func (e *FewError) Error() string {
	return fmt.Sprintf("found %d values, expected at least %d", e.Found, e.Least)
}

// Paired compares values that belong together one by one, such as those of runs with the same seeds, by Student's t of their differences.
// It takes two pairs; a *FewError says that there are fewer. Both have the same length.
func Paired(base, next []float64) (Change, error) {
	n := len(base)
	if n < 2 {
		return Change{}, &FewError{n, 2}
	}
	differences, both := make([]float64, n), 0.0
	b, x := Of(base), Of(next)
	for i := range base {
		differences[i] = next[i] - base[i]
		both += float64((base[i] - b.Mean) * (next[i] - x.Mean))
	}
	d := Of(differences)
	covariance := both / float64(n-1) / float64(n)
	return student(b, x, covariance, d.ofMean(), float64(n-1)), nil
}

// Independent compares two samples that have nothing to do with each other, by Student's t as Welch has it. It takes two values on each
// side; a *FewError says that there are fewer.
func Independent(base, next Sample) (Change, error) {
	if least := min(base.N, next.N); least < 2 {
		return Change{}, &FewError{least, 2}
	}
	b, x := base.ofMean(), next.ofMean()
	variance := b + x
	degrees := 1.0
	if variance > 0 {
		degrees = float64(variance*variance) / (float64(b*b)/float64(base.N-1) + float64(x*x)/float64(next.N-1))
	}
	return student(base, next, 0, variance, degrees), nil
}

// student makes a change of two means whose difference has the given variance.
func student(base, next Sample, covariance, variance, degrees float64) Change {
	by := next.Mean - base.Mean
	t := studentQuantile(degrees)
	half := float64(t * math.Sqrt(variance))
	c := Change{By: Estimate{by, by - half, by + half}, P: 1}
	switch {
	case variance > 0:
		c.P = studentTails(by/math.Sqrt(variance), degrees)
	case by != 0:
		c.P = 0
	}
	c.Relative = relative(base, next, covariance, t)
	return c
}

// relative returns the quotient of two means less 1, with Fieller's interval: it takes into account that the base is uncertain too, and is
// without 0 exactly where the test of the difference says so.
func relative(base, next Sample, covariance, t float64) Estimate {
	if base.Mean == 0 {
		return Estimate{math.NaN(), math.NaN(), math.NaN()}
	}
	squared := float64(t * t)
	a := float64(base.Mean*base.Mean) - float64(squared*base.ofMean())
	b := float64(next.Mean*base.Mean) - float64(squared*covariance)
	c := float64(next.Mean*next.Mean) - float64(squared*next.ofMean())
	e := Estimate{(next.Mean - base.Mean) / base.Mean, math.Inf(-1), math.Inf(1)}
	if a <= 0 {
		return e // the base may as well be 0, and then there is no quotient
	}
	root := math.Sqrt(max(float64(b*b)-float64(a*c), 0))
	e.Low, e.High = (b-root)/a-1, (b+root)/a-1
	// Rounding leaves the value outside of an interval without any length.
	e.Low, e.High = min(e.Low, e.Value), max(e.High, e.Value)
	return e
}
