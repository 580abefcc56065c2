package model

import (
	"math"
	"strings"
	"testing"
	"time"
)

// TestLongestDuration: what has no place in 64 bits of nanoseconds is too long, to the unit, and nothing else is.
func TestLongestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"9223372036854775807ns": math.MaxInt64, "9223372036854775us": 9223372036854775 * time.Microsecond, "9223372036s": 9223372036 * time.Second,
		"-9223372036s": -9223372036 * time.Second, "9223372036s854775807ns": math.MaxInt64, "292y": 292 * 365 * 24 * time.Hour, "1.5h": 90 * time.Minute,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"9223372036854775808ns", "9223372036854776us", "9223372036855ms", "9223372037s", "293y", "9223372036s854775808ns", "9223372036.9s", "99999999999999999999y",
	} {
		if got, err := ParseDuration(text); err == nil || !strings.Contains(err.Error(), "is too long (expected at most 292y)") {
			t.Errorf("%s: %v, %v; want it to be too long", text, got, err)
		}
		if amount, _, err := leadingDuration(text, text); err == nil && amount < 0 {
			t.Errorf("%s: %d ns, which wraps", text, amount)
		}
	}
}
