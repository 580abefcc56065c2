package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"invitesim/sim"
)

// resultPage is the page of what a run leaves behind.
const resultPage = "reports/RESULT.md"

func TestResultPage(t *testing.T) { testPage(t, resultPage, 2) }

// pageRow is a row of a table of that page: what its first cell names, what has such a name, and the cell after it.
type pageRow struct {
	name    string
	pattern *regexp.Regexp
	next    string
}

// pageRows returns the rows of all tables below a heading of the page, up to the next heading of its level, whose first column is called so. What stands
// in capitals is any name: `*`.
func pageRows(t *testing.T, heading, column string) []pageRow {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root(t), resultPage))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(content), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("%s has no part %q", resultPage, heading)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	capitals := regexp.MustCompile(`\b[A-Z]{2,}\b`)
	row := regexp.MustCompile("^\\| `([^`]+)` \\| ([^|]*) \\|")
	var all []pageRow
	in := false
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "|") {
			in = false
		} else if strings.HasPrefix(line, "| "+column+" |") {
			in = true
		}
		if parts := row.FindStringSubmatch(line); in && parts != nil {
			name := capitals.ReplaceAllString(parts[1], "*")
			pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(name), `\*`, ".+") + "$")
			all = append(all, pageRow{name, pattern, parts[2]})
		}
	}
	return all
}

// keysOfType returns the keys that a type has in JSON, those below others after a dot, `*` for any name and [] for an item of a list. The figures
// of members stand once: where they are met again, only that they are there.
func keysOfType(kind reflect.Type, at string) []string {
	switch kind.Kind() {
	case reflect.Pointer:
		return keysOfType(kind.Elem(), at)
	case reflect.Map:
		if kind.Elem() == reflect.TypeFor[*sim.Figures]() {
			return []string{at + ".*"}
		}
		return keysOfType(kind.Elem(), at+".*")
	case reflect.Slice:
		if kind.Elem().Kind() == reflect.Struct {
			return keysOfType(kind.Elem(), at+"[]")
		}
	case reflect.Struct:
		var all []string
		if kind == reflect.TypeFor[sim.Window]() {
			all = append(all, at)
		}
		for i := range kind.NumField() {
			f := kind.Field(i)
			key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Anonymous && at == "":
				all = append(all, keysOfType(f.Type, "")...)
			case !f.Anonymous:
				all = append(all, keysOfType(f.Type, strings.TrimPrefix(at+"."+key, "."))...)
			}
		}
		return all
	}
	return []string{at}
}

// TestResultPageHasEveryKey holds the keys of the page against those of the types that the files are made of, and their units against what the
// keys end in.
func TestResultPageHasEveryKey(t *testing.T) {
	for file, kind := range map[string]reflect.Type{
		"result.json": reflect.TypeFor[sim.Result](), "manifest.json": reflect.TypeFor[sim.Manifest](),
	} {
		known := keysOfType(kind, "")
		var told []string
		for _, row := range pageRows(t, file, "key") {
			told = append(told, row.name)
			if !slices.Contains(known, row.name) {
				t.Errorf("%s tells the key %s of %s, which there is not", resultPage, row.name, file)
			}
			if unit := unitOfKey(row.name); unit != "" && row.next != unit {
				t.Errorf("%s gives %s the unit %s, want %s", resultPage, row.name, row.next, unit)
			}
		}
		for _, key := range known {
			if !slices.Contains(told, key) {
				t.Errorf("%s does not tell the key %s of %s", resultPage, key, file)
			}
		}
	}
}

// unitOfKey returns the unit that a key ends in; empty where it does not tell.
func unitOfKey(key string) string {
	for _, each := range [][2]string{{"_per_s", "per s"}, {"_s", "s"}, {"_ns", "ns"}, {"share", "share"}, {"_bytes", "bytes"}, {"count", "count"}} {
		if strings.HasSuffix(key, each[0]) && key != "t_s" {
			return each[1]
		}
	}
	return ""
}

