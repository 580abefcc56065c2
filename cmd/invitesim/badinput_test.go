package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// small is a scenario that runs in no time.
const small = `scenario: small
purpose: A scenario that runs in no time.
duration: 2w
members:
  people:
    count: 200
    send: {rate: 2/week, to: {people: 100%}}
    respond: {delay: exponential(mean 1d), accept: 50%}
thresholds:
  - commands.send.outcomes.sent.share > 50%
`

func bomb() string {
	var b strings.Builder
	b.WriteString("a: &a [x, x, x, x, x, x, x, x, x]\n")
	for c := 'b'; c <= 'i'; c++ {
		b.WriteString(string(c) + ": &" + string(c) + " [")
		b.WriteString(strings.Repeat("*"+string(c-1)+", ", 8) + "*" + string(c-1) + "]\n")
	}
	return small + b.String()
}

// TestBadInput gives the program files that nobody can use: each is refused with code 104, with file, line and column,
// what was found and what was expected; nothing is written.
func TestBadInput(t *testing.T) {
	for _, c := range []struct {
		name    string
		verb    string
		content string
		wants   []string // regular expressions, each on stderr
	}{
		{"unknown key", "run", strings.Replace(small, "purpose", "porpose", 1), []string{`^input:2:1: .*porpose`, `did you mean "purpose"`}},
		{"wrong unit", "run", strings.Replace(small, "2w", "2x", 1), []string{`^input:3:11: .*2x`}},
		{"number without unit", "run", strings.Replace(small, "2w", "14", 1), []string{`^input:3:11: .*14`}},
		{"share over 100 %", "run", strings.Replace(small, "50%}", "150%}", 1), []string{`^input:8:\d+: .*150`}},
		{"shares over 100 % together", "run", strings.Replace(small, "accept: 50%", "accept: 60%, ignore: 60%", 1), []string{`^input:8:\d+: `}},
		{"negative count", "run", strings.Replace(small, "200", "-5", 1), []string{`^input:6:12: .*-5`}},
		{"nobody of that name", "run", strings.Replace(small, "{people: 100%}", "{peeple: 100%}", 1), []string{`^input:7:\d+: .*peeple`, `did you mean "people"`}},
		{"no members", "run", "scenario: x\nduration: 1w\n", []string{`^input:1:1: .*members`}},
		{"more members than numbers", "run", strings.Replace(small, "200", "5_000_000_000", 1), []string{`^input:6:12: .*5_000_000_000`}},
		{"threshold on nothing", "run", strings.Replace(small, "outcomes.sent", "outcomes.snt", 1), []string{`^input:10:\d+: .*snt`, `did you mean "sent"`}},
		{"several at once", "run", strings.NewReplacer("2w", "2x", "200", "-5").Replace(small), []string{`^input:3:11: `, `^input:6:12: `}},
		{"not of this version", "run", small + "sweep: {replicas: 6}\n", []string{`^input:11:1: .*sweep`}},
		{"loop of no kind", "run", small + "load: {loop: opn}\n", []string{`^input:11:14: .*opn`, `did you mean "open"`}},
		{"YAML bomb", "run", bomb(), []string{`^input:\d+:\d+: `}},
		{"no YAML", "run", "scenario: [\n", []string{`^input:\d+:\d+: `}},
		{"empty", "run", "", []string{`^input:1:1: `}},
		{"empty", "validate", "", []string{`^input:1:1: `}},
		{"not text", "run", "\x00\x01\x02\xff", []string{`^input:1:1: `}},
		{"not text", "validate", small + "# caf\xe9\n", []string{`^input:11:6: `}},
		{"control character", "run", small + "# \x07\n", []string{`^input:11:3: `}},
		{"not text", "check", "\x00\x01\x02\xff", []string{`^input:1:1: `}},
		{"unknown verb", "check", "0s sned 1 2\n", []string{`^input:1:4: .*sned`, `did you mean send`}},
		{"out of order", "check", "2d send 1 2\n1d send 1 3\n", []string{`^input:2:1: `}},
		{"out of order", "replay", "2d send 1 2\n1d send 1 3\n", []string{`^input:2:1: `}},
		{"bare number", "replay", "5 send 1 2\n", []string{`^input:1:1: .*5`}},
		{"member beyond 2^32", "replay", "0s send 1 4294967297\n", []string{`^input:1:11: .*4294967297`}},
		{"unknown setting", "replay", "policy default pending_cap.cuont=3\n0s send 1 2\n", []string{`^input:1:16: .*cuont`}},
		{"unknown outcome", "check", "0s send 1 2 -> snet\n", []string{`^input:1:16: .*snet`}},
	} {
		t.Run(c.verb+" "+c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("input", []byte(c.content), 0o644); err != nil {
				t.Fatal(err)
			}
			code, stdout, stderr := invoke(c.verb, "input")
			wantUnusable(t, code, stdout, stderr)
			for _, want := range c.wants {
				if !regexp.MustCompile("(?m)" + want).MatchString(stderr) {
					t.Errorf("stderr:\n%swant a match of %s", stderr, want)
				}
			}
		})
	}
}

