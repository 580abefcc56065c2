package main

import (
	"fmt"
	"math"
	"runtime"

	"github.com/spf13/pflag"
)

// simulation are the flags of the verbs that simulate and write a result directory.
type simulation struct {
	changes
	out      string
	force    bool
	replicas int
	workers  int
	clock    choice
	check    bool
	trace    string
	format   choice
	charts   chartFormats
	pace     pace
	reads    []string // files that --force must not take away, besides that of --policy
}

func (s *simulation) declare(flags *pflag.FlagSet) {
	s.changes.declare(flags)
	s.clock = choice{"virtual", []string{"virtual", "wall"}}
	s.format = choice{"text", []string{"text", "json", "markdown"}}
	flags.StringVar(&s.out, "out", "", "`DIRECTORY` of the result (default out/NAME); one that holds something else than an earlier result is refused")
	flags.BoolVar(&s.force, "force", false, "replace the directory of --out, whatever it holds: nothing of that stays")
	countFlag(flags, &s.replicas, "replicas", 1, mostReplicas, "`NUMBER` of runs with the seeds seed, seed+1, …: the report has means with 95 % intervals")
	countFlag(flags, &s.workers, "workers", runtime.NumCPU(), math.MaxInt32, "`NUMBER` of processors to use, on which results do not depend; by the wall clock, of workers that load the system")
	flags.Lookup("workers").DefValue = "all"
	flags.Var(&s.clock, "clock", "clock: virtual, months in seconds, or wall, to load the system and take the time of every command")
	flags.BoolVar(&s.check, "check", false, "run the oracle and the invariants beside the system: slower, exit code 122 where they disagree, and 1 where the check of a run by the wall clock ends without an answer")
	flags.StringVar(&s.trace, "trace", "", "write every command with its outcome to `FILE`, as text that check and replay read")
	flags.Var(&s.format, "format", "what to print on stdout: the summary, result.json, or summary.md")
	s.charts = chartFormats{"svg", []string{"svg"}}
	flags.Var(&s.charts, "charts", "`FORMATS` of the charts: some of svg,png,pdf, or none")
	s.pace.declare(flags)
	later{"target": "it is for a live service"}.declare(flags)
}

// validate is the mistake of values that no run can have.
func (s *simulation) validate() error {
	var all problems
	if err := s.validatePace(); err != nil {
		all = append(all, err)
	}
	if err := validateReplicas(s.replicas); err != nil {
		all = append(all, err)
	}
	if s.workers < 1 {
		all = append(all, mistake("--workers %d: expected at least 1", s.workers))
	}
	if s.replicas > 1 && s.trace != "" {
		all = append(all, mistake("--trace with --replicas %d: a trace is the history of one run", s.replicas))
	}
	return several(all...)
}

// mostReplicas is more than anybody waits for: the results of all of them are kept until the last is there.
const mostReplicas = 100_000

func validateReplicas(replicas int) error {
	switch {
	case replicas < 1:
		return mistake("--replicas %d: expected at least 1", replicas)
	case replicas > mostReplicas:
		return mistake("--replicas %d: expected at most %d", replicas, mostReplicas)
	}
	return nil
}

// directory returns where the result of a run goes.
func (s *simulation) directory(name string) string {
	if s.out != "" {
		return s.out
	}
	return fmt.Sprintf("out/%s", name)
}
