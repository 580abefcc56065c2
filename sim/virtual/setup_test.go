package virtual

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

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
	plan := &sim.Plan{Duration: model.Week, Step: model.Day, Policy: model.Default(), Populations: []sim.Population{
		{Name: "each another", Count: 1 << 20, First: 1, Send: &sim.Sending{Rate: 1e-9, Spread: spread, To: []sim.Target{{Population: 1, Share: 1}}, Kinds: [3]float64{1}}},
		{Name: "too many", Count: math.MaxUint32 - 1<<20, First: 1<<20 + 1},
	}}
	before, most := mapped(), uint64(0)
	const attempts = 60 // so many that what the collector may take meanwhile is little beside what they would leave
	for range attempts {
		if _, _, err := Run(t.Context(), plan, Options{}); err == nil {
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
