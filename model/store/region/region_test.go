package region_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"
	"unsafe"

	"invitesim/model/store/region"
)

// TestRegionGrows shows that a region keeps what was in it while it grows from the heap into mapped memory, that what is new
// is zero, and that a released one is empty.
func TestRegionGrows(t *testing.T) {
	r := region.New[uint64](100)
	for n := 100; n < 4<<20; n = len(r.Data) + 1 {
		filled := len(r.Data)
		for i := range r.Data {
			r.Data[i] = uint64(i + 1)
		}
		r.Grow(filled + 1)
		checkGrown(t, r.Data, filled)
	}
	r.Release()
	if len(r.Data) != 0 {
		t.Errorf("a released region has %d elements", len(r.Data))
	}
}

func checkGrown(t *testing.T, data []uint64, filled int) {
	t.Helper()
	if len(data) < filled+filled/2 {
		t.Fatalf("%d elements grew to %d, expected half as many again", filled, len(data))
	}
	for i, got := range data {
		want := uint64(0)
		if i < filled {
			want = uint64(i + 1)
		}
		if got != want {
			t.Fatalf("element %d is %d after growing from %d, expected %d", i, got, filled, want)
		}
	}
}

// TestPartsGrowByThemselves shows that a part keeps what was in it when it moves to memory of its own, and that its neighbours do not notice.
func TestPartsGrowByThemselves(t *testing.T) {
	const parts, n = 8, 20_000
	whole := region.NewTouched[uint64](t.Context(), parts*n)
	defer whole.Release()
	var part [parts]region.Region[uint64]
	for i := range part {
		part[i] = whole.Part(i*n, n)
		for j := range part[i].Data {
			part[i].Data[j] = uint64(i*n + j + 1)
		}
	}
	for i := 1; i < parts; i += 2 {
		part[i].Extend(n + n/3)
		defer part[i].Release()
	}
	for i := range part {
		for j, got := range part[i].Data[:n] {
			if got != uint64(i*n+j+1) {
				t.Fatalf("element %d of part %d is %d, expected %d", j, i, got, i*n+j+1)
			}
		}
		for j, got := range part[i].Data[n:] {
			if got != 0 {
				t.Fatalf("new element %d of part %d is %d, expected 0", j, i, got)
			}
		}
	}
}

// TestLargeElementsTakeNoHeap shows that one large element takes as little of the heap as many small ones of the same size together.
func TestLargeElementsTakeNoHeap(t *testing.T) {
	const size = 1 << 21
	many, one := heapOf[byte](size), heapOf[[size]byte](1)
	if one > many+size/2 {
		t.Errorf("one large element takes %d bytes of the heap, many small ones %d", one, many)
	}
}

// heapOf returns how many bytes of the heap a region of n elements takes.
func heapOf[T any](n int) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := region.New[T](n)
	runtime.ReadMemStats(&after)
	r.Release()
	return after.TotalAlloc - before.TotalAlloc
}

// TestPrefetchChangesNothing asks for the first and the last byte of a region, and for what is not there.
func TestPrefetchChangesNothing(t *testing.T) {
	r := region.New[byte](1 << 19)
	defer r.Release()
	r.Data[0], r.Data[len(r.Data)-1] = 1, 2
	region.Prefetch(unsafe.Pointer(&r.Data[0]))
	region.Prefetch(unsafe.Pointer(&r.Data[len(r.Data)-1]))
	region.PrefetchAll(nil)
	region.PrefetchAll([]uintptr{0, uintptr(unsafe.Pointer(&r.Data[0])), 1 << 62})
	if r.Data[0] != 1 || r.Data[len(r.Data)-1] != 2 {
		t.Error("a prefetch changed memory")
	}
}

// TestOpenStopsWhenCancelled: all elements are given out, each once, and no more than what is under way when the context is cancelled.
func TestOpenStopsWhenCancelled(t *testing.T) {
	const n = 100 << 20 // bytes: several parts for each processor
	all := region.New[byte](n)
	defer all.Release()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var elements atomic.Int64
	region.Open(ctx, all.Data, func(part []byte) { elements.Add(int64(len(part))) })
	if elements.Load() != n {
		t.Errorf("%d elements were given out, expected %d", elements.Load(), n)
	}
	var parts atomic.Int64
	region.Open(ctx, all.Data, func([]byte) {
		parts.Add(1)
		cancel()
	})
	if most := int64(runtime.GOMAXPROCS(0)) + 1; parts.Load() > most {
		t.Errorf("%d parts were given out of a cancelled one, expected %d at most", parts.Load(), most)
	}
}
