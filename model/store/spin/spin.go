// Package spin is a lock for what is held for well under a microsecond.
package spin

import (
	"runtime"
	"sync/atomic"
)

// Lock is a lock whose waiters look again and again instead of sleeping: to be woken takes a hundred times as long as what it guards, and who was
// woken late finds everybody else behind it. The zero value is free. It is not fair, and whoever holds it should
// not wait for others.
type Lock struct{ taken atomic.Uint32 }

// looks is how often a waiter looks before it lets another goroutine have the processor: the holder may have lost its own.
const looks = 64

// Lock takes the lock.
func (l *Lock) Lock() {
	if !l.taken.CompareAndSwap(0, 1) {
		l.wait()
	}
}

// Unlock gives it back.
func (l *Lock) Unlock() { l.taken.Store(0) }

// wait looks ever more rarely, so that the line of memory stays with the holder.
func (l *Lock) wait() {
	for {
		for pause := range looks {
			if l.taken.Load() == 0 && l.taken.CompareAndSwap(0, 1) {
				return
			}
			for range pause { // some nanoseconds
			}
		}
		runtime.Gosched()
	}
}
