package baseline_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/reports/baseline"
	"invitesim/reports/internal/golden"
	"invitesim/sim"
)

var update = flag.Bool("update", false, "write the golden files")

// small is a result with something of each sort in it.
func small() *sim.Result {
	limit := uint32(300)
	figures := func(refused uint64) sim.Figures {
		return sim.Figures{
			Turns: sim.Turns{Planned: 1000},
			Commands: map[string]*sim.CommandFigures{"send": {Count: 1000, Outcomes: map[string]*sim.OutcomeShare{
				"sent": {Count: 1000 - refused, Share: float64(1000-refused) / 1000}, "rate_limited": {Count: refused, Share: float64(refused) / 1000},
			}}},
			Invitations: sim.Invitations{Sent: 1000 - refused, OutstandingEnd: 77},
			Limits:      map[string]*sim.LimitFigures{"rate_limited": {Hits: refused, Members: 3, MemberShare: 0.3, LongestS: 86400}},
			Pending:     &sim.PendingFigures{Mean: 1.0 / 3, P99: 12, Max: 14, Cap: &limit},
			Response:    map[string]*sim.ResponseFigures{"accept": {Count: 5, P50S: 3600}},
		}
	}
	recruiter := figures(21)
	recruiter.Members = 10
	return &sim.Result{
		Schema: sim.ResultSchema, Scenario: sim.ScenarioName{Name: "small", Digest: "5ca1e"},
		Policy: sim.PolicyName{Name: "default", Settings: map[string]string{"weekly_limit.count": "100", "restrict.on": `[{"reports":5}]`}},
		Seed:   math.MaxUint64, Clock: "virtual", Start: "2026-01-05T00:00:00Z", DurationS: 1209600, WarmupS: 3600, Members: 10,
		Figures: figures(25), MembersBy: map[string]*sim.Figures{"recruiter": &recruiter},
		Windows:    map[string]*sim.Window{"1w..2w": {Figures: figures(4)}},
		Latency:    map[string]*sim.LatencyFigures{"send": {Count: 3, MeanNS: 12}},
		Checks:     &sim.Checks{Oracle: sim.OracleChecks{Commands: 12}},
		Replicates: map[string]sim.Replicate{"pending.p99": {Mean: 12.5, Low: 11, High: 14, N: 4}, "members_by.recruiter.pending.p99": {Mean: 1, N: 4}},
		Digest:     "d16e57",
	}
}

const text = "scenario: small\nmembers:\n  recruiter:\n    count: 10 # \"ten\"\n"

func accepted() *baseline.Baseline {
	return baseline.New(small(), text, baseline.Checkpoints{Every: 3600, Digests: []string{"00000001", "00000002"}})
}

// The file is read back to what it was written from, is JSON, and has one figure a line.
func TestFile(t *testing.T) {
	b := accepted()
	file := b.Encode()
	golden.Same(t, *update, "small.baseline.json", file)
	if !json.Valid(file) {
		t.Error("the file is no JSON")
	}
	back, err := baseline.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, back); diff != "" {
		t.Error(diff)
	}
	if again := accepted().Encode(); !bytes.Equal(again, file) {
		t.Error("the same result makes another file")
	}
	if back, err = baseline.Decode(bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n"))); err != nil || back.Digest != b.Digest {
		t.Errorf("with the line ends of another system: %v", err)
	}
}

func TestWhatIsGuarded(t *testing.T) {
	figures := accepted().Figures
	for path, want := range map[string]float64{
		"commands.send.count": 1000, "commands.send.outcomes.rate_limited.count": 25, "members_by.recruiter.commands.send.outcomes.sent.count": 979,
		"windows.1w..2w.commands.send.outcomes.rate_limited.count": 4, "pending.mean": 1.0 / 3, "response.accept.p50": 3600,
	} {
		if figures[path] != want {
			t.Errorf("%s is %v, expected %v", path, figures[path], want)
		}
	}
	for path := range figures {
		for _, unwanted := range []string{"latency", "checks", "members_count", "seed", "duration", ".share", ".hits", "turns.skipped"} {
			if strings.Contains(path, unwanted) && !strings.Contains(path, "member_share") && !strings.Contains(path, "exhausted_share") {
				t.Errorf("%s is kept", path)
			}
		}
	}
}

// What follows from other figures is made again as it was measured.
func TestValuesHaveWhatFollows(t *testing.T) {
	result := small()
	values := accepted().Values()
	sim.EachFigure(result, func(path string, value float64) {
		if strings.HasSuffix(path, ".share") || strings.HasSuffix(path, ".hits") {
			if got := values[path]; got != value {
				t.Errorf("%s is %v, expected %v", path, got, value)
			}
		}
	})
	if got := values["windows.1w..2w.limits.rate_limited.hits"]; got != 4 {
		t.Errorf("hits in the window are %v", got)
	}
}

