package virtual

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/model/policies"
	"invitesim/model/trace"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// must returns a distribution that a test gives good numbers for.
func must(d *chance.Distribution, err error) *chance.Distribution {
	if err != nil {
		panic(err)
	}
	return d
}

// smallPlan is 8 weeks of two populations with every habit there is.
func smallPlan() *sim.Plan {
	all := [3]float64{1, 0, 0}
	p := &sim.Plan{
		Name: "small", Seed: 7, Start: model.DefaultStart, Duration: 8 * model.Week, Warmup: model.Week, Step: 6 * model.Hour,
		Policy: model.Default(),
		Populations: []sim.Population{{
			Name: "casual", Count: 300, First: 1,
			Start: sim.StartWith{
				Connections: must(chance.Lognormal(150, 1.2)), AccountAge: must(chance.Uniform(0, 3650*86400)),
				Inbound: [3]float64{0.9, 0.07, 0.03},
			},
			Send: &sim.Sending{
				Rate: 10. / 604800, Spread: must(chance.Gamma(1, 0.5)), To: []sim.Target{{Population: 0, Share: 0.8}, {Population: 1, Share: 0.2}},
				Choose: sim.Choice{Kind: sim.ChooseZipf, Exponent: 0.8}, Note: 0.2, Email: 0.05, Kinds: [3]float64{0.9, 0.06, 0.04},
			},
			Respond: &sim.Responding{
				Delay: must(chance.Lognormal(72000, 1.6)), Answers: sim.Answers{Accept: 0.45, Ignore: 0.25, Report: 0.02, Block: 0.02}, Again: 0.8,
				Reconsider:  &sim.AfterShare{Share: 0.3, After: must(chance.Exponential(5 * 86400))},
				ReportAgain: &sim.AfterShare{Share: 0.5, After: must(chance.Exponential(3 * 86400))},
			},
			Mistakes: &sim.Mistakes{Share: 0.02, After: must(chance.Exponential(180))},
			Tidy:     &sim.Tidying{Every: 14 * model.Day, OlderThan: 14 * model.Day, AtMost: 20, Gap: 30},
			Resend:   &sim.AfterShare{Share: 0.3, After: must(chance.Uniform(20*86400, 30*86400))},
			Remove:   &sim.AfterShare{Share: 0.1, After: must(chance.Exponential(10 * 86400))},
			Unblock: &sim.Unblocking{
				AfterShare: sim.AfterShare{Share: 0.3, After: must(chance.Exponential(10 * 86400))},
				Again:      &sim.AfterShare{Share: 0.6, After: must(chance.Uniform(86400, 4*86400))},
			},
			Leave: &sim.Leaving{
				AfterShare: sim.AfterShare{Share: 0.2, After: must(chance.Exponential(30 * 86400))},
				Back:       &sim.AfterShare{Share: 0.5, After: must(chance.Exponential(10 * 86400))},
			},
			Look: sim.Looking{Received: 5. / 604800, Sent: 1. / 604800},
		}, {
			Name: "recruiter", Count: 20, First: 301, Start: sim.StartWith{Inbound: all},
			Send: &sim.Sending{
				Sittings: &sim.Sittings{Every: 7 * model.Day, At: must(chance.Constant(9 * 3600)), Size: must(chance.Constant(120)), Gap: must(chance.Constant(20))},
				To:       []sim.Target{{Population: 0, Share: 1}}, Kinds: all,
				WhenRefused: sim.WhenRefused{Kind: sim.Wait},
			},
			Tidy: &sim.Tidying{WhenCapped: true, OlderThan: 0, AtMost: 50, Gap: 30},
		}},
	}
	capped := p.Policy
	capped.PendingCap.Count = 100
	capped.Expiry = 20 * model.Day
	p.Events = []sim.Event{
		{At: 3 * model.Instant(model.Week), For: 6 * model.Hour, Factor: 10, Of: sim.RateSend, Where: []int{0}},
		{At: 4 * model.Instant(model.Week), Policy: &capped},
	}
	return p
}

