package sim_test

import (
	"testing"

	"invitesim/model"
	"invitesim/sim"
)

// What people set out to send tells how many pairs there will be, but for limits and few people.
func TestExpectedPairs(t *testing.T) {
	plan := &sim.Plan{Duration: 2 * model.Week, Policy: model.Default(), Populations: []sim.Population{
		{Count: 10_000, Send: &sim.Sending{Rate: 3.0 / float64(model.Week)}}, {Count: 5, Send: nil},
	}}
	for _, c := range []struct {
		name   string
		change func()
		want   float64
	}{
		{"three a week for two weeks", func() {}, 60_000},
		{"two a week are let through", func() { plan.Policy.WeeklyLimit.Count = 2 }, 40_000},
		{"no limit", func() { plan.Policy.WeeklyLimit.Count = model.Unlimited }, 60_000},
		{"as many as there can be", func() { plan.Populations[0].Count = 7 }, 42},
		{"fewer members than would make so many", func() { plan.Populations[0].Count = 2; plan.Populations[0].Send.Rate = 1 }, 24.5},
	} {
		c.change()
		if got := plan.ExpectedPairs(); got < c.want*0.999 || got > c.want*1.001 {
			t.Errorf("%s: %g pairs, want %g", c.name, got, c.want)
		}
	}
	if got, want := plan.SendsPerSecond(), 2.0; got != want {
		t.Errorf("%g sends a second, want %g", got, want)
	}
}
