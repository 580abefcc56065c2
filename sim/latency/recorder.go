package latency

import (
	"time"

	"invitesim/model"
)

// tolerance is how long after its planned instant a command may start, in nanoseconds, without being late.
const tolerance = int64(time.Millisecond)

// Recorder measures the commands of one worker. All instants are nanoseconds since the start of the run. Not safe for concurrent use.
type Recorder struct {
	from      int64                                   // commands planned before count in the steps only
	responses [model.Verbs]*Histogram                 // from the planned instant
	services  [model.Verbs][model.Outcomes]*Histogram // from the actual start
	lateness  *Histogram                              // from the planned instant to the actual start, of all verbs
	counts    counts                                  // of what was planned at from or after
	steps     struct{ offered, achieved, late, dropped perStep }
	curve     responsesByStep
}

// counts are how many commands were offered, late and dropped.
type counts struct{ offered, late, dropped uint64 }

// NewRecorder returns a recorder whose series have the given step of wall time, which must be positive. DefaultStep suggests one.
func NewRecorder(step time.Duration) *Recorder {
	r := &Recorder{lateness: NewHistogram()}
	for _, each := range []*perStep{&r.steps.offered, &r.steps.achieved, &r.steps.late, &r.steps.dropped} {
		*each = newPerStep(step)
	}
	r.curve = newResponsesByStep(step)
	return r
}

// DefaultStep returns the step of series for a run of the given length of wall time: a second from a minute on, and shorter for shorter runs.
func DefaultStep(wall time.Duration) time.Duration {
	for _, step := range []time.Duration{10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond} {
		if wall < 120*step {
			return step
		}
	}
	return time.Second
}

// MeasureFrom sets the end of the warm-up: what is planned before counts in the series, and in no figure. It is about what is recorded after the
// call: where the end of the warm-up is not known before, the caller begins with an instant that never comes.
func (r *Recorder) MeasureFrom(at int64) { r.from = at }

// Record counts a command or a query: when it was planned, started and answered. The caller has offered it.
func (r *Recorder) Record(verb model.Verb, outcome model.Outcome, planned, started, answered int64) {
	response := max(answered-planned, 0)
	bucket := bucketOf(response)
	r.steps.achieved.add(answered, 1)
	r.curve.record(planned, bucket)
	if started-planned > tolerance {
		r.late(planned)
	}
	if planned < r.from {
		return
	}
	if r.services[verb][outcome] == nil {
		r.meet(verb, outcome)
	}
	r.responses[verb].add(response, bucket)
	r.services[verb][outcome].Record(answered - started)
	r.lateness.Record(started - planned)
}

// late counts a command that started late.
func (r *Recorder) late(planned int64) {
	r.steps.late.add(planned, 1)
	if planned >= r.from {
		r.counts.late++
	}
}

// meet prepares for a verb and an outcome.
func (r *Recorder) meet(verb model.Verb, outcome model.Outcome) {
	r.services[verb][outcome] = NewHistogram()
	if r.responses[verb] == nil {
		r.responses[verb] = NewHistogram()
	}
}

// Offer counts a command that is planned for an instant and will be started, however late: Record tells of it too.
func (r *Recorder) Offer(planned int64) {
	r.steps.offered.add(planned, 1)
	if planned >= r.from {
		r.counts.offered++
	}
}

// Dropped counts n commands that were planned for an instant within the run and are never started. They count as offered too: Offer is
// not told of them.
func (r *Recorder) Dropped(planned int64, n uint64) {
	r.steps.offered.add(planned, n)
	r.steps.dropped.add(planned, n)
	if planned >= r.from {
		r.counts.offered += n
		r.counts.dropped += n
	}
}
