package model_test

import (
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
	"invitesim/model/store"
)

// TestInboundTakesItsThreeWordsOnly sets what is no setting: a trace cannot say it, but a caller of Do can.
func TestInboundTakesItsThreeWordsOnly(t *testing.T) {
	const unknown = model.Nobody + 1
	p, calendar := model.Default(), model.Calendar{Start: model.DefaultStart}
	kept, err := store.New(store.Options{Members: 2, Calendar: calendar, Policies: []model.Policy{p}})
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
