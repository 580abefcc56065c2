package check_test

import (
	"testing"

	"invitesim/model/check"
)

// The store keeps what it must not tell, as the oracle does: RULES.md, invariant 9.
func TestStoreDoesNotInterfere(t *testing.T) {
	for seed := range uint64(150) {
		if _, err := check.UnseenWithdrawal(seed, 80, systems["store"]); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if _, err := check.UnseenAnswer(seed, 80, systems["store"]); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func TestStoreKeepsInvariants(t *testing.T) {
	for seed := range uint64(25) {
		if err := check.Invariants(check.RandomHistory(seed, 120), systems["store"]); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
