package wall

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/scenarios"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

var crowds = flag.Int("crowds", 12, "random scenarios on which TestAnyCrowd compares the engines, the oracle and the checker")

// TestAnyCrowd draws scenarios at random: people with any habits under any policy, which changes. In virtual time the oracle and the invariants
// have nothing to say, one worker of a closed loop comes to the same figures, and what three workers were answered is explained.
func TestAnyCrowd(t *testing.T) {
	n := *crowds
	if testing.Short() {
		n = min(n, 2)
	}
	for seed := range n {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			text := drawScenario(uint64(seed))
			plan, _, mistakes := scenarios.Load(scenarios.Source{Name: "crowd", Text: strings.NewReader(text)}, scenarios.Options{})
			if len(mistakes) > 0 {
				t.Fatalf("%s\n%v", text, mistakes)
			}
			if !compareEngines(t, plan) {
				t.Log(text)
			}
		})
	}
}

// compareEngines runs a plan in every way, and says whether all is well.
func compareEngines(t *testing.T, plan *sim.Plan) bool {
	t.Helper()
	expected, _, err := virtual.Run(context.Background(), plan, virtual.Options{Check: true})
	if err != nil {
		t.Fatal(err)
	}
	allowed(t, "virtual", expected)
	for _, way := range []struct {
		loop    sim.Loop
		workers int
	}{{sim.Closed, 1}, {sim.Closed, 3}, {sim.Open, 3}} {
		loaded := *plan
		loaded.Load = sim.Load{Loop: way.loop, Speed: float64(plan.Duration) * 4}
		got, _, err := Run(context.Background(), &loaded, Options{Workers: way.workers, Check: true})
		if err != nil {
			t.Fatal(err)
		}
		allowed(t, fmt.Sprintf("loop %d, %d workers", way.loop, way.workers), got)
		if difference := cmp.Diff(expected.Figures, got.Figures); way.workers == 1 && difference != "" {
			t.Errorf("figures differ (-virtual +wall):\n%s", difference)
		}
	}
	return !t.Failed()
}

// part is a map of a scenario file.
type part = map[string]any

// draws makes the parts of a scenario.
type draws struct{ *rand.Rand }

