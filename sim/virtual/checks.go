package virtual

import (
	"fmt"
	"slices"

	"invitesim/model"
	"invitesim/model/oracle"
	"invitesim/model/store"
	"invitesim/model/trace"
	"invitesim/sim"
	"invitesim/sim/people"
)

// How much checking a run pays for beside its oracle, in steps that cost about the same. They are counted and not timed, so that the
// result does not depend on the machine.
const (
	touchedBudget   = 50_000_000 // invariants looked at of members touched by a command
	everybodyBudget = 50_000_000 // and of all members, at the ends of steps
	pairsBudget     = 50_000_000 // commands and notices read for what happens between two
	fewDivergences  = 5          // how many are told in words

	mostReminded = 100_000 // members; of more no notices are kept to look for reminders in
)

// checker runs the oracle and the invariants beside the system.
type checker struct {
	members uint32
	oracle  *oracle.Oracle // nil once its budget is spent
	budget  *oracle.Budget
	result  sim.Checks
	spent   struct{ touched, everybody, pairs int64 }
	until   model.Instant // how far everybody was looked at, when that ended early
	touched model.Instant // how far touched members were looked at, when that ended early
	told    []string
	open    int64 // outstanding invitations
	prior   bool  // lists show earlier requests

	pairs  *pairs        // nil once its budget is spent
	paired model.Instant // how far pairs were watched, when that ended early
}

// keepsNotices says whether a run that is checked keeps notices: where there are reminders to look for, and not too many members.
func keepsNotices(plan *sim.Plan, policies []model.Policy) bool {
	reminders := slices.ContainsFunc(policies, func(p model.Policy) bool { return len(p.Reminders) > 0 })
	return reminders && plan.Members() <= mostReminded
}

// newChecker returns the checker of a run under the given policies.
func newChecker(plan *sim.Plan, policies []model.Policy) *checker {
	k := &checker{
		members: plan.Members(),
		oracle:  oracle.New(plan.Members(), model.Calendar{Start: plan.Start}, plan.Seed, plan.Policy),
		budget:  oracle.NewBudget(plan.Members(), &plan.Policy), until: -1, touched: -1,
		result: sim.Checks{Oracle: sim.OracleChecks{UntilS: int64(plan.Duration)}},
		pairs:  newPairs(policies, plan.Step, keepsNotices(plan, policies)), paired: -1,
	}
	k.obey(&plan.Policy)
	return k
}

// obey notes what the checker must know of the policy in force.
func (k *checker) obey(p *model.Policy) {
	k.prior = p.ReceivedList.ShowPrior
	if k.pairs != nil {
		k.pairs.cooldown = p.Resend.Cooldown
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
	k.obey(p)
	k.budget.Obey(p)
	if k.oracle != nil {
		k.oracle.ChangePolicy(t, *p)
	}
}

// command lets the oracle decide too, and looks at the invariants of those who were touched.
func (k *checker) command(s *store.Store, t model.Instant, c *model.Command, a *model.Answer) {
	if k.mayAsk(t, c) {
		k.result.Oracle.Commands++
		if own := k.oracle.Do(t, c); !k.sameAnswer(&own, a) {
			k.diverge("%s %s: the system answered %q, the oracle %q", t, trace.AppendCommand(nil, c),
				trace.FormatAnswer(*a), trace.FormatAnswer(own))
		}
	}
	switch a.Outcome {
	case model.WasSent:
		k.open++
	case model.WasConnected, model.WasAccepted, model.WasWithdrawn:
		k.open--
	}
	if k.pairs != nil {
		k.pairs.command(t, c, a)
		k.spendPairs(t, 1)
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

// lapsed takes in the end of an invitation that no command asked for.
func (k *checker) lapsed(c *store.Change) {
	k.open--
	if k.pairs != nil {
		k.pairs.lapsed(c.At, invitation{c.Sender, c.Recipient, c.Kind, c.Subject}, c.State)
	}
}

// connected takes in a connection that nobody asked for.
func (k *checker) connected(a, b model.Member) {
	if k.pairs != nil {
		k.pairs.connected(direction{a, b})
	}
}

// spendPairs counts what was found between pairs, and stops watching them once that has cost enough.
func (k *checker) spendPairs(t model.Instant, cost int64) {
	p := k.pairs
	k.result.Invariants.Evaluated += p.evaluated
	k.result.Invariants.Violations += uint64(len(p.broken))
	for _, sentence := range p.broken {
		k.tell(sentence)
	}
	p.evaluated, p.broken = 0, nil
	if k.spent.pairs += cost; k.spent.pairs > pairsBudget {
		k.pairs, k.paired = nil, t
	}
}

// query lets the oracle answer too.
func (k *checker) query(t model.Instant, c *model.Command, r *model.Reply) {
	if !k.mayAsk(t, c) {
		return
	}
	if own := k.oracle.Ask(t, c); !own.Equal(r) {
		k.diverge("%s %s: the system answered %q, the oracle %q", t, trace.AppendCommand(nil, c),
			trace.FormatReply(c.Verb, *r), trace.FormatReply(c.Verb, own))
	}
}

// mayAsk says whether the oracle's budget covers a command.
func (k *checker) mayAsk(t model.Instant, c *model.Command) bool {
	if k.oracle == nil {
		return false
	}
	if !k.budget.Covers(t, c, k.open) {
		k.oracle = nil
		k.result.Oracle.UntilS = int64(t)
		return false
	}
	return true
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

// sameAnswer says whether two systems answered alike. Whether somebody asked before is kept where a list shows it, and a repeated
// key does not promise to tell it.
func (k *checker) sameAnswer(a, b *model.Answer) bool {
	if a.Outcome != b.Outcome || a.Bounded != b.Bounded || a.Until != b.Until || a.Repeated != b.Repeated {
		return false
	}
	if k.prior && !a.Repeated && a.Again != b.Again {
		return false
	}
	return a.SentAt == b.SentAt && a.Met == b.Met || a.Outcome == model.WasSent || !a.Outcome.Success()
}

// look looks at the invariants of one member.
func (k *checker) look(s *store.Store, t model.Instant, m model.Member, spent *int64) {
	if m == 0 || uint32(m) > k.members {
		return
	}
	evaluated, broken := s.Violations(t, m)
	*spent += int64(evaluated)
	k.result.Invariants.Evaluated += uint64(evaluated)
	k.result.Invariants.Violations += uint64(len(broken))
	for _, sentence := range broken {
		k.tell(sentence)
	}
}

// endStep looks at what shows at the end of a step only, and at everybody.
func (k *checker) endStep(s *store.Store, t model.Instant) {
	if k.pairs != nil {
		read := k.pairs.endStep(t, func(m model.Member) []model.Notice {
			return s.Ask(t, &model.Command{Verb: model.QueryNotices, Actor: m}).Notices
		})
		k.spendPairs(t, int64(read))
	}
	k.everybody(s, t)
}

// everybody looks at the invariants of all members.
func (k *checker) everybody(s *store.Store, t model.Instant) {
	if k.spent.everybody > everybodyBudget {
		return
	}
	for m := model.Member(1); uint32(m) <= k.members; m++ {
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
		result.Warnings = append(result.Warnings, sim.OracleEnded(model.Instant(checks.Oracle.UntilS), plan.Duration))
	}
	if k.paired >= 0 {
		result.Warnings = append(result.Warnings,
			fmt.Sprintf("cooldowns, bars and reminders were watched in the first %s", k.paired))
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
