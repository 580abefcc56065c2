package chart_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"invitesim/reports/chart"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t *testing.T, c chart.Chart, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// measured is a run by the wall clock with objectives.
func measured() *sim.Result {
	result := sample.Measured()
	result.Thresholds = append(result.Thresholds,
		sim.Verdict{That: "latency.send.p99 < 100us", Verdict: "pass"}, sim.Verdict{That: "latency.accept.p99 <= 100us", Verdict: "pass"},
		sim.Verdict{That: "latency.send.p999 < 5ms with 95%", Verdict: "fail"}, sim.Verdict{That: "latency.send.count > 5", Verdict: "pass"})
	return result
}

// The golden files are pictures: look at them after an update.
func TestGolden(t *testing.T) {
	for prefix, result := range map[string]*sim.Result{
		"half-year":   sample.Result(sample.HalfYear()),
		"steady-week": sample.Result(sample.SteadyWeek()),
		"measured":    measured(),
	} {
		only := map[string][]string{
			"steady-week": {"outcomes", "rate-limit"}, "measured": {"latency", "latency-time", "load", "latency-outcome"},
		}[prefix]
		for _, c := range chart.All(result) {
			if c.Why != "" || only != nil && !slices.Contains(only, c.Name) {
				continue
			}
			path := filepath.Join("testdata", prefix+"-"+c.Name+".svg")
			got := render(t, c, "svg")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs from its golden file (run with -update and look at it)", path)
			}
		}
	}
}

func TestSameBytesInEveryFormat(t *testing.T) {
	for _, format := range chart.Formats() {
		first := chart.All(sample.Result(sample.HalfYear()))
		second := chart.All(sample.Result(sample.HalfYear()))
		for _, i := range []int{0, 2} {
			if a, b := render(t, first[i], format), render(t, second[i], format); !bytes.Equal(a, b) {
				t.Errorf("%s differs from one time to the next as %s", first[i].Name, format)
			}
		}
	}
}

func TestSVGSpeaks(t *testing.T) {
	result := measured()
	result.Scenario.Name = "a <b> & \x01 \ue000 \"c\""
	for _, c := range chart.All(result) {
		if c.Why != "" {
			continue
		}
		text := string(render(t, c, "svg"))
		decoder := xml.NewDecoder(strings.NewReader(text))
		var elements []string
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s is no XML: %v", c.Name, err)
			}
			if start, ok := token.(xml.StartElement); ok {
				elements = append(elements, start.Name.Local)
			}
		}
		if len(elements) < 3 || elements[1] != "title" || elements[2] != "desc" {
			t.Errorf("%s does not begin with a title and a description", c.Name)
		}
		for _, want := range []string{
			`width="960"`, ">" + c.Title + "</title>", ">a &lt;b&gt; &amp;  ", "seed 7", "</text>",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing", c.Name, want)
			}
		}
		if all, wide := strings.Count(text, "<text "), strings.Count(text, ` lengthAdjust="spacingAndGlyphs" textLength="`); all != wide {
			t.Errorf("%s: %d of %d texts say how wide they are", c.Name, wide, all)
		}
		if !strings.HasSuffix(c.Sentence, ".") {
			t.Errorf("%s: %q is no sentence", c.Name, c.Sentence)
		}
	}
}

func TestWhatIsNotDrawnSaysWhy(t *testing.T) {
	quiet := sample.SteadyWeek()
	quiet.Quiet = true
	unlimited := sample.Result(quiet)
	unlimited.Policy.Settings = map[string]string{"weekly_limit.mode": "none", "pending_cap.mode": "none"}
	oneStep := sample.Result(sample.HalfYear())
	oneStep.Series.Rows = oneStep.Series.Rows[100:101]
	const virtual = "the run was in virtual time and has no deployment: nothing was measured"
	few := &sim.Result{Clock: "wall", LatencySource: "measured", Latency: map[string]*sim.LatencyFigures{"send": {Count: 3}}, Load: &sim.LoadFigures{}}
	for _, test := range []struct {
		name   string
		result *sim.Result
		want   map[string]string
	}{
		{"wall clock", measured(), map[string]string{"latency": "drawn", "latency-time": "drawn", "load": "drawn", "latency-outcome": "drawn"}},
		{"wall clock, nothing in it", &sim.Result{Clock: "wall"}, map[string]string{"latency": "no command was measured", "load": "no command was measured"}},
		{"wall clock, three commands", few, map[string]string{
			"latency": "too few commands were measured to tell a percentile", "latency-time": "fewer than two steps have enough commands to tell a percentile",
			"load": "the run was too short for two steps", "latency-outcome": "fewer than two outcomes are frequent enough to compare",
		}},
		{"everything", sample.Result(sample.HalfYear()), map[string]string{
			"outcomes": "drawn", "rate-limit": "drawn", "outstanding": "drawn", "at-cap": "drawn", "quota": "drawn", "fates": "drawn",
			"answers": "drawn", "populations": "drawn",
			"latency": virtual, "latency-time": virtual, "load": virtual, "latency-outcome": virtual,
		}},
		{"nothing", &sim.Result{}, map[string]string{
			"outcomes": "nobody tried to send", "rate-limit": "no send hit the weekly limit",
			"outstanding": "nobody had an outstanding invitation at the end of a step", "at-cap": "nobody was at the pending cap at the end of a step",
			"quota": "nobody used any of the weekly limit", "fates": "no invitation was sent after the warm-up",
			"answers": "nobody answered an invitation after the warm-up", "populations": "the result has no figures by population",
		}},
		{"a quiet week without limits", unlimited, map[string]string{
			"rate-limit": "the policy has no weekly limit", "at-cap": "the policy has no pending cap", "quota": "the policy has no weekly limit",
			"fates": "all invitations were sent in a single week", "outcomes": "drawn",
		}},
		{"one step", oneStep, map[string]string{
			"outcomes": "the series has a single step", "rate-limit": "the series has a single step", "outstanding": "the series has a single step",
		}},
	} {
		got := chart.Assess(test.result)
		if len(got) != 12 {
			t.Errorf("%s: %d charts are assessed, want 12", test.name, len(got))
		}
		for name, want := range test.want {
			if got[name] != want {
				t.Errorf("%s: %s is %q, want %q", test.name, name, got[name], want)
			}
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	none := chart.All(&sim.Result{})[0]
	if err := none.Render(io.Discard, "svg"); err == nil || !strings.Contains(err.Error(), "nobody tried to send") {
		t.Errorf("a chart without data: %v", err)
	}
	some := chart.All(sample.Result(sample.HalfYear()))[0]
	if err := some.Render(io.Discard, "gif"); err == nil || !strings.Contains(err.Error(), `"gif" is unknown (expected svg, png or pdf)`) {
		t.Errorf("an unknown format: %v", err)
	}
}
