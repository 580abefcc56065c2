package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"invitesim/reports"
	"invitesim/reports/baseline"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// Names of the files of a test, beside the result directories.
const (
	testFile        = "test.json"
	testSummaryFile = "summary.md"
	testJUnitFile   = "junit.xml"
)

// testSchema names the format of test.json.
const testSchema = "invitesim.test/v1"

// testDocument is test.json: what was judged, for programs.
type testDocument struct {
	Schema    string         `json:"schema"`
	Scenarios []testScenario `json:"scenarios"`
}

type testScenario struct {
	Name       string        `json:"name"`
	Path       string        `json:"path"`
	Verdict    string        `json:"verdict"`
	Failures   []string      `json:"failures,omitempty"`
	Thresholds []sim.Verdict `json:"thresholds,omitempty"`
	Baseline   *testBaseline `json:"baseline,omitempty"`
}

type testBaseline struct {
	Verdict string          `json:"verdict"`
	File    string          `json:"file"`
	Why     string          `json:"why,omitempty"`
	Changed int             `json:"figures_changed"`
	Edits   []baseline.Edit `json:"edits,omitempty"`
}

// claimOut says whether the results can go where they are to go, before time is spent on making them.
func (t *trial) claimOut() error {
	entries, err := os.ReadDir(t.out)
	_, earlier := earlierTest(t.out)
	if err == nil && len(entries) > 0 && !earlier && !t.force {
		return mistake("--out %s: found something else than an earlier test: expected an empty directory or another one; --force replaces it, with all that it holds", t.out)
	}
	if t.force || !earlier {
		if err := claim(t.out, t.force); err != nil {
			return err
		}
	}
	for _, s := range t.subjects {
		t.reads = append(t.reads, s.path, s.baseFile)
	}
	if err := spare(t.out, t.force, append(t.reads, t.policy)...); err != nil {
		return err
	}
	if t.force {
		return nil
	}
	for _, s := range t.subjects {
		if err := t.claim(filepath.Join(t.out, s.plan.Name)); err != nil {
			return err
		}
	}
	return nil
}

// open says where the results are written: to their place or, with --force, beside what is there, which stays until the test is through.
func (t *trial) open() error {
	t.into = t.out
	if !t.force {
		return nil
	}
	var err error
	if t.instead, err = reports.Replace(t.out); err != nil {
		return fmt.Errorf("--out %s cannot be replaced: %w", t.out, err)
	}
	t.into = t.instead.Dir()
	return nil
}

// close puts what was written beside into its place, unless all that is about the test could not be written.
func (t *trial) close(written error) error {
	switch {
	case t.instead == nil:
		return written
	case written != nil:
		return several(written, t.instead.Discard())
	}
	return t.instead.Finish()
}

// inPlace tells an error by the names that files have once they are in their place.
func (t *trial) inPlace(err error) error {
	if err == nil || t.into == t.out {
		return err
	}
	var all problems
	for _, each := range flatten(err) {
		all = append(all, errors.New(strings.ReplaceAll(each.Error(), t.into, t.out)))
	}
	return all
}

// earlierTest reads test.json of a directory.
func earlierTest(dir string) (document testDocument, ok bool) {
	text, err := os.ReadFile(filepath.Join(dir, testFile))
	if err != nil || json.Unmarshal(text, &document) != nil {
		return testDocument{}, false
	}
	return document, document.Schema == testSchema
}

// writeTest writes what is about all scenarios together, takes away the results of an earlier test that are no part of this one, and tells the
// workflow that it runs in.
func (c *call) writeTest(t *trial) error {
	before, earlier := earlierTest(t.out)
	for _, s := range t.subjects {
		c.annotateFailures(s)
	}
	err := t.inPlace(t.close(t.writeJudged()))
	if err != nil && !earlier && !t.force {
		err = several(err, t.takeBack())
	}
	for _, old := range before.Scenarios {
		if !t.force {
			err = several(err, t.removeOutdated(old.Name))
		}
	}
	return several(err, c.appendStepSummary(t.markdown()))
}

// writeJudged writes junit.xml, summary.md and test.json.
func (t *trial) writeJudged() error {
	var suites []reports.Suite
	for _, s := range t.subjects {
		suites = append(suites, s.suite())
	}
	judged, err := reports.JUnit(suites)
	if err != nil {
		return err
	}
	document, err := reports.Encode(t.document())
	if err != nil {
		return err
	}
	return reports.WriteFiles(t.into, map[string][]byte{testJUnitFile: judged, testSummaryFile: []byte(t.markdown()), testFile: document})
}

// takeBack removes the results of a test of which nobody could be told: without test.json the next one would refuse the directory.
func (t *trial) takeBack() error {
	var all problems
	for _, s := range t.subjects {
		if dir := filepath.Join(t.out, s.plan.Name); noResult(dir, "") == nil {
			all = append(all, reports.Remove(dir))
		}
	}
	_ = os.Remove(t.out) // succeeds only where it is empty
	return several(all...)
}

