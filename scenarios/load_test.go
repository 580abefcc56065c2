package scenarios_test

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/scenarios"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// languageExample has every key of the language.
const languageExample = `
scenario: recruiters-at-the-cap
purpose: Do recruiters who never tidy up hit the pending cap, and when?
seed: 7
start: 2026-01-05
duration: 26w
warmup: 4w
series: {step: 12h}
policy: {extends: default, pending_cap: {count: 300}}
members:
  casual:
    count: 95_000
    zone: -5h
    start_with:
      connections: lognormal(median 150, sigma 1.2)
      account_age: uniform(0d, 3650d)
      inbound: {anyone: 97%, email: 2%, nobody: 1%}
    send:
      rate: 2/week
      spread: gamma(mean 1, shape 0.5)
      pattern: workdays
      to: {casual: 90%, recruiter: 10%}
      choose: zipf(0.8)
      note: 20%
      email: 5%
      kinds: {connect: 96%, page: 3%, event: 1%}
      when_refused: retry(1d, 5)
    respond:
      delay: lognormal(median 20h, sigma 1.6)
      accept: 45%
      ignore: 25%
      report: 0.5%
      block: 0.1%
      from: {recruiter: {accept: 30%, ignore: 40%, report: 2%}}
      again: 0.8
      reconsider: {share: 20%, after: exponential(mean 5d)}
      report_again: {share: 15%, after: 1d}
    withdraw:
      mistakes: {share: 2%, after: exponential(mean 3m)}
      tidy: {every: 30d, older_than: 10d, at_most: 25, gap: 40s}
    resend: {share: 10%, after: "uniform(3d, 30d)"}
    remove: {share: 1%, after: exponential(mean 90d)}
    unblock: {share: 30%, after: exponential(mean 30d), again: {share: 40%, after: constant(2d)}}
    leave: {share: 2%, after: exponential(mean 1y), back: {share: 20%, after: exponential(mean 60d)}}
    look: {received: 5/week, sent: 1/week}
  recruiter:
    count: 5_000
    send:
      sittings: {every: 7d, at: 9h, size: 120, gap: 20s}
      to: {casual: 100%}
    withdraw: {tidy: {when_capped: true, at_most: 50}}
events:
  - {at: 12w, change_policy: {weekly_limit: {count: 50}}}
  - {at: 8w, for: 6h, factor: 10, of: send.rate, members: casual}
  - {at: 13w, change_policy: {expiry: never}}
  - {at: 14w, change_policy: unlimited}
load: {loop: open, speed: 1.5e3x, workers: 4, faults: [{at: 20s, for: 1s, stall: gc}, {at: 10s, for: 250ms, stall: worker}, {at: 10s, for: 2s, stall: shard}]}
thresholds:
  - commands.send.outcomes.rate_limited.share < 5%
  - limits.pending_capped.longest <= 3w
  - {that: pending.p99 <= 1_250, severity: warn, no_data: pass}
  - checks.invariants.violations == 0
  - members_by.recruiter.quota.exhausted_share != 0.5
  - limits.rate_limited.member_share < 10% with 95%
  - {that: pending.mean < 20, over: 5w..9w12h, abort: true}
`

// made returns a distribution that must be one.
func made(d *chance.Distribution, err error) *chance.Distribution {
	if err != nil {
		panic(err)
	}
	return d
}

