package reports_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"invitesim/reports"
	"invitesim/reports/comparison"
	"invitesim/reports/internal/golden"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

// side makes the runs of a side.
func side(name string, shape sample.Side) []comparison.Run {
	var all []comparison.Run
	for i, result := range shape.Make() {
		all = append(all, comparison.Run{Directory: fmt.Sprintf("out/%s-%d", name, i+1), Result: result})
	}
	return all
}

// comparisons are of every kind: what got worse seed by seed, one run each, nothing but noise, too few runs, latencies.
func comparisons(t *testing.T) map[string]*comparison.Comparison {
	t.Helper()
	all := map[string]*comparison.Comparison{}
	add := func(name string, base, next sample.Side, allow ...string) {
		var allowances []comparison.Allowance
		for _, text := range allow {
			a, err := comparison.ParseAllowance(text)
			if err != nil {
				t.Fatal(err)
			}
			allowances = append(allowances, a)
		}
		c, err := comparison.Compare(side("before", base), side("after", next), allowances)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = c
	}
	add("paired", sample.Side{Runs: 6, Seed: 1, Limit: "100"}, sample.Side{Runs: 6, Seed: 1, Limit: "80", Worse: 0.4}, "limits.*.member_share +50%")
	add("exact", sample.Side{Runs: 1, Seed: 1, Limit: "100"}, sample.Side{Runs: 1, Seed: 1, Limit: "80", Worse: 0.4})
	add("noise", sample.Side{Runs: 5, Seed: 1}, sample.Side{Runs: 6, Seed: 77})
	add("few", sample.Side{Runs: 1, Seed: 1}, sample.Side{Runs: 1, Seed: 2})
	add("same", sample.Side{Runs: 2, Seed: 1}, sample.Side{Runs: 2, Seed: 1})
	add("measured", sample.Side{Runs: 7, Seed: 1, Wall: true}, sample.Side{Runs: 6, Seed: 1, Wall: true, Worse: 0.3}, "latency.send.p99 +10%")
	return all
}

func TestComparisonGolden(t *testing.T) {
	for name, c := range comparisons(t) {
		golden.Same(t, *update, "compare-"+name+".txt", c.Text(100, false))
		if name != "paired" {
			continue
		}
		for format, ending := range map[string]string{"markdown": "md", "json": "json", "html": "html"} {
			text, err := reports.CompareFormat(c, format)
			if err != nil {
				t.Fatal(err)
			}
			golden.Same(t, *update, "compare-"+name+"."+ending, text)
		}
	}
}

func TestComparisonOnATerminalIsColoured(t *testing.T) {
	text := comparisons(t)["paired"].Text(100, true)
	if !strings.Contains(text, "\x1b[31;1mworse\x1b[0m") || !strings.Contains(text, "\x1b[31;1mRegression: ") {
		t.Errorf("no red verdict in\n%q", text)
	}
}

