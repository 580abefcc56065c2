package wall

import (
	"context"
	"errors"
	"iter"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/store"
	"invitesim/model/trace"
	"invitesim/sim"
	"invitesim/sim/conduct"
	"invitesim/sim/latency"
	"invitesim/sim/measure"
	"invitesim/sim/people"
)

// crew is one run: its workers, what they share, and those who help and watch.
type crew struct {
	plan    *sim.Plan
	options Options
	open    bool   // loop
	end     uint64 // nanosecond of the people's time at which the workers are done
	window  uint64 // how far ahead of another a worker of a closed loop may run, in nanoseconds of the people's time
	clock   clock
	crowd   *people.Crowd
	store   *store.Store
	account *measure.Joint
	workers []*worker
	seen    *latency.Gaps // by a meter beside the workers, until they were done
	pauses  *latency.Collector

	stop    atomic.Bool   // nobody begins anything new
	stopped chan struct{} // closed with it
	halting sync.Once
	meeting rendezvous
	working sync.WaitGroup // workers
	helpers sync.WaitGroup
	failure *failure

	recording     *check.Recording // nil where nobody asked
	recordAtMost  int
	cutEvery      model.Instant // how far apart the cuts are at which recording may end
	lastCut       lastCut       // the one at which it ends
	recordedUntil model.Instant // where it ended; 0 where it lasted until the end

	policies []sim.PolicyChange // written while all workers wait

	thresholds *sim.Watch    // those that stop the run
	hopeless   int           // index of the one that did; -1 for none
	stoppedAt  model.Instant // the end of the step at which it showed

	guard      sync.Mutex
	marks      []sim.Mark
	missed     []sim.Fault // that were to begin after the end
	shard      stalledShard
	invariants sim.InvariantChecks
	sentences  []string
	totals     Totals
}

// About the most commands and looks at lists that a run records for its check: what memory and the time of the check allow.
const checkedCommands = 1_000_000

// mostAhead bounds how far a worker of a closed loop runs ahead of another.
const mostAhead = model.Hour

// newCrew sets a run up: the system with what members start with, and everybody's first events. When the context is cancelled it leaves some of
// that out.
func newCrew(ctx context.Context, plan *sim.Plan, o Options) (*crew, error) {
	c := &crew{
		plan: plan, options: o, open: plan.Load.Loop == sim.Open, end: uint64(plan.Duration) * second,
		window: uint64(min(mostAhead, plan.Step)) * second, stopped: make(chan struct{}),
		clock:   clock{speed: o.Speed, last: model.Instant(plan.Duration) - 1},
		meeting: rendezvous{workers: o.Workers, polite: o.Polite}, recordAtMost: checkedCommands,
		thresholds: sim.NewWatch(plan.Thresholds), hopeless: -1, failure: newFailure(),
	}
	if c.open && o.For > 0 {
		c.end = c.clock.nanosecond(int64(o.For), c.end)
	}
	c.totals.Workers = o.Workers
	var err error
	if c.crowd, err = people.NewCrowd(plan); err != nil {
		return nil, err
	}
	err = c.setUpSystem(ctx)
	if err != nil && !errors.Is(err, ErrBrokeOff) {
		c.release()
	}
	return c, err
}

// setUpSystem makes the system, its account, and the workers.
func (c *crew) setUpSystem(ctx context.Context) (err error) {
	plan, o := c.plan, &c.options
	c.store, err = store.New(ctx, store.Options{
		Members: plan.Members(), Calendar: model.Calendar{Start: plan.Start}, Seed: plan.Seed, Policies: plan.Policies(),
		Audit: o.Check, Observe: c.observe, Pairs: c.expectedPairs(),
	})
	if err != nil {
		return err
	}
	if o.Check || o.Trace != nil {
		c.recording = check.NewRecording(o.Workers)
	}
	if o.Trace != nil {
		c.recordAtMost = math.MaxInt
	}
	c.cutEvery = c.betweenCuts()
	return c.hire(ctx)
}

// hire makes the workers, each with the first events of its members.
func (c *crew) hire(ctx context.Context) error {
	owner := func(m model.Member) int { return conduct.OwnerOf(m, c.options.Workers) }
	c.account = measure.NewJoint(ctx, c.plan, c.options.Workers, owner, func(worker int, t model.Instant, sender model.Member) {
		to := &c.workers[worker].out[owner(sender)]
		to.lowered = append(to.lowered, lowered{t, sender})
	})
	if !c.thresholds.Idle() {
		c.account.Watch(c.judge)
	}
	for i := range c.options.Workers {
		w := &worker{
			crew: c, index: i, book: c.account.Recorder(i), policy: &c.plan.Policy, agenda: c.withCuts(conduct.Agenda(c.plan)),
			latency: latency.NewRecorder(latency.DefaultStep(c.length())), gaps: latency.NewGaps(), out: make([]mail, c.options.Workers),
		}
		w.latency.MeasureFrom(c.warmup())
		if c.options.Progress != nil {
			w.live = new(live)
		}
		if c.recording != nil {
			w.calls = c.recording.Worker(i)
			w.calls.Reserve(c.expectedCalls() / c.options.Workers)
		}
		c.workers = append(c.workers, w)
	}
	var setUp sync.WaitGroup
	failures := make([]error, len(c.workers))
	for i, w := range c.workers {
		setUp.Go(c.guarded(func() { failures[i] = w.begin(ctx) }))
	}
	if err := c.failure.await(setUp.Wait); err != nil {
		return err
	}
	for _, w := range c.workers {
		w.flush()
	}
	return failures[0]
}

