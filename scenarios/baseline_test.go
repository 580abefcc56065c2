package scenarios_test

import (
	"testing"

	"invitesim/reports/baseline"
	"invitesim/scenarios"
)

// Whoever changes a shipped scenario accepts its figures anew.
func TestEveryShippedScenarioHasItsBaseline(t *testing.T) {
	for _, entry := range scenarios.Library() {
		text, ok := scenarios.OpenBaseline(entry.Name)
		if !ok {
			t.Errorf("%s has no baseline: run `make baselines`", entry.Name)
			continue
		}
		accepted, err := baseline.Decode([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", entry.Name, err)
			continue
		}
		plan, _, _ := scenarios.Load(scenarios.Source{Name: entry.Name}, scenarios.Options{})
		if accepted.Scenario != entry.Name || accepted.ScenarioDigest != plan.Digest {
			t.Errorf("%s: what was accepted is of another scenario: run `make baselines`, and read the difference", entry.Name)
		}
		if most := 22 << 10; len(text) > most {
			t.Errorf("%s: the baseline has %d bytes, more than %d", entry.Name, len(text), most)
		}
	}
	if _, ok := scenarios.OpenBaseline("no-such-scenario"); ok {
		t.Error("found the baseline of a scenario that there is not")
	}
}