func TestWriteComparison(t *testing.T) {
	all := comparisons(t)
	dir := filepath.Join(t.TempDir(), "compared")
	for range 2 { // over an earlier one too
		if err := reports.WriteComparison(dir, all["paired"], false); err != nil {
			t.Fatal(err)
		}
	}
	files := tree(t, dir)
	if got := names(files); !slices.Equal(got, []string{"charts/compare.svg", "compare.html", "compare.json", "compare.md"}) {
		t.Errorf("files %q", got)
	}
	var read comparison.Comparison
	if err := json.Unmarshal([]byte(files["compare.json"]), &read); err != nil || read.Schema != comparison.Schema || read.Counts != all["paired"].Counts {
		t.Errorf("compare.json: %v, %+v", err, read.Counts)
	}
	if !strings.Contains(files["compare.html"], files["charts/compare.svg"]) {
		t.Error("the chart is not in the page")
	}
	for _, word := range []string{"<script", "http://", "https://", "src=", "url("} {
		if text := strings.ReplaceAll(files["compare.html"], "http://www.w3.org/2000/svg", ""); strings.Contains(text, word) {
			t.Errorf("the page is not self-contained: %s", word)
		}
	}
	if err := reports.WriteComparison(dir, all["same"], false); err != nil {
		t.Fatal(err)
	}
	if got := names(tree(t, dir)); slices.Contains(got, "charts/compare.svg") {
		t.Error("a chart stayed that the new comparison does not have")
	}
	occupied := t.TempDir()
	if err := os.WriteFile(filepath.Join(occupied, "precious"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := reports.WriteComparison(occupied, all["paired"], false); err == nil {
		t.Error("it was written over what somebody else has")
	}
}

// candidates are policies with the samples of as many replicas.
func candidates(replicas int) ([]comparison.Candidate, []reports.PolicyRun) {
	var all []comparison.Candidate
	var runs []reports.PolicyRun
	for i, limit := range []string{"100", "80", "none"} {
		name := []string{"default", "eighty", "<unlimited>"}[i]
		results := sample.Side{Runs: replicas, Seed: 1, Limit: limit, Worse: []float64{0, 0.4, -1}[i]}.Make()
		all = append(all, comparison.Candidate{Name: name, Replicas: results})
		runs = append(runs, reports.PolicyRun{Name: strings.Trim(name, "<>"), Result: results[0], Manifest: &sim.Manifest{Schema: sim.ManifestSchema}})
	}
	return all, runs
}

func TestPoliciesGolden(t *testing.T) {
	for _, replicas := range []int{1, 6} {
		all, _ := candidates(replicas)
		p, err := comparison.ComparePolicies(all)
		if err != nil {
			t.Fatal(err)
		}
		golden.Same(t, *update, fmt.Sprintf("policies-%d.txt", replicas), p.Text(100, false, "All of it: somewhere."))
		if replicas > 1 {
			golden.Same(t, *update, "policies.md", p.Markdown())
			text, err := reports.Encode(p)
			if err != nil {
				t.Fatal(err)
			}
			golden.Same(t, *update, "policies.json", string(text))
		}
	}
}

func TestWritePolicies(t *testing.T) {
	all, runs := candidates(1)
	p, err := comparison.ComparePolicies(all)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "policies")
	for range 2 {
		if err := reports.WritePolicies(dir, p, runs, false); err != nil {
			t.Fatal(err)
		}
	}
	files := tree(t, dir)
	for _, want := range []string{"compare.json", "compare.md", "compare.html", "default/result.json", "default/manifest.json", "unlimited/result.json"} {
		if files[want] == "" {
			t.Errorf("%s is missing in %q", want, names(files))
		}
	}
	if strings.Contains(files["compare.html"], "<unlimited>") || !strings.Contains(files["compare.html"], "&lt;unlimited&gt;") {
		t.Error("the name of a policy is not escaped")
	}
	read, err := reports.Read(filepath.Join(dir, "eighty"))
	if err != nil || read.Policy.Settings["weekly_limit.count"] != "80" {
		t.Errorf("the result under eighty: %v, %v", err, read)
	}
	if err := reports.Claim(dir, false); err != nil {
		t.Errorf("a run cannot go where a comparison of policies is: %v", err)
	}
}

// Of interrupted runs nothing is compared. What an earlier comparison said is gone, and the next one can go there.
func TestWriteInterruptedPolicies(t *testing.T) {
	all, runs := candidates(1)
	p, err := comparison.ComparePolicies(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, before := range []*comparison.Policies{nil, p} {
		dir := t.TempDir()
		if before != nil {
			if err := reports.WritePolicies(dir, before, runs, false); err != nil {
				t.Fatal(err)
			}
		}
		if err := reports.WritePolicies(dir, comparison.Interrupted(all), runs, false); err != nil {
			t.Fatal(err)
		}
		files := tree(t, dir)
		for name, text := range files {
			if strings.HasPrefix(name, "charts/") || strings.HasPrefix(name, "compare") && !strings.Contains(text, "interrupted") {
				t.Errorf("%s speaks of a comparison", name)
			}
		}
		if files["compare.json"] == "" || files["default/result.json"] == "" {
			t.Errorf("found %q", names(files))
		}
		if err := reports.Claim(dir, false); err != nil {
			t.Errorf("the next one cannot go there: %v", err)
		}
	}
}
