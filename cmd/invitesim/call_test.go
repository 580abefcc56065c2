package main

import (
	"errors"
	"strings"
	"testing"
)

// TestCalledWrongly: whatever is wrong with a call, it ends with code 2, says what was expected, prints nothing on
// stdout, and its last line repeats the call.
func TestCalledWrongly(t *testing.T) {
	for _, c := range []struct {
		args  []string
		wants string // on stderr
	}{
		{nil, "a verb is missing"},
		{[]string{"rum"}, `unknown verb "rum": did you mean run?`},
		{[]string{"frobnicate"}, `unknown verb "frobnicate": available are run, `},
		{[]string{"sweep", "x.yaml"}, `verb "sweep" is not in this version`},
		{[]string{"serve"}, `verb "serve" is not in this version`},
		{[]string{"--quiet", "run"}, "flag --quiet stands before the verb"},
		{[]string{"run"}, "SCENARIO is missing"},
		{[]string{"run", "a.yaml", "b.yaml"}, `argument "b.yaml" is one too many`},
		{[]string{"run", "steady-week", "--sed", "7"}, "run has no flag --sed: did you mean --seed?"},
		{[]string{"run", "steady-week", "--frobnicate"}, "run has no flag --frobnicate"},
		{[]string{"run", "steady-week", "--seed", "many"}, "--seed"},
		{[]string{"run", "steady-week", "--clock", "wall", "--rate", "0/s"}, "--rate 0/s: expected commands a second"},
		{[]string{"run", "steady-week", "--format", "jsn"}, "did you mean json?"},
		{[]string{"run", "steady-week", "--charts", "gif"}, "expected none, or some of svg, png, pdf"},
		{[]string{"run", "steady-week", "--replicas", "0"}, "--replicas 0: expected at least 1"},
		{[]string{"run", "steady-week", "--workers", "0"}, "--workers 0: expected at least 1"},
		{[]string{"run", "steady-week", "--speed", "604800x"}, "--speed is for the wall clock: expected --clock wall"},
		{[]string{"run", "steady-week", "--rate=200_000/s", "--for=30s"}, "--for is for the wall clock: expected --clock wall"},
		{[]string{"policy"}, "expected `policy list|show NAME|diff A B`"},
		{[]string{"policy", "shw"}, "did you mean show?"},
		{[]string{"policy", "show"}, "expected `policy show NAME`"},
		{[]string{"policy", "diff", "default"}, "expected `policy diff A B`"},
		{[]string{"scenario", "shw"}, "did you mean show?"},
		{[]string{"completion", "tcsh"}, "expected bash, zsh, fish"},
		{[]string{"help", "valdate"}, "did you mean validate?"},
		{[]string{"version", "please"}, "one too many"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			code, stdout, stderr := invoke(c.args...)
			if code != exitUsage {
				t.Errorf("exit code %d, want %d", code, exitUsage)
			}
			if stdout != "" {
				t.Errorf("stdout: %q, want nothing", stdout)
			}
			if !strings.Contains(stderr, c.wants) {
				t.Errorf("stderr:\n%swant %q in it", stderr, c.wants)
			}
			lines := strings.Split(strings.TrimSpace(stderr), "\n")
			last := lines[len(lines)-1]
			if !strings.HasPrefix(last, "invitesim") || len(c.args) > 0 && !strings.Contains(last, c.args[0]) {
				t.Errorf("last line %q, want one that repeats the call", last)
			}
		})
	}
}

func TestEnvironmentSetsFlags(t *testing.T) {
	wrong := map[string]string{"INVITESIM_FORMAT": "xml"}
	code, _, stderr := invokeWith(wrong, "", "run", "steady-week")
	if code != exitUsage || !strings.Contains(stderr, `INVITESIM_FORMAT="xml"`) {
		t.Errorf("code %d, stderr %q: want a mistake about INVITESIM_FORMAT", code, stderr)
	}
	code, _, stderr = invokeWith(wrong, "", "validate", "steady-week")
	if code != exitWell {
		t.Errorf("code %d, stderr %q: validate has no --format", code, stderr)
	}
	quiet := map[string]string{"INVITESIM_QUIET": "true"}
	if _, stdout, _ := invokeWith(quiet, "", "validate", "steady-week"); stdout != "" {
		t.Errorf("stdout %q: INVITESIM_QUIET has no effect", stdout)
	}
	if _, stdout, _ := invokeWith(quiet, "", "validate", "steady-week", "--quiet=false"); stdout == "" {
		t.Error("the environment wins over the flag")
	}
}

// TestEnvironmentInTheLastLine: the line that repeats a failure does not need the environment.
func TestEnvironmentInTheLastLine(t *testing.T) {
	env := map[string]string{"INVITESIM_SET": "seed=x\nduration=two weeks\n"}
	code, _, stderr := invokeWith(env, "", "validate", "steady-week")
	if code != exitUnusable {
		t.Errorf("exit code %d, want %d", code, exitUnusable)
	}
	want := "invitesim validate steady-week --set=seed=x '--set=duration=two weeks'\n"
	if !strings.HasSuffix(stderr, want) {
		t.Errorf("stderr:\n%swant at its end %q", stderr, want)
	}
}

func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"steady-week":  "steady-week",
		"":             "''",
		"two words":    "'two words'",
		"it's":         `'it'\''s'`,
		"--set=a.b=1%": "--set=a.b=1%",
		"$HOME":        "'$HOME'",
		"<file":        "'<file'",
		"(a|b)":        "'(a|b)'",
		"w\nx":         "'w\nx'",
	} {
		if got := quote(word); got != want {
			t.Errorf("quote(%q) = %s, want %s", word, got, want)
		}
	}
}

// fullDisk is a stream that takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestStdoutOnFullDisk: what could not be printed is a failure, not a success.
func TestStdoutOnFullDisk(t *testing.T) {
	var stderr strings.Builder
	none := func(string) (string, bool) { return "", false }
	code := run(t.Context(), []string{"invitesim", "version"}, strings.NewReader(""), fullDisk{}, &stderr, none)
	if code != exitError || !strings.Contains(stderr.String(), "no space left on device") {
		t.Errorf("code %d, stderr %q", code, stderr.String())
	}
}

// TestHelp keeps the help of the program and of each verb as they are.
func TestHelp(t *testing.T) {
	code, stdout, stderr := invoke("--help")
	if code != exitWell || stderr != "" {
		t.Errorf("code %d, stderr %q", code, stderr)
	}
	golden(t, "help.txt", stdout)
	for _, name := range verbNames() {
		code, stdout, stderr := invoke(name, "-h")
		if code != exitWell || stderr != "" {
			t.Errorf("%s -h: code %d, stderr %q", name, code, stderr)
		}
		golden(t, "help-"+name+".txt", stdout)
		if _, again, _ := invoke("help", name); again != stdout {
			t.Errorf("`help %s` and `%s -h` differ", name, name)
		}
	}
}

func TestHelpNamesNoVerbOfLaterVersions(t *testing.T) {
	_, stdout, _ := invoke("help")
	for _, name := range laterVerbs() {
		if strings.Contains(stdout, "\n  "+name+" ") {
			t.Errorf("help lists %s", name)
		}
	}
}
