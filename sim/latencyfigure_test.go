package sim_test

import (
	"testing"

	"invitesim/sim"
)

func TestFiguresOfTheWallClock(t *testing.T) {
	p99, late := int64(1500), int64(8)
	measured := &sim.Result{
		Latency: map[string]*sim.LatencyFigures{"send": {Count: 5000, MeanNS: 250.5, P99NS: &p99, MaxNS: 9000}},
		Service: map[string]*sim.LatencyFigures{"received": {Count: 3, MaxNS: 70}},
		Load:    &sim.LoadFigures{Loop: "open", OfferedPerS: 100.5, AchievedPerS: 99, Late: 4, LateShare: 0.25, Dropped: 2, LateP99NS: &late},
	}
	for _, test := range []struct {
		path   string
		unit   sim.Unit
		value  float64
		sample bool
	}{
		{"latency.send.count", sim.UnitNumber, 5000, true},
		{"latency.send.mean", sim.UnitNanoseconds, 250.5, true},
		{"latency.send.p99", sim.UnitNanoseconds, 1500, true},
		{"latency.send.max", sim.UnitNanoseconds, 9000, true},
		{"latency.send.p999", sim.UnitNanoseconds, 0, false}, // too few to tell
		{"latency.accept.count", sim.UnitNumber, 0, false},
		{"service.received.max", sim.UnitNanoseconds, 70, true},
		{"service.send.max", sim.UnitNanoseconds, 0, false},
		{"load.offered_per_s", sim.UnitNumber, 100.5, true},
		{"load.achieved_per_s", sim.UnitNumber, 99, true},
		{"load.late", sim.UnitNumber, 4, true},
		{"load.late_share", sim.UnitShare, 0.25, true},
		{"load.dropped", sim.UnitNumber, 2, true},
		{"load.late_p99", sim.UnitNanoseconds, 8, true},
	} {
		if unit, err := sim.CheckPath(test.path, nil); err != nil || unit != test.unit {
			t.Errorf("%s: unit %d, %v; want %d", test.path, unit, err, test.unit)
		}
		if value, sample := sim.Figure(measured, test.path); value != test.value || sample != test.sample {
			t.Errorf("%s: found %v, %v, want %v, %v", test.path, value, sample, test.value, test.sample)
		}
		if _, sample := sim.Figure(&sim.Result{}, test.path); sample {
			t.Errorf("%s: a virtual run has a sample", test.path)
		}
		if sim.InWindows(test.path) {
			t.Errorf("%s is said to be measured in windows", test.path)
		}
	}
	for _, path := range []string{"load.loop", "latency.send.histogram", "latency.send", "load.offered_per", "members_by.a.latency.send.p99"} {
		if _, err := sim.CheckPath(path, []string{"a"}); err == nil {
			t.Errorf("%s is taken for a figure", path)
		}
	}
}
