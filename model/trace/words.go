package trace

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"invitesim/model"
)

// word is one word of a line and the byte at which it begins.
type word struct {
	text string
	at   int
}

// splitWords takes a line apart at spaces and tabs, up to the comment. Quotes hold spaces and `#` together. Unclosed is
// where a quote begins that never ends, -1 for none.
func splitWords(words []word, line string) (found []word, comment string, unclosed int) {
	at := 0
	for {
		for at < len(line) && (line[at] == ' ' || line[at] == '\t') {
			at++
		}
		if at == len(line) {
			return words, "", -1
		}
		if line[at] == '#' {
			return words, strings.TrimSpace(line[at+1:]), -1
		}
		end := at
		for end < len(line) && line[end] != ' ' && line[end] != '\t' && line[end] != '#' {
			if line[end] != '"' {
				end++
				continue
			}
			length := quotedLength(line[end:])
			if length == 0 {
				return words, "", end
			}
			end += length
		}
		words = append(words, word{line[at:end], at})
		at = end
	}
}

// quotedLength is the length of the string in quotes at the beginning of text, 0 if it has no end.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

// latestEnd is the latest instant that an answer may name: the longest duration of a policy after the last line.
const latestEnd = model.LastInstant + model.Instant(model.LongestDuration)

// parseTime reads a duration since the start, or a date and time in RFC 3339. Times before the start are read, too.
func parseTime(text string, start model.Calendar) (time.Duration, error) {
	return parseTimeUpTo(model.LastInstant, text, start)
}

// parseTimeUpTo reads a time at most that far away from the start.
func parseTimeUpTo(latest model.Instant, text string, start model.Calendar) (time.Duration, error) {
	years := latest / model.Instant(365*model.Day)
	if len(text) >= len(time.DateOnly) && text[4] == '-' && text[7] == '-' {
		date, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return 0, fmt.Errorf("found %q, expected a date and time such as 2026-01-05T00:00:00Z", text)
		}
		seconds := date.Unix() - start.Start
		if seconds > int64(latest) || seconds < -int64(latest) {
			return 0, fmt.Errorf("found %q, expected a time at most %dy away from the start %s", text, years, start.Time(0).Format(time.RFC3339))
		}
		return time.Duration(seconds)*time.Second + time.Duration(date.Nanosecond()), nil
	}
	d, err := model.ParseDuration(text)
	if err != nil {
		return 0, err
	}
	if last := time.Duration(latest) * time.Second; d > last || d < -last {
		return 0, fmt.Errorf("found %q, expected a time at most %dy away from the start", text, years)
	}
	return d, nil
}

// appendTime prints a time since the start so that parseTime reads the same nanosecond.
func appendTime(dst []byte, d time.Duration) []byte {
	if d < 0 {
		dst, d = append(dst, '-'), -d
	}
	seconds, rest := d/time.Second, d%time.Second
	if seconds > 0 || rest == 0 {
		dst = append(dst, model.Seconds(seconds).String()...)
	}
	switch {
	case rest == 0:
	case rest%time.Millisecond == 0:
		dst = append(strconv.AppendInt(dst, int64(rest/time.Millisecond), 10), "ms"...)
	case rest%time.Microsecond == 0:
		dst = append(strconv.AppendInt(dst, int64(rest/time.Microsecond), 10), "us"...)
	default:
		dst = append(strconv.AppendInt(dst, int64(rest), 10), "ns"...)
	}
	return dst
}

// parseNumber reads a whole number from 1 to most.
func parseNumber(text string, most uint64) (uint64, bool) {
	n, err := strconv.ParseUint(text, 10, 64)
	return n, err == nil && n >= 1 && n <= most && text[0] != '+'
}

// shorten keeps messages readable when the input is not.
func shorten(text string) string {
	const longest = 60
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}
