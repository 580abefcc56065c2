package people

import (
	"math"
	"testing"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// plain decides everything as it is told: one uniform number for each question, compared with the plan's shares.
type plain struct{ plan *sim.Plan }

func (p plain) of(m model.Member) (index int, of *sim.Population) {
	for i := range p.plan.Populations {
		if of = &p.plan.Populations[i]; m < of.First+model.Member(of.Count) {
			return i, of
		}
	}
	panic("no such member")
}

// stream returns what a member draws from, for one source.
func (p plain) stream(m model.Member, source chance.Source) chance.Stream {
	_, of := p.of(m)
	return chance.NewStream(p.plan.Seed, of.Name, source).Member(uint32(m - of.First))
}

func (p plain) draw(m model.Member, source chance.Source, n uint64) float64 {
	return p.stream(m, source).Uniform(n)
}

// about numbers an occasion that concerns a member.
func (p plain) about(m model.Member, n uint64) uint64 {
	return uint64(p.stream(m, chance.Choosing).Sub(n))
}

// received numbers an invitation for the draws of its recipient.
func (p plain) received(sender model.Member, kind model.Kind, sentAt model.Instant) uint64 {
	return p.about(sender, uint64(sentAt)<<2|uint64(kind))
}

func (p plain) reply(sender, recipient model.Member, n uint64, again bool) Reply {
	from, _ := p.of(sender)
	_, to := p.of(recipient)
	if to.Respond == nil {
		return NoReply
	}
	shares, own := to.Respond.From[from]
	if !own {
		shares = to.Respond.Answers
	}
	u := p.draw(recipient, chance.Answering, n)
	if u < shares.Accept {
		if again && u >= float64(shares.Accept*to.Respond.Again) {
			return NoReply
		}
		return AcceptIt
	}
	u -= shares.Accept
	if u < shares.Ignore {
		return IgnoreIt
	}
	u -= shares.Ignore
	if u < shares.Report {
		return ReportIt
	}
	u -= shares.Report
	if u < shares.Block {
		return BlockSender
	}
	return NoReply
}

// after returns the instant that a drawn delay after a second is, with the nanosecond that tells the occasion.
func (p plain) after(m model.Member, source, delay chance.Source, n uint64, from model.Instant, d *chance.Distribution) uint64 {
	seconds := uint64(max(1, math.Round(d.Draw(p.draw(m, delay, n)))))
	return (uint64(from)+seconds)*second + uint64(chance.Below(p.stream(m, source).Bits(^n), second))
}

// follows is after for what happens in a share of cases.
func (p plain) follows(m model.Member, source, delay chance.Source, n uint64, from model.Instant, habit *sim.AfterShare) uint64 {
	if habit == nil || p.draw(m, source, n) >= habit.Share {
		return Never
	}
	return p.after(m, source, delay, n, from, habit.After)
}

func (p plain) removal(a, b model.Member, sentAt, t model.Instant) uint64 {
	ia, ib := p.stream(a, chance.Choosing), p.stream(b, chance.Choosing)
	if ia > ib {
		a, b, ia, ib = b, a, ib, ia
	}
	n := uint64(ia.Sub(uint64(ib)).Sub(uint64(sentAt)))
	if n%2 == 1 {
		a = b
	}
	_, of := p.of(a)
	return p.follows(a, chance.Removing, chance.RemoveDelay, n, t, of.Remove)
}

func (p plain) content(m model.Member, n uint64) (turn Turn) {
	_, of := p.of(m)
	if u := p.draw(m, chance.Kind, n); u >= of.Send.Kinds[model.Connect] {
		turn.Kind = model.Page
		if u >= of.Send.Kinds[model.Connect]+of.Send.Kinds[model.Page] {
			turn.Kind = model.Event
		}
	}
	turn.Email = p.draw(m, chance.Email, n) < of.Send.Email
	if p.draw(m, chance.Note, n) < of.Send.Note {
		turn.Note = 1
	}
	return turn
}

func (p plain) recipient(m model.Member, n uint64, attempt int) model.Member {
	_, of := p.of(m)
	n += uint64(attempt) << 61
	u, sum := p.draw(m, chance.Target, n), 0.0
	for i, target := range of.Send.To {
		if sum += target.Share; u < sum || i == len(of.Send.To)-1 {
			to := p.plan.Populations[target.Population]
			return to.First + model.Member(chance.Below(p.stream(m, chance.Choosing).Bits(n), to.Count))
		}
	}
	panic("nobody to send to")
}

// plainPlan is three populations: one does everything in shares that no binary fraction is, one some of it, one receives.
func plainPlan() *sim.Plan {
	hour := must(chance.Exponential(3600))
	all := func(share float64) *sim.AfterShare { return &sim.AfterShare{Share: share, After: hour} }
	p := testPlan(func(p *sim.Population) {
		p.Send.To = []sim.Target{{Population: 0, Share: 0.1}, {Population: 1, Share: 0.2}, {Population: 2, Share: 0.7}}
		p.Send.Kinds, p.Send.Note, p.Send.Email = [3]float64{0.7, 0.2, 0.1}, 1./3, 0.1
		p.Respond.From = map[int]sim.Answers{1: {Accept: 0.1, Ignore: 0.2, Report: 0.3, Block: 0.4}, 2: {Accept: 1}}
		p.Respond.Reconsider, p.Respond.ReportAgain = all(0.3), all(0.7)
		p.Mistakes = &sim.Mistakes{Share: 0.1, After: hour}
		p.Resend, p.Remove, p.Unblock = all(0.9), all(0.6), &sim.Unblocking{AfterShare: *all(0.4)}
	})
	other := p.Populations[0]
	other.Name, other.First, other.Count = "other", 2501, 300
	other.Send = &sim.Sending{Rate: 1, To: []sim.Target{{Population: 2, Share: 1}}, Kinds: [3]float64{1, 0, 0}, Note: 1}
	other.Mistakes, other.Remove, other.Respond = nil, nil, &sim.Responding{Delay: hour, Answers: sim.Answers{Ignore: 0.5}, Again: 1}
	p.Populations = append(p.Populations, other)
	return p
}

// Everything is decided as it would be by one uniform number for each question.
func TestDrawsAreThePlainOnes(t *testing.T) {
	plan := plainPlan()
	c, p, random := crowd(t, plan), plain{plan}, chance.NewStream(1, "test", chance.Target)
	for i := range uint64(30_000) {
		a, b := model.Member(1+chance.Below(random.Bits(4*i), 2800)), model.Member(1+chance.Below(random.Bits(4*i+1), 2800))
		at, kind := model.Instant(chance.Below(random.Bits(4*i+2), 5_000_000)), model.Kind(i%3)
		plainInvitation(t, c, p, a, b, kind, at)
		if _, _, got := c.Removal(a, b, at-at/8, at); got != p.removal(a, b, at-at/8, at) {
			t.Fatalf("%d and %d, connected at %d s, part at %d ns, expected %d", a, b, at, got, p.removal(a, b, at-at/8, at))
		}
		g := c.Of(a)
		if expected := p.follows(a, chance.Unblocking, chance.UnblockDelay, p.about(b, uint64(at)), at, unblocking(g)); c.UnblockAt(a, b, at) != expected {
			t.Fatalf("%d unblocks %d at %d ns, expected %d", a, b, c.UnblockAt(a, b, at), expected)
		}
		if g.Send == nil {
			continue
		}
		occasion, attempt := random.Bits(4*i+3)>>10, int(i%4)
		if got, expected := g.Content(a, occasion), p.content(a, occasion); got != expected {
			t.Fatalf("member %d sends %+v on occasion %d, expected %+v", a, got, occasion, expected)
		}
		if got, expected := g.Recipient(a, occasion, attempt), p.recipient(a, occasion, attempt); got != expected {
			t.Fatalf("member %d thinks of %d on occasion %d, expected %d", a, got, occasion, expected)
		}
	}
}

func unblocking(g *Group) *sim.AfterShare {
	if g.Unblock == nil {
		return nil
	}
	return &g.Unblock.AfterShare
}

// plainInvitation compares what follows from one invitation.
func plainInvitation(t *testing.T, c *Crowd, p plain, a, b model.Member, kind model.Kind, at model.Instant) {
	t.Helper()
	invitation, n := c.Invitation(a, b, kind, at), p.received(a, kind, at)
	own := p.about(b, n)
	_, from := p.of(a)
	_, to := p.of(b)
	for _, again := range []bool{false, true} {
		if got, expected := invitation.Answer(again), p.reply(a, b, n, again); got != expected {
			t.Fatalf("%d replies %d to %d, expected %d", b, got, a, expected)
		}
	}
	same := func(what string, got, expected uint64) {
		if t.Helper(); got != expected {
			t.Fatalf("%d to %d of %d s: %s at %d ns, expected %d", a, b, at, what, got, expected)
		}
	}
	same("a mistake", invitation.MistakeAt(at), p.follows(a, chance.Mistake, chance.MistakeDelay, own, at, (*sim.AfterShare)(from.Mistakes)))
	same("another try", invitation.ResendAt(at), p.follows(a, chance.Resending, chance.ResendDelay, own, at, from.Resend))
	if to.Respond == nil {
		return
	}
	same("an answer", invitation.AnswerAt(at), p.after(b, chance.Answering, chance.AnswerDelay, n, at, to.Respond.Delay))
	same("a second thought", invitation.ReconsiderAt(at), p.follows(b, chance.Reconsidering, chance.ReconsiderDelay, n, at, to.Respond.Reconsider))
	same("a second report", invitation.ReportAgainAt(at), p.follows(b, chance.ReportingAgain, chance.ReportAgainDelay, n, at, to.Respond.ReportAgain))
}
