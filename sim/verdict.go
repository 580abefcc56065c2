package sim

import "slices"

// The verdicts on a threshold.
const (
	VerdictPass   = "pass"
	VerdictFail   = "fail"
	VerdictNoData = "no_data"
)

// Judge holds a result against thresholds, in their order. A figure that was measured over replicas is judged by its mean, or, where the
// threshold asks for that, by its whole interval, which takes two replicas or more.
func Judge(result *Result, thresholds []Threshold) []Verdict {
	verdicts := make([]Verdict, len(thresholds))
	for i := range thresholds {
		verdicts[i] = judge(result, &thresholds[i])
	}
	return verdicts
}

func judge(result *Result, t *Threshold) Verdict {
	verdict := Verdict{That: t.String(), Severity: t.Severity, Verdict: VerdictNoData}
	value, sample := Figure(result, t.figure())
	replicate := result.Replicates[t.figure()]
	if replicate.N > 0 {
		value, sample = replicate.Mean, true
	}
	holds := t.holds(value)
	if t.Interval {
		sample = replicate.N > 1
		holds = t.holdsAll(replicate.Low, replicate.High)
	}
	switch {
	case sample && holds:
		verdict.Verdict = VerdictPass
	case sample:
		verdict.Verdict = VerdictFail
	case t.NoData:
		verdict.Verdict = VerdictPass
	}
	if sample {
		verdict.Observed = &value
	}
	if sample && t.Interval {
		verdict.Low, verdict.High = &replicate.Low, &replicate.High
	}
	return verdict
}

// figure returns the path of the figure that the threshold judges, in its window if it has one.
func (t *Threshold) figure() string {
	if t.Over == nil {
		return t.Path
	}
	return windows + t.Over.String() + "." + t.Path
}

// holdsAll says whether the condition holds for every value from low to high.
func (t *Threshold) holdsAll(low, high float64) bool {
	if t.Operator == "!=" {
		return t.Limit < low || t.Limit > high
	}
	return t.holds(low) && t.holds(high)
}

func (t *Threshold) holds(value float64) bool {
	switch t.Operator {
	case "<":
		return value < t.Limit
	case "<=":
		return value <= t.Limit
	case ">":
		return value > t.Limit
	case ">=":
		return value >= t.Limit
	case "==":
		return value == t.Limit
	case "!=":
		return value != t.Limit
	}
	return false
}

// Failed says whether a verdict fails the run: the threshold does not hold or has no data, and is not a mere warning.
func (v *Verdict) Failed() bool { return v.Verdict != VerdictPass && v.Severity != SeverityWarn }

// StoppedEarly says whether the run stopped because a threshold could no longer pass: its figures cover a part of what was planned.
func (r *Result) StoppedEarly() bool {
	return slices.ContainsFunc(r.Thresholds, func(v Verdict) bool { return v.Aborted })
}
