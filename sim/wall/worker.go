package wall

import (
	"math"
	"runtime"
	"sync/atomic"
	"time"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
	"invitesim/sim/conduct"
	"invitesim/sim/latency"
	"invitesim/sim/measure"
	"invitesim/sim/virtual/queue"
)

const (
	// spinWithin is how long before a command is due a worker stops sleeping, in nanoseconds.
	spinWithin = int64(200 * time.Microsecond)
	// thinking is how long before a command of an open loop is due people make up their minds about it, in nanoseconds: what they draw is no time
	// that the system takes.
	thinking = int64(time.Microsecond)
	// longestSleep bounds how long mail waits, in nanoseconds.
	longestSleep = int64(time.Millisecond)
	// patience is how often a worker looks whether the others have caught up, before it sleeps.
	patience = 256
	// flushEvery is how many events pass between two looks at what others should know.
	flushEvery = 64
	// timerLate is how late a timer may wake a worker that only sleeps, in nanoseconds.
	timerLate = int64(time.Millisecond)
	// glanceEvery is how many events pass between two glances at the clock by a worker that never idles, and glances how many
	// readings one has: one in a thousand of the time.
	glanceEvery, glances = 1024, 64
)

// worker drives one share of the members.
type worker struct {
	crew       *crew
	index      int
	share      *conduct.Share
	book       *measure.Recorder
	latency    *latency.Recorder
	gaps       *latency.Gaps
	calls      *check.Recorder // nil where calls are not recorded, or not any more
	agenda     []conduct.Appointment
	steps      int           // that have ended
	cut        model.Instant // the last that the worker came to
	callsAtCut int           // how many calls it had given there
	policy     *model.Policy

	appointed         uint64      // nanosecond of the people's time of the first of the agenda, at most of the end of the run
	next              queue.Event // taken out and not happened yet
	taken             bool
	events            uint64
	commands, queries uint64
	answer            model.Answer
	answered          int64  // wall time of the last answer
	out               []mail // by worker
	read              mail
	limit             uint64        // up to where the others have come, and some more; closed loop
	looks             int           // in a row that found another too far behind; closed loop
	reached           atomic.Uint64 // nanosecond of the people's time
	stalled           atomic.Int64  // wall time until which the worker does nothing
	live              *live         // nil where nobody asks

	inbox inbox
}

var _ conduct.Desk = (*worker)(nil)

// run drives the share until the end of the run, or until it is stopped. It is bound to no thread: the runtime takes the processor from who has it
// for long, for a moment, and who is bound to a thread then waits until two threads have been woken.
func (w *worker) run() {
	defer w.reached.Store(math.MaxUint64)
	for !w.crew.stop.Load() {
		if w.inbox.waiting.Load() {
			w.receive()
		}
		if until := w.stalled.Load(); until > 0 && w.stall(until) {
			continue
		}
		due := w.due()
		if !w.await(due) {
			continue
		}
		switch {
		case due < w.appointed:
			w.taken = false
			w.share.Handle(w.next)
			w.happened()
		case due >= w.crew.end || !w.keepAppointment():
			return
		}
	}
}

// due returns the nanosecond of the people's time at which there is something to do next.
func (w *worker) due() uint64 {
	if !w.taken {
		w.next, w.taken = w.share.Pop()
	}
	if w.taken {
		return min(w.next.At, w.appointed)
	}
	return w.appointed
}

// happened does what is to be done every so many events.
func (w *worker) happened() {
	w.events++
	if w.events%flushEvery == 0 {
		w.flush()
		w.reached.Store(w.next.At)
	}
	if w.events%glanceEvery == 0 {
		w.glance()
	}
}

// glance reads the clock for a moment, for the short hiccups that a busy worker would never see.
func (w *worker) glance() {
	w.gaps.Resume(w.crew.clock.now())
	for range glances {
		w.gaps.Reading(w.crew.clock.now())
	}
}

// await waits until it is time for what is due at a nanosecond of the people's time. It is false where something else comes first.
func (w *worker) await(due uint64) bool {
	if w.crew.open {
		return w.awaitClock(w.crew.clock.wall(due) - thinking)
	}
	return w.awaitOthers(due)
}

// awaitClock waits until a wall time.
func (w *worker) awaitClock(due int64) bool {
	if w.answered >= due {
		return true // late already: that takes no reading of the clock
	}
	k := &w.crew.clock
	now := k.now()
	w.gaps.Busy(now)
	if now >= due {
		return true
	}
	w.flush()
	if w.live != nil {
		w.live.come.Store(due)
	}
	now = k.now()
	w.gaps.Resume(now)
	for now < due {
		if w.inbox.waiting.Load() || w.crew.stop.Load() {
			return false
		}
		if length := nap(due-now, w.crew.options.Polite); length > 0 {
			if now = w.sleep(now, length); now <= due || w.crew.options.Polite {
				continue
			}
		}
		now = k.now()
		w.gaps.Reading(now)
	}
	return true
}

// sleep sleeps for a while from now on, and returns the wall time at which the worker wakes.
func (w *worker) sleep(now int64, length time.Duration) int64 {
	time.Sleep(length)
	late := spinWithin
	if w.crew.options.Polite {
		late = timerLate
	}
	woke := w.crew.clock.now()
	w.gaps.Slept(now+int64(length), late, woke)
	return woke
}

// nap returns how long a worker sleeps that has nothing to do for so many nanoseconds; 0 where it spins.
func nap(rest int64, polite bool) time.Duration {
	if !polite {
		rest -= spinWithin // who sleeps wakes late
	}
	return time.Duration(min(max(rest, 0), longestSleep))
}

