package reports_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"

	"invitesim/reports"
	"invitesim/reports/internal/sample"
	"invitesim/sim"
)

// logged is what the log tells of one histogram.
type logged struct {
	count, longest, p50 int64
	from, until         int64 // milliseconds since 1970
}

func TestTheLogIsReadByTheUsualTools(t *testing.T) {
	dir := t.TempDir()
	result := sample.Measured()
	result.Scenario.Name = "two\nlines"
	result.Started = "2026-11-23T02:15:00.250Z"
	if err := reports.Write(dir, result, nil, reports.Options{}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "latency.hlog"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]logged{}
	for prefix, figures := range map[string]map[string]*sim.LatencyFigures{"latency.": result.Latency, "service.": result.Service} {
		for verb, f := range figures {
			want[prefix+verb] = logged{int64(f.Count), f.MaxNS, *f.P50NS, 1_795_400_100_250, 1_795_400_160_250}
		}
	}
	want["hiccups"] = logged{longest: result.Hiccups.MaxNS, p50: *result.Hiccups.P50NS, from: 1_795_400_100_250, until: 1_795_400_160_250}
	got := map[string]logged{}
	for reader := hdrhistogram.NewHistogramLogReader(bytes.NewReader(text)); ; {
		h, err := reader.NextIntervalHistogram()
		if err != nil {
			t.Fatal(err)
		}
		if h == nil {
			break
		}
		one := logged{h.TotalCount(), want[h.Tag()].longest, h.ValueAtPercentile(50), h.StartTimeMs(), h.EndTimeMs()}
		if !h.ValuesAreEquivalent(h.Max(), one.longest) {
			t.Errorf("%s: the longest is %d, want %d", h.Tag(), h.Max(), one.longest)
		}
		if h.Tag() == "hiccups" {
			if one.count < 1e8 || one.count > 60e9 {
				t.Errorf("hiccups: %d nanoseconds were watched, want some of the minute", one.count)
			}
			one.count = 0
		}
		got[h.Tag()] = one
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(logged{})); diff != "" {
		t.Error(diff)
	}
}

func TestTheLogOfAnEarlierResultGoes(t *testing.T) {
	dir := t.TempDir()
	for _, result := range []*sim.Result{sample.Measured(), sample.Result(sample.SteadyWeek())} {
		if err := reports.Write(dir, result, &sim.Manifest{}, reports.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "latency.hlog")); !os.IsNotExist(err) {
		t.Errorf("a virtual run left the log of the run before: %v", err)
	}
}
