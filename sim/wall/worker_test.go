package wall

import (
	"testing"
	"time"
)

// TestNap: a worker sleeps until shortly before something is due, so that it wakes in time, and a polite one until it is due; none sleeps so long
// that its mail gets old.
func TestNap(t *testing.T) {
	const us = int64(time.Microsecond)
	for _, test := range []struct {
		rest   int64
		polite bool
		want   time.Duration
	}{
		{1 * us, false, 0},
		{200 * us, false, 0},
		{201 * us, false, time.Microsecond},
		{900 * us, false, 700 * time.Microsecond},
		{5000 * us, false, time.Millisecond},
		{1 * us, true, time.Microsecond},
		{900 * us, true, 900 * time.Microsecond},
		{5000 * us, true, time.Millisecond},
		{-1 * us, true, 0},
	} {
		if got := nap(test.rest, test.polite); got != test.want {
			t.Errorf("%d ns before, polite %v: sleeps %v, expected %v", test.rest, test.polite, got, test.want)
		}
	}
}
