package latency

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/sim"
)

// event is one command of a test run.
type event struct {
	verb                       model.Verb
	outcome                    model.Outcome
	planned, started, answered int64
}

// events are a run of ten seconds: nearly in order of time, some late, and a stall from 4 s to 5 s.
func events(seed uint64, n int) []event {
	random := rand.New(rand.NewPCG(seed, 2))
	kinds := []event{
		{verb: model.Send, outcome: model.WasSent},
		{verb: model.Send, outcome: model.RateLimited},
		{verb: model.Accept, outcome: model.WasConnected},
		{verb: model.QueryReceived},
	}
	all := make([]event, n)
	for i := range all {
		e := kinds[random.IntN(len(kinds))]
		e.planned = max(int64(i)*int64(10*time.Second)/int64(n)-random.Int64N(int64(time.Millisecond)), 0)
		e.started = e.planned + random.Int64N(500)
		if e.planned > int64(4*time.Second) && e.planned < int64(5*time.Second) {
			e.started = int64(5*time.Second) + random.Int64N(1000)
		}
		e.answered = e.started + 100 + random.Int64N(1000)
		all[i] = e
	}
	return all
}

func recorded(events []event, workers int, step time.Duration) []*Recorder {
	all := make([]*Recorder, workers)
	for i := range all {
		all[i] = NewRecorder(step)
	}
	for i, e := range events {
		r := all[i%workers]
		r.Record(e.verb, e.outcome, e.planned, e.started, e.answered)
	}
	return all
}

// near says whether a value is the wanted one to within the histogram's thousandth.
func near(got, want int64) bool { return got >= want && got <= want+want/1000 }

func TestReportAgainstPlainSlices(t *testing.T) {
	all := events(1, 40_000)
	result := &sim.Result{Load: &sim.LoadFigures{Loop: "open"}}
	recorders := recorded(all, 3, time.Second)
	recorders[1].Dropped(int64(9500*time.Millisecond), 7)
	Report(result, 10*time.Second, recorders, nil)

	responses, services, steps := map[string][]int64{}, map[string][]int64{}, make([][]int64, 10)
	late, lateSteps := uint64(0), make([]float64, 10)
	for _, e := range all {
		verb := e.verb.String()
		responses[verb] = append(responses[verb], e.answered-e.planned)
		services[verb] = append(services[verb], e.answered-e.started)
		step := e.planned / int64(time.Second)
		steps[step] = append(steps[step], e.answered-e.planned)
		if e.started-e.planned > int64(time.Millisecond) {
			late++
			lateSteps[step]++
		}
	}
	compare := func(kind string, figures map[string]*sim.LatencyFigures, want map[string][]int64) {
		if len(figures) != len(want) {
			t.Errorf("%s of %d verbs, want %d", kind, len(figures), len(want))
		}
		for verb, values := range want {
			slices.Sort(values)
			sum := int64(0)
			for _, value := range values {
				sum += value
			}
			n, f := len(values), figures[verb]
			if f.Count != uint64(n) || f.MaxNS != values[n-1] || f.MeanNS != float64(sum)/float64(n) {
				t.Errorf("%s.%s: %+v", kind, verb, f)
			}
			if !near(*f.P50NS, values[(n+1)/2-1]) || !near(*f.P90NS, values[(n*9+9)/10-1]) || !near(*f.P99NS, values[(n*99+99)/100-1]) {
				t.Errorf("%s.%s: p50 %d, p90 %d, p99 %d", kind, verb, *f.P50NS, *f.P90NS, *f.P99NS)
			}
		}
	}
	compare("latency", result.Latency, responses)
	compare("service", result.Service, services)

	l := result.Load
	if l.Loop != "open" || l.OfferedPerS != 4000.7 || l.AchievedPerS != 4000 || l.Late != late || l.Dropped != 7 || l.LateShare != float64(late)/40_007 {
		t.Errorf("load %+v, want %d late", l, late)
	}
	if diff := cmp.Diff(lateSteps, result.Distributions["load.late"].Y); diff != "" {
		t.Error(diff)
	}
	if dropped := result.Distributions["load.dropped"].Y; dropped[9] != 7 || result.Distributions["load.offered"].Y[9] != float64(len(steps[9]))+7 {
		t.Errorf("dropped by step: %v", dropped)
	}
	for i, values := range steps {
		slices.Sort(values)
		for name, rank := range map[string]int{"p50": (len(values) + 1) / 2, "p99": (len(values)*99 + 99) / 100} {
			curve := result.Distributions["latency_time."+name]
			if len(curve.Y) != 10 || curve.X[i] != float64(i+1) || !near(int64(curve.Y[i]), values[rank-1]) {
				t.Errorf("step %d: %s is %g at %g s, want %d", i, name, curve.Y[i], curve.X[i], values[rank-1])
			}
		}
	}
	if _, ok := result.Distributions["latency_time.p999"]; ok {
		t.Error("steps of 4 000 commands have a p99.9")
	}
}

