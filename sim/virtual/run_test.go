package virtual

import (
	"context"
	"encoding/json"
	"testing"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// must returns a distribution that a test gives good numbers for.
func must(d *chance.Distribution, err error) *chance.Distribution {
	if err != nil {
		panic(err)
	}
	return d
}

// smallPlan is 8 weeks of two populations with every habit there is.
func smallPlan() *sim.Plan {
	all := [3]float64{1, 0, 0}
	p := &sim.Plan{
		Name: "small", Seed: 7, Start: model.DefaultStart, Duration: 8 * model.Week, Warmup: model.Week, Step: 6 * model.Hour,
		Policy: model.Default(),
		Populations: []sim.Population{{
			Name: "casual", Count: 300, First: 1,
			Start: sim.StartWith{
				Connections: must(chance.Lognormal(150, 1.2)), AccountAge: must(chance.Uniform(0, 3650*86400)),
				Inbound: [3]float64{0.9, 0.07, 0.03},
			},
			Send: &sim.Sending{
				Rate: 10. / 604800, Spread: must(chance.Gamma(1, 0.5)), To: []sim.Target{{Population: 0, Share: 0.8}, {Population: 1, Share: 0.2}},
				Choose: sim.Choice{Kind: sim.ChooseZipf, Exponent: 0.8}, Note: 0.2, Email: 0.05, Kinds: [3]float64{0.9, 0.06, 0.04},
			},
			Respond: &sim.Responding{
				Delay: must(chance.Lognormal(72000, 1.6)), Answers: sim.Answers{Accept: 0.45, Ignore: 0.25, Report: 0.02, Block: 0.02}, Again: 0.8,
			},
			Mistakes: &sim.Mistakes{Share: 0.02, After: must(chance.Exponential(180))},
			Tidy:     &sim.Tidying{Every: 14 * model.Day, OlderThan: 14 * model.Day, AtMost: 20, Gap: 30},
			Resend:   &sim.AfterShare{Share: 0.3, After: must(chance.Uniform(20*86400, 30*86400))},
			Remove:   &sim.AfterShare{Share: 0.1, After: must(chance.Exponential(10 * 86400))},
			Unblock:  &sim.AfterShare{Share: 0.3, After: must(chance.Exponential(10 * 86400))},
			Leave: &sim.Leaving{
				AfterShare: sim.AfterShare{Share: 0.2, After: must(chance.Exponential(30 * 86400))},
				Back:       &sim.AfterShare{Share: 0.5, After: must(chance.Exponential(10 * 86400))},
			},
			Look: sim.Looking{Received: 5. / 604800, Sent: 1. / 604800},
		}, {
			Name: "recruiter", Count: 20, First: 301, Start: sim.StartWith{Inbound: all},
			Send: &sim.Sending{
				Sittings: &sim.Sittings{Every: 7 * model.Day, At: must(chance.Constant(9 * 3600)), Size: must(chance.Constant(120)), Gap: must(chance.Constant(20))},
				To:       []sim.Target{{Population: 0, Share: 1}}, Kinds: all,
				WhenRefused: sim.WhenRefused{Kind: sim.Wait},
			},
			Tidy: &sim.Tidying{WhenCapped: true, OlderThan: 0, AtMost: 50, Gap: 30},
		}},
	}
	capped := p.Policy
	capped.PendingCap.Count = 100
	capped.Expiry = 20 * model.Day
	p.Events = []sim.Event{
		{At: 3 * model.Instant(model.Week), For: 6 * model.Hour, Factor: 10, Of: sim.RateSend, Where: []int{0}},
		{At: 4 * model.Instant(model.Week), Policy: &capped},
	}
	return p
}

func runPlan(t *testing.T, p *sim.Plan, o Options) *sim.Result {
	t.Helper()
	result, _, err := Run(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestSmall(t *testing.T) {
	r := runPlan(t, smallPlan(), Options{Check: true})
	r.Series.Rows = nil
	r.Policy.Settings = nil
	r.Distributions = nil
	text, _ := json.MarshalIndent(r, "", " ")
	t.Log(string(text))
}
