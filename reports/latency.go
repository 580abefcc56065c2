package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// latencyPart lists how long commands took, and what was offered of what was planned. There is nothing where no latencies are.
func latencyPart(result *sim.Result) part {
	if len(result.Latency) == 0 {
		return part{}
	}
	p := part{heading: headed("Latency", result), columns: []string{"command", "count", "p50", "p90", "p99", "p99.9", "longest", "service p50", "service p99"}}
	verbs := slices.Collect(maps.Keys(result.Latency))
	slices.SortFunc(verbs, func(a, b string) int {
		first, _ := model.ParseVerb(a)
		second, _ := model.ParseVerb(b)
		return int(first) - int(second)
	})
	for _, verb := range verbs {
		f, service := result.Latency[verb], result.Service[verb]
		if f == nil {
			continue
		}
		name := verb
		if known, ok := model.ParseVerb(verb); ok && known.IsQuery() {
			name = "query " + verb
		}
		row := []string{
			name, figure.Count(f.Count), latency(f.P50NS), latency(f.P90NS), latency(f.P99NS), latency(f.P999NS), latency(&f.MaxNS), "", "",
		}
		if service != nil {
			row[7], row[8] = latency(service.P50NS), latency(service.P99NS)
		}
		p.rows = append(p.rows, row)
	}
	if result.Load != nil {
		p.lines = append(p.lines, loadLine(result.Load))
	}
	return p
}

// latency writes a length of time; one that is not known is left out.
func latency(nanoseconds *int64) string {
	if nanoseconds == nil {
		return ""
	}
	return figure.Latency(float64(*nanoseconds))
}

// loadLine says in one line whether what was planned was offered and came about.
func loadLine(l *sim.LoadFigures) string {
	achieved := figure.Number(l.AchievedPerS) + " commands and queries per second achieved"
	if l.Closed() {
		return "Closed loop: " + achieved + ", each when the last was answered. No instant is planned: all times are service times, from the start to the answer."
	}
	parts := []string{fmt.Sprintf("%s per second offered, %s", figure.Number(l.OfferedPerS), achieved)}
	if l.OfferedPerS > 0 {
		parts[0] += " (" + figure.Share(l.AchievedPerS/l.OfferedPerS) + ")"
	}
	late := fmt.Sprintf("%s more than 1 ms late (%s)", figure.Count(l.Late), figure.Share(l.LateShare))
	if l.LateP99NS != nil {
		late += ", p99 of the delay " + latency(l.LateP99NS)
	}
	parts = append(parts, late)
	return "Open loop: " + strings.Join(append(parts, figure.Count(l.Dropped)+" dropped"), "; ") + "."
}
