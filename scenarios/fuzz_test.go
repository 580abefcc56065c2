package scenarios_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/scenarios"
)

// FuzzLoad feeds anything to the reader: it must answer with a plan or with mistakes, each with a place, and a plan's document must read back to
// the same plan.
func FuzzLoad(f *testing.F) {
	for _, entry := range scenarios.Library() {
		content, _ := scenarios.Open(entry.Name)
		f.Add(content, "members.casual.count=5")
	}
	f.Add(scenarios.New("example"), "policy.pending_cap.count=50")
	f.Add(languageExample, "events.0.at=5d")
	cases, err := filepath.Glob("testdata/mistakes/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range cases {
		content, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		input, _, _ := strings.Cut(string(content), separator)
		f.Add(input, "policy={expiry: 5d}")
	}
	f.Fuzz(func(t *testing.T, content, set string) {
		read := func(content string, options scenarios.Options) (digest, document string) {
			plan, merged, mistakes := scenarios.Load(scenarios.Source{Name: "fuzz", Text: strings.NewReader(content)}, options)
			if (plan == nil) != (len(mistakes) > 0) || (plan == nil) != (merged == nil) {
				t.Fatalf("found plan %v, document %v, mistakes %v", plan, merged, mistakes)
			}
			for i := range mistakes {
				if m := &mistakes[i]; m.File == "" || m.Found == "" || m.Error() == "" || strings.ContainsAny(m.Error(), "\n\x1b") {
					t.Fatalf("found the mistake %+v", m)
				}
			}
			mistakes.Format()
			if plan == nil {
				return "", ""
			}
			if plan.Members() == 0 || plan.Duration <= 0 || plan.Warmup >= plan.Duration {
				t.Fatalf("found the plan %+v", plan)
			}
			for i := range plan.Thresholds {
				threshold := &plan.Thresholds[i]
				if over := threshold.Over; over != nil && (over.From < model.Instant(plan.Warmup) || over.From >= over.Until || over.Until > model.Instant(plan.Duration)) {
					t.Fatalf("found the window %s of a plan from %s to %s", over, plan.Warmup, plan.Duration)
				}
				if threshold.Abort && !threshold.CanAbort() {
					t.Fatalf("found the threshold %+v, which can never stop a run", threshold)
				}
			}
			return plan.Digest, merged.Text
		}
		digest, document := read(content, scenarios.Options{Set: []string{set}})
		if digest == "" {
			digest, document = read(content, scenarios.Options{})
		}
		if digest == "" {
			return
		}
		if again, _ := read(document, scenarios.Options{}); again != digest {
			t.Fatalf("the document reads back to another plan:\n%s", document)
		}
	})
}
