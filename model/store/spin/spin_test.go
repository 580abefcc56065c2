package spin_test

import (
	"runtime"
	"sync"
	"testing"

	"invitesim/model/store/spin"
)

// TestOneAtATime counts with several goroutines, on as many processors and on one, where a holder gives way in the middle of it now and then.
func TestOneAtATime(t *testing.T) {
	const goroutines, rounds = 4, 5000
	for _, processors := range []int{runtime.NumCPU(), 1} {
		before := runtime.GOMAXPROCS(processors)
		var lock spin.Lock
		var all sync.WaitGroup
		count := 0
		for range goroutines {
			all.Go(func() {
				for i := range rounds {
					lock.Lock()
					seen := count
					if i%50 == 0 {
						runtime.Gosched()
					}
					count = seen + 1
					lock.Unlock()
				}
			})
		}
		all.Wait()
		runtime.GOMAXPROCS(before)
		if count != goroutines*rounds {
			t.Errorf("on %d processors %d goroutines counted to %d, expected %d", processors, goroutines, count, goroutines*rounds)
		}
	}
}
