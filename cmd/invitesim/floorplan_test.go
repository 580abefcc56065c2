package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files, and the parts of the pages that are made from the code")

// room is one package of the house: what it is for, what of the house it may import, and which third-party modules live
// in it. A test may import what it likes: only the code is walled.
type room struct {
	path    string // "model" is invitesim/model
	holds   string
	imports []string // "…/*" is a folder with all below it
	homeOf  []string // modules that nothing else imports
}

// house is who may import whom; everything else is forbidden. ARCHITECTURE.md shows this table.
func house() []room {
	return []room{
		{"model", "the rules: words, policy, one pure decision a command", []string{"model/window"}, nil},
		{"model/window", "windows and buckets, in integers", nil, nil},
		{"model/policies", "the named policies, as data", []string{"model"}, nil},
		{"model/oracle", "the second reading of the rules: answers by scanning the history", []string{"model"}, nil},
		{"model/store", "the system itself: compact, concurrent", []string{"model", "model/window", "model/store/region", "model/store/spin"}, nil},
		{"model/store/region", "memory that the collector does not walk", nil, []string{"golang.org/x/sys"}},
		{"model/store/spin", "a lock for what is held for less than a microsecond", nil, nil},
		{"model/trace", "commands as text", []string{"model", "model/policies"}, nil},
		{
			"model/check", "is a trace one that the rules allow?",
			[]string{"model", "model/oracle", "model/trace"},
			[]string{"github.com/anishathalye/porcupine"},
		},
		{"model/internal/histories", "random histories, and what tests hold systems to with them", []string{"model", "model/check", "model/oracle"}, nil},
		{"sim", "the words that engines, files and reports share: plan, result, verdict", []string{"model", "sim/chance"}, nil},
		{"sim/chance", "random streams and distributions, the same bits everywhere", nil, nil},
		{"sim/measure", "what is counted and how", []string{"model", "model/store/region", "sim", "sim/latency"}, nil},
		{"sim/theory", "what a run should measure, where a closed form tells", []string{"model", "sim", "sim/chance", "sim/people"}, nil},
		{"sim/statistics", "intervals and tests of samples", nil, []string{"gonum.org/v1/gonum"}},
		{"sim/latency", "how long commands take: histograms, and what the machine itself loses", []string{"model", "sim"}, []string{"github.com/HdrHistogram/hdrhistogram-go"}},
		{
			"sim/conduct", "what people do, event by event, for one share of the members",
			[]string{"model", "model/store", "model/store/region", "sim", "sim/people", "sim/virtual/queue"},
			nil,
		},
		{
			"sim/wall", "the engine of wall time",
			[]string{
				"model", "model/check", "model/store", "model/store/spin", "model/trace",
				"sim", "sim/conduct", "sim/latency", "sim/measure", "sim/people", "sim/virtual/queue",
			},
			nil,
		},
		{"sim/people", "populations: who sends, answers, tidies, and when", []string{"model", "model/store/region", "sim", "sim/chance"}, nil},
		{
			"sim/virtual", "the engine of virtual time",
			[]string{
				"model", "model/oracle", "model/store", "model/trace",
				"sim", "sim/conduct", "sim/measure", "sim/people", "sim/statistics", "sim/theory", "sim/virtual/queue",
			},
			[]string{"golang.org/x/sync"},
		},
		{"sim/virtual/queue", "the event queue", []string{"model/store/region"}, nil},
		{
			"scenarios", "scenario file to plan; the shipped library; the schema",
			[]string{"model", "model/policies", "sim", "sim/chance"},
			[]string{"go.yaml.in/yaml/v4"},
		},
		{"reports", "the result directory and the summary", []string{"model", "model/policies", "scenarios", "sim", "reports/*"}, nil},
		{"reports/figure", "figures as people read them", []string{"sim"}, nil},
		{"reports/terminal", "text laid out for a terminal", []string{"reports/figure"}, nil},
		{"reports/page", "report.html", []string{"model/policies", "sim", "reports/chart", "reports/figure"}, nil},
		{"reports/baseline", "what a scenario's figures were when somebody accepted them", []string{"model", "sim", "sim/statistics", "reports/figure"}, nil},
		{"reports/comparison", "what differs between results, and whether it is more than noise", []string{"model", "sim", "sim/statistics", "reports/figure", "reports/terminal"}, nil},
		{"reports/chart", "the charts", []string{"model", "model/policies", "sim", "reports/comparison", "reports/figure"}, []string{"gonum.org/v1/plot", "golang.org/x/image"}},
		{"reports/internal/golden", "what tests make, compared with files that somebody has looked at", nil, []string{"github.com/google/go-cmp"}},
		{"reports/internal/sample", "a result to draw in tests", []string{"model", "sim", "sim/latency"}, nil},
		{
			"cmd/invitesim", "the command line: one file a verb",
			[]string{"model", "model/*", "sim", "sim/*", "scenarios", "reports", "reports/*"},
			[]string{"github.com/spf13/pflag", "golang.org/x/term"},
		},
	}
}

// listed is what `go list` says of a package.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
	Module     *struct{ Path string }
	Standard   bool
}