// How commands are spread over workers must not show.
func TestMergingWorkersLosesNothing(t *testing.T) {
	all := events(2, 30_000)
	var results []*sim.Result
	for _, workers := range []int{1, 2, 7} {
		result := &sim.Result{}
		Report(result, 10*time.Second, recorded(all, workers, 100*time.Millisecond), nil)
		results = append(results, result)
	}
	for _, other := range results[1:] {
		if diff := cmp.Diff(results[0], other); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOutcomesTellTheTimeFromTheActualStart(t *testing.T) {
	r := NewRecorder(time.Second)
	for i := range int64(1000) {
		r.Record(model.Send, model.WasSent, 0, 5_000_000, 5_000_000+1000+i%2)
		r.Record(model.Send, model.Cooldown, 0, 5_000_000, 5_000_000+200)
		if i < 19 {
			r.Record(model.Accept, model.WasConnected, 0, 5_000_000, 5_000_000+700)
		}
	}
	result := &sim.Result{}
	Report(result, time.Second, []*Recorder{r}, nil)
	want := map[string]sim.Curve{
		"latency_outcome.sent":     {Unit: "ns", X: []float64{0.5, 0.99}, Y: []float64{1000, 1001}},
		"latency_outcome.cooldown": {Unit: "ns", X: []float64{0.5, 0.99}, Y: []float64{200, 200}},
	}
	got := map[string]sim.Curve{}
	for name, curve := range result.Distributions {
		if len(name) > 15 && name[:15] == "latency_outcome" {
			got[name] = curve
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWarmupCountsInTheStepsOnly(t *testing.T) {
	r := NewRecorder(time.Second)
	second := int64(time.Second)
	r.MeasureFrom(second)
	for i := range int64(400) {
		r.Record(model.Send, model.WasSent, i*second/100, i*second/100, i*second/100+50)
	}
	r.Dropped(0, 3)
	result := &sim.Result{}
	Report(result, 4*time.Second, []*Recorder{r}, nil)
	if l := result.Load; l.OfferedPerS != 100 || l.AchievedPerS != 100 || l.Dropped != 0 || result.Latency["send"].Count != 300 {
		t.Errorf("load %+v, %d sends", l, result.Latency["send"].Count)
	}
	if diff := cmp.Diff([]float64{103, 100, 100, 100}, result.Distributions["load.offered"].Y); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]sim.Mark{{ForS: 1, What: MarkWarmup}}, result.Marks); diff != "" {
		t.Error(diff)
	}
}

// The warm-up of several workers is over when it is for the last of them; of one that did not get there all is warm-up.
func TestTheLastWorkerEndsTheWarmup(t *testing.T) {
	for from, want := range map[int64]float64{int64(2 * time.Second): 2, math.MaxInt64: 4} {
		early, late := NewRecorder(time.Second), NewRecorder(time.Second)
		early.MeasureFrom(int64(time.Second))
		late.MeasureFrom(from)
		result := &sim.Result{}
		Report(result, 4*time.Second, []*Recorder{early, late}, nil)
		if diff := cmp.Diff([]sim.Mark{{ForS: want, What: MarkWarmup}}, result.Marks); diff != "" {
			t.Error(diff)
		}
	}
}

// Who is late takes longer than what was planned: that is no lower rate.
func TestRatesAreOfWhatWasPlanned(t *testing.T) {
	second := int64(time.Second)
	var recorders []*Recorder
	for range 2 {
		r := NewRecorder(time.Second)
		r.MeasureFrom(second)
		r.MeasureUntil(3 * second)
		for planned := int64(0); planned < 3*second; planned += second / 100 {
			r.Record(model.Send, model.WasSent, planned, planned+second, planned+second+50)
		}
		r.Dropped(2*second, 100)
		recorders = append(recorders, r)
	}
	result := &sim.Result{}
	Report(result, 4*time.Second, recorders, nil)
	if l := result.Load; l.OfferedPerS != 300 || l.AchievedPerS != 200 || l.Dropped != 200 {
		t.Errorf("load %+v", l)
	}
}

// Ten have to be beyond a percentile.
func TestDelayHasAPercentileOnlyOfEnough(t *testing.T) {
	for n, told := range map[int64]bool{0: false, 1: false, 999: false, 1000: true} {
		r := NewRecorder(time.Second)
		for i := range n {
			r.Record(model.Send, model.WasSent, i, i+7, i+9)
		}
		result := &sim.Result{}
		Report(result, time.Second, []*Recorder{r}, nil)
		if p99 := result.Load.LateP99NS; (p99 != nil) != told || told && *p99 != 7 {
			t.Errorf("%d commands: p99 %v", n, p99)
		}
	}
}

func TestTheLastStepEndsWithTheRun(t *testing.T) {
	for wall, want := range map[time.Duration][]float64{
		100 * time.Millisecond:  {0.1},
		1400 * time.Millisecond: {1.4},
		1600 * time.Millisecond: {1, 1.6},
		3 * time.Second:         {1, 2, 3},
	} {
		r := NewRecorder(time.Second)
		for i := range int64(40) {
			r.Record(model.Send, model.WasSent, i*int64(100*time.Millisecond), i*int64(100*time.Millisecond), i*int64(100*time.Millisecond)+9)
		}
		result := &sim.Result{}
		Report(result, wall, []*Recorder{r}, nil)
		if diff := cmp.Diff(want, result.Distributions["load.achieved"].X); diff != "" {
			t.Error(wall, diff)
		}
		total, begin := 0.0, 0.0
		for i, rate := range result.Distributions["load.achieved"].Y {
			total += rate * (want[i] - begin)
			begin = want[i]
		}
		if total < 39.999 || total > 40.001 {
			t.Errorf("%v: the series holds %g commands, want 40", wall, total)
		}
	}
}

func TestRecordAllocatesNothing(t *testing.T) {
	r := NewRecorder(time.Second)
	r.Record(model.Send, model.WasSent, 0, 10, 100)
	planned := int64(0)
	if n := testing.AllocsPerRun(1000, func() {
		planned += 1000
		r.Record(model.Send, model.WasSent, planned, planned+10, planned+200+planned%777)
	}); n != 0 {
		t.Errorf("%g allocations a command", n)
	}
}

func BenchmarkRecord(b *testing.B) {
	r := NewRecorder(time.Second)
	random := rand.New(rand.NewPCG(1, 1))
	var service [4096]int64
	for i := range service {
		service[i] = 150 + int64(random.ExpFloat64()*200)
	}
	verbs := [...]model.Verb{model.Send, model.Accept, model.Withdraw, model.QueryReceived}
	outcomes := [...]model.Outcome{model.WasSent, model.WasConnected, model.WasWithdrawn, model.NoOutcome}
	planned := int64(0)
	for i := 0; b.Loop(); i++ {
		planned += 500
		started := planned + service[(i*7)%4096]/4
		r.Record(verbs[i%4], outcomes[i%4], planned, started, started+service[i%4096])
	}
}
