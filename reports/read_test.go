package reports_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"invitesim/reports"
	"invitesim/reports/chart"
	"invitesim/reports/comparison"
	"invitesim/reports/internal/sample"
	"invitesim/reports/page"
	"invitesim/sim"
)

// jsonTree is JSON in which a test changes something.
type jsonTree struct {
	t    testing.TB
	root any
}

// grown reads a result as JSON.
func grown(t testing.TB, result *sim.Result) *jsonTree {
	t.Helper()
	text, err := reports.Encode(result)
	if err != nil {
		t.Fatal(err)
	}
	j := &jsonTree{t: t}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&j.root); err != nil {
		t.Fatal(err)
	}
	return j
}

// absent as a value takes away what is at a place.
type absent struct{}

// put puts a value in place of what is at a place, whose keys and indices have slashes between them.
func (j *jsonTree) put(place string, value any) {
	j.root = j.changed(j.root, strings.Split(place, "/"), value)
}

func (j *jsonTree) changed(at any, way []string, value any) any {
	if len(way) == 0 {
		return value
	}
	switch at := at.(type) {
	case map[string]any:
		inner := j.changed(at[way[0]], way[1:], value)
		if inner == (absent{}) {
			delete(at, way[0])
			return at
		}
		at[way[0]] = inner
		return at
	case []any:
		i, err := strconv.Atoi(way[0])
		if err != nil {
			j.t.Fatalf("%q is no index", way[0])
		}
		if inner := j.changed(at[i], way[1:], value); inner != (absent{}) {
			at[i] = inner
			return at
		}
		return slices.Delete(at, i, i+1)
	}
	j.t.Fatalf("nothing is below %T at %q", at, way[0])
	return nil
}

// places are the ways to everything in the tree: of a list, to its first and its last value.
func (j *jsonTree) places() []string {
	var all []string
	var walk func(at any, way string)
	walk = func(at any, way string) {
		if way != "" {
			all = append(all, strings.TrimPrefix(way, "/"))
		}
		switch at := at.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(at)) {
				walk(at[key], way+"/"+key)
			}
		case []any:
			for i := range at {
				if i == 0 || i == len(at)-1 {
					walk(at[i], way+"/"+strconv.Itoa(i))
				}
			}
		}
	}
	walk(j.root, "")
	return all
}

func (j *jsonTree) text() []byte {
	text, err := json.Marshal(j.root)
	if err != nil {
		j.t.Fatal(err)
	}
	return text
}

// read puts a text in the place of a result and reads it.
func read(t testing.TB, text []byte) (*sim.Result, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "result.json"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	return reports.Read(dir)
}

