package model

import "invitesim/model/window"

// notePeriod is the calendar period in which notes are counted.
const notePeriod = 30 * Day

// Window returns the kind of window in which sends of kind Connect are counted (RULES.md, L02).
func (p *Policy) Window() WindowKind {
	if p.WeeklyLimit.Mode == LimitNone {
		return WindowCalendar
	}
	return p.WeeklyLimit.Window
}

// limit returns how many sends of kind Connect a member has per window at t, Unlimited for no limit.
func (r *Rules) limit(t Instant, a *Account) uint32 {
	switch r.WeeklyLimit.Mode {
	case LimitNone:
		return Unlimited
	case LimitFixed:
		return r.WeeklyLimit.Count
	}
	return r.dynamicLimit(t, a)
}

// dynamicLimit scales the limit by age, acceptance and activity, cutting to an integer after each.
func (r *Rules) dynamicLimit(t Instant, a *Account) uint32 {
	dynamic := &r.WeeklyLimit.Dynamic
	record := a.Record
	if record == nil {
		record = &Record{}
	}
	n := int64(r.WeeklyLimit.Count)
	n = factor(dynamic.Age, Seconds(t-record.Opened), Whole).Of(n)
	n = dynamic.Acceptance.factor(&record.Recent).Of(n)
	activity := &dynamic.Activity
	if record.Activity.Complete(r.Period(t, activity.Period)) >= activity.Commands {
		n = activity.Factor.Of(n)
	}
	return uint32(min(max(n, int64(dynamic.Min)), int64(dynamic.Max)))
}

// factor returns the factor of the first band that value is below.
func factor[T Seconds | Share](bands []Band[T], value T, above Share) Share {
	for _, band := range bands {
		if value < band.Below {
			return band.Factor
		}
	}
	return above
}

func (f *AcceptanceFactor) factor(recent *Recent) Share {
	if recent.Count < f.Sample {
		return Whole
	}
	accepted := int64(recent.accepted(f.Sample))
	for _, band := range f.Bands {
		if accepted*int64(Whole) < int64(band.Below)*int64(f.Sample) {
			return band.Factor
		}
	}
	return f.Above
}

// Usage returns what a member has used of the window at t, and the limit in force for them.
func (r *Rules) Usage(t Instant, a *Account) (used, limit uint32) {
	limit = r.limit(t, a)
	period := int64(r.WeeklyLimit.Period)
	switch r.Window() {
	case WindowCalendar:
		return a.Week.In(r.Period(t, r.WeeklyLimit.Period)), limit
	case WindowSliding:
		return uint32(window.Sliding(a.Look.Sends, int64(t), period)), limit
	case WindowAnchored:
		if a.Record == nil {
			return 0, limit
		}
		return a.Record.Anchored.Used(int64(t), period), limit
	}
	if a.Record == nil {
		return 0, limit
	}
	return limit - a.Record.Bucket.Tokens(int64(t), period, limit), limit
}

// rateLimited is check 12. The outcome is NoOutcome where the send may pass; for kind Connect the ruling says what was used of which limit.
func (r *Rules) rateLimited(t Instant, kind Kind, a *Account) ruling {
	if kind != Connect {
		return r.kindLimited(t, kind, a)
	}
	if r.WeeklyLimit.Mode == LimitNone {
		return ruling{Limit: Unlimited}
	}
	used, limit := r.Usage(t, a)
	if limit == Unlimited {
		return ruling{Limit: limit}
	}
	if used < limit {
		return ruling{Used: used, Limit: limit}
	}
	r.hit(t, a)
	refused := ruling{Outcome: RateLimited, Used: used, Limit: limit}
	if limit > 0 {
		refused.Until = r.windowEnd(t, a, limit)
	}
	return refused
}

// windowEnd returns the first instant at which a member whose positive limit is used up may send again.
func (r *Rules) windowEnd(t Instant, a *Account, limit uint32) Instant {
	length := r.WeeklyLimit.Period
	switch r.Window() {
	case WindowAnchored:
		return Instant(a.Record.Anchored.OpenedAt).After(length)
	case WindowSliding:
		return Instant(window.SlidingUntil(a.Look.Sends, int64(length), limit))
	case WindowBucket:
		return Instant(a.Record.Bucket.Until(int64(length), limit))
	}
	return r.PeriodStart(r.Period(t, length)+1, length)
}

func (r *Rules) kindLimited(t Instant, kind Kind, a *Account) ruling {
	limit := r.Kinds.Of(kind)
	if limit.Count == Unlimited {
		return ruling{}
	}
	period := r.Period(t, limit.Period)
	used := uint32(0)
	if a.Record != nil {
		used = a.Record.Kinds.Of(kind).In(period)
	}
	if used < limit.Count {
		return ruling{}
	}
	if limit.Count == 0 {
		return ruling{Outcome: RateLimited}
	}
	return ruling{Outcome: RateLimited, Until: r.PeriodStart(period+1, limit.Period)}
}

// useWindow counts a send of kind Connect at t. The instants of a sliding window are the caller's to keep.
func (r *Rules) useWindow(t Instant, a *Account) {
	switch r.Window() {
	case WindowCalendar:
		a.Week.Add(r.Period(t, r.WeeklyLimit.Period))
	case WindowAnchored:
		a.Record.Anchored.Add(int64(t), int64(r.WeeklyLimit.Period))
	case WindowBucket:
		a.Record.Bucket.Draw(int64(t), int64(r.WeeklyLimit.Period), r.limit(t, a))
	}
}

// PendingCapped is check 13: whether the pending cap refuses another send of kind Connect.
func (r *Rules) PendingCapped(a *Account) bool {
	switch r.PendingCap.Mode {
	case CapHard:
		if r.PendingCap.RefuseAt == RefuseExceeded {
			return a.Outstanding > r.PendingCap.Count
		}
		return a.Outstanding >= r.PendingCap.Count
	case CapRatio:
		return r.PendingCap.Ratio.holds(a.Outstanding, a.Look.Old)
	}
	return false
}

// holds says whether old of the outstanding invitations are too many.
func (o *OldPending) holds(outstanding, old uint32) bool {
	return outstanding >= o.AtLeast && int64(old)*int64(Whole) >= int64(o.Share)*int64(outstanding)
}

// noteSpent is check 14: whether the notes of this month are used up.
func (r *Rules) noteSpent(t Instant, a *Account) bool {
	if r.Note.PerMonth == Unlimited {
		return false
	}
	used := uint32(0)
	if a.Record != nil {
		used = a.Record.Notes.In(r.Period(t, notePeriod))
	}
	return used >= r.Note.PerMonth
}

// accepted counts the accepted ones among the last n.
func (r *Recent) accepted(n uint32) (count uint32) {
	for i := range n {
		count += uint32(r.Accepted[i/64] >> (i % 64) & 1)
	}
	return count
}

// Quota answers the query `quota` for a member at t.
func (r *Rules) Quota(t Instant, a *Account) Quota {
	quota := Quota{Pending: a.Outstanding, Cap: Unlimited}
	quota.Used, quota.Limit = r.Usage(t, a)
	if r.PendingCap.Mode == CapHard {
		quota.Cap = r.PendingCap.Count
	}
	if a.Record != nil && a.Record.RestrictedUntil > t {
		quota.Restricted, quota.RestrictedUntil = true, a.Record.RestrictedUntil
	}
	return quota
}
