//go:build !race

package region_test

import (
	"runtime"
	"syscall"
	"testing"

	"invitesim/model/store/region"
)

// TestTouchedMemoryIsThere writes all over a region and counts how often the system had to step in.
func TestTouchedMemoryIsThere(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const size = 1 << 20 // 256 pages
	r := region.NewTouched[uint64](t.Context(), size/8)
	defer r.Release()
	before := faults(t)
	for i := range r.Data {
		r.Data[i]++
	}
	if n := faults(t) - before; n > 64 {
		t.Errorf("%d pages were not there, of %d", n, size>>12)
	}
	for i, got := range r.Data {
		if got != 1 {
			t.Fatalf("element %d was %d, expected 0", i, got-1)
		}
	}
}

// faults returns how many pages the system has had to give to this thread.
func faults(t *testing.T) int64 {
	t.Helper()
	const thisThread = 1
	var usage syscall.Rusage
	if err := syscall.Getrusage(thisThread, &usage); err != nil {
		t.Fatal(err)
	}
	return usage.Minflt
}
