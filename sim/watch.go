package sim

// Watch looks, in the course of a run, whether the thresholds that abort it can still pass.
type Watch struct{ all []watched }

// watched is a threshold that aborts, with the place of its figure.
type watched struct {
	index     int
	threshold *Threshold
	place     place
}

// NewWatch returns a watch of those thresholds that abort a run.
func NewWatch(thresholds []Threshold) *Watch {
	w := &Watch{}
	for i := range thresholds {
		if t := &thresholds[i]; t.Abort {
			if place, known := locate(t.figure()); known {
				w.all = append(w.all, watched{i, t, place})
			}
		}
	}
	return w
}

// Idle says whether no threshold aborts the run.
func (w *Watch) Idle() bool { return len(w.all) == 0 }

// Hopeless returns the index of the first threshold that can no longer pass, given what was measured so far: of the whole run the figures that
// only grow, of windows those that have ended. It is -1 where all still can.
func (w *Watch) Hopeless(soFar *Result) int {
	for _, one := range w.all {
		if one.threshold.isHopeless(soFar, &one.place) {
			return one.index
		}
	}
	return -1
}

func (t *Threshold) isHopeless(soFar *Result, place *place) bool {
	if t.Over != nil {
		if soFar.Windows[t.Over.String()] == nil {
			return false
		}
		verdict := judge(soFar, t)
		return verdict.Failed()
	}
	value, sample := place.read(soFar)
	return sample && t.passed(value)
}

// passed says whether a figure that only grows has gone past what the condition allows.
func (t *Threshold) passed(value float64) bool {
	if t.Operator == "<" {
		return value >= t.Limit
	}
	return value > t.Limit
}

// CanAbort says whether it shows before the end of a run that the threshold can no longer pass: at the end of its window, or, without one,
// where the figure only grows and the condition bounds it from above. Intervals are known only when all replicas have ended.
func (t *Threshold) CanAbort() bool {
	if t.Interval {
		return false
	}
	bounded := t.Operator == "<" || t.Operator == "<=" || t.Operator == "=="
	return t.Over != nil || bounded && onlyGrows(t.Path)
}