// awaitOthers lets the others catch up, where this worker is far ahead of one of them.
func (w *worker) awaitOthers(due uint64) bool {
	if due <= w.limit {
		return true
	}
	w.flush()
	w.reached.Store(due)
	w.limit = math.MaxUint64
	for _, other := range w.crew.workers {
		if other != w {
			w.limit = min(w.limit, other.reached.Load())
		}
	}
	if w.limit < math.MaxUint64-w.crew.window {
		w.limit += w.crew.window
	}
	if due <= w.limit {
		w.looks = 0
		return true
	}
	if w.looks++; w.crew.options.Polite || w.looks%patience == 0 {
		time.Sleep(time.Duration(spinWithin)) // the other may be waiting for this very processor
	} else {
		runtime.Gosched()
	}
	return false
}

// stallUntil lets the worker do nothing until a wall time, or until a later one that it waits for already.
func (w *worker) stallUntil(until int64) {
	for {
		before := w.stalled.Load()
		if before >= until || w.stalled.CompareAndSwap(before, until) {
			return
		}
	}
}

// stall does nothing for a while, before a wall time. It is false where that is over.
func (w *worker) stall(until int64) bool {
	rest := until - w.crew.clock.now()
	if rest <= 0 {
		w.stalled.CompareAndSwap(until, 0) // another stall may have begun
		return false
	}
	w.gaps.Pause()
	time.Sleep(time.Duration(min(rest, longestSleep)))
	return true
}

// Do gives a command to the system, and takes the time.
func (w *worker) Do(at uint64, c *model.Command) *model.Answer {
	planned, started, t := w.start(at)
	w.crew.store.Decide(t, c, &w.answer)
	w.answered = w.crew.clock.now()
	w.gaps.Resume(w.answered) // what the command takes is the system's, whatever it is
	w.latency.Record(c.Verb, w.answer.Outcome, planned, started, w.answered)
	if w.calls != nil {
		w.calls.Record(started, w.answered, c, &w.answer)
	}
	if w.live != nil {
		w.live.command(w.answer.Outcome, planned, started, w.answered)
	}
	w.commands++
	if w.inbox.waiting.Load() { // what ended before the command is accounted for before it
		w.receive()
	}
	w.account(at, c)
	return &w.answer
}

// start starts what was planned for a nanosecond of the people's time, and not before. It returns when that was by the wall clock, when it
// really is, and which instant of the people's time it is then.
func (w *worker) start(at uint64) (planned, started int64, t model.Instant) {
	k := &w.crew.clock
	started, t = k.now(), model.Instant(at/second)
	if !w.crew.open {
		w.gaps.Busy(started)
		return started, started, t
	}
	for planned = k.wall(at); started < planned; {
		started = k.now()
	}
	w.gaps.Busy(started)
	return planned, started, max(t, k.people(started))
}

// account counts the command and its answer.
func (w *worker) account(at uint64, c *model.Command) {
	a := &w.answer
	w.book.Command(model.Instant(at/second), a.At, c, a)
}

// Ask asks the system a query, and takes the time.
func (w *worker) Ask(at uint64, c *model.Command) {
	planned, started, t := w.start(at)
	reply, decided := w.crew.store.AskAt(t, c)
	w.answered = w.crew.clock.now()
	w.gaps.Resume(w.answered)
	w.latency.Record(c.Verb, model.NoOutcome, planned, started, w.answered)
	if w.calls != nil {
		w.calls.RecordList(started, w.answered, c, decided, reply.Rows)
	}
	if w.live != nil {
		w.live.command(model.NoOutcome, planned, started, w.answered)
	}
	w.queries++
	w.book.Query(c)
}

// Settle fires the timers of a member.
func (w *worker) Settle(t model.Instant, m model.Member) {
	w.gaps.Pause()
	w.crew.store.Settle(t, m)
}

// Planned counts a send that a member sets out to make.
func (w *worker) Planned(m model.Member) { w.book.Planned(m) }

// Skipped counts a send that found nobody to invite.
func (w *worker) Skipped(m model.Member) { w.book.Skipped(m) }

// Repeated counts a send that is made once more after a refusal.
func (w *worker) Repeated(m model.Member) { w.book.Repeated(m) }

// AppendLines appends the address of a sender's account.
func (w *worker) AppendLines(lines []uintptr, sender model.Member) []uintptr {
	return append(lines, uintptr(w.book.Address(sender)))
}

// Forward keeps an event for the worker that it is for, until the next flush.
func (w *worker) Forward(e queue.Event) {
	to := &w.out[conduct.OwnerOf(conduct.ActorOf(e), len(w.out))]
	to.events = append(to.events, e)
}

// flush hands over what is for others. How long that takes depends on them.
func (w *worker) flush() {
	w.gaps.Pause()
	for i := range w.out {
		if m := &w.out[i]; m.len() > 0 {
			w.crew.workers[i].inbox.put(m)
			m.empty()
		}
	}
}

// receive takes the mail.
func (w *worker) receive() {
	w.gaps.Pause()
	w.read.empty()
	w.inbox.take(&w.read)
	if w.taken { // what comes may be due before it
		w.share.Push(w.next)
		w.taken = false
	}
	for _, e := range w.read.events {
		w.share.Push(e)
	}
	for _, l := range w.read.lowered {
		w.book.Lowered(l.at, l.sender)
	}
	for i := range w.read.changes {
		w.lapse(&w.read.changes[i])
	}
}

// lapse accounts for what happened to a member of this worker that no answer told.
func (w *worker) lapse(c *store.Change) {
	if c.State == model.Absent {
		w.book.Restricted(c.Sender, c.Until)
		return
	}
	fate := measure.Cancelled
	if c.State == model.Expired {
		fate = measure.Expired
	}
	w.share.Lapse(c)
	w.book.Lapsed(c.At, c.Sender, c.Kind, c.SentAt, c.Met, fate)
}
