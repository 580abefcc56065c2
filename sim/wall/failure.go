package wall

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// ErrBrokeOff is the error of a run in which the program itself broke off: in the system, or in those who drive it. What was measured until then is not
// told, for whoever breaks off in the middle of a decision leaves locks behind, and nobody can come to an account any more.
var ErrBrokeOff = errors.New("the program broke off")

// failure is what some goroutine of a run broke off with, if one did.
type failure struct {
	once  sync.Once
	first error
	told  chan struct{} // closed when first is there
}

func newFailure() *failure { return &failure{told: make(chan struct{})} }

// guard returns what calls do, keeps what that breaks off with, and calls halt then.
func (f *failure) guard(halt, do func()) func() {
	return func() {
		defer func() {
			if problem := recover(); problem != nil {
				f.once.Do(func() {
					f.first = fmt.Errorf("%w: %v\n%s", ErrBrokeOff, problem, debug.Stack())
					close(f.told)
				})
				halt()
			}
		}()
		do()
	}
}

// await waits until something is done, or until somebody has broken off: the others may wait for that one for ever.
func (f *failure) await(do func()) error {
	done := make(chan struct{})
	go func() {
		do()
		close(done)
	}()
	select {
	case <-f.told:
	case <-done:
	}
	select {
	case <-f.told:
		return f.first
	default:
		return nil
	}
}
