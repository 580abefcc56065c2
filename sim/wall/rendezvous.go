package wall

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// rendezvous is where all workers meet: nobody leaves before the last has come and done what is to be done while all are there.
type rendezvous struct {
	workers int
	polite  bool // who waits sleeps
	guard   sync.Mutex
	arrived int
	broken  bool         // somebody left without the others
	turn    atomic.Int32 // how often all have met
}

// meet waits until all workers are here. The last one calls alone before anybody goes on. It is false where the run was stopped
// meanwhile: then alone was not called, and it is false for all of them.
func (r *rendezvous) meet(stop *atomic.Bool, alone func()) bool {
	turn := r.turn.Load()
	if r.arrive(stop, alone) {
		return true
	}
	for r.turn.Load() == turn {
		if stop.Load() {
			return !r.leave(turn)
		}
		if r.polite {
			time.Sleep(time.Duration(spinWithin))
		} else {
			runtime.Gosched()
		}
	}
	return true
}

// arrive says whether it is the last one who comes, and so all have met.
func (r *rendezvous) arrive(stop *atomic.Bool, alone func()) bool {
	r.guard.Lock()
	defer r.guard.Unlock()
	r.arrived++
	if r.arrived < r.workers || r.broken || stop.Load() {
		return false
	}
	alone()
	r.arrived = 0
	r.turn.Add(1)
	return true
}

// leave breaks the rendezvous, unless all have met by now.
func (r *rendezvous) leave(turn int32) bool {
	r.guard.Lock()
	defer r.guard.Unlock()
	if r.turn.Load() != turn {
		return false
	}
	r.broken = true
	return true
}
