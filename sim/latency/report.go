package latency

import (
	"fmt"
	"time"

	"invitesim/model"
	"invitesim/sim"
)

// sourceMeasured is the source of latency as sim.Result names it.
const sourceMeasured = "measured"

// The names of the curves that Report adds to sim.Result.Distributions, followed by a verb or an outcome where they end in a dot. A spectrum
// is over x = 1/(1−p) for the percentile p; the others but the outcomes are over the end of each step of wall time, in seconds.
const (
	curveSpectrum = "latency_spectrum." // nanoseconds, of a verb
	curveHiccups  = "hiccup_spectrum"   // nanoseconds
	curveTime     = "latency_time."     // nanoseconds: p50, p99, p999
	curveLoad     = "load."             // per second: offered, achieved, late, dropped
	curveOutcome  = "latency_outcome."  // nanoseconds of service over the share of commands: 0.5 and 0.99
)

// Report merges what workers and meters recorded into the result of a run of the given length of wall time: Latency, Service, Load but for its Loop
// (which it keeps), LatencySource, the curves that charts draw, marks, warnings and Hiccups. It returns what the
// meters saw, without its histogram; nil without any. The
// recorders hold nothing afterwards.
func Report(result *sim.Result, wall time.Duration, recorders []*Recorder, gaps []*Gaps) *sim.Hiccups {
	if result.Distributions == nil {
		result.Distributions = map[string]sim.Curve{}
	}
	result.LatencySource = sourceMeasured
	if len(recorders) > 0 {
		merged := merge(recorders)
		merged.verbs(result)
		merged.outcomes(result)
		merged.load(result, wall, recorders)
		reportSteps(result, wall, recorders)
		markWarmup(result, wall, recorders)
	}
	return hiccups(result, gaps)
}

// markWarmup marks the wall time of which something is in no figure, if there is any.
func markWarmup(result *sim.Result, wall time.Duration, recorders []*Recorder) {
	until := int64(0)
	for _, r := range recorders {
		until = max(until, min(r.from, int64(wall)))
	}
	if until > 0 {
		result.Marks = append(result.Marks, sim.Mark{ForS: time.Duration(until).Seconds(), What: MarkWarmup})
	}
}

// merge adds up the figures of recorders, without their series.
func merge(recorders []*Recorder) *Recorder {
	sum := &Recorder{lateness: NewHistogram()}
	for _, r := range recorders {
		sum.counts.late += r.counts.late
		sum.counts.dropped += r.counts.dropped
		sum.lateness.Merge(r.lateness)
		for verb := range r.services {
			for outcome, service := range r.services[verb] {
				if service == nil {
					continue
				}
				if sum.services[verb][outcome] == nil {
					sum.meet(model.Verb(verb), model.Outcome(outcome))
				}
				sum.services[verb][outcome].Merge(service)
			}
			if r.responses[verb] != nil {
				sum.responses[verb].Merge(r.responses[verb])
			}
		}
	}
	return sum
}

// verbs reports each verb.
func (r *Recorder) verbs(result *sim.Result) {
	result.Latency, result.Service = map[string]*sim.LatencyFigures{}, map[string]*sim.LatencyFigures{}
	for verb, response := range r.responses {
		if response == nil {
			continue
		}
		name := model.Verb(verb).String()
		service := NewHistogram()
		for _, of := range r.services[verb] {
			if of != nil {
				service.Merge(of)
			}
		}
		result.Latency[name], result.Service[name] = response.Figures(), service.Figures()
		if curve := response.spectrum(); len(curve.X) > 0 {
			result.Distributions[curveSpectrum+name] = curve
		}
		if n := response.Beyond() + service.Beyond(); n > 0 {
			result.Warnings = append(result.Warnings,
				fmt.Sprintf("latency.%s: %d values are beyond the histogram, which ends at %v", name, n, time.Duration(ceiling)))
		}
	}
}

// Figures returns what a result says of the histogram of a verb. Percentiles that fewer than ten values lie beyond are left out.
func (h *Histogram) Figures() *sim.LatencyFigures {
	f := &sim.LatencyFigures{Count: h.Count(), MeanNS: h.Mean(), MaxNS: h.Max(), Histogram: h.Encode()}
	for thousandths, into := range map[uint64]**int64{500: &f.P50NS, 900: &f.P90NS, 990: &f.P99NS, 999: &f.P999NS} {
		if supports(h.total, thousandths) {
			value := h.Percentile(thousandths)
			*into = &value
		}
	}
	return f
}

