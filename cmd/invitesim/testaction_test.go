package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// step is a step of an action or of a workflow.
type step struct {
	Name             string
	If               string
	Uses             string
	Run              string
	Shell            string
	WorkingDirectory string `yaml:"working-directory"`
	Env, With        map[string]string
}

// readYAML reads a file of the project.
func readYAML(t *testing.T, path string, into any) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return string(text)
}

// usesPinned wants every action of others by the digest of its commit: a tag may be moved.
func usesPinned(t *testing.T, path string, steps []step) {
	t.Helper()
	pinned := regexp.MustCompile(`^([a-z0-9-]+/[a-z0-9-]+@[0-9a-f]{40}|\./)$`)
	for _, s := range steps {
		if s.Uses != "" && !pinned.MatchString(s.Uses) {
			t.Errorf("%s: %q is not pinned", path, s.Uses)
		}
		if (s.Uses == "") == (s.Run == "") {
			t.Errorf("%s: step %q neither uses nor runs something, or both", path, s.Name)
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("%s: step %q puts a text from outside into its script: expected it in the environment", path, s.Name)
		}
	}
}

// actionFile is action.yml.
type actionFile struct {
	Name, Description string
	Inputs            map[string]struct{ Description, Default string }
	Runs              struct {
		Using string
		Steps []step
	}
}

func TestActionIsOne(t *testing.T) {
	var a actionFile
	text := readYAML(t, "action.yml", &a)
	if a.Name == "" || a.Description == "" || a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Errorf("found %+v", a)
	}
	usesPinned(t, "action.yml", a.Runs.Steps)
	for _, s := range a.Runs.Steps {
		if s.Run != "" && s.Shell != "bash" {
			t.Errorf("step %q has the shell %q", s.Name, s.Shell)
		}
	}
	used := map[string]bool{}
	for _, match := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(text, -1) {
		used[match[1]] = true
		if _, ok := a.Inputs[match[1]]; !ok {
			t.Errorf("action.yml uses the input %s, and has none", match[1])
		}
	}
	for name, input := range a.Inputs {
		if input.Description == "" || !used[name] {
			t.Errorf("the input %s is not described, or not used", name)
		}
	}
}

func TestWorkflowUsesTheAction(t *testing.T) {
	var a actionFile
	readYAML(t, "action.yml", &a)
	var workflow struct {
		Jobs map[string]struct{ Steps []step }
	}
	const path = ".github/workflows/scenarios.yml"
	readYAML(t, path, &workflow)
	found := false
	for _, job := range workflow.Jobs {
		usesPinned(t, path, job.Steps)
		for _, s := range job.Steps {
			if s.Uses != "./" {
				continue
			}
			found = true
			for name := range s.With {
				if _, ok := a.Inputs[name]; !ok {
					t.Errorf("%s gives the action %s, which it does not take", path, name)
				}
			}
			if _, err := os.Stat(filepath.Join(root(t), s.With["path"])); err != nil {
				t.Error(err)
			}
		}
	}
	if !found {
		t.Errorf("%s does not use the action", path)
	}
}

// TestActionRuns carries out the scripts of the action as a workflow would.
func TestActionRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	var a actionFile
	readYAML(t, "action.yml", &a)
	folder := t.TempDir()
	summary := filepath.Join(folder, "summary.md")
	values := map[string]string{"github.action_path": root(t), "runner.temp": filepath.Join(folder, "temp"), "inputs.path": "small.yaml\n'with a space.yaml'", "inputs.args": "--charts none --set 'members.people.count=30'"}
	for name, input := range a.Inputs {
		if key := "inputs." + name; values[key] == "" {
			values[key] = input.Default
		}
	}
	small := "scenario: NAME\nduration: 1w\nmembers: {people: {count: 40, send: {rate: 2/week, to: {people: 100%}}}}\n"
	for file, name := range map[string]string{"small.yaml": "small", "with a space.yaml": "spaced"} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(strings.Replace(small, "NAME", name, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fill := func(text string) string {
		return regexp.MustCompile(`\$\{\{ *([a-z._-]+) *\}\}`).ReplaceAllStringFunc(text, func(expression string) string {
			return values[strings.Trim(expression, "${} ")]
		})
	}
	for _, s := range a.Runs.Steps {
		if s.Run == "" {
			continue
		}
		script := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		script.Dir = folder
		if s.WorkingDirectory != "" {
			script.Dir = fill(s.WorkingDirectory)
		}
		script.Env = append(plainEnvironment(), "GITHUB_ACTIONS=true", "GITHUB_STEP_SUMMARY="+summary)
		for name, value := range s.Env {
			script.Env = append(script.Env, name+"="+fill(value))
		}
		if out, err := script.CombinedOutput(); err != nil {
			t.Fatalf("step %q: %v\n%s", s.Name, err, out)
		}
	}
	text, err := os.ReadFile(summary)
	if err != nil || !strings.Contains(string(text), "2 scenarios: 2 passed, 0 failed") {
		t.Errorf("the summary of the workflow says %q, %v", text, err)
	}
	for _, file := range []string{"junit.xml", "small/result.json", "spaced/result.json"} {
		if _, err := os.Stat(filepath.Join(folder, fill("${{ inputs.out }}"), file)); err != nil {
			t.Error(err)
		}
	}
}
