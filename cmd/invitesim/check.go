package main

import (
	"context"
	"errors"

	"github.com/spf13/pflag"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
	"invitesim/model/trace"
)

func checkVerb() verb {
	v := verb{
		name: "check", arguments: "TRACE…",
		purpose: "is every outcome in these traces one that the model allows?",
		about: "Each TRACE is a file of commands with their outcomes, or - for stdin. Every line is run through the model in order,\n" +
			"and every outcome that is given must be the model's. Exit code 122 at the first line that is not, with what the\n" +
			"model answers, and the shortest trace that still shows it. Calls that overlap in time are not in this version.",
		examples: []string{"invitesim check week.trace"},
	}
	v.declare = func(c *call, flags *pflag.FlagSet) action {
		later{"budget": "it bounds the search through overlapping calls"}.declare(flags)
		return func(ctx context.Context, args []string) error {
			if err := v.wantArguments(args, 1, -1); err != nil {
				return err
			}
			var all problems
			for _, path := range args {
				if ctx.Err() != nil {
					return fail(exitInterrupted, "interrupted before %s", path)
				}
				all = append(all, c.checkTrace(path))
			}
			return several(all...)
		}
	}
	return v
}

// checkTrace holds one trace against the model.
func (c *call) checkTrace(path string) error {
	t, err := c.readTrace(path)
	if err != nil {
		return err
	}
	figures, violation, err := check.Run(t, newStore)
	var wrong trace.Mistake
	switch {
	case errors.Is(err, check.ErrOverlap), errors.As(err, &wrong):
		return cannotUse(err)
	case err != nil:
		return err
	case violation != nil:
		return fail(exitViolated, "not explainable: %s", violation)
	}
	c.tell("%s: %s: all as the model answers\n", path, figures)
	return nil
}

// newStore makes the system that traces are run through.
func newStore(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
	return store.New(store.Options{
		Members: members, Calendar: calendar, Seed: seed, Policies: policies, Notices: true, Exclusive: true,
	})
}
