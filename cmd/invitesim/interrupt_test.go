package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// long is a scenario that would run for hours.
var long = strings.NewReplacer("2w", "60y", "200", "50_000", "rate: 2/week", "rate: 50/week").Replace(small)

// startLong starts a run of that scenario, whose result goes into the folder.
func startLong(t *testing.T, folder string, args ...string) *process {
	t.Helper()
	return start(t, folder, long, "^small: ", append([]string{"run", "-", "--out", "result"}, args...)...)
}

// wantInterrupted wants a result of so much as was measured, by a clock.
func wantInterrupted(t *testing.T, path, clock string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var result struct {
		Clock       string
		Interrupted bool
	}
	if err := json.Unmarshal(content, &result); err != nil || !result.Interrupted || result.Clock != clock {
		t.Errorf("%s: %+v, %v, want an interrupted one of the %s clock", path, result, err, clock)
	}
}

// TestInterrupted: what was measured until the signal is there, and the trace ends well.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	stderr := startLong(t, folder, "--trace", "run.trace").interrupted(t, os.Interrupt)
	if !strings.HasSuffix(strings.TrimSpace(stderr), "invitesim run - --out=result --trace=run.trace --policy=default --seed=1") {
		t.Errorf("stderr does not end with the line that repeats the run:\n%s", stderr)
	}
	wantInterrupted(t, filepath.Join(folder, "result", "result.json"), "virtual")
	checked := exec.Command("invitesim", "check", "run.trace")
	checked.Dir = folder
	if out, err := checked.CombinedOutput(); err != nil {
		t.Errorf("the trace of the interrupted run: %v\n%s", err, out)
	}
	wantOnly(t, folder, "result", "run.trace")
}

// TestInterruptedByTheWallClock: a run in wall time ends as well, with what it measured.
func TestInterruptedByTheWallClock(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startLong(t, folder, "--clock", "wall", "--speed", "86400x").interrupted(t, os.Interrupt)
	wantInterrupted(t, filepath.Join(folder, "result", "result.json"), "wall")
	wantOnly(t, folder, "result")
}

// TestInterruptedInTheSetUp: a run that is being set up ends as well, by either clock, with a whole result of nothing or next to nothing.
func TestInterruptedInTheSetUp(t *testing.T) {
	t.Parallel()
	for clock, flags := range map[string][]string{"virtual": nil, "wall": {"--speed", "86400x"}} {
		folder := t.TempDir()
		args := append([]string{"--clock", clock, "--charts", "none", "--set", "members.people.count=500_000"}, flags...)
		startLong(t, folder, args...).interrupted(t, os.Interrupt)
		wantInterrupted(t, filepath.Join(folder, "result", "result.json"), clock)
		wantOnly(t, folder, "result")
	}
}

// TestInterruptedTwice: the second signal ends the process, with the same code.
func TestInterruptedTwice(t *testing.T) {
	t.Parallel()
	startLong(t, t.TempDir()).interrupted(t, os.Interrupt, syscall.SIGTERM)
}

// TestCompareInterrupted: what was measured of both policies is there, and is not compared; the same call may follow.
func TestCompareInterrupted(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	args := []string{"compare", "--policy", "default", "--policy", "unlimited", "-", "--out", "compared"}
	stderr := start(t, folder, long, "under default, unlimited\n$", args...).interrupted(t, os.Interrupt)
	if !strings.Contains(stderr, "is not compared") {
		t.Errorf("stderr does not say that nothing was compared:\n%s", stderr)
	}
	wantOnly(t, filepath.Join(folder, "compared"), "compare.html", "compare.json", "compare.md", "default", "unlimited")
	if err := claim(filepath.Join(folder, "compared"), false); err != nil {
		t.Errorf("the same call would fail: %v", err)
	}
	for _, name := range []string{"default", "unlimited"} {
		if _, err := os.Stat(filepath.Join(folder, "compared", name, "result.json")); err != nil {
			t.Error(err)
		}
	}
}

