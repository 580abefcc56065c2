package scenarios

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"invitesim/model"
)

// What a message says is expected of a value.
const (
	expectDuration = "a duration with its unit, such as 30s, 12h or 3w2d"
	expectShare    = "a share, 0% to 100%"
	expectRate     = "a rate, such as 2/week, 5/day or 0.5/h"
	expectCount    = "a whole number, such as 300 or 95_000"
	expectNumber   = "a number"
	expectDate     = "a date such as 2026-01-05, or 2026-01-05T08:00:00Z"
	expectName     = "a name of letters, digits, `-` and `_`, such as steady-week"
)

// isNumber holds for a number in decimal; isCount for one without sign and fraction. A leading zero is refused: some readers of YAML take it for octal.
func isNumber(s string) bool { return numberPattern.MatchString(s) }
func isCount(s string) bool  { return countPattern.MatchString(s) }
func isName(s string) bool   { return namePattern.MatchString(s) }

// expectNameOf says what is expected in place of a name that is none, or has more than so many characters.
func expectNameOf(s string, most int) string {
	if len(s) > most && isName(s[:most]) {
		return "a name of at most " + strconv.Itoa(most) + " characters"
	}
	return expectName
}

// withoutZeros returns a count that begins with zeros as it is to be written, and nothing for any other text.
func withoutZeros(s string) string {
	if short := strings.TrimLeft(s, "0_"); short != s && isCount(short) {
		return short
	}
	return ""
}

const (
	patternCount  = `^(0|[1-9][0-9]*(_[0-9]+)*)$`
	patternNumber = `^-?(0|[1-9][0-9]*(_[0-9]+)*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?$`
	patternName   = `^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$`
	maxName       = 100
)

var (
	countPattern  = regexp.MustCompile(patternCount)
	numberPattern = regexp.MustCompile(patternNumber)
	namePattern   = regexp.MustCompile(patternName)
)

