package main

import (
	"strings"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/sim/virtual"
)

// TestProgressWithoutTerminal: a line every ten seconds and no more, with rate and time left.
func TestProgressWithoutTerminal(t *testing.T) {
	var out strings.Builder
	clock := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	p := &progress{out: &out, name: "steady-week", now: func() time.Time { return clock }, runs: make([]virtual.Progress, 2)}
	p.start()
	for second := 1; second <= 25; second++ {
		clock = clock.Add(time.Second)
		for replica := range p.runs {
			p.update(virtual.Progress{Replica: replica, At: model.Instant(second), End: 100, Commands: uint64(second) * 500})
		}
	}
	p.done()
	// The first replica has just told of its second: the other one is half a percent behind.
	want := "steady-week: 9.5 % done, 9 500 commands, 950 commands/s, 95.3 s left\n" +
		"steady-week: 19.5 % done, 19 500 commands, 975 commands/s, 82.6 s left\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestProgressBeforeAnythingIsDone: nothing is known of the time left.
func TestProgressBeforeAnythingIsDone(t *testing.T) {
	var out strings.Builder
	clock := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	p := &progress{out: &out, name: "x", now: func() time.Time { return clock }, runs: make([]virtual.Progress, 1)}
	p.start()
	clock = clock.Add(time.Minute)
	p.update(virtual.Progress{End: 100})
	if got, want := out.String(), "x: 0 % done, 0 commands, 0 commands/s, ? left\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestQuietHasNoProgress: a nil progress takes every call.
func TestQuietHasNoProgress(t *testing.T) {
	c := &call{quiet: true}
	p := c.newProgress("x", 1)
	if p != nil {
		t.Fatal("quiet, and yet there is progress")
	}
	p.update(virtual.Progress{Commands: 1})
	p.done()
}
