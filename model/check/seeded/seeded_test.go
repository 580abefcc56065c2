package seeded

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

var (
	faults = flag.Bool("faults", false, "put each fault into the system, and see it caught (make faults)")
	only   = flag.String("only", "", "a regular expression: the names of the faults that are put in")
	every  = flag.Bool("every", false, "put each fault before every check, not only the one that must catch it")
	into   = flag.String("into", "", "a folder: build it invitesim-NAME with each fault, instead of testing")
)

// check is a test of the system that a fault can be put before.
type check struct {
	folder    string
	test      string
	arguments []string
	alone     bool           // it needs all processors
	after     *regexp.Regexp // how its output says how far it came
}

// checks returns the checks by the names that faults use.
func checks() map[string]check {
	return map[string]check{
		"oracle": {
			folder: "model/store", test: "TestStoreAgainstOracle", after: regexp.MustCompile(`compared: (\d+ commands)`),
			arguments: []string{"-test.v"},
		},
		"races":      {folder: "model/store", test: "TestRaces", alone: true, after: regexp.MustCompile(`after (\d+ commands)`)},
		"concurrent": {folder: "model/store", test: "TestConcurrentUse", alone: true},
		"invariants": {folder: "model/check", test: "TestStoreKeepsInvariants", after: regexp.MustCompile(`(?s)(seed \d+: step \d+)`)},
		"interference": {
			folder: "model/check", test: "TestStoreDoesNotInterfere", after: regexp.MustCompile(`(seed \d+)`),
		},
		"traces": {folder: "model/check", test: "TestTraces", after: regexp.MustCompile(`(\S+\.trace:\d+)`)},
	}
}

// checkNames returns the names of the checks, sorted.
func checkNames() []string { return slices.Sorted(maps.Keys(checks())) }

// longest is how long a check may go on with a fault, ten times what it takes without. A system that hangs is caught.
const longest = 90 * time.Second

// verdict is what a check made of a fault.
type verdict struct {
	check  string
	caught bool
	after  string // how far it came
	how    string // the first line that says so
}

// TestFaultsAreCaught puts every fault before the check that must catch it.
func TestFaultsAreCaught(t *testing.T) {
	if !*faults || *into != "" {
		t.Skip("takes a minute or two: make faults")
	}
	pattern := regexp.MustCompile(*only)
	all := readFaults(t, pattern)
	verdicts := make([][]verdict, len(all))
	t.Run("fault", func(t *testing.T) {
		for n := range all {
			f := &all[n]
			t.Run(f.name, func(t *testing.T) {
				if !*every && !checks()[f.caughtBy[0]].alone {
					t.Parallel()
				}
				verdicts[n] = f.put(t)
			})
		}
	})
	table(all, verdicts)
}

// put puts a fault before the check that must catch it, or before every check.
func (f *fault) put(t *testing.T) []verdict {
	dir := t.TempDir()
	overlay, err := f.overlay(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{f.caughtBy[0]}
	if *every {
		names = checkNames()
	}
	var found []verdict
	for _, name := range names {
		argument := ""
		if name == f.caughtBy[0] {
			argument = strings.Join(f.caughtBy[1:], " ")
		}
		v := run(t, dir, overlay, name, argument)
		if !v.caught && name == f.caughtBy[0] {
			t.Errorf("%s: nothing noticed: %s", name, f.sentence)
		}
		found = append(found, v)
	}
	return found
}

// TestNothingIsCaughtWithoutAFault runs the checks on the system as it is: what they catch is the fault.
func TestNothingIsCaughtWithoutAFault(t *testing.T) {
	if !*faults || *into != "" {
		t.Skip("make faults")
	}
	dir := t.TempDir()
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, []byte(`{"Replace":{}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range checkNames() {
		if v := run(t, dir, overlay, name, "", "-test.short"); v.caught {
			t.Errorf("%s: found something without a fault: %s", name, v.how)
		}
	}
}

// run builds a check with an overlay, runs it, and says whether it failed. The cases, if any are given, are those of its cases that run.
func run(t *testing.T, dir, overlay, name, cases string, more ...string) verdict {
	t.Helper()
	c := checks()[name]
	binary := filepath.Join(dir, filepath.Base(c.folder)+".test")
	if _, err := os.Stat(binary); err != nil {
		command(t, "go", "test", "-overlay", overlay, "-ldflags", "-s -w", "-c", "-o", binary, "./"+c.folder)
	}
	pattern := "^" + c.test + "$"
	if cases != "" {
		pattern += "/" + cases
	}
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	arguments := slices.Concat([]string{"-test.run", pattern, "-test.failfast"}, c.arguments, more)
	cmd := exec.CommandContext(ctx, binary, arguments...)
	cmd.Dir = filepath.Join(root, c.folder)
	if !c.alone {
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	}
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if err == nil && bytes.Contains(out, []byte("no tests to run")) {
		t.Fatalf("%s: found no test for %s", name, pattern)
	}
	v := verdict{check: strings.TrimSpace(name + " " + cases), caught: err != nil, how: firstProblem(string(out))}
	if ctx.Err() != nil {
		v.how = "it hangs"
	}
	if m := c.after; m != nil {
		if found := m.FindSubmatch(out); found != nil {
			v.after = string(found[1])
		}
	}
	return v
}

// command runs a command in the root of the module; it must succeed.
func command(t *testing.T, name string, arguments ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, arguments...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
}

// firstProblem returns the first line of a test's output that says what is wrong.
func firstProblem(out string) string {
	first := ""
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		_, message, isMessage := strings.Cut(line, "_test.go:")
		switch {
		case strings.HasPrefix(line, "panic:"), strings.HasPrefix(line, "fatal error:"):
			return line
		case strings.HasPrefix(line, "step ") && strings.HasPrefix(first, "seed "):
			return line // of the shortest history; before it, the history itself is printed
		case isMessage && first == "" && !strings.Contains(line, "compared:"):
			_, first, _ = strings.Cut(message, ": ")
		}
	}
	return first
}

// table prints what caught each fault.
func table(all []fault, verdicts [][]verdict) {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "fault\tcaught by\tafter\thow")
	caught := 0
	for n := range all {
		for _, v := range verdicts[n] {
			by := v.check
			if !v.caught {
				by = "not by " + v.check
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%.90s\n", all[n].name, by, v.after, v.how)
		}
		if slices.ContainsFunc(verdicts[n], func(v verdict) bool { return v.caught }) {
			caught++
		}
	}
	out.Flush()
	fmt.Printf("%d of %d faults caught\n", caught, len(all))
}

// TestBuild builds the program with each fault.
func TestBuild(t *testing.T) {
	if *into == "" {
		t.Skip("for make faults only")
	}
	dir, err := filepath.Abs(filepath.Join(root, *into))
	if filepath.IsAbs(*into) {
		dir, err = *into, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range readFaults(t, regexp.MustCompile(*only)) {
		overlay, err := f.overlay(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		binary := filepath.Join(dir, "invitesim-"+f.name)
		command(t, "go", "build", "-overlay", overlay, "-trimpath", "-o", binary, "./cmd/invitesim")
		fmt.Printf("%s: %s\n", binary, f.sentence)
	}
}
