package model

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Instant is a point in time as the rules see it: whole seconds since the start of the run. Instants before the
// start (an account opened earlier) are negative. Finer instants are cut to the second before a rule sees them.
type Instant int64

// Seconds is a length of time as the rules see it: whole seconds, never negative in a valid policy.
type Seconds int64

const (
	// Never is the instant that no clock reaches: the end of an invitation that does not expire.
	Never Instant = math.MaxInt64 / 4
	// Forever is the length that is never over: an expiry of `never`.
	Forever Seconds = math.MaxInt64 / 4
	// LastInstant is the latest instant that a run or a trace may name, 64 years after the start. It leaves room for
	// the longest duration of a policy, so that instants and their ends fit 32 bits.
	LastInstant Instant = 64 * 365 * Instant(Day)
	// LongestDuration is the longest finite duration that a policy may name, 64 years.
	LongestDuration Seconds = 64 * 365 * Day
)

// The units of a duration that the rules are written in.
const (
	Minute Seconds = 60
	Hour           = 60 * Minute
	Day            = 24 * Hour
	Week           = 7 * Day
)

// firstMonday is Monday 1970-01-05T00:00:00Z in Unix seconds: calendar periods are counted from there.
const firstMonday = 4 * int64(Day)

// Calendar places a run on the calendar: it knows at which Unix second the run starts.
type Calendar struct {
	Start int64 // Unix seconds, UTC
}

// DefaultStart is the date on which a run starts unless it says otherwise: Monday 2026-01-05T00:00:00Z.
const DefaultStart int64 = 1767571200

// Period returns the ordinal of the calendar period that holds t, for periods of the given length counted from
// Monday 1970-01-05T00:00Z. The length must be positive.
func (c Calendar) Period(t Instant, length Seconds) int64 {
	return floorDiv(int64(t)+c.Start-firstMonday, int64(length))
}

// PeriodStart returns the first instant of the calendar period with the given ordinal.
func (c Calendar) PeriodStart(ordinal int64, length Seconds) Instant {
	return Instant(ordinal*int64(length) + firstMonday - c.Start)
}

// Time returns t as a date in UTC.
func (c Calendar) Time(t Instant) time.Time { return time.Unix(c.Start+int64(t), 0).UTC() }

// After returns the instant d after t, or Never if either has no end.
func (t Instant) After(d Seconds) Instant {
	if d >= Forever || t >= Never {
		return Never
	}
	return t + Instant(d)
}

// String prints an instant as the duration since the start, as traces do.
func (t Instant) String() string {
	if t >= Never {
		return "never"
	}
	return Seconds(t).String()
}

// String prints a duration in the units that ParseDuration reads: `21d`, `1d7h54m38s`, `0s`, `never`.
func (d Seconds) String() string {
	if d >= Forever {
		return "never"
	}
	if d < 0 {
		return "-" + (-d).String()
	}
	var b strings.Builder
	for _, unit := range []struct {
		length Seconds
		name   byte
	}{{Day, 'd'}, {Hour, 'h'}, {Minute, 'm'}, {1, 's'}} {
		if n := d / unit.length; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10))
			b.WriteByte(unit.name)
			d %= unit.length
		}
	}
	if b.Len() == 0 {
		return "0s"
	}
	return b.String()
}

// durationUnits are the units of a duration in text. Go has no day, week or year; a year is 365 d.
var durationUnits = map[string]time.Duration{
	"ns": 1, "us": time.Microsecond, "µs": time.Microsecond, "μs": time.Microsecond, "ms": time.Millisecond, "s": time.Second,
	"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour, "y": 365 * 24 * time.Hour,
}

// ParseDuration reads a duration: Go's units plus d, w and y (= 365 d), such as `3w2d12h`, `250us` or `-400d`, and the plain `0`. Any other number
// without a unit is an error, as is a length over 292 years.
func ParseDuration(text string) (time.Duration, error) {
	rest, negative := text, false
	if strings.HasPrefix(rest, "-") {
		rest, negative = rest[1:], true
	}
	if rest == "0" {
		return 0, nil
	}
	if rest == "" {
		return 0, fmt.Errorf("a duration is missing (such as 3w2d12h)")
	}
	var total time.Duration
	for rest != "" {
		amount, tail, err := leadingDuration(text, rest)
		if err != nil {
			return 0, err
		}
		if total > math.MaxInt64-amount {
			return 0, rangeError(fmt.Sprintf("duration %q is too long (expected at most 292y)", text))
		}
		total += amount
		rest = tail
	}
	if negative {
		return -total, nil
	}
	return total, nil
}

// leadingDuration reads the first number and unit of rest, which is the tail of text.
func leadingDuration(text, rest string) (amount time.Duration, tail string, err error) {
	digits := strings.TrimLeft(rest, "0123456789._")
	number := rest[:len(rest)-len(digits)]
	unitEnd := strings.IndexAny(digits, "0123456789.")
	if unitEnd < 0 {
		unitEnd = len(digits)
	}
	unit := digits[:unitEnd]
	if number == "" {
		return 0, "", fmt.Errorf("%q is not a duration (expected one such as 3w2d12h)", text)
	}
	if unit == "" {
		return 0, "", fmt.Errorf("duration %q has no unit (expected one such as %ss or %sd)", text, number, number)
	}
	length, ok := durationUnits[unit]
	if !ok {
		return 0, "", fmt.Errorf("duration %q has an unknown unit %q (expected ns, us, ms, s, m, h, d, w or y)", text, unit)
	}
	whole, err := strconv.ParseInt(strings.ReplaceAll(number, "_", ""), 10, 64)
	if err == nil {
		if whole > int64(math.MaxInt64/length) {
			return 0, "", rangeError(fmt.Sprintf("duration %q is too long (expected at most 292y)", text))
		}
		return time.Duration(whole) * length, digits[unitEnd:], nil
	}
	fraction, err := strconv.ParseFloat(strings.ReplaceAll(number, "_", ""), 64)
	if err != nil {
		return 0, "", fmt.Errorf("%q is not a duration (%q is no number)", text, number)
	}
	nanoseconds := math.Round(fraction * float64(length))
	if nanoseconds >= math.MaxInt64 {
		return 0, "", rangeError(fmt.Sprintf("duration %q is too long (expected at most 292y)", text))
	}
	return time.Duration(nanoseconds), digits[unitEnd:], nil
}

// rangeError is the error of a duration that is well written, and below or above what there may be.
type rangeError string

func (e rangeError) Error() string { return string(e) }

// ParseSeconds reads a duration of whole seconds, of at most LongestDuration, or `never`.
func ParseSeconds(text string) (Seconds, error) {
	if text == "never" {
		return Forever, nil
	}
	d, err := ParseDuration(text)
	if long := rangeError(""); errors.As(err, &long) {
		d, err = math.MaxInt64/time.Second*time.Second, nil
	}
	if err != nil {
		return 0, err
	}
	if d < 0 {
		return 0, rangeError(fmt.Sprintf("duration %q is negative (expected 0s or more)", text))
	}
	if d%time.Second != 0 {
		return 0, fmt.Errorf("duration %q is no whole number of seconds", text)
	}
	if s := Seconds(d / time.Second); s <= LongestDuration {
		return s, nil
	}
	return 0, rangeError(fmt.Sprintf("duration %q is too long (expected at most 64y)", text))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
