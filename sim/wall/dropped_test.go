package wall

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"invitesim/model"
	"invitesim/scenarios"
	"invitesim/sim"
	"invitesim/sim/virtual"
)

// planOf returns the plan of a scenario that stands here.
func planOf(t *testing.T, text string) *sim.Plan {
	t.Helper()
	plan, _, mistakes := scenarios.Load(scenarios.Source{Name: "here", Text: strings.NewReader(text)}, scenarios.Options{})
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	return plan
}

// byTheClock are people who do much, and nothing that an answer brings about. A hundred hours of theirs in a second make each step of the series an hour.
const byTheClock = `
scenario: clock
duration: 100h
policy: {extends: default, weekly_limit: {count: 40}}
members:
  steady:
    count: 150
    send: {rate: 80/week, spread: "gamma(mean 1, shape 0.5)", pattern: evenings, to: {quiet: 100%}}
    leave: {share: 40%, after: exponential(mean 3d), back: {share: 50%, after: exponential(mean 1d)}}
    look: {received: 9/week, sent: 2/day}
  sitting:
    count: 60
    zone: -5h
    send: {sittings: {every: 1d, at: "uniform(8h, 10h)", size: "uniform(0, 30)", gap: exponential(mean 2m)}, to: {quiet: 100%}, when_refused: give_up}
  quiet: {count: 5000}
events:
  - {at: 2d, for: 6h, factor: 20, of: send.rate, members: steady}
`

// done returns how many commands and queries a result is of.
func done(result *sim.Result) uint64 {
	n := uint64(0)
	for _, verb := range result.Commands {
		n += verb.Count
	}
	for _, query := range result.Queries {
		n += query.Count
	}
	return n
}

// anHourInAStep is the speed at which it is so.
const anHourInAStep = 360_000

// TestOfferedIsWhatIsPlanned: what people do by the clock alone is offered as often as they do it in virtual time, whoever is stalled and however fast
// it goes.
func TestOfferedIsWhatIsPlanned(t *testing.T) {
	plan := planOf(t, byTheClock)
	expected, _, err := virtual.Run(context.Background(), plan, virtual.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		speed   float64
		workers int
		stalled []int
	}{
		{"nobody gets far", 1e15, 1, nil},
		{"three do not get far", 1e15, 3, nil},
		{"one of two is stalled", anHourInAStep, 2, []int{1}},
		{"both are stalled", 10 * anHourInAStep, 2, []int{0, 1}},
	} {
		loaded := *plan
		loaded.Load.Speed = test.speed
		got := stalled(t, &loaded, Options{Workers: test.workers}, test.stalled...)
		if offered := done(got) + got.Load.Dropped; offered != done(expected) {
			t.Errorf("%s: %d were done and %d dropped, %d in all: expected %d", test.name, done(got), got.Load.Dropped, offered, done(expected))
		}
		if len(test.stalled) == test.workers && done(got) > 0 {
			t.Errorf("%s: %d were done", test.name, done(got))
		}
	}
}

// stalled runs a plan to its end with some of the workers stalled all the time.
func stalled(t *testing.T, plan *sim.Plan, o Options, workers ...int) *sim.Result {
	t.Helper()
	c := hired(t, plan, o)
	for _, i := range workers {
		c.workers[i].stallUntil(math.MaxInt64)
	}
	through(context.Background(), t, c)
	return c.report(context.Background())
}

