package main

import (
	"context"
	"runtime"
	"strconv"
	"time"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/sim"
	"invitesim/sim/virtual"
	"invitesim/sim/wall"
)

// job is one simulation, of a scenario or of a trace.
type job struct {
	name     string
	seed     uint64
	members  uint32
	duration model.Seconds
	replicas int
	run      func(context.Context, virtual.Options) (*sim.Result, virtual.Totals, error)
	wall     *wallRun // in place of run, by the wall clock
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
	result, totals, err := c.measure(ctx, s, j, trace)
	if err != nil {
		trace.discard()
		return err
	}
	if err := trace.finish(); err != nil {
		return err
	}
	manifest := c.manifest(s, started, totals)
	if j.wall != nil {
		manifest.Hiccups, manifest.Workers = j.wall.totals.Hiccups, j.wall.totals.Workers
	}
	if err := s.writeResult(directory, result, manifest); err != nil {
		return err
	}
	if err := c.printResult(s, directory, result, manifest); err != nil {
		return err
	}
	return verdict(result)
}

// measure runs the job itself, and tells how far it is.
func (c *call) measure(ctx context.Context, s *simulation, j job, trace *traceFile) (*sim.Result, virtual.Totals, error) {
	c.note("%s: %s, %s, seed %d\n", j.name, figure.Plural(uint64(j.members), "member"), figure.Span(int64(j.duration)), j.seed)
	told := c.newProgress(j.name, j.replicas)
	defer told.done()
	if j.wall != nil {
		return j.wall.run(ctx, wall.Options{Check: s.check, Trace: trace.writer()}, told)
	}
	return j.run(ctx, virtual.Options{Check: s.check, Trace: trace.writer(), Progress: told.update})
}

// verdict returns what a finished run failed at: the model, interruption, thresholds.
func verdict(result *sim.Result) error {
	var all problems
	if checks := result.Checks; checks != nil && checks.Invariants.Violations+checks.Oracle.Divergences > 0 {
		all = append(all, fail(exitViolated, "the model was violated: %s broken, %s of the oracle",
			figure.Plural(checks.Invariants.Violations, "invariant"), figure.Plural(checks.Oracle.Divergences, "divergence")))
	}
	if result.Interrupted {
		all = append(all, fail(exitInterrupted, "interrupted: what was measured until then has been written"))
	}
	for _, t := range result.Thresholds {
		if t.Failed() {
			all = append(all, fail(exitThreshold, "threshold failed: %s: %s", t.That, observed(t)))
		}
	}
	return several(all...)
}

func observed(t sim.Verdict) string {
	if t.Observed == nil {
		return "no data"
	}
	return "observed " + figure.Number(*t.Observed)
}

// manifest says how the run itself went, on which machine.
func (c *call) manifest(s *simulation, started time.Time, totals virtual.Totals) *sim.Manifest {
	length := totals.Wall.Seconds()
	rate := 0.0
	if length > 0 {
		rate = float64(totals.Commands) / length
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
		Workers:      s.workers,
		SetupS:       totals.Setup.Seconds(),
		WallS:        length,
		CPUS:         processorSeconds(),
		Commands:     totals.Commands,
		Queries:      totals.Queries,
		CommandsPerS: rate,
		PeakRSSBytes: peakMemory(),
	}
}
