package histories

import (
	"math/rand/v2"
	"strconv"

	"invitesim/model"
)

// randomPolicy returns a valid policy with limits so small that each of them is met within some dozens of commands.
// About half of the rules that refuse are off, or those that come first would hide the others.
func randomPolicy(r *rand.Rand) model.Policy {
	p := model.Default()
	for group := range policyGroups {
		if r.IntN(8) > 0 {
			redraw(r, &p, group)
		}
	}
	p.Name = "random-" + strconv.Itoa(r.IntN(1_000_000))
	return p
}

// roomyPolicy lifts the limits of a policy so far that a member can have dozens of invitations outstanding.
func roomyPolicy(r *rand.Rand, p *model.Policy) {
	p.WeeklyLimit.Count += 20
	p.WeeklyLimit.Dynamic.Min, p.WeeklyLimit.Dynamic.Max = 10, 60
	p.WeeklyLimit.Dynamic.Acceptance.Sample *= 4
	p.PendingCap.Count += 20
	p.PendingCap.Ratio.AtLeast += 10
	p.ConnectionCap = pick(r, model.Unlimited, 10)
	p.Expiry = pick(r, model.Forever, 30*model.Day, 8*someTime(r))
	p.Kinds.Page.Count, p.Kinds.Event.Count = model.Unlimited, pick(r, model.Unlimited, 20)
	p.Restrict.On.OldPending = model.OldPending{}
}

// changedPolicy returns a policy that differs from another in a few of its rules.
func changedPolicy(r *rand.Rand, p model.Policy) model.Policy {
	for range 1 + r.IntN(3) {
		redraw(r, &p, r.IntN(policyGroups))
	}
	p.Name = "random-" + strconv.Itoa(r.IntN(1_000_000))
	return p
}

// policyGroups is how many groups of settings redraw knows.
const policyGroups = 9

// redraw draws one group of settings anew.
func redraw(r *rand.Rand, p *model.Policy, group int) {
	switch group {
	case 0:
		redrawWeekly(r, &p.WeeklyLimit)
	case 1:
		redrawDynamic(r, &p.WeeklyLimit.Dynamic)
	case 2:
		redrawCaps(r, p)
	case 3:
		redrawWaits(r, p)
	case 4:
		redrawLists(r, p)
	case 5:
		redrawNotices(r, p)
	case 6:
		redrawTriggers(r, &p.Restrict)
	case 7:
		redrawKinds(r, p)
	default:
		p.CrossInvite = model.CrossInvite(oneIn(r, 4))
		p.Ignore.Reversible = oneIn(r, 3) == 0
		p.Block.Reversible = oneIn(r, 8) == 0
		p.Block.ReblockAfter = pick(r, 0, 48*model.Hour, someTime(r))
	}
}

// oneIn returns 1 in one of n cases, else 0.
func oneIn(r *rand.Rand, n int) int {
	if r.IntN(n) == 0 {
		return 1
	}
	return 0
}

// pick returns one of the choices.
func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

// someTime returns a duration from an hour to days, mostly a round one; now and then one as long as real policies have.
func someTime(r *rand.Rand) model.Seconds {
	switch r.IntN(8) {
	case 0:
		return 1 + model.Seconds(r.Int64N(int64(3*model.Day)))
	case 1:
		return pick(r, 7*model.Day, 21*model.Day, 30*model.Day)
	}
	return pick(r, model.Hour, 2*model.Hour, 6*model.Hour, 12*model.Hour, model.Day, 2*model.Day, 3*model.Day)
}

func redrawWeekly(r *rand.Rand, w *model.WeeklyLimit) {
	w.Mode = pick(r, model.LimitNone, model.LimitFixed, model.LimitFixed, model.LimitDynamic)
	w.Window = model.WindowKind(r.IntN(4))
	w.Count = pick[uint32](r, 0, 1, 2, 3, 3, 4, 5, 7)
	w.Period = someTime(r) + pick[model.Seconds](r, 0, 0, 0, 1, 7) // so that a token need not come at a whole second
}

func redrawDynamic(r *rand.Rand, d *model.Dynamic) {
	d.Min = uint32(r.IntN(3))
	d.Max = d.Min + uint32(r.IntN(7))
	d.Age = nil
	below := model.Seconds(0)
	for range r.IntN(3) {
		below += someTime(r)
		d.Age = append(d.Age, model.Band[model.Seconds]{Below: below, Factor: model.Share(r.IntN(1_500_001))})
	}
	d.Acceptance = model.AcceptanceFactor{Sample: 1 + uint32(r.IntN(5)), Above: model.Share(r.IntN(2_000_001))}
	rate := model.Share(0)
	for range r.IntN(4) {
		rate += pick[model.Share](r, 1, 200_000, 250_000, 333_333)
		d.Acceptance.Bands = append(d.Acceptance.Bands, model.Band[model.Share]{Below: rate, Factor: model.Share(r.IntN(1_500_001))})
	}
	d.Activity = model.ActivityFactor{Period: someTime(r), Commands: uint32(r.IntN(6)), Factor: model.Share(r.IntN(2_000_001))}
}

