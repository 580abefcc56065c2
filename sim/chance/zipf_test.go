package chance

import (
	"fmt"
	"math"
	"testing"
)

// exactShares returns the probabilities of n things, summed from the small ones up.
func exactShares(n int, s float64) []float64 {
	shares, total := make([]float64, n), 0.0
	for k := n; k >= 1; k-- {
		shares[k-1] = math.Pow(float64(k), -s)
		total += shares[k-1]
	}
	for i := range shares {
		shares[i] /= total
	}
	return shares
}

func TestZipfChoosesByWeight(t *testing.T) {
	stream := NewStream(1, "regular", Choosing)
	const draws = 400_000
	for _, n := range []int{1, 2, 3, 1000, 1024, 1025, 1100, 30_000, 300_000} {
		for _, s := range []float64{0, 0.5, 0.8, 1, 1.2, 2, 5} {
			z := must(NewZipf(uint32(n), s))
			// Things of small weight share a cell, so that each cell expects some hundred draws.
			shares, cell, expected := exactShares(n, s), make([]int, n), []float64{0}
			for i, p := range shares {
				if expected[len(expected)-1] > 300 {
					expected = append(expected, 0)
				}
				expected[len(expected)-1] += p * draws
				cell[i] = len(expected) - 1
			}
			counts := make([]int, len(expected))
			for i := range uint64(draws) {
				counts[cell[z.Choose(stream.Bits(i))]]++
			}
			if last := len(expected) - 1; last > 0 {
				expected[last-1] += expected[last]
				counts[last-1] += counts[last]
				counts, expected = counts[:last], expected[:last]
			}
			if len(counts) > 1 {
				checkChiSquare(t, fmt.Sprintf("n=%d s=%g", n, s), counts, expected...)
			}
		}
	}
}

func TestZipfShares(t *testing.T) {
	for _, n := range []int{1, 1024, 1025, 5000, 200_000} {
		for _, s := range []float64{0, 0.5, 0.999999, 1, 1.000001, 1.2, 2, 7, 100} {
			z, shares := must(NewZipf(uint32(n), s)), exactShares(n, s)
			for _, i := range []int{0, n / 3, n - 1} {
				if got, want := z.share(uint32(i)), shares[i]; math.Abs(got-want) > 1e-11*want {
					t.Errorf("n=%d s=%g: thing %d has share %g, want %g", n, s, i, got, want)
				}
			}
		}
	}
}

func TestZipfReachesEveryThing(t *testing.T) {
	for _, n := range []uint32{5, 1030, 2000} {
		z, seen := must(NewZipf(n, 0.5)), map[uint32]bool{}
		for i := range uint64(300_000) {
			seen[z.Choose(Stream(1).Bits(i))] = true
		}
		if len(seen) != int(n) {
			t.Errorf("of %d things %d were chosen", n, len(seen))
		}
	}
}

func TestZipfOfHugeNumbersIsSmall(t *testing.T) {
	z := must(NewZipf(100_000_000, 1))
	if len(z.runs) > 2000 {
		t.Errorf("100 million things take %d runs, want at most 2000", len(z.runs))
	}
	above := 0
	const draws = 100_000
	for i := range uint64(draws) {
		if z.Choose(Stream(2).Bits(i)) >= 10_000_000 {
			above++
		}
	}
	// Between harmonic numbers lies the logarithm: of 10^8 things the upper nine tenths have log 10 / (log 10^8 + γ).
	want := math.Log(10) / (math.Log(1e8) + 0.5772156649) * draws
	if math.Abs(float64(above)-want) > 5*math.Sqrt(want) {
		t.Errorf("%d of %d draws are above 10 million, want about %.0f", above, draws, want)
	}
}

func TestZipfRefuses(t *testing.T) {
	for _, c := range []struct {
		n uint32
		s float64
	}{{0, 1}, {5, -0.1}, {5, 101}, {5, math.NaN()}, {5, math.Inf(1)}} {
		if _, err := NewZipf(c.n, c.s); err == nil {
			t.Errorf("NewZipf(%d, %g) has no error", c.n, c.s)
		}
	}
}

func BenchmarkZipf(b *testing.B) {
	for _, n := range []uint32{1000, 1_000_000, 100_000_000} {
		for _, s := range []float64{0, 0.8, 1, 1.2, 2} {
			b.Run(fmt.Sprintf("n=%d/s=%g", n, s), func(b *testing.B) {
				z, i, sum := must(NewZipf(n, s)), uint64(0), uint64(0)
				for b.Loop() {
					sum += uint64(z.Choose(Stream(1).Bits(i)))
					i++
				}
			})
		}
	}
}

// share returns the exact probability of choosing the thing numbered i, from 0 to n-1.
func (z *Zipf) share(i uint32) float64 {
	total := 0.0
	for k := len(z.runs) - 1; k >= 0; k-- {
		r := z.runs[k]
		total += powerSum(float64(r.first), float64(r.first+r.length-1), z.exponent)
	}
	return pow(float64(i)+1, -z.exponent) / total
}
