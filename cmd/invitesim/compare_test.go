package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompareInterrupted sends a real signal to a comparison of policies: what was measured is there, and is not compared.
func TestCompareInterrupted(t *testing.T) {
	folder := t.TempDir()
	program := exec.Command("invitesim", "compare", "--policy", "default", "--policy", "unlimited", "-", "--out", "compared")
	program.Dir = folder
	program.Stdin = strings.NewReader(long)
	pipe, err := program.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() }) // it has ended, unless the test failed
	told := bufio.NewReader(pipe)
	if line, err := told.ReadString('\n'); err != nil || !strings.HasSuffix(line, "under default, unlimited\n") {
		t.Fatalf("first line on stderr: %q, %v", line, err)
	}
	if err := program.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	if _, err := told.WriteTo(&stderr); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait() // its code is what is asked for
	if code := program.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(stderr.String(), "is not compared") {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, stderr.String())
	}
	wantOnly(t, filepath.Join(folder, "compared"), "default", "unlimited")
	for _, name := range []string{"default", "unlimited"} {
		if _, err := os.Stat(filepath.Join(folder, "compared", name, "result.json")); err != nil {
			t.Error(err)
		}
	}
}

// The directory of a result is called after its policy, and is always one of its own.
func TestPolicyLabel(t *testing.T) {
	for policy, want := range map[string]string{
		"default": "default", "three-week-wait": "three-week-wait", "mine.yaml": "mine", "../policies/tight.v2.yaml": "tight.v2",
		"charts.yaml": "policy-charts", "...yaml": "policy-", "x/...yml": "policy-",
	} {
		if got := policyLabel(policy); got != want {
			t.Errorf("%s is called %q, want %q", policy, got, want)
		}
	}
}
