package window_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"invitesim/model/window"
)

// TestSlidingIsHalfOpen shows both sides of the instant at which a send leaves a sliding window.
func TestSlidingIsHalfOpen(t *testing.T) {
	sends := []uint32{10, 20, 20, 30}
	for _, check := range []struct {
		at   int64
		want int
	}{{30, 4}, {109, 4}, {110, 3}, {119, 3}, {120, 1}, {130, 0}} {
		if got := window.Sliding(sends, check.at, 100); got != check.want {
			t.Errorf("at %d: %d sends in the window, expected %d", check.at, got, check.want)
		}
	}
	for limit, want := range map[uint32]int64{1: 130, 2: 120, 3: 120, 4: 110} {
		if got := window.SlidingUntil(sends, 100, limit); got != want {
			t.Errorf("limit %d: passes at %d, expected %d", limit, got, want)
		}
	}
}

// TestAnchoredOpensAtTheFirstSend shows that a window closes a period after the send that opened it, not after the last.
func TestAnchoredOpensAtTheFirstSend(t *testing.T) {
	var w window.Anchored
	for _, at := range []int64{5, 50, 104} {
		w.Add(at, 100)
	}
	if got := w.Used(104, 100); got != 3 {
		t.Errorf("3 sends in the window, %d counted", got)
	}
	if got := w.Used(105, 100); got != 0 {
		t.Errorf("the window is over at its end, %d counted", got)
	}
	w.Add(300, 100)
	if got := w.Used(399, 100); got != 1 {
		t.Errorf("1 send in the new window, %d counted", got)
	}
}

// TestActivityRemembersOnePeriod shows what the last complete period is, also after periods without anything.
func TestActivityRemembersOnePeriod(t *testing.T) {
	var a window.Activity
	for _, ordinal := range []int64{7, 7, 8} {
		a.Add(ordinal)
	}
	for ordinal, want := range map[int64]uint32{8: 2, 9: 1, 10: 0} {
		if got := a.Complete(ordinal); got != want {
			t.Errorf("before period %d: %d, expected %d", ordinal, got, want)
		}
	}
	a.Add(12)
	if got := a.Complete(12); got != 0 {
		t.Errorf("nothing happened in period 11, %d counted", got)
	}
}

// TestBucketAgainstRationals draws from a bucket under changing limits beside one that keeps its level as a fraction.
func TestBucketAgainstRationals(t *testing.T) {
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		period := random.Int64N(1000) + 1
		var bucket window.Bucket
		var twin *big.Rat // nil before the first draw
		at, last := int64(0), int64(0)
		for range 60 {
			at += random.Int64N(period/3 + 2)
			limit := uint32(random.IntN(6) + 1)
			level := new(big.Rat).SetInt64(int64(limit))
			if twin != nil {
				level.Add(twin, big.NewRat((at-last)*int64(limit), period))
				if full := new(big.Rat).SetInt64(int64(limit)); level.Cmp(full) > 0 {
					level = full
				}
			}
			whole := new(big.Int).Quo(level.Num(), level.Denom()).Int64()
			if got := bucket.Tokens(at, period, limit); int64(got) != whole {
				t.Fatalf("seed %d at %d: %d tokens, expected %d (%s)", seed, at, got, whole, level)
			}
			if whole == 0 {
				checkUntil(t, bucket, at, period, limit)
				continue
			}
			bucket.Draw(at, period, limit)
			twin, last = level.Sub(level, big.NewRat(1, 1)), at
		}
	}
}

// checkUntil checks that an empty bucket has a token at the instant it names, and none a second before.
func checkUntil(t *testing.T, bucket window.Bucket, at, period int64, limit uint32) {
	t.Helper()
	until := bucket.Until(period, limit)
	if until <= at || bucket.Tokens(until, period, limit) == 0 || bucket.Tokens(until-1, period, limit) != 0 {
		t.Errorf("at %d the bucket names %d: %d tokens then, %d a second before",
			at, until, bucket.Tokens(until, period, limit), bucket.Tokens(until-1, period, limit))
	}
}

// TestCountIsOfOnePeriod shows that what was counted in a period is of that period alone.
func TestCountIsOfOnePeriod(t *testing.T) {
	var c window.Count
	for range 3 {
		c.Add(7)
	}
	if c.In(6) != 0 || c.In(7) != 3 || c.In(8) != 0 {
		t.Errorf("3 counted in period 7: found %d, %d and %d in periods 6, 7 and 8", c.In(6), c.In(7), c.In(8))
	}
	if c.Add(9); c.In(9) != 1 || c.In(7) != 0 {
		t.Errorf("one more in period 9: found %d in it and %d in period 7", c.In(9), c.In(7))
	}
}
