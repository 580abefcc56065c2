package statistics

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Sample is what tests of means need to know of some values. The zero value is of none.
type Sample struct {
	N        int
	Mean     float64
	Variance float64 // with N−1 below the line; 0 of a single value
}

// Of returns the sample of some values.
func Of(values []float64) Sample {
	n := len(values)
	if n == 0 {
		return Sample{}
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	s := Sample{N: n, Mean: sum / float64(n)}
	if slices.Min(values) == slices.Max(values) {
		s.Mean = values[0] // without the rounding of the sum
		return s
	}
	squares := 0.0
	for _, v := range values {
		squares += float64((v - s.Mean) * (v - s.Mean))
	}
	s.Variance = squares / float64(n-1)
	return s
}

// OfInterval returns the sample of n values whose mean has the given 95 % interval: the way back from Interval.
func OfInterval(mean, low, high float64, n int) Sample {
	s := Sample{N: n, Mean: mean}
	if n < 2 {
		return s
	}
	deviation := (high - low) / 2 / studentQuantile(float64(n-1))
	s.Variance = float64(deviation*deviation) * float64(n)
	return s
}

// Pool returns the sample of the values of all samples together.
func Pool(samples []Sample) Sample {
	var all Sample
	for _, s := range samples {
		all.N += s.N
		all.Mean += float64(s.Mean * float64(s.N))
	}
	if all.N == 0 {
		return Sample{}
	}
	all.Mean /= float64(all.N)
	squares := 0.0
	for _, s := range samples {
		apart := s.Mean - all.Mean
		squares += float64(s.Variance*float64(s.N-1)) + float64(float64(apart*apart)*float64(s.N))
	}
	if all.N > 1 {
		all.Variance = squares / float64(all.N-1)
	}
	return all
}

// Interval returns the 95 % interval of the mean (Student's t); of a single value it is that value.
func (s Sample) Interval() (low, high float64) {
	if s.N < 2 {
		return s.Mean, s.Mean
	}
	half := float64(studentQuantile(float64(s.N-1)) * math.Sqrt(s.Variance/float64(s.N)))
	return s.Mean - half, s.Mean + half
}

// ofMean returns the variance of the mean.
func (s Sample) ofMean() float64 { return s.Variance / float64(s.N) }

// studentQuantile returns the 97.5 % quantile of Student's t.
func studentQuantile(degrees float64) float64 {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: degrees}
	return rounded(t.Quantile(0.975))
}

// studentTails returns how probable a value of Student's t as far from 0 as the given one is, or further.
func studentTails(t, degrees float64) float64 {
	return rounded(2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: degrees}.CDF(-math.Abs(t)))
}

// normalTails is studentTails of the normal distribution.
func normalTails(z float64) float64 { return rounded(math.Erfc(math.Abs(z) / math.Sqrt2)) }
