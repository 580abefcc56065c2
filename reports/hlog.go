package reports

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"invitesim/reports/terminal"
	"invitesim/sim"
)

// latencyLog writes every latency histogram of the result in the log format of HdrHistogram, version 1.3: one interval of the whole run
// for each, with the tag latency.VERB (from the planned instant, in a closed loop from the actual start), service.VERB (from the actual start) or hiccups
// (what the machine took away). Times are relative to when the workers began by the wall clock, or to the start of the scenario where latencies were
// simulated; the greatest value of an interval is in milliseconds. Without latencies it returns nothing.
func latencyLog(result *sim.Result) []byte {
	if len(result.Latency) == 0 {
		return nil
	}
	since := "latency.* from the planned instant, service.* from the actual start"
	if result.Load.Closed() {
		since = "latency.* and service.* from the actual start: in a closed loop nothing is planned"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "#[%s, seed %d: nanoseconds; "+since+"; hiccups one for each that was watched]\n", terminal.Visible(result.Scenario.Name), result.Seed)
	fmt.Fprintf(&b, "#[Histogram log format version 1.3]\n")
	start := logStart(result)
	epoch := float64(start.UnixMilli()) / 1e3
	fmt.Fprintf(&b, "#[StartTime: %.3f (seconds since epoch), %s]\n", epoch, start.Format(time.ANSIC))
	fmt.Fprintf(&b, "#[BaseTime: %.3f (seconds since epoch)]\n", epoch)
	fmt.Fprintf(&b, "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n")
	length := latencyLength(result)
	for _, of := range []struct {
		tag     string
		figures map[string]*sim.LatencyFigures
	}{{"latency", result.Latency}, {"service", result.Service}} {
		for _, verb := range slices.Sorted(maps.Keys(of.figures)) {
			if f := of.figures[verb]; f != nil && f.Histogram != "" {
				fmt.Fprintf(&b, "Tag=%s.%s,0.000,%.3f,%.6f,%s\n", of.tag, verb, length, float64(f.MaxNS)/1e6, f.Histogram)
			}
		}
	}
	if h := result.Hiccups; h != nil && h.Histogram != "" {
		fmt.Fprintf(&b, "Tag=hiccups,0.000,%.3f,%.6f,%s\n", length, float64(h.MaxNS)/1e6, h.Histogram)
	}
	return b.Bytes()
}

// logStart returns when the gathering of latencies began.
func logStart(result *sim.Result) time.Time {
	for _, began := range []string{result.Started, result.Start} {
		if start, err := time.Parse(time.RFC3339, began); err == nil {
			return start.UTC()
		}
	}
	return time.Unix(0, 0).UTC()
}

// latencyLength returns how long latencies were gathered, in seconds: of the wall clock where they were measured, else of the people's time.
func latencyLength(result *sim.Result) float64 {
	if ends := result.Distributions["load.achieved"].X; len(ends) > 0 {
		return ends[len(ends)-1]
	}
	return float64(result.DurationS)
}
