package scenarios

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"invitesim/model"
)

// amountAndUnit is a number with what may stand for its unit.
var amountAndUnit = regexp.MustCompile(`^([0-9][0-9_]*(?:\.[0-9]+)?) *(?:([A-Za-z]+) *)`)

// meantDuration returns the duration that a text means whose units stand apart or are written out: 2w for `2 weeks`. It returns nothing for any other
// text.
func meantDuration(s string) string {
	var b strings.Builder
	for rest := s; rest != ""; {
		parts := amountAndUnit.FindStringSubmatch(rest)
		if parts == nil {
			return ""
		}
		unit := shortUnit(strings.ToLower(parts[2]))
		if unit == "" {
			return ""
		}
		b.WriteString(parts[1] + unit)
		rest = rest[len(parts[0]):]
	}
	if _, err := model.ParseDuration(b.String()); err != nil || b.String() == s {
		return ""
	}
	return b.String()
}

// shortUnit returns a unit of time as the language has it; nothing for a word that is none. A month is of no certain length.
func shortUnit(word string) string {
	if len(word) > 2 {
		word = strings.TrimSuffix(word, "s")
	}
	switch word {
	case "ns", "us", "ms", "s", "m", "h", "d", "w", "y":
		return word
	case "millisecond", "msec":
		return "ms"
	case "second", "sec":
		return "s"
	case "minute", "min":
		return "m"
	case "hour", "hr":
		return "h"
	case "day":
		return "d"
	case "week", "wk":
		return "w"
	case "year", "yr":
		return "y"
	}
	return ""
}

// meantNumber returns the number that a text means whose thousands are apart in another way: 95_000 for `95,000` or `95 000`.
func meantNumber(s string) string {
	joined := strings.NewReplacer(",", "_", " ", "_", "'", "_").Replace(s)
	if thousands.MatchString(joined) && joined != s {
		return joined
	}
	return ""
}

var thousands = regexp.MustCompile(`^[1-9][0-9]{0,2}(_[0-9]{3})+$`)

// meantCount returns the whole number that a text means which is a number of another form: 1_000 for `1e3`, or 300 for `300.0`.
func meantCount(s string) string {
	if decimal := withoutZeros(s); decimal != "" {
		return decimal
	}
	if x, ok := parseNumber(s); ok && !isCount(s) && x >= 0 && x < 1e15 && x == math.Trunc(x) {
		return itoa(uint64(x))
	}
	return meantNumber(s)
}

// meantShare returns the share that a number without a percent sign means: 45% for `45` and `0.45`. What 1 means cannot be told.
func meantShare(s string) string {
	x, ok := parseNumber(s)
	switch {
	case !ok || x <= 0 || x == 1 || x > 100:
		return ""
	case x < 1:
		return percent(x)
	}
	return s + "%"
}

// meantRate returns the rate that a text means whose unit is another word for a known one: 2/week for `2/weeks` or `2 per week`.
func meantRate(s string) string {
	number, unit, found := strings.Cut(s, "/")
	if !found {
		number, unit, _ = strings.Cut(s, " per ")
	}
	number, unit = strings.TrimSpace(number), strings.TrimSpace(unit)
	if !isNumber(number) || unit == "" {
		return ""
	}
	near := model.Nearest(unit, []string{"second", "minute", "hour", "day", "week", "month", "year"})
	if _, known := rateUnit(unit); known {
		near = unit
	}
	if near == "" || near == "month" {
		return ""
	}
	return number + "/" + near
}

// meantCall returns a call with the name that is nearest to its own, or that name where it is called without arguments.
func meantCall(s string, names []string) string {
	name, arguments, _ := strings.Cut(s, "(")
	name = strings.TrimSpace(name)
	switch near := model.Nearest(name, names); {
	case near == name:
		return ""
	case near == "" || arguments == "":
		return near
	default:
		return near + "(" + arguments
	}
}

// expectCall says what is expected in place of a text that is no call: how the brackets of one of a name end, or else what otherwise says.
func expectCall(s string, names []string, otherwise string) string {
	for _, name := range names {
		rest, ok := strings.CutPrefix(s, name)
		rest = strings.TrimSpace(rest)
		switch {
		case !ok || !strings.HasPrefix(rest, "("):
		case !strings.Contains(rest, ")"):
			return "`)` at the end"
		default:
			return "nothing behind the `)`"
		}
	}
	return otherwise
}

// spacedKey returns a key with its value apart, where a text means one: `count: 5` for `count:5`.
func spacedKey(s string, names []string) string {
	key, value, found := strings.Cut(s, ":")
	value, _, _ = strings.Cut(value, " ")
	for _, name := range names {
		if found && name == key && value != "" {
			return key + ": " + value
		}
	}
	return ""
}

// show writes a number as a value of the dimension.
func (dim dimension) show(x float64) string {
	if dim == duration && x >= 1 {
		return model.Seconds(x).String()
	}
	text := strconv.FormatFloat(x, 'g', 6, 64)
	if dim == duration {
		text += "s"
	}
	return text
}
