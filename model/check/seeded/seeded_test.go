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
	into   = flag.String("into", "", "the absolute path of a folder: build invitesim-NAME there with each fault, instead of testing")
)

// check is a test of the system that a fault can be put before.
type check struct {
	folder    string
	test      string
	arguments []string
	detector  bool           // it is built with the race detector
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
		"races":    {folder: "model/store", test: "TestRaces", alone: true, after: regexp.MustCompile(`after (\d+ commands)`)},
		"detector": {folder: "model/store", test: "TestConcurrentUse", alone: true, detector: true},
		"detected-races": {
			folder: "model/store", test: "TestRaces", alone: true, detector: true, after: regexp.MustCompile(`after (\d+ commands)`),
			arguments: []string{"-test.short"},
		},
		"looks":  {folder: "model/store", test: "TestLooksAreTheAnswers"},
		"oldest": {folder: "model/store", test: "TestOldestWhileItEnds", alone: true},
		"timers": {folder: "model/store", test: "TestNoTimerIsForgotten"},
		"linearizability": {
			folder: "model/check", test: "TestRecordingsAreExplained", alone: true, after: regexp.MustCompile(`(\d+ commands)`),
			arguments: []string{"-test.short"},
		},
		"invariants":   {folder: "model/internal/histories", test: "TestStoreKeepsInvariants", after: regexp.MustCompile(`(seed \d+: step \d+)`)},
		"interference": {folder: "model/internal/histories", test: "TestStoreDoesNotInterfere", after: regexp.MustCompile(`(seed \d+)`)},
		"traces":       {folder: "model/check", test: "TestTraces", after: regexp.MustCompile(`(\S+\.trace:\d+)`)},
	}
}

// checkNames returns the names of the checks, sorted.
func checkNames() []string { return slices.Sorted(maps.Keys(checks())) }

// longest is how long a check may go on with a fault, ten times what it takes without. Only of a fault that may make the system hang does it say
// something that the check is not done by then.
const longest = 90 * time.Second

// verdict is what a check made of a fault.
type verdict struct {
	check  string
	caught bool
	after  string // how far it came
	how    string // the first line that says so
}

// TestFaultsAreCaught puts every fault before the checks that must catch it.
func TestFaultsAreCaught(t *testing.T) {
	if !*faults || *into != "" {
		t.Skip("takes a minute or two: make faults")
	}
	pattern := regexp.MustCompile(*only)
	all := readFaults(t, pattern)
	dir, verdicts := t.TempDir(), make([][]verdict, len(all))
	t.Run("build", func(t *testing.T) { // several at once, also those that run alone
		for n := range all {
			f := &all[n]
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				build(t, filepath.Join(dir, f.name), f.overlay, nameOf(f.caughtBy[0]))
			})
		}
	})
	t.Run("fault", func(t *testing.T) {
		for n := range all {
			f := &all[n]
			t.Run(f.name, func(t *testing.T) {
				if !*every && !slices.ContainsFunc(f.caughtBy, alone) {
					t.Parallel()
				}
				verdicts[n] = f.put(t, filepath.Join(dir, f.name))
			})
		}
	})
	table(all, verdicts)
}

// nameOf returns the name of a check that is named with its cases.
func nameOf(by string) string {
	name, _, _ := strings.Cut(by, " ")
	return name
}

// alone says whether a check, named with its cases, needs all processors.
func alone(by string) bool { return checks()[nameOf(by)].alone }

// put puts a fault before the checks that must catch it until one does, or before every check. The folder is its own.
func (f *fault) put(t *testing.T, dir string) (found []verdict) {
	defer os.RemoveAll(dir)
	for _, by := range f.caughtBy {
		name, cases, _ := strings.Cut(by, " ")
		found = append(found, f.run(t, build(t, dir, f.overlay, name), name, cases))
		if found[len(found)-1].caught {
			break
		}
	}
	if !found[len(found)-1].caught {
		t.Errorf("%s: nothing noticed: %s", strings.Join(f.caughtBy, "; "), f.sentence)
	}
	for _, name := range checkNames() {
		if *every && !strings.HasPrefix(found[len(found)-1].check, name) {
			found = append(found, f.run(t, build(t, dir, f.overlay, name), name, ""))
		}
	}
	return found
}

