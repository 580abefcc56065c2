package reports_test

import (
	"errors"
	"strings"
	"testing"

	"invitesim/reports"
	"invitesim/reports/internal/golden"
	"invitesim/reports/internal/sample"
	"invitesim/scenarios"
	"invitesim/sim"
)

// replicated is a result with everything that a summary can show.
func replicated() *sim.Result {
	result := sample.Result(sample.HalfYear())
	result.Replicas = 6
	result.Policy.Settings["resend.cooldown"], result.Policy.Settings["expiry"] = "0s", "180d"
	result.Replicates = map[string]sim.Replicate{
		"commands.send.outcomes.rate_limited.share": {Mean: 0.061, Low: 0.058, High: 0.064, N: 6},
		"pending.p99":    {Mean: 284.5, Low: 280, High: 289, N: 6},
		"turns.planned":  {Mean: 1e6, Low: 1e6, High: 1e6, N: 6},
		"quota.used_p50": {N: 6},
	}
	result.Warnings = []string{"only 3 resolved | <few>"}
	result.Predictions = []sim.Prediction{{Name: "pending.mean", Predicted: 22, Measured: 22.4, Low: 21.1, High: 23.7, Agrees: true}}
	return result
}

// violated is a result of the wall clock that the oracle disagrees with: a warning that is folded, and a trace that must not be.
func violated() *sim.Result {
	quiet := sample.SteadyWeek()
	quiet.Quiet = true
	result := sample.Result(quiet)
	result.Clock, result.Interrupted, result.Thresholds = "wall", true, nil
	const told = `1d7h33m39s send 12 19: the system answered "cooldown until=22d5h26m9s", the oracle "sent"`
	result.Warnings = []string{told, sim.OracleEnded(5*86400, 7*86400)}
	result.Checks = &sim.Checks{
		Invariants:      sim.InvariantChecks{Evaluated: 1430},
		Linearizability: &sim.LinearizabilityChecks{Commands: 13_430, Queries: 120, UntilS: 7 * 86400},
		Oracle:          sim.OracleChecks{Commands: 9000, Queries: 60, Divergences: 11, UntilS: 5 * 86400},
		ShortestTrace: "# " + told + `
policy default weekly_limit.count=40 weekly_limit.window=sliding pending_cap.count=25 expiry=30d
members 30
1d4h26m8s   send 19 12     -> sent
1d5h26m9s   withdraw 19 12 -> withdrawn
1d7h33m39s  send 12 19     -> cooldown until=22d5h26m9s
`,
	}
	return result
}

func TestSummaries(t *testing.T) {
	quiet := sample.SteadyWeek()
	quiet.Quiet = true
	for name, result := range map[string]*sim.Result{"half-year": replicated(), "quiet-week": sample.Result(quiet), "measured": sample.Measured(), "nothing": {}, "violated": violated()} {
		golden.Same(t, *update, name+".md", reports.Markdown(result, []string{"svg"}))
		var b strings.Builder
		if err := reports.Text(&b, result, 80, false); err != nil {
			t.Fatal(err)
		}
		golden.Same(t, *update, name+".txt", b.String())
		for line := range strings.Lines(b.String()) {
			if strings.Contains(line, "\x1b") {
				t.Errorf("%s: colour without having asked for it: %q", name, line)
			}
		}
	}
}

// A cap that is no number has members at it all the same.
func TestWhoIsAtACapByRatio(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	result.Pending.Cap, result.Pending.MembersAtCapEnd = nil, 9
	if text := reports.Markdown(result, nil); !strings.Contains(text, "most 300; 9 members at the cap at the end |") {
		t.Errorf("nobody is at the cap in\n%s", text)
	}
	result.Pending.MembersAtCapEnd = 0
	if text := reports.Markdown(result, nil); !strings.Contains(text, "most 300 |") {
		t.Errorf("there is more about a cap than that there is none in\n%s", text)
	}
}

