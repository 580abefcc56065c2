package sim

import (
	"testing"

	"invitesim/model"
)

func TestCovered(t *testing.T) {
	for _, test := range []struct {
		warmup model.Seconds
		end    model.Instant
		want   string
	}{
		{0, 3600, "the figures are of the first 1h of 28d"},
		{7 * 86400, 86400, "nothing was measured: the warm-up is 7d long, and the run got to 1d"},
		{7 * 86400, 7 * 86400, "nothing was measured: the warm-up is 7d long, and the run got to 7d"},
		{7 * 86400, 10*86400 + 12*3600 + 1, "the figures are of 7d to 10d12h1s of 28d"},
	} {
		if got := Covered(&Plan{Warmup: test.warmup, Duration: 4 * model.Week}, test.end); got != test.want {
			t.Errorf("a warm-up of %s, ended after %s: %q, want %q", test.warmup, test.end, got, test.want)
		}
	}
}