func TestEveryFieldOfTheLanguageArrives(t *testing.T) {
	plan, _ := load(t, languageExample, scenarios.Options{})
	day := float64(model.Day)
	casual := sim.Population{
		Name: "casual", Count: 95_000, First: 1, Zone: -5 * model.Hour,
		Start: sim.StartWith{
			Connections: made(chance.Lognormal(150, 1.2)),
			AccountAge:  made(chance.Uniform(0, 3650*day)),
			Inbound:     [3]float64{0.97, 0.02, 0.01},
		},
		Send: &sim.Sending{
			Rate:    2 / float64(model.Week),
			Spread:  made(chance.Gamma(1, 0.5)),
			To:      []sim.Target{{Population: 0, Share: 0.9}, {Population: 1, Share: 0.1}},
			Choose:  sim.Choice{Kind: sim.ChooseZipf, Exponent: 0.8},
			Pattern: plan.Populations[0].Send.Pattern, Note: 0.2, Email: 0.05,
			Kinds:       [3]float64{0.96, 0.03, 0.01},
			WhenRefused: sim.WhenRefused{Kind: sim.Retry, Delay: model.Day, Times: 5},
		},
		Respond: &sim.Responding{
			Delay:   made(chance.Lognormal(20*3600, 1.6)),
			Answers: sim.Answers{Accept: 0.45, Ignore: 0.25, Report: 0.005, Block: 0.001},
			From:    map[int]sim.Answers{1: {Accept: 0.3, Ignore: 0.4, Report: 0.02}},
			Again:   0.8,

			Reconsider:  &sim.AfterShare{Share: 0.2, After: made(chance.Exponential(5 * day))},
			ReportAgain: &sim.AfterShare{Share: 0.15, After: made(chance.Constant(day))},
		},
		Mistakes: &sim.Mistakes{Share: 0.02, After: made(chance.Exponential(180))},
		Tidy:     &sim.Tidying{Every: 30 * model.Day, OlderThan: 10 * model.Day, AtMost: 25, Gap: 40},
		Resend:   &sim.AfterShare{Share: 0.1, After: made(chance.Uniform(3*day, 30*day))},
		Remove:   &sim.AfterShare{Share: 0.01, After: made(chance.Exponential(90 * day))},
		Unblock: &sim.Unblocking{
			AfterShare: sim.AfterShare{Share: 0.3, After: made(chance.Exponential(30 * day))},
			Again:      &sim.AfterShare{Share: 0.4, After: made(chance.Constant(2 * day))},
		},
		Leave: &sim.Leaving{
			AfterShare: sim.AfterShare{Share: 0.02, After: made(chance.Exponential(365 * day))},
			Back:       &sim.AfterShare{Share: 0.2, After: made(chance.Exponential(60 * day))},
		},
		Look: sim.Looking{Received: 5 / float64(model.Week), Sent: 1 / float64(model.Week)},
	}
	recruiter := sim.Population{
		Name: "recruiter", Count: 5_000, First: 95_001, Start: sim.StartWith{Inbound: [3]float64{1}},
		Send: &sim.Sending{
			Sittings: &sim.Sittings{Every: model.Week, At: made(chance.Constant(9 * 3600)), Size: made(chance.Constant(120)), Gap: made(chance.Constant(20))},
			Pattern:  plan.Populations[1].Send.Pattern, To: []sim.Target{{Population: 0, Share: 1}}, Kinds: [3]float64{1},
		},
		Tidy: &sim.Tidying{WhenCapped: true, OlderThan: 14 * model.Day, AtMost: 50, Gap: 30},
	}
	before := model.Default()
	after := before
	after.WeeklyLimit.Count = 50
	endless := after
	endless.Expiry = model.Forever
	expected := &sim.Plan{
		Name: "recruiters-at-the-cap", Purpose: "Do recruiters who never tidy up hit the pending cap, and when?", Digest: plan.Digest, Seed: 7,
		Start: model.DefaultStart, Duration: 26 * model.Week, Warmup: 4 * model.Week, Step: 12 * model.Hour, Policy: before,
		Populations: []sim.Population{casual, recruiter},
		Events: []sim.Event{
			{At: 8 * model.Instant(model.Week), For: 6 * model.Hour, Factor: 10, Of: sim.RateSend, Where: []int{0}},
			{At: 12 * model.Instant(model.Week), Policy: &after},
			{At: 13 * model.Instant(model.Week), Policy: &endless},
			{At: 14 * model.Instant(model.Week), Policy: plan.Events[3].Policy},
		},
		Load: sim.Load{Loop: sim.Open, Speed: 1500, Workers: 4, Faults: []sim.Fault{
			{At: 10 * time.Second, For: 250 * time.Millisecond, Kind: sim.StallWorker},
			{At: 10 * time.Second, For: 2 * time.Second, Kind: sim.StallShard},
			{At: 20 * time.Second, For: time.Second, Kind: sim.Collect},
		}},
		Thresholds: []sim.Threshold{
			{That: "commands.send.outcomes.rate_limited.share < 5%", Path: "commands.send.outcomes.rate_limited.share", Operator: "<", Limit: 0.05, Severity: sim.SeverityFail},
			{That: "limits.pending_capped.longest <= 3w", Path: "limits.pending_capped.longest", Operator: "<=", Limit: 21 * day, Severity: sim.SeverityFail},
			{That: "pending.p99 <= 1_250", Path: "pending.p99", Operator: "<=", Limit: 1250, Severity: sim.SeverityWarn, NoData: true},
			{That: "checks.invariants.violations == 0", Path: "checks.invariants.violations", Operator: "==", Severity: sim.SeverityFail},
			{That: "members_by.recruiter.quota.exhausted_share != 0.5", Path: "members_by.recruiter.quota.exhausted_share", Operator: "!=", Limit: 0.5, Severity: sim.SeverityFail},
			{That: "limits.rate_limited.member_share < 10% with 95%", Path: "limits.rate_limited.member_share", Operator: "<", Limit: 0.1, Severity: sim.SeverityFail, Interval: true},
			{
				That: "pending.mean < 20", Path: "pending.mean", Operator: "<", Limit: 20, Severity: sim.SeverityFail, Abort: true,
				Over: &sim.Span{From: model.Instant(5 * model.Week), Until: model.Instant(9*model.Week + 12*model.Hour)},
			},
		},
	}
	if diff := cmp.Diff(expected, plan); diff != "" {
		t.Errorf("-expected +found\n%s", diff)
	}
	if plan.Events[3].Policy.Name != "unlimited" || len(plan.Digest) != 64 {
		t.Errorf("found the policy %q and the digest %q", plan.Events[3].Policy.Name, plan.Digest)
	}
}

