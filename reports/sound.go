package reports

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"invitesim/sim"
)

// longestRun is the most seconds that a result may span: a thousand years.
const longestRun = 1000 * 365 * 24 * 3600

// unsound says where the figures of a result cannot be those of a run, whatever ran: shares above 1, lists that belong together and differ in length,
// words that no program writes. Each finding begins with its place, as misshapen's do.
func unsound(result *sim.Result) []string {
	s := soundness{}
	s.run(result)
	s.shares(result)
	s.series(&result.Series)
	for _, name := range slices.Sorted(maps.Keys(result.Distributions)) {
		s.curve(fmt.Sprintf("distributions[%q]", name), result.Distributions[name])
	}
	for i := range result.Thresholds {
		s.threshold(fmt.Sprintf("thresholds[%d]", i), &result.Thresholds[i])
	}
	for _, path := range slices.Sorted(maps.Keys(result.Replicates)) {
		s.replicate(fmt.Sprintf("replicates[%q]", path), result.Replicates[path], result.Replicas)
	}
	for _, path := range slices.Sorted(maps.Keys(result.EachReplica)) {
		if n := len(result.EachReplica[path]); n != result.Replicas {
			s.wrong(fmt.Sprintf("each_replica[%q]", path), fmt.Sprintf("%d values", n), fmt.Sprintf("%d, one for each replica", result.Replicas))
		}
	}
	for i, mark := range result.Marks {
		if mark.AtS < 0 || mark.ForS < 0 {
			s.wrong(fmt.Sprintf("marks[%d]", i), fmt.Sprintf("at_s %v, for_s %v", mark.AtS, mark.ForS), "numbers from 0 on")
		}
	}
	return s.found
}

// soundness collects what is wrong with a result.
type soundness struct{ found []string }

func (s *soundness) wrong(place, found, expected string) {
	if len(s.found) < mostFound {
		s.found = append(s.found, fmt.Sprintf("%s: found %s, expected %s", place, found, expected))
	}
}

// oneOf wants one of some words.
func (s *soundness) oneOf(place, found string, words ...string) {
	if !slices.Contains(words, found) {
		s.wrong(place, fmt.Sprintf("%.40q", found), strings.Join(words, " or "))
	}
}

// run looks at what ran.
func (s *soundness) run(result *sim.Result) {
	s.oneOf("clock", result.Clock, "virtual", "wall")
	if result.LatencySource != "" {
		s.oneOf("latency_source", result.LatencySource, "measured", "simulated")
	}
	if result.Load != nil {
		s.oneOf("load.loop", result.Load.Loop, "open", "closed")
	}
	if _, err := time.Parse(time.RFC3339, result.Start); err != nil {
		s.wrong("start", fmt.Sprintf("%.40q", result.Start), "an instant such as 2026-01-05T00:00:00Z")
	}
	if result.DurationS > longestRun {
		s.wrong("duration_s", fmt.Sprint(result.DurationS), fmt.Sprintf("at most %d", longestRun))
	}
	if result.WarmupS > result.DurationS {
		s.wrong("warmup_s", fmt.Sprint(result.WarmupS), fmt.Sprintf("at most the duration, %d", result.DurationS))
	}
	if result.Replicas < 1 {
		s.wrong("replicas", fmt.Sprint(result.Replicas), "at least 1")
	}
	if result.Speed < 0 {
		s.wrong("speed", fmt.Sprint(result.Speed), "a number from 0 on")
	}
	if result.Workers < 0 {
		s.wrong("workers", fmt.Sprint(result.Workers), "a number from 0 on")
	}
	if result.ForS < 0 || result.ForS > longestRun {
		s.wrong("for_s", fmt.Sprint(result.ForS), fmt.Sprintf("a number from 0 to %d", longestRun))
	}
}

// shares wants every share to be one, and every other figure not to be negative.
func (s *soundness) shares(result *sim.Result) {
	const rounding = 1e-9
	sim.EachFigure(result, func(path string, value float64) {
		switch {
		case value < 0:
			s.wrong(path, fmt.Sprint(value), "a number from 0 on")
		case strings.HasSuffix(path, "share") && value > 1+rounding:
			s.wrong(path, fmt.Sprint(value), "a share, from 0 to 1")
		}
	})
}

// series wants a value in every row for each column, and rows in the order of time.
func (s *soundness) series(series *sim.Series) {
	if len(series.Rows) == 0 {
		return
	}
	if len(series.Columns) == 0 || series.Columns[0] != "t_s" {
		s.wrong("series.columns", shown(strings.Join(series.Columns, ", ")), "t_s before all others")
		return
	}
	if series.StepS < 1 {
		s.wrong("series.step_s", fmt.Sprint(series.StepS), "at least 1")
	}
	for i, name := range series.Columns {
		if slices.Contains(series.Columns[:i], name) {
			s.wrong(fmt.Sprintf("series.columns[%d]", i), fmt.Sprintf("%.40q once more", name), "each column once")
		}
	}
	last := -1.0
	for i, row := range series.Rows {
		if len(row) != len(series.Columns) {
			s.wrong(fmt.Sprintf("series.rows[%d]", i), fmt.Sprintf("%d values", len(row)), fmt.Sprintf("%d, one for each column", len(series.Columns)))
			return
		}
		if row[0] <= last {
			s.wrong(fmt.Sprintf("series.rows[%d][0]", i), fmt.Sprint(row[0]), "more than in the row before")
			return
		}
		last = row[0]
		if k := slices.IndexFunc(row, func(value float64) bool { return value < 0 }); k >= 0 {
			s.wrong(fmt.Sprintf("series.rows[%d][%d]", i, k), fmt.Sprint(row[k]), "a number from 0 on")
			return
		}
	}
}

// curve wants a y for each x.
func (s *soundness) curve(place string, c sim.Curve) {
	if len(c.X) != len(c.Y) {
		s.wrong(place, fmt.Sprintf("%d x and %d y", len(c.X), len(c.Y)), "as many")
	}
}

// threshold wants a verdict in the words of verdicts, on something that can be read.
func (s *soundness) threshold(place string, v *sim.Verdict) {
	if len(strings.Fields(v.That)) < 3 {
		s.wrong(place+".that", fmt.Sprintf("%.40q", v.That), "a figure, an operator and a limit")
	}
	s.oneOf(place+".verdict", v.Verdict, sim.VerdictPass, sim.VerdictFail, sim.VerdictNoData)
	s.oneOf(place+".severity", string(v.Severity), string(sim.SeverityFail), string(sim.SeverityWarn))
}

// replicate wants a mean within its interval, over no more replicas than there were.
func (s *soundness) replicate(place string, r sim.Replicate, replicas int) {
	if r.Low > r.Mean || r.Mean > r.High {
		s.wrong(place, fmt.Sprintf("mean %v, low %v, high %v", r.Mean, r.Low, r.High), "the mean between low and high")
	}
	if r.N < 1 || r.N > replicas {
		s.wrong(place+".n", fmt.Sprint(r.N), fmt.Sprintf("1 to %d, the number of replicas", replicas))
	}
}
