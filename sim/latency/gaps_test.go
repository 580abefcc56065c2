package latency

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"invitesim/sim"
)

func TestGaps(t *testing.T) {
	quiet, busy := NewGaps(), NewGaps()
	for now := int64(40); now <= 1_000_000; now += 40 {
		quiet.Reading(now)
	}
	busy.Resume(5_000_000) // what came before is no gap
	busy.Reading(5_000_050)
	busy.Reading(5_000_050 + 20_000) // as long as a gap may be
	now := int64(5_020_050)
	for range 9 {
		now += 30_000 // lost
		busy.Reading(now)
	}
	busy.Reading(now + 3_000_000) // lost, and marked
	busy.Resume(9_000_000)        // a command ran meanwhile
	busy.Reading(9_000_000 + 100)
	result := &sim.Result{Marks: []sim.Mark{{AtS: 1, ForS: 2, What: "worker"}}}
	h := Report(result, time.Second, nil, []*Gaps{quiet, busy})
	// 4 290 150 ns were observed: half of them, a hundredth and a thousandth lie so long before the end of the longest gap, to a bucket.
	for p, each := range [][2]int64{{h.P50NS, 3_000_000 - 2_145_075}, {h.P99NS, 3_000_000 - 42_901}, {h.P999NS, 3_000_000 - 4290}} {
		if got, want := each[0], each[1]; got < want || got > want+want/1000 {
			t.Errorf("percentile %d is %d, expected %d", p, got, want)
		}
	}
	if h.MaxNS != 3_000_000 {
		t.Errorf("got %+v", h)
	}
	if want := 3_270_000.0 / (1_000_000 + 3_290_150); h.LostShare != want {
		t.Errorf("lost %g, want %g", h.LostShare, want)
	}
	marks := []sim.Mark{{AtS: 0.00529005, ForS: 0.003, What: "stolen"}, {AtS: 1, ForS: 2, What: "worker"}}
	if diff := cmp.Diff(marks, result.Marks); diff != "" {
		t.Error(diff)
	}
	if len(result.Warnings) != 1 || !strings.HasPrefix(result.Warnings[0], "noisy: the machine took 99.4 % of a thread's time") {
		t.Errorf("warnings %q", result.Warnings)
	}
	if curve := result.Distributions["hiccup_spectrum"]; len(curve.X) == 0 || curve.Y[0] != 40 || curve.Y[len(curve.Y)-1] != 3_000_000 {
		t.Errorf("spectrum %+v", curve)
	}
}

// Half of the time lies in gaps of 40 ns, half of it in those of 10 000 ns: what is due waits for two readings, or for any part of a long gap.
func TestWaitsInGapsOfTwoLengths(t *testing.T) {
	g := NewGaps()
	now := int64(0)
	for range 1000 {
		for range 250 {
			now += 40
			g.Reading(now)
		}
		now += 10_000
		g.Reading(now)
	}
	h := Report(&sim.Result{}, time.Second, nil, []*Gaps{g})
	if h.P50NS != 40 || h.P99NS < 9800 || h.P99NS > 9810 || h.P999NS < 9980 || h.P999NS > 9992 || h.MaxNS != 10_000 {
		t.Errorf("got %+v, expected 40, 9800, 9980 and 10000 ns", *h)
	}
}

func TestAQuietMachineIsNotNoisy(t *testing.T) {
	quiet, glanced := NewGaps(), NewGaps()
	now := int64(0)
	for i := range 1000 {
		now += 10_000
		if i%100 == 0 {
			now += 60_000
		}
		quiet.Reading(now)
	}
	for i := range int64(9) {
		glanced.Reading((i + 1) * 60_000) // lost, all of it, but too little to say so of the thread
	}
	result := &sim.Result{}
	h := Report(result, time.Second, nil, []*Gaps{quiet, glanced})
	if want := (700_000.0 + 540_000) / (10_600_000 + 540_000); h.LostShare != want || len(result.Warnings) > 0 || len(result.Marks) > 0 {
		t.Errorf("lost %g, want %g; warnings %q, marks %v", h.LostShare, want, result.Warnings, result.Marks)
	}
	if h := Report(result, time.Second, nil, nil); h != nil {
		t.Errorf("without meters: %+v", h)
	}
}

func TestTheLongestGapsAreKept(t *testing.T) {
	g := NewGaps()
	now := int64(0)
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

func TestMeterReadsTheClock(t *testing.T) {
	since := time.Now()
	g := StartMeter(since).Stop()
	if g.histogram.Count() == 0 || g.observed < 0 || g.observed > int64(time.Since(since)) {
		t.Errorf("%d readings over %d ns", g.histogram.Count(), g.observed)
	}
}
