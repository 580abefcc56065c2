package reports_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/reports"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

var update = flag.Bool("update", false, "write the golden files anew")

func write(t *testing.T, dir string, o sample.Options, options reports.Options) {
	t.Helper()
	if err := reports.Write(dir, sample.Result(o), &sim.Manifest{Schema: sim.ManifestSchema}, options); err != nil {
		t.Fatal(err)
	}
}

// tree returns the paths of all files below a directory, with what they hold.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func names(files map[string]string) []string {
	var all []string
	for name := range files {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func svg() reports.Options { return reports.Options{Formats: []string{"svg"}} }

func TestWriteMakesTheDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out", "steady")
	write(t, dir, sample.SteadyWeek(), svg())
	want := []string{
		"charts/answers.svg", "charts/outcomes.svg", "charts/outstanding.svg", "charts/populations.svg", "charts/quota.svg",
		"charts/rate-limit.svg", "junit.xml", "manifest.json", "report.html", "result.json", "series.csv", "summary.md",
	}
	first := tree(t, dir)
	if diff := cmp.Diff(want, names(first)); diff != "" {
		t.Error(diff)
	}
	other := t.TempDir()
	write(t, other, sample.SteadyWeek(), svg())
	if diff := cmp.Diff(first, tree(t, other)); diff != "" {
		t.Error("the same result makes different files:\n" + diff)
	}
}

func TestReadGivesBackWhatWasWritten(t *testing.T) {
	dir := t.TempDir()
	want := sample.Result(sample.HalfYear())
	if err := reports.Write(dir, want, nil, reports.Options{}); err != nil {
		t.Fatal(err)
	}
	got, err := reports.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want.Charts["at-cap"] != "drawn" || len(want.Charts) != 12 {
		t.Errorf("charts are assessed as %v", want.Charts)
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"":                                "is empty, expected a result",
		"{}":                              `schema: found nothing, expected "invitesim.result/v1"`,
		`{"schema":"invitesim.trace/v1"}`: `schema: found "invitesim.trace/v1"`,
	} {
		if err := os.WriteFile(filepath.Join(dir, "result.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := reports.Read(dir); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := reports.Read(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that does not exist: %v", err)
	}
}

func TestEncode(t *testing.T) {
	result := &sim.Result{Schema: sim.ResultSchema, Series: sim.Series{StepS: 3600, Columns: []string{"t_s", "send.sent"}, Rows: [][]float64{{0, 1.5}, {3600, 1e21}}}}
	result.Thresholds = []sim.Verdict{{That: `a < "b" \ {`}}
	text, err := reports.Encode(result)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"columns": ["t_s", "send.sent"]`, "\n      [0, 1.5],\n      [3600, 1e+21]\n    ]", `"that": "a < \"b\" \\ {"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "null") {
		t.Errorf("null in\n%s", text)
	}
	var back sim.Result
	if err := json.Unmarshal(text, &back); err != nil {
		t.Error(err)
	}
	result.Series.Rows[0][1] = math.NaN()
	if _, err := reports.Encode(result); err == nil {
		t.Error("NaN was encoded")
	}
}

func TestEncodeKeepsTheMeaning(t *testing.T) {
	for _, value := range []any{
		map[string]any{},
		[]any{},
		"", 1.25,
		map[string]any{"a": []any{}, "b": map[string]any{}, "c": []any{1.0, "x,]}"}},
		[]any{[]any{}, []any{1.0}, []any{}},
		map[string]any{"a": []any{map[string]any{"b": true}, map[string]any{}}},
	} {
		text, err := reports.Encode(value)
		if err != nil {
			t.Fatal(err)
		}
		var back any
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(value, back); diff != "" {
			t.Error(diff)
		}
	}
}

func TestEarlierResultIsReplaced(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, sample.HalfYear(), reports.Options{Formats: []string{"svg", "png"}})
	for _, name := range []string{"report.html", "charts/mine.svg", "notes.txt", ".result.json.1.partial"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, sample.SteadyWeek(), svg())
	want := []string{
		"charts/answers.svg", "charts/mine.svg", "charts/outcomes.svg", "charts/outstanding.svg", "charts/populations.svg", "charts/quota.svg",
		"charts/rate-limit.svg", "junit.xml", "manifest.json", "notes.txt", "report.html", "result.json", "series.csv", "summary.md",
	}
	if diff := cmp.Diff(want, names(tree(t, dir))); diff != "" {
		t.Error(diff)
	}
	if err := os.Remove(filepath.Join(dir, "charts", "mine.svg")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, sample.SteadyWeek(), reports.Options{})
	if _, err := os.Stat(filepath.Join(dir, "charts")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without charts their directory is still there (%v)", err)
	}
}

