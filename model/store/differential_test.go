package store_test

import (
	"flag"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"invitesim/model/internal/histories"
	"invitesim/model/oracle"
	"invitesim/model/store"
)

var (
	howMany      = flag.Int("histories", 400, "random histories that the store and the oracle are compared on")
	historySteps = flag.Int("history-steps", 300, "steps of each random history")
	firstHistory = flag.Uint64("first-history", 1, "seed of the first random history")
	fewest       = flag.Int64("history-commands", 0, "commands, queries not counted, below which further random histories follow")
)

// TestStoreAgainstOracle holds the store against the oracle, two readings of the rules written apart, on random
// histories with small limits, all policies, and instants that land on boundaries. A failure prints the shortest history that
// still shows it; -histories 1 -first-history SEED shows it again. `make soak` runs fifty million commands.
func TestStoreAgainstOracle(t *testing.T) {
	workers := min(runtime.GOMAXPROCS(0), *howMany)
	var compared, commands, queries atomic.Int64
	t.Cleanup(func() {
		t.Logf("compared: %d commands and %d queries in %d histories", commands.Load(), queries.Load(), compared.Load())
	})
	for worker := range workers {
		t.Run(fmt.Sprintf("worker=%d", worker), func(t *testing.T) {
			t.Parallel()
			own, share := int64(0), (*fewest+int64(workers)-1)/int64(workers)
			for n := worker; n < *howMany || own < share; n += workers {
				done, asked := agree(t, *firstHistory+uint64(n))
				own += done
				compared.Add(1)
				commands.Add(done)
				queries.Add(asked)
			}
		})
	}
}

// agree fails where store and oracle differ on the history of a seed, and returns how many commands and queries it has.
func agree(t *testing.T, seed uint64) (commands, queries int64) {
	t.Helper()
	h := histories.Random(seed, *historySteps)
	if compare(t, h) == nil {
		for _, step := range h.Steps {
			switch {
			case step.Doing != histories.Commanding:
			case step.Command.Verb.IsQuery():
				queries++
			default:
				commands++
			}
		}
		return commands, queries
	}
	short := histories.Shrink(h, func(h histories.History) bool { return compare(t, h) != nil })
	t.Fatalf("seed %d:\n%s\n%s", seed, short.String(), compare(t, short))
	return 0, 0
}

// compare returns the first difference between store and oracle on a history; a panic of the store is one.
func compare(t *testing.T, h histories.History) (difference *histories.Difference) {
	t.Helper()
	s := newStore(t, h)
	defer s.Release()
	defer func() {
		if problem := recover(); problem != nil {
			difference = &histories.Difference{Text: "panic", A: fmt.Sprint(problem)}
		}
	}()
	return histories.Compare(h, oracle.New(h.Members, h.Calendar, h.Seed, h.Policy), s)
}

func newStore(t *testing.T, h histories.History) *store.Store {
	t.Helper()
	s, err := store.New(t.Context(), store.Options{
		Members: h.Members, Calendar: h.Calendar, Seed: h.Seed, Policies: h.Policies(), Notices: true, Audit: true,
		Exclusive: h.Seed%2 == 0,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
