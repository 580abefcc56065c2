package measure

import (
	"container/heap"

	"invitesim/model"
)

// restrictions knows how many members are restricted.
type restrictions struct {
	until map[model.Member]model.Instant // the latest end of each restricted member
	ends  endHeap
}

// add notes a restriction; of several of one member the latest end counts.
func (r *restrictions) add(m model.Member, until model.Instant) {
	if last, ok := r.until[m]; ok && last >= until {
		return
	}
	r.until[m] = until
	heap.Push(&r.ends, end{until, m})
}

// count returns how many members are restricted at t. Instants never go back.
func (r *restrictions) count(t model.Instant) int {
	for len(r.ends) > 0 && r.ends[0].at <= t {
		over := heap.Pop(&r.ends).(end)
		if r.until[over.member] == over.at {
			delete(r.until, over.member)
		}
	}
	return len(r.until)
}

// end is the end of one restriction.
type end struct {
	at     model.Instant
	member model.Member
}

// endHeap orders ends by instant.
type endHeap []end

func (h endHeap) Len() int           { return len(h) }
func (h endHeap) Less(i, j int) bool { return h[i].at < h[j].at }
func (h endHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *endHeap) Push(x any)        { *h = append(*h, x.(end)) }
func (h *endHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