func TestClaim(t *testing.T) {
	fresh := filepath.Join(t.TempDir(), "a", "b")
	if err := reports.Claim(fresh, false); err != nil {
		t.Errorf("a directory that does not exist: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(fresh)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("Claim made a directory")
	}
	empty := t.TempDir()
	if err := reports.Claim(empty, false); err != nil {
		t.Errorf("an empty directory: %v", err)
	}
	if files := tree(t, empty); len(files) != 0 {
		t.Errorf("Claim left %v behind", names(files))
	}

	foreign := t.TempDir()
	for _, name := range []string{"a.txt", "b.txt", "c.txt", "d.txt", "result.json"} {
		if err := os.WriteFile(filepath.Join(foreign, name), []byte(`{"schema":"other"}`), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	before := tree(t, foreign)
	err := reports.Write(foreign, sample.Result(sample.SteadyWeek()), nil, svg())
	var unfit *reports.UnfitError
	if !errors.As(err, &unfit) || unfit.Found != "holds a.txt, b.txt, c.txt and 2 more and no result of an earlier run" {
		t.Errorf("a foreign directory: %v", err)
	}
	if diff := cmp.Diff(before, tree(t, foreign)); diff != "" {
		t.Error("a refused directory was changed:\n" + diff)
	}
	if err := reports.Write(foreign, sample.Result(sample.SteadyWeek()), nil, reports.Options{Force: true}); err != nil {
		t.Errorf("with force: %v", err)
	}
	if after := tree(t, foreign); after["a.txt"] != "" || !strings.Contains(after["result.json"], sim.ResultSchema) {
		t.Error("force did not replace the directory")
	}
}

func TestForceReplacesAllThatIsThere(t *testing.T) {
	parent := t.TempDir()
	plain, forced, link := filepath.Join(parent, "plain"), filepath.Join(parent, "forced"), filepath.Join(parent, "link")
	write(t, plain, sample.SteadyWeek(), svg())
	write(t, forced, sample.HalfYear(), reports.Options{Formats: []string{"svg", "png"}})
	for _, name := range []string{"charts/mine.svg", "notes.txt", "below/notes.txt"} {
		path := filepath.Join(forced, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chmod(forced, 0o700), os.Symlink("forced", link)); err != nil {
		t.Fatal(err)
	}
	write(t, link, sample.SteadyWeek(), reports.Options{Formats: []string{"svg"}, Force: true})
	if diff := cmp.Diff(tree(t, plain), tree(t, forced)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(forced); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory has other permissions than before: %v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(parent)
	if err != nil || len(entries) != 3 {
		t.Errorf("%v beside the directory, want plain, forced and link (%v)", entries, err)
	}
}

func TestForceKeepsTheWorkingDirectory(t *testing.T) {
	parent := t.TempDir()
	here := filepath.Join(parent, "here")
	if err := os.Mkdir(here, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(here)
	for _, dir := range []string{".", "..", parent} {
		if err := reports.Claim(dir, true); err == nil || !strings.Contains(err.Error(), "working directory") {
			t.Errorf("%s: %v, want that it holds the working directory", dir, err)
		}
	}
	if err := reports.Claim("../here/result", true); err != nil {
		t.Error(err)
	}
}

func TestForceKeepsTheHomeDirectory(t *testing.T) {
	parent := t.TempDir()
	home, link := filepath.Join(parent, "home"), filepath.Join(parent, "link")
	if err := errors.Join(os.Mkdir(home, 0o755), os.WriteFile(filepath.Join(home, ".profile"), nil, 0o644), os.Symlink("home", link)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", link)
	for _, dir := range []string{home, link, parent} {
		if err := reports.Claim(dir, true); err == nil || !strings.Contains(err.Error(), "home directory") {
			t.Errorf("%s: %v, want that it holds the home directory", dir, err)
		}
	}
	below := filepath.Join(home, "result")
	if err := errors.Join(os.Mkdir(below, 0o755), reports.Claim(below, true)); err != nil {
		t.Error(err)
	}
}

func TestForceKeepsARepository(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := reports.Claim(dir, true); err == nil || !strings.Contains(err.Error(), "repository") {
		t.Errorf("%v, want that it is the top of a repository", err)
	}
}

func TestClaimOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{path, filepath.Join(path, "below")} {
		for _, force := range []bool{false, true} {
			var unfit *reports.UnfitError
			if err := reports.Claim(dir, force); !errors.As(err, &unfit) || unfit.Dir != path {
				t.Errorf("%s, force %v: %v, want that %s is a file", dir, force, err, path)
			}
		}
	}
}

// What the machine says is told of the directory: how it was tried is nobody's business.
func TestClaimOfWhatCannotBeMade(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 300))
	if err := reports.Claim(long, false); err == nil || err.Error() != long+" cannot be read: file name too long (expected a directory for the result)" {
		t.Errorf("a name that is too long: %v", err)
	}
	if _, err := os.Stat("/proc/self"); err != nil {
		t.Skip("there is no directory in which nobody can make a file: expected /proc")
	}
	err := reports.Claim("/proc/result", false)
	want := "/proc/result: /proc cannot be written to: no such file or directory (expected a directory in which files can be made)"
	if err == nil || err.Error() != want {
		t.Errorf("found    %v\nexpected %s", err, want)
	}
}
