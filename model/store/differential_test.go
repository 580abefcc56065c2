package store_test

import (
	"flag"
	"fmt"
	"runtime"
	"testing"

	"invitesim/model/check"
	"invitesim/model/oracle"
	"invitesim/model/store"
)

var (
	histories    = flag.Int("histories", 400, "random histories that the store and the oracle are compared on")
	historySteps = flag.Int("history-steps", 300, "steps of each random history")
	firstHistory = flag.Uint64("first-history", 1, "seed of the first random history")
)

// TestStoreAgainstOracle holds the store against the oracle, two readings of the rules written apart, on random
// histories with small limits, all policies, and instants that land on boundaries. A failure prints the shortest history that
// still shows it; -histories 1 -first-history SEED shows it again. `make soak` runs fifty million commands.
func TestStoreAgainstOracle(t *testing.T) {
	workers := min(runtime.GOMAXPROCS(0), *histories)
	for worker := range workers {
		t.Run(fmt.Sprintf("worker=%d", worker), func(t *testing.T) {
			t.Parallel()
			for n := worker; n < *histories; n += workers {
				agree(t, *firstHistory+uint64(n))
			}
		})
	}
}

// agree fails where store and oracle differ on the history of a seed.
func agree(t *testing.T, seed uint64) {
	t.Helper()
	h := check.RandomHistory(seed, *historySteps)
	if compare(t, h) == nil {
		return
	}
	short := check.ShrinkHistory(h, func(h check.History) bool { return compare(t, h) != nil })
	t.Fatalf("seed %d:\n%s\n%s", seed, short.String(), compare(t, short))
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
