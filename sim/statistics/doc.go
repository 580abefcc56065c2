// Package statistics says how far figures of a few runs can be trusted: intervals of means, the change from one set of runs to
// another with its interval, tests of whether there is any, and what many tests at once are worth.
//
// Two kinds of tests are here. Paired and Independent are Student's: they take means, which sums over many members are close enough
// to. Ranked looks at nothing but the order of the values, and so takes percentiles of latencies, whose spread nobody knows. All
// intervals hold 95 %, all tests are two-sided.
//
// Probabilities and quantiles are rounded to nine places, for the processors' own logarithms to give the same figures everywhere.
package statistics

import "math"

// places is what probabilities and quantiles are rounded to.
const places = 1e9

func rounded(x float64) float64 { return math.Round(float64(x*places)) / places }