func TestUnusableFiles(t *testing.T) {
	file := string(accepted().Encode())
	for name, c := range map[string]struct{ text, want string }{
		"half":       {file[:len(file)/2], "ends in the middle, in line "},
		"no end":     {file[:len(file)-3], "ends in the middle, in line "},
		"empty":      {" \n", "is empty"},
		"no json":    {"scenario: x\n", "is no JSON from line 1 on"},
		"a list":     {"[1]", "cannot be used|found a list in place of the baseline, expected an object"},
		"version":    {strings.Replace(file, "baseline/v1", "baseline/v9", 1), `found schema "invitesim.baseline/v9", expected "invitesim.baseline/v1"`},
		"result":     {`{"schema": "invitesim.result/v1"}`, `found schema "invitesim.result/v1"`},
		"figure":     {strings.Replace(file, ": 979", ": 980", 1), "was changed by hand"},
		"text":       {strings.Replace(file, "count: 10 ", "count: 11 ", 1), "was changed by hand"},
		"checksum":   {strings.Replace(file, `"checksum": "`, `"checksum": "0`, 1), "was changed by hand"},
		"a space":    {strings.Replace(file, `"seed": `, `"seed":  `, 1), "was changed by hand"},
		"without":    {strings.Replace(file, `"checksum"`, `"check"`, 1), "found no checksum"},
		"wrong sort": {strings.Replace(file, `"members": 10`, `"members": "ten"`, 1), `expected a number`},
	} {
		_, err := baseline.Decode([]byte(c.text))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		found := false
		for want := range strings.SplitSeq(c.want, "|") {
			found = found || strings.Contains(err.Error(), want)
		}
		if !found {
			t.Errorf("%s: %v, expected %q", name, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(accepted().Encode())
	f.Add([]byte("{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := baseline.Decode(text)
		if err == nil && b == nil {
			t.Error("neither a baseline nor an error")
		}
	})
}

func TestApart(t *testing.T) {
	plan := &sim.Plan{
		Seed: math.MaxUint64, Start: model.DefaultStart, Duration: 2 * model.Week, Warmup: model.Hour,
		Populations: []sim.Population{{Count: 4}, {Count: 6}},
	}
	if apart := accepted().Apart(plan); len(apart) > 0 {
		t.Errorf("the same is apart: %q", apart)
	}
	other := *plan
	other.Seed, other.Duration, other.Warmup, other.Populations = 1, model.Week, 0, other.Populations[:1]
	want := []string{"seed 18446744073709551615, now 1", "duration 14d, now 7d", "warm-up 1h, now 0s", "members 10, now 4"}
	if diff := cmp.Diff(want, accepted().Apart(&other)); diff != "" {
		t.Error(diff)
	}
	other = *plan
	other.Start += 86400
	if apart := accepted().Apart(&other); len(apart) != 1 || !strings.HasPrefix(apart[0], "start 2026-01-05T00:00:00Z, now ") {
		t.Errorf("found %q", apart)
	}
}

func TestCheckpoints(t *testing.T) {
	for duration, want := range map[model.Seconds]model.Seconds{
		1: 1, 200: 1, 201: 2, 8 * model.Week: 7 * model.Hour, model.Week: 51 * model.Minute, 520 * model.Week: 19 * model.Day,
	} {
		c := baseline.NewCheckpoints(duration)
		if c.Every != want || duration/c.Every > 200 {
			t.Errorf("of %s every %s, expected every %s", duration, c.Every, want)
		}
	}
	c := baseline.Checkpoints{Every: model.Hour}
	c.Take("0123456789abcdef")
	c.Take("x")
	if c.Digests[0] != "01234567" || c.Digests[1] != "x" {
		t.Errorf("took %q", c.Digests)
	}
	for _, one := range []struct {
		then, now   []string
		from, until model.Instant
	}{
		{[]string{"a", "b", "c"}, []string{"a", "b", "d"}, 7200, 10800},
		{[]string{"a"}, []string{"b"}, 0, 3600},
		{[]string{"a", "b"}, []string{"a"}, 3600, 7200},
		{[]string{"a", "b", "c"}, []string{"a", "b", "c"}, 10800, 12000},
	} {
		then, now := baseline.Checkpoints{Every: model.Hour, Digests: one.then}, baseline.Checkpoints{Every: model.Hour, Digests: one.now}
		if from, until := then.Parting(&now, 12000); from != one.from || until != one.until {
			t.Errorf("%q and %q part between %s and %s", one.then, one.now, from, until)
		}
	}
}

func TestAcceptedPolicy(t *testing.T) {
	b := accepted()
	b.Settings["weekly_limit.count"] = "42"
	policy, err := b.AcceptedPolicy()
	if err != nil || policy.WeeklyLimit.Count != 42 || policy.Name != "default" {
		t.Errorf("found %d, %v", policy.WeeklyLimit.Count, err)
	}
	b.Settings["weekly_limit.colour"] = "red"
	if _, err := b.AcceptedPolicy(); err == nil || !strings.Contains(err.Error(), "weekly_limit.colour") {
		t.Errorf("a setting that there is not: %v", err)
	}
}
