package wall

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"invitesim/sim"
)

var soak = flag.Duration("soak", 0, "how long TestSoak runs, such as 10m; 0 skips it")

// TestSoak runs the same people again and again in wall time, each time with another seed, by turns in a closed loop, in an open one and in one that
// is too fast, every call recorded and checked. No answer may be one that the model does not explain, no invariant broken, and the memory
// in use after a run no more than half as much again as after the first ones.
//
//	make soak-wall
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("it runs as long as -soak says: make soak-wall")
	}
	loads := []sim.Load{{Loop: sim.Closed}, {Speed: 2_000_000}, {Speed: 100_000_000}}
	commands, first := uint64(0), uint64(0)
	for round, end := 0, time.Now().Add(*soak); time.Now().Before(end); round++ {
		plan := everything(t)
		plan.Seed = uint64(round)
		plan.Load = loads[round%len(loads)]
		result, totals, err := Run(context.Background(), plan, Options{Workers: 2 + round%7, Check: true})
		if err != nil {
			t.Fatal(err)
		}
		allowed(t, fmt.Sprintf("seed %d, load %+v", plan.Seed, plan.Load), result)
		if t.Failed() || result.Checks.Oracle.Commands == 0 {
			t.Fatalf("seed %d, load %+v: checks %+v", plan.Seed, plan.Load, result.Checks)
		}
		commands += totals.Commands
		inUse := memoryInUse()
		if round == 2*len(loads) {
			first = inUse
		}
		if first > 0 && inUse > first+first/2 {
			t.Fatalf("round %d: %d bytes in use, %d after the first rounds", round, inUse, first)
		}
		if round%30 == 0 {
			t.Logf("round %d: %d commands, %.1f MiB in use", round, commands, float64(inUse)/(1<<20))
		}
	}
	t.Logf("%d commands, no violation", commands)
}

// memoryInUse returns how much memory the process has after a collection, in bytes: what is resident where the system tells, else what is
// on the heap.
func memoryInUse() uint64 {
	debug.FreeOSMemory()
	if text, err := os.ReadFile("/proc/self/statm"); err == nil {
		if fields := strings.Fields(string(text)); len(fields) > 1 {
			if pages, err := strconv.ParseUint(fields[1], 10, 64); err == nil {
				return pages * uint64(os.Getpagesize())
			}
		}
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