// TestOfferedWhenItIsPlanned: a worker that is stalled until the end does not keep the chart from showing what was to be done in each hour.
func TestOfferedWhenItIsPlanned(t *testing.T) {
	plan := planOf(t, byTheClock)
	plan.Load.Speed = anHourInAStep
	for i := range plan.Populations {
		plan.Populations[i].Look = sim.Looking{} // the series is of commands
	}
	expected, _, err := virtual.Run(context.Background(), plan, virtual.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hours := make([]float64, len(expected.Series.Rows))
	for hour, row := range expected.Series.Rows {
		for i, column := range expected.Series.Columns {
			if verb, _, ok := strings.Cut(column, "."); ok && verb != "outstanding" {
				hours[hour] += row[i]
			}
		}
	}
	compareOffered(t, "stalled", stalled(t, plan, Options{Workers: 1}, 0), hours)
	compareOffered(t, "half is stalled", stalled(t, plan, Options{Workers: 2}, 0), hours)
}

// compareOffered holds what was offered in each step against how many there were to be.
func compareOffered(t *testing.T, name string, got *sim.Result, expected []float64) {
	t.Helper()
	curve, begin := got.Distributions["load.offered"], 0.0
	for i, end := range curve.X[:len(curve.X)-1] { // the last step may be a longer one
		wanted := 0.0
		if i < len(expected) {
			wanted = expected[i]
		}
		if offered := math.Round(curve.Y[i] * (end - begin)); offered != wanted {
			t.Errorf("%s: %g were offered until %g s, expected %g", name, offered, end, wanted)
		}
		begin = end
	}
	if len(curve.X) < len(expected) {
		t.Errorf("%s: the series has %d steps, expected %d or more", name, len(curve.X), len(expected))
	}
}

// TestOnlyWhatWasDueIsDropped: of a run that is stopped only what was due by then counts, to the nanosecond.
func TestOnlyWhatWasDueIsDropped(t *testing.T) {
	plan := planOf(t, byTheClock)
	plan.Load.Speed = 1
	c := hired(t, plan, Options{Workers: 1})
	first := c.workers[0].due()
	c.workers[0].stallUntil(math.MaxInt64)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	through(ctx, t, c)
	for _, test := range []struct{ at, dropped uint64 }{{first, 0}, {first + 1, 1}} {
		c.dropRest(test.at, sim.NewResult(plan, "wall"))
		result := c.report(ctx)
		if result.Load.Dropped != test.dropped {
			t.Errorf("%d are dropped that were due before %d ns, and the first is at %d ns", result.Load.Dropped, test.at, first)
		}
	}
}

// TestFollowUpsAreNotDropped: what would have followed from an answer that nobody got is nothing that was offered.
func TestFollowUpsAreNotDropped(t *testing.T) {
	expected, _, err := virtual.Run(context.Background(), planOf(t, byTheClock), virtual.Options{})
	if err != nil {
		t.Fatal(err)
	}
	plan := planOf(t, strings.NewReplacer("{count: 5000}", "{count: 5000, respond: {delay: 1h, accept: 60%, ignore: 30%}}", "    zone: -5h\n",
		"    zone: -5h\n    withdraw: {mistakes: {share: 50%, after: 1m}, tidy: {every: 1d, older_than: 1h, at_most: 9}}\n").Replace(byTheClock))
	plan.Load.Speed = 1e15
	if got := stalled(t, plan, Options{Workers: 2}, 0, 1); got.Load.Dropped != done(expected) {
		t.Errorf("%d are dropped, expected %d", got.Load.Dropped, done(expected))
	}
}

// TestCountingIsBounded: where very much never starts, some members stand for all of them, few populations are counted whole, and the result says so.
func TestCountingIsBounded(t *testing.T) {
	plan := planOf(t, byTheClock)
	plan.Load.Speed = 1e6
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	count := func(limits countingLimits) (dropped, uint64) {
		c := hired(t, plan, Options{Workers: 1})
		c.workers[0].stallUntil(math.MaxInt64)
		through(ctx, t, c)
		d := dropped{worker: c.workers[0], limits: limits}
		d.count(c.end)
		result := sim.NewResult(plan, "wall")
		note(result, c.end, []dropped{d})
		if said := len(result.Warnings) > 0; said != (d.fewer > 0 || d.until > 0) {
			t.Errorf("limits %+v: %d halvings, until %d: warnings %q", limits, d.fewer, d.until, result.Warnings)
		}
		c.end = 0
		return d, c.report(ctx).Load.Dropped
	}
	whole, all := count(usualCounting())
	few, estimate := count(countingLimits{exactly: whole.events / 4, between: whole.events / 16, atMost: math.MaxUint64, members: 8})
	if few.fewer == 0 || few.events > whole.events*3/4 {
		t.Errorf("%d events of %d were gone through, %d halvings", few.events, whole.events, few.fewer)
	}
	if float64(estimate) < 0.8*float64(all) || float64(estimate) > 1.25*float64(all) {
		t.Errorf("%d are dropped, and estimated are %d", all, estimate)
	}
	cut, part := count(countingLimits{exactly: math.MaxUint64, between: 1, atMost: whole.events / 2, members: 8})
	if cut.events != whole.events/2 || cut.until == 0 || part >= all {
		t.Errorf("%d events of %d were gone through until %d, and %d of %d counted", cut.events, whole.events, cut.until, part, all)
	}
}

// TestSomeStandForAll: after any number of halvings those who are left stand for about as many as there are, and of few none is left out.
func TestSomeStandForAll(t *testing.T) {
	plan := everything(t)
	plan.Populations[0].Count = 100_000
	plan.Populations[1].First = 100_001
	plan.Load.Speed = 1
	c := hired(t, plan, Options{Workers: 2})
	d := dropped{worker: c.workers[0], limits: usualCounting()}
	for d.fewer = range 40 {
		for i := range plan.Populations {
			p, left, standFor := &plan.Populations[i], uint64(0), uint64(0)
			for m := p.First; m < p.First+model.Member(p.Count); m++ {
				if weight := d.standsFor(m); weight > 0 {
					left++
					standFor += weight
				}
			}
			if standFor < uint64(p.Count)*9/10 || standFor > uint64(p.Count)*11/10 || left < min(uint64(p.Count), uint64(d.limits.members)*9/10) {
				t.Errorf("%s after %d halvings: %d are left and stand for %d of %d", p.Name, d.fewer, left, standFor, p.Count)
			}
		}
	}
}

// TestRatesAreOfThePlannedTime: a moment more for those who are late takes nothing from the rates, and their ratio is the share of what was offered.
func TestRatesAreOfThePlannedTime(t *testing.T) {
	plan := planOf(t, byTheClock)
	plan.Load.Speed = 360_000
	c := hired(t, plan, Options{Workers: 2, For: 100 * time.Millisecond})
	c.workers[0].stallUntil(math.MaxInt64) // so the run takes until the end of the grace
	through(context.Background(), t, c)
	got := c.report(context.Background())
	if c.totals.Wall < 100*time.Millisecond+grace {
		t.Fatalf("the run took %v", c.totals.Wall)
	}
	offered := done(got) + got.Load.Dropped
	if want := float64(offered) / 0.1; math.Abs(got.Load.OfferedPerS-want) > 1e-9*want {
		t.Errorf("%g a second were offered, expected %g: %d in 100ms", got.Load.OfferedPerS, want, offered)
	}
	if share := float64(done(got)) / float64(offered); math.Abs(got.Load.AchievedPerS/got.Load.OfferedPerS-share) > 1e-9 {
		t.Errorf("%+v: expected that a share of %g was achieved", got.Load, share)
	}
}

// TestSlowAndFast: where the people are so slow or so fast that their instants fit no integer of nanoseconds of the wall clock, or the other way round, the
// farthest instant stands for them.
func TestSlowAndFast(t *testing.T) {
	k := clock{speed: 1e-300, last: 99}
	if got := k.wall(1); got != farthest {
		t.Errorf("what is due never is due at %d ns", got)
	}
	if got := k.people(math.MaxInt64); got != 0 {
		t.Errorf("at a crawl it is %d", got)
	}
	k.speed = 1e300
	if got := k.people(1); got != 99 {
		t.Errorf("after the end it is %d, expected the last instant", got)
	}
	if got := k.nanosecond(1, 1<<60+1); got != 1<<60+1 {
		t.Errorf("after the end it is %d ns, expected the end", got)
	}
	plan := everything(t)
	o := Options{Rate: 1e-6}
	for i := range plan.Populations {
		plan.Populations[i].Look.Received = 100
	}
	if err := settle(plan, &o); err == nil || !strings.Contains(err.Error(), "expected at least 1e-06x") {
		t.Errorf("a speed of %g is taken: %v", o.Speed, err)
	}
}

// TestFaultsAtOnce: faults that overlap last until the later end, whichever began first.
func TestFaultsAtOnce(t *testing.T) {
	w := new(worker)
	for _, step := range []struct{ until, want int64 }{{3000, 3000}, {1600, 3000}, {3000, 3000}, {3100, 3100}} {
		if w.stallUntil(step.until); w.stalled.Load() != step.want {
			t.Errorf("stalled until %d once more: it is until %d, expected %d", step.until, w.stalled.Load(), step.want)
		}
	}
	w.crew = &crew{clock: clock{base: time.Now().Add(-time.Hour)}}
	if w.stall(3000) || w.stalled.Load() != 3100 {
		t.Errorf("a stall that is over ended one that began meanwhile: stalled until %d", w.stalled.Load())
	}
	var s stalledShard
	stalls, releases := 0, 0
	stall := func() func() { stalls++; return func() { releases++ } }
	for _, step := range []struct {
		hold             bool
		stalls, releases int
	}{{true, 1, 0}, {true, 1, 0}, {false, 1, 0}, {true, 1, 0}, {false, 1, 0}, {false, 1, 1}, {true, 2, 1}, {false, 2, 2}} {
		if step.hold {
			s.hold(stall)
		} else {
			s.giveUp()
		}
		if stalls != step.stalls || releases != step.releases {
			t.Fatalf("stalled %d times and released %d times, expected %d and %d", stalls, releases, step.stalls, step.releases)
		}
	}
}

// TestFaultsAfterTheEnd: a fault that never begins is said.
func TestFaultsAfterTheEnd(t *testing.T) {
	plan := planOf(t, byTheClock)
	plan.Load.Speed = 1e9
	plan.Load.Faults = []sim.Fault{{At: 90 * time.Hour, For: time.Second, Kind: sim.Collect}, {At: 91 * time.Hour, For: time.Second}}
	got, _, err := Run(context.Background(), plan, Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(got.Warnings, func(w string) bool {
		return strings.HasPrefix(w, "the run ended after ") && strings.HasSuffix(w, " of the wall clock, before these faults began: gc at 90h0m0s, worker at 91h0m0s")
	}) {
		t.Errorf("warnings %q", got.Warnings)
	}
}
