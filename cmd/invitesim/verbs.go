package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"invitesim/model"
)

// verb is one of the things that the program does.
type verb struct {
	name      string
	arguments string   // what stands after it, as in the usage line
	purpose   string   // one line
	about     string   // what else its help says
	examples  []string // calls that work as they stand
	declare   func(*call, *pflag.FlagSet) action
	complete  func(before []string) []string // what an argument may be, for shells; nil for files only
}

// action carries out a verb whose flags are parsed. What it returns is a failure, problems, or an error of the machine.
type action func(ctx context.Context, args []string) error

// verbs returns all verbs of this version, in the order in which help lists them.
func verbs() []verb {
	return []verb{
		runVerb(), testVerb(), compareVerb(), validateVerb(), checkVerb(), replayVerb(), reportVerb(), policyVerb(), scenarioVerb(),
		schemaVerb(), versionVerb(), completionVerb(), helpVerb(),
	}
}

// laterVerbs returns the verbs that are promised, and that this version does not have.
func laterVerbs() []string {
	return []string{
		"sweep", "capacity", "predict", "serve", "worker", "conform", "calibrate",
	}
}

// findVerb returns the verb of that name, or a mistake that names the one that may have been meant.
func findVerb(name string) (verb, error) {
	var names []string
	for _, v := range verbs() {
		if v.name == name {
			return v, nil
		}
		names = append(names, v.name)
	}
	for _, word := range laterVerbs() {
		if word == name {
			return verb{}, mistake("verb %q is not in this version: available are %s", name, strings.Join(names, ", "))
		}
	}
	if near := model.Nearest(name, names); near != "" {
		return verb{}, mistake("unknown verb %q: did you mean %s?", name, near)
	}
	return verb{}, mistake("unknown verb %q: available are %s", name, strings.Join(names, ", "))
}

// usage is how the verb is called, but for its flags.
func (v verb) usage() string { return strings.TrimSpace(v.name + " " + v.arguments) }

// wantArguments is the mistake of a call with too few or too many arguments; a negative most means any number.
func (v verb) wantArguments(args []string, least, most int) error {
	switch {
	case len(args) < least:
		return mistake("%s is missing: expected `%s %s`", strings.Fields(v.arguments)[len(args)], v.name, v.arguments)
	case most >= 0 && len(args) > most:
		return mistake("argument %q is one too many: expected `%s`", args[most], v.usage())
	}
	if first := slices.Index(args, "-"); first >= 0 && slices.Contains(args[first+1:], "-") {
		return mistake("- is given twice: stdin can be read once")
	}
	return nil
}

// subverb picks what a verb such as `policy` does next.
func (v verb) subverb(args []string, known ...string) (string, []string, error) {
	if len(args) == 0 {
		return "", nil, mistake("what to do is missing: expected `%s %s`", v.name, v.arguments)
	}
	for _, each := range known {
		if args[0] == each {
			return each, args[1:], nil
		}
	}
	if near := model.Nearest(args[0], known); near != "" {
		return "", nil, mistake("%s cannot %q: did you mean %s?", v.name, args[0], near)
	}
	return "", nil, mistake("%s cannot %q: expected %s", v.name, args[0], strings.Join(known, ", "))
}