func runPlan(t *testing.T, p *sim.Plan, o Options) *sim.Result {
	t.Helper()
	result, _, err := Run(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// text returns a result as the file that it becomes.
func text(t *testing.T, r *sim.Result) string {
	t.Helper()
	bytes, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes)
}

// traced runs a plan and returns the result and the lines of its trace.
func traced(t *testing.T, p *sim.Plan) (*sim.Result, *trace.Trace) {
	t.Helper()
	var written bytes.Buffer
	result := runPlan(t, p, Options{Trace: &written})
	recorded, mistakes := trace.Parse(&written, p.Name)
	for _, mistake := range mistakes {
		t.Error(mistake)
	}
	if recorded == nil {
		t.Fatal("the trace of a run cannot be read")
	}
	return result, recorded
}

// A sitting may start after the one that follows it: each takes place, and the commands come in order of time.
func TestSittingsOvertake(t *testing.T) {
	sitters := func(at *chance.Distribution) *sim.Plan {
		p := smallPlan()
		p.Duration, p.Warmup, p.Events = 20*model.Day, 0, nil
		p.Populations = []sim.Population{{
			Name: "sitter", Count: 100, First: 1, Zone: 2 * model.Hour, Start: sim.StartWith{Inbound: [3]float64{1, 0, 0}},
			Send: &sim.Sending{
				Sittings: &sim.Sittings{Every: model.Day, At: at, Size: must(chance.Constant(1)), Gap: must(chance.Constant(20))},
				To:       []sim.Target{{Population: 0, Share: 1}}, Kinds: [3]float64{1, 0, 0},
			},
		}}
		return p
	}
	for _, test := range []struct {
		at               *chance.Distribution
		sittings, within uint64
	}{
		{nil, 2000, 0},
		{must(chance.Uniform(0, 4*86400)), 1856, 40}, // nobody sits as late as a multiple before the run would have let them
	} {
		result, recorded := traced(t, sitters(test.at))
		if got := result.Turns.Planned; got+test.within < test.sittings || got > test.sittings+test.within {
			t.Errorf("at %v: %d sittings, expected %d within %d", test.at, got, test.sittings, test.within)
		}
		last := time.Duration(0)
		for _, line := range recorded.Lines {
			if line.Call < last {
				t.Fatalf("at %v: line %d of the trace, at %s, comes after one at %s", test.at, line.Number, line.Call, last)
			}
			last = line.Call
		}
	}
}

// The same plan gives the same bytes, for any number of processors.
func TestSameBytes(t *testing.T) {
	first := text(t, runPlan(t, smallPlan(), Options{}))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if again := text(t, runPlan(t, smallPlan(), Options{})); again != first {
		t.Errorf("two runs of one plan differ: %s", cmp.Diff(first, again))
	}
	other := smallPlan()
	other.Seed++
	if text(t, runPlan(t, other, Options{})) == first {
		t.Error("another seed gives the same result")
	}
}

// Checking and tracing watch; they change nothing. And the oracle agrees, and no invariant is broken.
func TestChecksWatchOnly(t *testing.T) {
	p := smallPlan()
	p.Duration = 3 * model.Week
	plain := runPlan(t, p, Options{})
	checked := runPlan(t, p, Options{Check: true, Trace: io.Discard})
	checks := checked.Checks
	if checks == nil || checks.Oracle.Divergences != 0 || checks.Invariants.Violations != 0 {
		t.Errorf("checks found %+v: %q", checks, checked.Warnings)
	}
	if checks.Oracle.Commands == 0 || checks.Invariants.Evaluated == 0 || checks.Oracle.UntilS != int64(p.Duration) {
		t.Errorf("checks did not run to the end: %+v", checks)
	}
	checked.Checks = nil
	if text(t, plain) != text(t, checked) {
		t.Errorf("a checked run differs: %s", cmp.Diff(text(t, plain), text(t, checked)))
	}
}

// Time that passes in short steps is the same time: timers fire at their instants whether or not anything looks.
func TestShortStepsChangeNothing(t *testing.T) {
	p := smallPlan()
	p.Duration, p.Warmup = 2*model.Week, 3*model.Day
	p.Policy.Expiry = 4*model.Day + 12345
	coarse := runPlan(t, p, Options{})
	p.Step = 173
	fine := runPlan(t, p, Options{})
	coarse.Series, fine.Series, coarse.Distributions, fine.Distributions = sim.Series{}, sim.Series{}, nil, nil
	if text(t, coarse) != text(t, fine) {
		t.Errorf("steps of 173 s differ: %s", cmp.Diff(text(t, coarse), text(t, fine)))
	}
	if coarse.Invitations.Expired == 0 {
		t.Error("nothing expired: the test shows nothing")
	}
}

// start + sent = accepted + withdrawn + expired + cancelled + end, of all members and of each population.
func TestConservation(t *testing.T) {
	r := runPlan(t, smallPlan(), Options{})
	check := func(name string, i *sim.Invitations) {
		if in, out := i.OutstandingStart+i.Sent, i.Accepted+i.Withdrawn+i.Expired+i.Cancelled+i.OutstandingEnd; in != out {
			t.Errorf("%s: %d came in and %d went out or stayed: %+v", name, in, out, i)
		}
		if i.Sent*i.Accepted*i.Withdrawn*i.Expired*i.Cancelled*i.Ignored*i.Reported*i.OutstandingStart == 0 {
			t.Errorf("%s: something did not happen: %+v", name, i)
		}
	}
	check("all", &r.Invitations)
	for name, figures := range r.MembersBy {
		check(name, &figures.Invitations)
	}
}

// TestEventsAreCounted: those that happened, and not the look that finds none.
func TestEventsAreCounted(t *testing.T) {
	p := smallPlan()
	p.Events = nil
	for i := range p.Populations {
		p.Populations[i] = sim.Population{Name: p.Populations[i].Name, Count: p.Populations[i].Count, First: p.Populations[i].First}
	}
	if _, totals, err := Run(context.Background(), p, Options{}); err != nil || totals.Events != 0 {
		t.Errorf("where nobody does anything %d events happened, %v", totals.Events, err)
	}
}

// A cancelled context stops the run at once, with what was measured until then.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r, totals, err := Run(ctx, smallPlan(), Options{Progress: func(p Progress) {
		if p.At > 2*model.Instant(model.Week) {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	weeks := float64(len(r.Series.Rows)) / 28
	if !r.Interrupted || weeks < 2 || weeks > 3 || len(r.Warnings) == 0 || totals.Commands == 0 {
		t.Errorf("interrupted %v after %g weeks, %d commands, warnings %q", r.Interrupted, weeks, totals.Commands, r.Warnings)
	}
}

// A context that is cancelled before the run begins ends the set-up: who has not been set up by then stays as members are, and nothing happens.
func TestInterruptedInTheSetUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	plan := smallPlan()
	plan.Events = nil
	plan.Populations = plan.Populations[:1]
	p := &plan.Populations[0]
	p.Count, p.Send.To = 100_000, p.Send.To[:1]
	p.Send.To[0].Share = 1
	p.Start.Inbound = [3]float64{0, 0, 1} // a line of the trace for each
	var written bytes.Buffer
	r, totals, err := Run(ctx, plan, Options{Trace: &written})
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Count(written.Bytes(), []byte(" inbound "))
	if !r.Interrupted || totals.Events > 0 || lines == 0 || lines > 20_000 {
		t.Errorf("interrupted %v after %d events, %d of 100000 members set up", r.Interrupted, totals.Events, lines)
	}
}