func TestPatternsHaveMeanOne(t *testing.T) {
	weights := func(pattern string) sim.Pattern {
		plan, _ := load(t, strings.Replace(languageExample, "pattern: workdays", "pattern: "+pattern, 1), scenarios.Options{})
		return plan.Populations[0].Send.Pattern
	}
	const monday8, monday18, saturday9, sunday18, sunday23 = 8, 18, 5*24 + 9, 6*24 + 18, 6*24 + 23
	own := "{hours: [1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], days: [0, 0, 0, 0, 0, 1, 2]}"
	for _, test := range []struct {
		pattern     string
		busy, quiet int
		ratio       float64
	}{
		{"workdays", monday8, monday18, 10},
		{"workdays", monday8, saturday9, 10},
		{"evenings", sunday18, sunday23, 10},
		{"always", monday8, sunday23, 1},
		{own, 6*24 + 1, 5 * 24, 6},
	} {
		p := weights(test.pattern)
		sum := 0.0
		for _, weight := range p {
			sum += weight
		}
		if math.Abs(sum/168-1) > 1e-12 {
			t.Errorf("%s: found the mean %v", test.pattern, sum/168)
		}
		if ratio := p[test.busy] / p[test.quiet]; math.Abs(ratio-test.ratio) > 1e-9 {
			t.Errorf("%s: found %v between hours %d and %d, expected %v", test.pattern, ratio, test.busy, test.quiet, test.ratio)
		}
	}
}

const small = "scenario: small\nduration: 4w\nmembers: {casual: {count: 5, send: {rate: 1/day}}}\n"

