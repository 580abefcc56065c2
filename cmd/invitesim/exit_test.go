package main

import (
	"errors"
	"fmt"
	"testing"
)

func TestExitCode(t *testing.T) {
	threshold := fail(exitThreshold, "a threshold failed")
	interrupted := fail(exitInterrupted, "interrupted")
	violated := fail(exitViolated, "an invariant is broken")
	regression := fail(exitRegression, "slower")
	noBaseline := fail(exitNoBaseline, "no baseline")
	diskFull := errors.New("disk full")
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{diskFull, 1},
		{threshold, 99},
		{fmt.Errorf("run: %w", interrupted), 105},
		{problems{threshold, interrupted}, 105},
		{problems{interrupted, noBaseline}, 121},
		{problems{noBaseline, regression}, 120},
		{problems{regression, diskFull}, 1},
		{problems{diskFull, violated, threshold}, 122},
		{problems{}, 0},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("exitCode(%v) = %d, want %d", c.err, got, c.want)
		}
	}
}
