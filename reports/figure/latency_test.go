package figure_test

import (
	"testing"

	"invitesim/reports/figure"
)

func TestLatency(t *testing.T) {
	for nanoseconds, want := range map[float64]string{
		0: "0 ns", 7: "7 ns", 250.4: "250 ns", 999: "999 ns", 999.6: "1 µs", 1437: "1.44 µs", 12_000_000: "12 ms", 999_400_000: "999 ms",
		999_900_000: "1 s", 2_140_000_000: "2.14 s", 300e9: "5 min",
	} {
		if got := figure.Latency(nanoseconds); got != want {
			t.Errorf("%g ns is %q, want %q", nanoseconds, got, want)
		}
	}
}