// spectrum returns values over x = 1/(1−p), twenty of them for each tenfold x, as far as ten values lie beyond.
func (h *Histogram) spectrum() sim.Curve {
	curve := sim.Curve{Unit: "ns"}
	mantissas := [...]uint64{100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800, 900}
	var ranks []uint64
	for power := uint64(1); h.total/power >= leastBeyond; power *= 10 {
		for _, mantissa := range mantissas {
			above := h.total * 100 / (mantissa * power)
			if above < leastBeyond {
				break
			}
			ranks = append(ranks, max(h.total-above, 1))
			curve.X = append(curve.X, float64(mantissa)*float64(power)/100)
		}
	}
	for _, value := range h.atRanks(ranks...) {
		curve.Y = append(curve.Y, float64(value))
	}
	return curve
}

// outcomes reports how long commands took by what came of them, from their actual start on: what was planned has no part in it.
func (r *Recorder) outcomes(result *sim.Result) {
	for outcome := model.NoOutcome + 1; int(outcome) < model.Outcomes; outcome++ {
		all := NewHistogram()
		for verb := range r.services {
			if of := r.services[verb][outcome]; of != nil {
				all.Merge(of)
			}
		}
		curve := sim.Curve{Unit: "ns"}
		for _, thousandths := range []uint64{500, 990} {
			if supports(all.total, thousandths) {
				curve.X = append(curve.X, float64(thousandths)/1000)
				curve.Y = append(curve.Y, float64(all.Percentile(thousandths)))
			}
		}
		if len(curve.X) > 0 {
			result.Distributions[curveOutcome+outcome.String()] = curve
		}
	}
}

// load reports what was offered and what of it was achieved, in a second of the time that it was planned for: how much longer the answers took is
// a matter of latencies, and takes nothing from the rate that was offered.
func (r *Recorder) load(result *sim.Result, wall time.Duration, recorders []*Recorder) {
	if result.Load == nil {
		result.Load = new(sim.LoadFigures)
	}
	l := result.Load
	l.Late, l.Dropped = r.counts.late, r.counts.dropped
	if supports(r.lateness.total, 990) {
		p99 := r.lateness.Percentile(990)
		l.LateP99NS = &p99
	}
	measured := time.Duration(0) // of all recorders together: each may have had an end of the warm-up of its own
	for _, each := range recorders {
		measured += max(min(wall, time.Duration(each.until))-time.Duration(each.from), 0)
	}
	offered, achieved := r.offered()
	if seconds := (measured / time.Duration(len(recorders))).Seconds(); seconds > 0 {
		l.OfferedPerS, l.AchievedPerS = float64(offered)/seconds, float64(achieved)/seconds
	}
	if offered > 0 {
		l.LateShare = float64(r.counts.late) / float64(offered)
	}
}

// reportSteps adds the curves over wall time.
func reportSteps(result *sim.Result, wall time.Duration, recorders []*Recorder) {
	length := time.Duration(recorders[0].curve.length)
	// A last step of less than half the length belongs to the one before: rates over next to nothing say nothing.
	steps := max(int((wall+length/2)/length), 1)
	ends := make([]float64, steps)
	for i := range ends {
		ends[i] = (time.Duration(i+1) * length).Seconds()
	}
	ends[steps-1] = wall.Seconds()
	for _, each := range []struct {
		name string
		of   func(counts) uint64
	}{
		{"offered", func(c counts) uint64 { return c.offered }},
		{"achieved", func(c counts) uint64 { return c.achieved }},
		{"late", func(c counts) uint64 { return c.late }},
		{"dropped", func(c counts) uint64 { return c.dropped }},
	} {
		curve := sim.Curve{Unit: "per second", X: ends, Y: make([]float64, steps)}
		for _, r := range recorders {
			for i, here := range r.steps {
				curve.Y[min(i, steps-1)] += float64(each.of(here))
			}
		}
		begin := 0.0
		for i, end := range ends {
			if end > begin {
				curve.Y[i] /= end - begin
			}
			begin = end
		}
		result.Distributions[curveLoad+each.name] = curve
	}
	reportCurve(result, ends, recorders)
}

// reportCurve adds the percentiles of each step that has enough commands to tell them.
func reportCurve(result *sim.Result, ends []float64, recorders []*Recorder) {
	percentiles := []struct {
		name        string
		thousandths uint64
	}{{"p50", 500}, {"p99", 990}, {"p999", 999}}
	curves := make([]sim.Curve, len(percentiles))
	for _, r := range recorders {
		r.curve.sort()
	}
	all := NewHistogram()
	for step, end := range ends {
		all.empty()
		upTo := step
		if step == len(ends)-1 {
			upTo = int(^uint(0) >> 1)
		}
		for _, r := range recorders {
			r.curve.take(upTo, all)
		}
		for i, p := range percentiles {
			if supports(all.total, p.thousandths) {
				curves[i].X = append(curves[i].X, end)
				curves[i].Y = append(curves[i].Y, float64(all.Percentile(p.thousandths)))
			}
		}
	}
	for i, p := range percentiles {
		if len(curves[i].X) > 0 {
			curves[i].Unit = "ns"
			result.Distributions[curveTime+p.name] = curves[i]
		}
	}
}