// What is told of a broken result says where in the file it is broken, what is there and what should be.
func TestReadSaysWhereAResultIsBroken(t *testing.T) {
	for _, test := range []struct {
		place string
		value any
		want  string
	}{
		{"commands/send", nil, "commands.send: found null, expected an object"},
		{"commands/send/outcomes/sent", nil, "commands.send.outcomes.sent: found null, expected an object"},
		{"members_by/casual", nil, "members_by.casual: found null, expected an object"},
		{"members_by/casual/commands/send/outcomes/sent/count", nil, "members_by.casual.commands.send.outcomes.sent.count: found null, expected a whole number"},
		{"thresholds/0", nil, "thresholds[0]: found null, expected an object"},
		{"series/rows/3", nil, "series.rows[3]: found null, expected a list"},
		{"series/rows/3/2", nil, "series.rows[3][2]: found null, expected a number"},
		{"series/rows/3/2", "NaN", `series.rows[3][2]: found "NaN", expected a number`},
		{"series/rows/3/2", -4, "series.rows[3][2]: found -4, expected a number from 0 on"},
		{"series/rows/3/2", absent{}, "series.rows[3]: found 17 values, expected 18, one for each column"},
		{"series/rows/3/0", 0, "series.rows[3][0]: found 0, expected more than in the row before"},
		{"series/columns/0", "time", "series.columns: found \"time, send.sent"},
		{"series/columns/2", "send.sent", `series.columns[2]: found "send.sent" once more, expected each column once`},
		{"series/step_s", 0, "series.step_s: found 0, expected at least 1"},
		{"series", absent{}, "series: found nothing, expected an object"},
		{"commands", absent{}, "commands: found nothing, expected an object"},
		{"invitations/accepted", absent{}, "invitations.accepted: found nothing, expected a number"},
		{"invitations/accepted", -1, "invitations.accepted: found -1, expected a whole number from 0 to 18446744073709551615"},
		{"invitations/accepted", 1.5, "invitations.accepted: found 1.5, expected a whole number"},
		{"invitations", []any{}, "invitations: found a list, expected an object"},
		{"members", 5_000_000_000, "members: found 5000000000, expected a whole number from 0 to 4294967295"},
		{"duration_s", -1, "duration_s: found -1, expected a whole number from 0 to 9223372036854775807"},
		{"duration_s", json.Number("9000000000000000000"), "duration_s: found 9000000000000000000, expected at most"},
		{"warmup_s", 99_999_999, "warmup_s: found 99999999, expected at most the duration, 15724800"},
		{"distributions/at_cap.casual", nil, `distributions["at_cap.casual"]: found null, expected an object`},
		{"distributions/at_cap.casual/y/0", json.Number("1e300"), `distributions["at_cap.casual"].y[0]: found 1e300, expected a number`},
		{"distributions/at_cap.casual/y/0", absent{}, `distributions["at_cap.casual"]: found 728 x and 727 y, expected as many`},
		{"clock", "sun", `clock: found "sun", expected virtual or wall`},
		{"clock", nil, "clock: found null, expected a text in quotes"},
		{"start", "Monday", `start: found "Monday", expected an instant such as 2026-01-05T00:00:00Z`},
		{"replicas", 0, "replicas: found 0, expected at least 1"},
		{"thresholds/0/that", "", `thresholds[0].that: found "", expected a figure, an operator and a limit`},
		{"thresholds/0/verdict", "fine", `thresholds[0].verdict: found "fine", expected pass or fail or no_data`},
		{"limits/rate_limited/member_share", 1.5, "limits.rate_limited.member_share: found 1.5, expected a share, from 0 to 1"},
		{"interrupted", "yes", `interrupted: found "yes", expected true or false`},
		{"replicates", map[string]any{"pending.p99": map[string]any{"mean": 2, "low": 3, "high": 4, "n": 1}}, `replicates["pending.p99"]: found mean 2, low 3, high 4, expected`},
		{"each_replica", map[string]any{"pending.p99": []any{2}}, `each_replica["pending.p99"]: found 1 values, expected 3, one for each replica`},
		{"SERIES", nil, "SERIES: found null, expected an object"},
	} {
		half := sample.Result(sample.HalfYear())
		half.Replicas = 3
		j := grown(t, half)
		j.put(test.place, test.value)
		_, err := read(t, j.text())
		var broken *reports.BrokenError
		if !errors.As(err, &broken) || !strings.Contains(err.Error(), "result.json: "+test.want) {
			t.Errorf("%s = %v: found %v, want %q", test.place, test.value, err, test.want)
		}
	}
}

func TestReadTellsHalfAFile(t *testing.T) {
	text, err := reports.Encode(sample.Result(sample.SteadyWeek()))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		string(text[:len(text)/2]): "it ends in the middle, expected the rest of a result",
		"{\n\"schema\": NaN}":      "line 2: invalid character 'N' looking for beginning of value, expected JSON",
		"[1]":                      `found "[1]", expected an object`,
	} {
		if _, err := read(t, []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("found %v, want %q", err, want)
		}
	}
}

// Of many mistakes all are counted and some are told; keys that nobody knows are none.
func TestReadTellsAllMistakes(t *testing.T) {
	j := grown(t, sample.Result(sample.SteadyWeek()))
	j.put("later", map[string]any{"a": []any{nil, map[string]any{}}})
	if _, err := read(t, j.text()); err != nil {
		t.Errorf("a key of a later version: %v", err)
	}
	for i := range 8 {
		j.put("series/rows/"+strconv.Itoa(i), nil)
	}
	j.put("warmup_s", absent{})
	_, err := read(t, j.text())
	if err == nil || strings.Count(err.Error(), "expected a list") != 5 || !strings.Contains(err.Error(), "result.json: and 4 more") {
		t.Errorf("nine mistakes: %v", err)
	}
}

