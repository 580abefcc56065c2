package main

import (
	"context"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

// A program that breaks off in one scenario still writes and tells what came of the others.
func TestBrokenScenario(t *testing.T) {
	var stderr strings.Builder
	c := &call{stderr: &stderr, program: "invitesim"}
	tr := &trial{}
	broken := &subject{plan: &sim.Plan{Name: "broken", Duration: 1, Step: 1, Populations: []sim.Population{{Count: 1, First: 1, Send: &sim.Sending{}}}}}
	c.runSubject(context.Background(), tr, broken, 1, nil)
	if exitCode(broken.failures) != exitError || !strings.Contains(broken.failures.Error(), "the program broke off: ") {
		t.Errorf("found %v", broken.failures)
	}
	if suite := broken.suite(); len(suite.Cases) != 1 || suite.Cases[0].Failure == "" {
		t.Errorf("the suite is %+v", suite)
	}
	if !strings.Contains(stderr.String(), "broken: ") {
		t.Errorf("stderr says %q", stderr.String())
	}
}

// TestTestsLiveLine draws what a terminal shows: which scenarios are through, and in one line how far the others are.
func TestTestsLiveLine(t *testing.T) {
	var out strings.Builder
	one, other := &subject{plan: planCalled("one")}, &subject{plan: planCalled("other")}
	p := &testProgress{out: &out, live: &liveLine{&out, func() int { return 40 }}, subjects: []*subject{one, other}, share: map[*subject][]float64{}, widest: 5}
	p.update(one, progressOf(0, 1, 4), 2)
	one.seconds = 2
	p.finish(one)
	p.done()
	const clear = "\r\x1b[K"
	want := clear + "0 of 2 scenarios done · one 12 %" + clear + "pass         one    2 s\n" + clear + "1 of 2 scenarios done" + clear
	if got := out.String(); got != want {
		t.Errorf("found    %q\nexpected %q", got, want)
	}
	out.Reset()
	p.live = &liveLine{&out, func() int { return 10 }}
	p.draw()
	if got, want := out.String(), clear+"1 of 2 sc"; got != want {
		t.Errorf("on a narrow terminal found %q, expected %q", got, want)
	}
	var nothing *testProgress
	nothing.update(one, progressOf(0, 1, 4), 1)
	nothing.finish(one)
	nothing.done()
}

func planCalled(name string) *sim.Plan { return &sim.Plan{Name: name} }

func progressOf(replica int, at, end model.Instant) virtual.Progress {
	return virtual.Progress{Replica: replica, At: at, End: end}
}
