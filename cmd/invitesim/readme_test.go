package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme runs the commands of README.md, in order, in an empty folder: every block marked `console` is a list of
// `$ command` lines, each followed by what it prints on stdout. `make golden` writes what they print.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	t.Parallel()
	path := filepath.Join(root(t), "README.md")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	block := regexp.MustCompile("(?s)```console\n(.*?)```\n")
	commands := 0
	got := block.ReplaceAllStringFunc(string(content), func(text string) string {
		var b strings.Builder
		for line := range strings.Lines(block.FindStringSubmatch(text)[1]) {
			command, ok := strings.CutPrefix(line, "$ ")
			if !ok {
				continue // what the command before printed last time
			}
			commands++
			b.WriteString(line + consoleOutput(t, folder, strings.TrimSpace(command)))
		}
		return "```console\n" + b.String() + "```\n"
	})
	if commands < 5 {
		t.Errorf("README.md has only %d commands", commands)
	}
	switch {
	case got == string(content):
	case *update:
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("README.md does not say what its commands print: run `make golden`; it should say\n%s", got)
	}
}

// consoleOutput runs a command line as the README shows it. `# exit 104` at its end says that it fails, and how.
func consoleOutput(t *testing.T, folder, command string) string {
	t.Helper()
	command, exit, _ := strings.Cut(command, "# exit ")
	shell := exec.Command("sh", "-c", command)
	shell.Dir, shell.Env = folder, plainEnvironment()
	var stderr strings.Builder
	shell.Stderr = &stderr
	out, err := shell.Output()
	want := ""
	if exit != "" {
		want = "exit status " + exit
	}
	if got := fmt.Sprint(err); err != nil && got != want || err == nil && want != "" {
		t.Errorf("%s: %v, want %q\n%s", command, err, want, stderr.String())
	}
	return string(out)
}