// drawScenario returns a scenario file, the same one for a seed each time. It is JSON, which is YAML too.
func drawScenario(seed uint64) string {
	d := draws{rand.New(rand.NewPCG(seed, 1))}
	weeks := 1 + d.IntN(4)
	names := []string{"a", "b", "c"}[:1+d.IntN(3)]
	scenario := part{
		"scenario": "crowd", "seed": d.IntN(1 << 30), "duration": fmt.Sprintf("%dw", weeks),
		"start":  d.word("2026-01-05", "2024-02-28T23:59:59Z", "2026-03-29T01:30:00Z"),
		"policy": d.policy("default", "default", "clean-slate", "weekly-quota", "trust-scored", "three-week-wait", "unlimited"),
	}
	counts := map[string]int{}
	for _, name := range names {
		counts[name] = []int{2, 5, 30, 120}[d.IntN(4)]
	}
	members := part{}
	for _, name := range names {
		members[name] = d.population(names, counts, name)
	}
	scenario["members"] = members
	events := []part{}
	for range d.IntN(4) {
		events = append(events, part{"at": fmt.Sprintf("%dh", 1+d.IntN(weeks*168-1)), "change_policy": d.policy()})
	}
	scenario["events"] = events
	text, err := json.MarshalIndent(scenario, "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (d draws) word(of ...string) string  { return of[d.IntN(len(of))] }
func (d draws) chance(share float64) bool { return d.Float64() < share }

// may sets a key in half of the cases.
func (d draws) may(in part, key string, value any) {
	if d.chance(0.5) {
		in[key] = value
	}
}

// span draws a time: as often seconds as days.
func (d draws) span(most model.Seconds) string {
	for length := most; ; length /= 10 {
		if length < 10 || d.chance(0.35) {
			return fmt.Sprintf("%ds", 1+d.Int64N(int64(max(length, 1))))
		}
	}
}

// delay draws a distribution of times.
func (d draws) delay(most model.Seconds) string {
	return strings.ReplaceAll(d.word(
		"X", "constant(X)", "uniform(0s, 9d)", "exponential(mean X)", "lognormal(median X, sigma 1.5)", "gamma(mean X, shape 0.5)",
		"weibull(scale X, shape 0.8)", "pareto(min X, alpha 1.5)"), "X", d.span(most))
}

func (d draws) share() string { return d.word("0%", "5%", "30%", "80%", "100%") }

func (d draws) after(most model.Seconds) part {
	return part{"share": d.share(), "after": d.delay(most)}
}

// policy draws settings on top of one of the named policies, or of what is in force.
func (d draws) policy(named ...string) part {
	const day = model.Day
	p := part{}
	if len(named) > 0 {
		p["extends"] = d.word(named...)
	}
	limit := part{"count": 1 + d.IntN(14), "dynamic": part{"min": 1 + d.IntN(4), "max": 6 + d.IntN(9), "acceptance": part{"sample": 2 + d.IntN(8)}}}
	d.may(limit, "mode", d.word("fixed", "dynamic"))
	d.may(limit, "period", d.word("7d", "1d", "12h", "30d"))
	d.may(limit, "window", d.word("calendar", "sliding", "anchored", "bucket"))
	d.may(p, "weekly_limit", limit)
	d.may(p, "pending_cap", part{
		"mode": d.word("hard", "ratio"), "count": 1 + d.IntN(19), "refuse_at": d.word("reached", "exceeded"),
		"ratio": part{"older_than": d.span(10 * day), "share": d.share(), "at_least": 1 + d.IntN(9)},
	})
	d.may(p, "connection_cap", 2+d.IntN(28))
	d.may(p, "expiry", d.span(20*day))
	d.may(p, "resend", part{"cooldown": d.span(20 * day)})
	d.may(p, "removal", part{"reinvite": d.word("either", "remover_only", "none"), "cooldown": d.span(10 * day)})
	d.may(p, "cross_invite", d.word("accept", "reject"))
	d.may(p, "ignore", part{"reversible": d.chance(0.5)})
	d.may(p, "received_list", part{"show_prior": true})
	d.may(p, "reminders", []string{"1d", d.word("3d", "8d")})
	d.may(p, "note", part{"max_length": d.IntN(3), "per_month": d.IntN(6)})
	d.may(p, "restrict", part{
		"on":     []part{{"reports": 1 + d.IntN(3)}, {"limit_hits": 1 + d.IntN(5), "within": d.span(10 * day)}}[:d.IntN(3)],
		"ladder": []string{"20m", d.span(day), "3d"},
	})
	d.may(p, "block", part{"reversible": d.chance(0.7), "reblock_after": d.span(4 * day)})
	d.may(p, "kinds", part{"page": part{"count": 1 + d.IntN(4), "period": "7d"}, "event": part{"count": 1 + d.IntN(4), "period": "1d"}})
	if d.chance(0.3) {
		p["sent_list"] = part{"keep_withdrawn": d.span(10 * day)}
	}
	if d.chance(0.3) {
		p["views"] = part{"lag": part{"share": d.share(), "min": "0s", "max": d.span(3 * day)}}
	}
	return p
}

// population draws what people of one kind do.
func (d draws) population(names []string, counts map[string]int, name string) part {
	const day = model.Day
	p := part{"count": counts[name]}
	d.may(p, "zone", d.word("-5h", "5h30m", "12h"))
	d.may(p, "start_with", part{
		"connections": "uniform(0, 20)", "account_age": d.delay(400 * day), "inbound": part{"anyone": "80%", "email": "15%", "nobody": "5%"},
	})
	p["send"] = d.send(names, counts)
	answers := part{"delay": d.delay(10 * day), "accept": d.word("10%", "45%"), "ignore": "25%", "report": d.word("1%", "10%"), "block": d.word("1%", "10%")}
	d.may(answers, "again", d.Float64())
	d.may(answers, "reconsider", d.after(5*day))
	d.may(answers, "report_again", d.after(5*day))
	d.may(p, "respond", answers)
	tidy := part{"every": d.word("7d", "9h"), "at_most": 1 + d.IntN(8), "gap": d.span(10 * model.Minute)}
	d.may(tidy, "when_capped", true)
	d.may(tidy, "older_than", d.span(5*day))
	d.may(p, "withdraw", part{"mistakes": d.after(day), "tidy": tidy})
	d.may(p, "resend", d.after(9*day))
	d.may(p, "remove", d.after(9*day))
	unblock := d.after(5 * day)
	d.may(unblock, "again", d.after(5*day))
	d.may(p, "unblock", unblock)
	leave := d.after(50 * day)
	d.may(leave, "back", d.after(10*day))
	d.may(p, "leave", leave)
	d.may(p, "look", part{"received": d.word("3/week", "1/day"), "sent": "3/week"})
	return p
}

// send draws whom people invite, and when.
func (d draws) send(names []string, counts map[string]int) part {
	target := d.word(names...)
	s := part{
		"to": part{target: "100%"}, "choose": d.word("uniform", "zipf(0.9)", fmt.Sprintf("circle(%d)", max(1, counts[target]-1))),
		"when_refused": d.word("give_up", "wait", "retry("+d.span(2*model.Day)+", 3)"),
		"pattern":      d.word("always", "workdays", "evenings"),
	}
	d.may(s, "note", d.share())
	d.may(s, "email", d.share())
	d.may(s, "kinds", part{"connect": "70%", "page": "20%", "event": "10%"})
	if d.chance(0.7) {
		s["rate"] = d.word("2/week", "20/week", "5/day")
		d.may(s, "spread", d.word("gamma(mean 1, shape 0.5)", "uniform(0, 3)"))
		return s
	}
	sittings := part{"every": d.word("7d", "1d", "36h"), "size": d.word("3", "uniform(0, 9)", "geometric(mean 4)"), "gap": d.delay(model.Hour)}
	d.may(sittings, "at", d.delay(3*model.Day))
	s["sittings"] = sittings
	return s
}
