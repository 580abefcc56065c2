package main

import (
	"errors"
	"fmt"
)

// The exit codes: they are public interface, and `invitesim --help` prints them.
const (
	exitWell        = 0
	exitError       = 1
	exitUsage       = 2
	exitThreshold   = 99
	exitUnusable    = 104
	exitInterrupted = 105
	exitRegression  = 120
	exitNoBaseline  = 121
	exitViolated    = 122
)

// exitMeanings returns the table of exit codes, in order.
func exitMeanings() []exitMeaning {
	return []exitMeaning{
		{exitWell, "all well"},
		{exitError, "an error inside the program or the machine (disk full, …)"},
		{exitUsage, "usage: an unknown verb or flag, a value that a flag does not take"},
		{exitThreshold, "a threshold failed"},
		{exitUnusable, "a scenario, policy, trace or result that cannot be used"},
		{exitInterrupted, "interrupted; what was measured until then has been written"},
		{exitRegression, "regression against a baseline"},
		{exitNoBaseline, "a baseline was asked for and there is none"},
		{exitViolated, "the model was violated: invariant broken, oracle disagrees, trace not explainable"},
	}
}

type exitMeaning struct {
	code    int
	meaning string
}

// failure is an error with the exit code that it stands for. Any other error stands for exitError.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }

func (f *failure) Unwrap() error { return f.err }

// fail returns an error that stands for an exit code.
func fail(code int, format string, values ...any) error {
	return &failure{code, fmt.Errorf(format, values...)}
}

// mistake says that the program was called wrongly.
func mistake(format string, values ...any) error { return fail(exitUsage, format, values...) }

// problems are several failures of one call.
type problems []error

func (p problems) Error() string { return errors.Join(p...).Error() }

// exitCode returns the code of an error. Several are weighed: 122 comes first, then 1, then 120, else the highest.
func exitCode(err error) int {
	var several problems
	var one *failure
	switch {
	case err == nil:
		return exitWell
	case errors.As(err, &several):
		worst := exitWell
		for _, each := range several {
			worst = worse(worst, exitCode(each))
		}
		return worst
	case errors.As(err, &one):
		return one.code
	}
	return exitError
}

// worse returns the one of two codes that decides.
func worse(a, b int) int {
	for _, first := range []int{exitViolated, exitError, exitRegression} {
		if a == first || b == first {
			return first
		}
	}
	return max(a, b)
}

// several returns the failures among errs, and those among problems among them, as one error; nil where there is none.
func several(errs ...error) error {
	var all problems
	for _, err := range errs {
		if err != nil {
			all = append(all, flatten(err)...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}
