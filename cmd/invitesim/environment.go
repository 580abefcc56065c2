package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"invitesim/model"
)

// environmentPrefix stands before the name of a flag in the environment: --seed is INVITESIM_SEED.
const environmentPrefix = "INVITESIM_"

// env returns the value of an environment variable, and whether there is such a variable.
func (c *call) env(name string) (value string, ok bool) {
	for _, entry := range c.environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// setFromEnvironment gives every flag that is not on the command line the value that the environment has for it.
// A flag that can be repeated takes one value a line.
func (c *call) setFromEnvironment(flags *pflag.FlagSet) error {
	var all problems
	flags.VisitAll(func(f *pflag.Flag) {
		variable := environmentName(f.Name)
		value, ok := c.env(variable)
		if f.Changed || !ok || value == "" {
			return
		}
		values := []string{value}
		if _, list := f.Value.(pflag.SliceValue); list {
			values = strings.Split(strings.TrimRight(value, "\n"), "\n")
		}
		for _, each := range values {
			c.borrowed = append(c.borrowed, "--"+f.Name+"="+each)
			if err := flags.Set(f.Name, each); err != nil {
				all = append(all, mistake("environment variable %s=%q: %w", variable, value, expectation(f, errors.Unwrap(err))))
			}
		}
	})
	return several(all...)
}

// warnOfStrangers says which variables look like flags and are none of any verb: a misspelt one would go unnoticed. They are no mistake, for
// others may name theirs like that.
func (c *call) warnOfStrangers() {
	var known []string
	for _, v := range verbs() {
		flags, _ := v.flagSet(&call{})
		flags.VisitAll(func(f *pflag.Flag) { known = append(known, environmentName(f.Name)) })
	}
	for _, entry := range c.environ {
		variable, _, _ := strings.Cut(entry, "=")
		rest, ours := strings.CutPrefix(variable, environmentPrefix)
		if ours && !slices.Contains(known, variable) {
			fmt.Fprintf(c.stderr, "warning: environment variable %s has no effect: no verb has such a flag%s\n", variable, nearestVariable(rest, known))
		}
	}
}

// nearestVariable is the end of a message about a variable of an unknown flag: which one may have been meant. What all of them begin with
// brings none of them nearer.
func nearestVariable(rest string, known []string) string {
	var names []string
	for _, variable := range known {
		names = append(names, strings.TrimPrefix(variable, environmentPrefix))
	}
	near := model.Nearest(rest, names)
	if near == "" {
		return ""
	}
	return model.DidYouMean(environmentPrefix + near)
}

func environmentName(flag string) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
