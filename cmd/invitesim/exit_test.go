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

// Problems among problems are told one by one, and what is said around them is not lost.
func TestSeveral(t *testing.T) {
	one, two, three := errors.New("one"), errors.New("two"), errors.New("three")
	all := several(one, nil, several(two, three), fmt.Errorf("around: %w", problems{one}))
	if got, want := fmt.Sprint(flatten(all)), "[one two three around: one]"; got != want {
		t.Errorf("found %s, expected %s", got, want)
	}
	if several(nil, several()) != nil {
		t.Error("nothing is a failure")
	}
}
