package trace

import (
	"math"
	"strings"
	"testing"
	"time"

	"invitesim/model"
)

func TestOddKeysComeBack(t *testing.T) {
	for _, key := range []string{"a", "a=b", "->", "two words", "#", `"`, `\`, `a"b\c`, "tab\tand\nline", "é", "\xff\x00", "`", strings.Repeat("k ", 1000)} {
		command := model.Command{Actor: 1, Peer: 2, Key: key}
		line := "0s " + string(AppendCommand(nil, &command)) + " -> sent # after"
		got := parse(t, line).Lines[0]
		if got.Command != command || got.Given == nil || got.Comment != "after" {
			t.Errorf("key %q: %q reads as %+v", key, line, got)
		}
	}
}

func TestTimesComeBackToTheNanosecond(t *testing.T) {
	last := time.Duration(model.LastInstant) * time.Second
	for _, d := range []time.Duration{
		0, 1, 999, 1000, 1001, time.Millisecond, time.Second - 1, time.Second, 90*time.Minute + 38*time.Second + 123456789,
		-1, -400 * 24 * time.Hour, last, last - 1, -last,
	} {
		text := string(appendTime(nil, d))
		if got, err := parseTime(text, model.Calendar{}); err != nil || got != d {
			t.Errorf("%d ns prints %s and reads %d, %v", d, text, got, err)
		}
		date := time.Unix(model.DefaultStart, 0).UTC().Add(d).Format(time.RFC3339Nano)
		if got, err := parseTime(date, model.Calendar{Start: model.DefaultStart}); err != nil || got != d {
			t.Errorf("%d ns is %s and reads %d, %v", d, date, got, err)
		}
	}
}

func TestInstantCutsToTheSecondBefore(t *testing.T) {
	for d, want := range map[time.Duration]model.Instant{
		0: 0, 1: 0, time.Second - 1: 0, time.Second: 1, -1: -1, -time.Second: -1, -time.Second - 1: -2, math.MaxInt64: math.MaxInt64 / 1_000_000_000,
	} {
		if got := Instant(d); got != want {
			t.Errorf("%d ns is second %d, want %d", d, got, want)
		}
	}
}
