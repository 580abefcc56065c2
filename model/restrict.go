package model

import "invitesim/model/window"

// restricted is check 11. The trigger old_pending is looked at here: it refuses the very send that trips it.
func (r *Rules) restricted(t Instant, a *Account) (until Instant, restricted bool) {
	if a.Record != nil && a.Record.RestrictedUntil > t {
		return a.Record.RestrictedUntil, true
	}
	trigger := &r.Restrict.On.OldPending
	if trigger.AtLeast == 0 || !trigger.holds(a.Outstanding, a.Look.OldTrigger) {
		return 0, false
	}
	r.fire(t, a.Record)
	return a.Record.RestrictedUntil, a.Record.RestrictedUntil > t
}

// fire starts the next restriction of a member's ladder; of several, the later end counts.
func (r *Rules) fire(t Instant, record *Record) {
	ladder := r.Restrict.Ladder
	if len(ladder) == 0 {
		return
	}
	step := min(int(record.Restrictions), len(ladder)-1)
	record.Restrictions++
	record.RestrictedUntil = max(record.RestrictedUntil, t.After(ladder[step]))
}

// reported counts a report against the sender a, then looks at the triggers.
func (r *Rules) reported(t Instant, kind Kind, a *Account) {
	if a.Record == nil {
		return
	}
	a.Record.Reports++
	if limit := r.Restrict.On.Reports; limit > 0 && a.Record.Reports >= limit {
		a.Record.Reports = 0
		r.fire(t, a.Record)
	}
	if kind == Connect {
		r.resolved(t, false, a)
	}
}

// resolved counts an invitation of the sender a in their acceptance rate, then looks at the trigger.
func (r *Rules) resolved(t Instant, accepted bool, a *Account) {
	record := a.Record
	if record == nil || r.Sparing {
		return
	}
	record.Recent.add(accepted)
	record.Resolved++
	if accepted {
		record.Accepted++
	}
	on := &r.Restrict.On
	if on.AcceptOver == 0 || record.Resolved < on.AcceptOver {
		return
	}
	if int64(record.Accepted)*int64(Whole) < int64(on.AcceptBelow)*int64(record.Resolved) {
		record.Accepted, record.Resolved = 0, 0
		r.fire(t, record)
	}
}

// hit counts a RateLimited answer to a, then looks at the trigger.
func (r *Rules) hit(t Instant, a *Account) {
	a.Hit = true
	on := &r.Restrict.On
	if on.HitsCount > 0 && uint32(len(a.Look.Hits))+1 >= on.HitsCount {
		a.Fired = true
		r.fire(t, a.Record)
	}
}

// Records says whether a policy writes to the Record of a member who acts, or whose invitation ends: not one with calendar
// windows, a fixed limit and reports as the only trigger.
func (p *Policy) Records() bool {
	on := &p.Restrict.On
	return p.WeeklyLimit.Mode == LimitDynamic || p.Window() == WindowAnchored || p.Window() == WindowBucket ||
		on.HitsCount > 0 || on.AcceptOver > 0 || on.OldPending.AtLeast > 0
}

// ResetWindow empties the windows of the weekly limit.
func (record *Record) ResetWindow() {
	record.Week, record.Anchored, record.Bucket = window.Count{}, window.Anchored{}, window.Bucket{}
}

// Reset empties what is counted over spans other than the windows of sends that a change of policy changes (RULES.md, L03).
func (record *Record) Reset(old, now *Policy) {
	if old.WeeklyLimit.Dynamic.Activity.Period != now.WeeklyLimit.Dynamic.Activity.Period {
		record.Activity = window.Activity{}
	}
	if old.Kinds.Page.Period != now.Kinds.Page.Period {
		record.Kinds.Page = window.Count{}
	}
	if old.Kinds.Event.Period != now.Kinds.Event.Period {
		record.Kinds.Event = window.Count{}
	}
}

// LooksBack says whether a limit or trigger of the policy looks at Account.Look.
func (p *Policy) LooksBack() bool {
	on := &p.Restrict.On
	return p.Window() == WindowSliding || on.HitSpan() > 0 || p.PendingCap.Mode == CapRatio || on.OldPending.AtLeast > 0
}
