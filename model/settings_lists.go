package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// listSetting is a list whose entries read, print and are checked one by one; `none` is the empty list.
func listSetting[T any](path, takes string, field func(*Policy) *[]T, parse func(value) (T, error), text func(T) string,
	check func(list []T, i int) error,
) setting {
	return setting{
		path: path, takes: takes,
		get: func(p *Policy) string { return listText(*field(p), text) },
		set: func(p *Policy, v value) error {
			list, err := parseList(v, func(list []T, item value) ([]T, error) {
				entry, err := parse(item)
				if err != nil {
					return list, err
				}
				list = append(list, entry)
				return list, check(list, len(list)-1)
			})
			if err == nil {
				*field(p) = list
			}
			return err
		},
		check: func(p *Policy) error {
			list := *field(p)
			if len(list) > longestList {
				return fmt.Errorf("found %d entries, expected at most %d", len(list), longestList)
			}
			var mistakes []error
			for i := range list {
				mistakes = append(mistakes, inEntry(i, check(list, i))...)
			}
			return errors.Join(mistakes...)
		},
	}
}

// EntryError is what is wrong with one entry of a list.
type EntryError struct {
	Entry int // from 1
	Err   error
}

// Error says which entry it is, and what is wrong with it.
func (e *EntryError) Error() string { return fmt.Sprintf("entry %d: %v", e.Entry, e.Err) }

// Unwrap returns what is wrong with the entry.
func (e *EntryError) Unwrap() error { return e.Err }

// inEntry says of each of several joined errors in which entry it is, by its index.
func inEntry(index int, err error) []error {
	if err == nil {
		return nil
	}
	all := []error{err}
	if joined, several := err.(interface{ Unwrap() []error }); several {
		all = slices.Clone(joined.Unwrap())
	}
	for i := range all {
		all[i] = &EntryError{index + 1, all[i]}
	}
	return all
}