func TestWhatIsLeftOutDoesNotHappen(t *testing.T) {
	plan, _ := load(t, small, scenarios.Options{})
	p := plan.Populations[0]
	if plan.Seed != 1 || plan.Start != model.DefaultStart || plan.Warmup != 0 || plan.Step != model.Hour || plan.Policy.Name != "default" {
		t.Errorf("found %+v", plan)
	}
	if p.Respond != nil || p.Mistakes != nil || p.Tidy != nil || p.Resend != nil || p.Remove != nil || p.Unblock != nil || p.Leave != nil || p.Look != (sim.Looking{}) {
		t.Errorf("found %+v", p)
	}
	expected := &sim.Sending{Rate: 1 / float64(model.Day), To: []sim.Target{{Population: 0, Share: 1}}, Kinds: [3]float64{1}, Pattern: p.Send.Pattern}
	if diff := cmp.Diff(expected, p.Send); diff != "" {
		t.Errorf("-expected +found\n%s", diff)
	}
}

func TestOptionsComeInOrder(t *testing.T) {
	seed := uint64(99)
	from := files()
	from.Name, from.Text = "test.yaml", strings.NewReader(small+"policy: {pending_cap: {count: 1}}\nthresholds: [pending.p99 < 5]\n")
	plan, _, mistakes := scenarios.Load(from, scenarios.Options{Policy: "strict.yaml", Seed: &seed, Set: []string{
		"policy.pending_cap.count=50", "members.casual.count=7", "members.casual.send.note=5%", "members.casual.send.spread=gamma(mean 1, shape 2)",
		"thresholds.0={that: pending.p99 < 6, severity: warn}", "members.casual.respond={delay: 1h, accept: 5%}", "warmup=1w", "warmup=",
	}})
	if len(mistakes) > 0 {
		t.Fatal(mistakes.Format())
	}
	p := plan.Policy
	if p.Name != "weekly-quota" || p.WeeklyLimit.Count != 60 || p.PendingCap.Count != 50 || p.PendingCap.RefuseAt != model.RefuseExceeded {
		t.Errorf("found the policy %+v", p)
	}
	casual := plan.Populations[0]
	if plan.Seed != 99 || casual.Count != 7 || casual.Send.Note != 0.05 || !casual.Send.Spread.Equal(made(chance.Gamma(1, 2))) {
		t.Errorf("found %+v", casual)
	}
	if plan.Thresholds[0].Severity != sim.SeverityWarn || casual.Respond == nil || plan.Warmup != 0 {
		t.Errorf("found %+v", plan)
	}
}

func TestSetExtendsAPolicyGivenByName(t *testing.T) {
	for _, options := range []scenarios.Options{
		{Set: []string{"policy.pending_cap.count=50"}},
		{Policy: "three-week-wait", Set: []string{"policy.pending_cap.count=50"}},
	} {
		plan, _ := load(t, small+"policy: three-week-wait\n", options)
		if plan.Policy.Name != "three-week-wait" || plan.Policy.PendingCap.Count != 50 || plan.Policy.Resend.Cooldown != 21*model.Day {
			t.Errorf("found %+v", plan.Policy)
		}
	}
}

func TestExtendsLaysMapOverMap(t *testing.T) {
	base, _, _ := scenarios.Load(scenarios.Source{Name: "steady-week"}, scenarios.Options{})
	plan, _ := load(t, `
extends: steady-week
scenario: busier
policy: {weekly_limit: {count: 50}}
members:
  casual: {count: 7_000, send: {rate: 3/week, note: null}}
  late: {count: 10}
thresholds: null
`, scenarios.Options{})
	casual, before := plan.Populations[1], base.Populations[1]
	if plan.Name != "busier" || plan.Duration != base.Duration || plan.Thresholds != nil || plan.Policy.WeeklyLimit.Count != 50 {
		t.Errorf("found %+v", plan)
	}
	if casual.Count != 7_000 || casual.Send.Rate != 3/float64(model.Week) || casual.Send.Note != 0 || before.Send.Note == 0 {
		t.Errorf("found %+v", casual)
	}
	if !casual.Send.Spread.Equal(before.Send.Spread) || casual.Respond.Accept != before.Respond.Accept {
		t.Errorf("found %+v, expected the rest of %+v", casual, before)
	}
	if last := plan.Populations[len(plan.Populations)-1]; last.Name != "late" || last.First != model.Member(plan.Members()-9) {
		t.Errorf("found %+v last", last)
	}
}

