// Package figure writes figures the way a person would say them: counts with thin spaces between thousands, shares in
// percent, durations in the largest unit that fits. Charts and summaries share it, so that one figure reads the same
// everywhere.
package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ThinSpace separates thousands.
const ThinSpace = "\u2009"

// Count writes a whole number with thin spaces between thousands: 1 234 567.
func Count(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	if len(digits) <= 3 {
		return digits
	}
	head := len(digits) % 3
	var b strings.Builder
	b.WriteString(digits[:head])
	for i := head; i < len(digits); i += 3 {
		if i > 0 {
			b.WriteString(ThinSpace)
		}
		b.WriteString(digits[i : i+3])
	}
	return b.String()
}

// Number writes x with three significant digits below a thousand, and as a whole number from there on.
func Number(x float64) string {
	if x < 0 {
		return "-" + Number(-x)
	}
	if x >= 999.5 {
		return Count(uint64(math.Round(x)))
	}
	text := strconv.FormatFloat(x, 'g', 3, 64)
	if x != 0 && x < 0.001 || strings.Contains(text, "e") {
		return strconv.FormatFloat(x, 'g', 2, 64)
	}
	return text
}

// Share writes a share of 0 to 1 in percent. Only nothing is 0 % and only all is 100 %: what would round to them is
// written as a bound.
func Share(x float64) string {
	percent := 100 * x
	switch {
	case percent == 0 || percent == 100:
		return strconv.Itoa(int(percent)) + " %"
	case percent > 0 && percent < 0.01:
		return "< 0.01 %"
	case percent > 99.99 && percent < 100:
		return "> 99.99 %"
	case percent < 1:
		return strconv.FormatFloat(percent, 'f', 2, 64) + " %"
	case percent >= 99.9 && percent < 100:
		return strconv.FormatFloat(percent, 'f', 2, 64) + " %"
	}
	return strconv.FormatFloat(percent, 'f', 1, 64) + " %"
}

// Seeds names the seed of a run, or those of several replicas: replica k runs with the seed and k.
func Seeds(seed uint64, replicas int) string {
	if replicas > 1 {
		return fmt.Sprintf("seeds %d to %d", seed, seed+uint64(replicas)-1)
	}
	return fmt.Sprintf("seed %d", seed)
}

// Duration writes a length of time, given in seconds, in the unit that a person would choose, with at most three
// significant digits: 45 s, 12 min, 20 h, 3.5 d.
func Duration(seconds float64) string {
	switch {
	case seconds < 100:
		return Number(seconds) + " s"
	case seconds < 100*60:
		return Number(seconds/60) + " min"
	case seconds < 48*3600:
		return Number(seconds/3600) + " h"
	}
	return Number(seconds/86400) + " d"
}

// Span writes a length of time, in seconds, that somebody chose: exactly where it is a multiple of weeks or days, or up to 96 hours
// (26 weeks, 10 days, 36 hours), and as Duration does where it is of another length.
func Span(seconds int64) string {
	for _, unit := range []struct {
		length, most int64
		name         string
	}{{7 * 86400, math.MaxInt64, "week"}, {86400, math.MaxInt64, "day"}, {3600, 96 * 3600, "hour"}} {
		if seconds >= unit.length && seconds <= unit.most && seconds%unit.length == 0 {
			return Plural(uint64(seconds/unit.length), unit.name)
		}
	}
	return Duration(float64(max(seconds, 0)))
}

// Plural writes a count with its noun: 1 week, 26 weeks.
func Plural(n uint64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}
