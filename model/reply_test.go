package model_test

import (
	"testing"

	"invitesim/model"
)

// Every field counts.
func TestRepliesAreEqual(t *testing.T) {
	for name, other := range map[string]model.Reply{
		"invalid": {Invalid: true}, "rows": {Rows: []model.Row{{Peer: 1}}}, "relation": {Relation: model.Connected}, "quota": {Quota: model.Quota{Used: 1}},
		"connections": {Connections: 1}, "notices": {Notices: []model.Notice{{Peer: 1}}},
	} {
		if other.Equal(&model.Reply{}) || !other.Equal(&other) {
			t.Errorf("%s: found equal to nothing, or not to itself", name)
		}
	}
	if empty := (model.Reply{Rows: []model.Row{}}); !empty.Equal(&model.Reply{}) {
		t.Error("an empty list is not the same as none")
	}
}