func TestDataFilesLieBesideTheScenario(t *testing.T) {
	read := func(weight string) *sim.Plan {
		dir := t.TempDir()
		files := os.DirFS(dir)
		write(t, dir+"/delays.csv", "value,weight\n# of five answers\n1h,2\n2h,"+weight+"\n")
		plan, _, mistakes := scenarios.Load(scenarios.Source{
			Name:  "test.yaml",
			Text:  strings.NewReader(strings.Replace(small, "{count: 5,", "{count: 5, respond: {delay: empirical(delays.csv), accept: 5%},", 1)),
			Files: files,
		}, scenarios.Options{})
		if len(mistakes) > 0 {
			t.Fatal(mistakes.Format())
		}
		return plan
	}
	plan := read("3")
	if delay := plan.Populations[0].Respond.Delay; !delay.Equal(made(chance.Empirical([]float64{3600, 7200}, []float64{2, 3}))) {
		t.Errorf("found %s", delay)
	}
	if plan.Digest == read("4").Digest {
		t.Error("the content of the data file does not show in the digest")
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTheDigestIsOfWhatIsSaid(t *testing.T) {
	digest := func(content string, options scenarios.Options) string {
		plan, _ := load(t, content, options)
		return plan.Digest
	}
	first := digest(small, scenarios.Options{})
	for name, same := range map[string]string{
		"layout":   "# a comment\nscenario: 'small'\nduration: 4w\nmembers:\n  casual:\n    send: {rate:   1/day}\n    count: 5\n",
		"defaults": small + "seed: 1\nstart: 2026-01-05T00:00:00Z\nwarmup: 0s\nseries: {step: 60m}\n",
		"units":    strings.Replace(small, "4w", "28d", 1),
		"order":    "members: {casual: {send: {rate: 1/day}, count: 5}}\nduration: 4w\nscenario: small\n",
		"purpose":  small + "purpose: another\n",
		"policy":   small + "policy: default\n",
		"settings": small + "policy: {expiry: 180d}\n",
	} {
		if digest(same, scenarios.Options{}) != first {
			t.Errorf("%s: the digest changed", name)
		}
	}
	bounded := small + "thresholds: [pending.p99 < 5]\n"
	if digest(bounded, scenarios.Options{Set: []string{"thresholds.00=pending.p99 < 6"}}) != digest(bounded, scenarios.Options{Set: []string{"thresholds.0=pending.p99 < 6"}}) {
		t.Error("another way to write the number of an item: the digest changed")
	}
	seen := []string{first}
	for _, set := range []string{
		"seed=2", "duration=5w", "members.casual.count=6", "policy.expiry=170d", "policy=unlimited",
		"events=[{at: 1w, change_policy: {expiry: 5d}}]", "events=[{at: 1w, change_policy: {expiry: 6d}}]",
		"events=[{at: 1w, for: 1d, factor: 2, of: send.rate}]", "thresholds=[pending.p99 < 5]",
	} {
		changed := digest(small, scenarios.Options{Set: []string{set}})
		if slices.Contains(seen, changed) {
			t.Errorf("%s: the digest did not change", set)
		}
		seen = append(seen, changed)
	}
}

func TestEveryDistributionIsWrittenAsTheLanguageSays(t *testing.T) {
	const minute = 60
	for written, expected := range map[string]*chance.Distribution{
		"3m":                              made(chance.Constant(3 * minute)),
		"constant(250ms)":                 made(chance.Constant(0.25)),
		"uniform( 3m , 5m )":              made(chance.Uniform(3*minute, 5*minute)),
		"exponential(mean 3m)":            made(chance.Exponential(3 * minute)),
		"lognormal(median 3m, sigma 1.5)": made(chance.Lognormal(3*minute, 1.5)),
		"lognormal(sigma 1.5, median 3m)": made(chance.Lognormal(3*minute, 1.5)),
		"lognormal(mean 3m, p99 20m)":     made(chance.LognormalP99(3*minute, 20*minute)),
		"gamma(mean 3m, shape 2)":         made(chance.Gamma(3*minute, 2)),
		"weibull(scale 3m, shape 2)":      made(chance.Weibull(3*minute, 2)),
		"pareto(min 3m, alpha 2.5)":       made(chance.Pareto(3*minute, 2.5)),
		"geometric(mean 3m)":              made(chance.Geometric(3 * minute)),
		"exponential(mean   1y)":          made(chance.Exponential(365 * 24 * 60 * minute)),
	} {
		plan, _ := load(t, small+"thresholds: []\n", scenarios.Options{Set: []string{"members.casual.remove={share: 1%, after: \"" + written + "\"}"}})
		if found := plan.Populations[0].Remove.After; !found.Equal(expected) {
			t.Errorf("%s: found %s, expected %s", written, found, expected)
		}
	}
}

func TestDistributionsOfNumbers(t *testing.T) {
	for written, expected := range map[string]*chance.Distribution{
		"120": made(chance.Constant(120)), "gamma(mean 1, shape 0.5)": made(chance.Gamma(1, 0.5)), "zipf(2.5)": made(chance.Zeta(2.5)),
	} {
		plan, _ := load(t, small+"thresholds: []\n", scenarios.Options{Set: []string{"members.casual.start_with.connections=\"" + written + "\""}})
		if found := plan.Populations[0].Start.Connections; !found.Equal(expected) {
			t.Errorf("%s: found %s, expected %s", written, found, expected)
		}
	}
}

func TestWhomAndWhatThen(t *testing.T) {
	for set, expected := range map[string]sim.Sending{
		"choose=circle(4)":           {Choose: sim.Choice{Kind: sim.ChooseCircle, Circle: 4}},
		"choose=zipf(1.5)":           {Choose: sim.Choice{Kind: sim.ChooseZipf, Exponent: 1.5}},
		"choose=uniform":             {},
		"when_refused=wait":          {WhenRefused: sim.WhenRefused{Kind: sim.Wait}},
		"when_refused=give_up":       {},
		"when_refused=retry(90m, 3)": {WhenRefused: sim.WhenRefused{Kind: sim.Retry, Delay: 90 * model.Minute, Times: 3}},
	} {
		plan, _ := load(t, small, scenarios.Options{Set: []string{"members.casual.send." + set}})
		found := plan.Populations[0].Send
		if found.Choose != expected.Choose || found.WhenRefused != expected.WhenRefused {
			t.Errorf("%s: found %+v and %+v", set, found.Choose, found.WhenRefused)
		}
	}
}

func TestEventsNameOnePopulationSomeOrAll(t *testing.T) {
	content := "scenario: a\nduration: 4w\nmembers: {a: {count: 1, look: {sent: 1/week}}, b: {count: 1, look: {sent: 1/week}}, c: {count: 1, look: {sent: 2/week}}}\n"
	for members, expected := range map[string][]int{"": {0, 1, 2}, ", members: all": {0, 1, 2}, ", members: b": {1}, ", members: [c, a, c]": {0, 2}} {
		plan, _ := load(t, content+"events: [{at: 1w, for: 1d, factor: 2, of: look.sent"+members+"}]\n", scenarios.Options{})
		if event := plan.Events[0]; !slices.Equal(event.Where, expected) || event.Of != sim.RateLookSent {
			t.Errorf("%q: found %+v", members, event)
		}
	}
}

func TestPopulationsKeepTheOrderOfTheFile(t *testing.T) {
	one := "scenario: a\nduration: 4w\nmembers: {b: {count: 5}, a: {count: 3}}\n"
	other := "scenario: a\nduration: 4w\nmembers: {a: {count: 3}, b: {count: 5}}\n"
	first, _ := load(t, one, scenarios.Options{})
	second, _ := load(t, other, scenarios.Options{})
	if first.Populations[1].First != 6 || second.Populations[1].First != 4 || first.Digest == second.Digest {
		t.Errorf("found %+v and %+v", first.Populations, second.Populations)
	}
}