func listText[T any](list []T, text func(T) string) string {
	texts := make([]string, len(list))
	for i, entry := range list {
		texts[i] = text(entry)
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// parseList reads the entries one by one; add takes one into the list. The errors of all entries are joined.
func parseList[T any](v value, add func(list []T, item value) ([]T, error)) ([]T, error) {
	if v.sort == wordValue && v.word == "none" {
		return nil, nil
	}
	if v.sort != listValue {
		return nil, fmt.Errorf("found %s, expected a list in square brackets", v)
	}
	var list []T
	var mistakes []error
	for i, item := range v.items {
		var err error
		list, err = add(list, item)
		mistakes = append(mistakes, inEntry(i, err)...)
	}
	return list, errors.Join(mistakes...)
}

// secondsFrom returns what reads a duration of least seconds or more.
func secondsFrom(least Seconds) func(value) (Seconds, error) {
	return func(v value) (Seconds, error) { return parseSeconds(v, least) }
}

func secondsText(d Seconds) string { return jsonText(d.String()) }

// remindersSetting is a list of ascending intervals.
func remindersSetting(path string, field func(*Policy) *[]Seconds) setting {
	return listSetting(path, "list of durations above 0, each longer than the one before", field, secondsFrom(1), secondsText, func(list []Seconds, i int) error {
		if i > 0 && list[i] <= list[i-1] {
			return fmt.Errorf("found %s after %s, expected ascending intervals", list[i], list[i-1])
		}
		return checkSeconds(list[i], 1)
	})
}

// ladderSetting is a list of lengths; a step of 0 restricts nobody (RULES.md, L05).
func ladderSetting(path string, field func(*Policy) *[]Seconds) setting {
	return listSetting(path, "list of durations", field, secondsFrom(0), secondsText, func(list []Seconds, i int) error {
		return checkSeconds(list[i], 0)
	})
}

// ageSetting is a table of factors by age.
func ageSetting(path string, field func(*Policy) *[]Band[Seconds]) setting {
	return listSetting(path, "list of `[below what age, factor]`, ascending; factors 0% to 1000%", field, bandParser(secondsFrom(1)), bandText[Seconds], func(list []Band[Seconds], i int) error {
		if i > 0 && list[i].Below <= list[i-1].Below {
			return fmt.Errorf("found below %s after %s, expected ascending bands", list[i].Below, list[i-1].Below)
		}
		return errors.Join(checkSeconds(list[i].Below, 1), checkShare(list[i].Factor, 0, mostFactor))
	})
}

// rateSetting is a table of factors by acceptance rate.
func rateSetting(path string, field func(*Policy) *[]Band[Share]) setting {
	return listSetting(path, "list of `[below what share, factor]`, ascending; factors 0% to 1000%", field, bandParser(parseShareValue), bandText[Share], func(list []Band[Share], i int) error {
		if i > 0 && list[i].Below <= list[i-1].Below {
			return fmt.Errorf("found below %s after %s, expected ascending bands", list[i].Below, list[i-1].Below)
		}
		return errors.Join(checkShare(list[i].Below, 1, Whole), checkShare(list[i].Factor, 0, mostFactor))
	})
}

func bandText[T fmt.Stringer](b Band[T]) string {
	return "[" + jsonText(b.Below.String()) + "," + jsonText(b.Factor.String()) + "]"
}

func bandParser[T any](below func(value) (T, error)) func(value) (Band[T], error) {
	return func(v value) (b Band[T], err error) {
		if v.sort != listValue || len(v.items) != 2 {
			return b, fmt.Errorf("found %s, expected a pair such as [30d,50%%]: below what, and the factor", v)
		}
		var mistakes [2]error
		b.Below, mistakes[0] = below(v.items[0])
		b.Factor, mistakes[1] = parseShareValue(v.items[1])
		return b, errors.Join(mistakes[:]...)
	}
}

// triggerForms are the triggers by the key that names them, each with the keys that it needs.
var triggerForms = [][]string{
	{"reports"}, {"limit_hits", "within"}, {"acceptance_below", "resolved"}, {"old_pending", "older_than", "at_least"},
}

// triggersSetting is the list of what starts a restriction.
func triggersSetting(path string, field func(*Policy) *Triggers) setting {
	return setting{
		path: path, takes: "list of triggers, each at most once",
		get: func(p *Policy) string { return triggersText(field(p)) },
		set: func(p *Policy, v value) error {
			var t Triggers
			var named []string
			_, err := parseList(v, func(_ []Triggers, item value) ([]Triggers, error) { return nil, t.add(item, &named) })
			if err == nil {
				*field(p) = t
			}
			return err
		},
		check: func(p *Policy) error { return field(p).check() },
	}
}

func triggersText(t *Triggers) string {
	var list []string
	number := func(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
	if t.Reports > 0 {
		list = append(list, `{"reports":`+number(t.Reports)+`}`)
	}
	if t.HitsCount > 0 {
		list = append(list, `{"limit_hits":`+number(t.HitsCount)+`,"within":"`+t.HitsWithin.String()+`"}`)
	}
	if t.AcceptOver > 0 {
		list = append(list, `{"acceptance_below":"`+t.AcceptBelow.String()+`","resolved":`+number(t.AcceptOver)+`}`)
	}
	if old := t.OldPending; old.AtLeast > 0 {
		list = append(list, `{"old_pending":"`+old.Share.String()+`","older_than":"`+old.OlderThan.String()+
			`","at_least":`+number(old.AtLeast)+`}`)
	}
	return "[" + strings.Join(list, ",") + "]"
}

// add reads one trigger; named are the triggers that were read before.
func (t *Triggers) add(v value, named *[]string) error {
	form, err := triggerForm(v)
	if err != nil {
		return err
	}
	if slices.Contains(*named, form[0]) {
		return fmt.Errorf("trigger %s is given twice", form[0])
	}
	*named = append(*named, form[0])
	item := func(key string) value { return v.items[slices.Index(v.keys, key)] }
	var one Triggers
	mistakes := make([]error, len(form))
	switch form[0] {
	case "reports":
		one.Reports, mistakes[0] = parseTriggerCount(item("reports"))
	case "limit_hits":
		one.HitsCount, mistakes[0] = parseTriggerCount(item("limit_hits"))
		one.HitsWithin, mistakes[1] = parseSeconds(item("within"), 1)
	case "acceptance_below":
		one.AcceptBelow, mistakes[0] = parseShareValue(item("acceptance_below"))
		one.AcceptOver, mistakes[1] = parseTriggerCount(item("resolved"))
	default:
		one.OldPending.Share, mistakes[0] = parseShareValue(item("old_pending"))
		one.OldPending.OlderThan, mistakes[1] = parseSeconds(item("older_than"), 0)
		one.OldPending.AtLeast, mistakes[2] = parseTriggerCount(item("at_least"))
	}
	for i, key := range form {
		if mistakes[i] != nil {
			mistakes[i] = fmt.Errorf("%s: %w", key, mistakes[i])
		}
	}
	if err := errors.Join(mistakes...); err != nil {
		return err
	}
	t.take(&one)
	return one.check()
}

// take adds the one trigger that is on in another.
func (t *Triggers) take(one *Triggers) {
	switch {
	case one.Reports > 0:
		t.Reports = one.Reports
	case one.HitsCount > 0:
		t.HitsCount, t.HitsWithin = one.HitsCount, one.HitsWithin
	case one.AcceptOver > 0:
		t.AcceptBelow, t.AcceptOver = one.AcceptBelow, one.AcceptOver
	default:
		t.OldPending = one.OldPending
	}
}

// parseTriggerCount refuses 0: a trigger that is off is left out of the list.
func parseTriggerCount(v value) (uint32, error) {
	n, err := parseCount(v)
	if err == nil && n == 0 {
		err = fmt.Errorf("found 0, expected 1 or more: a trigger that is off is left out")
	}
	return n, err
}

// triggerForm finds which trigger a map describes, and whether it has just the keys of that one.
func triggerForm(v value) ([]string, error) {
	var names, all []string
	for _, form := range triggerForms {
		names = append(names, form[0])
		all = append(all, form...)
	}
	if v.sort != mapValue {
		return nil, fmt.Errorf("found %s, expected a map such as {reports: 5}", v)
	}
	for _, key := range v.keys {
		if !slices.Contains(all, key) {
			return nil, fmt.Errorf("unknown key %q, expected a trigger: %s%s", shorten(key), strings.Join(names, ", "), DidYouMean(Nearest(key, all)))
		}
	}
	for _, form := range triggerForms {
		if !slices.Contains(v.keys, form[0]) {
			continue
		}
		for _, key := range form {
			if !slices.Contains(v.keys, key) || len(v.keys) != len(form) {
				return nil, fmt.Errorf("found %s, expected the keys %s", v, strings.Join(form, ", "))
			}
		}
		return form, nil
	}
	return nil, fmt.Errorf("found %s, expected a trigger: %s", v, strings.Join(names, ", "))
}

func (t *Triggers) check() error {
	var mistakes []error
	count := func(what string, n uint32) {
		if n > mostCount {
			mistakes = append(mistakes, fmt.Errorf("%s: found %d, expected at most %d", what, n, mostCount))
		}
	}
	wrap := func(what string, err error) {
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %w", what, err))
		}
	}
	count("reports", t.Reports)
	if count("limit_hits", t.HitsCount); t.HitsCount > 0 {
		wrap("within", checkSeconds(t.HitsWithin, 1))
	}
	if count("resolved", t.AcceptOver); t.AcceptOver > 0 {
		wrap("acceptance_below", checkShare(t.AcceptBelow, 1, Whole))
	}
	if count("at_least", t.OldPending.AtLeast); t.OldPending.AtLeast > 0 {
		wrap("old_pending", checkShare(t.OldPending.Share, 1, Whole))
		wrap("older_than", checkSeconds(t.OldPending.OlderThan, 0))
	}
	return errors.Join(mistakes...)
}
