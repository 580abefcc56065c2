package wall

import (
	"runtime"
	"sync/atomic"
)

// rendezvous is where all workers meet: nobody leaves before the last has come and done what is to be done while all are there.
type rendezvous struct {
	workers int32
	arrived atomic.Int32
	turn    atomic.Int32
}

// meet waits until all workers are here. The last one calls alone, if given, before anybody goes on. It is false where the run
// was stopped meanwhile: then nobody may rely on the others.
func (r *rendezvous) meet(stop *atomic.Bool, alone func()) bool {
	turn := r.turn.Load()
	if r.arrived.Add(1) == r.workers {
		if alone != nil {
			alone()
		}
		r.arrived.Store(0)
		r.turn.Add(1)
		return true
	}
	for r.turn.Load() == turn {
		if stop.Load() {
			return false
		}
		runtime.Gosched()
	}
	return true
}
