package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadme runs the commands of README.md and of the pages that it leads to.
func TestReadme(t *testing.T) { testPage(t, "README.md", 5) }

func TestLanguagePage(t *testing.T) { testPage(t, "scenarios/LANGUAGE.md", 1) }

// testPage runs the commands of a page, of which there are so many at least, in order, in a folder that holds the files that the page shows: a block
// that begins with a comment `# NAME` is the file of that name. Every block marked `console` is a list of `$ command` lines, each followed by what it
// prints on stdout. `make golden` writes what they print.
func testPage(t *testing.T, page string, least int) {
	if testing.Short() {
		t.Skip("-short")
	}
	t.Parallel()
	path := filepath.Join(root(t), page)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	shown := regexp.MustCompile("(?s)```(?:yaml|csv)\n# ([a-z-]+\\.[a-z]+)\n(.*?)```\n")
	for _, file := range shown.FindAllStringSubmatch(string(content), -1) {
		if err := os.WriteFile(filepath.Join(folder, file[1]), []byte(file[2]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
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
	if commands < least {
		t.Errorf("%s has only %d commands", page, commands)
	}
	switch {
	case got == string(content):
	case *update:
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s does not say what its commands print: run `make golden`; the differences:\n%s", page, cmp.Diff(string(content), got))
	}
}

// consoleOutput runs a command line as a page shows it. `# exit 104` at its end says that it fails, and how.
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
