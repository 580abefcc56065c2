package histories

import (
	"context"
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
)

func buildStore(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
	options := store.Options{Members: members, Calendar: calendar, Seed: seed, Policies: policies, Notices: true, Exclusive: true}
	return store.New(context.Background(), options)
}

// The store keeps what it must not tell, as the oracle does: RULES.md, invariant 9.
func TestStoreDoesNotInterfere(t *testing.T) {
	for seed := range uint64(150) {
		if _, err := UnseenWithdrawal(seed, 80, buildStore); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if _, err := UnseenAnswer(seed, 80, buildStore); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func TestStoreKeepsInvariants(t *testing.T) {
	for seed := range uint64(25) {
		if err := Invariants(Random(seed, 120), buildStore); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
