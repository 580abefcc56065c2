package main

import (
	"context"

	"github.com/spf13/pflag"

	"invitesim/model"
	"invitesim/model/policies"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

func runVerb() verb {
	v := verb{
		name: "run", arguments: "SCENARIO",
		purpose: "runs a scenario, writes a result directory with charts, prints the summary, judges the thresholds",
		about: "SCENARIO is a file, - for stdin, or the name of a shipped one. Times are virtual unless --clock says wall: months\n" +
			"take seconds. In virtual time the same scenario, policy and seed give the same bytes in every file but manifest.json.\n" +
			"Durations have units (90s, 12h, 3w2d, 1y = 365d), shares a percent sign, rates a unit of time (2/week). The first\n" +
			"Ctrl-C stops the run and writes what was measured (exit code 105); the second ends at once. Exit code 99 where a\n" +
			"threshold fails.",
		examples: []string{
			"invitesim run steady-week",
			"invitesim run viral-day --policy trust-scored --seed 7 --out out/trusted",
			"invitesim run mine.yaml --set policy.weekly_limit.count=50 --set duration=8w --charts svg,pdf",
			"invitesim run steady-week --replicas 10 --format json --charts none",
			"invitesim run week-boundary-stampede --clock wall --speed 604800x --workers 2",
			"invitesim run accept-withdraw-race --clock wall --speed 604800x --check",
			"invitesim run million-members --clock wall --rate 200_000/s --for 50s --set 'thresholds=[]'",
		},
		complete: func([]string) []string { return scenarioNames() },
	}
	v.declare = func(c *call, flags *pflag.FlagSet) action {
		var s simulation
		s.declare(flags)
		return func(ctx context.Context, args []string) error {
			if err := several(v.wantArguments(args, 1, 1), s.validate()); err != nil {
				return err
			}
			plan, err := c.loadScenario(args[0], &s.changes, flags)
			if err != nil {
				return err
			}
			c.spellOut(flags, plan)
			if err := s.fitsItsClock(plan, flags.Changed("workers")); err != nil {
				return err
			}
			s.reads = args
			return c.simulate(ctx, &s, scenarioJob(plan, &s, flags))
		}
	}
	return v
}

// scenarioJob is the run of a plan, with all its replicas, by the clock that the flags name.
func scenarioJob(plan *sim.Plan, s *simulation, flags *pflag.FlagSet) job {
	j := job{name: plan.Name, seed: plan.Seed, members: plan.Members(), duration: plan.Duration, replicas: s.replicas}
	j.run = func(ctx context.Context, o runOptions) (result *sim.Result, spent effort, err error) {
		spent.workers = s.workers
		if s.replicas > 1 {
			result, spent.Totals, err = virtual.Replicate(ctx, plan, s.replicas, s.workers, o.Options)
		} else {
			result, spent.Totals, err = virtual.Run(ctx, plan, o.Options)
		}
		return result, spent, err
	}
	if s.byTheWall() {
		j.run = func(ctx context.Context, o runOptions) (*sim.Result, effort, error) {
			return s.runByTheWall(ctx, plan, flags.Changed("workers"), o)
		}
	}
	return j
}

// spellOut sets the flags for policy and seed to what the plan has, so that the line that repeats a failure names them.
// A policy that the scenario has changed has no name of its own: the scenario stands for it.
func (c *call) spellOut(flags *pflag.FlagSet, plan *sim.Plan) {
	set := func(name, value string) {
		if !flags.Changed(name) {
			_ = flags.Set(name, value) // a value of the plan is one that the flag takes
		}
	}
	named, ok := policies.Named(plan.Policy.Name)
	if ok && len(model.DiffPolicies(&named, &plan.Policy)) == 0 {
		set("policy", plan.Policy.Name)
	}
	set("seed", formatSeed(plan.Seed))
}