// The error of the trace's writer ends the run.
func TestFullDisk(t *testing.T) {
	r, _, err := Run(context.Background(), smallPlan(), Options{Trace: fullDisk{}})
	if err == nil || !errors.Is(err, errFull) || r == nil {
		t.Errorf("the run ended with error %v", err)
	}
}

var errFull = errors.New("no space left")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

// Under every named policy, the oracle and the invariants find nothing in what people do; nor where lists lag a lot.
func TestChecksUnderEveryPolicy(t *testing.T) {
	try := func(policy model.Policy) {
		p := smallPlan()
		p.Policy, p.Events = policy, nil
		p.Duration, p.Warmup = 8*model.Day, model.Day
		p.Populations[1].Send.Sittings.At = must(chance.Uniform(0, 5*86400))
		r := runPlan(t, p, Options{Check: true})
		if c := r.Checks; c.Oracle.Divergences+c.Invariants.Violations > 0 || c.Oracle.UntilS != int64(p.Duration) {
			t.Errorf("%s: %+v: %q", policy.Name, c, r.Warnings)
		}
		if r.Invitations.Accepted*r.Invitations.Withdrawn == 0 {
			t.Errorf("%s: too little happened: %+v", policy.Name, r.Invitations)
		}
	}
	for _, name := range policies.Names() {
		policy, _ := policies.Named(name)
		try(policy)
	}
	lagging := model.Default()
	lagging.Name = "lagging"
	lagging.Views.Lag = model.Lag{Share: 400_000, Min: 3600, Max: 200_000}
	lagging.WeeklyLimit.Window, lagging.WeeklyLimit.Count = model.WindowSliding, 20
	lagging.ReceivedList.ShowPrior, lagging.Expiry = true, 5*model.Day
	try(lagging)
}

