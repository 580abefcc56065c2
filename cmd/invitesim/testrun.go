package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"invitesim/model"
	"invitesim/reports"
	"invitesim/reports/baseline"
	"invitesim/reports/terminal"
	"invitesim/sim/virtual"
)

// runSubject runs one scenario, holds it against its baseline, and writes its result directory.
func (c *call) runSubject(ctx context.Context, t *trial, s *subject, workers int, told *testProgress) {
	began := time.Now()
	defer func() {
		// A program that breaks off in one scenario still tells what came of the others.
		if broken := recover(); broken != nil {
			fmt.Fprintf(c.stderr, "%s: %v\n%s", s.plan.Name, broken, debug.Stack())
			s.result, s.failures = nil, append(s.failures, fmt.Errorf("the program broke off: %v", broken))
		}
		s.seconds = time.Since(began).Seconds()
	}()
	if ctx.Err() != nil {
		s.failures = append(s.failures, fail(exitInterrupted, "interrupted before it ran"))
		return
	}
	own := t.simulation
	own.workers = workers
	checkpoints := baseline.NewCheckpoints(s.plan.Duration)
	j := scenarioJob(s.plan, &own, t.flags)
	result, spent, err := j.carryOut(ctx, t.options(s, &checkpoints, told))
	s.result, s.manifest = result, c.manifest(began, spent)
	if err != nil {
		s.result, s.failures = nil, append(s.failures, err)
		return
	}
	s.against, err = t.hold(ctx, s, checkpoints)
	if err != nil {
		s.failures = append(s.failures, err)
	}
	s.judge()
	if err := reports.Write(filepath.Join(t.into, s.plan.Name), s.result, s.manifest, reports.Options{
		Formats: t.charts.list, Against: s.against,
	}); err != nil {
		s.failures = append(s.failures, flatten(t.inPlace(err))...)
	}
}

// options are what goes on beside the run of a scenario.
func (t *trial) options(s *subject, checkpoints *baseline.Checkpoints, told *testProgress) runOptions {
	return runOptions{Options: virtual.Options{
		Check:    t.check,
		Progress: func(p virtual.Progress) { told.update(s, p, max(t.replicas, 1)) },
		Checkpoints: virtual.Checkpoints{
			Every: checkpoints.Every,
			Take:  func(_ model.Instant, digest string) { checkpoints.Take(digest) },
		},
	}}
}

// hold compares a result with what was accepted, or makes it what is accepted.
func (t *trial) hold(ctx context.Context, s *subject, checkpoints baseline.Checkpoints) (*baseline.Finding, error) {
	found := &baseline.Finding{File: s.baseFile, Verdict: baseline.Missing, Why: "there is none: the thresholds judge alone"}
	if s.base != nil {
		found.Base = s.base.Values()
	}
	switch {
	case s.result.Digest == "" || s.result.Clock != "virtual":
		found.Verdict, found.Why = baseline.Unjudged, "figures by the clock of the wall are never the same"
		return found, nil
	case s.result.Interrupted || s.result.StoppedEarly():
		found.Verdict, found.Why = baseline.Unjudged, "the run did not get to its end"
		return found, nil
	}
	now := baseline.New(s.result, s.document.Text, checkpoints)
	if t.update {
		return found, t.accept(s, now, found)
	}
	if s.base == nil {
		if t.require {
			found.Verdict = baseline.Asked
		}
		found.Accept, found.First, found.Why = s.acceptCommand(), t.beforeAccepting(s), "there is no "+s.baseFile
		return found, nil
	}
	found.Why, found.Changes = "", baseline.Changes(s.base, now)
	if len(found.Changes) == 0 && s.base.Digest == now.Digest {
		found.Verdict = baseline.Same
		return found, nil
	}
	found.Verdict, found.Accept, found.First = baseline.Differs, s.acceptCommand(), t.beforeAccepting(s)
	found.Edits = s.edits()
	if s.base.Digest == now.Digest {
		found.Why = "the same commands with the same answers, counted in another way"
		return found, nil
	}
	found.Parting = s.parting(ctx, now)
	return found, nil
}

// acceptCommand is the command that makes what comes out the baseline; none for a shipped scenario, which is accepted where the program is made.
func (s *subject) acceptCommand() string {
	if s.shipped {
		return ""
	}
	if looksLikeFlag(s.path) {
		return "invitesim test --update -- " + terminal.ShellWord(s.path)
	}
	return "invitesim test --update " + terminal.ShellWord(s.path)
}

// beforeAccepting is what has to be done first, so that the file itself comes to what came out; nothing without flags that change it.
func (t *trial) beforeAccepting(s *subject) string {
	var given []string
	for _, name := range flagsThatChange() {
		if t.flags.Changed(name) {
			given = append(given, "--"+name)
		}
	}
	if len(given) == 0 || s.shipped {
		return ""
	}
	return "change " + s.path + " as " + strings.Join(given, " and ") + " did"
}

// accept writes the baseline of a result, unless it is there already or the model was violated.
func (t *trial) accept(s *subject, now *baseline.Baseline, found *baseline.Finding) error {
	if s.result.Checks.Violated() {
		found.Verdict, found.Why = baseline.Unjudged, "the model was violated: nothing was accepted"
		return nil
	}
	found.Verdict, found.Why = baseline.Accepted, ""
	if s.base != nil {
		found.Changes = baseline.Changes(s.base, now)
		found.Edits = s.edits()
	}
	text := now.Encode()
	before, err := os.ReadFile(filepath.FromSlash(s.baseFile))
	if err == nil && bytes.Equal(before, text) {
		found.Verdict = baseline.Same
		return nil
	}
	if err := reports.WriteFile(s.baseFile, text); err != nil {
		found.Verdict, found.Why = baseline.Unjudged, "it could not be written"
		return err
	}
	return nil
}
