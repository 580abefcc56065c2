package histories

import (
	"strings"
	"testing"

	"invitesim/model/check"
	"invitesim/model/trace"
)

// A history prints as a trace, so that what fails can be kept and run again.
func TestHistoriesPrintAsTraces(t *testing.T) {
	run := 0
	for seed := range uint64(100) {
		h := Random(seed, 100)
		tr, mistakes := trace.Parse(strings.NewReader(h.String()), "history")
		if len(mistakes) > 0 {
			t.Fatalf("seed %d: %v", seed, mistakes)
		}
		figures, violation, err := check.Run(t.Context(), tr, buildOracle)
		switch {
		case err != nil && strings.Contains(err.Error(), "connect"):
			// Set-up that cannot be is a mistake of a trace; histories have it on purpose.
		case err != nil || violation != nil:
			t.Errorf("seed %d: %v%v", seed, violation, err)
		case figures.Commands+figures.Queries != 100:
			t.Errorf("seed %d: %s, expected 100 commands and queries", seed, figures)
		default:
			run++
		}
	}
	if run < 20 {
		t.Errorf("found %d histories that run as traces, expected at least 20", run)
	}
}
