package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestCandidates(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  []string // all of them
	}{
		{[]string{"val"}, []string{"validate"}},
		{[]string{"policy", "d"}, []string{"diff"}},
		{[]string{"policy", "show", "weekly"}, []string{"weekly-quota"}},
		{[]string{"run", "--fo"}, []string{"--for", "--force", "--format"}},
		{[]string{"run", "--format", ""}, []string{"text", "json", "markdown"}},
		{[]string{"run", "--format", "j"}, []string{"json"}},
		{[]string{"run", "--format=j"}, []string{"--format=json"}},
		{[]string{"run", "--format", "=", "j"}, []string{"json"}},
		{[]string{"run", "--format", "="}, []string{"text", "json", "markdown"}},
		{[]string{"run", "steady-w"}, []string{"steady-week"}},
		{[]string{"run", "--targ"}, nil}, // not in this version
		{[]string{"completion", "z"}, []string{"zsh"}},
		{[]string{"sweep", "x"}, nil},
		{[]string{"check", "x"}, nil}, // files: the shell knows them
	} {
		if got := candidates(c.words); !slices.Equal(got, c.want) {
			t.Errorf("candidates(%q) = %q, want %q", c.words, got, c.want)
		}
	}
	if got := candidates(nil); !slices.Equal(got, verbNames()) {
		t.Errorf("candidates of nothing: %q, want all verbs", got)
	}
}

// TestBashCompletes lets bash itself complete a command line.
func TestBashCompletes(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed: install bash")
	}
	const script = `source <(invitesim completion bash)
COMP_WORDS=(invitesim policy show trust)
COMP_CWORD=3
_invitesim
printf '%s\n' "${COMPREPLY[@]}"
`
	out, err := exec.Command(bash, "-c", script).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "trust-scored" {
		t.Errorf("%v, got %q, want trust-scored", err, out)
	}
}
