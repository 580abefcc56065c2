package scenarios

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"invitesim/model"
	"invitesim/sim"
)

const (
	expectSpeed  = "a speed such as 604800x, a week in a second, from 0.000001x to 1_000_000_000x"
	patternSpeed = `^[0-9][0-9_.]*([eE][-+]?[0-9]+)?x$`
	expectFaults = "a list of faults, such as [{at: 10s, for: 2s, stall: worker}]"
	maxSpeed     = 1e9
	maxFaults    = 100
	longestTime  = time.Duration(model.LongestDuration) * time.Second
)

// loopNames are how commands are given, by sim.Loop.
func loopNames() []string { return []string{"open", "closed"} }

// faultNames are what can be made to stall, by sim.FaultKind.
func faultNames() []string { return []string{"worker", "shard", "gc"} }

// loadShape is how a run by the wall clock drives the system.
func loadShape() *shape {
	return objectOf("a map such as {loop: open, speed: 604800x, workers: 4}",
		or("`open`", "loop", choice(loopNames()...), "open: each command at its planned instant; closed: each when the worker's last one is answered"),
		may("speed", matching(expectSpeed, patternSpeed).called("speed, such as `604800x`"), "In an open loop: seconds of the people's time in a second of the wall clock; 604800x is a week in a second"),
		or("as many as processors", "workers", countFrom(1, sim.MostWorkers), "How many workers share the members"),
		may("faults", &shape{sort: sequence, item: faultShape()}, "What is made to go wrong"),
	)
}

func faultShape() *shape {
	return objectOf("a fault",
		must("at", timespan(), "When it begins, in wall time since the start of the run"),
		must("for", lasting(), "How long it lasts, in wall time"),
		must("stall", choice(faultNames()...), "worker: one does nothing; shard: commands on the members of one part of the store wait; gc: the collector runs all the time"),
	)
}

// ParseSpeed reads a speed such as `604800x`: how many seconds of the people's time pass in a second of the wall clock, from sim.LeastSpeed to 10⁹. It
// returns false for anything else.
func ParseSpeed(text string) (float64, bool) {
	number, times := strings.CutSuffix(text, "x")
	speed, ok := parseNumber(strings.TrimSpace(number))
	if !ok || !times || speed < sim.LeastSpeed || speed > maxSpeed {
		return 0, false
	}
	return speed, true
}

// load reads how the system is driven in wall time.
func (d *decoder) load(n *node) sim.Load {
	f := d.mapping(n, loadShape())
	load := sim.Load{Loop: sim.Loop(max(0, d.word(f.get("loop"), loopNames()...)))}
	if speed := f.get("speed"); speed != nil {
		given, _ := d.text(speed, expectSpeed)
		var ok bool
		if load.Speed, ok = ParseSpeed(given); !ok && given != "" {
			d.wrong(speed, expectSpeed)
		} else if load.Loop == sim.Closed {
			d.contrary(speed, "found the speed "+quoted(given)+" in a closed loop, which goes as fast as it is answered", "no speed with loop: closed, or loop: open")
		}
	}
	if workers := f.get("workers"); workers != nil {
		load.Workers = int(d.count(workers, 1, sim.MostWorkers))
	}
	faults := d.items(f.get("faults"), expectFaults)
	if len(faults) > maxFaults {
		d.contrary(f.get("faults"), "found "+itoa(uint64(len(faults)))+" faults", "at most "+itoa(maxFaults))
		return load
	}
	for _, item := range faults {
		load.Faults = append(load.Faults, d.fault(item))
	}
	slices.SortStableFunc(load.Faults, func(a, b sim.Fault) int { return cmp.Compare(a.At, b.At) })
	return load
}

func (d *decoder) fault(n *node) sim.Fault {
	f := d.mapping(n, faultShape())
	return sim.Fault{
		At:   d.wallTime(f.get("at"), 0),
		For:  d.wallTime(f.get("for"), 1),
		Kind: sim.FaultKind(max(0, d.word(f.get("stall"), faultNames()...))),
	}
}

// wallTime reads a length of wall time, of at least so many nanoseconds.
func (d *decoder) wallTime(n *node, least time.Duration) time.Duration {
	s, ok := d.text(n, expectDuration)
	if !ok {
		return 0
	}
	from := "0s or more"
	if least > 0 {
		from = "a duration above 0s"
	}
	length, err := model.ParseDuration(s)
	switch {
	case length > longestTime || err != nil || length < 0:
		expected, meant := expectedFor(s, from)
		d.wrong(n, expected, meant)
		return 0
	case length < least:
		d.wrong(n, from)
	}
	return length
}
