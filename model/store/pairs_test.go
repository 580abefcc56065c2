package store

import (
	"math/rand/v2"
	"testing"

	"invitesim/model/store/region"
)

// TestTableIsAMap inserts and removes pairs at random, many more than the table began with, and compares it with a map all along.
func TestTableIsAMap(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		random := rand.New(rand.NewPCG(seed, 5))
		var place tablePlace
		table, twin := pairs{}, map[uint64]uint32{}
		table.open(region.New[bucket](roomFor(10)), &place)
		for step := range 200_000 {
			key := 1 + random.Uint64N(60_000)<<32 + random.Uint64N(3)
			s := table.find(key)
			at, there := twin[key]
			if (s != nil) != there || there && (s.at != at || s.bits&bitsState != uint32(key)&bitsState) {
				t.Fatalf("step %d: pair %x is %v, expected %d (%v)", step, key, s, at, there)
			}
			switch {
			case s == nil:
				s = table.insert(key)
				s.at, twin[key] = uint32(step), uint32(step)
				s.bits |= uint32(key) & bitsState
			case random.IntN(3) == 0:
				table.remove(s)
				delete(twin, key)
			}
		}
		allThere(t, &table, twin)
		if place.buckets != table.buckets() {
			t.Errorf("the place says %d buckets, the table has %d", place.buckets, table.buckets())
		}
		table.region.Release()
	}
}

// allThere says whether a table has what its twin has, and nothing else.
func allThere(t *testing.T, table *pairs, twin map[uint64]uint32) {
	t.Helper()
	for key, at := range twin {
		if s := table.find(key); s == nil || s.at != at {
			t.Fatalf("pair %x is %v, expected %d", key, s, at)
		}
	}
	count := 0
	for _, b := range table.region.Data {
		for _, s := range b {
			if s.key != 0 {
				count++
			}
		}
	}
	if count != len(twin) || table.used != len(twin) {
		t.Errorf("%d pairs in the table, which says %d, expected %d", count, table.used, len(twin))
	}
}

// TestCrowdedTableGrows enters more pairs that belong to one bucket than have room near it, in the front of the table and further back: the table
// grows, several times in a row, until they have, and loses none.
func TestCrowdedTableGrows(t *testing.T) {
	for _, first := range []uint64{0, 1 << 63} {
		var place tablePlace
		table, twin := pairs{}, map[uint64]uint32{}
		table.open(region.New[bucket](roomFor(3000)), &place)
		for at := range uint32(400) {
			key := keyOf(first + uint64(at+1)<<44)
			table.insert(key).at, twin[key] = at, at
		}
		allThere(t, &table, twin)
		if table.buckets() < 30_000 {
			t.Errorf("%d pairs in %d buckets, which cannot be near their own", len(twin), table.buckets())
		}
		table.region.Release()
	}
}

// keyOf returns the key that has a hash.
func keyOf(hash uint64) uint64 {
	half := hash * inverse(0xbf58476d1ce4e5b9)
	return (half ^ half>>32) * inverse(0x9e3779b97f4a7c15)
}

// inverse returns what an odd number has to be multiplied by to be 1, by Newton's iteration, which doubles the right bits each time.
func inverse(odd uint64) uint64 {
	x := odd // three bits are right
	for range 5 {
		x *= 2 - odd*x
	}
	return x
}
