package store_test

import (
	"testing"

	"invitesim/model"
	"invitesim/model/store"
)

// TestEmptyLongList empties a sent list that had outgrown the member's block, while received lists of any length stand beside it.
func TestEmptyLongList(t *testing.T) {
	for received := range model.Member(40) {
		emptyLongList(t, received)
	}
}

func emptyLongList(t *testing.T, received model.Member) {
	const members, long = 200, 60
	policy := model.Default()
	policy.WeeklyLimit.Mode = model.LimitNone
	s, err := store.New(t.Context(), store.Options{Members: members, Policies: []model.Policy{policy}, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	give := func(verb model.Verb, actor, peer model.Member) {
		t.Helper()
		if a := s.Do(10, &model.Command{Verb: verb, Actor: actor, Peer: peer}); !a.Outcome.Success() {
			t.Fatalf("%s %d %d: %s", verb, actor, peer, a.Outcome)
		}
	}
	for peer := model.Member(2); peer < 2+long; peer++ {
		give(model.Send, 1, peer)
	}
	for sender := range received {
		give(model.Send, 100+sender, 1)
	}
	for peer := model.Member(2); peer < 2+long; peer++ {
		if row, ok := s.Oldest(10, 1); !ok || row.Peer != peer {
			t.Fatalf("%d received: the oldest invitation is to %d (%v), expected %d", received, row.Peer, ok, peer)
		}
		give(model.Withdraw, 1, peer)
	}
	if row, ok := s.Oldest(10, 1); ok {
		t.Errorf("%d received: an invitation to %d is left", received, row.Peer)
	}
	s.Advance(model.Instant(400 * model.Day))
}
