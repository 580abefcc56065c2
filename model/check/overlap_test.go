package check_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"invitesim/model/check"
	"invitesim/model/trace"
)

// TestOverlappingTraces says of every trace of testdata what check says of it: which races the rules allow, and which not. To write
// a new one, run `go test ./model/check -run TestOverlappingTraces -update`, and read what it wrote.
func TestOverlappingTraces(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.trace")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no traces: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			tr, mistakes := trace.Parse(bytes.NewReader(text), filepath.Base(path))
			if tr == nil {
				t.Fatal(mistakes)
			}
			got := verdict(t, tr) + "\n"
			golden := strings.TrimSuffix(path, ".trace") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || got != string(want) {
				t.Errorf("%v: got\n%s\nwant\n%s", err, got, want)
			}
			if quick(tr) && explainable(tr) != strings.HasPrefix(got, "allowed") {
				t.Error("a trial of all orders says otherwise")
			}
		})
	}
}

// verdict is what check says of a trace, in text.
func verdict(t *testing.T, tr *trace.Trace) string {
	figures, violation, err := check.Run(t.Context(), tr, systems["store"])
	if err != nil {
		t.Fatal(err)
	}
	if violation != nil {
		return "forbidden: " + strings.TrimSpace(violation.String())
	}
	return "allowed: " + figures.String()
}

// quick says whether every second of every call can be tried.
func quick(tr *trace.Trace) bool {
	return !slices.ContainsFunc(tr.Lines, func(l trace.Line) bool { return l.Return-l.Call > 10*time.Second })
}