// TestNothingIsCaughtWithoutAFault runs the checks on the system as it is: what they catch is the fault.
func TestNothingIsCaughtWithoutAFault(t *testing.T) {
	if !*faults || *into != "" {
		t.Skip("make faults")
	}
	nothing := func(dir string) (path string, err error) {
		path = filepath.Join(dir, "overlay.json")
		return path, os.WriteFile(path, []byte(`{"Replace":{}}`), 0o644)
	}
	dir := t.TempDir()
	for _, name := range checkNames() {
		if v := new(fault).run(t, build(t, dir, nothing, name), name, "", "-test.short"); v.caught {
			t.Errorf("%s: found something without a fault: %s", name, v.how)
		}
	}
}

// build builds a check with an overlay in a folder, unless it is there, and returns the path of the binary.
func build(t *testing.T, dir string, overlay func(dir string) (path string, err error), name string) (binary string) {
	t.Helper()
	c := checks()[name]
	binary = filepath.Join(dir, fmt.Sprintf("%s-%t.test", filepath.Base(c.folder), c.detector))
	if _, err := os.Stat(binary); err == nil {
		return binary
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	replacing, err := overlay(dir)
	if err != nil {
		t.Fatal(err)
	}
	arguments := []string{"test", "-overlay", replacing, "-ldflags", "-s -w", "-c", "-o", binary}
	if c.detector {
		arguments = append(arguments, "-race")
	}
	goes(t, append(arguments, "./"+c.folder)...)
	return binary
}

// run runs a check that was built with a fault, and says whether it failed. Cases chooses some of its cases, if not empty. A check that is not done in
// time is an error of this test, unless the fault may make the system hang.
func (f *fault) run(t *testing.T, binary, name, cases string, more ...string) verdict {
	t.Helper()
	c := checks()[name]
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
		if v.how, v.caught = f.late(); !v.caught {
			t.Errorf("%s: %s; a fault that makes the system hang says why in its file, after `hangs: `", v.check, v.how)
		}
	}
	if m := c.after; m != nil {
		if found := m.FindSubmatch(out); found != nil {
			v.after = string(found[1])
		}
	}
	return v
}

// late says what it means that a check is not done in time.
func (f *fault) late() (how string, caught bool) {
	if f.hangs == "" {
		return fmt.Sprintf("not done in %s", longest), false
	}
	return "it hangs: " + f.hangs, true
}

// goes runs the go command in the root of the module; it must succeed.
func goes(t *testing.T, arguments ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", arguments...)
	cmd.Dir = root
	if slices.Contains(arguments, "-race") {
		cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(arguments, " "), err, out)
	}
}

// firstProblem returns the first line of a test's output that says what is wrong.
func firstProblem(out string) string {
	first := ""
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		_, message, isMessage := strings.Cut(line, "_test.go:")
		switch {
		case strings.HasPrefix(line, "panic:"), strings.HasPrefix(line, "fatal error:"), strings.HasPrefix(line, "WARNING: DATA RACE"):
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
			fmt.Fprintf(out, "%s\t%s\t%s\t%.60s\n", all[n].name, by, v.after, v.how)
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
	for _, f := range readFaults(t, regexp.MustCompile(*only)) {
		overlay, err := f.overlay(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		binary := filepath.Join(*into, "invitesim-"+f.name)
		goes(t, "build", "-overlay", overlay, "-trimpath", "-o", binary, "./cmd/invitesim")
		fmt.Printf("%s: %s\n", binary, f.sentence)
	}
}
