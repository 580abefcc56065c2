package measure

import (
	"context"
	"sync"

	"invitesim/model"
	"invitesim/model/store/region"
	"invitesim/sim"
)

// Joint is the account that several workers keep of one run: each has a recorder of its own, which it tells of what the members it
// owns do. Steps of the series are put together as the last worker ends them.
type Joint struct {
	recorders []*Recorder
	windows   []*Joint // of the parts of the run that thresholds ask for, as the recorders have them
	memory    region.Region[member]

	guard  sync.Mutex
	open   []jointStep // the steps that some recorder has not ended, in order
	closed int         // how many steps came before those
	series series
	atCap  [][]float64 // by population

	tell   func(t model.Instant, soFar *sim.Result) // nil where nobody watches
	merged *sim.Window                              // what all recorders of a window measured, once they are merged
}

// jointStep is a step that not all recorders have ended.
type jointStep struct {
	sum   stepSum
	ended int // recorders that have

	// Of those who have, where somebody watches:
	measuring int     // how many were past the warm-up
	tallies   []tally // what they had counted so far that only grows, by population
}

// division is a recorder's part in a joint account.
type division struct {
	joint     *Joint
	index     int
	owner     func(model.Member) int
	elsewhere func(t model.Instant, sender model.Member)
}

// NewJoint returns the account of a run of the plan by so many workers. Owner returns the index of the worker that a member belongs to.
// Elsewhere is called by a worker's recorder when an invitation of kind connect ends whose sender belongs to somebody else: the
// recorder of that worker is to be told by Lowered, sooner or later. When the context is cancelled the memory for it comes when it is used.
func NewJoint(
	ctx context.Context, plan *sim.Plan, workers int, owner func(model.Member) int, elsewhere func(worker int, t model.Instant, sender model.Member),
) *Joint {
	j := &Joint{memory: region.NewTouched[member](ctx, int(plan.Members())+1), atCap: make([][]float64, max(len(plan.Populations), 1))}
	var firstHit [limits][]uint32 // of all: a first refusal that took memory for it would hold its worker up
	for limit := range firstHit {
		firstHit[limit] = make([]uint32, len(j.memory.Data))
	}
	for i := range workers {
		r := newRecorder(plan, j.memory.Data)
		r.firstHit = firstHit
		r.division = &division{
			joint: j, index: i, owner: owner,
			elsewhere: func(t model.Instant, sender model.Member) { elsewhere(i, t, sender) },
		}
		j.recorders = append(j.recorders, r)
	}
	for _, span := range windowsOf(plan) {
		alone := *plan
		alone.Thresholds = nil                                                                 // a window has none of its own
		of := NewJoint(ctx, &alone, workers, owner, func(int, model.Instant, model.Member) {}) // Lowered tells windows too
		for i, r := range j.recorders {
			r.windows = append(r.windows, window{Span: span, book: of.recorders[i]})
		}
		j.windows = append(j.windows, of)
	}
	return j
}

// Recorder returns the recorder of a worker. Recorders are used side by side, each by its own worker.
func (j *Joint) Recorder(worker int) *Recorder { return j.recorders[worker] }

// Release gives the memory back. The recorders must not be used any more.
func (j *Joint) Release() {
	j.memory.Release()
	for _, of := range j.windows {
		of.Release()
	}
}

// end adds what one recorder counted in its next step, which ends before t, and closes the steps that all recorders have ended.
func (j *Joint) end(r *Recorder, t model.Instant, sum *stepSum) {
	j.guard.Lock()
	defer j.guard.Unlock()
	for len(j.open) <= r.stepsEnded-j.closed {
		j.open = append(j.open, jointStep{})
	}
	own := &j.open[r.stepsEnded-j.closed]
	own.sum.add(sum)
	own.ended++
	if j.tell != nil {
		own.stand(r)
		if own.ended == len(j.recorders) {
			j.tell(t, j.soFar(t, own))
		}
	}
	for len(j.open) > 0 && j.open[0].ended == len(j.recorders) {
		j.series.append(&j.open[0].sum)
		for i := range j.atCap {
			j.atCap[i] = append(j.atCap[i], j.open[0].sum.atCap(i))
		}
		j.open = j.open[1:]
		j.closed++
	}
}

// Finish closes what is open at t, where the run ended, and writes the figures, the series, the curves and the warnings
// of the result. No recorder may be in use, and all have ended the same steps. Call it once.
func (j *Joint) Finish(t model.Instant, result *sim.Result) {
	for _, r := range j.recorders {
		r.close(t)
	}
	for i, of := range j.windows {
		if w := &j.recorders[0].windows[i]; w.state == windowClosed {
			w.measured = of.window(w.From, w.end)
		}
	}
	j.merge()
	all := j.recorders[0]
	all.series = j.series
	for i := range all.tallies {
		all.tallies[i].atCap = j.atCap[i]
	}
	all.write(t, result)
}

// window describes what all recorders of a window measured, which they have closed.
func (j *Joint) window(from, until model.Instant) *sim.Window {
	if j.merged == nil {
		for _, r := range j.recorders {
			r.close(until)
		}
		j.merge()
		j.merged = j.recorders[0].window(from, until)
	}
	return j.merged
}

// merge adds what all recorders counted to the first.
func (j *Joint) merge() {
	all := j.recorders[0]
	for _, r := range j.recorders[1:] {
		for i := range all.tallies {
			all.tallies[i].add(&r.tallies[i])
		}
		for week := range all.weeks {
			for fate := range all.weeks[week] {
				all.weeks[week][fate] += r.weeks[week][fate]
			}
		}
		for hour := range all.hours {
			all.hours[hour] += r.hours[hour]
		}
	}
}

// owns says whether a member is one of those that the recorder keeps account of.
func (r *Recorder) owns(m model.Member) bool {
	return r.division == nil || r.division.owner(m) == r.division.index
}

// Lowered tells that an invitation of kind connect ended, which another worker's recorder has counted. The sender is the recorder's own.
func (r *Recorder) Lowered(t model.Instant, sender model.Member) {
	if r.untold[sender] > 0 { // a later send has told of it
		r.owe(sender, -1)
	} else {
		r.lower(t, sender, &r.tallies[r.PopulationOf(sender)])
	}
	r.eachWindow(func(w *Recorder) { w.Lowered(t, sender) })
}