// removeOutdated takes the result of an earlier test away that is no part of this one. A directory of that name which holds no result is
// somebody else's by now.
func (t *trial) removeOutdated(name string) error {
	part := slices.ContainsFunc(t.subjects, func(s *subject) bool { return s.plan.Name == name })
	if part || name == "." || !filepath.IsLocal(name) || strings.ContainsAny(name, `/\`) {
		return nil
	}
	dir := filepath.Join(t.out, name)
	if noResult(dir, "") != nil {
		return nil
	}
	return reports.Remove(dir)
}

// suite lists what was judged of a scenario; one that did not run failed at that.
func (s *subject) suite() reports.Suite {
	suite := reports.Suite{Name: s.plan.Name}
	if s.result != nil {
		suite = reports.NewSuite(s.result, s.against, s.again)
	}
	for _, err := range s.failures {
		if code := exitCode(err); code == exitError || s.result == nil {
			suite.Cases = append(suite.Cases, reports.Case{Group: "checks", Name: "runs and writes its result", Failure: err.Error()})
		}
	}
	return suite
}

// document makes test.json.
func (t *trial) document() testDocument {
	out := testDocument{Schema: testSchema}
	for _, s := range t.subjects {
		one := testScenario{Name: s.plan.Name, Path: s.path, Verdict: s.verdictWord()}
		for _, err := range s.failures {
			one.Failures = append(one.Failures, strings.ReplaceAll(err.Error(), figure.ThinSpace, " "))
		}
		if s.result != nil {
			one.Thresholds = s.result.Thresholds
		}
		if f := s.against; f != nil {
			one.Baseline = &testBaseline{Verdict: string(f.Verdict), File: f.File, Why: f.Why, Changed: len(f.Changes), Edits: f.Edits}
		}
		out.Scenarios = append(out.Scenarios, one)
	}
	return out
}

// verdictWord says in a word or two what came of a scenario.
func (s *subject) verdictWord() string {
	switch exitCode(s.failures) {
	case exitWell:
		if s.against != nil && s.against.Verdict == baseline.Accepted {
			return "accepted"
		}
		return "pass"
	case exitInterrupted:
		return "interrupted"
	case exitError:
		return "error"
	}
	return "fail"
}

// row is a line of the table of all scenarios.
func (s *subject) row() []string {
	thresholds, against := "–", "–"
	if s.result != nil && len(s.result.Thresholds) > 0 {
		passed := 0
		for i := range s.result.Thresholds {
			if s.result.Thresholds[i].Verdict == sim.VerdictPass {
				passed++
			}
		}
		thresholds = fmt.Sprintf("%d of %d", passed, len(s.result.Thresholds))
	}
	if s.against != nil {
		against = map[baseline.Verdict]string{
			baseline.Same: "the same", baseline.Differs: "differs", baseline.Missing: "none", baseline.Asked: "none, and one is required",
			baseline.Accepted: "accepted", baseline.Unjudged: "not compared",
		}[s.against.Verdict]
	}
	return []string{s.verdictWord(), s.plan.Name, thresholds, against}
}

// headings are those of the table of all scenarios.
func headings() []string { return []string{"verdict", "scenario", "thresholds", "baseline"} }

// conclusion is the last sentence.
func (t *trial) conclusion() string {
	failed, without := 0, 0
	for _, s := range t.subjects {
		if len(s.failures) > 0 {
			failed++
		}
		if s.against != nil && s.against.Verdict == baseline.Missing {
			without++
		}
	}
	text := fmt.Sprintf("%s: %d passed, %d failed", figure.Plural(uint64(len(t.subjects)), "scenario"), len(t.subjects)-failed, failed)
	if without > 0 {
		text += fmt.Sprintf(", %d without a baseline: judged by the thresholds alone", without)
	}
	return text
}

// inSummary is how many figures of a scenario the summary names at most.
const inSummary = 20

// details are the lines that say what failed in a scenario; nothing where nothing did.
func (s *subject) details() []string {
	var lines []string
	for _, err := range s.failures {
		if code := exitCode(err); code != exitRegression && code != exitNoBaseline {
			lines = append(lines, strings.ReplaceAll(err.Error(), figure.ThinSpace, " "))
		}
	}
	if f := s.against; f != nil && (f.Verdict == baseline.Differs || f.Verdict == baseline.Asked || f.Verdict == baseline.Accepted) {
		lines = append(lines, f.Lines(inSummary)...)
	}
	return lines
}

// markdown is the summary for a pull request.
func (t *trial) markdown() string {
	var b strings.Builder
	b.WriteString("# " + t.conclusion() + "\n\n")
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(headings(), " | "), strings.Repeat(" --- |", len(headings())))
	for _, s := range t.subjects {
		row := s.row()
		if row[0] != "pass" && row[0] != "accepted" {
			row[0] = "**" + row[0] + "**"
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	for _, s := range t.subjects {
		if lines := s.details(); len(lines) > 0 {
			text := strings.ReplaceAll(strings.Join(lines, "\n"), "```", "'''")
			fmt.Fprintf(&b, "\n## %s\n\n```text\n%s\n```\n", s.plan.Name, text)
		}
	}
	return b.String()
}

// printTest prints what came of the scenarios on stdout.
func (c *call) printTest(t *trial) error {
	if c.quiet {
		return nil
	}
	switch t.format.value {
	case "json":
		return c.printJSON(t.document())
	case "markdown":
		fmt.Fprint(c.stdout, t.markdown())
		return nil
	}
	for _, s := range t.subjects {
		if lines := s.details(); len(lines) > 0 {
			indented := strings.ReplaceAll(strings.Join(lines, "\n"), "\n", "\n  ")
			c.tell("%s\n  %s\n\n", s.plan.Name, strings.ReplaceAll(indented, "\n  \n", "\n\n"))
		}
	}
	table := tabwriter.NewWriter(c.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.ToUpper(strings.Join(headings(), "\t")))
	for _, s := range t.subjects {
		fmt.Fprintln(table, strings.Join(s.row(), "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	c.tell("\n%s; results in %s\n", t.conclusion(), t.out)
	return nil
}
