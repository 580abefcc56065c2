// Package seeded breaks the system on purpose, in many small ways, and looks whether the checks notice.
package seeded

import (
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fault is one way to break the system: some lines of one file, and others in their place. Its file says what it does to
// the rules in a sentence, then
//
//	file: model/decide.go
//	caught by: oracle; detector
//	-- old --
//	(lines that the file has exactly once)
//	-- new --
//	(what stands there instead)
//
// and perhaps more pairs of old and new. Where the system may come to a stand with the fault, a line `hangs: …` before the first pair says why:
// then a check that does not come to its end has caught it. The production code has no hook for any of this: the compiler is told to read
// another file in the place of its own.
type fault struct {
	name     string // of its file, without .fault
	sentence string
	file     string   // that it breaks, from the root of the module
	caughtBy []string // the checks one of which must notice it, each with the cases of it that run, if not all do
	hangs    string   // why the system may come to a stand with it; empty where it does not
	edits    []edit
}

// edit replaces lines.
type edit struct{ old, new string }

// root is the folder of the module, as tests of this package see it.
const root = "../../.."

// folder holds the faults.
const folder = root + "/model/store/testdata/faults"

// readFaults returns the faults whose names match a pattern, by name.
func readFaults(t *testing.T, pattern *regexp.Regexp) []fault {
	t.Helper()
	paths, err := filepath.Glob(folder + "/*.fault")
	if err != nil || len(paths) == 0 {
		t.Fatalf("found %d faults in %s (%v), expected many", len(paths), folder, err)
	}
	var faults []fault
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".fault")
		if !pattern.MatchString(name) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseFault(name, string(text))
		if err != nil {
			t.Fatal(err)
		}
		faults = append(faults, f)
	}
	return faults
}

// parseFault reads the file of a fault.
func parseFault(name, text string) (fault, error) {
	f := fault{name: name}
	head, rest, _ := strings.Cut(text, "-- old --\n")
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "file":
			f.file = value
		case "caught by":
			f.caughtBy = strings.Split(value, "; ")
		case "hangs":
			f.hangs = value
		default:
			f.sentence = strings.TrimSpace(f.sentence + " " + strings.TrimSpace(line))
		}
	}
	for part := range strings.SplitSeq(rest, "-- old --\n") {
		before, after, ok := strings.Cut(part, "-- new --\n")
		if !ok || before == "" || before == after {
			return f, fmt.Errorf("%s: found %q, expected lines after `-- old --` and others after `-- new --`", name, part)
		}
		f.edits = append(f.edits, edit{before, after})
	}
	if f.sentence == "" || f.file == "" || len(f.caughtBy) == 0 {
		return f, fmt.Errorf("%s: found %q, expected a sentence, `file: …` and `caught by: …`", name, head)
	}
	return f, nil
}

// apply returns the text of the fault's file with the fault in it.
func (f *fault) apply(text string) (broken string, err error) {
	for _, e := range f.edits {
		if n := strings.Count(text, e.old); n != 1 {
			return "", fmt.Errorf("%s: found its old lines %d times in %s, expected them once:\n%s", f.name, n, f.file, e.old)
		}
		text = strings.Replace(text, e.old, e.new, 1)
	}
	return text, nil
}

// broken returns the fault's file with the fault in it.
func (f *fault) broken() (text string, err error) {
	whole, err := os.ReadFile(filepath.Join(root, f.file))
	if err != nil {
		return "", err
	}
	return f.apply(string(whole))
}

// overlay writes the broken file to a folder, and what tells the compiler to read it. It returns the path of the latter.
func (f *fault) overlay(dir string) (path string, err error) {
	text, err := f.broken()
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(filepath.Join(root, f.file))
	if err != nil {
		return "", err
	}
	copied := filepath.Join(dir, filepath.Base(f.file))
	if err := os.WriteFile(copied, []byte(text), 0o644); err != nil {
		return "", err
	}
	content, err := json.Marshal(map[string]map[string]string{"Replace": {original: copied}})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, content, 0o644)
}

// TestFaultsApply says which faults do not fit the code any more.
func TestFaultsApply(t *testing.T) {
	for _, f := range readFaults(t, regexp.MustCompile("")) {
		text, err := f.broken()
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), f.file, text, parser.SkipObjectResolution); err != nil {
			t.Errorf("%s: %v", f.name, err)
		}
		for _, by := range f.caughtBy {
			if name, _, _ := strings.Cut(by, " "); !slices.Contains(checkNames(), name) {
				t.Errorf("%s: found the check %q, expected one of %v", f.name, name, checkNames())
			}
		}
	}
}

// TestOnlyWhatHangsIsCaughtByATimeout: elsewhere a check that is not done in time has found nothing.
func TestOnlyWhatHangsIsCaughtByATimeout(t *testing.T) {
	const edits = "-- old --\na\n-- new --\nb\n"
	for header, want := range map[string]string{
		"":                                    "not done in 1m30s",
		"hangs: nobody gives the lock back\n": "it hangs: nobody gives the lock back",
	} {
		f, err := parseFault("some", "A lock is kept.\nfile: a.go\ncaught by: races\n"+header+edits)
		if err != nil {
			t.Fatal(err)
		}
		if how, caught := f.late(); how != want || caught != (header != "") {
			t.Errorf("%q: %q, caught: %v; want %q", header, how, caught, want)
		}
	}
}
