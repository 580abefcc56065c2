package virtual

import (
	"maps"
	"slices"
	"testing"

	"invitesim/model"
	"invitesim/model/policies"
	"invitesim/model/trace"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// act is a command on somebody else: of which kind and about what, or neither.
type act struct {
	verb model.Verb
	on   invitation
}

// followed counts by outcome the commands of a verb that come exactly so long after one of another verb on the same thing did what it says.
func followed(recorded *trace.Trace, first, second model.Verb, later model.Seconds) map[model.Outcome]int {
	outcomes, done := map[model.Outcome]int{}, map[act]model.Instant{}
	for i := range recorded.Lines {
		line := &recorded.Lines[i]
		c, at := &line.Command, trace.Instant(line.Call)
		if line.Kind != trace.Command {
			continue
		}
		on := invitation{c.Peer, c.Actor, c.Kind, c.Subject}
		if before, ok := done[act{first, on}]; ok && c.Verb == second && at == before.After(later) {
			outcomes[line.Given.Outcome]++
		}
		if line.Given.Outcome.Success() {
			done[act{c.Verb, on}] = at
		}
	}
	return outcomes
}

// thinkers is a small plan in which everybody thinks again, after times that are fixed, and nobody leaves.
func thinkers(change func(p *sim.Plan)) *sim.Plan {
	p := smallPlan()
	p.Events, p.Duration = nil, 4*model.Week
	own := &p.Populations[0]
	own.Leave = nil
	own.Respond.Ignore, own.Respond.Accept = 0.5, 0.1
	own.Respond.Delay = must(chance.Constant(3600))
	own.Respond.Reconsider = &sim.AfterShare{Share: 1, After: must(chance.Constant(2 * 86400))}
	own.Respond.ReportAgain = &sim.AfterShare{Share: 1, After: must(chance.Constant(86400))}
	own.Unblock = &sim.Unblocking{
		AfterShare: sim.AfterShare{Share: 1, After: must(chance.Constant(7200))},
		Again:      &sim.AfterShare{Share: 1, After: must(chance.Constant(2 * 86400))},
	}
	if change != nil {
		change(p)
	}
	return p
}

// only says whether an outcome came often, and nothing else but what may come besides.
func only(t *testing.T, what string, outcomes map[model.Outcome]int, often model.Outcome, besides ...model.Outcome) {
	t.Helper()
	if outcomes[often] < 50 {
		t.Errorf("%s: found %v, expected many %s", what, outcomes, often)
	}
	for outcome := range outcomes {
		if outcome != often && !slices.Contains(besides, outcome) {
			t.Errorf("%s: found %v, expected no %s", what, outcomes, outcome)
		}
	}
}

// What was ignored is accepted after all, where the policy lets it, unless it is gone.
func TestReconsidered(t *testing.T) {
	later := 2 * model.Day
	_, recorded := traced(t, thinkers(nil))
	outcomes := followed(recorded, model.Ignore, model.Accept, later)
	only(t, "accepted after all", outcomes, model.WasConnected, model.WasAccepted, model.NotAvailable, model.AlreadyConnected)
	if len(outcomes) != 4 {
		t.Errorf("found %v, expected pages accepted, and some gone or connected meanwhile", outcomes)
	}
	_, recorded = traced(t, thinkers(func(p *sim.Plan) { p.Policy.Ignore.Reversible = false }))
	only(t, "ignored for good", followed(recorded, model.Ignore, model.Accept, later), model.NotAvailable, model.AlreadyConnected)
}

// Who reports once more is told that there is nothing to report.
func TestReportedAgain(t *testing.T) {
	_, recorded := traced(t, thinkers(func(p *sim.Plan) { p.Populations[0].Respond.Report = 0.1 }))
	outcomes := followed(recorded, model.Report, model.Report, model.Day)
	only(t, "reported again", outcomes, model.NotAvailable, model.AlreadyConnected)
}

// Who blocks again when the wait is just over may, and undoes that too; a second earlier it is too soon, and that is the end of it.
func TestBlockedAgain(t *testing.T) {
	wait := 2 * model.Day
	_, recorded := traced(t, thinkers(func(p *sim.Plan) { p.Policy.Block.ReblockAfter = wait }))
	only(t, "blocked at the end of the wait", followed(recorded, model.Unblock, model.Block, wait), model.WasBlocked)
	only(t, "unblocked", followed(recorded, model.Block, model.Unblock, 2*model.Hour), model.WasUnblocked)
	_, recorded = traced(t, thinkers(func(p *sim.Plan) { p.Policy.Block.ReblockAfter = wait + 1 }))
	only(t, "blocked a second before the end of the wait", followed(recorded, model.Unblock, model.Block, wait), model.TooSoon)
	if again := followed(recorded, model.Unblock, model.Block, 2*wait); len(again) > 0 {
		t.Errorf("after they were refused some try once more: %v", again)
	}
}

// A habit that nobody follows leaves the history as it is, to the last command; each of them changes it where people do.
func TestAfterthoughtsHaveStreamsOfTheirOwn(t *testing.T) {
	digest := func(share float64, of func(p *sim.Population) **sim.AfterShare) string {
		p := smallPlan()
		own := &p.Populations[0]
		own.Respond.Reconsider, own.Respond.ReportAgain, own.Unblock.Again = nil, nil, nil
		p.Duration = 3 * model.Week
		if of != nil {
			*of(own) = &sim.AfterShare{Share: share, After: must(chance.Constant(3600))}
		}
		return runPlan(t, p, Options{}).Digest
	}
	without := digest(0, nil)
	for name, of := range map[string]func(p *sim.Population) **sim.AfterShare{
		"reconsider":   func(p *sim.Population) **sim.AfterShare { return &p.Respond.Reconsider },
		"report again": func(p *sim.Population) **sim.AfterShare { return &p.Respond.ReportAgain },
		"block again":  func(p *sim.Population) **sim.AfterShare { return &p.Unblock.Again },
	} {
		if digest(0, of) != without {
			t.Errorf("%s: a share of 0 changes the history", name)
		}
		if digest(1, of) == without {
			t.Errorf("%s: a share of 1 leaves the history as it is", name)
		}
	}
}

// Who removes a connection removes the one that they thought of: not a later one of the same two, which a block in between has parted.
func TestRemovedOnTime(t *testing.T) {
	later := 5 * model.Day
	_, recorded := traced(t, thinkers(func(p *sim.Plan) {
		p.Policy, _ = policies.Named("unlimited")
		own := &p.Populations[0]
		own.Send.Kinds = [3]float64{0.5, 0.5, 0}
		own.Respond.Answers, own.Respond.Reconsider, own.Respond.ReportAgain = sim.Answers{Accept: 0.7, Block: 0.3}, nil, nil
		own.Remove = &sim.AfterShare{Share: 1, After: must(chance.Constant(float64(later)))}
	}))
	connected, removed := map[uint64]model.Instant{}, 0
	for i := range recorded.Lines {
		line := &recorded.Lines[i]
		if line.Kind != trace.Command {
			continue
		}
		at, pair := trace.Instant(line.Call), model.PairKey(line.Command.Actor, line.Command.Peer)
		switch line.Given.Outcome {
		case model.WasConnected:
			connected[pair] = at
		case model.WasRemoved:
			removed++
			if since := connected[pair]; at != since.After(later) {
				t.Fatalf("%s: a connection of %s is removed, expected after %s", at, model.Seconds(at-since), later)
			}
		}
	}
	if removed < 50 {
		t.Errorf("%d connections were removed, expected many", removed)
	}
}

// Who tidies goes down the own list: nothing is withdrawn twice because the list still shows it, and a row that proves wrong ends nothing.
func TestTidyingWhereListsLag(t *testing.T) {
	p := smallPlan()
	p.Policy, _ = policies.Named("unlimited")
	p.Policy.Views.Lag = model.Lag{Share: model.Whole, Min: model.Day, Max: model.Day}
	p.Events, p.Duration, p.Warmup = nil, 3*model.Week, 0
	recipients, senders := &p.Populations[0], &p.Populations[1]
	recipients.Send, recipients.Leave = nil, nil
	recipients.Respond = &sim.Responding{Delay: must(chance.Uniform(0, 14*86400)), Answers: sim.Answers{Accept: 0.3}}
	senders.Send.Sittings = &sim.Sittings{Every: 4 * model.Week, Size: must(chance.Constant(30)), Gap: must(chance.Constant(0))}
	senders.Tidy = &sim.Tidying{Every: model.Week, OlderThan: 2 * model.Day, AtMost: 100, Gap: 30}
	run := runPlan(t, p, Options{})
	if left := run.Invitations.OutstandingEnd; left > 0 || run.Invitations.Withdrawn == 0 {
		t.Errorf("%d of %d invitations were not withdrawn, expected that all were which nobody accepted", left, run.Invitations.Sent)
	}
	outcomes := run.Commands["withdraw"].Outcomes
	if outcomes["already_accepted"] == nil || outcomes["not_found"] != nil {
		t.Errorf("found %v, expected some already_accepted and no not_found", slices.Sorted(maps.Keys(outcomes)))
	}
}
