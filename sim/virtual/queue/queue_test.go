package queue

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// slow is the slow twin: container/heap, whose events are values behind an interface.
type slow []Event

func (s slow) Len() int           { return len(s) }
func (s slow) Less(i, j int) bool { return s[i].before(s[j]) }
func (s slow) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *slow) Push(e any)        { *s = append(*s, e.(Event)) }
func (s *slow) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// pair is a queue and its slow twin, which have to agree.
type pair struct {
	queue Queue
	twin  slow
	now   uint64 // instant of the last event taken
}

func (p *pair) push(e Event) {
	p.queue.Push(e)
	heap.Push(&p.twin, e)
}

func (p *pair) pop(t rapid.TB) bool {
	got, ok := p.queue.Pop()
	if ok != (len(p.twin) > 0) {
		t.Fatalf("Pop says %v with %d events in the queue", ok, len(p.twin))
	}
	if !ok {
		return false
	}
	if want := heap.Pop(&p.twin).(Event); got != want {
		t.Fatalf("Pop gives %v, want %v", got, want)
	}
	if p.queue.Len() != len(p.twin) {
		t.Fatalf("Len is %d, want %d", p.queue.Len(), len(p.twin))
	}
	p.now = got.At
	return true
}

func (p *pair) drain(t rapid.TB) {
	for p.pop(t) {
	}
}

// pattern says how far ahead of now the n-th event is pushed.
type pattern struct {
	name string
	gap  func(random *rand.Rand, n int) uint64
}

const day = 86400_000_000_000

func patterns() []pattern {
	return []pattern{
		{"now", func(*rand.Rand, int) uint64 { return 0 }},
		{"constant", func(*rand.Rand, int) uint64 { return 1000 }},
		{"uniform", func(r *rand.Rand, _ int) uint64 { return r.Uint64N(day) }},
		{"exponential", func(r *rand.Rand, _ int) uint64 { return uint64(r.ExpFloat64() * day) }},
		{"lognormal", func(r *rand.Rand, _ int) uint64 { return uint64(math.Exp(3*r.NormFloat64()) * 3600e9) }},
		{"all scales", func(r *rand.Rand, _ int) uint64 { return r.Uint64() >> (1 + r.Uint64N(63)) }},
		{"few instants", func(r *rand.Rand, _ int) uint64 { return r.Uint64N(3) * day }},
		{"bursts", func(r *rand.Rand, n int) uint64 { return uint64(n/1000%3)*day + r.Uint64N(5) }},
		{"far and near", func(r *rand.Rand, n int) uint64 {
			if n%10 == 0 {
				return 180*day + r.Uint64N(day)
			}
			return r.Uint64N(1000)
		}},
		{"denser and denser", func(r *rand.Rand, n int) uint64 { return r.Uint64N(1 + day>>min(n/1000, 45)) }},
		{"thinner and thinner", func(r *rand.Rand, n int) uint64 { return r.Uint64N(2 << min(n/1000, 45)) }},
		{"descending", func(_ *rand.Rand, n int) uint64 { return uint64(1_000_000_000 - n) }},
		{"next nanosecond", func(*rand.Rand, int) uint64 { return 1 }},
	}
}

// Events in all patterns, with the number of pending events going up and down, have to come as from the twin.
func TestOrderIsThatOfTheTwin(t *testing.T) {
	for _, pattern := range patterns() {
		for _, pending := range []int{1, 10, 70, 1000, 30_000} {
			t.Run(fmt.Sprintf("%s/pending=%d", pattern.name, pending), func(t *testing.T) {
				random := rand.New(rand.NewPCG(1, uint64(pending)))
				p, n := &pair{}, 0
				push := func() {
					n++
					at := p.now + pattern.gap(random, n)
					p.push(Event{max(at, p.now), random.Uint64N(1 << (n % 64))})
				}
				for range pending {
					push()
				}
				for range 40_000 {
					push()
					p.pop(t)
				}
				for range pending / 2 {
					p.pop(t)
				}
				for range pending {
					push()
					push()
					p.pop(t)
				}
				p.drain(t)
			})
		}
	}
}

