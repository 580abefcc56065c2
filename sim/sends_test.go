package sim_test

import (
	"testing"

	"invitesim/model"
	"invitesim/sim"
)

// What people set out to send tells how many pairs there will be, but for limits, events and few people.
func TestExpectedPairs(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sim.Plan)
		want   int
	}{
		{"three a week for two weeks", func(*sim.Plan) {}, 60_000},
		{"one a week is let through, in each week that is touched", func(p *sim.Plan) { p.Policy.WeeklyLimit.Count = 1 }, 30_000},
		{"no limit", func(p *sim.Plan) { p.Policy.WeeklyLimit.Count = model.Unlimited }, 60_000},
		{"a limit that is lifted", func(p *sim.Plan) {
			p.Policy.WeeklyLimit.Count = 1
			p.Events = []sim.Event{{At: 5, Policy: &model.Policy{}}}
		}, 60_000},
		{"a rush", func(p *sim.Plan) {
			p.Events = []sim.Event{{At: model.Instant(model.Week), For: model.Day, Factor: 8, Of: sim.RateSend, Where: []int{0, 1}}}
		}, 90_000},
		{"a rush in part", func(p *sim.Plan) {
			p.Events = []sim.Event{{At: model.Instant(2*model.Week - model.Day), For: model.Week, Factor: 8, Of: sim.RateSend, Where: []int{0}}}
		}, 90_000},
		{"a rush of others", func(p *sim.Plan) {
			p.Events = []sim.Event{{At: 0, For: model.Week, Factor: 8, Of: sim.RateSend, Where: []int{1}}, {At: 0, For: model.Week, Factor: 8, Of: sim.RateLookSent, Where: []int{0}}}
		}, 60_000},
		{"as many as there can be", func(p *sim.Plan) { p.Populations[0].Count = 7 }, 42},
		{"fewer members than would make so many", func(p *sim.Plan) { p.Populations[0].Count, p.Populations[0].Send.Rate = 2, 1 }, 24},
		{"more than there is memory for", func(p *sim.Plan) { p.Populations[0].Send.Rate = 1 }, 300_150},
	} {
		plan := &sim.Plan{Duration: 2 * model.Week, Policy: model.Default(), Populations: []sim.Population{
			{Count: 10_000, Send: &sim.Sending{Rate: 3.0 / float64(model.Week)}}, {Count: 5, Send: nil},
		}}
		c.change(plan)
		if got := plan.ExpectedPairs(plan.Duration); got < c.want-1 || got > c.want {
			t.Errorf("%s: %d pairs, want %d", c.name, got, c.want)
		}
		if got, half := plan.ExpectedPairs(plan.Duration), plan.ExpectedPairs(plan.Duration/2); half > got {
			t.Errorf("%s: %d pairs, and %d in half of the time", c.name, got, half)
		}
	}
}
