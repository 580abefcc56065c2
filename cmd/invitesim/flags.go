package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"invitesim/model"
	"invitesim/reports/terminal"
)

// flagSet declares the flags of a verb for one call, and returns what carries it out once they are parsed.
func (v verb) flagSet(c *call) (*pflag.FlagSet, action) {
	flags := pflag.NewFlagSet(v.name, pflag.ContinueOnError)
	flags.SortFlags = false
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	act := v.declare(c, flags)
	flags.BoolVar(&c.quiet, "quiet", false, "print no progress and no summary: the exit code, the files and the failures remain")
	return flags, act
}

// flagMistake says what is wrong with the flags of a call, and which flag may have been meant.
func (v verb) flagMistake(flags *pflag.FlagSet, err error) error {
	var unknown *pflag.NotExistError
	var unfit *pflag.InvalidValueError
	var bare *pflag.ValueRequiredError
	switch {
	case errors.As(err, &bare):
		what, _ := pflag.UnquoteUsage(bare.GetFlag())
		return mistake("--%s has no value: expected `--%s %s`", bare.GetFlag().Name, bare.GetFlag().Name, what)
	case errors.As(err, &unfit) && isFlag(flags, unfit.GetValue()):
		return noValue(unfit.GetFlag(), unfit.GetValue())
	case errors.As(err, &unfit):
		return mistake("--%s %s: %w", unfit.GetFlag().Name, terminal.ShellWord(unfit.GetValue()), expectation(unfit.GetFlag(), unfit.Unwrap()))
	case !errors.As(err, &unknown):
		return mistake("%w", err)
	}
	var known []string
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	})
	given, name := "--"+unknown.GetSpecifiedName(), unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		given, name = "-"+letters, letters // one dash before a long name, most likely
	}
	if near := model.Nearest(name, known); near != "" {
		return mistake("%s has no flag %s: did you mean --%s?", v.name, given, near)
	}
	return mistake("%s has no flag %s", v.name, given)
}

// expectation says what a flag takes, where the reason why it does not take a value is that of the library.
func expectation(f *pflag.Flag, cause error) error {
	if f.Value.Type() == "bool" {
		return errors.New("expected true or false")
	}
	return cause
}

// whole is the value of a flag that takes a whole number. It is read in decimal, whatever it begins with.
type whole[N int | uint64] struct {
	to   *N
	most uint64
}

// String is the number in decimal.
func (w whole[N]) String() string {
	if w.to == nil {
		return ""
	}
	return fmt.Sprint(*w.to)
}

// Set reads the number, which may have _ between its digits, as in a scenario: 95_000.
func (w whole[N]) Set(text string) error {
	n, err := strconv.ParseUint(strings.ReplaceAll(text, "_", ""), 10, 64)
	if tooMany := errors.Is(err, strconv.ErrRange) || err == nil && n > w.most; tooMany && w.most != math.MaxUint64 {
		return fmt.Errorf("expected at most %d", w.most)
	}
	if err != nil || strings.HasPrefix(text, "_") || strings.HasSuffix(text, "_") {
		return w.expected()
	}
	*w.to = N(n)
	return nil
}

func (w whole[N]) expected() error {
	if w.most == math.MaxUint64 {
		return errors.New("expected a whole number from 0 to 2^64-1")
	}
	return errors.New("expected a whole number, such as 4")
}

// Type is the word for help.
func (w whole[N]) Type() string { return "number" }

// seedFlag declares a flag for what all chance is drawn from.
func seedFlag(flags *pflag.FlagSet, to *uint64, usage string) {
	flags.Var(whole[uint64]{to, math.MaxUint64}, "seed", usage)
}

// countFlag declares a flag for a number of something.
func countFlag(flags *pflag.FlagSet, to *int, name string, usual, most int, usage string) {
	*to = usual
	flags.Var(whole[int]{to, uint64(most)}, name, usage)
}

// emptyFlag is the mistake of a flag that is given and names nothing: most likely a variable of a script is not set, or its value was left out.
func emptyFlag(flags *pflag.FlagSet) error {
	var all problems
	for _, name := range []string{"policy", "out", "trace", "speed", "rate", "for"} {
		if f := flags.Lookup(name); f != nil && f.Changed && f.Value.String() == "" {
			what, _ := pflag.UnquoteUsage(f)
			all = append(all, mistake("--%s '': expected `--%s %s`, or no such flag", name, name, what))
		}
	}
	flags.Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			if isFlag(flags, value) {
				all = append(all, noValue(f, value))
			}
		}
	})
	return several(all...)
}

// isFlag says whether a word is a flag of the verb, with a value or without.
func isFlag(flags *pflag.FlagSet, word string) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
	return strings.HasPrefix(word, "--") && flags.Lookup(name) != nil
}

// noValue is the mistake of a flag whose value was left out, so that it took the flag behind it for one.
func noValue(f *pflag.Flag, next string) error {
	what, _ := pflag.UnquoteUsage(f)
	return mistake("--%s has no value, but the flag %s behind it: expected `--%s %s`", f.Name, next, f.Name, what)
}

// later are flags that are promised, and that this version does not have yet, each with what it belongs to.
type later map[string]string

// declare adds hidden flags, so that whoever gives one is told that it does nothing yet.
func (l later) declare(flags *pflag.FlagSet) {
	for _, name := range slices.Sorted(maps.Keys(l)) {
		flags.Var(&laterValue{}, name, l[name])
		flag := flags.Lookup(name)
		flag.Hidden = true
		flag.NoOptDefVal = "given"
	}
}

// laterValue is the value of a flag that is not in this version: it takes anything.
type laterValue struct{ text string }

func (v *laterValue) String() string { return v.text }

func (v *laterValue) Set(text string) error {
	v.text = text
	return nil
}

func (v *laterValue) Type() string { return "later" }

// laterFlagGiven is the mistake of whoever gives a flag that this version does not have.
func laterFlagGiven(flags *pflag.FlagSet) error {
	var all problems
	flags.Visit(func(f *pflag.Flag) {
		if _, ok := f.Value.(*laterValue); ok {
			all = append(all, mistake("--%s is not in this version: %s", f.Name, f.Usage))
		}
	})
	return several(all...)
}

// choice is the value of a flag that takes one of a few words.
type choice struct {
	value   string
	allowed []string
}

func (o *choice) String() string { return o.value }

func (o *choice) Set(text string) error {
	for _, each := range o.allowed {
		if text == each {
			o.value = text
			return nil
		}
	}
	expected := strings.Join(o.allowed, ", ")
	if near := model.Nearest(text, o.allowed); near != "" {
		return fmt.Errorf("expected one of %s: did you mean %s?", expected, near)
	}
	return fmt.Errorf("expected one of %s", expected)
}

func (o *choice) Type() string { return strings.Join(o.allowed, "|") }
