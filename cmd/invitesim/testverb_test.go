package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

// TestInterruptedTest sends a real signal to a test in which one scenario is through and the other would run for hours: what was measured
// is written, and only what ran to its end is accepted.
func TestInterruptedTest(t *testing.T) {
	folder := t.TempDir()
	for name, content := range map[string]string{"short.yaml": strings.Replace(small, "scenario: small", "scenario: short", 1), "long.yaml": long} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program := exec.Command("invitesim", "test", "short.yaml", "long.yaml", "--workers", "2", "--charts", "none", "--update", "--out", "results")
	program.Dir = folder
	stderr, err := program.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() }) // it has ended, unless the test failed
	told := bufio.NewReader(stderr)
	if line, err := told.ReadString('\n'); err != nil || !strings.HasPrefix(line, "accepted     short") {
		t.Fatalf("first line on stderr: %q, %v", line, err)
	}
	if err := program.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var rest strings.Builder
	if _, err := told.WriteTo(&rest); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait() // its code is what is asked for
	if code := program.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(rest.String(), "interrupted  small") {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, rest.String())
	}
	wantOnly(t, folder, "long.yaml", "results", "short.baseline.json", "short.yaml")
	wantOnly(t, filepath.Join(folder, "results"), "junit.xml", "short", "small", "summary.md", "test.json")
}

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
	p := &testProgress{out: &out, live: true, subjects: []*subject{one, other}, share: map[*subject][]float64{}, widest: 5}
	p.update(one, progressOf(0, 1, 4), 2)
	one.seconds = 2
	p.finish(one)
	p.done()
	const clear = "\r\x1b[K"
	want := clear + "0 of 2 scenarios done · one 12 %" + clear + "pass         one    2 s\n" + clear + "1 of 2 scenarios done" + clear
	if got := out.String(); got != want {
		t.Errorf("found    %q\nexpected %q", got, want)
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
