package statistics

import (
	"cmp"
	"slices"
)

// Adjusted returns what the probabilities of many tests at once are worth, after Benjamini and Hochberg: of those that are at most 0.05
// afterwards, about one in twenty is a false alarm at the most, however many tests there were. Where nothing changed at all, the probability of
// any alarm is one in twenty.
func Adjusted(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	adjusted, least := make([]float64, len(p)), 1.0
	for k, i := range order {
		rank := len(p) - k
		least = min(least, float64(p[i]*float64(len(p)))/float64(rank))
		adjusted[i] = rounded(least)
	}
	return adjusted
}
