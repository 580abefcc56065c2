package wall

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"invitesim/model"
	"invitesim/sim"
)

// Options say how to run, beyond what the plan says.
type Options struct {
	Workers int           // 0 for what the plan says, or as many as processors
	Speed   float64       // people's seconds in a second of the wall clock; 0 for what the plan says
	Rate    float64       // wanted mean of commands and queries per second, in place of a speed; 0 for none
	For     time.Duration // wall time after which the run ends, if the scenario has not; 0 for no such end
	Polite  bool          // nobody spins: workers only sleep until the next command is due, and so does the meter beside them
	// Check records calls and answers, looks for an order of them that the model allows, and audits members all the while.
	Check bool
	// Trace, if given, takes the set-up as text before the run, and the recorded calls after it; of one that is interrupted, as many as take a moment.
	Trace io.Writer
	// Progress, if given, is called about twice a second.
	Progress func(Progress)
}

// Progress says how far a run is.
type Progress struct {
	At, End           model.Instant // of the people's time: what all workers have reached, and the end of the run
	Wall              time.Duration
	Offered, Achieved uint64        // commands and queries; of what was due but not started it is the mean that the plan expects
	Late              uint64        // of those achieved
	P50, P99          time.Duration // of the responses so far, to an eighth; 0 before the first
	Hits              [4]uint64     // of rate_limited, pending_capped, restricted, cooldown
}

// Totals count what a run did, and how long it took on this machine.
type Totals struct {
	Commands, Queries uint64
	Setup, Wall       time.Duration
	Workers           int
	Hiccups           *sim.Hiccups
}

// Run runs a plan by the wall clock. When the context is cancelled the run ends at once, and the result is that of the time until
// then. The error is of a plan that cannot run, of the trace's writer, or ErrBrokeOff.
func Run(ctx context.Context, plan *sim.Plan, o Options) (*sim.Result, Totals, error) {
	begin := time.Now()
	if err := settle(plan, &o); err != nil {
		return nil, Totals{}, err
	}
	c, err := newCrew(ctx, plan, o)
	if err != nil {
		return nil, Totals{}, err
	}
	if err := c.beginTrace(ctx); err != nil {
		c.release()
		return nil, Totals{}, err
	}
	runtime.GC() // what setting up left behind is no pause of the run
	c.totals.Setup = time.Since(begin)
	var result *sim.Result
	if err = c.run(ctx); err == nil {
		err = c.failure.await(c.guarded(func() { result = c.report(ctx) }))
	}
	if err != nil {
		return nil, Totals{}, err // the memory is left to those who may still use it
	}
	defer c.release()
	if o.Trace != nil {
		inTime, cancel := graceful(ctx)
		defer cancel()
		err = c.writeTrace(inTime, result)
	}
	return result, c.totals, err
}

// settle fills in what the options leave to the plan. The error is of a run without a speed, or with one that cannot be kept.
func settle(plan *sim.Plan, o *Options) error {
	if o.Workers == 0 {
		o.Workers = plan.Load.Workers
	}
	if o.Workers == 0 {
		o.Workers = min(runtime.NumCPU(), sim.MostWorkers)
	}
	if o.Speed == 0 {
		o.Speed = plan.Load.Speed
	}
	if o.Rate > 0 {
		expected := expectedRate(plan)
		if expected == 0 {
			return fmt.Errorf("a rate of %g/s cannot be reached: nobody of this scenario gives commands", o.Rate)
		}
		o.Speed = o.Rate / expected
		if o.Speed < sim.LeastSpeed {
			return fmt.Errorf("a rate of %g/s is a speed of %.3gx: expected at least %gx, which brings about %.3g/s", o.Rate, o.Speed, sim.LeastSpeed, float64(sim.LeastSpeed*expected))
		}
	}
	if plan.Load.Loop == sim.Open && o.Speed == 0 {
		return fmt.Errorf("an open loop needs a speed or a rate: expected `load: {speed: 604800x}` in the scenario, --speed 604800x or --rate 1000/s")
	}
	if o.Workers < 1 || o.Workers > sim.MostWorkers {
		return fmt.Errorf("%d workers: expected 1 to %d", o.Workers, sim.MostWorkers)
	}
	return nil
}
