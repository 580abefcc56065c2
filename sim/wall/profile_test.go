package wall_test

import (
	"context"
	"testing"

	"invitesim/scenarios"
	"invitesim/sim/wall"
)

// BenchmarkClosedLoop runs a shipped scenario in a closed loop, on all processors. Its CPU profile is a part of what the program is compiled for (make
// profile).
func BenchmarkClosedLoop(b *testing.B) {
	set := []string{"duration=3w", "thresholds=", "load.loop=closed"}
	plan, _, mistakes := scenarios.Load(scenarios.Source{Name: "million-members"}, scenarios.Options{Set: set})
	if len(mistakes) > 0 {
		b.Fatal(mistakes)
	}
	commands := uint64(0)
	for b.Loop() {
		_, totals, err := wall.Run(context.Background(), plan, wall.Options{})
		if err != nil {
			b.Fatal(err)
		}
		commands += totals.Commands
	}
	b.ReportMetric(float64(commands)/b.Elapsed().Seconds(), "commands/s")
}
