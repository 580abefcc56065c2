package virtual

import (
	"context"
	"testing"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// crowdPlan is many members who do the ordinary things, for so long.
func crowdPlan(members uint32, duration model.Seconds) *sim.Plan {
	return &sim.Plan{
		Name: "crowd", Seed: 1, Start: model.DefaultStart, Duration: duration, Step: sim.DefaultStep(duration), Policy: model.Default(),
		Populations: []sim.Population{{
			Name: "member", Count: members, First: 1,
			Send: &sim.Sending{
				Rate: 2. / 604800, To: []sim.Target{{Population: 0, Share: 1}}, Kinds: [3]float64{1, 0, 0},
			},
			Respond: &sim.Responding{
				Delay: must(chance.Lognormal(72000, 1.6)), Answers: sim.Answers{Accept: 0.45, Ignore: 0.25},
			},
			Mistakes: &sim.Mistakes{Share: 0.02, After: must(chance.Exponential(180))},
		}},
	}
}

// BenchmarkRun runs people in virtual time; ns/command is the figure to look at.
func BenchmarkRun(b *testing.B) {
	for _, size := range []struct {
		name    string
		members uint32
		span    model.Seconds
	}{
		{"members=10k", 10_000, 26 * model.Week}, {"members=100k", 100_000, 4 * model.Week}, {"members=1M", 1_000_000, 2 * model.Week},
	} {
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			plan := crowdPlan(size.members, size.span)
			commands, nanoseconds := uint64(0), int64(0)
			for b.Loop() {
				_, totals, err := Run(context.Background(), plan, Options{})
				if err != nil {
					b.Fatal(err)
				}
				commands += totals.Commands
				nanoseconds += int64(totals.Wall)
			}
			b.ReportMetric(float64(nanoseconds)/float64(commands), "ns/command")
			b.ReportMetric(float64(commands)/float64(nanoseconds)*1e9, "commands/s")
		})
	}
}
