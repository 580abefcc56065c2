package latency

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"invitesim/sim"
)

// told returns a percentile, or -1 where it is not told.
func told(percentile *int64) int64 {
	if percentile == nil {
		return -1
	}
	return *percentile
}

func TestGaps(t *testing.T) {
	quiet, busy := NewGaps(), NewGaps()
	quiet.Resume(0)
	for now := int64(40); now <= 1_000_000; now += 40 {
		quiet.Reading(now)
	}
	busy.Resume(5_000_000) // what came before is no gap
	busy.Reading(5_000_050)
	busy.Reading(5_000_050 + 20_000) // as long as a gap may be
	now := int64(5_020_050)
	for range 11 {
		now += 300_000 // lost
		busy.Reading(now)
	}
	busy.Pause() // a command runs meanwhile
	busy.Busy(8_900_000)
	busy.Reading(8_900_000 + 3_000_000) // lost, and marked
	busy.always = true
	result := &sim.Result{Marks: []sim.Mark{{AtS: 1, ForS: 2, What: "worker"}}}
	h := Report(result, time.Second, nil, []*Gaps{quiet, busy})
	// 7 320 050 ns were watched. A hundredth of them lies in the longest gap alone.
	const watched, longest = 1_000_000 + 20_050 + 11*300_000 + 3_000_000, 3_000_000
	if told(h.P99NS) != -1 || told(h.P999NS) != -1 || h.MaxNS != longest {
		t.Errorf("got p99 %d, p99.9 %d, which rest on one gap, and %d", told(h.P99NS), told(h.P999NS), h.MaxNS)
	}
	if want := 6_300_000.0 / (watched - 1_000_000); h.LostShare == nil || *h.LostShare != want {
		t.Errorf("lost %v, want %g", h.LostShare, want)
	}
	marks := []sim.Mark{{AtS: 0.0089, ForS: 0.003, What: "stolen"}, {AtS: 1, ForS: 2, What: "worker"}}
	if diff := cmp.Diff(marks, result.Marks); diff != "" {
		t.Error(diff)
	}
	if len(result.Warnings) != 1 || !strings.HasPrefix(result.Warnings[0], "noisy: for 99.7 % of the time a thread was kept from the processor") {
		t.Errorf("warnings %q", result.Warnings)
	}
	curve := result.Distributions["hiccup_spectrum"]
	if last := len(curve.X) - 1; last < 0 || curve.Y[0] != 40 || curve.Y[last] > 300_000 {
		t.Errorf("spectrum %+v", curve)
	}
}

// Half of the time lies in gaps of 40 ns, half of it in those of 10 000 ns: what is due waits for two readings, or for any part of a long gap.
func TestWaitsInGapsOfTwoLengths(t *testing.T) {
	g := NewGaps()
	now := int64(0)
	g.Resume(now)
	for range 1000 {
		for range 250 {
			now += 40
			g.Reading(now)
		}
		now += 10_000
		g.Reading(now)
	}
	result := &sim.Result{}
	h := Report(result, time.Second, nil, []*Gaps{g})
	p50, p99, p999 := told(h.P50NS), told(h.P99NS), told(h.P999NS)
	if p50 != 40 || p99 < 9800 || p99 > 9810 || p999 < 9980 || p999 > 9992 || h.MaxNS != 10_000 {
		t.Errorf("got %d, %d, %d and %d, expected 40, 9800, 9980 and 10000 ns", p50, p99, p999, h.MaxNS)
	}
	if h.Histogram != "" || result.Hiccups.Histogram == "" || told(result.Hiccups.P99NS) != p99 {
		t.Errorf("got %+v, and in the result %+v, expected a histogram there alone", h, result.Hiccups)
	}
}

