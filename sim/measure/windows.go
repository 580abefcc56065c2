package measure

import (
	"slices"

	"invitesim/model"
	"invitesim/sim"
)

// window is a part of a run that is measured by itself, as if it alone counted: a recorder of its own follows the run from the start, for
// what is outstanding, and starts measuring when the window begins.
type window struct {
	sim.Span
	book     *Recorder
	state    windowState
	end      model.Instant // once it is closed: Until, or where the run ended
	measured *sim.Window   // once it was described
}

// windowState says how far a window is.
type windowState uint8

const (
	windowAhead windowState = iota
	windowOpen
	windowClosed
)

// windowsOf returns the parts of the run that thresholds ask for, each once, in order of time.
func windowsOf(plan *sim.Plan) []sim.Span {
	var spans []sim.Span
	for i := range plan.Thresholds {
		if over := plan.Thresholds[i].Over; over != nil && !slices.Contains(spans, *over) {
			spans = append(spans, *over)
		}
	}
	slices.SortFunc(spans, func(a, b sim.Span) int {
		if a.From != b.From {
			return int(a.From - b.From)
		}
		return int(a.Until - b.Until)
	})
	return spans
}

// newWindow returns a window in which nothing has been measured.
func newWindow(plan *sim.Plan, span sim.Span) window {
	alone := *plan
	alone.Thresholds = nil // a window has none of its own
	return window{Span: span, book: New(&alone)}
}

// eachWindow calls do with the recorder of every window that has not ended.
func (r *Recorder) eachWindow(do func(*Recorder)) {
	for i := range r.windows {
		if r.windows[i].state != windowClosed {
			do(r.windows[i].book)
		}
	}
}

// OpenWindows begins the windows that begin at t. Every timer before t must have fired.
func (r *Recorder) OpenWindows(t model.Instant) {
	for i := range r.windows {
		if w := &r.windows[i]; w.state == windowAhead && w.From <= t {
			w.state = windowOpen
			w.book.StartMeasuring(t)
		}
	}
}

// CloseWindows ends the windows that end at t; with last, since the run ends at t, all that have begun. Every timer before t must have
// fired. Capped is as in EndStep.
func (r *Recorder) CloseWindows(t model.Instant, last bool, capped func(model.Member) bool) {
	for i := range r.windows {
		if w := &r.windows[i]; w.state == windowOpen && (last || w.Until <= t) {
			w.state = windowClosed
			w.end = min(w.Until, t)
			w.book.countCapped(capped)
		}
	}
}

// writeWindows writes the windows that have ended, by their names. Of one whose end the run did not reach it tells how far that got.
func (r *Recorder) writeWindows(result *sim.Result) {
	for i := range r.windows {
		w := &r.windows[i]
		if w.state != windowClosed {
			continue
		}
		if w.measured == nil {
			w.book.close(w.end)
			w.measured = w.book.window(w.From, w.end)
		}
		if result.Windows == nil {
			result.Windows = map[string]*sim.Window{}
		}
		result.Windows[w.String()] = w.measured
	}
}

// window describes what was counted in a window.
func (r *Recorder) window(from, until model.Instant) *sim.Window {
	var all tally
	for i := range r.tallies {
		all.add(&r.tallies[i])
	}
	return &sim.Window{FromS: int64(from), UntilS: int64(until), Figures: r.figures(&all), MembersBy: r.byPopulation(r.tallies, r.figures)}
}

// SoFar writes what can be told in the middle of a run: once the warm-up is over the figures that only grow, and the windows that have
// ended.
func (r *Recorder) SoFar(result *sim.Result) {
	r.writeWindows(result)
	if !r.measuring {
		return
	}
	r.writeGrowing(r.tallies, result)
}

// writeGrowing writes the figures that only grow, of the given tallies by population.
func (r *Recorder) writeGrowing(tallies []tally, result *sim.Result) {
	var all tally
	for i := range tallies {
		all.addCounts(&tallies[i])
	}
	result.Figures = all.growing()
	result.MembersBy = r.byPopulation(tallies, (*tally).growing)
}

// growing describes the figures that only grow. How long people took is no such figure, but how many answered is.
func (t *tally) growing() sim.Figures {
	f := t.happened()
	f.Response = map[string]*sim.ResponseFigures{}
	for i, n := range t.answered {
		if n > 0 {
			f.Response[answerNames[i]] = &sim.ResponseFigures{Count: n}
		}
	}
	if len(t.weights) > 0 {
		f.Pending = &sim.PendingFigures{Max: t.weights.largest()}
	}
	return f
}
