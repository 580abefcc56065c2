//go:build !race

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTooManyMembersForTheMachine gives the program less memory than the members of a call need: it says so, in place of breaking off.
func TestTooManyMembersForTheMachine(t *testing.T) {
	t.Parallel()
	folder := folderOf(t, map[string]string{
		"big.trace": "members 2147483646\n0s send 1 2 -> sent\n",
		"big.yaml":  "scenario: big\nduration: 1w\nmembers: {people: {count: 200_000_000, send: {rate: 1/week, to: {people: 100%}}}}\n",
	})
	for _, args := range [][]string{
		{"check", "big.trace"},
		{"replay", "big.trace"},
		{"run", "big.yaml"},
		{"run", "big.yaml", "--clock=wall", "--speed=6000x"},
	} {
		command := exec.Command("invitesim-small-memory", args...)
		command.Dir, command.Env = folder, plainEnvironment()
		text, _ := command.CombinedOutput() // its code is what is asked for
		if code := command.ProcessState.ExitCode(); code != exitError {
			t.Errorf("%v: exit code %d, want %d", args, code, exitError)
		}
		if got := string(text); !strings.Contains(got, "members need about") || !strings.Contains(got, "to see it again:\ninvitesim ") || strings.Contains(got, "goroutine") {
			t.Errorf("%v: printed\n%s", args, got)
		}
	}
	wantOnly(t, folder, "big.trace", "big.yaml")
}

// TestTracesCostWhatTheyUse: a member's number that is large, and may be a slip, takes no memory for all who are numbered below.
func TestTracesCostWhatTheyUse(t *testing.T) {
	t.Parallel()
	folder := folderOf(t, map[string]string{"slip.trace": "0s send 9999999 2 -> sent\n"})
	command := exec.Command("invitesim", "check", "slip.trace")
	command.Dir, command.Env = folder, plainEnvironment()
	if text, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	const most = 300 << 10 // KiB; the blocks of ten million members would take five times that
	if peak := command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss; peak > most {
		t.Errorf("check took %d KiB of memory, want at most %d", peak, most)
	}
}

// folderOf returns a folder of its own with these files.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