// TestInterruptedTest interrupts a test in which one scenario is through and the other would run for hours: what was measured is written, and
// only what ran to its end is accepted.
func TestInterruptedTest(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, content := range map[string]string{"short.yaml": strings.Replace(small, "scenario: small", "scenario: short", 1), "long.yaml": long} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"test", "short.yaml", "long.yaml", "--workers", "2", "--charts", "none", "--update", "--out", "results"}
	stderr := start(t, folder, "", "^accepted     short ", args...).interrupted(t, os.Interrupt)
	if !strings.Contains(stderr, "interrupted  small") {
		t.Errorf("stderr does not say what was interrupted:\n%s", stderr)
	}
	wantOnly(t, folder, "long.yaml", "results", "short.baseline.json", "short.yaml")
	wantOnly(t, filepath.Join(folder, "results"), "junit.xml", "short", "small", "summary.md", "test.json")
}

// TestForcedTestKilled: what a test is to replace stays until the test is through, whatever becomes of it; the next one takes away what a killed
// one left.
func TestForcedTestKilled(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	earlier := filepath.Join(folder, "results", "mine.txt")
	for path, content := range map[string]string{"short.yaml": strings.Replace(small, "scenario: small", "scenario: short", 1), "long.yaml": long, "results/mine.txt": ""} {
		path = filepath.Join(folder, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"test", "short.yaml", "long.yaml", "--workers", "2", "--charts", "none", "--out", "results", "--force"}
	killed := start(t, folder, "", "^pass         short ", args...)
	if err := killed.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = killed.command.Wait() // it was killed
	if _, err := os.Stat(earlier); err != nil {
		t.Errorf("the earlier directory: %v", err)
	}
	start(t, folder, "", "^pass         short ", args...).interrupted(t, os.Interrupt)
	wantOnly(t, folder, "long.yaml", "results", "short.yaml")
	wantOnly(t, filepath.Join(folder, "results"), "junit.xml", "short", "small", "summary.md", "test.json")
}

// silence is a stream from which nothing comes but, at the first reading, Ctrl-C.
type silence struct {
	interrupt func()
	ever      <-chan struct{}
}

func (s *silence) Read([]byte) (int, error) {
	s.interrupt()
	<-s.ever
	return 0, io.EOF
}

// TestInterruptedWhileReading: nobody has to press Ctrl-C twice because nothing comes from stdin, or to wait until a long trace has been read.
func TestInterruptedWhileReading(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("long.trace", []byte("0s send 1 2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"run", "-"}, {"validate", "-"}, {"check", "-"}, {"replay", "-"}, {"compare", "--policy=default", "--policy=unlimited", "-"}, {"replay", "long.trace"},
	} {
		ctx, interrupt := context.WithCancel(t.Context())
		if args[1] == "long.trace" {
			interrupt()
		}
		var stdout, stderr strings.Builder
		code := run(ctx, append([]string{"invitesim"}, args...), &silence{interrupt, t.Context().Done()}, &stdout, &stderr, nil)
		if code != exitInterrupted || !strings.Contains(stderr.String(), "interrupted while it was read\n") {
			t.Errorf("%v: code %d, stderr:\n%s", args, code, stderr.String())
		}
		wantOnly(t, ".", "long.trace")
	}
}

// TestInterruptedBeforeAPipeIsOpen: a file may be a pipe that nobody writes into, which cannot even be opened; one in which something is written
// is a file like others.
func TestInterruptedBeforeAPipeIsOpen(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := syscall.Mkfifo("pipe.yaml", 0o600); err != nil {
		t.Skip(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	for _, args := range [][]string{
		{"run", "pipe.yaml"},
		{"validate", "pipe.yaml"},
		{"validate", "steady-week", "--policy", "./pipe.yaml"},
		{"test", "pipe.yaml"},
		{"replay", "pipe.yaml"},
		{"policy", "show", "./pipe.yaml"},
	} {
		var stdout, stderr strings.Builder
		code := run(ctx, append([]string{"invitesim"}, args...), strings.NewReader(""), &stdout, &stderr, nil)
		if code != exitInterrupted || !strings.Contains(stderr.String(), ": interrupted ") {
			t.Errorf("%v: code %d, stderr:\n%s", args, code, stderr.String())
		}
		wantOnly(t, ".", "pipe.yaml")
	}
	if err := syscall.Mkfifo("full", 0o600); err != nil {
		t.Fatal(err)
	}
	opened := make(chan error)
	go func() { opened <- os.WriteFile("full", []byte("0s send 1 2 -> sent\n"), 0) }()
	if code, stdout, stderr := invoke("check", "full"); code != exitWell {
		t.Errorf("a pipe with a trace in it: code %d, %s%s", code, stdout, stderr)
	}
	if err := <-opened; err != nil {
		t.Error(err)
	}
}
