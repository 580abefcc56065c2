package queue

import (
	"container/heap"
	"fmt"
	"math"
	"testing"
)

// gaps are exponential, of mean 2^40 ns. They are made beforehand, so that what is measured is the queue.
func gaps() []uint64 {
	table := make([]uint64, 1<<16)
	state := uint64(1)
	for i := range table {
		state = state*6364136223846793005 + 1442695040888963407
		u := (float64(state>>12) + 0.5) * 0x1p-52
		table[i] = uint64(-math.Log(u) * (1 << 40))
	}
	return table
}

// pointers is a priority queue as the documentation of container/heap shows it.
type pointers []*Event

func (p pointers) Len() int           { return len(p) }
func (p pointers) Less(i, j int) bool { return p[i].before(*p[j]) }
func (p pointers) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *pointers) Push(e any)        { *p = append(*p, e.(*Event)) }
func (p *pointers) Pop() any {
	old := *p
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*p = old[:len(old)-1]
	return last
}

// The hold model: take the first event, push one that is an exponential time later. In the steady state of so many pending
// events.
func BenchmarkHold(b *testing.B) {
	table := gaps()
	for exponent := 3; exponent <= 7; exponent++ {
		pending := int(math.Pow10(exponent))
		name := fmt.Sprintf("pending=1e%d", exponent)
		b.Run("queue=buckets/"+name, func(b *testing.B) {
			q, n := &Queue{}, uint64(0)
			defer q.Release()
			next := func(now uint64) {
				n++
				q.Push(Event{now + table[n*0x9e3779b97f4a7c15>>48], n})
			}
			for range pending {
				next(0)
			}
			for range 2 * pending {
				e, _ := q.Pop()
				next(e.At)
			}
			b.ReportAllocs()
			for b.Loop() {
				e, _ := q.Pop()
				next(e.At)
			}
			bytes := len(q.wheel.slabs)*slabEvents*16 + len(q.wheel.chain)*4
			b.ReportMetric(float64(bytes)/float64(pending), "slab-B/event")
		})
		b.Run("queue=container/"+name, func(b *testing.B) {
			q, n := pointers{}, uint64(0)
			next := func(now uint64) *Event {
				n++
				return &Event{now + table[n*0x9e3779b97f4a7c15>>48], n}
			}
			for range pending {
				q = append(q, next(0))
			}
			heap.Init(&q)
			b.ReportAllocs()
			for b.Loop() {
				e := heap.Pop(&q).(*Event)
				heap.Push(&q, next(e.At))
			}
		})
	}
}