// wantUnusable wants a call that could not use its input, printed nothing and wrote nothing.
func wantUnusable(t *testing.T, code int, stdout, stderr string) {
	t.Helper()
	if code != exitUnusable {
		t.Errorf("exit code %d, want %d; stderr:\n%s", code, exitUnusable, stderr)
	}
	if stdout != "" {
		t.Errorf("stdout %q, want nothing", stdout)
	}
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "invitesim ") {
		t.Errorf("last line %q, want one that repeats the call", last)
	}
	files, err := filepath.Glob("*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file != "input" {
			t.Errorf("%s was written", file)
		}
	}
}

// TestNoInput names what is no file at all.
func TestNoInput(t *testing.T) {
	for _, c := range []struct {
		args  []string
		wants string
	}{
		{[]string{"run", "steady-wek"}, `did you mean "steady-week"`},
		{[]string{"run", "there/is/no.yaml"}, "there is no file"},
		{[]string{"run", "."}, "directory"},
		{[]string{"validate", "."}, "directory"},
		{[]string{"check", "."}, "found a directory; expected a trace"},
		{[]string{"check", "no.trace"}, "no.trace: there is no such file; expected a trace"},
		{[]string{"replay", "."}, "found a directory; expected a trace"},
		{[]string{"run", "steady-week", "--policy", "weekly-qouta"}, `did you mean "weekly-quota"`},
		{[]string{"run", "steady-week", "--policy", "./no.yaml"}, "there is no file"},
		{[]string{"run", "steady-week", "--set", "membres.x.count=1"}, "membres"},
		{[]string{"policy", "show", "weekly-qouta"}, `did you mean "weekly-quota"`},
		{[]string{"scenario", "show", "steady-wek"}, "did you mean steady-week?"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Chdir(t.TempDir())
			code, stdout, stderr := invoke(c.args...)
			wantUnusable(t, code, stdout, stderr)
			if !strings.Contains(stderr, c.wants) {
				t.Errorf("stderr:\n%swant %q in it", stderr, c.wants)
			}
		})
	}
}

// endless repeats a letter.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte("a"), len(p)))
	e.read += int64(len(p))
	return len(p), nil
}

// TestLineOfAGigabyte: input that does not end is refused after a part of it.
func TestLineOfAGigabyte(t *testing.T) {
	for _, name := range []string{"run", "validate", "check", "replay"} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			input := &endless{}
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), []string{"invitesim", name, "-"}, io.LimitReader(input, 1<<30), &stdout, &stderr, nil)
			wantUnusable(t, code, stdout.String(), stderr.String())
			if input.read > 64<<20 {
				t.Errorf("%d bytes were read", input.read)
			}
		})
	}
}
