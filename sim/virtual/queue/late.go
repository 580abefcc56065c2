package queue

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
