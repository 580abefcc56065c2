package virtual

import (
	"fmt"
	"reflect"

	"invitesim/model"
	"invitesim/model/oracle"
	"invitesim/model/store"
	"invitesim/model/trace"
	"invitesim/sim"
	"invitesim/sim/people"
)

// How much checking a run pays for, in steps that cost about the same. They are counted and not timed, so that the
// result does not depend on the machine.
const (
	oracleBudget    = 300_000_000 // events of members' histories that the oracle reads
	touchedBudget   = 50_000_000  // invitations of members touched by a command
	everybodyBudget = 50_000_000  // members looked at between steps
	fewDivergences  = 5           // how many are told in words
)

// checker runs the oracle and the invariants beside the system.
type checker struct {
	oracle  *oracle.Oracle // nil once its budget is spent
	read    []uint32       // how long each member's history is, in events
	result  sim.Checks
	spent   struct{ oracle, touched, everybody int64 }
	until   model.Instant // how far everybody was looked at, when that ended early
	touched model.Instant // how far touched members were looked at, when that ended early
	told    []string
}

// newChecker returns the checker of a run.
func newChecker(plan *sim.Plan) *checker {
	return &checker{
		oracle: oracle.New(plan.Members(), model.Calendar{Start: plan.Start}, plan.Seed, plan.Policy),
		read:   make([]uint32, plan.Members()+1), until: -1, touched: -1,
		result: sim.Checks{Oracle: sim.OracleChecks{UntilS: int64(plan.Duration)}},
	}
}

// equip tells the oracle what a member has when the run starts.
func (k *checker) equip(m model.Member, start people.Start) {
	if start.AccountAge > 0 {
		k.oracle.Opened(m, -model.Instant(start.AccountAge))
	}
	if start.Connections > 0 {
		k.oracle.Outside(m, start.Connections)
	}
}

// changePolicy tells the oracle of a change.
func (k *checker) changePolicy(t model.Instant, p *model.Policy) {
	if k.oracle != nil {
		k.oracle.ChangePolicy(t, *p)
	}
}

// command lets the oracle decide too, and looks at the invariants of those who were touched.
func (k *checker) command(s *store.Store, t model.Instant, c *model.Command, a *model.Answer) {
	if k.mayAsk(t, c) {
		k.result.Oracle.Commands++
		if own := k.oracle.Do(t, c); !sameAnswer(&own, a) {
			k.diverge("%s %s: the system answered %q, the oracle %q", t, trace.AppendCommand(nil, c),
				trace.FormatAnswer(*a), trace.FormatAnswer(own))
		}
	}
	if k.spent.touched > touchedBudget {
		return
	}
	k.look(s, t, c.Actor, &k.spent.touched)
	if c.Verb.NamesPeer() {
		k.look(s, t, c.Peer, &k.spent.touched)
	}
	if k.spent.touched > touchedBudget {
		k.touched = t
	}
}

// query lets the oracle answer too.
func (k *checker) query(t model.Instant, c *model.Command, r *model.Reply) {
	if !k.mayAsk(t, c) {
		return
	}
	if own := k.oracle.Ask(t, c); !reflect.DeepEqual(own, *r) {
		k.diverge("%s %s: the system answered %q, the oracle %q", t, trace.AppendCommand(nil, c),
			trace.FormatReply(c.Verb, *r), trace.FormatReply(c.Verb, own))
	}
}

// mayAsk says whether the oracle's budget covers a command. Its cost is what the oracle has to read: the two histories.
func (k *checker) mayAsk(t model.Instant, c *model.Command) bool {
	if k.oracle == nil {
		return false
	}
	actor, peer := &k.read[k.place(c.Actor)], &k.read[k.place(c.Peer)]
	k.spent.oracle += 16 + int64(*actor) + int64(*peer)
	if k.spent.oracle > oracleBudget {
		k.oracle = nil
		k.result.Oracle.UntilS = int64(t)
		return false
	}
	*actor++
	*peer++
	return true
}

// place returns where a member's history is counted; those who do not exist share a place.
func (k *checker) place(m model.Member) model.Member {
	if int(m) >= len(k.read) {
		return 0
	}
	return m
}

// diverge counts a difference, and tells the first few.
func (k *checker) diverge(format string, arguments ...any) {
	k.result.Oracle.Divergences++
	k.tell(fmt.Sprintf(format, arguments...))
}

// tell keeps the first few messages.
func (k *checker) tell(message string) {
	if len(k.told) < fewDivergences {
		k.told = append(k.told, message)
	}
}

// sameAnswer says whether two systems answered alike.
func sameAnswer(a, b *model.Answer) bool {
	return a.Outcome == b.Outcome && a.Bounded == b.Bounded && a.Until == b.Until && a.Again == b.Again && a.SentAt == b.SentAt
}

// look looks at the invariants of one member.
func (k *checker) look(s *store.Store, t model.Instant, m model.Member, spent *int64) {
	if k.place(m) == 0 {
		return
	}
	evaluated, broken := s.Violations(t, m)
	*spent += int64(evaluated)
	k.result.Invariants.Evaluated += uint64(evaluated)
	k.result.Invariants.Violations += uint64(len(broken))
	for _, sentence := range broken {
		k.tell(fmt.Sprintf("%s member %d: %s", t, m, sentence))
	}
}

// everybody looks at the invariants of all members.
func (k *checker) everybody(s *store.Store, t model.Instant) {
	if k.spent.everybody > everybodyBudget {
		return
	}
	for m := model.Member(1); int(m) < len(k.read); m++ {
		k.look(s, t, m, &k.spent.everybody)
	}
	if k.spent.everybody > everybodyBudget {
		k.until = t
	}
}

// report writes what was found.
func (k *checker) report(plan *sim.Plan, end model.Instant, result *sim.Result) {
	checks := k.result
	checks.Oracle.UntilS = min(checks.Oracle.UntilS, int64(end))
	result.Checks = &checks
	result.Warnings = append(result.Warnings, k.told...)
	if k.oracle == nil {
		result.Warnings = append(result.Warnings,
			fmt.Sprintf("the oracle ran beside the first %s of %s", model.Instant(checks.Oracle.UntilS), plan.Duration))
	}
	if k.touched >= 0 {
		result.Warnings = append(result.Warnings,
			fmt.Sprintf("the invariants of touched members were looked at after every command of the first %s", k.touched))
	}
	if k.until >= 0 {
		result.Warnings = append(result.Warnings,
			fmt.Sprintf("the invariants of all members were looked at at every step of the first %s", k.until))
	}
}
