package wall

import (
	"context"
	"fmt"
	"time"

	"invitesim/sim"
)

// traceGrace is how long after an interruption the trace is still written.
const traceGrace = 300 * time.Millisecond

// graceful returns a context that is done a moment after another one.
func graceful(ctx context.Context) (context.Context, context.CancelFunc) {
	later, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(traceGrace, cancel) })
	return later, func() {
		stop()
		cancel()
	}
}

// beginTrace writes the head of the trace, if there is to be one. Where it is interrupted nothing follows: there is no time for a run either.
func (c *crew) beginTrace(ctx context.Context) error {
	if c.options.Trace == nil {
		return nil
	}
	setUp := c.setUp()
	_, err := setUp.Write(ctx, c.options.Trace)
	return traceError(err)
}

// writeTrace writes what was recorded, and says in the result where the trace ends if there was no time for all of it.
func (c *crew) writeTrace(ctx context.Context, result *sim.Result) error {
	until, whole, err := c.recording.Write(ctx, c.options.Trace, c.setUp())
	if err == nil && !whole {
		result.Interrupted = true
		result.Warnings = append(result.Warnings, fmt.Sprintf("the trace has all that was decided before %s, and no more: writing it was interrupted", until))
	}
	return traceError(err)
}

func traceError(err error) error {
	if err != nil {
		err = fmt.Errorf("the trace cannot be written: %w", err)
	}
	return err
}