// TestWhatFewGapsReachIsNotTold: how many gaps reach a percentile counts, and not how many nanoseconds they take.
func TestWhatFewGapsReachIsNotTold(t *testing.T) {
	for long, want := range map[int]bool{9: false, 10: true} {
		g := NewGaps()
		g.Resume(0)
		for now := int64(40); now <= 1_000_000; now += 40 {
			g.Reading(now)
		}
		for range long {
			g.Reading(g.last + 8000)
		}
		result := &sim.Result{}
		h := Report(result, time.Second, nil, []*Gaps{g})
		if told(h.P50NS) != 40 || h.MaxNS != 8000 || (h.P99NS != nil) != want {
			t.Errorf("%d long gaps: %d, %d and %d", long, told(h.P50NS), told(h.P99NS), h.MaxNS)
		}
		curve := result.Distributions["hiccup_spectrum"]
		if reaches := curve.Y[len(curve.Y)-1] > 40; reaches != want {
			t.Errorf("%d long gaps: the curve ends at %g ns", long, curve.Y[len(curve.Y)-1])
		}
	}
	nothing := NewGaps()
	if h := Report(&sim.Result{}, time.Second, nil, []*Gaps{nothing}); *h != (sim.Hiccups{}) {
		t.Errorf("nothing was watched: %+v", h)
	}
}

// TestABusyThread: what it does of its own is quiet, and was seen to have none but short gaps; what takes it longer is a gap, as long as nobody else could have kept it.
func TestABusyThread(t *testing.T) {
	g := NewGaps()
	now := int64(0)
	g.Resume(now)
	for range 1000 {
		g.Reading(now + 40)
		g.Reading(now + 100)
		now += 100_000
		g.Busy(now)
	}
	g.Pause()
	g.Busy(now + 5_000_000) // in a command
	now += 5_000_000
	for range 10 {
		now += 1_000_000
		g.Busy(now)
	}
	if g.watched() != 110_000_000 || g.lost != 10_000_000 || g.quiet != 1000*99_900 {
		t.Errorf("watched %d, lost %d, quiet %d ns", g.watched(), g.lost, g.quiet)
	}
	h := Report(&sim.Result{}, time.Second, nil, []*Gaps{g})
	// A hundredth of the time, 1.1 ms, lies within 110 µs of the end of ten gaps; half of it is like the readings.
	if p50, p99 := told(h.P50NS), told(h.P99NS); p50 != 60 || p99 < 890_000 || p99 > 891_000 || h.MaxNS != 1_000_000 {
		t.Errorf("got %d, %d and %d ns, expected 60, 890000 and 1000000", p50, p99, h.MaxNS)
	}
}

// TestASleeper: a timer may be late; what is later is a gap from when the thread was to wake.
func TestASleeper(t *testing.T) {
	g := NewGaps()
	g.Resume(0)
	g.Slept(1_000_000, 200_000, 1_200_000) // as late as a timer may be
	g.Slept(2_200_000, 200_000, 2_500_000) // later
	g.Slept(3_500_000, 200_000, 3_400_000) // before its time
	if g.quiet != 3_100_000 || g.lost != 300_000 || g.histogram.Count() != 1 {
		t.Errorf("quiet %d, lost %d ns in %d gaps", g.quiet, g.lost, g.histogram.Count())
	}
}

// share returns gaps of one length, lost or not, in so much quiet time.
func share(count int, length, quiet int64) *Gaps {
	g := NewGaps()
	g.Resume(0)
	for range count {
		g.Reading(g.last + length)
	}
	g.quiet = quiet
	return g
}

