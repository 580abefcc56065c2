package virtual

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/policies"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// freePlan is people whom no limit touches, and whose invitations end by answers, second thoughts and expiry alone.
func freePlan() *sim.Plan {
	all := [3]float64{1, 0, 0}
	unlimited, _ := policies.Named("unlimited")
	unlimited.Expiry = 10 * model.Day
	workdays := sim.Pattern{}
	for hour := range workdays {
		workdays[hour] = 0.1
		if hour/24 < 5 && hour%24 >= 8 && hour%24 < 18 {
			workdays[hour] = 1
		}
	}
	return &sim.Plan{
		Name: "free", Seed: 11, Start: model.DefaultStart, Duration: 5*model.Week + 3*model.Day, Warmup: model.Week + model.Day, Step: model.Day, Policy: unlimited,
		Populations: []sim.Population{
			{
				Name: "senders", Count: 4000, First: 1, Start: sim.StartWith{Inbound: all},
				Send: &sim.Sending{
					Rate: 6. / 604800, Spread: must(chance.Gamma(1, 0.5)), Pattern: workdays, Kinds: [3]float64{0.8, 0.2, 0},
					To: []sim.Target{{Population: 1, Share: 0.7}, {Population: 2, Share: 0.3}},
				},
				Mistakes: &sim.Mistakes{Share: 0.3, After: must(chance.Exponential(86400))},
			},
			{
				Name: "answering", Count: 30_000, First: 4001, Start: sim.StartWith{Inbound: all},
				Respond: &sim.Responding{
					Delay: must(chance.Lognormal(2*86400, 1)), Answers: sim.Answers{Accept: 0.9, Ignore: 0.3}, Again: 1,
					From: map[int]sim.Answers{0: {Accept: 0.5, Ignore: 0.4, Block: 0.05}},
				},
			},
			{Name: "silent", Count: 30_000, First: 34_001, Start: sim.StartWith{Inbound: all}},
		},
		Events: []sim.Event{{At: 2 * model.Instant(model.Week), For: 3 * model.Day, Factor: 2, Of: sim.RateSend, Where: []int{0}}},
	}
}

// predicted returns a prediction by its name.
func predicted(t *testing.T, r *sim.Result, name string) sim.Prediction {
	t.Helper()
	i := slices.IndexFunc(r.Predictions, func(p sim.Prediction) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("no prediction of %s among %+v", name, r.Predictions)
	}
	return r.Predictions[i]
}

// What people do without limits is what theory says, for several seeds; and the interval is narrow enough to tell another
// theory.
func TestRunsAgreeWithTheory(t *testing.T) {
	for seed := range uint64(3) {
		p := freePlan()
		p.Seed += seed
		r := runPlan(t, p, Options{})
		for _, name := range []string{"pending.mean", "members_by.senders.pending.mean", "members_by.senders.turns.planned"} {
			own := predicted(t, r, name)
			if !own.Agrees || own.Low >= own.Measured || own.High <= own.Measured || own.Formula == "" {
				t.Errorf("seed %d: %+v", p.Seed, own)
			}
			if value, _ := sim.Figure(r, name); value != own.Measured || own.High-own.Low > 0.2*own.Measured {
				t.Errorf("seed %d: %s is %v: %+v", p.Seed, name, value, own)
			}
		}
		c := r.Distributions["outstanding.predicted"]
		median := r.Series.Columns
		if len(c.X) == 0 || slices.Index(median, "outstanding.p50") < 0 || c.X[len(c.X)-1] > float64(p.Duration) {
			t.Errorf("seed %d: the curve is %+v", p.Seed, c)
		}
		mean := 0.0
		for i, x := range c.X {
			if x >= float64(p.Warmup) {
				mean += c.Y[i]
			}
		}
		behind := len(c.X) - slices.IndexFunc(c.X, func(x float64) bool { return x >= float64(p.Warmup) })
		if mean /= float64(behind); math.Abs(mean/predicted(t, r, "pending.mean").Predicted-1) > 0.02 {
			t.Errorf("seed %d: the mean of the curve is %v, expected %v", p.Seed, mean, predicted(t, r, "pending.mean").Predicted)
		}
	}
}

// Where something else bears on the figure there is no prediction of it.
func TestWhereTheoryIsSilent(t *testing.T) {
	for name, change := range map[string]func(*sim.Plan){
		"tidying": func(p *sim.Plan) {
			p.Populations[0].Tidy = &sim.Tidying{Every: model.Day, OlderThan: model.Day, AtMost: 5}
		},
		"resends": func(p *sim.Plan) {
			p.Populations[0].Resend = &sim.AfterShare{Share: 0.1, After: must(chance.Constant(60))}
		},
		"a limit": func(p *sim.Plan) { p.Policy.WeeklyLimit = model.Default().WeeklyLimit; p.Policy.WeeklyLimit.Count = 20 },
		"recipients leave": func(p *sim.Plan) {
			p.Populations[1].Leave = &sim.Leaving{AfterShare: sim.AfterShare{Share: 0.1, After: must(chance.Constant(60))}}
		},
		"recipients reconsider": func(p *sim.Plan) {
			p.Populations[1].Respond.Reconsider = &sim.AfterShare{Share: 0.1, After: must(chance.Constant(60))}
		},
		"recipients block again": func(p *sim.Plan) {
			p.Populations[1].Unblock = &sim.Unblocking{Again: &sim.AfterShare{Share: 0.1, After: must(chance.Constant(60))}}
		},
		"a change of rules": func(p *sim.Plan) {
			p.Events = append(p.Events, sim.Event{At: 3 * model.Instant(model.Week), Policy: &p.Policy})
		},
		"lists that lag": func(p *sim.Plan) { p.Policy.Views.Lag = model.Lag{Share: 10_000, Min: 60, Max: 120} },
		"some take none": func(p *sim.Plan) { p.Populations[2].Start.Inbound = [3]float64{0.9, 0, 0.1} },
	} {
		p := freePlan()
		change(p)
		r := runPlan(t, p, Options{})
		for _, prediction := range r.Predictions {
			if strings.HasSuffix(prediction.Name, "pending.mean") {
				t.Errorf("%s: found %+v", name, prediction)
			}
		}
		if _, drawn := r.Distributions["outstanding.predicted"]; drawn {
			t.Errorf("%s: found a curve", name)
		}
		hasTurns := slices.ContainsFunc(r.Predictions, func(p sim.Prediction) bool { return strings.HasSuffix(p.Name, "turns.planned") })
		if hasTurns == (name == "resends") {
			t.Errorf("%s: a prediction of the turns: %v", name, hasTurns)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, _, _ := Run(ctx, freePlan(), Options{}); !r.Interrupted || r.Predictions != nil {
		t.Errorf("of an interrupted run: found %+v", r.Predictions)
	}
}
