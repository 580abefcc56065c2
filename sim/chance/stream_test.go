package chance

import (
	"fmt"
	"math"
	"math/bits"
	"testing"
)

func TestStreamsOfDifferentKeysDiffer(t *testing.T) {
	seen := map[Stream]string{}
	for seed := range uint64(20) {
		for _, population := range []string{"", "a", "b", "ab", "ba", "a\x00", "regular", "recruiter"} {
			for source := Connections; source <= BlockAgainDelay; source++ {
				key := fmt.Sprint(seed, population, source)
				s := NewStream(seed, population, source)
				if other, taken := seen[s]; taken {
					t.Fatalf("%q and %q share a stream", key, other)
				}
				seen[s] = key
			}
		}
	}
}

func TestMembersAndDrawsOfOneStreamAreDistinct(t *testing.T) {
	s := NewStream(3, "regular", Choosing)
	members, draws := map[Stream]bool{}, map[uint64]bool{}
	const count = 200_000
	for i := range uint32(count) {
		members[s.Member(i)] = true
		draws[s.Bits(uint64(i))] = true
	}
	if len(members) != count || len(draws) != count {
		t.Errorf("%d members have %d streams, and %d draws", count, len(members), len(draws))
	}
}

// Two streams whose counters run through the same sums are the weak spot of counter-based numbers.
func TestStreamsWithOverlappingCountersDiffer(t *testing.T) {
	s := NewStream(3, "regular", Choosing)
	for _, shift := range []uint64{1, 2, 5, 1000, 1 << 20, 1 << 40} {
		shifted := s + Stream(shift*drawStep)
		same := 0
		for n := range uint64(4000) {
			same += 64 - bits.OnesCount64(s.Bits(n+shift)^shifted.Bits(n))
		}
		if z := (float64(same) - 128000) / math.Sqrt(64000); math.Abs(z) > 5 {
			t.Errorf("streams shifted by %d agree in %d of 256000 bits, which is %.1f standard deviations off", shift, same, z)
		}
	}
}

func TestUnitStaysWithinItsEnds(t *testing.T) {
	if low, high := unit(0), unit(math.MaxUint64); low != 0x1p-53 || high != 1-0x1p-53 {
		t.Errorf("unit runs from %g to %g, want 2^-53 to 1-2^-53", low, high)
	}
}

func TestBelow(t *testing.T) {
	if got := Below(math.MaxUint64, 10); got != 9 {
		t.Errorf("the highest of 10 is %d", got)
	}
	if got := Below(0, 10); got != 0 {
		t.Errorf("the lowest of 10 is %d", got)
	}
}

// families are the ways in which a simulation runs through numbers: draw after draw of one member, member after member of
// one draw, and everything a member does as a stream of its own.
func families() map[string]func(i uint64) uint64 {
	s := NewStream(1, "regular", Sending)
	return map[string]func(i uint64) uint64{
		"draws":   func(i uint64) uint64 { return s.Member(12).Bits(i) },
		"members": func(i uint64) uint64 { return s.Member(uint32(i)).Bits(0) },
		"subs":    func(i uint64) uint64 { return s.Member(3).Sub(i >> 2).Bits(i & 3) },
		"seeds":   func(i uint64) uint64 { return NewStream(i, "regular", Sending).Member(0).Bits(0) },
		"pairs":   func(i uint64) uint64 { return s.Member(uint32(i >> 10)).Bits(i & 1023) },
		"times":   func(i uint64) uint64 { return s.Member(5).Bits(i * 3600_000_000_000) },
	}
}

func TestNumbersFillTheLineEvenly(t *testing.T) {
	const cells, draws = 1024, 1 << 18
	for name, draw := range families() {
		for _, shift := range []uint{54, 30, 0} {
			var counts [cells]int
			for i := range uint64(draws) {
				counts[draw(i)>>shift%cells]++
			}
			checkChiSquare(t, fmt.Sprintf("%s, bits from %d on", name, shift), counts[:], float64(draws)/cells)
		}
	}
}

// Numbers in a row must not know of each other: neither at once, as correlation, nor as points in the plane.
func TestNumbersInARowAreIndependent(t *testing.T) {
	const draws = 1 << 18
	for name, draw := range families() {
		for _, lag := range []uint64{1, 2, 7, 64} {
			sum := 0.0
			var plane [32 * 32]int
			for i := range uint64(draws) {
				x, y := draw(i), draw(i+lag)
				sum += (unit(x) - 0.5) * (unit(y) - 0.5)
				plane[x>>59<<5|y>>59]++
			}
			if z := sum * 12 / math.Sqrt(draws); math.Abs(z) > 4.5 {
				t.Errorf("%s: correlation at lag %d is %.1f standard deviations from 0", name, lag, z)
			}
			checkChiSquare(t, fmt.Sprintf("%s in the plane at lag %d", name, lag), plane[:], draws/1024.0)
		}
	}
}

// Each bit of what goes in has to turn each bit of what comes out in half of the cases.
func TestAvalanche(t *testing.T) {
	const samples = 4000
	functions := map[string]func(x uint64) uint64{
		"draw":   func(x uint64) uint64 { return Stream(0x123456789abcdef).Bits(x) },
		"stream": func(x uint64) uint64 { return Stream(x).Bits(9) },
		"member": func(x uint64) uint64 { return uint64(Stream(0x123456789abcdef).Sub(x)) },
		"seed":   func(x uint64) uint64 { return Stream(x).Sub(1).Bits(0) },
	}
	for name, f := range functions {
		worst := 0.0
		for in := range 64 {
			var turned [64]int
			for i := range uint64(samples) {
				x := i * 0x2545f4914f6cdd1d
				difference := f(x) ^ f(x^1<<in)
				for out := range 64 {
					turned[out] += int(difference >> out & 1)
				}
			}
			for out := range 64 {
				worst = max(worst, math.Abs(float64(turned[out])/samples-0.5))
			}
		}
		// 4096 pairs of bits: five standard deviations of a fair coin are 0.0395.
		if worst > 0.0395 {
			t.Errorf("%s: some bit turns another with a probability that is %.3f from 1/2", name, worst)
		}
	}
}

// checkChiSquare fails the test where counts are further from what is expected, or nearer to it, than one in a million
// fair ones.
func checkChiSquare(t *testing.T, name string, counts []int, expected ...float64) {
	t.Helper()
	sum := 0.0
	for i, count := range counts {
		want := expected[i%len(expected)]
		sum += (float64(count) - want) * (float64(count) - want) / want
	}
	shape := float64(len(counts)-1) / 2
	if below, above := gammaShares(shape, sum/2); below < 1e-6 || above < 1e-6 {
		t.Errorf("%s: chi square is %.1f for %d cells, expected about %d", name, sum, len(counts), len(counts)-1)
	}
}

func BenchmarkStream(b *testing.B) {
	s := NewStream(1, "regular", Sending)
	sum := uint64(0)
	b.Run("draw=bits", func(b *testing.B) {
		n := uint64(0)
		for b.Loop() {
			sum += s.Bits(n)
			n++
		}
	})
	b.Run("draw=uniform", func(b *testing.B) {
		n, total := uint64(0), 0.0
		for b.Loop() {
			total += s.Uniform(n)
			n++
		}
		sum += uint64(total)
	})
	b.Run("draw=member", func(b *testing.B) {
		n := uint32(0)
		for b.Loop() {
			sum += s.Member(n).Bits(0)
			n++
		}
	})
	if sum == 0 {
		b.Fatal("all draws were 0")
	}
}
