package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"invitesim/model"
	"invitesim/model/store"
	"invitesim/reports"
	"invitesim/reports/figure"
	"invitesim/sim"
	"invitesim/sim/virtual"
	"invitesim/sim/wall"
)

// job is one simulation, of a scenario or of a trace, by either clock.
type job struct {
	name     string
	seed     uint64
	members  uint32
	duration model.Seconds
	replicas int
	run      func(context.Context, runOptions) (*sim.Result, effort, error)
}

// runOptions are what goes on beside a run. By the wall clock checkpoints are of no meaning.
type runOptions struct {
	virtual.Options
	live func(wall.Progress) // what tells how far a run by the wall clock is, in place of Progress
}

// effort is what a run did, and what it took on this machine.
type effort struct {
	virtual.Totals
	workers   int
	processor float64      // seconds that the whole process used meanwhile
	hiccups   *sim.Hiccups // by the wall clock only
}

// carryOut runs the job, and takes what it uses of the processors.
func (j *job) carryOut(ctx context.Context, o runOptions) (*sim.Result, effort, error) {
	before := processorSeconds()
	result, spent, err := j.run(ctx, o)
	spent.processor = processorSeconds() - before
	return result, spent, err
}

// cannotRun returns the failure for a job without a result: what it was to run cannot be used, the machine is too small for it, or the program broke off.
func cannotRun(err error) error {
	if errors.Is(err, store.ErrMemory) || errors.Is(err, wall.ErrBrokeOff) {
		return err
	}
	return cannotUse(err)
}

func formatSeed(seed uint64) string { return strconv.FormatUint(seed, 10) }

// simulate carries out a job: it runs it, writes the result directory, prints the summary, and says what failed.
func (c *call) simulate(ctx context.Context, s *simulation, j job) error {
	directory := s.directory(j.name)
	if err := s.claim(directory); err != nil {
		return err
	}
	trace, err := createTrace(s.trace)
	if err != nil {
		return err
	}
	started := time.Now()
	result, spent, err := c.measure(ctx, s, j, trace)
	if err != nil {
		trace.discard()
		return err
	}
	if err := trace.finish(); err != nil {
		return err
	}
	manifest := c.manifest(started, spent)
	if err := s.writeResult(directory, result, manifest); err != nil {
		return err
	}
	if err := c.printResult(s, directory, result, manifest); err != nil {
		return err
	}
	if checks := result.Checks; checks.Violated() && checks.ShortestTrace != "" && (c.quiet || s.format.value == "json") {
		fmt.Fprintf(c.stderr, "the shortest trace found that shows a violation of the model:\n%s", checks.ShortestTrace)
	}
	return verdict(result)
}

// measure runs the job itself, and tells how far it is.
func (c *call) measure(ctx context.Context, s *simulation, j job, trace *traceFile) (*sim.Result, effort, error) {
	c.note("%s: %s, %s, seed %d\n", j.name, figure.Plural(uint64(j.members), "member"), figure.Span(int64(j.duration)), j.seed)
	told := c.newProgress(j.name, j.replicas)
	defer told.done()
	options := runOptions{Options: virtual.Options{Check: s.check, Trace: trace.writer()}}
	if told != nil {
		options.Progress, options.live = told.update, told.wall
	}
	var result *sim.Result
	var spent effort
	err := orBrokenOff(func() (err error) {
		result, spent, err = j.carryOut(ctx, options)
		return err
	})
	return result, spent, err
}

// verdict returns what a finished run failed at: the model, interruption, thresholds.
func verdict(result *sim.Result) error {
	var all problems
	if checks := result.Checks; checks.Violated() {
		order := ""
		if l := checks.Linearizability; l != nil && l.Violations > 0 {
			order = ", no order of the recorded calls that the rules explain"
		}
		all = append(all, fail(exitViolated, "the model was violated: %s broken%s, %s of the oracle",
			figure.Plural(checks.Invariants.Violations, "invariant"), order, figure.Plural(checks.Oracle.Divergences, "divergence")))
	}
	if unproven(result) {
		all = append(all, errors.New("unknown: the check of the recorded calls did not get to its end, so nothing is proven of them; a shorter run, or fewer members, leave it less to do"))
	}
	if result.Interrupted {
		all = append(all, fail(exitInterrupted, "interrupted: what was measured until then has been written"))
	}
	for i := range result.Thresholds {
		if t := &result.Thresholds[i]; t.Failed() {
			all = append(all, fail(exitThreshold, "threshold failed: %s: %s", t.That, reports.Saw(t)))
		}
	}
	return several(all...)
}

// unproven says whether a check was asked for that came to no answer, though nobody interrupted it.
func unproven(result *sim.Result) bool {
	checks := result.Checks
	return checks != nil && checks.Linearizability != nil && checks.Linearizability.Unfinished && !result.Interrupted
}

// manifest says how the run itself went, on which machine.
func (c *call) manifest(started time.Time, spent effort) *sim.Manifest {
	length := spent.Wall.Seconds()
	rate := 0.0
	if length > 0 {
		rate = float64(spent.Commands) / length
	}
	return &sim.Manifest{
		Schema:       sim.ManifestSchema,
		Started:      started.UTC().Format(time.RFC3339),
		CommandLine:  c.commandLine(),
		Version:      version,
		Go:           runtime.Version(),
		OS:           runtime.GOOS,
		Arch:         runtime.GOARCH,
		CPUs:         runtime.NumCPU(),
		Workers:      spent.workers,
		SetupS:       spent.Setup.Seconds(),
		WallS:        length,
		CPUS:         spent.processor,
		Commands:     spent.Commands,
		Queries:      spent.Queries,
		CommandsPerS: rate,
		PeakRSSBytes: peakMemory(),
		Hiccups:      spent.hiccups,
	}
}