// begin sets up the members of the worker.
func (w *worker) begin(ctx context.Context) (err error) {
	c := w.crew
	w.share, err = conduct.NewShare(conduct.Options{
		Plan: c.plan, Crowd: c.crowd, Store: c.store, Desk: w, Index: w.index, Shares: len(c.workers),
	})
	if err != nil {
		return err
	}
	w.share.Begin(ctx, c.equip)
	if ctx.Err() == nil {
		w.share.Reserve()
	}
	for len(w.agenda) > 0 && w.agenda[0].At == 0 && w.agenda[0].Policy == nil {
		w.measure(w.takeAppointment())
	}
	w.appoint()
	return nil
}

// equip sets up what a member has when the run starts.
func (c *crew) equip(m model.Member, start people.Start) {
	if start.AccountAge > 0 {
		c.store.Opened(m, -model.Instant(start.AccountAge))
	}
	if start.Connections > 0 {
		c.store.Outside(m, start.Connections)
	}
	if start.Inbound != model.Anyone {
		c.store.Do(0, &model.Command{Verb: model.SetInbound, Setting: start.Inbound, Actor: m})
	}
}

// setUp is the world that the recording begins in.
func (c *crew) setUp() check.SetUp {
	return check.SetUp{
		Name: c.plan.Name, Policy: c.plan.Policy, Members: c.plan.Members(), Start: model.Calendar{Start: c.plan.Start}, Seed: c.plan.Seed,
		Lines: c.equipment(),
	}
}

// equipment goes through what equip sets up, as lines of a trace.
func (c *crew) equipment() iter.Seq[trace.Line] {
	return func(yield func(trace.Line) bool) {
		groups := c.crowd.Groups()
		for i := range groups {
			g := &groups[i]
			for m := g.First; m < g.First+model.Member(g.Count); m++ {
				start := g.StartOf(m)
				opened := trace.Line{Kind: trace.Opened, Opened: -model.Instant(start.AccountAge)}
				outside := trace.Line{Kind: trace.Outside, Count: start.Connections}
				inbound := trace.Line{Kind: trace.Command}
				inbound.Command = model.Command{Verb: model.SetInbound, Setting: start.Inbound}
				for _, each := range []struct {
					line  *trace.Line
					given bool
				}{{&opened, start.AccountAge > 0}, {&outside, start.Connections > 0}, {&inbound, start.Inbound != model.Anyone}} {
					each.line.Command.Actor = m
					if each.given && !yield(*each.line) {
						return
					}
				}
			}
		}
	}
}

// observe passes on what happened to a member that no answer told.
func (c *crew) observe(change store.Change) {
	c.workers[conduct.OwnerOf(change.Sender, len(c.workers))].inbox.tell(change)
}

// length returns how long the run will last by the wall clock, as far as that is known: a minute where it is not.
func (c *crew) length() time.Duration {
	length := time.Minute
	if c.open {
		length = time.Duration(c.clock.wall(c.end))
	}
	if c.options.For > 0 && (c.options.For < length || !c.open) {
		length = c.options.For
	}
	return max(length, 1)
}

// expectedCalls returns about how many calls will be recorded.
func (c *crew) expectedCalls() int {
	expected := float64(expectedRate(c.plan) * float64(c.plan.Duration))
	if c.open && c.options.For > 0 {
		expected = min(expected, float64(expectedRate(c.plan)*c.clock.speed*c.options.For.Seconds()))
	}
	return int(min(1.25*expected, 1.25*checkedCommands))
}

// fastest is more sends than a closed loop makes in a second of the wall clock.
const fastest = 1_000_000

// expectedPairs returns about for how many pairs of members there should be memory.
func (c *crew) expectedPairs() int {
	switch {
	case c.open:
		return c.plan.ExpectedPairs(model.Seconds(c.end / second))
	case c.options.For > 0:
		return int(min(float64(c.plan.ExpectedPairs(c.plan.Duration)), fastest*c.options.For.Seconds()))
	}
	return c.plan.ExpectedPairs(c.plan.Duration)
}

// warmup returns the wall time at which measuring begins: in a closed loop that shows when it is there.
func (c *crew) warmup() int64 {
	switch {
	case c.plan.Warmup == 0:
		return 0
	case c.open:
		return c.clock.wall(uint64(c.plan.Warmup) * second)
	}
	return math.MaxInt64
}

// release gives the memory of a run back.
func (c *crew) release() {
	for _, w := range c.workers {
		if w.share != nil {
			w.share.Release()
		}
	}
	if c.account != nil {
		c.account.Release()
	}
	if c.store != nil {
		c.store.Release()
	}
	c.crowd.Release()
}

// run lets the workers work until the end of the plan, of Options.For, or of the context. The error is ErrBrokeOff: then some of them may go on, and may
// never end.
func (c *crew) run(ctx context.Context) error {
	c.clock.base = time.Now()
	if ctx.Err() != nil {
		c.halt() // not everybody may have been set up: nobody begins
	}
	meter := c.startHelpers(ctx)
	for _, w := range c.workers {
		c.working.Go(c.guarded(w.run))
	}
	err := c.failure.await(func() {
		c.working.Wait()
		c.totals.Wall = time.Duration(c.clock.now())
		c.halt()
		c.helpers.Wait()
	})
	c.seen = meter.Stop()
	return err
}

// guarded is something of the run that others do beside it: where it breaks off, so does the run.
func (c *crew) guarded(do func()) func() { return c.failure.guard(c.halt, do) }

// halt stops the workers and the helpers.
func (c *crew) halt() {
	c.halting.Do(func() {
		c.stop.Store(true)
		close(c.stopped)
	})
}
