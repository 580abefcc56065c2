package store_test

import (
	"context"
	"testing"

	"invitesim/model/internal/histories"
	"invitesim/model/store"
)

// TestInterruptedSetUp: a store whose set-up was cut short, or is left to come, decides as any other, though its memory comes with the commands.
func TestInterruptedSetUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for seed := range uint64(100) {
		h := histories.Random(seed+1, 200)
		whole, of, sparse := newStore(t, h), ctx, h.Seed%3 == 0
		if sparse {
			of = t.Context()
		}
		cut, err := store.New(of, store.Options{
			Sparse:  sparse,
			Members: h.Members, Calendar: h.Calendar, Seed: h.Seed, Policies: h.Policies(), Notices: true, Exclusive: h.Seed%2 == 0,
		})
		if err != nil {
			t.Fatal(err)
		}
		if difference := histories.Compare(h, whole, cut); difference != nil {
			t.Errorf("seed %d: %s", seed+1, difference)
		}
		whole.Release()
		cut.Release()
	}
}
