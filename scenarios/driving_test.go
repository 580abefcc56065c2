package scenarios_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"invitesim/scenarios"
	"invitesim/sim"
)

func TestParseSpeed(t *testing.T) {
	for text, want := range map[string]float64{"604800x": 604800, "604_800x": 604800, "1x": 1, "0.5x": 0.5, "1e9x": 1e9, "0.000001x": 1e-6, "2 x": 2} {
		if got, ok := scenarios.ParseSpeed(text); !ok || got != want {
			t.Errorf("%q is %g, %v; want %g", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "x", "604800", "0x", "-1x", "0.00000099x", "1e-300x", "1e-999x", "1.1e9x", "1e999x", "1h", "1xx", "infx", "nanx", "1,000x"} {
		if got, ok := scenarios.ParseSpeed(text); ok {
			t.Errorf("%q is taken for a speed of %g", text, got)
		}
	}
}

func TestLoadIsSet(t *testing.T) {
	const scenario = "scenario: a\nduration: 1w\nmembers: {b: {count: 5}}\n"
	plain, _ := load(t, scenario, scenarios.Options{})
	if diff := cmp.Diff(sim.Load{}, plain.Load); diff != "" {
		t.Error("a scenario without load is driven in some way:", diff)
	}
	changed, _ := load(t, scenario, scenarios.Options{Set: []string{"load.loop=closed", "load.faults=[{at: 1.5s, for: 20ms, stall: shard}]"}})
	want := sim.Load{Loop: sim.Closed, Faults: []sim.Fault{{At: 1500 * time.Millisecond, For: 20 * time.Millisecond, Kind: sim.StallShard}}}
	if diff := cmp.Diff(want, changed.Load); diff != "" {
		t.Error(diff)
	}
	if plain.Digest == changed.Digest {
		t.Error("how the system is driven does not show in the digest")
	}
}

// TestAClosedLoopHasNoSpeed: it would say nothing. Where the file has a speed, a flag can take it away.
func TestAClosedLoopHasNoSpeed(t *testing.T) {
	const scenario = "scenario: a\nduration: 1w\nload: {speed: 3600x}\nmembers: {b: {count: 5}}\n"
	source := func() scenarios.Source {
		return scenarios.Source{Name: "a.yaml", Text: strings.NewReader(scenario)}
	}
	_, _, mistakes := scenarios.Load(source(), scenarios.Options{Set: []string{"load.loop=closed"}})
	want := `a.yaml:3:15: load.speed: found the speed "3600x" in a closed loop, which goes as fast as it is answered; expected no speed with loop: closed, or loop: open`
	if len(mistakes) != 1 || !strings.HasPrefix(mistakes[0].Error(), want) {
		t.Errorf("found %v, expected %s", mistakes, want)
	}
	plan, _, mistakes := scenarios.Load(source(), scenarios.Options{Set: []string{"load.loop=closed", "load.speed="}})
	if len(mistakes) > 0 || plan.Load.Loop != sim.Closed || plan.Load.Speed != 0 {
		t.Errorf("without the speed: %v, %v", plan, mistakes)
	}
}
