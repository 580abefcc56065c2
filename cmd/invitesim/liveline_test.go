package main

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"invitesim/model"
	"invitesim/sim/virtual"
	"invitesim/sim/wall"
)

// TestLiveLineFitsTheTerminal draws runs of both clocks on terminals of several widths: the line never takes all columns, what matters most stays,
// and where there is room for all there is a bar too.
func TestLiveLineFitsTheTerminal(t *testing.T) {
	for _, c := range []struct {
		width         int
		virtual, wall string
	}{
		{
			160, "a-scenario-with-a-name: 1 000 000 commands/s, 30s left  25 % |███████                       |",
			"a-scenario-with-a-name: 23d12h: offered 123 456/s, achieved 120 000/s, late 12 345, p50 400ns, p99 1.2ms, rate limited 7, cooldown 1 234, 30s left  25 %",
		},
		{
			100, "a-scenario-with-a-name: 1 000 000 commands/s, 30s left  25 % |███████                       |",
			"offered 123 456/s, achieved 120 000/s, late 12 345, p50 400ns, p99 1.2ms, rate limited 7  25 %",
		},
		{
			80, "a-scenario-with-a-name: 1 000 000 commands/s, 30s left  25 % |████            |",
			"offered 123 456/s, achieved 120 000/s, late 12 345, p50 400ns, p99 1.2ms  25 %",
		},
		{40, "1 000 000 commands/s, 30s left  25 %", "achieved 120 000/s, late 12 345  25 %"},
		{20, "30s left  25 %", "late 12 345  25 %"},
		{5, "  25", "  25"},
	} {
		for clock, want := range map[string]string{"virtual": c.virtual, "wall": c.wall} {
			got := drawn(clock, c.width)
			if n := utf8.RuneCountInString(got); n >= c.width {
				t.Errorf("%s clock, %d columns: the line has %d: %q", clock, c.width, n, got)
			}
			if got != want {
				t.Errorf("%s clock, %d columns: found\n%q, expected\n%q", clock, c.width, got, want)
			}
		}
	}
}

// drawn returns the line that a terminal of that width shows of a run by one of the clocks, a quarter of which took ten seconds.
func drawn(clock string, width int) string {
	var out strings.Builder
	now := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	p := &progress{
		out: &out, name: "a-scenario-with-a-name", now: func() time.Time { return now }, runs: make([]virtual.Progress, 1),
		live: &liveLine{&out, func() int { return width }},
	}
	p.start()
	now = now.Add(10 * time.Second)
	if clock == "wall" {
		p.wall(liveRun())
	} else {
		p.update(virtual.Progress{At: 25, End: 100, Commands: 10_000_000})
	}
	return strings.TrimPrefix(out.String(), "\r\x1b[K")
}

// liveRun is how far a run by the wall clock is after ten seconds.
func liveRun() wall.Progress {
	at := model.Instant(3*7*86400 + 2*86400 + 12*3600)
	return wall.Progress{
		At: at, End: 4 * at, Wall: 10 * time.Second, Offered: 1_234_560, Achieved: 1_200_000, Late: 12_345,
		P50: 400, P99: 1200 * time.Microsecond, Hits: [4]uint64{7, 0, 0, 1234},
	}
}

// TestWallClockWithoutTerminal: a line every ten seconds and no more, with all figures.
func TestWallClockWithoutTerminal(t *testing.T) {
	var out strings.Builder
	now := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	p := &progress{out: &out, name: "storm", now: func() time.Time { return now }}
	p.start()
	for range 15 {
		now = now.Add(time.Second)
		p.wall(liveRun())
	}
	p.done()
	want := "storm: 23d12h: offered 123 456/s, achieved 120 000/s, late 12 345, p50 400ns, p99 1.2ms, rate limited 7, cooldown 1 234\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestLiveLineChangesNowAndThen: ten times a second and no more, each time in place of the last line, which is taken away at the end.
func TestLiveLineChangesNowAndThen(t *testing.T) {
	var out strings.Builder
	now := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	p := &progress{
		out: &out, name: "x", now: func() time.Time { return now }, runs: make([]virtual.Progress, 1),
		live: &liveLine{&out, func() int { return 30 }},
	}
	p.start()
	for range 20 {
		now = now.Add(10 * time.Millisecond)
		p.update(virtual.Progress{At: 0, End: 100})
	}
	p.done()
	const line = "\r\x1b[Kx: 0 commands/s, ? left   0 %"
	if got, want := out.String(), line+line+"\r\x1b[K"; got != want {
		t.Errorf("found %q, expected %q", got, want)
	}
}
