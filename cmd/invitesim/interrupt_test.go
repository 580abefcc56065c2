package main

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// long is a scenario that would run for hours.
var long = strings.NewReplacer("2w", "60y", "200", "500_000", "rate: 2/week", "rate: 50/week").Replace(small)

// startLong starts a run of that scenario as a process of its own, and returns once it runs.
func startLong(t *testing.T, folder string, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	program := exec.Command("invitesim", append([]string{"run", "-", "--out", "result"}, args...)...)
	program.Dir = folder
	program.Stdin = strings.NewReader(long)
	stderr, err := program.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = program.Process.Kill() }) // it has ended, unless the test failed
	told := bufio.NewReader(stderr)
	if line, err := told.ReadString('\n'); err != nil || !strings.HasPrefix(line, "small: ") {
		t.Fatalf("first line on stderr: %q, %v", line, err)
	}
	return program, told
}

// interrupt sends a real signal to a real process, which must end with code 105, and returns what it told and what it wrote.
func interrupt(t *testing.T, folder string, args ...string) (stderr string, result interrupted) {
	t.Helper()
	program, told := startLong(t, folder, args...)
	if err := program.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var rest strings.Builder
	if _, err := told.WriteTo(&rest); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait() // its code is what is asked for
	if code := program.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, rest.String())
	}
	content, err := os.ReadFile(filepath.Join(folder, "result", "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, &result); err != nil || !result.Interrupted {
		t.Errorf("result.json: %+v, %v", result, err)
	}
	return rest.String(), result
}

// interrupted is what is looked at of the result of an interrupted run.
type interrupted struct {
	Clock       string
	Interrupted bool
}

// TestInterrupted: what was measured until the signal is there, and the trace ends well.
func TestInterrupted(t *testing.T) {
	folder := t.TempDir()
	stderr, _ := interrupt(t, folder, "--trace", "run.trace")
	if !strings.HasSuffix(strings.TrimSpace(stderr), "invitesim run - --out=result --trace=run.trace --policy=default --seed=1") {
		t.Errorf("stderr does not end with the line that repeats the run:\n%s", stderr)
	}
	checked := exec.Command("invitesim", "check", "run.trace")
	checked.Dir = folder
	if out, err := checked.CombinedOutput(); err != nil {
		t.Errorf("the trace of the interrupted run: %v\n%s", err, out)
	}
	wantOnly(t, folder, "result", "run.trace")
}

// TestInterruptedByTheWallClock: a run in wall time ends as well, with what it measured.
func TestInterruptedByTheWallClock(t *testing.T) {
	folder := t.TempDir()
	if _, result := interrupt(t, folder, "--clock", "wall", "--speed", "86400x"); result.Clock != "wall" {
		t.Errorf("the result is of the %s clock", result.Clock)
	}
	wantOnly(t, folder, "result")
}

// TestInterruptedTwice: the second signal ends the process, with the same code.
func TestInterruptedTwice(t *testing.T) {
	folder := t.TempDir()
	program, told := startLong(t, folder)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if err := program.Process.Signal(signal); err != nil && err != os.ErrProcessDone {
			t.Fatal(err)
		}
	}
	var rest strings.Builder
	if _, err := told.WriteTo(&rest); err != nil {
		t.Fatal(err)
	}
	_ = program.Wait() // its code is what is asked for
	if code := program.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
}

// wantOnly wants a folder to hold these files and no others, hidden ones included.
func wantOnly(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", folder, got, names)
	}
}
