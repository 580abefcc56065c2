package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
	"invitesim/model/trace"
	"invitesim/reports/terminal"
)

func checkVerb() verb {
	v := verb{
		name: "check", arguments: "TRACE…",
		purpose: "is every outcome in these traces one that the model allows?",
		about: "Each TRACE is a file of commands with their outcomes, or - for stdin. Every line is run through the model in order,\n" +
			"and every outcome that is given must be the model's. Lines T1..T2 that overlap have no order of their own: there must\n" +
			"be one that respects calls and answers in which every outcome is the model's, each decided at its at=T or, where there\n" +
			"is none, at some instant between call and answer. Exit code 122 at the first line that cannot be explained, with what\n" +
			"the model answers, and the shortest trace found that still shows it; 1 if the budget is spent before that is known.\n\n" + traceForm(),
		examples: []string{"invitesim check week.trace", "invitesim check --budget 10m wall.trace"},
	}
	v.declare = func(c *call, flags *pflag.FlagSet) action {
		budget := span(time.Minute)
		flags.Var(&budget, "budget", "longest time to compare the lines of a trace, or to look for an order of those that overlap, such as 90s or 10m")
		return func(ctx context.Context, args []string) error {
			if err := v.wantArguments(args, 1, -1); err != nil {
				return err
			}
			var all problems
			for _, path := range args {
				if ctx.Err() != nil {
					all = append(all, fail(exitInterrupted, "interrupted before %s", path))
					break
				}
				all = append(all, c.checkTrace(ctx, path, time.Duration(budget)))
			}
			return several(all...)
		}
	}
	return v
}

// traceForm says how a trace is written, and which words it has: who writes down the calls of a service needs no more.
func traceForm() string {
	var commands, queries, outcomes []string
	for v := range model.Verb(model.Verbs) {
		if v.IsQuery() {
			queries = append(queries, v.String())
		} else {
			commands = append(commands, v.String())
		}
	}
	for o := model.WasSent; int(o) < model.Outcomes; o++ {
		outcomes = append(outcomes, o.String())
	}
	page := terminal.Writer{Width: 118}
	page.Wrapped("A line is `TIME VERB MEMBER [MEMBER] [-> OUTCOME]`, such as `9h send 1 2 -> sent`. TIME is a duration since the start " +
		"(90s, 3w2d12h) or an RFC 3339 date; T1..T2 is when a call was made and when it was answered. Members are numbers. " +
		"The first lines may say what holds for all others: `policy NAME [SETTING=VALUE…]`, `members N`, `start 2026-01-05`, `seed N`. " +
		"# begins a comment. Queries answer as in `received 2 -> 1 5:note` and `quota 1 -> used=3/100 pending=2/300`.")
	for _, words := range []struct {
		what string
		list []string
	}{{"Commands", commands}, {"Queries", queries}, {"Outcomes", outcomes}} {
		page.Wrapped(words.what + ": " + strings.Join(words.list, ", "))
	}
	return strings.TrimSuffix(page.Text(), "\n")
}

// span is the value of a flag that takes a length of time above 0.
type span time.Duration

func (s *span) String() string { return time.Duration(*s).String() }

func (s *span) Set(text string) error {
	d, err := model.ParseDuration(text)
	if err != nil {
		return err
	}
	if d <= 0 {
		return fmt.Errorf("found %q, expected a time above 0, such as 60s", text)
	}
	*s = span(d)
	return nil
}

func (s *span) Type() string { return "duration" }

// checkTrace holds one trace against the model.
func (c *call) checkTrace(ctx context.Context, path string, budget time.Duration) error {
	t, err := c.readTrace(path)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	figures, violation, err := check.Run(limited, t, newStore)
	var wrong trace.Mistake
	switch {
	case errors.Is(err, context.Canceled):
		return fail(exitInterrupted, "%s: interrupted before an answer was found", path)
	case errors.Is(err, check.ErrTimeUp):
		return fmt.Errorf("%s: %w (--budget %s; the lines before are as the model answers)", path, err, budget)
	case errors.Is(err, check.ErrUnknown):
		return fmt.Errorf("%s: %w (--budget %s; an order was found of %d of %d calls)", path, err, budget, figures.Placed, figures.Asking)
	case errors.As(err, &wrong):
		return cannotUse(err)
	case err != nil:
		return err
	case violation != nil:
		return fail(exitViolated, "not explainable: %s", violation)
	}
	verdict := "all as the model answers"
	if figures.Answers == 0 {
		verdict = "no line gives an outcome, so nothing was expected: that the trace can be read and run is all that was checked"
	}
	c.tell("%s: %s: %s\n", path, figures, verdict)
	return nil
}

// newStore makes the system that traces are run through.
func newStore(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
	return store.New(context.Background(), store.Options{
		Members: members, Calendar: calendar, Seed: seed, Policies: policies, Notices: true, Exclusive: true, Sparse: true,
	})
}
