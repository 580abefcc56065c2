package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/reports/terminal"
	"invitesim/scenarios"
	"invitesim/sim"
	"invitesim/sim/virtual"
	"invitesim/sim/wall"
)

// pace are the flags of the wall clock.
type pace struct {
	speed, rate, length string
	polite              bool
}

func (p *pace) declare(flags *pflag.FlagSet) {
	flags.StringVar(&p.speed, "speed", "", "wall clock, open loop: how fast the people live, such as `604800x`: a week in a second (default what the scenario's load says)")
	flags.StringVar(&p.rate, "rate", "", "wall clock, open loop: the speed that brings about so many commands and queries a second, such as `200_000/s`")
	flags.StringVar(&p.length, "for", "", "wall clock: end after this much wall time, a `DURATION` such as 30s (default the end of the scenario)")
	flags.BoolVar(&p.polite, "polite", false, "wall clock: only sleep until the next command is due, and never spin: later by a millisecond or so, much less of the processors, and short hiccups stay unseen")
}

// validatePace is the mistake of flags of the wall clock that no run can have.
func (s *simulation) validatePace() error {
	var all problems
	given := map[string]bool{"speed": s.pace.speed != "", "rate": s.pace.rate != "", "for": s.pace.length != "", "polite": s.pace.polite}
	for _, name := range []string{"speed", "rate", "for", "polite"} {
		if given[name] && !s.byTheWall() {
			all = append(all, mistake("--%s is for the wall clock: expected --clock wall with it", name))
		}
	}
	if given["speed"] && given["rate"] {
		all = append(all, mistake("--speed and --rate: the one follows from the other: expected one of them"))
	}
	if s.byTheWall() && s.replicas > 1 {
		all = append(all, mistake("--replicas %d with --clock wall: runs side by side would take each other's time: expected one at a time", s.replicas))
	}
	if _, err := s.pace.options(); err != nil {
		all = append(all, err)
	}
	return several(all...)
}

// options returns what the flags say.
func (p *pace) options() (wall.Options, error) {
	o := wall.Options{Polite: p.polite}
	var all problems
	if p.speed != "" {
		var ok bool
		if o.Speed, ok = scenarios.ParseSpeed(p.speed); !ok {
			all = append(all, mistake("--speed %s: expected a number and x, from 0.000001x to 1_000_000_000x, such as 604800x: a week in a second", p.speed))
		}
	}
	if p.rate != "" {
		number, ok := strings.CutSuffix(p.rate, "/s")
		rate, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(number), "_", ""), 64)
		if o.Rate = rate; !ok || err != nil || !(rate >= leastRate && rate <= maxRate) {
			all = append(all, mistake("--rate %s: expected commands a second, from 0.000001/s to 1_000_000_000/s, such as 200_000/s", p.rate))
		}
	}
	if p.length != "" {
		length, err := model.ParseDuration(p.length)
		o.For = length
		switch {
		case err != nil:
			all = append(all, mistake("--for %s: %w", terminal.ShellWord(p.length), err))
		case length <= 0:
			all = append(all, mistake("--for %s: expected a duration of wall time above 0, such as 30s", p.length))
		}
	}
	return o, several(all...)
}

// fitsItsClock is the mistake of flags that this plan cannot be run with, before anything is begun.
func (s *simulation) fitsItsClock(plan *sim.Plan, workersGiven bool) error {
	if !s.byTheWall() {
		return nil
	}
	return s.fitsTheWall(plan, workersGiven)
}

// fitsTheWall is the mistake of flags that this plan cannot be run with by the wall clock.
func (s *simulation) fitsTheWall(plan *sim.Plan, workersGiven bool) error {
	if workersGiven && s.workers > sim.MostWorkers {
		return mistake("--workers %d: expected at most %d by the wall clock", s.workers, sim.MostWorkers)
	}
	if plan.Load.Loop == sim.Open && plan.Load.Speed == 0 && s.pace.speed == "" && s.pace.rate == "" {
		return cannotUse(fmt.Errorf("%s: found an open loop without a speed or a rate; expected `load: {speed: 604800x}` in the scenario, --speed 604800x or --rate 1000/s",
			plan.Name))
	}
	return s.pace.fits(plan.Load.Loop)
}

