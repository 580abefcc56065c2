package check_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
	"invitesim/model/store"
	"invitesim/model/trace"
)

var update = flag.Bool("update", false, "write the oracle's answers into the traces of model/testdata that give others")

// systems are the two readings of the rules that every trace is held against.
var systems = map[string]check.Builder{
	"oracle": func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
		return oracle.New(members, calendar, seed, policies[0]), nil
	},
	"store": func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
		s, err := store.New(context.Background(), store.Options{Members: members, Calendar: calendar, Seed: seed, Policies: policies, Notices: true, Exclusive: true})
		return s, err
	},
}

// TestTraces runs every trace of model/testdata through both systems. To write a new one, leave the answers out, run
// `go test ./model/check -run TestTraces -update`, and read what it wrote.
func TestTraces(t *testing.T) {
	paths, err := filepath.Glob("../testdata/*.trace")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no traces: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			tr, mistakes := trace.Parse(bytes.NewReader(text), path)
			if tr == nil {
				t.Fatal(mistakes)
			}
			if *update {
				rewrite(t, tr, path)
			}
			for _, system := range []string{"oracle", "store"} {
				figures, violation, err := check.Run(t.Context(), tr, systems[system])
				if err != nil || violation != nil {
					t.Errorf("%s: %v%v", system, violation, err)
				} else if figures.Answers < figures.Commands+figures.Queries {
					t.Errorf("%s: some line gives no answer", figures)
				}
			}
		})
	}
}

// rewrite fills in the answers, and writes the trace only if there was something to fill in.
func rewrite(t *testing.T, tr *trace.Trace, path string) {
	before := tr.String()
	if err := check.Fill(tr, systems["oracle"]); err != nil {
		t.Fatal(err)
	}
	if after := tr.String(); after != before {
		if err := os.WriteFile(path, []byte(after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
