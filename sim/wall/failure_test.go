package wall

import (
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// TestBreakingOffIsAnError: a run in which somebody breaks off ends with an error, also where the others wait for ever for a lock that was left behind.
func TestBreakingOffIsAnError(t *testing.T) {
	plan := everything(t)
	plan.Load.Loop = sim.Closed
	c := hired(t, plan, Options{Workers: 2})
	leave := c.store.Stall(stalledMember)
	c.workers[1].share = nil
	err := c.run(context.Background())
	if !errors.Is(err, ErrBrokeOff) || !strings.Contains(err.Error(), "nil pointer") || !strings.Contains(err.Error(), "(*worker).run") {
		t.Errorf("the run ended with %v", err)
	}
	leave()
	c.working.Wait() // the memory is given back after this
	c.helpers.Wait()
	c.workers = c.workers[:1]
}

// TestBreakingOffInTheAccount: so it is where the end is told.
func TestBreakingOffInTheAccount(t *testing.T) {
	c := new(crew)
	c.failure, c.stopped = newFailure(), make(chan struct{})
	for range 2 { // the first counts
		err := c.failure.await(c.guarded(func() { c.closeAccount(1, nil) }))
		if !errors.Is(err, ErrBrokeOff) || !c.stop.Load() {
			t.Errorf("it ended with %v, stopped %v", err, c.stop.Load())
		}
	}
}

// TestAPlanThatCannotRunLeavesNothing: what was set up before a set-up fails is given back.
func TestAPlanThatCannotRunLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it draws for a million members, many times")
	}
	if mapped() == 0 {
		t.Skip("this system does not tell how much is mapped")
	}
	spread, err := chance.Uniform(0, 2)
	if err != nil {
		t.Fatal(err)
	}
	plan := &sim.Plan{Duration: model.Week, Step: model.Day, Policy: model.Default(), Load: sim.Load{Loop: sim.Closed}, Populations: []sim.Population{
		{Name: "each another", Count: 1 << 20, First: 1, Send: &sim.Sending{Rate: 1e-9, Spread: spread, To: []sim.Target{{Population: 1, Share: 1}}, Kinds: [3]float64{1}}},
		{Name: "too many", Count: math.MaxUint32 - 1<<20, First: 1<<20 + 1},
	}}
	before, most := mapped(), uint64(0)
	const attempts = 60 // so many that what the collector may take meanwhile is little beside what they would leave
	for range attempts {
		if _, _, err := Run(t.Context(), plan, Options{Workers: 1}); err == nil {
			t.Fatal("there was room for so many")
		}
		most = max(most, mapped())
	}
	if left := int64(most - before); left > attempts*3<<20 {
		t.Errorf("%d bytes are left of %d attempts", left, attempts)
	}
}

// mapped returns how much of the address space is in use, in bytes; 0 where the system does not tell.
func mapped() uint64 {
	text, _ := os.ReadFile("/proc/self/statm")
	pages, _, _ := strings.Cut(string(text), " ")
	n, _ := strconv.ParseUint(pages, 10, 64)
	return n * uint64(os.Getpagesize())
}

// TestThePoliteDoNotSpin: where a processor is left, a meter that spins tells what is due at any instant waits for; a polite run has none, and says so.
func TestThePoliteDoNotSpin(t *testing.T) {
	for _, polite := range []bool{false, true} {
		plan := everything(t)
		plan.Load.Speed = 1
		result, totals, err := Run(context.Background(), plan, Options{Workers: 1, For: 2 * time.Millisecond, Polite: polite})
		if err != nil {
			t.Fatal(err)
		}
		if polite && totals.Hiccups.P50NS != nil || polite != slices.Contains(result.Warnings, politeHiccups) {
			t.Errorf("polite %v: hiccups %+v, warnings %q", polite, totals.Hiccups, result.Warnings)
		}
	}
}

// TestTheMeterEndsWithTheWorkers: what comes after them is no load that the machine could keep from anything.
func TestTheMeterEndsWithTheWorkers(t *testing.T) {
	plan := everything(t)
	plan.Load.Loop = sim.Closed
	plan.Duration, plan.Warmup, plan.Events, plan.Thresholds = model.Week, 0, nil, nil
	c := hired(t, plan, Options{Workers: 1})
	through(context.Background(), t, c)
	if c.seen == nil {
		t.Error("the meter went on")
	}
}
