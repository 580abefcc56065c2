package store_test

import (
	"flag"
	"fmt"
	"testing"

	"invitesim/model/check"
	"invitesim/model/oracle"
	"invitesim/model/store"
)

// histories is how many random histories TestStoreAgainstOracle runs; `make soak` asks for many more.
var histories = flag.Int("histories", 400, "random histories that the store and the oracle are compared on")

// firstHistory is the seed of the first of them.
var firstHistory = flag.Uint64("first-history", 1, "seed of the first random history")

// TestStoreAgainstOracle holds the store against the oracle, two readings of the rules written apart, on random
// histories with small limits, all policies, and instants that land on boundaries. A failure prints the shortest history that
// still shows it; -histories 1 -first-history SEED shows it again.
func TestStoreAgainstOracle(t *testing.T) {
	for n := range *histories {
		seed := *firstHistory + uint64(n)
		h := check.RandomHistory(seed, 300)
		if compare(t, h) == nil {
			continue
		}
		short := check.ShrinkHistory(h, func(h check.History) bool { return compare(t, h) != nil })
		t.Fatalf("seed %d:\n%s\n%s", seed, short.String(), compare(t, short))
	}
}

// compare returns the first difference between store and oracle on a history; a panic of the store is one.
func compare(t *testing.T, h check.History) (difference *check.Difference) {
	t.Helper()
	s := newStore(t, h)
	defer s.Release()
	defer func() {
		if problem := recover(); problem != nil {
			difference = &check.Difference{Text: "panic", A: fmt.Sprint(problem)}
		}
	}()
	return check.Compare(h, oracle.New(h.Members, h.Calendar, h.Seed, h.Policy), s)
}

func newStore(t *testing.T, h check.History) *store.Store {
	t.Helper()
	s, err := store.New(store.Options{
		Members: h.Members, Calendar: h.Calendar, Seed: h.Seed, Policies: h.Policies(), Notices: true, Audit: true,
		Exclusive: h.Seed%2 == 0,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
