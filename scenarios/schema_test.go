package scenarios_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"invitesim/scenarios"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(scenarios.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("scenario.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// asJSON reads YAML as an editor does.
func asJSON(t *testing.T, content string) any {
	t.Helper()
	var value any
	if err := yaml.Load([]byte(content), &value); err != nil {
		t.Fatal(err)
	}
	if top, ok := value.(map[string]any); ok {
		if start, ok := top["start"].(time.Time); ok {
			top["start"] = start.Format(time.DateOnly)
		}
	}
	written, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	read, err := jsonschema.UnmarshalJSON(bytes.NewReader(written))
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestEveryShippedScenarioFitsTheSchema(t *testing.T) {
	schema := compiled(t)
	contents := map[string]string{"new": scenarios.New("example"), "language": languageExample}
	for _, entry := range scenarios.Library() {
		contents[entry.Name], _ = scenarios.Open(entry.Name)
	}
	for name, content := range contents {
		if err := schema.Validate(asJSON(t, content)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSchemaRefuses(t *testing.T) {
	schema := compiled(t)
	const right = "scenario: a\nduration: 4w\nmembers: {b: {count: 5, send: {rate: 2/week}}}\npolicy: {pending_cap: {count: 5}}\n"
	if err := schema.Validate(asJSON(t, right)); err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct{ from, to string }{
		{"duration: 4w", "duration: 4"},
		{"duration: 4w", "durations: 4w"},
		{"scenario: a", "scenario: a b"},
		{"rate: 2/week", "rate: 2"},
		{"rate: 2/week", "rat: 2/week"},
		{"rate: 2/week", "rate: 2/week, note: 5"},
		{"rate: 2/week", "rate: 2/week, pattern: sometimes"},
		{"rate: 2/week", "rate: 2/week, pattern: {hours: [1, 2]}"},
		{"count: 5, send", "count: -5, send"},
		{"{count: 5}", "{cuont: 5}"},
		{"policy:", "thresholds: [{that: a < 5, over: 2w}]\npolicy:"},
		{"policy:", "thresholds: [{that: a < 5, abort: soon}]\npolicy:"},
		{"policy:", "load: {speed: 604800}\npolicy:"},
		{"policy:", "load: {loop: half}\npolicy:"},
		{"policy:", "load: {faults: [{at: 1s, for: 1s, stall: all}]}\npolicy:"},
		{"members: {b", "members: [b"},
		{"members: {b", "members: {a-name-of-twenty-five-let"},
		{"members: {b", "members: {b c"},
	} {
		wrong := strings.Replace(right, change.from, change.to, 1)
		if strings.Contains(change.to, "[b") {
			wrong = strings.Replace(wrong, "}}}", "}}]", 1)
		}
		if err := schema.Validate(asJSON(t, wrong)); err == nil {
			t.Errorf("found no mistake in %q", change.to)
		}
	}
}
