package latency

import (
	"math"
	"time"

	"invitesim/model"
)

// tolerance is how long after its planned instant a command may start, in nanoseconds, without being late.
const tolerance = int64(time.Millisecond)

// Recorder measures the commands of one worker. All instants are nanoseconds since the start of the run. Not safe for concurrent use.
type Recorder struct {
	from      int64                                   // commands planned before count in the steps only
	until     int64                                   // no command is planned from here on
	responses [model.Verbs]*Histogram                 // from the planned instant
	services  [model.Verbs][model.Outcomes]*Histogram // from the actual start
	lateness  *Histogram                              // from the planned instant to the actual start, of all verbs
	counts    counts                                  // late and dropped ones that were planned at from or after
	steps     []counts                                // of wall time, from the first on
	curve     responsesByStep
}

// counts are how many commands were offered, achieved, late and dropped.
type counts struct{ offered, achieved, late, dropped uint64 }

// NewRecorder returns a recorder whose series have the given step of wall time, which must be positive. DefaultStep suggests one.
func NewRecorder(step time.Duration) *Recorder {
	return &Recorder{until: math.MaxInt64, lateness: NewHistogram(), steps: make([]counts, 1, expectedSteps), curve: newResponsesByStep(step)}
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

// MeasureUntil sets the end of the time that commands were planned for, where the run went on after it: rates are of the time from MeasureFrom to there.
func (r *Recorder) MeasureUntil(at int64) { r.until = at }

// Record counts a command or a query: when it was planned, started and answered.
func (r *Recorder) Record(verb model.Verb, outcome model.Outcome, planned, started, answered int64) {
	response := max(answered-planned, 0)
	bucket := BucketOf(response)
	if r.curve.has(planned) && r.curve.has(answered) {
		here := &r.steps[r.curve.at]
		here.offered++
		here.achieved++
		r.curve.count(bucket)
	} else {
		r.step(planned).offered++
		r.step(answered).achieved++
		r.curve.record(planned, bucket)
	}
	if started-planned > tolerance {
		r.late(planned)
	}
	if planned < r.from {
		return
	}
	service := r.services[verb][outcome]
	if service == nil {
		service = r.meet(verb, outcome)
	}
	r.responses[verb].add(response, bucket)
	if started == planned { // in a closed loop
		service.add(response, bucket)
		r.lateness.add(0, 0)
		return
	}
	service.Record(answered - started)
	r.lateness.Record(started - planned)
}

// step returns the counts of the step that an instant is in.
func (r *Recorder) step(instant int64) *counts {
	at := int(max(instant, 0) / r.curve.length)
	for len(r.steps) <= at {
		r.steps = append(r.steps, counts{})
	}
	return &r.steps[at]
}

// late counts a command that started late.
func (r *Recorder) late(planned int64) {
	r.step(planned).late++
	if planned >= r.from {
		r.counts.late++
	}
}

// meet prepares for a verb and an outcome, and returns what holds their service times.
func (r *Recorder) meet(verb model.Verb, outcome model.Outcome) *Histogram {
	r.services[verb][outcome] = NewHistogram()
	if r.responses[verb] == nil {
		r.responses[verb] = NewHistogram()
	}
	return r.services[verb][outcome]
}

// Dropped counts n commands that were planned for an instant within the run and are never started. They were offered as well.
func (r *Recorder) Dropped(planned int64, n uint64) {
	here := r.step(planned)
	here.offered += n
	here.dropped += n
	if planned >= r.from {
		r.counts.dropped += n
	}
}

// offered returns how many commands that were planned at from or after were offered, and how many of them achieved.
func (r *Recorder) offered() (offered, achieved uint64) {
	achieved = r.lateness.Count()
	return achieved + r.counts.dropped, achieved
}