// parseNumber reads a finite decimal number.
func parseNumber(s string) (float64, bool) {
	if !isNumber(s) {
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	return x, err == nil && !math.IsInf(x, 0)
}

// number reads a number within bounds.
func (d *decoder) number(n *node, least, most float64) float64 {
	expected := expectNumber + ", " + bounds(least, most)
	s, ok := d.text(n, expected)
	if !ok {
		return 0
	}
	x, ok := parseNumber(s)
	if !ok || x < least || x > most {
		d.wrong(n, expected, meantNumber(s))
		return 0
	}
	return x
}

func bounds(least, most float64) string {
	show := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	if math.IsInf(most, 1) {
		return show(least) + " or more"
	}
	return show(least) + " to " + show(most)
}

// count reads a whole number within bounds.
func (d *decoder) count(n *node, least, most uint64) uint64 {
	expected := expectCount + ", from " + itoa(least) + " to " + itoa(most)
	s, ok := d.text(n, expected)
	if !ok {
		return 0
	}
	if !isCount(s) {
		d.wrong(n, expected, meantCount(s))
		return 0
	}
	x, err := strconv.ParseUint(strings.ReplaceAll(s, "_", ""), 10, 64)
	if err != nil || x < least || x > most {
		d.wrong(n, expected)
		return 0
	}
	return x
}

// parseShare reads a share such as `45%`, as a proportion of 1. Shares over 100 % are no shares.
func parseShare(s string) (float64, bool) {
	number, percent := strings.CutSuffix(s, "%")
	x, ok := parseNumber(strings.TrimSpace(number))
	if !ok || x < 0 || x > 100 || (!percent && x != 0) {
		return 0, false
	}
	return x / 100, true
}

// share reads a share as a proportion of 1.
func (d *decoder) share(n *node) float64 {
	s, ok := d.text(n, expectShare)
	if !ok {
		return 0
	}
	x, ok := parseShare(s)
	if !ok {
		d.wrong(n, expectShare, meantShare(s))
	}
	return x
}

// seconds reads a duration of whole seconds.
func (d *decoder) seconds(n *node) model.Seconds { return d.secondsFrom(n, "0s or more") }

// secondsFrom reads a duration of whole seconds; of a negative one it says what is expected.
func (d *decoder) secondsFrom(n *node, least string) model.Seconds {
	s, ok := d.text(n, expectDuration)
	if !ok {
		return 0
	}
	x, err := model.ParseSeconds(s)
	if err == nil && x < model.Forever {
		return x
	}
	expected, meant := expectedFor(s, least)
	d.wrong(n, expected, meant)
	return 0
}

// expectedFor says what is expected in place of a text that is no duration of whole seconds, or one beyond what there may be, and what it may mean; of
// a negative one it says what is expected.
func expectedFor(s, least string) (expected, meant string) {
	if _, err := model.ParseSeconds(s); err != nil {
		switch _, said, _ := phrases(err.Error()); said {
		case "at most 64y":
			return said, ""
		case "0s or more":
			return least, ""
		case "":
			return "whole seconds", ""
		}
	}
	return expectDuration, meantDuration(s)
}

// positive reads a duration of at least a second.
func (d *decoder) positive(n *node) model.Seconds {
	before := len(d.mistakes)
	const least = "a duration of 1s or more"
	x := d.secondsFrom(n, least)
	if n != nil && x == 0 && len(d.mistakes) == before {
		d.wrong(n, least)
	}
	return x
}

// zone reads the difference between local time and UTC.
func (d *decoder) zone(n *node) model.Seconds {
	const expected = "local time minus UTC, such as -5h, from -24h to 24h"
	s, ok := d.text(n, expected)
	if !ok {
		return 0
	}
	x, err := model.ParseDuration(strings.TrimPrefix(s, "+"))
	if err != nil || x%time.Second != 0 || x.Abs() > 24*time.Hour {
		d.wrong(n, expected)
		return 0
	}
	return model.Seconds(x / time.Second)
}

// rateUnit returns how many seconds a unit that a rate can be per is long; false for none.
func rateUnit(name string) (float64, bool) {
	switch name {
	case "s", "second":
		return 1, true
	case "m", "min", "minute":
		return float64(model.Minute), true
	case "h", "hour":
		return float64(model.Hour), true
	case "d", "day":
		return float64(model.Day), true
	case "w", "week":
		return float64(model.Week), true
	case "y", "year":
		return 365 * float64(model.Day), true
	}
	return 0, false
}

// maxRate bounds what one person can do in a second.
const maxRate = 1000

// rate reads a rate above 0 as occasions in a second.
func (d *decoder) rate(n *node) float64 {
	s, ok := d.text(n, expectRate)
	if !ok {
		return 0
	}
	number, unit, _ := strings.Cut(s, "/")
	x, isNumber := parseNumber(strings.TrimSpace(number))
	per, isUnit := rateUnit(strings.TrimSpace(unit))
	if !isNumber || !isUnit {
		d.wrong(n, expectRate, meantRate(s))
		return 0
	}
	if x <= 0 || x/per > maxRate {
		d.wrong(n, "a rate above 0 and up to 1000/s (leave the key out for never)")
		return 0
	}
	return x / per
}

// date reads the start of a run as Unix seconds.
func (d *decoder) date(n *node) int64 {
	s, ok := d.text(n, expectDate)
	if !ok {
		return 0
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() < 1970 || t.Year() > 2200 || t.Nanosecond() != 0 {
				d.wrong(n, "a date from 1970 to 2200, in whole seconds")
			}
			return t.Unix()
		}
	}
	d.wrong(n, expectDate)
	return 0
}

// wholeShare allows for the rounding of sums of shares.
const wholeShare = 1 + 1e-9

// shares reads a map of the given words to shares that add up to 100 %.
func (d *decoder) shares(n *node, s *shape) []float64 {
	words := s.names()
	before := len(d.mistakes)
	f := d.mapping(n, s)
	all := make([]float64, len(words))
	sum := 0.0
	for i, word := range words {
		all[i] = d.share(f.get(word))
		sum += all[i]
	}
	if f.n != nil && len(d.mistakes) == before {
		d.whole(n, sum)
	}
	return all
}

// whole reports shares that do not add up to 100 %.
func (d *decoder) whole(n *node, sum float64) {
	if math.Abs(sum-1) > wholeShare-1 {
		d.contrary(n, "found shares that add up to "+percent(sum), "100%")
	}
}

// percent writes a share, rounded to millionths.
func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*1e8)/1e6, 'f', -1, 64) + "%"
}

// mostWeight bounds what an hour or a day weighs.
const mostWeight = 1e6

// weights reads a list of so many weights, not all of them 0.
func (d *decoder) weights(n *node, length int) []float64 {
	expected := "a list of " + strconv.Itoa(length) + " weights, each 0 or more"
	items := d.items(n, expected)
	if items == nil {
		return nil
	}
	if len(items) != length {
		d.contrary(n, "found "+strconv.Itoa(len(items))+" weights", expected)
		return nil
	}
	all := make([]float64, length)
	before := len(d.mistakes)
	for i, item := range items {
		all[i] = d.number(item, 0, mostWeight)
	}
	if len(d.mistakes) == before && slices.Max(all) == 0 {
		d.contrary(n, "found weights that are all 0", "at least one above 0")
	}
	return all
}
