package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"invitesim/reports"
	"invitesim/sim"
	"invitesim/sim/wall"
)

// TestTheShortestTraceIsPrinted: what shows that the model was violated is printed so that it can be pasted, whatever else is printed: on stdout with
// the summary, and else on stderr.
func TestTheShortestTraceIsPrinted(t *testing.T) {
	const shows = "# 2d send 1 2: the system answered \"sent\", the oracle \"cooldown until=22d\"\n" +
		"policy default weekly_limit.count=40 weekly_limit.window=sliding pending_cap.count=25 expiry=30d resend.cooldown=21d\n" +
		"members 2\n0s  send 1 2     -> sent\n1d  withdraw 1 2 -> withdrawn\n2d  send 1 2     -> sent\n"
	for _, each := range []struct {
		format   string
		quiet    bool
		onStdout bool
	}{{"text", false, true}, {"markdown", false, true}, {"json", false, false}, {"text", true, false}, {"markdown", true, false}} {
		var stdout, stderr bytes.Buffer
		c := &call{program: "invitesim", stdout: &recordingWriter{to: &stdout}, stderr: &stderr, quiet: each.quiet}
		var s simulation
		s.declare(pflag.NewFlagSet("run", pflag.ContinueOnError))
		s.out, s.format.value, s.charts.list = filepath.Join(t.TempDir(), "out"), each.format, nil
		err := c.simulate(context.Background(), &s, job{name: "it", run: func(context.Context, runOptions) (*sim.Result, effort, error) {
			return &sim.Result{
				Schema: sim.ResultSchema, Scenario: sim.ScenarioName{Name: "it"}, Clock: "wall",
				Checks: &sim.Checks{Oracle: sim.OracleChecks{Commands: 3, Divergences: 1}, ShortestTrace: shows},
			}, effort{}, nil
		}})
		if exitCode(err) != exitViolated {
			t.Errorf("%+v: %v", each, err)
		}
		if strings.Contains(stdout.String(), shows) != each.onStdout || strings.Contains(stderr.String(), shows) == each.onStdout {
			t.Errorf("%+v: stdout:\n%s\nstderr:\n%s", each, &stdout, &stderr)
		}
	}
}

// TestAnUnknownCheckIsNoSuccess: whoever asked for a check that came to no answer has exit code 1, as of the verb check, unless the run was interrupted.
func TestAnUnknownCheckIsNoSuccess(t *testing.T) {
	for _, each := range []struct {
		checks      sim.LinearizabilityChecks
		interrupted bool
		code        int
	}{
		{sim.LinearizabilityChecks{Commands: 5}, false, exitWell},
		{sim.LinearizabilityChecks{Unfinished: true}, false, exitError},
		{sim.LinearizabilityChecks{Unfinished: true}, true, exitInterrupted},
		{sim.LinearizabilityChecks{Violations: 1}, false, exitViolated},
	} {
		result := &sim.Result{Interrupted: each.interrupted, Checks: &sim.Checks{Linearizability: &each.checks}}
		err := verdict(result)
		if exitCode(err) != each.code {
			t.Errorf("%+v: exit code %d, want %d: %v", each, exitCode(err), each.code, err)
		}
		for _, one := range reports.NewSuite(result, nil, "again").Cases {
			if one.Name == "linearizability" && (one.Failure == "") != (each.code == exitWell || each.code == exitInterrupted) {
				t.Errorf("%+v: junit.xml has %+v", each, one)
			}
		}
	}
}

// TestProcessorTimeIsTheRuns: what the process did before a run is not in the manifest of that run.
func TestProcessorTimeIsTheRuns(t *testing.T) {
	nothing := job{run: func(context.Context, runOptions) (*sim.Result, effort, error) { return nil, effort{}, nil }}
	before := processorSeconds() // more than nothing: this process has started
	_, spent, err := nothing.carryOut(context.Background(), runOptions{})
	if after := processorSeconds(); err != nil || before > 0 && spent.processor > after-before {
		t.Errorf("a run that does nothing took %v s, and the process %v s meanwhile: %v", spent.processor, after-before, err)
	}
	if m := (&call{}).manifest(time.Now(), effort{processor: 1.5}); m.CPUS != 1.5 {
		t.Errorf("the manifest says %v s, want 1.5", m.CPUS)
	}
}

// TestBreakingOffIsAnError: where the program itself breaks off, the exit code is that of an error inside it, and no file is left that was begun.
func TestBreakingOffIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, run := range map[string]func(context.Context, runOptions) (*sim.Result, effort, error){
		"panics": func(context.Context, runOptions) (*sim.Result, effort, error) { panic("no room") },
		"says so": func(context.Context, runOptions) (*sim.Result, effort, error) {
			return nil, effort{}, cannotRun(fmt.Errorf("%w: no room", wall.ErrBrokeOff))
		},
	} {
		c := &call{program: "invitesim", stdout: &recordingWriter{to: io.Discard}, stderr: io.Discard}
		var s simulation
		s.declare(pflag.NewFlagSet("run", pflag.ContinueOnError))
		s.out, s.trace = "out", "it.trace"
		err := c.simulate(context.Background(), &s, job{name: "it", run: run})
		if exitCode(err) != exitError || !strings.HasPrefix(err.Error(), "the program broke off: no room") {
			t.Errorf("who %s: %v", name, err)
		}
		wantOnly(t, ".")
	}
	if err := orBrokenOff(func() error { panic("elsewhere") }); exitCode(err) != exitError {
		t.Error(err)
	}
}
