package virtual

import (
	"context"
	"slices"
	"testing"

	"invitesim/model"
	"invitesim/model/store"
)

// A broken invariant is told with the member and the instant, once each, whoever found it.
func TestHowABrokenInvariantIsTold(t *testing.T) {
	plan := quickPlan()
	at := model.Instant(3*model.Day + 4*model.Hour)
	system, err := store.New(context.Background(), store.Options{
		Members: plan.Members(), Calendar: model.Calendar{Start: plan.Start}, Policies: plan.Policies(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer system.Release()
	system.Outside(1, plan.Policy.ConnectionCap+1) // without Options.Audit it does not know that this was set up
	k := newChecker(plan, plan.Policies())
	k.look(system, at, 1, &k.spent.touched)
	way := direction{2, 1}
	k.pairs.bars[way] = true
	k.pairs.sent(at, invitation{sender: 2, recipient: 1})
	k.spendPairs(at, 1)
	want := []string{
		"member 1 at 3d4h: invariant 3: 30001 connections, and the cap is 30000",
		"member 2 at 3d4h: invariant 6: an invitation to 1 under a bar",
	}
	if !slices.Equal(k.told, want) {
		t.Errorf("told %q, expected %q", k.told, want)
	}
}
