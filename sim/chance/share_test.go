package chance

import (
	"math"
	"testing"
)

// shares returns shares around everything that might be rounded: halves, what the scenarios say, and both ends.
func shares() []float64 {
	all := []float64{0, -1, 1, 2, math.NaN(), math.Inf(1), math.SmallestNonzeroFloat64, 0x1p-54, 0.005, 0.02, 0.1, 0.25, 1. / 3, 0.45, 0.96, 0.97 + 0.02}
	for _, share := range []float64{0x1p-53, 0x1p-52, 3 * 0x1p-53, 0x1p-11, 0.25, 0.5, 1 - 0x1p-53, 1 - 0x1p-52, 1} {
		all = append(all, share, math.Nextafter(share, 0), math.Nextafter(share, 2))
	}
	for i := range uint64(200) {
		all = append(all, Stream(1).Uniform(i))
	}
	return all
}

// drawsAround returns random bits, among them those whose uniform numbers lie next to a share.
func drawsAround(share float64) []uint64 {
	all := []uint64{0, 1, 1 << 11, 1<<12 - 1, 1 << 12, 1 << 63, math.MaxUint64, math.MaxUint64 - 1<<11}
	if share > 0 && share < 1 {
		for off := range uint64(9) {
			all = append(all, (uint64(share*0x1p53)+off-4)<<11, (uint64(share*0x1p53)+off-4)<<11|1<<11-1)
		}
	}
	for i := range uint64(200) {
		all = append(all, Stream(2).Bits(i))
	}
	return all
}

// A share has exactly those bits whose uniform number is below it.
func TestShareIsWhatTheUniformNumberSays(t *testing.T) {
	for _, share := range shares() {
		ready := ShareOf(share)
		for _, random := range drawsAround(share) {
			expected := unit(random) < share
			if ready.Has(random) != expected || ready.Beyond(random) == 1 == expected {
				t.Fatalf("a share of %v has %#x: %t, beyond it %d, expected %t", share, random, ready.Has(random), ready.Beyond(random), expected)
			}
		}
	}
	if none, all := ShareOf(0), ShareOf(1); none != 0 || all != Always {
		t.Errorf("nothing is a share of %d and everything one of %d, expected 0 and %d", none, all, Always)
	}
}

// A share by a condition ends where the condition does, whatever is rounded in it.
func TestShareWhereAConditionEnds(t *testing.T) {
	for _, first := range shares() {
		holds := func(u float64) bool { return u < first || u-first < 0.3 }
		ready := ShareWhere(holds)
		for _, random := range append(drawsAround(first), drawsAround(first+0.3)...) {
			if expected := holds(unit(random)); ready.Has(random) != expected {
				t.Fatalf("a share after %v has %#x: %t, expected %t", first, random, ready.Has(random), expected)
			}
		}
	}
}

// A population's keys lead to the streams of its members, wherever it begins.
func TestKeys(t *testing.T) {
	s := NewStream(3, "regular", Choosing)
	for _, first := range []uint32{0, 1, 2, 1000, math.MaxUint32 - 5} {
		keys := PopulationFrom(first)
		for i := range uint32(5) {
			if got, expected := s.Of(keys.Key(first+i)), s.Sub(uint64(i)); got != expected || s.Member(i) != expected {
				t.Errorf("member %d of those from %d on has stream %#x, and %#x by its place, expected %#x", first+i, first, got, s.Member(i), expected)
			}
		}
	}
}
