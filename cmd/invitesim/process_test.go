package main

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// process is the program as a process of its own, which takes real signals.
type process struct {
	command *exec.Cmd
	stderr  *bufio.Reader
}

// start starts the program in a folder. It returns once the process has told its first line on stderr, which must match.
func start(t *testing.T, folder, stdin, first string, args ...string) *process {
	t.Helper()
	command := exec.Command("invitesim", args...)
	command.Dir, command.Env = folder, plainEnvironment()
	command.Stdin = strings.NewReader(stdin)
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() }) // it has ended, unless the test failed
	p := &process{command, bufio.NewReader(stderr)}
	if line, err := p.stderr.ReadString('\n'); err != nil || !regexp.MustCompile(first).MatchString(line) {
		t.Fatalf("first line on stderr: %q, %v, want a match of %s", line, err, first)
	}
	return p
}

// plainEnvironment is that of the tests, without flags and without the workflow that the tests may be a part of: on its page nothing is to be
// told that a test made up.
func plainEnvironment() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, environmentPrefix) || strings.HasPrefix(entry, "GITHUB_")
	})
}

// interrupted sends signals to the process, which must end with code 105, and returns what else it told on stderr.
func (p *process) interrupted(t *testing.T, signals ...os.Signal) string {
	t.Helper()
	for _, signal := range signals {
		if err := p.command.Process.Signal(signal); err != nil && err != os.ErrProcessDone {
			t.Fatal(err)
		}
	}
	var rest strings.Builder
	if _, err := p.stderr.WriteTo(&rest); err != nil {
		t.Fatal(err)
	}
	_ = p.command.Wait() // its code is what is asked for
	if code := p.command.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, rest.String())
	}
	return rest.String()
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