func redrawCaps(r *rand.Rand, p *model.Policy) {
	p.PendingCap = model.PendingCap{
		Mode:     pick(r, model.CapNone, model.CapHard, model.CapHard, model.CapRatio),
		Count:    pick[uint32](r, 1, 1, 2, 2, 3, 4, 6),
		RefuseAt: model.RefuseAt(r.IntN(2)),
		Ratio:    randomOldPending(r),
	}
	p.ConnectionCap = pick[uint32](r, model.Unlimited, model.Unlimited, model.Unlimited, 0, 1, 1, 2, 2, 3, 5)
}

func randomOldPending(r *rand.Rand) model.OldPending {
	return model.OldPending{
		OlderThan: pick(r, 0, someTime(r), someTime(r)),
		Share:     pick[model.Share](r, 1, 333_333, 500_000, 666_667, 800_000, model.Whole),
		AtLeast:   1 + uint32(r.IntN(4)),
	}
}

func redrawWaits(r *rand.Rand, p *model.Policy) {
	p.Expiry = pick(r, model.Forever, someTime(r), 2*someTime(r), 4*someTime(r), 8*someTime(r))
	p.Resend.Cooldown = pick(r, 0, 0, someTime(r), 4*someTime(r))
	p.Removal.Reinvite = pick(r, model.ReinviteEither, model.ReinviteEither, model.ReinviteEither, model.ReinviteRemoverOnly, model.ReinviteNone)
	p.Removal.Cooldown = pick(r, 0, 0, someTime(r))
}

func redrawLists(r *rand.Rand, p *model.Policy) {
	p.SentList.KeepWithdrawn = pick(r, 0, someTime(r), 4*someTime(r))
	p.ReceivedList.ShowPrior = r.IntN(2) == 0
	p.Views.Lag = model.Lag{}
	if r.IntN(4) == 0 {
		shortest := pick(r, 0, 1, someTime(r))
		p.Views.Lag = model.Lag{
			Share: pick[model.Share](r, 10_000, 300_000, 700_000, model.Whole),
			Min:   shortest,
			Max:   shortest + pick(r, 0, 1, someTime(r)),
		}
	}
}

func redrawNotices(r *rand.Rand, p *model.Policy) {
	p.Notify = model.Notify{
		OnSend:     r.IntN(3) > 0,
		OnAccept:   r.IntN(3) > 0,
		OnWithdraw: r.IntN(3) == 0,
		Recall:     model.Recall{InApp: r.IntN(3) > 0, Email: r.IntN(2) == 0},
	}
	p.Reminders = nil
	after := model.Seconds(0)
	for range r.IntN(4) {
		after += pick(r, 1, someTime(r), someTime(r))
		p.Reminders = append(p.Reminders, after)
	}
	p.Note.MaxLength = pick[uint32](r, 0, 50, 50, 300, 300, 300, 300)
	p.Note.PerMonth = pick[uint32](r, model.Unlimited, 0, 1, 2, 3)
}

func redrawTriggers(r *rand.Rand, restrict *model.Restrict) {
	on := model.Triggers{}
	if r.IntN(3) == 0 {
		on.Reports = 1 + uint32(r.IntN(3))
	}
	if r.IntN(3) == 0 {
		on.HitsCount, on.HitsWithin = 1+uint32(r.IntN(3)), someTime(r)
	}
	if r.IntN(3) == 0 {
		on.AcceptBelow, on.AcceptOver = pick[model.Share](r, 1, 150_000, 333_333, 500_000, model.Whole), 1+uint32(r.IntN(4))
	}
	if r.IntN(4) == 0 {
		on.OldPending = randomOldPending(r)
	}
	restrict.On = on
	restrict.Ladder = nil
	for range 1 + r.IntN(3) {
		restrict.Ladder = append(restrict.Ladder, pick(r, 0, model.Minute, model.Hour, someTime(r)))
	}
}

func redrawKinds(r *rand.Rand, p *model.Policy) {
	limit := func() model.KindLimit {
		return model.KindLimit{Count: pick[uint32](r, model.Unlimited, 0, 1, 2, 3), Period: someTime(r)}
	}
	p.Kinds = model.Kinds{Page: limit(), Event: limit()}
}
