package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// wordSetting is a choice of words; the field's number is the word's place.
func wordSetting[T ~uint8](path string, words []string, field func(*Policy) *T) setting {
	return setting{
		path: path, takes: oneOf(words),
		get: func(p *Policy) string {
			if n := int(*field(p)); n < len(words) {
				return words[n]
			}
			return strconv.Itoa(int(*field(p)))
		},
		set: func(p *Policy, v value) error {
			n := slices.Index(words, v.word)
			if v.sort != wordValue || n < 0 {
				return unknownWord(v.text(), words)
			}
			*field(p) = T(n)
			return nil
		},
		check: func(p *Policy) error {
			if n := int(*field(p)); n >= len(words) {
				return fmt.Errorf("found %d, expected one of %s", n, strings.Join(words, ", "))
			}
			return nil
		},
	}
}

// switchSetting is true or false.
func switchSetting(path string, field func(*Policy) *bool) setting {
	return setting{
		path: path, takes: oneOf([]string{"true", "false"}),
		get: func(p *Policy) string { return strconv.FormatBool(*field(p)) },
		set: func(p *Policy, v value) error {
			if v.sort != wordValue || v.word != "true" && v.word != "false" {
				return unknownWord(v.text(), []string{"true", "false"})
			}
			*field(p) = v.word == "true"
			return nil
		},
		check: func(*Policy) error { return nil },
	}
}

// countSetting is a whole number from least to most, both included.
func countSetting(path string, least, most uint32, field func(*Policy) *uint32) setting {
	return setting{
		path: path, takes: fmt.Sprintf("whole number, %s to %s", withThousands(least), withThousands(most)),
		get: func(p *Policy) string { return strconv.FormatUint(uint64(*field(p)), 10) },
		set: func(p *Policy, v value) (err error) {
			*field(p), err = parseCount(v)
			return err
		},
		check: func(p *Policy) error {
			if n := *field(p); n < least || n > most {
				return fmt.Errorf("found %d, expected %d to %d", n, least, most)
			}
			return nil
		},
	}
}

// orWithout lets a count be off: the word means Unlimited. Both `none` and `unlimited` are read.
func orWithout(word string, s setting, field func(*Policy) *uint32) setting {
	return setting{
		path: s.path, takes: s.takes + ", or `" + word + "`",
		get: func(p *Policy) string {
			if *field(p) == Unlimited {
				return word
			}
			return s.get(p)
		},
		set: func(p *Policy, v value) error {
			if v.sort == wordValue && (v.word == "none" || v.word == "unlimited") {
				*field(p) = Unlimited
				return nil
			}
			if err := s.set(p, v); err != nil {
				return fmt.Errorf("%w, or %s", err, word)
			}
			return nil
		},
		check: func(p *Policy) error {
			if *field(p) == Unlimited {
				return nil
			}
			return s.check(p)
		},
	}
}

// durationSetting is a length of least seconds or more, and at most LongestDuration.
func durationSetting(path string, least Seconds, field func(*Policy) *Seconds) setting {
	takes := "duration"
	if least > 0 {
		takes = "duration above 0"
	}
	return setting{
		path: path, takes: takes,
		get: func(p *Policy) string { return field(p).String() },
		set: func(p *Policy, v value) (err error) {
			*field(p), err = parseSeconds(v, least)
			return err
		},
		check: func(p *Policy) error { return checkSeconds(*field(p), least) },
	}
}

// orNever lets a duration have no end.
func orNever(s setting, field func(*Policy) *Seconds) setting {
	check, set := s.check, s.set
	s.takes += ", or `never`"
	s.set = func(p *Policy, v value) error { return sayNever(set(p, v)) }
	s.check = func(p *Policy) error {
		if *field(p) == Forever {
			return nil
		}
		return sayNever(check(p))
	}
	return s
}

// sayNever adds to the ends that a duration is told that it may have none.
func sayNever(err error) error {
	if beyond := rangeError(""); errors.As(err, &beyond) {
		return beyond + ", or never"
	}
	return err
}

// shareSetting is a proportion from 0 to most.
func shareSetting(path string, most Share, field func(*Policy) *Share) setting {
	return setting{
		path: path, takes: "share, 0% to " + most.String(),
		get: func(p *Policy) string { return field(p).String() },
		set: func(p *Policy, v value) (err error) {
			*field(p), err = parseShareValue(v)
			return err
		},
		check: func(p *Policy) error { return checkShare(*field(p), 0, most) },
	}
}

// text is the value as it was written, near enough for a message.
func (v value) text() string {
	if v.sort == wordValue {
		return v.word
	}
	return v.json()
}

func parseCount(v value) (uint32, error) {
	n, err := strconv.ParseUint(strings.ReplaceAll(v.word, "_", ""), 10, 32)
	if v.sort != wordValue || err != nil || v.word[0] == '_' {
		return 0, fmt.Errorf("found %q, expected a whole number up to %d", shorten(v.text()), mostCount)
	}
	return uint32(n), nil
}

// parseSeconds reads a duration of least seconds or more: what is beyond its ends is told both of them.
func parseSeconds(v value, least Seconds) (Seconds, error) {
	if v.sort != wordValue {
		return 0, fmt.Errorf("found %s, expected a duration such as 3w2d12h", v)
	}
	s, err := ParseSeconds(v.word)
	if beyond := rangeError(""); errors.As(err, &beyond) {
		return 0, beyondEnds(shorten(v.word), least)
	}
	if err == nil && s < least {
		return 0, beyondEnds(v.word, least)
	}
	return s, err
}

func checkSeconds(d, least Seconds) error {
	if d < least || d > LongestDuration {
		return beyondEnds(d.String(), least)
	}
	return nil
}

// beyondEnds is the error of a duration below the least or above LongestDuration, as it was written.
func beyondEnds(written string, least Seconds) error {
	return rangeError(fmt.Sprintf("found %s, expected %s to 64y", written, least))
}

// parseShare reads a share or a factor: a percentage with at most four digits after the point, such as `2.5%`, or the plain `0`.
func parseShare(text string) (Share, error) {
	expected := fmt.Errorf("found %q, expected a percentage such as 2.5%%", shorten(text))
	if text == "0" {
		return 0, nil
	}
	number, ok := strings.CutSuffix(text, "%")
	if !ok {
		return 0, expected
	}
	whole, fraction, hasPoint := strings.Cut(number, ".")
	if hasPoint && fraction == "" {
		return 0, expected
	}
	if len(fraction) > 4 {
		return 0, fmt.Errorf("found %q, expected a percentage with at most four digits after the point", shorten(text))
	}
	digits := whole + fraction + strings.Repeat("0", 4-len(fraction))
	n, err := strconv.ParseUint(digits, 10, 40)
	if whole == "" || err != nil {
		return 0, expected
	}
	return Share(n), nil
}

// String prints a share as the percentage that parseShare reads.
func (s Share) String() string {
	if s < 0 {
		return "-" + (-s).String()
	}
	text := strconv.FormatInt(int64(s/10_000), 10)
	if fraction := int64(s % 10_000); fraction > 0 {
		text += "." + strings.TrimRight(fmt.Sprintf("%04d", fraction), "0")
	}
	return text + "%"
}

func parseShareValue(v value) (Share, error) {
	if v.sort != wordValue {
		return 0, fmt.Errorf("found %s, expected a percentage such as 2.5%%", v)
	}
	return parseShare(v.word)
}

func checkShare(s, least, most Share) error {
	if s < least || s > most {
		return fmt.Errorf("found %s, expected %s to %s", s, least, most)
	}
	return nil
}
