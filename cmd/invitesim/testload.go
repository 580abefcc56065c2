package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"invitesim/reports/baseline"
	"invitesim/scenarios"
	"invitesim/sim"
)

// subject is one scenario of a test: where it comes from, what was accepted of it, and what came of it.
type subject struct {
	path     string // of the file, or the name of a shipped scenario
	shipped  bool
	again    string // the command that tests it alone
	plan     *sim.Plan
	document *scenarios.Document
	baseFile string             // where its baseline is, or would be
	base     *baseline.Baseline // nil where there is none

	result   *sim.Result // nil where it did not run
	manifest *sim.Manifest
	against  *baseline.Finding
	failures problems
	seconds  float64 // by the wall clock
}

// size is how much work a scenario is, about.
func (s *subject) size() uint64 { return uint64(s.plan.Members()) * uint64(s.plan.Duration) }

// named puts the scenario's name before what it failed at; the exit code stays.
func (s *subject) named(err error) error {
	return &failure{exitCode(err), fmt.Errorf("%s: %w", s.plan.Name, err)}
}

// loadSubjects reads every scenario and every baseline. What is wrong with any of them is told at once, and then nothing is run.
func (c *call) loadSubjects(t *trial, args []string) error {
	paths, all := findScenarios(args)
	for _, path := range paths {
		s, err := c.loadSubject(t, path)
		if err != nil {
			all = append(all, err)
			continue
		}
		t.subjects = append(t.subjects, s)
	}
	all = append(all, t.namesakes()...)
	for _, s := range t.subjects {
		if t.byTheWall() {
			continue // nothing is held against what was accepted
		}
		if err := s.readBaseline(t.update); err != nil {
			c.annotate(annotation{file: s.baseFile, title: s.plan.Name, message: err.Error()})
			all = append(all, err)
		}
	}
	return several(all...)
}

// findScenarios returns the scenarios behind the arguments, each once.
func findScenarios(args []string) (paths []string, all problems) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		if _, shipped := scenarios.Open(arg); shipped || err != nil || !info.IsDir() {
			paths = append(paths, filepath.ToSlash(arg)) // what cannot be read is told when it is read
			continue
		}
		found, err := scenariosBelow(arg)
		switch {
		case err != nil:
			all = append(all, err)
		case len(found) == 0:
			all = append(all, fail(exitUnusable, "%s: found no scenario: expected files whose names end in .yaml", arg))
		}
		paths = append(paths, found...)
	}
	seen := map[string]bool{}
	paths = slices.DeleteFunc(paths, func(path string) bool {
		key := path
		if full, err := filepath.Abs(path); err == nil {
			key = full
		}
		before := seen[key]
		seen[key] = true
		return before
	})
	return paths, all
}

// scenariosBelow lists the scenario files of a directory and of those below it, in order. The directory may be a link to one.
func scenariosBelow(dir string) ([]string, error) {
	var found []string
	dir = strings.TrimRight(dir, string(filepath.Separator)) + string(filepath.Separator)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fail(exitUnusable, "%s cannot be read: %s: expected a directory of scenarios", filepath.Clean(path), reason(err))
		case entry.IsDir() && path != dir && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case !entry.IsDir() && strings.HasSuffix(entry.Name(), ".yaml") && !strings.HasPrefix(entry.Name(), "."):
			found = append(found, filepath.ToSlash(path))
		}
		return nil
	})
	return found, err
}

// loadSubject reads one scenario.
func (c *call) loadSubject(t *trial, path string) (*subject, error) {
	options := scenarios.Options{Policy: t.policy, Set: t.set}
	if t.flags.Changed("seed") {
		options.Seed = &t.seed
	}
	_, shipped := scenarios.Open(path)
	if path == "-" {
		return nil, mistake("-: a test does not read stdin, beside which no baseline stands: expected a file, a directory or the name of a shipped scenario")
	}
	if shipped && t.update {
		return nil, mistake("--update of the shipped scenario %s: its baseline is part of the program: expected the file, such as scenarios/library/%s.yaml", path, path)
	}
	plan, document, mistakes := scenarios.Load(scenarios.Source{Name: path, Files: c.files}, options)
	if err := c.cutShort(path); err != nil {
		return nil, err
	}
	if len(mistakes) > 0 {
		for i := range mistakes {
			c.annotate(mistakeAnnotation(&mistakes[i]))
		}
		return nil, cannotUse(mistakes)
	}
	return &subject{path: path, shipped: shipped, again: c.commandLineFor("invitesim", path), plan: plan, document: document, baseFile: scenarios.BaselineFile(path)}, nil
}

// namesakes are the mistakes of scenarios that go by one name: their results would be one directory.
func (t *trial) namesakes() []error {
	var all []error
	first := map[string]*subject{}
	for _, s := range t.subjects {
		if other := first[s.plan.Name]; other != nil {
			all = append(all, fail(exitUnusable, "%s: the scenario is called %s, as that of %s is: expected another name", s.path, s.plan.Name, other.path))
			continue
		}
		first[s.plan.Name] = s
	}
	return all
}

// readBaseline reads what was accepted of a scenario, if anything was. One that is to be replaced may be of any sort.
func (s *subject) readBaseline(replace bool) error {
	text, err := s.baselineText()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	base, err := baseline.Decode(text)
	switch {
	case err != nil && replace:
		return nil
	case err != nil:
		return fail(exitUnusable, "%s: %w", s.baseFile, err)
	case base.Scenario != s.plan.Name && !replace:
		return fail(exitUnusable, "%s: found the baseline of the scenario %s, expected that of %s", s.baseFile, base.Scenario, s.plan.Name)
	case base.Scenario != s.plan.Name:
		return nil
	}
	if apart := base.Apart(s.plan); len(apart) > 0 && !replace {
		return fail(exitNoBaseline, "%s: cannot be compared with %s: %s: accept it with `invitesim test --update`, or run what was accepted",
			s.plan.Name, s.baseFile, strings.Join(apart, "; "))
	} else if len(apart) > 0 {
		return nil
	}
	s.base = base
	return nil
}

func (s *subject) baselineText() ([]byte, error) {
	if !s.shipped {
		return os.ReadFile(filepath.FromSlash(s.baseFile))
	}
	text, ok := scenarios.OpenBaseline(s.path)
	if !ok {
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}