// With lists that lag nothing is answered before it shows, and whoever answers does so to this very invitation.
func TestLateLists(t *testing.T) {
	p := smallPlan()
	p.Policy.Views.Lag = model.Lag{Share: model.Whole, Min: 100_000, Max: 200_000}
	p.Events = nil
	p.Populations[0].Respond.Delay = must(chance.Constant(10))
	p.Populations[0].Respond.Reconsider, p.Populations[0].Respond.ReportAgain = nil, nil
	r, recorded := traced(t, p)
	sent, answers := map[invitation]model.Instant{}, 0
	for i := range recorded.Lines {
		line := &recorded.Lines[i]
		c, at := &line.Command, trace.Instant(line.Call)
		if line.Kind != trace.Command {
			continue
		}
		switch line.Given.Outcome {
		case model.WasSent:
			sent[invitation{c.Actor, c.Peer, c.Kind, c.Subject}] = at
		case model.WasAccepted, model.WasIgnored, model.WasReported:
			answers++
			if took := at - sent[invitation{c.Peer, c.Actor, c.Kind, c.Subject}]; took < 100_011 || took > 200_011 {
				t.Fatalf("%s: after %d s", trace.FormatLine(line), took)
			}
		}
	}
	if answers < 100 || r.Response["ignore"].P50S < 100_011 {
		t.Errorf("%d answers, response %+v", answers, r.Response["ignore"])
	}
}

// A longer run allocates more only where tables grow: an event allocates nothing.
func TestNoAllocationsPerEvent(t *testing.T) {
	measure := func(weeks model.Seconds) (allocations, commands uint64) {
		var before, after runtime.MemStats
		plan := crowdPlan(3000, weeks*model.Week)
		plan.Step = model.Day // each end of a step allocates its row
		runtime.ReadMemStats(&before)
		_, totals, err := Run(context.Background(), plan, Options{})
		if err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs, totals.Commands
	}
	short, few := measure(1)
	long, many := measure(9)
	if per := (float64(long) - float64(short)) / float64(many-few); per > 0.02 || many < few+50_000 {
		t.Errorf("%g allocations a command, over %d commands more", per, many-few)
	}
}
