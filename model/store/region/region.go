// Package region holds large arrays outside the heap that the collector walks and paces itself by, in large pages where the system has them. What
// lives in a region must hold no pointers.
package region

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"unsafe"
)

// smallest is the size in bytes from which a region is mapped; smaller ones come from the heap.
const smallest = 1 << 18

// Region is an array of pointer-free elements, zero at first. The slice moves when the region grows: take it anew after
// each Grow, and keep no pointers into it across one.
type Region[T any] struct {
	Data   []T
	mapped []byte
	part   bool // of the memory of another region
}

// Given says whether the system has room for regions of size bytes together, of which so many (at least 1) will surely be used, as far as it
// tells. Whoever is about to make large ones asks before: where there is no room for one, the program ends.
func Given(size, used int) bool { return size < smallest || given(size, used) }

// New returns a region of n zero elements.
func New[T any](n int) Region[T] {
	size := uintptr(n) * unsafe.Sizeof(*(*T)(nil)) // of a variable of T, which may be large, there would be one on the heap
	if size < smallest {
		return Region[T]{Data: make([]T, n)}
	}
	bytes, all := mapZero(int(size))
	if bytes == nil {
		return Region[T]{Data: make([]T, n)}
	}
	return Region[T]{Data: unsafe.Slice((*T)(unsafe.Pointer(&bytes[0])), n), mapped: all}
}

// page is the least that the system gives at once, in bytes.
const page = 4096

const (
	// atLeast is how many bytes one goroutine goes through at least.
	atLeast = 1 << 24
	// atOnce is how many bytes it goes through between two looks at the context.
	atOnce = 1 << 21
)

// NewTouched returns a region of n zero elements whose memory is there already: the first touch of a page costs more than a
// thousand others. When the context is cancelled the rest is left to come when it is used.
func NewTouched[T any](ctx context.Context, n int) Region[T] {
	r := New[T](n)
	step := max(1, page/int(unsafe.Sizeof(*(*T)(nil))))
	Open(ctx, r.Data, func(part []T) {
		for i := 0; i < len(part); i += step {
			clear(part[i : i+1])
		}
	})
	return r
}

// Open gives out all elements, in parts, to be touched for the first time. All processors share the work. When the context is cancelled it
// leaves the rest out.
func Open[T any](ctx context.Context, elements []T, open func(part []T)) {
	size := int(unsafe.Sizeof(*(*T)(nil)))
	var all sync.WaitGroup
	for share := range slices.Chunk(elements, max(len(elements)/runtime.GOMAXPROCS(0), atLeast/size, 1)) {
		all.Go(func() {
			for part := range slices.Chunk(share, max(atOnce/size, 1)) {
				if ctx.Err() != nil {
					return
				}
				open(part)
			}
		})
	}
	all.Wait()
}

// Part returns n of the elements, from first on, as a region. Many small ones in the memory of a large one share its large pages. A part that grows
// moves to memory of its own; the rest stays that of r, which must be released after its parts.
func (r *Region[T]) Part(first, n int) Region[T] {
	return Region[T]{Data: r.Data[first : first+n : first+n], part: true}
}

// Grow makes room for at least n elements, at least half as many again as there were.
func (r *Region[T]) Grow(n int) {
	if n > len(r.Data) {
		r.Extend(max(n, len(r.Data)+len(r.Data)/2, 64))
	}
}

// Extend makes room for n elements, no fewer than there were. What is mapped moves within the address space, and none of it is copied where the
// system can do that.
func (r *Region[T]) Extend(n int) {
	size := int(unsafe.Sizeof(*(*T)(nil)))
	if r.mapped != nil {
		use := unsafe.Slice((*byte)(unsafe.Pointer(&r.Data[0])), len(r.Data)*size)
		if moved, all := remap(use, r.mapped, n*size); moved != nil {
			*r = Region[T]{Data: unsafe.Slice((*T)(unsafe.Pointer(&moved[0])), n), mapped: all}
			return
		}
	}
	larger := New[T](n)
	copy(larger.Data, r.Data)
	if r.part && len(r.Data) > 0 {
		forget(unsafe.Slice((*byte)(unsafe.Pointer(&r.Data[0])), len(r.Data)*size))
	}
	r.Release()
	*r = larger
}

// Release gives the memory back; the region is empty then.
func (r *Region[T]) Release() {
	if r.mapped != nil {
		unmap(r.mapped)
	}
	*r = Region[T]{}
}

// Prefetch asks the processor to load the cache line at p, and to take it from other processors, since it will be written. It changes nothing that a
// program can see but time.
func Prefetch(p unsafe.Pointer) { prefetch(p) }

// PrefetchAll does that for the cache lines at all of the addresses, in one call. An address where nothing is, or is any more, does no harm.
func PrefetchAll(addresses []uintptr) { prefetchAll(addresses) }
