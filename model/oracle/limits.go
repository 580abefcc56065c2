package oracle

import "invitesim/model"

// limit returns how many invitations of a kind the policy lets a send per window, Unlimited for no bound.
func (o *Oracle) limit(t model.Instant, a model.Member, kind model.Kind) uint32 {
	p := o.policy()
	if kind != model.Connect {
		return p.Kinds.Of(kind).Count
	}
	switch p.WeeklyLimit.Mode {
	case model.LimitFixed:
		return p.WeeklyLimit.Count
	case model.LimitDynamic:
		return o.dynamicLimit(t, a)
	}
	return model.Unlimited
}

// dynamicLimit scales the weekly limit to the member, cutting after each factor.
func (o *Oracle) dynamicLimit(t model.Instant, a model.Member) uint32 {
	weekly := o.policy().WeeklyLimit
	d := weekly.Dynamic
	n := int64(weekly.Count)
	n = ageFactor(d.Age, t-o.openedAt(a)).Of(n)
	n = o.acceptanceFactor(d.Acceptance, a).Of(n)
	n = o.activityFactor(d.Activity, t, a).Of(n)
	return uint32(max(int64(d.Min), min(n, int64(d.Max))))
}

// ageFactor returns the factor of the first band that the age is below.
func ageFactor(bands []model.Band[model.Seconds], age model.Instant) model.Share {
	for _, band := range bands {
		if age < model.Instant(band.Below) {
			return band.Factor
		}
	}
	return model.Whole
}

// acceptanceFactor returns the factor of the first band that the acceptance rate of the last resolved ones is below.
func (o *Oracle) acceptanceFactor(f model.AcceptanceFactor, a model.Member) model.Share {
	resolved := o.resolved(a, 0)
	if len(resolved) < int(f.Sample) {
		return model.Whole
	}
	resolved = resolved[len(resolved)-int(f.Sample):]
	for _, band := range f.Bands {
		if rateBelow(resolved, band.Below) {
			return band.Factor
		}
	}
	return f.Above
}

// resolved returns the events that count in the acceptance rate of a, in order, from the event of a given order on.
func (o *Oracle) resolved(a model.Member, from int) []*event {
	var resolved []*event
	for _, e := range o.history[a] {
		i := e.invitation
		if e.order >= from && i != nil && i.from == a && i.kind == model.Connect && e == i.resolution() {
			resolved = append(resolved, e)
		}
	}
	return resolved
}

// rateBelow says whether fewer than a share of the resolved invitations were accepted.
func rateBelow(resolved []*event, bound model.Share) bool {
	yes := 0
	for _, e := range resolved {
		if e.what == accepted {
			yes++
		}
	}
	return int64(yes)*int64(model.Whole) < int64(bound)*int64(len(resolved))
}

// activityFactor returns the factor of a member who was active enough in the last complete calendar period.
func (o *Oracle) activityFactor(f model.ActivityFactor, t model.Instant, a model.Member) model.Share {
	from := since(o, func(p *model.Policy) model.Seconds { return p.WeeklyLimit.Dynamic.Activity.Period })
	before := o.calendar.Period(t, f.Period) - 1
	n := uint32(0)
	for _, e := range o.history[a] {
		success := e.what == decided && e.by == a && e.answer.Outcome.Success()
		if success && e.order >= from && o.calendar.Period(e.at, f.Period) == before {
			n++
		}
	}
	if n >= f.Commands {
		return f.Factor
	}
	return model.Whole
}

// trigger is a condition that starts a restriction.
type trigger uint8

const (
	reports trigger = iota
	limitHits
	acceptanceBelow
	oldPending
)

// lookAtReports restricts a member who has been reported too often since the last time.
func (o *Oracle) lookAtReports(t model.Instant, a model.Member) {
	bound, n := o.policy().Restrict.On.Reports, uint32(0)
	last := o.lastFired(a, reports)
	for _, e := range o.history[a] {
		if e.what == reported && e.invitation.from == a && e.order > last {
			n++
		}
	}
	if bound > 0 && n >= bound {
		o.fire(t, a, reports)
	}
}

// lookAtHits restricts a member who has run into the weekly limit too often of late.
func (o *Oracle) lookAtHits(t model.Instant, a model.Member) {
	on := o.policy().Restrict.On
	from := max(o.lastFired(a, limitHits), since(o, hitsSpan))
	n := uint32(0)
	for _, e := range o.history[a] {
		hit := e.what == decided && e.by == a && e.command.Kind == model.Connect && e.answer.Outcome == model.RateLimited
		if hit && e.order >= from && t < e.at.After(on.HitsWithin) {
			n++
		}
	}
	if on.HitsCount > 0 && n >= on.HitsCount {
		o.fire(t, a, limitHits)
	}
}

// hitsSpan is the span over which a policy counts hits, 0 where it does not.
func hitsSpan(p *model.Policy) model.Seconds {
	if p.Restrict.On.HitsCount == 0 {
		return 0
	}
	return p.Restrict.On.HitsWithin
}

// lookAtAcceptance restricts a member of whose invitations too few were accepted since the last time.
func (o *Oracle) lookAtAcceptance(t model.Instant, a model.Member) {
	on := o.policy().Restrict.On
	resolved := o.resolved(a, o.lastFired(a, acceptanceBelow)+1)
	if on.AcceptOver > 0 && len(resolved) >= int(on.AcceptOver) && rateBelow(resolved, on.AcceptBelow) {
		o.fire(t, a, acceptanceBelow)
	}
}

// lastFired returns the order of the event in which a trigger last restricted a, or -1.
func (o *Oracle) lastFired(a model.Member, which trigger) int {
	order := -1
	for _, e := range o.history[a] {
		if e.what == fired && e.trigger == which {
			order = e.order
		}
	}
	return order
}

// fire starts a restriction of a: the first step of the ladder that no earlier restriction took, or the last step.
func (o *Oracle) fire(t model.Instant, a model.Member, which trigger) {
	ladder := o.policy().Restrict.Ladder
	step := 0
	for _, e := range o.history[a] {
		if e.what == fired {
			step++
		}
	}
	until := t
	if len(ladder) > 0 {
		until = t.After(ladder[min(step, len(ladder)-1)])
	}
	o.record(&event{what: fired, at: t, trigger: which, until: until}, a)
}

// restrictedUntil returns the latest end of the restrictions of a.
func (o *Oracle) restrictedUntil(a model.Member) model.Instant {
	until := -model.Never
	for _, e := range o.history[a] {
		if e.what == fired {
			until = max(until, e.until)
		}
	}
	return until
}
