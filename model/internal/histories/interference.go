package histories

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"invitesim/model"
	"invitesim/model/check"
)

// UnseenWithdrawal compares two histories that differ only in that an invitation was sent and withdrawn before its
// recipient looked, or was never sent: everybody but its sender must observe the same (RULES.md, invariant 9). The pair of
// histories is made from a seed. Tried is false where the history had no room for such an invitation; an error says
// what gave it away.
func UnseenWithdrawal(seed uint64, commands int, build check.Builder) (tried bool, err error) {
	r := rand.New(rand.NewPCG(seed, 0x510e527fade682d1))
	h := Random(seed, commands)
	h.eachPolicy(discreet)
	sender, recipient := twoMembers(r, h.Members)
	from := r.IntN(len(h.Steps))
	h.dropAfter(from, func(c *model.Command) bool { return c.Verb == model.Send && c.Actor == sender })
	to := from + r.IntN(h.unseen(from, recipient)+1)

	invitation := model.Command{Actor: sender, Peer: recipient, Kind: pick(r, model.Connect, model.Connect, model.Page), Email: true}
	if invitation.Kind == model.Page {
		invitation.Subject = 9
	}
	sending := Step{At: h.instant(from), Command: invitation}
	withdrawing := Step{At: h.instant(to), Command: invitation}
	withdrawing.Command.Verb, withdrawing.Command.Email = model.Withdraw, false
	without := h.marked()
	with := slices.Concat(without[:from], []markedStep{{Step: sending, only: model.WasSent}}, without[from:to],
		[]markedStep{{Step: withdrawing, only: model.WasWithdrawn}}, without[to:])
	return observeSame(&h, without, with, sender, build)
}

// UnseenAnswer compares two histories that differ only in that the recipient of an invitation ignored or reported it, or
// did nothing: everybody but the recipient must observe the same, as long as the sender does not invite that
// recipient again (RULES.md, invariant 9). Restrictions and dynamic limits are off. The results are as for UnseenWithdrawal.
func UnseenAnswer(seed uint64, commands int, build check.Builder) (tried bool, err error) {
	r := rand.New(rand.NewPCG(seed, 0x9b05688c2b3e6c1f))
	h := Random(seed, commands)
	h.eachPolicy(unmoved)
	sent, err := h.sendsThatSucceed(build)
	if err != nil || len(sent) == 0 {
		return false, err
	}
	from := pick(r, sent...)
	c := h.Steps[from].Command
	at := from + 1 + r.IntN(min(len(h.Steps)-from, 10))
	h.dropAfter(at, func(other *model.Command) bool {
		answers := other.Verb == model.Accept || other.Verb == model.Ignore || other.Verb == model.Report
		return other.Verb == model.Send && other.Actor == c.Actor && other.Peer == c.Peer ||
			answers && other.Actor == c.Peer && other.Peer == c.Actor
	})
	answering := markedStep{Step: Step{At: h.instant(at), Command: model.Command{
		Verb: model.Ignore, Actor: c.Peer, Peer: c.Actor, Kind: c.Kind, Subject: c.Subject,
	}}, only: model.WasIgnored}
	if r.IntN(2) == 0 {
		answering.Command.Verb, answering.only = model.Report, model.WasReported
	}
	without := h.marked()
	with := slices.Concat(without[:at], []markedStep{answering}, without[at:])
	return observeSame(&h, without, with, c.Peer, build)
}

// markedStep is a step; if only one of two histories has it, with the outcome that it must have to be of use.
type markedStep struct {
	Step
	only model.Outcome
}

// marked returns the steps of a history, none of them marked.
func (h *History) marked() []markedStep {
	steps := make([]markedStep, len(h.Steps))
	for n, s := range h.Steps {
		steps[n].Step = s
	}
	return steps
}

