// Package queue holds the events of a simulation until it is their time.
//
// Events wait in buckets, each a span of time, where a push only appends, and several pushes at once, for their buckets lie far
// apart in memory. The bucket whose time has come is copied out and sorted: its events are the run from which pops are served,
// and in which an engine can look ahead. What is pushed into the time of the run gets its place in the run, or where that is
// far down the run, goes to a small heap beside it, and pops take the lesser of the two. Buckets far away are wide; their events move on to narrower ones when the time comes. How wide the
// narrowest are follows from how densely the events lie, and is measured anew as that changes. None of this shows in the order
// of the events.
package queue

// Event is something due at an instant. At is in nanoseconds; the queue does not care since when. Key tells events
// at the same instant apart: the lower one is first.
type Event struct {
	At  uint64
	Key uint64
}

// before reports whether e is due before other.
func (e Event) before(other Event) bool {
	return e.At < other.At || e.At == other.At && e.Key < other.Key
}

// Queue gives events back in the order of At, and of Key where At is equal. Events that agree in both are the same to it. It may be
// given events that lie before those already taken. The zero Queue is empty and ready to use. It is not safe for use
// by several goroutines at once, and must not be copied. Its memory is given back by Release.
type Queue struct {
	run     []Event      // sorted from next on
	next    int          // into run; what is before has been taken
	sure    int          // into run: what is before can be taken without another look
	through uint64       // the latest instant of the run's time; what is stored in buckets is later
	late    lateEvents   // events within the run's time that came after it was sorted, and have no place in it
	waiting uint         // how many events are staged
	staged  [batch]Event // later than the run's time, and on their way to buckets

	wheel  wheel
	sorter sorter
	tuning tuning
}

// lookAhead is how many sorted events there are to look at, as long as the queue has as many.
const lookAhead = 64

// Len returns the number of events in the queue.
func (q *Queue) Len() int { return len(q.run) - q.next + len(q.late) + int(q.waiting) + q.wheel.stored }

// Release empties the queue and gives its memory back.
func (q *Queue) Release() {
	for i := range q.wheel.memory {
		q.wheel.memory[i].Release()
	}
	*q = Queue{}
}

// Reserve takes the memory for so many events in all, where it would else be taken as they come, which makes one push or another slow.
func (q *Queue) Reserve(events int) {
	for len(q.wheel.slabs)*slabEvents < events {
		q.wheel.grow()
	}
}

// Push adds an event.
func (q *Queue) Push(e Event) {
	if e.At <= q.through {
		q.pushLate(e)
		return
	}
	q.staged[q.waiting%batch] = e
	if q.waiting++; q.waiting == batch {
		q.stow()
	}
}

// stow moves what is staged to buckets.
func (q *Queue) stow() {
	q.wheel.store(q.staged[:q.waiting])
	q.waiting = 0
}

// Pop takes the first event out of the queue. ok is false where there is none.
func (q *Queue) Pop() (e Event, ok bool) {
	if q.next < q.sure {
		q.next++
		return q.run[q.next-1], true
	}
	return q.look()
}

// look is Pop where the run may need the next bucket, or an event that came late may be first.
func (q *Queue) look() (e Event, ok bool) {
	if len(q.run)-q.next < lookAhead && (q.waiting > 0 || q.wheel.stored > 0) {
		q.refill()
	}
	q.sure = len(q.run) - lookAhead + 1
	if len(q.late) > 0 {
		q.sure = 0
		if q.next == len(q.run) || q.late[0].before(q.run[q.next]) {
			return q.late.pop(), true
		}
	}
	if q.next == len(q.run) {
		return Event{}, false
	}
	e = q.run[q.next]
	q.next++
	return e, true
}

// Ahead returns the events that the queue expects to give from so many pops after the next one on, as many as given or as it
// knows: the first 64 at least, if it has as many beyond those that came late. It is a hint to prepare for them: events that
// came late in great numbers, or are yet to come, may be first. It never changes the queue, and what it returns is good until the next push or
// pop.
func (q *Queue) Ahead(from, count int) []Event {
	known := q.run[q.next:]
	if uint(from) >= uint(len(known)) {
		return nil
	}
	known = known[from:]
	return known[:min(count, len(known))]
}

// refill moves buckets to the run, earliest first, until it has enough to look ahead or all events.
func (q *Queue) refill() {
	q.stow()
	q.tune()
	q.tuning.late = len(q.late)
	if rest := len(q.run) - q.next; q.next > rest+headroom {
		copy(q.run[headroom:], q.run[q.next:])
		q.run, q.next = q.run[:headroom+rest], headroom
	}
	for len(q.run)-q.next < lookAhead && q.wheel.stored > 0 {
		count, start := q.wheel.advance()
		q.run = q.sorter.take(&q.wheel, count, start, q.run)
		q.through = start + (1<<q.wheel.width - 1)
		q.tuning.taken += count
	}
}
