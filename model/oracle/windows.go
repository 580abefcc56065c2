package oracle

import (
	"math/big"

	"invitesim/model"
)

// span is what a window counts over: sends are forgotten when it changes.
type span struct {
	window model.WindowKind
	period model.Seconds
}

// spanOf returns the span of the sends of a kind under a policy. Without a weekly limit it is the calendar period.
func spanOf(p *model.Policy, kind model.Kind) span {
	if kind != model.Connect {
		return span{model.WindowCalendar, p.Kinds.Of(kind).Period}
	}
	if p.WeeklyLimit.Mode == model.LimitNone {
		return span{model.WindowCalendar, p.WeeklyLimit.Period}
	}
	return span{p.WeeklyLimit.Window, p.WeeklyLimit.Period}
}

// sends returns what a has sent of a kind since the span last changed, in order.
func (o *Oracle) sends(a model.Member, kind model.Kind) []*event {
	from := since(o, func(p *model.Policy) span { return spanOf(p, kind) })
	var sends []*event
	for _, e := range o.history[a] {
		if e.what == sent && e.by == a && e.invitation.kind == kind && e.order >= from {
			sends = append(sends, e)
		}
	}
	return sends
}

// inWindow returns those sends of a kind by a that the window counts at t. For a bucket there is no such thing.
func (o *Oracle) inWindow(t model.Instant, a model.Member, kind model.Kind) []*event {
	over := spanOf(o.policy(), kind)
	var counted []*event
	for _, e := range o.sends(a, kind) {
		switch over.window {
		case model.WindowCalendar:
			if o.calendar.Period(e.at, over.period) == o.calendar.Period(t, over.period) {
				counted = append(counted, e)
			}
		case model.WindowAnchored:
			if len(counted) > 0 && e.at >= counted[0].at.After(over.period) {
				counted = nil
			}
			counted = append(counted, e)
		case model.WindowSliding:
			if t < e.at.After(over.period) {
				counted = append(counted, e)
			}
		}
	}
	if over.window == model.WindowAnchored && len(counted) > 0 && t >= counted[0].at.After(over.period) {
		return nil
	}
	return counted
}

// used returns how much of a limit a has used at t; of a bucket, the limit less the whole tokens left.
func (o *Oracle) used(t model.Instant, a model.Member, kind model.Kind, limit uint32) uint32 {
	over := spanOf(o.policy(), kind)
	switch {
	case kind != model.Connect && limit == model.Unlimited:
		return 0
	case over.window == model.WindowBucket:
		level := o.level(t, a, limit)
		whole := new(big.Int).Div(level.Num(), level.Denom())
		return limit - uint32(whole.Uint64())
	}
	return uint32(len(o.inWindow(t, a, kind)))
}

// freeAgain returns the first instant at which a, who has used up a limit above 0, may send again.
func (o *Oracle) freeAgain(t model.Instant, a model.Member, kind model.Kind, limit uint32) model.Instant {
	over := spanOf(o.policy(), kind)
	switch over.window {
	case model.WindowAnchored:
		return o.inWindow(t, a, kind)[0].at.After(over.period)
	case model.WindowSliding:
		counted := o.inWindow(t, a, kind)
		return counted[len(counted)-int(limit)].at.After(over.period)
	case model.WindowBucket:
		return o.nextToken(a, limit)
	}
	return o.calendar.PeriodStart(o.calendar.Period(t, over.period)+1, over.period)
}

// level returns how many tokens the bucket of a holds at t, if the limit is this: it is full at first, every send takes
// one, and it is refilled evenly, never above the limit in force.
func (o *Oracle) level(t model.Instant, a model.Member, limit uint32) *big.Rat {
	at, level := o.levelAfterLastSend(a)
	if level == nil {
		return tokens(limit)
	}
	return o.refilled(level, t-at, limit)
}

// levelAfterLastSend replays all sends of a, each at the limit that was in force; the level is nil if there was none.
func (o *Oracle) levelAfterLastSend(a model.Member) (at model.Instant, level *big.Rat) {
	for _, e := range o.sends(a, model.Connect) {
		if level == nil {
			level = tokens(e.limit)
		} else {
			level = o.refilled(level, e.at-at, e.limit)
		}
		at, level = e.at, level.Sub(level, tokens(1))
	}
	return at, level
}

// refilled returns a level some time later: limit tokens come per period.
func (o *Oracle) refilled(level *big.Rat, later model.Instant, limit uint32) *big.Rat {
	come := big.NewRat(int64(later), int64(o.policy().WeeklyLimit.Period))
	come.Mul(come, tokens(limit))
	come.Add(come, level)
	if full := tokens(limit); come.Cmp(full) > 0 {
		return full
	}
	return come
}

// nextToken returns the first instant at which the bucket of a holds a whole token.
func (o *Oracle) nextToken(a model.Member, limit uint32) model.Instant {
	at, level := o.levelAfterLastSend(a)
	missing := tokens(1)
	missing.Sub(missing, level)
	missing.Mul(missing, big.NewRat(int64(o.policy().WeeklyLimit.Period), int64(limit)))
	seconds, rest := new(big.Int).DivMod(missing.Num(), missing.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		seconds.Add(seconds, big.NewInt(1))
	}
	return at + model.Instant(seconds.Int64())
}

func tokens(n uint32) *big.Rat { return new(big.Rat).SetInt64(int64(n)) }
