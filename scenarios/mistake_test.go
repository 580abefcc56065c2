package scenarios_test

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"invitesim/scenarios"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const separator = "-- mistakes --\n"

// files is what the scenarios of the tests may name.
func files() scenarios.Source {
	return scenarios.Source{Files: os.DirFS("testdata/files")}
}

// Each file of testdata/mistakes is a scenario, after lines `#! set PATH=VALUE` and `#! policy NAME`, then the mistakes that are reported.
func TestMistakes(t *testing.T) {
	cases, err := filepath.Glob("testdata/mistakes/*.txt")
	if err != nil || len(cases) == 0 {
		t.Fatalf("found no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			input, golden, _ := strings.Cut(string(content), separator)
			from := files()
			from.Name, from.Text = "scenario.yaml", strings.NewReader(input)
			plan, document, mistakes := scenarios.Load(from, optionsOf(input))
			if len(mistakes) == 0 || plan != nil || document != nil {
				t.Fatalf("found %d mistakes, plan %v", len(mistakes), plan)
			}
			found := mistakes.Format()
			if *update {
				if err := os.WriteFile(name, []byte(input+separator+found), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if found != golden {
				t.Errorf("found\n%s\nexpected\n%s", found, golden)
			}
		})
	}
}

func optionsOf(input string) scenarios.Options {
	var options scenarios.Options
	for line := range strings.Lines(input) {
		if setting, ok := strings.CutPrefix(line, "#! set "); ok {
			options.Set = append(options.Set, strings.TrimSuffix(setting, "\n"))
		}
		if policy, ok := strings.CutPrefix(line, "#! policy "); ok {
			options.Policy = strings.TrimSpace(policy)
		}
	}
	return options
}

// mistakesOf returns the mistakes of a scenario, one a line.
func mistakesOf(content io.Reader) string {
	_, _, mistakes := scenarios.Load(scenarios.Source{Name: "test.yaml", Text: content}, scenarios.Options{})
	return mistakes.Error()
}

func TestFilesThatAreNone(t *testing.T) {
	for _, test := range []struct{ name, expected string }{
		{"data", `data: "data" is a directory; expected a scenario file, or the name of a shipped one`},
		{"none.yaml", `none.yaml: there is no file "none.yaml"; expected a scenario file, or the name of a shipped one`},
		{"strict", `strict: there is no file "strict"; expected a scenario file, or the name of a shipped one; did you mean "strict.yaml"?`},
		{"steady-weak", `steady-weak: there is no file "steady-weak"; expected a scenario file, or the name of a shipped one; did you mean "steady-week"?`},
	} {
		from := files()
		from.Name = test.name
		_, _, mistakes := scenarios.Load(from, scenarios.Options{})
		if mistakes.Error() != test.expected {
			t.Errorf("found    %s\nexpected %s", mistakes, test.expected)
		}
	}
}

// endless is a line without end.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.read += len(p)
	return len(p), nil
}

func TestALineWithoutEndIsGivenUpEarly(t *testing.T) {
	line := &endless{}
	if found, expected := mistakesOf(line), "test.yaml:1:1: the input is longer than 256 KiB; expected a scenario"; found != expected {
		t.Errorf("found    %s\nexpected %s", found, expected)
	}
	if line.read > 1<<20 {
		t.Errorf("read %d bytes of it", line.read)
	}
	long := "purpose: " + strings.Repeat("a", 20_000)
	if found, expected := mistakesOf(strings.NewReader(long)), "test.yaml:1:1: found a line of 20009 bytes; expected at most 16384"; found != expected {
		t.Errorf("found    %s\nexpected %s", found, expected)
	}
}

// A bomb of aliases is refused before it goes off: nothing is expanded, so memory stays in proportion to the file.
func TestABombOfAliases(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for _, name := range strings.Fields("1 2 3 4 5 6 7 8 9") {
		last := string(name[0] - 1)
		b.WriteString("a" + name + ": &a" + name + " [" + strings.Repeat("*a"+last+", ", 9) + "x]\n")
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	found := mistakesOf(strings.NewReader(b.String()))
	runtime.ReadMemStats(&after)
	if !strings.Contains(found, "test.yaml:2:10: found an alias, which `*` begins; expected the value itself") {
		t.Errorf("found %s", found)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("allocated %d bytes", used)
	}
}

func TestDeepNesting(t *testing.T) {
	found := mistakesOf(strings.NewReader(strings.Repeat("[", 10_000)))
	if expected := "test.yaml:1:41: found maps or lists nested too deeply; expected at most 40 levels"; found != expected {
		t.Errorf("found    %s\nexpected %s", found, expected)
	}
}

func TestMistakesBeyondAHundredAreLeftOut(t *testing.T) {
	var b strings.Builder
	for i := range 300 {
		b.WriteString("k" + strings.Repeat("x", i) + ": 1\n")
	}
	_, _, mistakes := scenarios.Load(scenarios.Source{Name: "test.yaml", Text: strings.NewReader(b.String())}, scenarios.Options{})
	if len(mistakes) != 100 {
		t.Errorf("found %d mistakes, expected 100", len(mistakes))
	}
}