// TestNoisyIsWhatTheShareSays: the share is told where it rests on enough, and whoever is told more than 8 % is told that the run is noisy.
func TestNoisyIsWhatTheShareSays(t *testing.T) {
	always := func(g *Gaps) *Gaps {
		g.always = true
		return g
	}
	stopped := func(g *Gaps) *Gaps {
		g.stops = true
		return always(g)
	}
	const ms = 1_000_000
	for name, test := range map[string]struct {
		gaps []*Gaps
		want float64 // -1 for what is not told
	}{
		"nothing watched":                      {[]*Gaps{NewGaps()}, -1},
		"nothing lost":                         {[]*Gaps{share(100, 40, ms)}, 0},
		"a little":                             {[]*Gaps{share(2, 4*ms, 992*ms)}, 0.008},
		"one long gap in little time":          {[]*Gaps{share(1, 4*ms, ms)}, -1},
		"nine long gaps":                       {[]*Gaps{share(9, 10*ms, 10*ms)}, -1},
		"ten long gaps":                        {[]*Gaps{share(10, 10*ms, 100*ms)}, 0.5},
		"ten long gaps of two workers":         {[]*Gaps{share(5, 10*ms, 50*ms), share(5, 10*ms, 50*ms)}, 0.5},
		"as much as a quiet machine may":       {[]*Gaps{share(80, ms, 920*ms)}, 0.08},
		"one gap of who watches all the time":  {[]*Gaps{always(share(1, 250*ms, 750*ms))}, 0.25},
		"a worker that tells nothing, beside":  {[]*Gaps{share(1, 4*ms, ms), always(share(1, ms, 99*ms))}, 0.01},
		"a stop of the process":                {[]*Gaps{share(1, 250*ms, 100*ms), stopped(share(1, 250*ms, 750*ms))}, 0.25},
		"a stop that the workers did not see":  {[]*Gaps{share(1, 40, 100*ms), stopped(share(1, 250*ms, 750*ms))}, 0.25},
		"no stop, and workers that tell none":  {[]*Gaps{share(1, 250*ms, 100*ms), stopped(share(0, 0, 750*ms))}, -1},
		"no stop, and workers that lose a lot": {[]*Gaps{share(10, 10*ms, 300*ms), stopped(share(0, 0, 750*ms))}, 0.25},
	} {
		result := &sim.Result{}
		h := Report(result, time.Second, nil, test.gaps)
		got := -1.0
		if h.LostShare != nil {
			got = *h.LostShare
		}
		if got != test.want || (len(result.Warnings) > 0) != (got > noisy) {
			t.Errorf("%s: lost %g, want %g; warnings %q", name, got, test.want, result.Warnings)
		}
	}
	if h := Report(&sim.Result{}, time.Second, nil, nil); h != nil {
		t.Errorf("without meters: %+v", h)
	}
}

// TestAStopIsTheLongestGap: who watches for stops alone tells the longest gap and a mark, and no percentile, which it would make smaller than it is.
func TestAStopIsTheLongestGap(t *testing.T) {
	g, sleeper := share(1000, 40, 0), NewGaps()
	sleeper.always, sleeper.stops = true, true
	sleeper.Resume(0)
	for range 20 {
		sleeper.Slept(sleeper.last, stopGap, sleeper.last+stopGap)
	}
	at := sleeper.last
	sleeper.Slept(at, stopGap, at+1_000_000_000)
	result := &sim.Result{}
	h := Report(result, 2*time.Second, nil, []*Gaps{g, sleeper})
	if h.MaxNS != 1_000_000_000 || told(h.P50NS) != 40 || told(h.P99NS) != 40 {
		t.Errorf("got %d, %d and %d ns", told(h.P50NS), told(h.P99NS), h.MaxNS)
	}
	if want := []sim.Mark{{AtS: 0.8, ForS: 1, What: "stolen"}}; !cmp.Equal(want, result.Marks) {
		t.Errorf("marks %v, want %v", result.Marks, want)
	}
}

func TestTheLongestGapsAreKept(t *testing.T) {
	g := NewGaps()
	now := int64(0)
	g.Resume(now)
	for i := range int64(3 * mostMarks) {
		now += 2_000_000 + i*1000
		g.Reading(now)
	}
	result := &sim.Result{}
	Report(result, time.Second, nil, []*Gaps{g})
	if len(result.Marks) != mostMarks || result.Marks[0].ForS != 0.0024 {
		t.Errorf("%d marks, the first of %g s; want %d of 2.4 ms and more", len(result.Marks), result.Marks[0].ForS, mostMarks)
	}
}

func TestMetersReadTheClock(t *testing.T) {
	for name, start := range map[string]func(time.Time) *Meter{"spins": StartMeter, "sleeps": StartSleeper} {
		since := time.Now()
		g := start(since).Stop()
		if g.watched() <= 0 || g.watched() > int64(time.Since(since)) || !g.always {
			t.Errorf("who %s watched %d ns", name, g.watched())
		}
	}
}
