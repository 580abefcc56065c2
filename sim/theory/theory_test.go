package theory

import (
	"math"
	"testing"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
	"invitesim/sim/people"
)

// flowOf returns the flow of one population that sends one invitation a day each, for 100 days, to people who accept after a time.
func flowOf(t *testing.T, share float64, delay *chance.Distribution, expiry model.Seconds) *flow {
	t.Helper()
	all := [3]float64{1, 0, 0}
	plan := &sim.Plan{Seed: 1, Start: model.DefaultStart, Duration: 100 * model.Day, Policy: model.Default(), Populations: []sim.Population{{
		Name: "people", Count: 10, First: 1, Start: sim.StartWith{Inbound: all},
		Send:    &sim.Sending{Rate: 1 / float64(model.Day), To: []sim.Target{{Share: 1}}, Kinds: all},
		Respond: &sim.Responding{Delay: delay, Answers: sim.Answers{Accept: share}, Again: 1},
	}}}
	plan.Policy.Expiry = expiry
	crowd, err := people.NewCrowd(plan)
	if err != nil {
		t.Fatal(err)
	}
	defer crowd.Release()
	return newFlow(plan, &crowd.Groups()[0])
}

func near(a, b, within float64) bool { return math.Abs(a-b) <= within*math.Abs(b) }

// The mean outstanding is the rate times the mean time outstanding, once that has passed.
func TestLittlesLaw(t *testing.T) {
	day := float64(model.Day)
	exponential, _ := chance.Exponential(2 * day)
	constant, _ := chance.Constant(5 * day)
	for _, test := range []struct {
		name        string
		flow        *flow
		outstanding float64 // of each member, at the end
		held        float64 // days in all
	}{
		{"exponential", flowOf(t, 1, exponential, model.Forever), 2, 2*100 - 2*2},
		{"constant", flowOf(t, 1, constant, model.Forever), 5, 5*100 - 5*5/2.},
		{"half of them, the rest until they expire", flowOf(t, 0.5, constant, 20*model.Day), 12.5, (5*100-12.5)/2 + (20*100-200)/2},
		{"never", flowOf(t, 0, constant, model.Forever), 100, 100 * 100 / 2},
	} {
		rate := test.flow.rate() / 10
		if got := float64(rate * test.flow.outstanding(cells)); !near(got, test.outstanding, 0.002) {
			t.Errorf("%s: %v outstanding at the end, expected %v", test.name, got, test.outstanding)
		}
		if got := float64(rate*test.flow.held(0)) / day; !near(got, test.held, 0.002) {
			t.Errorf("%s: held for %v days, expected %v", test.name, got, test.held)
		}
		if got := float64(rate*test.flow.held(cells/2)) / day; test.name == "exponential" && !near(got, 2*50, 0.002) {
			t.Errorf("%s: held for %v days of the second half, expected 100", test.name, got)
		}
	}
}

// Members are senders from their first send on.
func TestSenders(t *testing.T) {
	day := float64(model.Day)
	constant, _ := chance.Constant(day)
	f := flowOf(t, 1, constant, model.Forever)
	if got, expected := f.senders(cells/50), 10*(1-math.Exp(-2)); !near(got, expected, 0.005) {
		t.Errorf("after two days %v have sent, expected %v", got, expected)
	}
	if got, expected := f.time(0)/day, 10*(100-1.); !near(got, expected, 0.002) {
		t.Errorf("found %v days of senders, expected %v", got, expected)
	}
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		predicted float64
		agrees    bool
	}{{132, true}, {133.5, false}, {68, true}, {66.5, false}} {
		p := sim.Prediction{Predicted: test.predicted, Measured: 100}
		if compare(&p, 10, poisson95, poisson999); p.Agrees != test.agrees || !near(p.Low, 80.4, 1e-4) || !near(p.High, 119.6, 1e-4) {
			t.Errorf("found %+v, expected agreement: %v", p, test.agrees)
		}
	}
	if got := standardError([]float64{1, 2, 3, 4}); !near(got, math.Sqrt(5./12), 1e-12) {
		t.Errorf("found a standard error of %v", got)
	}
}