// Events may be pushed before those that were taken, and at both ends of time.
func TestAnyPushesAndPops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &pair{}
		instants := rapid.OneOf(
			rapid.Uint64Range(0, 3),
			rapid.Uint64Range(0, 100_000),
			rapid.Uint64(),
			rapid.SampledFrom([]uint64{0, 1, math.MaxUint64, math.MaxUint64 - 1, 1 << 63, 1<<63 - 1}),
		)
		for range rapid.IntRange(1, 60).Draw(t, "rounds") {
			base, span := instants.Draw(t, "base"), rapid.Uint64Range(1, 1<<40).Draw(t, "span")
			random := rand.New(rand.NewPCG(base, span))
			for range rapid.IntRange(0, 300).Draw(t, "pushes") {
				p.push(Event{base + random.Uint64N(span), random.Uint64N(4)})
			}
			for range rapid.IntRange(0, 300).Draw(t, "pops") {
				p.pop(t)
			}
		}
		p.drain(t)
	})
}

func FuzzQueue(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 200, 201, 0, 0, 255})
	f.Add([]byte("events\x00\x00\x00 at the same instant, far \xff\xff and near"))
	f.Fuzz(func(t *testing.T, program []byte) {
		p := &pair{}
		for i, b := range program {
			switch {
			case b < 80: // a burst as long as the byte, of a scale that follows
				scale := uint(program[(i+1)%len(program)]) % 64
				for k := range uint64(b) {
					p.push(Event{p.now + k*k<<scale, k % 3})
				}
			case b < 120:
				p.push(Event{uint64(b) << (i % 57), uint64(i)})
			case b < 140:
				p.push(Event{math.MaxUint64 - uint64(b), uint64(i)})
			default:
				for range b - 139 {
					p.pop(t)
				}
			}
		}
		p.drain(t)
	})
}

func TestAheadShowsWhatComesNext(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	q := &Queue{}
	defer q.Release()
	for range 5000 {
		q.Push(Event{random.Uint64N(day), random.Uint64()})
	}
	if len(q.Ahead(0, 1)) > 0 {
		t.Error("something is ahead before anything was sorted")
	}
	for q.Len() > 0 {
		first, _ := q.Pop()
		length := q.Len()
		least := min(lookAhead-1, length)
		ahead := q.Ahead(0, lookAhead)
		if len(ahead) < least || len(ahead) > lookAhead {
			t.Fatalf("of %d events %d are known, want %d to %d", length, len(ahead), least, lookAhead)
		}
		for i, e := range ahead {
			if e.before(first) {
				t.Fatalf("%v is ahead of %v", e, first)
			}
			if later := q.Ahead(i, 1); len(later) != 1 || later[0] != e {
				t.Fatalf("%v is known %d after the next, and %v from there on", e, i, later)
			}
		}
		if len(ahead) > 0 {
			e := ahead[0]
			if next, _ := q.Pop(); next != e {
				t.Fatalf("%v was expected next, and %v came", e, next)
			}
		}
	}
	for _, i := range []int{-1, 0, 1, math.MaxInt, math.MinInt} {
		if len(q.Ahead(i, 1)) > 0 {
			t.Errorf("an empty queue knows what is %d ahead", i)
		}
	}
}

// What is pushed into the time of the run is known ahead, too, in its place, where that is not far down the run.
func TestAheadShowsWhatCameLate(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	q := &Queue{}
	defer q.Release()
	for range 5000 {
		q.Push(Event{random.Uint64N(day), random.Uint64()})
	}
	for q.Len() > 2*lookAhead {
		q.Pop()
		known := q.Ahead(0, lookAhead)
		e := Event{known[random.IntN(lookAhead-1)].At, random.Uint64()}
		q.Push(e)
		if !slices.Contains(q.Ahead(0, lookAhead), e) {
			t.Fatalf("%v is not known ahead", e)
		}
		if !slices.IsSortedFunc(q.Ahead(0, math.MaxInt), func(a, b Event) int {
			return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Key, b.Key))
		}) {
			t.Fatalf("what is ahead is not in order once %v came", e)
		}
		q.Pop()
	}
}

// Events that come late pop in order, wherever in a long run they belong, and however many in a row.
func TestLateEventsComeInOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	p := &pair{}
	defer p.queue.Release()
	for n := range 2 * reach {
		p.push(Event{uint64(n), 0}) // one bucket, at first
	}
	for round := range 200 {
		p.pop(t)
		for range round % (2 * headroom) {
			p.push(Event{p.now + random.Uint64N(2*reach), random.Uint64N(4)})
		}
	}
	p.drain(t)
}

// hold takes and pushes so many times.
func hold(q *Queue, times int, gap func(n int) uint64) {
	for n := range times {
		e, _ := q.Pop()
		q.Push(Event{e.At + gap(n), uint64(n)})
	}
}

func TestSteadyStateNeedsNoMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, pattern := range []int{2, 3, 4, 8} {
		gap := func(n int) uint64 { return patterns()[pattern].gap(random, n) }
		q := &Queue{}
		for n := range 20_000 {
			q.Push(Event{gap(n), uint64(n)})
		}
		table := make([]uint64, 1<<14)
		for n := range table {
			table[n] = gap(n)
		}
		stored := func(n int) uint64 { return table[n%len(table)] }
		hold(q, 1_000_000, stored)
		slabs := len(q.wheel.slabs)
		if allocations := testing.AllocsPerRun(1, func() { hold(q, 200_000, stored) }); allocations > 5 {
			t.Errorf("%s: 200000 holds allocate %g times, want a few at most", patterns()[pattern].name, allocations)
		}
		if len(q.wheel.slabs) > slabs {
			t.Errorf("%s: %d slabs have become %d, with no more events", patterns()[pattern].name, slabs, len(q.wheel.slabs))
		}
		q.Release()
	}
}

// As many events as were reserved for need no more memory.
func TestReservedMemoryIsEnough(t *testing.T) {
	q := &Queue{}
	defer q.Release()
	const events = 300_000
	q.Reserve(events)
	reserved := len(q.wheel.slabs)
	for at := range uint64(events) {
		q.Push(Event{At: at << 20, Key: at})
	}
	if n := len(q.wheel.slabs); n != reserved || n == 0 {
		t.Errorf("%d slabs after %d events, %d were reserved for them", n, events, reserved)
	}
	for at := range uint64(events) {
		if e, ok := q.Pop(); !ok || e.At != at<<20 {
			t.Fatalf("event %d is at %d", at, e.At)
		}
	}
}

// A queue of many events takes little more memory than the events themselves.
func TestMemoryForEachEvent(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	q := &Queue{}
	defer q.Release()
	const pending = 1_000_000
	gap := func(int) uint64 { return uint64(random.ExpFloat64() * day) }
	for n := range pending {
		q.Push(Event{gap(n), uint64(n)})
	}
	hold(q, pending, gap)
	bytes := len(q.wheel.slabs)*slabEvents*16 + len(q.wheel.chain)*4
	if each := float64(bytes) / pending; each > 17.25 {
		t.Errorf("an event takes %.2f bytes, want 17.25 at most", each)
	}
	if width := q.wheel.width; math.Abs(float64(width)-math.Log2(day/1000)) > 3 {
		t.Errorf("the buckets are 2^%d ns wide, far from a thousandth of the mean wait", width)
	}
}

// The width has to follow when events come denser or thinner, else the heap of late events would serve them all, or each
// would have a bucket of its own.
func TestWidthFollowsTheDensity(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	q := &Queue{}
	defer q.Release()
	const pending = 20_000
	for n := range pending {
		q.Push(Event{random.Uint64N(day), uint64(n)})
	}
	hold(q, 2*pending, func(int) uint64 { return random.Uint64N(day) })
	wide := q.wheel.width
	hold(q, 100*pending, func(int) uint64 { return random.Uint64N(day / 30) })
	narrow := q.wheel.width
	if narrow+3 > wide {
		t.Errorf("buckets 2^%d ns wide have become 2^%d ns, want them narrower by about 2^5", wide, narrow)
	}
	hold(q, 4*pending, func(int) uint64 { return random.Uint64N(day) })
	if again := q.wheel.width; again < narrow+3 {
		t.Errorf("buckets 2^%d ns wide have become 2^%d ns, want them wider by about 2^5", narrow, again)
	}
}

func TestSorterSortsAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.UintRange(0, 63).Draw(t, "width")
		start := rapid.Uint64().Draw(t, "start") >> width << width
		scale := rapid.UintRange(0, 63).Draw(t, "scale")
		random := rand.New(rand.NewPCG(start, uint64(width)))
		from := make([]Event, rapid.IntRange(0, 3000).Draw(t, "length"))
		for i := range from {
			from[i] = Event{start + random.Uint64()>>(64-width)>>random.UintN(scale+1), random.Uint64() >> random.UintN(64)}
		}
		want := slices.Clone(from)
		slices.SortFunc(want, func(a, b Event) int {
			return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Key, b.Key))
		})
		got := make([]Event, len(from))
		new(sorter).sort(from, got, start, width)
		if !slices.Equal(got, want) {
			t.Fatalf("%d events within 2^%d ns are out of order", len(from), width)
		}
	})
}
