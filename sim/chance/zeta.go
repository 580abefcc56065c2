package chance

import (
	"fmt"
	"math"
	"sort"
)

// zetaHead is how many numbers have a place in the table of Zeta; the weights beyond have a formula.
const zetaHead = 1024

// Zeta returns the distribution of whole numbers from 1 of which k weighs k^-s: what Zipf is for finitely many. s is above 1, as else
// the weights have no sum, and up to 100; the mean is infinite for an s of 2 or less.
func Zeta(s float64) (*Distribution, error) {
	if err := check("s", s, s > 1 && s <= 100, "above 1 and up to 100"); err != nil {
		return nil, err
	}
	beyond := weightsBeyond(s)
	d := &Distribution{text: fmt.Sprintf("zipf(%v)", s), mean: math.Inf(1)}
	if s > 2 {
		d.mean = weightsBeyond(s - 1)[0] / beyond[0]
	}
	d.quantile = func(u float64) float64 {
		left := float64((1 - u) * beyond[0])
		if left >= beyond[zetaHead] {
			return math.Max(1, float64(sort.Search(zetaHead, func(k int) bool { return beyond[k] <= left })))
		}
		// Where the first term of weightBeyond comes down to this: the second one would move it by less than a hundredth of a number.
		return math.Ceil(pow(float64((s-1)*left), -1/(s-1)) - 0.5)
	}
	return finish(d, false)
}

// weightsBeyond returns, for each k from 0 to zetaHead, the sum of n^-s over all n above k. s is above 1.
func weightsBeyond(s float64) []float64 {
	beyond := make([]float64, zetaHead+1)
	beyond[zetaHead] = weightBeyond(zetaHead, s)
	for k := zetaHead; k > 0; k-- {
		beyond[k-1] = beyond[k] + pow(float64(k), -s)
	}
	return beyond
}

// weightBeyond returns the sum of n^-s over all n above k, by the formula that powerSum uses. k is large.
func weightBeyond(k, s float64) float64 {
	x := k + 0.5
	power := pow(x, -s)
	return float64(x*power)/(s-1) - float64(s*(power/x))/24
}
