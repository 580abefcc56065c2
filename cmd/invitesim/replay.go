package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"invitesim/model"
	"invitesim/model/trace"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

func replayVerb() verb {
	v := verb{
		name: "replay", arguments: "TRACE",
		purpose: "runs the commands of a trace (recorded traffic) through the system, and reports as run does",
		about: "TRACE is a file of commands as text, or - for stdin: one line a command, `TIME VERB MEMBER [MEMBER]`, TIME a\n" +
			"duration since the start (90s, 3w2d12h) or an RFC 3339 date; `invitesim check -h` has all that a trace may say. The\n" +
			"outcomes that it gives are not compared: that is `check`. --policy takes the place of the trace's policy, --set\n" +
			"changes its settings (policy.PATH=VALUE).",
		examples: []string{"invitesim replay week.trace", "invitesim replay week.trace --policy weekly-quota --set policy.weekly_limit.count=50"},
	}
	v.declare = func(c *call, flags *pflag.FlagSet) action {
		var s simulation
		s.declare(flags)
		flags.Lookup("set").Usage = "set a field of the policy, `policy.PATH=VALUE`, such as policy.expiry=90d; repeatable; comes after --policy"
		flags.Lookup("policy").Usage = "policy in place of the trace's: `NAME|FILE`, a name of invitesim policy list or a policy file"
		flags.Lookup("seed").Usage = "seed in place of the trace's: the `NUMBER` that the lag of lists is drawn from"
		for _, name := range []string{"replicas", "clock", "speed", "rate", "for", "polite"} {
			flags.Lookup(name).Hidden = true // a trace is one history, and replayed in virtual time
		}
		return func(ctx context.Context, args []string) error {
			if err := several(v.wantArguments(args, 1, 1), s.validate(), s.validateReplay()); err != nil {
				return err
			}
			recorded, err := c.readTrace(args[0])
			if err != nil {
				return err
			}
			if err := s.changeTrace(c, recorded, flags); err != nil {
				return err
			}
			if !flags.Changed("seed") {
				_ = flags.Set("seed", formatSeed(recorded.Seed)) // every seed is one that the flag takes
			}
			s.reads = args
			return c.simulate(ctx, &s, replayJob(args[0], recorded, &s))
		}
	}
	return v
}

// validateReplay is the mistake of flags that a recorded history cannot follow.
func (s *simulation) validateReplay() error {
	if s.byTheWall() {
		return mistake("--clock wall: a trace is replayed in virtual time: expected --clock virtual")
	}
	if s.replicas > 1 {
		return mistake("--replicas %d: a trace is one history, expected 1", s.replicas)
	}
	for _, setting := range s.set {
		if !strings.HasPrefix(setting, "policy.") || !strings.Contains(setting, "=") {
			return mistake("--set %s: a trace has people of its own: expected policy.PATH=VALUE", setting)
		}
	}
	return nil
}

// changeTrace gives a trace the policy and the seed of the flags.
func (s *simulation) changeTrace(c *call, t *trace.Trace, flags *pflag.FlagSet) error {
	if flags.Changed("seed") {
		t.Seed = s.seed
	}
	if s.policy != "" {
		p, err := c.loadPolicy(s.policy)
		if err != nil {
			return err
		}
		t.Policy = p
	}
	var all problems
	for _, setting := range s.set {
		path, value, _ := strings.Cut(strings.TrimPrefix(setting, "policy."), "=")
		if err := t.Policy.Set(path, value); err != nil {
			all = append(all, fail(exitUnusable, "--set %s: %w", setting, err))
		}
	}
	if len(all) > 0 {
		return all
	}
	if err := t.Policy.Validate(); err != nil {
		return fail(exitUnusable, "policy %s: %w", t.Policy.Name, err)
	}
	return nil
}

// replayJob is the run of a trace. Its name is that of the file.
func replayJob(path string, t *trace.Trace, s *simulation) job {
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	if path == "-" {
		name = "replay"
	}
	return job{
		name: name, seed: t.Seed, members: t.Members, duration: traceLength(t), replicas: 1,
		run: func(ctx context.Context, o runOptions) (*sim.Result, effort, error) {
			result, totals, err := virtual.Replay(ctx, t, o.Options)
			spent := effort{Totals: totals, workers: s.workers}
			if result == nil {
				return nil, spent, cannotRun(err)
			}
			result.Scenario.Name = name // and not the path, by which equal results would differ
			return result, spent, err
		},
	}
}

// traceLength returns how long a trace takes: until the second after its last answer.
func traceLength(t *trace.Trace) model.Seconds {
	last := model.Instant(0)
	for i := range t.Lines {
		last = max(last, trace.Instant(t.Lines[i].Return))
	}
	return model.Seconds(last) + 1
}