func TestTextInColour(t *testing.T) {
	var b strings.Builder
	if err := reports.Text(&b, replicated(), 80, true); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[31;1mFailed: 2 of 4 thresholds, 1 warning\x1b[0m", "\x1b[32;1mpass\x1b[0m", "\x1b[33mfail (warning)\x1b[0m"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// Green would say that something passed.
func TestNothingJudgedHasNoColour(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	result.Thresholds = nil
	var b strings.Builder
	if err := reports.Text(&b, result, 80, true); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(b.String(), "\n\nNo thresholds to judge\n") {
		t.Errorf("found %q", b.String())
	}
}

// A name in a scenario is text from outside: it must not reach the terminal or the page as anything else.
func TestNamesAreOnlyText(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	result.Scenario.Name = "x\x1b[2J`<script>|"
	result.Policy.Name = "it's"
	var b strings.Builder
	if err := reports.Text(&b, result, 80, false); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\x1b") {
		t.Error("an escape sequence reaches the terminal")
	}
	if text := reports.Markdown(result, nil); strings.Contains(strings.Split(text, "## Again")[0], "<script>") {
		t.Error("an element reaches the page")
	}
}

// TestReproduce: the command of the reports runs the same, or there is none; and a changed scenario is not shown under the shipped one's name.
func TestReproduce(t *testing.T) {
	seed, expiry := uint64(7), []string{"policy.expiry=90d"}
	for _, test := range []struct {
		options scenarios.Options
		change  func(*sim.Result)
		want    string
		title   string
	}{
		{want: "invitesim run bot-flood --policy default --seed 1"},
		{options: scenarios.Options{Policy: "clean-slate", Seed: &seed}, want: "invitesim run bot-flood --policy clean-slate --seed 7"},
		{options: scenarios.Options{Set: expiry}, want: "invitesim run bot-flood --policy default --set policy.expiry=90d --seed 1"},
		{
			options: scenarios.Options{Set: expiry}, change: func(r *sim.Result) { r.Policy.Name, r.Replicas = "ours", 3 },
			want: "invitesim run bot-flood --policy default --set policy.expiry=90d --seed 1 --replicas 3",
		},
		{
			change: func(r *sim.Result) { r.Clock, r.Speed = "wall", 6.048e5 },
			want:   "invitesim run bot-flood --policy default --seed 1 --clock wall --speed 604800x",
		},
		{
			change: func(r *sim.Result) { r.Clock, r.Workers, r.ForS, r.Polite = "wall", 3, 90.1, true },
			want:   "invitesim run bot-flood --policy default --seed 1 --clock wall --workers 3 --for 1m30.1s --polite",
		},
		{change: func(r *sim.Result) { r.Checks = new(sim.Checks) }, want: "invitesim run bot-flood --policy default --seed 1 --check"},
		{options: scenarios.Options{Set: []string{"duration=8d"}}, title: "bot-flood, changed"},
		{change: func(r *sim.Result) { r.Scenario.Digest = "" }},
		{change: func(r *sim.Result) { r.Policy.Settings["expiry"] = "soon" }, title: "bot-flood, changed"},
		{change: func(r *sim.Result) { r.Scenario.Name = "mine" }, title: "mine"},
	} {
		plan, _, mistakes := scenarios.Load(scenarios.Source{Name: "bot-flood"}, test.options)
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		result := sim.NewResult(plan, "virtual")
		if test.change != nil {
			test.change(result)
		}
		if got := reports.Reproduce(result); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
		if test.title == "" {
			test.title = "bot-flood"
		}
		summary := reports.Markdown(result, nil)
		if title := "# " + test.title + ": "; !strings.HasPrefix(summary, title) {
			t.Errorf("the summary begins %q, want %q", summary[:40], title)
		}
		if test.want == "" && !strings.Contains(summary, "`command_line` in manifest.json") {
			t.Errorf("the summary does not say where the command is:\n%s", summary)
		}
	}
}

// A trace from outside must not leave its block, nor reach the terminal or the page as anything else.
func TestTheShortestTraceIsOnlyText(t *testing.T) {
	result := violated()
	result.Checks.ShortestTrace = "0s send 1 2 # ```\n<script>\x1b[2J\n"
	var b strings.Builder
	if err := reports.Text(&b, result, 80, false); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\x1b") || !strings.Contains(b.String(), "\n0s send 1 2 # ```\n<script>") {
		t.Errorf("the terminal gets %q", b.String())
	}
	if text := reports.Markdown(result, nil); !strings.Contains(text, "\n```text\n0s send 1 2 # \u02cb\u02cb\u02cb\n<script>") {
		t.Errorf("the summary is %q", text)
	}
}

func TestHeadlineOfAViolation(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	result.Checks.Oracle.Divergences = 1
	result.Thresholds = nil
	if text := reports.Markdown(result, nil); !strings.Contains(text, "The model was violated: 0 violations of an invariant, 1 divergence of the oracle") {
		t.Error(text)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("pipe closed") }

func TestTextSaysWhenItCannotWrite(t *testing.T) {
	if err := reports.Text(broken{}, &sim.Result{}, 80, false); err == nil {
		t.Error("a failed write was kept quiet")
	}
}

func TestFiguresNameTheAnswersInVain(t *testing.T) {
	result := sample.Result(sample.SteadyWeek())
	result.Commands["accept"] = &sim.CommandFigures{Count: 50, Outcomes: map[string]*sim.OutcomeShare{
		"connected": {Count: 40, Share: 0.8}, "accepted": {Count: 4, Share: 0.08}, "full": {Count: 1, Share: 0.02}, "not_available": {Count: 5, Share: 0.1},
	}}
	got := reports.Markdown(result, nil)
	if want := "| in vain: accept | not available 5 · 10.0 %, full 1 · 2.0 %; of 50 in all |"; !strings.Contains(strings.ReplaceAll(got, "\u00a0", " "), want) {
		t.Errorf("no %q in\n%s", want, got)
	}
	if strings.Contains(got, "in vain: withdraw") {
		t.Error("withdraws that all were carried out are listed as in vain")
	}
}

// A threshold over a part of the run, by an interval, or at which the run stopped says so.
func TestWhatVerdictsTell(t *testing.T) {
	value, low, high := 0.021, 0.018, 0.024
	result := sample.Result(sample.SteadyWeek())
	result.Thresholds = []sim.Verdict{
		{That: "limits.cooldown.member_share < 2% over 2w..4w", Observed: &value, Verdict: sim.VerdictFail, Aborted: true},
		{That: "limits.restricted.member_share < 3% with 95%", Observed: &value, Low: &low, High: &high, Verdict: sim.VerdictPass},
		{That: "limits.restricted.longest < 3d with 95% over 1w..2w", Verdict: sim.VerdictNoData},
	}
	got := strings.ReplaceAll(reports.Markdown(result, nil), "&lt;", "<")
	for _, want := range []string{
		`| fail, run stopped | limits.cooldown.member\_share < 2% over 2w..4w | 2.1 % |`,
		`| pass | limits.restricted.member\_share < 3% with 95% | 2.1 % (95 %: 1.8 % to 2.4 %) |`,
		`| no data | limits.restricted.longest < 3d with 95% over 1w..2w | no interval: it takes replicas |`,
		"Failed: 2 of 3 thresholds; stopped early, so the figures cover a part of the run",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// Each change of policy is told by what it changes from and to, given those before it.
// Few commands tell no percentile of how late they start, and a summary says none.
func TestSummaryOfFewCommands(t *testing.T) {
	few := &sim.Result{
		Clock: "wall", Latency: map[string]*sim.LatencyFigures{"send": {Count: 9, MaxNS: 70}},
		Load: &sim.LoadFigures{Loop: "open", OfferedPerS: 9, AchievedPerS: 9},
	}
	text := reports.Markdown(few, nil)
	if !strings.Contains(text, "0 more than 1 ms late (0 %); 0 dropped.") {
		t.Error(text)
	}
}

func TestSummariesListChangesOfPolicy(t *testing.T) {
	result := sample.Result(sample.HalfYear())
	result.Policies = []sim.PolicyChange{
		{AtS: 6 * 7 * 86400, Settings: map[string]string{"weekly_limit.count": "50"}},
		{AtS: 12 * 7 * 86400, Settings: map[string]string{"weekly_limit.window": "sliding", "weekly_limit.count": "80"}},
	}
	got := reports.Markdown(result, nil)
	for _, want := range []string{
		`| after 6 weeks | weekly\_limit.count 100 → 50 |`,
		`| after 12 weeks | weekly\_limit.count 50 → 80, weekly\_limit.window sliding |`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
