package sample

import (
	"math/rand/v2"
	"time"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/latency"
)

// The run that Measured pretends: a minute of two workers, of which the second is stalled for a third of a second; later the collector is kept busy for three. Instants
// are nanoseconds since its start.
const (
	wall       = 60 * time.Second
	perWorker  = 6000 // commands a second
	stallFrom  = int64(20 * time.Second)
	stallUntil = int64(20_300 * time.Millisecond)
	busyFrom   = int64(40 * time.Second)
	busyUntil  = int64(43 * time.Second)
)

// command is one kind of command: how often it is given, in thousandths, and how long the system takes at least.
type command struct {
	verb    model.Verb
	outcome model.Outcome
	weight  int
	service int64 // nanoseconds
}

func commands() []command {
	return []command{
		{model.Send, model.WasSent, 330, 420},
		{model.Send, model.WasConnected, 10, 510},
		{model.Send, model.RateLimited, 80, 140},
		{model.Send, model.PendingCapped, 40, 160},
		{model.Send, model.AlreadyPending, 20, 210},
		{model.Send, model.Cooldown, 15, 230},
		{model.Send, model.RecipientFull, 5, 190},
		{model.Accept, model.WasConnected, 150, 460},
		{model.Accept, model.NotAvailable, 10, 180},
		{model.Ignore, model.WasIgnored, 80, 260},
		{model.Withdraw, model.WasWithdrawn, 60, 390},
		{model.Withdraw, model.AlreadyAccepted, 5, 170},
		{model.Report, model.WasReported, 10, 310},
		{model.Block, model.WasBlocked, 4, 480},
		{model.Remove, model.WasRemoved, 1, 300},
		{model.QueryReceived, model.NoOutcome, 120, 650},
		{model.QuerySent, model.NoOutcome, 60, 580},
	}
}

// Measured is the steady week, run in a minute by the wall clock: with latencies, a fault, collections and hiccups.
func Measured() *sim.Result {
	result := Result(SteadyWeek())
	result.Clock, result.Speed, result.Digest = "wall", 10_080, ""
	result.Load = &sim.LoadFigures{Loop: "open"}
	result.Marks = []sim.Mark{{AtS: 20, ForS: 0.3, What: "worker"}, {AtS: 40, ForS: 3, What: "gc"}}
	for _, at := range []float64{22.4, 33.1, 35, 36.5} {
		result.Marks = append(result.Marks, sim.Mark{AtS: at, ForS: 0.002, What: latency.MarkStolen})
	}
	for at := int64(3); at < 60; at += 7 {
		result.Marks = append(result.Marks, sim.Mark{AtS: float64(at), ForS: 0.0003, What: latency.MarkCollector})
	}
	for at := busyFrom; at < busyUntil; at += int64(60 * time.Millisecond) {
		result.Marks = append(result.Marks, sim.Mark{AtS: float64(at) / 1e9, ForS: 0.0004, What: latency.MarkCollector})
	}
	result.Commands = map[string]*sim.CommandFigures{}
	recorders := []*latency.Recorder{work(result, 0), work(result, 1)}
	for _, verb := range result.Commands {
		for _, outcome := range verb.Outcomes {
			outcome.Share = float64(outcome.Count) / float64(verb.Count)
		}
	}
	recorders[0].Dropped(int64(wall)-1, 240)
	latency.Report(result, wall, recorders, []*latency.Gaps{hiccups()})
	return result
}

// work is what a worker recorded: it serves its commands one after the other. They are added to the commands of the result.
func work(result *sim.Result, worker int) *latency.Recorder {
	random := rand.New(rand.NewPCG(3, uint64(worker)))
	recorder := latency.NewRecorder(latency.DefaultStep(wall))
	var kinds []command
	for _, c := range commands() {
		for range c.weight {
			kinds = append(kinds, c)
		}
	}
	free := int64(0)
	const gap = int64(time.Second) / perWorker
	for planned := int64(0); planned < int64(wall); planned += 1 + random.Int64N(2*gap) {
		switch {
		case worker == 1 && planned >= stallFrom && planned < stallUntil:
			free = stallUntil
		case planned >= busyFrom && planned < busyUntil && random.IntN(150) == 0:
			free = max(free, planned) + 100_000 + random.Int64N(300_000)
		}
		c := kinds[random.IntN(len(kinds))]
		started := max(planned+25+random.Int64N(20), free)
		answered := started + c.service + tail(random)
		free = answered + 30
		recorder.Record(c.verb, c.outcome, planned, started, answered)
		if c.outcome != model.NoOutcome {
			count(result, c)
		}
	}
	return recorder
}

// count adds a command to those of the result.
func count(result *sim.Result, c command) {
	verb := result.Commands[c.verb.String()]
	if verb == nil {
		verb = &sim.CommandFigures{Outcomes: map[string]*sim.OutcomeShare{}}
		result.Commands[c.verb.String()] = verb
	}
	outcome := verb.Outcomes[c.outcome.String()]
	if outcome == nil {
		outcome = new(sim.OutcomeShare)
		verb.Outcomes[c.outcome.String()] = outcome
	}
	verb.Count++
	outcome.Count++
}

// tail is a length of time that is mostly short: each doubling of it is half as likely.
func tail(random *rand.Rand) int64 {
	length := int64(60)
	for length < 40_000 && random.IntN(2) == 0 {
		length *= 2
	}
	return random.Int64N(length)
}

// hiccups are those of a machine that is quiet for the most part.
func hiccups() *latency.Gaps {
	random := rand.New(rand.NewPCG(5, 8))
	gaps := latency.NewGaps()
	for at := int64(0); at < int64(wall); at += int64(300 * time.Microsecond) {
		gaps.Resume(at)
		now := at
		for range 50 {
			now += 41
			gaps.Reading(now)
		}
		gap := 38 + random.Int64N(6)
		switch random.IntN(20_000) {
		case 0:
			gap += 20_000 + random.Int64N(40_000)
		case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10:
			gap += 1000 + random.Int64N(6000)
		}
		gaps.Reading(now + gap)
	}
	return gaps
}
