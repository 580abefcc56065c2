package scenarios_test

import (
	"regexp"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/scenarios"
	"invitesim/sim"
)

// load reads a scenario that has to be right.
func load(t *testing.T, content string, options scenarios.Options) (*sim.Plan, *scenarios.Document) {
	t.Helper()
	plan, document, mistakes := scenarios.Load(scenarios.Source{Name: "test.yaml", Text: strings.NewReader(content)}, options)
	if len(mistakes) > 0 {
		t.Fatalf("unexpected mistakes:\n%s", mistakes.Format())
	}
	return plan, document
}

func TestEveryShippedScenarioLoads(t *testing.T) {
	entries := scenarios.Library()
	if len(entries) < 16 {
		t.Errorf("found %d shipped scenarios, expected at least 16", len(entries))
	}
	for _, entry := range entries {
		t.Run(entry.Name, func(t *testing.T) {
			plan, _, mistakes := scenarios.Load(scenarios.Source{Name: entry.Name}, scenarios.Options{})
			if len(mistakes) > 0 {
				t.Fatalf("unexpected mistakes:\n%s", mistakes.Format())
			}
			if plan.Name != entry.Name {
				t.Errorf("found the name %q, expected that of the file", plan.Name)
			}
			if entry.Purpose == "" || plan.Purpose != entry.Purpose {
				t.Errorf("found the purpose %q in the list and %q in the plan", entry.Purpose, plan.Purpose)
			}
			if len(plan.Thresholds) == 0 {
				t.Error("found no thresholds")
			}
			content, ok := scenarios.Open(entry.Name)
			if first, _, _ := strings.Cut(content, "\n"); !ok || !strings.HasPrefix(first, "# ") {
				t.Errorf("found the first line %q, expected a comment", first)
			}
		})
	}
}

// The two sizes that the performance figures are about.
func TestMillionMembersIsWhatItSays(t *testing.T) {
	plan, _, mistakes := scenarios.Load(scenarios.Source{Name: "million-members"}, scenarios.Options{})
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if plan.Members() != 1_000_000 || plan.Duration != 13*model.Week {
		t.Errorf("found %d members and %s", plan.Members(), plan.Duration)
	}
	if rate := plan.Populations[0].Send.Rate * float64(model.Week); rate < 1.999 || rate > 2.001 {
		t.Errorf("found %v sends a week, expected 2", rate)
	}
	if plan.Policy.Name != "default" {
		t.Errorf("found the policy %q, expected default", plan.Policy.Name)
	}
}

func TestTheStartingFileLoads(t *testing.T) {
	plan, _ := load(t, scenarios.New("my-question"), scenarios.Options{})
	if plan.Name != "my-question" {
		t.Errorf("found the name %q", plan.Name)
	}
}

// What the starting file shows of people in comments is right, too.
func TestTheStartingFileLoadsWithoutItsComments(t *testing.T) {
	content := regexp.MustCompile(`(?m)^( +)# (\w+: )`).ReplaceAllString(scenarios.New("my-question"), "$1$2")
	plan, _ := load(t, content, scenarios.Options{})
	own := plan.Populations[0]
	if own.Unblock == nil || own.Unblock.Again == nil || own.Respond.Block == 0 || own.Respond.Reconsider == nil || own.Respond.ReportAgain == nil {
		t.Errorf("found %+v and %+v, expected what the comments show", own.Respond, own.Unblock)
	}
}

// A merged document is a scenario of its own, and says the same.
func TestTheDocumentReadsBackToTheSamePlan(t *testing.T) {
	for _, entry := range scenarios.Library() {
		plan, document, _ := scenarios.Load(scenarios.Source{Name: entry.Name}, scenarios.Options{Policy: "weekly-quota", Set: []string{"policy.pending_cap.count=77"}})
		again, _ := load(t, document.Text, scenarios.Options{})
		if again.Digest != plan.Digest {
			t.Errorf("%s: the digest changed on the way through its own document:\n%s", entry.Name, document.Text)
		}
	}
}

func TestDocumentsListTheirFields(t *testing.T) {
	_, document, _ := scenarios.Load(scenarios.Source{Name: "policy-change"}, scenarios.Options{Set: []string{"members.recruiter.count=17"}})
	found := map[string]string{}
	for _, field := range document.Fields {
		found[field.Path] = field.Value
	}
	for path, want := range map[string]string{
		"members.recruiter.count": "17", "duration": "18w", "policy.resend.cooldown": "0s", "events[1].change_policy.weekly_limit.window": "sliding",
	} {
		if found[path] != want {
			t.Errorf("%s is %q, expected %q", path, found[path], want)
		}
	}
}
