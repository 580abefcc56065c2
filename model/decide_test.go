package model_test

import (
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
	"invitesim/model/store"
)

// bothSystems returns the oracle and a store of so many members, by name.
func bothSystems(t *testing.T, members uint32, p model.Policy) map[string]check.System {
	t.Helper()
	calendar := model.Calendar{Start: model.DefaultStart}
	kept, err := store.New(t.Context(), store.Options{Members: members, Calendar: calendar, Policies: []model.Policy{p}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(kept.Release)
	return map[string]check.System{"oracle": oracle.New(members, calendar, 0, p), "store": kept}
}

// TestRefusalsSayWhatWasUsed refuses sends by the weekly limit, and one by another limit, which is no use of it.
func TestRefusalsSayWhatWasUsed(t *testing.T) {
	p := model.Default()
	p.WeeklyLimit.Count, p.Kinds.Page.Count = 2, 1
	for name, system := range bothSystems(t, 5, p) {
		for _, step := range []struct {
			peer        model.Member
			kind        model.Kind
			want        model.Outcome
			used, limit uint32
		}{
			{2, model.Connect, model.WasSent, 1, 2},
			{3, model.Connect, model.WasSent, 2, 2},
			{4, model.Connect, model.RateLimited, 2, 2},
			{2, model.Page, model.WasSent, 0, 0},
			{3, model.Page, model.RateLimited, 0, 0},
		} {
			got := system.Do(0, &model.Command{Verb: model.Send, Actor: 1, Peer: step.peer, Kind: step.kind})
			if got.Outcome != step.want || got.Used != step.used || got.Limit != step.limit {
				t.Errorf("%s: send 1 %d of kind %s: found %q, %d of %d, expected %q, %d of %d", name, step.peer, step.kind,
					got.Outcome, got.Used, got.Limit, step.want, step.used, step.limit)
			}
		}
	}
}

// TestInboundTakesItsThreeWordsOnly sets what is no setting: a trace cannot say it, but a caller of Do can.
func TestInboundTakesItsThreeWordsOnly(t *testing.T) {
	const unknown = model.Nobody + 1
	for name, system := range bothSystems(t, 2, model.Default()) {
		for _, step := range []struct {
			command model.Command
			want    model.Outcome
		}{
			{model.Command{Verb: model.SetInbound, Actor: 2, Setting: model.Nobody}, model.WasSet},
			{model.Command{Verb: model.SetInbound, Actor: 2, Setting: unknown}, model.Invalid},
			{model.Command{Verb: model.Send, Actor: 1, Peer: 2}, model.NotAllowed}, // the setting of before
			{model.Command{Verb: model.Close, Actor: 2}, model.WasClosed},
			{model.Command{Verb: model.SetInbound, Actor: 2, Setting: unknown}, model.Invalid}, // before account_closed
		} {
			if got := system.Do(0, &step.command); got.Outcome != step.want {
				t.Errorf("%s: %s, setting %d: found %q, expected %q", name, step.command.Verb, step.command.Setting, got.Outcome, step.want)
			}
		}
	}
}