func listPackages(t *testing.T, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-pgo=off", "-json=ImportPath,Dir,GoFiles,Imports,Module,Standard"}, args...)...)
	cmd.Dir = root(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", args, err, stderr.Bytes())
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// root returns the folder of the module.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestWhoImportsWhom compares what the packages import with the table of the house, both ways.
func TestWhoImportsWhom(t *testing.T) {
	rooms := map[string]room{}
	for _, r := range house() {
		rooms[r.path] = r
	}
	modules := moduleOfPackage(t)
	for _, p := range listPackages(t, "./...") {
		path := strings.TrimPrefix(p.ImportPath, "invitesim/")
		r, ok := rooms[path]
		if !ok {
			if len(p.GoFiles) > 0 {
				t.Errorf("package %s is not in the table of the house", path)
			}
			continue
		}
		for _, imported := range p.Imports {
			inside, ours := strings.CutPrefix(imported, "invitesim/")
			switch module := modules[imported]; {
			case ours && !allows(r.imports, inside):
				t.Errorf("%s imports %s, which the table of the house does not allow", path, inside)
			case !ours && module != "" && !slices.Contains(r.homeOf, module):
				t.Errorf("%s imports %s, whose module %s does not live there", path, imported, module)
			}
		}
		for _, allowed := range r.imports {
			if !strings.HasSuffix(allowed, "*") && !slices.Contains(p.Imports, "invitesim/"+allowed) {
				t.Errorf("the table of the house lets %s import %s, which it does not", path, allowed)
			}
		}
	}
}

// moduleOfPackage returns the third-party module of every package that the module's code needs.
func moduleOfPackage(t *testing.T) map[string]string {
	modules := map[string]string{}
	for _, p := range listPackages(t, "-deps", "./...") {
		if !p.Standard && p.Module != nil && p.Module.Path != "invitesim" {
			modules[p.ImportPath] = p.Module.Path
		}
	}
	return modules
}

func allows(imports []string, path string) bool {
	for _, each := range imports {
		if folder, all := strings.CutSuffix(each, "*"); each == path || all && strings.HasPrefix(path, folder) {
			return true
		}
	}
	return false
}

// TestOneHomeForEachModule checks the table itself.
func TestOneHomeForEachModule(t *testing.T) {
	home := map[string]string{}
	for _, r := range house() {
		for _, module := range r.homeOf {
			if other, taken := home[module]; taken {
				t.Errorf("%s has two homes: %s and %s", module, other, r.path)
			}
			home[module] = r.path
		}
		if _, err := os.Stat(filepath.Join(root(t), r.path)); err != nil {
			t.Errorf("the table names %s: %v", r.path, err)
		}
	}
}

// TestArchitectureShowsTheTable keeps the table of ARCHITECTURE.md the one that is enforced.
func TestArchitectureShowsTheTable(t *testing.T) {
	var table strings.Builder
	table.WriteString("| package | holds | may import | is home of |\n|---|---|---|---|\n")
	for _, r := range house() {
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", r.path, r.holds, code(r.imports), code(r.homeOf))
	}
	const begin, end = "<!-- table of the house: made by `make golden` -->\n", "<!-- end of the table -->\n"
	between(t, filepath.Join(root(t), "ARCHITECTURE.md"), begin, end, table.String())
}

func code(words []string) string {
	if len(words) == 0 {
		return "–"
	}
	return "`" + strings.Join(words, "`, `") + "`"
}

// between compares what a file says between two marks with what it should say, or writes it with -update.
func between(t *testing.T, file, begin, end, want string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(content), begin)
	got, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s has no lines %q and %q", file, begin, end)
	}
	switch {
	case got == want:
	case *update:
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s differs from the code: run `make golden`; it should say\n%s", file, want)
	}
}

// TestTopLevelFolders keeps the root to the five folders of the house, and what Git does not keep.
func TestTopLevelFolders(t *testing.T) {
	allowed := []string{".ci", ".git", ".github", "bin", "cmd", "model", "out", "reports", "scenarios", "sim"}
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() && !slices.Contains(allowed, entry.Name()) {
			t.Errorf("folder %s: expected only %s", entry.Name(), strings.Join(allowed, ", "))
		}
	}
}

// TestForbiddenWords keeps paths of one machine and names of companies out of the project; RULES.md names its sources.
func TestForbiddenWords(t *testing.T) {
	// The words are cut in two, so that this file does not contain them.
	words := []string{
		"/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "far" + "m-", "issues sh" + "ow",
		"linked" + "in", "face" + "book", "micro" + "soft", "insta" + "gram", "xi" + "ng.com",
	}
	pattern := regexp.MustCompile("(?i)" + strings.Join(words, "|"))
	for _, path := range trackedFiles(t) {
		if filepath.Base(path) == "RULES.md" || filepath.Base(path) == "go.sum" || filepath.Base(path) == "tools.sum" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(root(t), path))
		if err != nil {
			continue // deleted in the working tree
		}
		for i, line := range strings.Split(string(content), "\n") {
			if word := pattern.FindString(line); word != "" && !bytes.Contains(content, []byte{0}) {
				t.Errorf("%s:%d: forbidden word %q", path, i+1, word)
			}
		}
	}
}

// trackedFiles returns the files of the project: those that Git knows, or all where there is no Git.
func trackedFiles(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root(t)
	if out, err := cmd.Output(); err == nil {
		return strings.Fields(string(out))
	}
	var all []string
	err := filepath.WalkDir(root(t), func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "bin", "out"}, entry.Name()) {
			return filepath.SkipDir
		}
		if relative, err := filepath.Rel(root(t), path); err == nil && !entry.IsDir() {
			all = append(all, relative)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
