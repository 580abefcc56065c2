package measure

import (
	"invitesim/model"
	"invitesim/sim"
)

// Watch has tell called each time that all recorders have ended a step, with the instant behind it, and with what Recorder.SoFar tells of a run in
// one: once the warm-up is over the figures that only grow, and the windows that have ended. The worker that ends the step last
// makes the call, one at a time, while the others may be ahead. Windows are to be closed before the step that ends with them. It is to be set while no recorder is in use; nil for nobody.
func (j *Joint) Watch(tell func(t model.Instant, soFar *sim.Result)) { j.tell = tell }

// stand adds what a recorder has counted until the end of the step.
func (s *jointStep) stand(r *Recorder) {
	if s.tallies == nil {
		s.tallies = make([]tally, len(r.tallies))
	}
	for i := range r.tallies {
		s.tallies[i].addCounts(&r.tallies[i])
	}
	if r.measuring {
		s.measuring++
	}
}

// soFar tells what was measured before t, where a step ends that all recorders have ended.
func (j *Joint) soFar(t model.Instant, step *jointStep) *sim.Result {
	all, result := j.recorders[0], &sim.Result{}
	for i, of := range j.windows {
		if span := all.windows[i].Span; span.Until <= t { // and so it is closed in all recorders
			if result.Windows == nil {
				result.Windows = map[string]*sim.Window{}
			}
			result.Windows[span.String()] = of.window(span.From, span.Until)
		}
	}
	if step.measuring == len(j.recorders) {
		all.writeGrowing(step.tallies, result)
	}
	return result
}
