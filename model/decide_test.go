package model_test

import (
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
	"invitesim/model/store"
)

// TestRefusalsSayWhatWasUsed refuses sends by the weekly limit, and one by another limit, which is no use of it.
func TestRefusalsSayWhatWasUsed(t *testing.T) {
	p, calendar := model.Default(), model.Calendar{Start: model.DefaultStart}
	p.WeeklyLimit.Count, p.Kinds.Page.Count = 2, 1
	kept, err := store.New(t.Context(), store.Options{Members: 5, Calendar: calendar, Policies: []model.Policy{p}})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Release()
	for name, system := range map[string]check.System{"oracle": oracle.New(5, calendar, 0, p), "store": kept} {
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
	p, calendar := model.Default(), model.Calendar{Start: model.DefaultStart}
	kept, err := store.New(t.Context(), store.Options{Members: 2, Calendar: calendar, Policies: []model.Policy{p}})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Release()
	for name, system := range map[string]check.System{"oracle": oracle.New(2, calendar, 0, p), "store": kept} {
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
