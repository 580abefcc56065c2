package virtual_test

import (
	"context"
	"testing"

	"invitesim/scenarios"
	"invitesim/sim/virtual"
)

// BenchmarkLibrary runs shipped scenarios. Its CPU profile is what the program is compiled for (make profile).
func BenchmarkLibrary(b *testing.B) {
	for _, library := range []struct {
		name string
		set  []string
	}{
		{"million-members", []string{"duration=3w", "thresholds="}}, {"steady-week", nil}, {"trust-scored", nil}, {"withdraw-and-resend", nil},
	} {
		b.Run(library.name, func(b *testing.B) {
			plan, _, mistakes := scenarios.Load(scenarios.Source{Name: library.name}, scenarios.Options{Set: library.set})
			if len(mistakes) > 0 {
				b.Fatal(mistakes)
			}
			commands := uint64(0)
			for b.Loop() {
				_, totals, err := virtual.Run(context.Background(), plan, virtual.Options{})
				if err != nil {
					b.Fatal(err)
				}
				commands += totals.Commands
			}
			b.ReportMetric(float64(commands)/b.Elapsed().Seconds(), "commands/s")
		})
	}
}
