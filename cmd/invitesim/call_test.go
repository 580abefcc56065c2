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
		{[]string{"run", "steady-week", "-seed", "7"}, "run has no flag -seed: did you mean --seed?"},
		{[]string{"run", "steady-week", "--seed", "many"}, "--seed many: expected a whole number from 0 to 2^64-1\n"},
		{[]string{"run", "steady-week", "--seed=-1"}, "--seed -1: expected a whole number from 0 to 2^64-1\n"},
		{[]string{"run", "steady-week", "--seed="}, "--seed '': expected a whole number from 0 to 2^64-1\n"},
		{[]string{"run", "steady-week", "--seed", "18446744073709551616"}, "--seed 18446744073709551616: expected a whole number from 0 to 2^64-1\n"},
		{[]string{"run", "steady-week", "--seed", "0x10"}, "--seed 0x10: expected a whole number from 0 to 2^64-1\n"},
		{[]string{"run", "steady-week", "--workers", "0x4"}, "--workers 0x4: expected a whole number, such as 4\n"},
		{[]string{"run", "steady-week", "--workers", "4294967296"}, "--workers 4294967296: expected at most 2147483647\n"},
		{[]string{"compare", "--replicas", "few"}, "--replicas few: expected a whole number, such as 4\n"},
		{[]string{"run", "steady-week", "--check=maybe"}, "--check maybe: expected true or false\n"},
		{[]string{"check", "--budget", "soon"}, `--budget soon: "soon" is not a duration`},
		{[]string{"run", "steady-week", "--clock", "wall", "--rate", "0/s"}, "--rate 0/s: expected commands a second"},
		{[]string{"run", "steady-week", "--format", "jsn"}, "did you mean json?"},
		{[]string{"run", "steady-week", "--charts", "gif"}, "expected none, or some of svg, png, pdf"},
		{[]string{"run", "steady-week", "--replicas", "0"}, "--replicas 0: expected at least 1"},
		{[]string{"run", "steady-week", "--replicas", "100001"}, "--replicas 100001: expected at most 100000"},
		{[]string{"compare", "--policy=a", "--policy=b", "x", "--replicas", "100001"}, "--replicas 100001: expected at most 100000"},
		{[]string{"run", "steady-week", "--workers", "0"}, "--workers 0: expected at least 1"},
		{[]string{"run", "steady-week", "--speed", "604800x"}, "--speed is for the wall clock: expected --clock wall"},
		{[]string{"run", "steady-week", "--rate=200_000/s", "--for=30s"}, "--for is for the wall clock: expected --clock wall"},
		{[]string{"run", "steady-week", "--out"}, "--out has no value: expected `--out DIRECTORY`"},
		{[]string{"run", "steady-week", "--set"}, "--set has no value: expected `--set PATH=VALUE`"},
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
	for variable, want := range map[string]string{
		"INVITESIM_SEED": `INVITESIM_SEED="x": expected a whole number from 0 to 2^64-1`, "INVITESIM_QUIET": `INVITESIM_QUIET="x": expected true or false`,
	} {
		if code, _, stderr := invokeWith(map[string]string{variable: "x"}, "", "run", "steady-week"); code != exitUsage || !strings.Contains(stderr, want+"\n") {
			t.Errorf("code %d, stderr %q, want %q in it", code, stderr, want)
		}
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

// TestNumbersAreDecimal: what begins with 0 is no octal number, on the command line as in the environment.
func TestNumbersAreDecimal(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		args []string
		want string
	}{
		{nil, []string{"--seed", "010"}, " --seed=10"},
		{map[string]string{"INVITESIM_SEED": "0009"}, nil, " --seed=9"},
		{nil, []string{"--seed=95_000"}, " --seed=95000"},
		{nil, []string{"--replicas=010"}, " --replicas=10"},
		{nil, []string{"--workers=08"}, " --workers=8"},
	} {
		code, _, stderr := invokeWith(c.env, "", append([]string{"run", "no-such-scenario"}, c.args...)...)
		if last := "invitesim run no-such-scenario" + c.want + "\n"; code != exitUnusable || !strings.HasSuffix(stderr, last) {
			t.Errorf("%v: code %d, stderr %q, want the last line %q", c, code, stderr, last)
		}
	}
}

// TestLastLine: the line that repeats a failure does not need the environment, and gives flags as they were given where they could not be
// taken.
func TestLastLine(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		args []string
		want string
	}{
		{
			map[string]string{"INVITESIM_SET": "seed=x\nduration=two weeks\n"},
			[]string{"validate", "steady-week"},
			"invitesim validate steady-week --set=seed=x '--set=duration=two weeks'",
		},
		{
			map[string]string{"INVITESIM_SEED": "x", "INVITESIM_QUIET": "so so"},
			[]string{"validate", "--", "-file"},
			"invitesim validate --seed=x '--quiet=so so' -- -file",
		},
		{nil, []string{"validate", "--set", "seed=2", "--", "steady-week", "-file"}, "invitesim validate --set=seed=2 -- steady-week -file"},
		{nil, []string{"test", "--seed", "3", "--", "-file"}, "invitesim test --seed=3 -- -file"},
		{nil, []string{"validate", "-", "--seed", "3"}, "invitesim validate - --seed=3"},
		{nil, []string{"run", "steady-week", "--target", "http://x"}, "invitesim run steady-week --target http://x"},
		{map[string]string{"INVITESIM_TARGET": "http://x"}, []string{"run", "steady-week"}, "invitesim run --target=http://x steady-week"},
	} {
		code, _, stderr := invokeWith(c.env, "", c.args...)
		if code != exitUsage && code != exitUnusable {
			t.Errorf("%v: exit code %d, want %d or %d", c.args, code, exitUsage, exitUnusable)
		}
		if !strings.HasSuffix(stderr, "\n"+c.want+"\n") {
			t.Errorf("stderr:\n%swant at its end %q", stderr, c.want)
		}
	}
}

// TestVariablesOfNoFlag: a misspelt variable does not go unnoticed, and one of another verb's flag is none.
func TestVariablesOfNoFlag(t *testing.T) {
	env := map[string]string{"INVITESIM_SEDE": "7", "INVITESIM_IMAGE": "x", "INVITESIM_BUDGET": "1m", "INVITESIM_TARGET": "", "OTHER": "x"}
	code, _, stderr := invokeWith(env, "", "validate", "steady-week", "--quiet")
	want := "warning: environment variable INVITESIM_IMAGE has no effect: no verb has such a flag\n" +
		"warning: environment variable INVITESIM_SEDE has no effect: no verb has such a flag, did you mean INVITESIM_SEED?\n"
	if code != exitWell || stderr != want {
		t.Errorf("code %d, stderr:\n%swant\n%s", code, stderr, want)
	}
}

// fullDisk is a stream that takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestStdoutOnFullDisk: what could not be printed is a failure, not a success.
func TestStdoutOnFullDisk(t *testing.T) {
	var stderr strings.Builder
	code := run(t.Context(), []string{"invitesim", "version"}, strings.NewReader(""), fullDisk{}, &stderr, nil)
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
