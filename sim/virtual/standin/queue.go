// Package queue stands in.
package queue

import "container/heap"

type Event struct{ At, Key uint64 }
type h []Event

func (q h) Len() int { return len(q) }
func (q h) Less(i, j int) bool {
	return q[i].At < q[j].At || q[i].At == q[j].At && q[i].Key < q[j].Key
}
func (q h) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *h) Push(x any)   { *q = append(*q, x.(Event)) }
func (q *h) Pop() any     { l := (*q)[len(*q)-1]; *q = (*q)[:len(*q)-1]; return l }

type Queue struct{ h h }

func New() *Queue             { return &Queue{} }
func (q *Queue) Push(e Event) { heap.Push(&q.h, e) }
func (q *Queue) Pop() (Event, bool) {
	if len(q.h) == 0 {
		return Event{}, false
	}
	return heap.Pop(&q.h).(Event), true
}
func (q *Queue) Ahead(i int) (Event, bool) { return Event{}, false }