// TestResultPageTellsWhatRunsWrite runs scenarios of every sort and looks up on the page what is in their results: keys, curves and columns.
func TestResultPageTellsWhatRunsWrite(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	t.Parallel()
	keys, curves := pageRows(t, "result.json", "key"), pageRows(t, "result.json", "curve")
	columns, manifest := pageRows(t, "series.csv", "column"), pageRows(t, "manifest.json", "key")
	seen := map[string]bool{}
	for name, flags := range map[string]string{
		"replicas": "run every-rule --replicas 2 --check --set duration=9w --set events=[] --set start=2026-01-07 " +
			"--set thresholds=[{that:_pending.mean_<_1,_over:_3w..5w},_pending.mean_<_100_with_95%]",
		"theory": "run steady-week --set duration=4w --set members.dormant.count=1000 --set members.casual.count=600 --set thresholds=[] " +
			"--set members.outreach= --set members.automated= --set members.networker.send= --set members.networker.withdraw=",
		"by wall": "run every-rule --clock wall --speed 9000000x --check --set duration=9w --set events=[] --set load.faults=[{at:_0s,_for:_1ms,_stall:_gc}] --set thresholds=[]",
	} {
		dir := filepath.Join(t.TempDir(), "result")
		args := strings.Fields(flags + " --charts none --quiet --out " + dir)
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "_", " ")
		}
		if code, _, stderr := invoke(args...); code != exitWell && code != exitThreshold {
			t.Fatalf("%s: exit code %d\n%s", name, code, stderr)
		}
		lookUp(t, name, filepath.Join(dir, "result.json"), slices.Concat(keys, curves), seen)
		lookUp(t, name, filepath.Join(dir, "manifest.json"), manifest, seen)
		series, err := os.ReadFile(filepath.Join(dir, "series.csv"))
		if err != nil {
			t.Fatal(err)
		}
		header, _, _ := strings.Cut(string(series), "\n")
		for _, column := range strings.Split(header, ",") {
			look(t, name, column, columns, seen)
		}
	}
	byWall := regexp.MustCompile("^(latency|hiccup|load)")
	for _, row := range append(curves, columns...) {
		if !seen[row.name] && !byWall.MatchString(row.name) {
			t.Errorf("no run wrote %s of %s", row.name, resultPage)
		}
	}
}

// lookUp looks up every key of a file.
func lookUp(t *testing.T, run, file string, rows []pageRow, seen map[string]bool) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var value map[string]any
	if err := json.Unmarshal(content, &value); err != nil {
		t.Fatal(err)
	}
	for _, key := range keysOf(value, "") {
		if curve, ok := strings.CutPrefix(key, "distributions."); ok {
			key = curve[:strings.LastIndex(curve, ".")]
		}
		look(t, run, key, rows, seen)
	}
}

// keysOf returns the keys of a value of JSON as the page tells them.
func keysOf(value any, at string) []string {
	switch each := value.(type) {
	case map[string]any:
		var all []string
		for key, inner := range each {
			all = append(all, keysOf(inner, strings.TrimPrefix(at+"."+key, "."))...)
		}
		return all
	case []any:
		if len(each) > 0 {
			if _, ok := each[0].(map[string]any); ok {
				var all []string
				for _, item := range each {
					all = append(all, keysOf(item, at+"[]")...)
				}
				return all
			}
		}
	}
	return []string{at}
}

// ofSome begins the key of a figure of a window, of a population, or of both.
var ofSome = regexp.MustCompile(`^(windows\.[^.]+\.\.[^.]+\.)?(members_by\.[^.]+\.)?`)

// look looks up one key, curve or column. Those of a window or a population are those of all members.
func look(t *testing.T, run, key string, rows []pageRow, seen map[string]bool) {
	t.Helper()
	if short := ofSome.ReplaceAllString(key, ""); short != "from_s" && short != "until_s" {
		key = short
	}
	told := false
	for _, row := range rows {
		if row.pattern.MatchString(key) {
			seen[row.name], told = true, true
		}
	}
	if !told {
		t.Errorf("%s: %s does not tell %s", run, resultPage, key)
	}
}

// TestResultPageHasTheExitCodes keeps the table of exit codes what the program prints.
func TestResultPageHasTheExitCodes(t *testing.T) {
	var table strings.Builder
	table.WriteString("| code | meaning |\n|---|---|\n")
	for _, each := range exitMeanings() {
		fmt.Fprintf(&table, "| %d | %s |\n", each.code, each.meaning)
	}
	between(t, filepath.Join(root(t), resultPage), "<!-- exit codes: made by `make golden` -->\n", "<!-- end of the table -->\n", table.String())
}