// observeSame runs the two histories, and returns an error if anybody but one member observes a difference, now or by
// asking at the end. Tried is false where a step that only one history has was of no use.
func observeSame(h *History, without, with []markedStep, but model.Member, build check.Builder) (tried bool, err error) {
	a, err := h.build(build)
	if err != nil {
		return false, err
	}
	defer check.Release(a)
	b, err := h.build(build)
	if err != nil {
		return false, err
	}
	defer check.Release(b)
	next := 0
	for n := range with {
		s := &with[n]
		if s.only != model.NoOutcome {
			if s.Apply(b).Answer.Outcome != s.only {
				return false, nil
			}
			continue
		}
		before := without[next].Step
		next++
		left, right := before.Apply(a), s.Apply(b)
		if before.Command.Actor == but && before.Doing == Commanding {
			continue
		}
		if textA, textB := differing(left, right, &s.Step); textA != textB {
			return true, fmt.Errorf("step %d: %s: found %s, expected %s as without\n%s", n, s.String(), textB, textA, interferenceText(h, with))
		}
	}
	return true, sameAtTheEnd(h, with, but, a, b)
}

// sameAtTheEnd asks two systems everything about everybody but one member.
func sameAtTheEnd(h *History, with []markedStep, but model.Member, a, b check.System) error {
	for _, c := range EveryQuestion(h.Members) {
		s := Step{At: h.end(), Command: c}
		textA, textB := differing(s.Apply(a), s.Apply(b), &s)
		if c.Actor != but && textA != textB {
			return fmt.Errorf("at the end: %s: found %s, expected %s as without\n%s", s.String(), textB, textA, interferenceText(h, with))
		}
	}
	return nil
}

// interferenceText prints the longer of two histories, and marks the steps that the other does not have.
func interferenceText(h *History, with []markedStep) string {
	head := *h
	head.Steps = nil
	text := head.String()
	for n := range with {
		mark := ""
		if with[n].only != model.NoOutcome {
			mark = "  # only here"
		}
		text += fmt.Sprintf("%s%s\n", with[n].String(), mark)
	}
	return text
}

// discreet makes a policy one under which an invitation that was withdrawn unseen must leave no trace.
func discreet(p *model.Policy) {
	p.Notify.OnSend, p.Notify.OnWithdraw, p.Notify.Recall.InApp = false, false, true
	p.ReceivedList.ShowPrior = false
	p.Views.Lag = model.Lag{}
}

// unmoved makes a policy one under which nothing reacts to how a member's invitations are answered.
func unmoved(p *model.Policy) {
	p.Restrict.On = model.Triggers{}
	if p.WeeklyLimit.Mode == model.LimitDynamic {
		p.WeeklyLimit.Mode = model.LimitFixed
	}
}

// eachPolicy changes every policy of a history.
func (h *History) eachPolicy(change func(*model.Policy)) {
	change(&h.Policy)
	for n := range h.Steps {
		change(&h.Steps[n].Policy)
	}
}

// dropAfter drops the commands from a step on for which unwanted holds.
func (h *History) dropAfter(from int, unwanted func(*model.Command) bool) {
	kept := slices.Clone(h.Steps[:from])
	for _, s := range h.Steps[from:] {
		if s.Doing != Commanding || !unwanted(&s.Command) {
			kept = append(kept, s)
		}
	}
	h.Steps = kept
}

// unseen returns how many steps from one on go by before a member does or asks anything, or set-up connects them.
func (h *History) unseen(from int, member model.Member) int {
	for n, s := range h.Steps[from:] {
		if s.Command.Actor == member || s.Doing == Connecting && s.Command.Peer == member {
			return n
		}
	}
	return len(h.Steps) - from
}

// instant returns the instant of a step, or that of the last one if it is past them all.
func (h *History) instant(n int) model.Instant {
	if n < len(h.Steps) {
		return h.Steps[n].At
	}
	return h.end()
}

// sendsThatSucceed returns the indices of the sends that answer WasSent.
func (h *History) sendsThatSucceed(build check.Builder) (sent []int, err error) {
	s, err := h.build(build)
	if err != nil {
		return nil, err
	}
	defer check.Release(s)
	for n := range h.Steps {
		if h.Steps[n].Apply(s).Answer.Outcome == model.WasSent && h.Steps[n].Command.Key == "" {
			sent = append(sent, n)
		}
	}
	return sent, nil
}

// twoMembers returns two different members.
func twoMembers(r *rand.Rand, members uint32) (a, b model.Member) {
	a = 1 + model.Member(r.Uint32N(members))
	b = 1 + model.Member(r.Uint32N(members-1))
	if b >= a {
		b++
	}
	return a, b
}