// fits is the mistake of a speed or a rate for a loop that has none.
func (p *pace) fits(loop sim.Loop) error {
	var all problems
	for _, flag := range []struct{ name, value string }{{"speed", p.speed}, {"rate", p.rate}} {
		if flag.value != "" && loop == sim.Closed {
			all = append(all, mistake("--%s %s: the scenario's load is a closed loop, which goes as fast as it is answered: expected no --%s, or --set load.loop=open",
				flag.name, flag.value, flag.name))
		}
	}
	return several(all...)
}

const (
	// leastRate is a command in eleven days.
	leastRate = 1e-6
	// maxRate is more than any machine does.
	maxRate = 1e9
)

// byTheWall says whether the clock of the wall is asked for.
func (s *simulation) byTheWall() bool { return s.clock.value == "wall" }

// runByTheWall runs a plan by the wall clock, with so many workers as the flags say or, unless they do, as the plan does.
func (s *simulation) runByTheWall(ctx context.Context, plan *sim.Plan, workersGiven bool, o runOptions) (*sim.Result, effort, error) {
	options, _ := s.pace.options() // validate has looked at it
	if workersGiven {
		options.Workers = s.workers
	}
	if err := s.fitsTheWall(plan, workersGiven); err != nil {
		return nil, effort{}, err
	}
	options.Check, options.Trace, options.Progress = o.Check, o.Trace, o.live
	result, totals, err := wall.Run(ctx, plan, options)
	if result == nil && err != nil {
		err = cannotRun(err)
	}
	if result != nil {
		result.Workers, result.ForS, result.Polite = totals.Workers, options.For.Seconds(), options.Polite
	}
	return result, effort{
		Totals:  virtual.Totals{Commands: totals.Commands, Queries: totals.Queries, Setup: totals.Setup, Wall: totals.Wall},
		workers: totals.Workers,
		hiccups: totals.Hiccups,
	}, err
}

// wall says how far a run by the wall clock is: on a terminal in one line that changes, else in a line now and then.
func (p *progress) wall(run wall.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.due() {
		return
	}
	parts := append([]part{{text: p.name, head: true, rank: 11}}, liveParts(run)...)
	if p.live == nil {
		writePlain(p.out, "%s\n", joined(parts))
		return
	}
	share := float64(run.At) / float64(run.End)
	parts = append(parts, part{text: secondsLeft(run.Wall.Seconds(), share), rank: 9})
	p.live.write(fitted(parts, share, p.live.room()))
}

// liveParts says what has happened so far.
func liveParts(run wall.Progress) []part {
	elapsed := max(run.Wall.Seconds(), 1e-3)
	parts := []part{
		{text: run.At.String(), head: true, rank: 10},
		{text: "offered " + figure.Number(float64(run.Offered)/elapsed) + "/s", rank: 1},
		{text: "achieved " + figure.Number(float64(run.Achieved)/elapsed) + "/s", rank: 0},
		{text: "late " + figure.Count(run.Late), rank: 2},
		{text: "p50 " + run.P50.Round(roundTo(run.P50)).String(), rank: 4},
		{text: "p99 " + run.P99.Round(roundTo(run.P99)).String(), rank: 3},
	}
	for i, limit := range sim.Limits() {
		if run.Hits[i] > 0 {
			parts = append(parts, part{text: strings.ReplaceAll(limit.String(), "_", " ") + " " + figure.Count(run.Hits[i]), rank: 5 + i})
		}
	}
	return parts
}

// roundTo returns what to round a duration to, so that two digits or three are left.
func roundTo(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d >= 100*unit {
		unit *= 10
	}
	return unit
}
