package reports_test

import (
	"encoding/xml"
	"path/filepath"
	"strings"
	"testing"

	"invitesim/reports"
	"invitesim/reports/baseline"
	"invitesim/reports/internal/golden"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

// differing is what a change of the weekly limit looks like beside a baseline.
func differing() *baseline.Finding {
	return &baseline.Finding{
		Verdict: baseline.Differs, File: "half-year.baseline.json",
		Edits: []baseline.Edit{{What: "policy.weekly_limit.count", Base: "100", Now: "50"}},
		Changes: []baseline.Change{
			{Path: "members_by.recruiter.commands.send.outcomes.rate_limited.share", Base: 0.021, Now: 0.098},
			{Path: "commands.send.outcomes.rate_limited.share", Base: 0.0045, Now: 0.0121},
			{Path: "members_by.casual.limits.rate_limited.member_share", Now: 0.0003},
			{Path: "commands.send.outcomes.rate_limited.count", Base: 1275, Now: 3428},
		},
		Parting: &baseline.Parting{
			Before: []string{"1w3d5h  send 7 12 -> sent"}, Base: "1w4d  send 7 19 -> sent",
			Now: []string{"1w4d  send 7 19 -> rate_limited until=2w"}, Members: "7 is of recruiter, 19 of casual",
		},
		Accept: "invitesim test --update half-year.yaml",
	}
}

func TestJUnit(t *testing.T) {
	failing := replicated()
	failing.Checks = &sim.Checks{
		Invariants: sim.InvariantChecks{Evaluated: 1_000_000}, Linearizability: &sim.LinearizabilityChecks{Commands: 6000},
		Oracle: sim.OracleChecks{Commands: 5000, Divergences: 2}, ShortestTrace: "members 2\n0s  send 1 2  -> pending_capped\n",
	}
	failing.Interrupted = true
	failing.Thresholds = append(failing.Thresholds, sim.Verdict{That: "response.ignore.p50 < 1d", Verdict: sim.VerdictNoData, Severity: sim.SeverityFail})
	fine := sample.Result(sample.SteadyWeek())
	fine.Scenario.Name = `odd <name> & "quotes" ` + "\x1b"
	text, err := reports.JUnit([]reports.Suite{
		reports.NewSuite(failing, differing(), "invitesim test half-year.yaml"),
		reports.NewSuite(fine, &baseline.Finding{Verdict: baseline.Missing, Why: "there is none"}, ""),
		{Name: "nothing"},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden.Same(t, *update, "junit.xml", string(text))
	var read struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Suites   []struct {
			Cases []struct {
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	tests, failures := 0, 0
	for _, suite := range read.Suites {
		for _, c := range suite.Cases {
			tests++
			if c.Failure != nil {
				failures++
			}
		}
	}
	if tests != read.Tests || failures != read.Failures || failures == 0 {
		t.Errorf("the head says %d tests and %d failures, and there are %d and %d", read.Tests, read.Failures, tests, failures)
	}
}

func TestBaselineInTheDirectory(t *testing.T) {
	dir := t.TempDir()
	against := differing()
	write(t, dir, sample.HalfYear(), reports.Options{Against: against})
	files := tree(t, dir)
	if got, want := files["changes.csv"], string(baseline.CSV(against.Changes)); got != want {
		t.Errorf("changes.csv holds %q", got)
	}
	for _, name := range []string{"summary.md", "junit.xml"} {
		if want := "recruiter  attempts refused by the weekly limit"; !strings.Contains(files[name], want) {
			t.Errorf("%s does not say %q", name, want)
		}
	}
	write(t, dir, sample.HalfYear(), reports.Options{})
	if _, there := tree(t, dir)["changes.csv"]; there {
		t.Errorf("%s stays when the result is not compared any more", filepath.Join(dir, "changes.csv"))
	}
}
