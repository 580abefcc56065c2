package chart_test

import (
	"io"
	"testing"

	"invitesim/reports/chart"
	"invitesim/reports/internal/sample"
)

// BenchmarkSteadyWeek draws every chart of an ordinary week as SVG.
func BenchmarkSteadyWeek(b *testing.B) {
	result := sample.Result(sample.SteadyWeek())
	for b.Loop() {
		for _, c := range chart.All(result) {
			if c.Why != "" {
				continue
			}
			if err := c.Render(io.Discard, "svg"); err != nil {
				b.Fatal(err)
			}
		}
	}
}