// A name in JSON may be written with escapes: it is the same name.
func TestReadSeesThroughEscapes(t *testing.T) {
	text, err := reports.Encode(sample.Result(sample.SteadyWeek()))
	if err != nil {
		t.Fatal(err)
	}
	hidden := bytes.Replace(text, []byte(`"commands": {`), []byte(`"c\u006fmmands": {"accept": null,`), 1)
	if _, err := read(t, hidden); err == nil || !strings.Contains(err.Error(), "commands.accept: found null") {
		t.Errorf("found %v", err)
	}
}

// samples are results of every kind, short enough to be drawn many times.
func samples() []*sim.Result {
	short := sample.HalfYear()
	short.Weeks, short.WarmupWeeks, short.StepS, short.Populations = 5, 1, 86_400, short.Populations[:2]
	measured := sample.Measured()
	measured.Series.Rows = measured.Series.Rows[:30]
	several := sample.Result(short)
	several.Replicas, several.Replicates = 3, map[string]sim.Replicate{"pending.p99": {Mean: 2, Low: 1, High: 3, N: 3}}
	several.EachReplica = map[string][]float64{"pending.p99": {1, 2, 3}}
	several.Policies = []sim.PolicyChange{{AtS: 700_000, Settings: map[string]string{"weekly_limit.count": "50"}}}
	several.Predictions = []sim.Prediction{{Name: "pending.mean", Predicted: 22, Measured: 22.4, Low: 21.1, High: 23.7}}
	return []*sim.Result{several, measured}
}

// values are what somebody may put into a file.
func values() []any {
	return []any{
		nil, absent{}, "NaN", "", true, -1, 0, 1, 0.5, 1e18, json.Number("18446744073709551615"), json.Number("1e-300"), map[string]any{}, []any{}, []any{1, 2, 3},
	}
}

// useAll makes every report of a text that can be read as a result, beside others.
func useAll(t testing.TB, text []byte, others []*sim.Result) {
	result, err := read(t, text)
	if err != nil {
		return
	}
	for _, c := range chart.All(result) {
		if c.Why != "" {
			continue
		}
		if err := c.Render(io.Discard, "svg"); err != nil {
			t.Errorf("chart %s of a result that can be read: %v", c.Name, err)
		}
	}
	if _, err := page.Make(result, page.Summary{}, page.Options{}); err != nil {
		t.Errorf("report.html of a result that can be read: %v", err)
	}
	reports.Markdown(result, nil)
	if _, err := reports.Encode(result); err != nil {
		t.Errorf("a result that can be read cannot be written: %v", err)
	}
	for _, c := range chart.Overlay([]chart.Policy{{Name: "a", Result: result}, {Name: "b", Result: others[0]}}) {
		if c.Why == "" {
			_ = c.Render(io.Discard, "svg")
		}
	}
	for _, other := range others {
		runs := [][]comparison.Run{{{Directory: "a", Result: result}}, {{Directory: "b", Result: other}}}
		for i := range runs {
			if c, err := comparison.Compare(runs[i], runs[1-i], nil); err == nil {
				c.Text(80, false)
				chart.Compare(c)
			}
		}
	}
}

// FuzzResult puts something into one or two places of a result: it is refused, or all reports can be made of it.
func FuzzResult(f *testing.F) {
	f.Add(uint16(0), uint16(0), uint8(0), uint16(1), uint8(1))
	f.Add(uint16(1), uint16(200), uint8(9), uint16(300), uint8(5))
	all := samples()
	places := [][]string{grown(f, all[0]).places(), grown(f, all[1]).places()}
	f.Fuzz(func(t *testing.T, which, place uint16, value uint8, other uint16, second uint8) {
		i := int(which) % len(all)
		j := grown(t, all[i])
		j.put(places[i][int(place)%len(places[i])], values()[int(value)%len(values())])
		if at := places[i][int(other)%len(places[i])]; slices.Contains(j.places(), at) {
			j.put(at, values()[int(second)%len(values())])
		}
		useAll(t, j.text(), all)
	})
}
