package main

import "testing"

// The directory of a result is called after its policy, and is always one of its own, beside what comparisons and runs put there.
func TestPolicyLabel(t *testing.T) {
	for policy, want := range map[string]string{
		"default": "default", "three-week-wait": "three-week-wait", "mine.yaml": "mine", "../policies/tight.v2.yaml": "tight.v2",
		"charts.yaml": "policy-charts", "compare.html.yaml": "policy-compare.html", "compare.json.yaml": "policy-compare.json",
		"compare.md.yaml": "policy-compare.md", "Compare.HTML.yaml": "policy-Compare.HTML", "result.json.yaml": "policy-result.json",
		"changes.csv.yaml": "policy-changes.csv", "compare.yaml": "compare",
		"...yaml": "policy-", "x/...yml": "policy-",
	} {
		if got := policyLabel(policy); got != want {
			t.Errorf("%s is called %q, want %q", policy, got, want)
		}
	}
}
