package sim

// The verdicts on a threshold.
const (
	VerdictPass   = "pass"
	VerdictFail   = "fail"
	VerdictNoData = "no_data"
)

// Judge holds a result against thresholds, in their order. A figure that was measured over replicas is judged by its mean.
func Judge(result *Result, thresholds []Threshold) []Verdict {
	verdicts := make([]Verdict, len(thresholds))
	for i := range thresholds {
		verdicts[i] = judge(result, &thresholds[i])
	}
	return verdicts
}

func judge(result *Result, t *Threshold) Verdict {
	verdict := Verdict{That: t.That, Severity: t.Severity, Verdict: VerdictNoData}
	value, sample := Figure(result, t.Path)
	if replicate, ok := result.Replicates[t.Path]; ok && replicate.N > 0 {
		value, sample = replicate.Mean, true
	}
	switch {
	case sample && t.holds(value):
		verdict.Verdict = VerdictPass
	case sample:
		verdict.Verdict = VerdictFail
	case t.NoData:
		verdict.Verdict = VerdictPass
	}
	if sample {
		verdict.Observed = &value
	}
	return verdict
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
