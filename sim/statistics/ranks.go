package statistics

import (
	"math"
	"slices"
)

// FewestRanked is how many values on each side Ranked takes: with fewer no interval of a middle value holds 95 %.
const FewestRanked = 6

// Ranked compares two samples that have nothing to do with each other by nothing but the order of their values: the test is that of Mann and
// Whitney, the estimates are those of Hodges and Lehmann, that is the middle one of all differences, and of all quotients, of a next
// value and a base value. A *FewError says that a side has fewer than FewestRanked.
func Ranked(base, next []float64) (Change, error) {
	if least := min(len(base), len(next)); least < FewestRanked {
		return Change{}, &FewError{least, FewestRanked}
	}
	_, p := mannWhitney(base, next)
	c := Change{P: p, Relative: Estimate{math.NaN(), math.NaN(), math.NaN()}}
	outside := outsideInterval(len(base), len(next))
	c.By = middle(combine(base, next, func(b, x float64) float64 { return x - b }), outside)
	if slices.Min(base) > 0 {
		c.Relative = middle(combine(base, next, func(b, x float64) float64 { return x/b - 1 }), outside)
	}
	return c, nil
}

// combine returns a number for each two values, sorted.
func combine(base, next []float64, of func(b, x float64) float64) []float64 {
	all := make([]float64, 0, len(base)*len(next))
	for _, b := range base {
		for _, x := range next {
			all = append(all, of(b, x))
		}
	}
	slices.Sort(all)
	return all
}

// middle returns the median of sorted values, with the interval that leaves so many out on each side.
func middle(sorted []float64, outside int) Estimate {
	n := len(sorted)
	return Estimate{(sorted[(n-1)/2] + sorted[n/2]) / 2, sorted[outside], sorted[n-1-outside]}
}

// mostExact is up to how many values the distribution of ranks is counted out.
const mostExact = 60

// mannWhitney returns how many times a value of next is above one of base, equal ones counted half, and how probable it is that this count is as
// far from its mean where both come from the same: exactly for up to 60 values without equal ones, else by the normal distribution with
// the corrections for ties and for continuity. Neither may be empty.
func mannWhitney(base, next []float64) (u, p float64) {
	for _, b := range base {
		for _, x := range next {
			switch {
			case x > b:
				u++
			case x == b:
				u += 0.5
			}
		}
	}
	m, n := float64(len(base)), float64(len(next))
	tied := ties(base, next)
	if tied == 0 && len(base)+len(next) <= mostExact {
		below := cumulated(len(base), len(next))
		least := int(min(u, m*n-u))
		return u, rounded(min(1, 2*below[least]))
	}
	return u, byNormal(u, m, n, tied)
}

// byNormal returns how probable a count as far from its mean is, by the normal distribution.
func byNormal(u, m, n, tied float64) float64 {
	all := m + n
	variance := m * n / 12 * (all + 1 - tied/(all*(all-1)))
	if variance <= 0 {
		return 1 // all values are the same
	}
	away := max(math.Abs(u-float64(m*n/2))-0.5, 0)
	return normalTails(away / math.Sqrt(variance))
}

// ties returns the sum of t³−t over the groups of t equal values.
func ties(base, next []float64) float64 {
	all := slices.Concat(base, next)
	slices.Sort(all)
	sum, run := 0.0, 1.0
	for i := 1; i <= len(all); i++ {
		if i < len(all) && all[i] == all[i-1] {
			run++
			continue
		}
		sum += float64(run*run*run) - run
		run = 1
	}
	return sum
}

// cumulated returns for each count of Mann and Whitney how probable it or a smaller one is, where both samples come from the same and no
// values are equal.
func cumulated(m, n int) []float64 {
	// ways[j][u] is how many orders of i values of the one and j of the other have the count u. The greatest value of an order is of the
	// one, and above all j of the other, or of the other.
	ways := make([][]float64, n+1)
	for j := range ways {
		ways[j] = make([]float64, m*n+1)
		ways[j][0] = 1
	}
	for range m {
		for j := 1; j <= n; j++ {
			for u := m * n; u >= 0; u-- {
				fewer := 0.0
				if u >= j {
					fewer = ways[j][u-j]
				}
				ways[j][u] = fewer + ways[j-1][u]
			}
		}
	}
	below := ways[n]
	for u := 1; u < len(below); u++ {
		below[u] += below[u-1]
	}
	all := below[len(below)-1]
	for u := range below {
		below[u] /= all
	}
	return below
}

// outsideInterval returns how many of the sorted differences lie on each side of the 95 % interval of their middle one: the greatest count of
// Mann and Whitney that the test rejects.
func outsideInterval(m, n int) int {
	if m+n <= mostExact {
		below := cumulated(m, n)
		rejected := 0
		for below[rejected+1] <= 0.025 {
			rejected++
		}
		return rejected
	}
	spread := math.Sqrt(float64(m) * float64(n) * float64(m+n+1) / 12)
	return max(int(float64(m*n)/2-float64(1.959963985*spread))-1, 0)
}
