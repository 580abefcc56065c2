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
// for each, with the tag latency.VERB (from the planned instant, in a closed loop from the actual start) or service.VERB (from the actual start). Times are relative to the start of
// the scenario, the greatest value of an interval is in milliseconds. Without latencies it returns nothing.
func latencyLog(result *sim.Result) []byte {
	if len(result.Latency) == 0 {
		return nil
	}
	start, err := time.Parse(time.RFC3339, result.Start)
	if err != nil {
		start = time.Unix(0, 0)
	}
	since := "latency.* from the planned instant, service.* from the actual start"
	if result.Load.Closed() {
		since = "latency.* and service.* from the actual start: in a closed loop nothing is planned"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "#[%s, seed %d: nanoseconds; "+since+"]\n", terminal.Visible(result.Scenario.Name), result.Seed)
	fmt.Fprintf(&b, "#[Histogram log format version 1.3]\n")
	fmt.Fprintf(&b, "#[StartTime: %d.000 (seconds since epoch), %s]\n", start.Unix(), start.UTC().Format(time.ANSIC))
	fmt.Fprintf(&b, "#[BaseTime: %d.000 (seconds since epoch)]\n", start.Unix())
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
	return b.Bytes()
}

// latencyLength returns how long latencies were gathered, in seconds: of the wall clock where they were measured, else of the people's time.
func latencyLength(result *sim.Result) float64 {
	if ends := result.Distributions["load.achieved"].X; len(ends) > 0 {
		return ends[len(ends)-1]
	}
	return float64(result.DurationS)
}
