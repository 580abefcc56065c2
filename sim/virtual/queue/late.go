package queue

const (
	stride   = 16  // events of the run that the search for a late one's place passes over at once
	reach    = 512 // events of the run within which there is a place for late ones
	headroom = 16  // places that are kept free before the run, for as many late events in a row
)

// pushLate adds an event within the run's time. If few of the run come before it, these move by a place to make room.
func (q *Queue) pushLate(e Event) {
	run, at := q.run, q.next
	if far := at + stride; at == 0 || far < len(run) && run[far].before(e) {
		q.pushFar(e)
	} else {
		for at < len(run) && run[at].before(e) {
			run[at-1] = run[at]
			at++
		}
		run[at-1] = e
		q.next--
	}
	q.tuning.taken++
	if q.tuning.late++; q.tuning.late >= q.tuning.lateLimit {
		q.relieve()
	}
}

// pushFar does so for an event that many of the run come before. If there are too many, or no room, it goes to the heap.
func (q *Queue) pushFar(e Event) {
	at, end := q.next, min(q.next+reach, len(q.run))
	for at+stride <= end && q.run[at+stride-1].before(e) {
		at += stride
	}
	for at < end && q.run[at].before(e) {
		at++
	}
	if q.next == 0 || at == q.next+reach {
		q.late.push(e)
		q.sure = 0
		return
	}
	copy(q.run[q.next-1:], q.run[q.next:at])
	q.run[at-1] = e
	q.next--
}

// lateEvents is a binary heap, its least event first.
type lateEvents []Event

func (h *lateEvents) push(e Event) {
	*h = append(*h, e)
	events := *h
	i := len(events) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !e.before(events[parent]) {
			break
		}
		events[i] = events[parent]
		i = parent
	}
	events[i] = e
}

// pop takes the least event out of a heap that has one.
func (h *lateEvents) pop() Event {
	events := *h
	least, last := events[0], events[len(events)-1]
	events = events[:len(events)-1]
	*h = events
	if len(events) == 0 {
		return least
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= len(events) {
			break
		}
		if child+1 < len(events) && events[child+1].before(events[child]) {
			child++
		}
		if !events[child].before(last) {
			break
		}
		events[i] = events[child]
		i = child
	}
	events[i] = last
	return least
}
