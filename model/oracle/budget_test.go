package oracle_test

import (
	"testing"

	"invitesim/model"
	"invitesim/model/oracle"
)

// A budget covers less the longer the histories of those concerned are, and the more timers wait once they fire; what it does not cover changes nothing.
func TestBudget(t *testing.T) {
	policy := model.Default()
	policy.Reminders = nil
	covered := func(members uint32, at model.Instant, outstanding int64) (n int) {
		b := oracle.NewBudget(members, &policy)
		for m := model.Member(1); ; m = m%model.Member(members) + 1 {
			if !b.Covers(at, &model.Command{Verb: model.Send, Actor: m, Peer: model.Member(members) + 1}, outstanding) {
				return n
			}
			n++
		}
	}
	fired := model.Instant(policy.Expiry)
	one, many, timers := covered(1, 0, 0), covered(1000, 0, 0), covered(1000, fired, 10_000)
	if one < 10_000 || many < 10*one || timers > many/10 || covered(1000, fired-1, 10_000) != many {
		t.Errorf("commands covered: %d of one member, %d of a thousand, %d with ten thousand timers", one, many, timers)
	}
	b := oracle.NewBudget(2, &policy)
	looks := 0
	for b.Covers(0, &model.Command{Verb: model.QuerySent, Actor: 1}, 0) {
		looks++
	}
	if looks != 20_000_000 {
		t.Errorf("%d looks at an empty list are covered, expected as many as are 50 steps each", looks)
	}
}
