package scenarios_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"invitesim/scenarios"
	"invitesim/sim"
)

func TestParseSpeed(t *testing.T) {
	for text, want := range map[string]float64{"604800x": 604800, "604_800x": 604800, "1x": 1, "0.5x": 0.5, "1e9x": 1e9, "2 x": 2} {
		if got, ok := scenarios.ParseSpeed(text); !ok || got != want {
			t.Errorf("%q is %g, %v; want %g", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "x", "604800", "0x", "-1x", "1.1e9x", "1e999x", "1h", "1xx", "infx", "nanx", "1,000x"} {
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
	changed, _ := load(t, scenario, scenarios.Options{Set: []string{"load.speed=3600x", "load.loop=closed", "load.faults=[{at: 1.5s, for: 20ms, stall: shard}]"}})
	want := sim.Load{Loop: sim.Closed, Speed: 3600, Faults: []sim.Fault{{At: 1500 * time.Millisecond, For: 20 * time.Millisecond, Kind: sim.StallShard}}}
	if diff := cmp.Diff(want, changed.Load); diff != "" {
		t.Error(diff)
	}
	if plain.Digest == changed.Digest {
		t.Error("how the system is driven does not show in the digest")
	}
}
