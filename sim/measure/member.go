package measure

import "invitesim/model"

// member is what is kept of one member: 16 bytes, so that four share a line of memory.
type member struct {
	since       uint32 // second of the last change of outstanding
	outstanding uint32 // invitations of kind connect
	quota       uint32 // highest use of the weekly limit in the period; the top bits say that it reached the limit, and that something was sent
	marks       uint32 // the period, then marks
}

// The marks of a member. The low bits hold 1 + the ordinal of the calendar period in which the member last met the weekly limit
// (cut to what fits), 0 for none.
const (
	periodBits         = 20
	periodMask         = 1<<periodBits - 1
	markSender  uint32 = 1 << (periodBits + iota - 2) // has sent at least once
	markTried                                         // tried to send, since measuring began
	markCrowded                                       // is in the list of the crowded
	markBlocked                                       // is refused by the first limit, and has not sent since; one bit a limit
)

const (
	limits                = 4 // of sim.Limits
	blockedMask    uint32 = (1<<limits - 1) * markBlocked
	markHit               = markBlocked << limits // was ever refused by the first limit; one bit a limit
	hitMask        uint32 = (1<<limits - 1) * markHit
	markMeasured   uint32 = 1 << 31 // what was counted during the warm-up is forgotten
	quotaExhausted uint32 = 1 << 31 // in quota
	quotaSent      uint32 = 1 << 30 // in quota
	quotaMarks            = quotaExhausted | quotaSent
)

// limitOf returns which of sim.Limits an outcome is.
func limitOf(o model.Outcome) (int, bool) {
	switch o {
	case model.RateLimited:
		return 0, true
	case model.PendingCapped:
		return 1, true
	case model.Restricted:
		return 2, true
	case model.Cooldown:
		return 3, true
	}
	return 0, false
}

// member returns what is kept of a member. What was counted during the warm-up is forgotten at the first look after it: to go through all members when it
// ends would hold up the commands of a run by the wall clock.
func (r *Recorder) member(number model.Member) *member {
	m := &r.members[number]
	if r.measuring && m.marks&markMeasured == 0 {
		m.quota = 0
		m.marks = m.marks&^(periodMask|markTried|blockedMask|hitMask) | markMeasured
	}
	return m
}

// tried counts who attempts to send.
func (r *Recorder) tried(actor model.Member, own *tally) {
	if int(actor) >= len(r.members) {
		return
	}
	if m := r.member(actor); m.marks&markTried == 0 {
		m.marks |= markTried
		own.tried++
	}
}

// limited counts what the limits did to an attempt to send; nothing for any other command.
func (r *Recorder) limited(due, t model.Instant, c *model.Command, a *model.Answer, own *tally) {
	if a.Outcome == model.WasSent && r.members[c.Actor].marks&blockedMask != 0 {
		r.unblocked(t, c.Actor, own)
	}
	limit, refused := limitOf(a.Outcome)
	if !refused {
		return
	}
	r.refused(t, c.Actor, limit, own)
	if a.Outcome != model.RateLimited {
		return
	}
	r.hours[hourOfWeek(r.calendar, due)]++
	if c.Kind == model.Connect {
		r.use(t, c.Actor, a, own)
	}
}

// refused counts a refusal by a limit.
func (r *Recorder) refused(t model.Instant, actor model.Member, limit int, own *tally) {
	m := &r.members[actor]
	own.limits[limit].hits++
	if m.marks&(markHit<<limit) == 0 {
		m.marks |= markHit << limit
		own.limits[limit].members++
	}
	if m.marks&(markBlocked<<limit) == 0 {
		m.marks |= markBlocked << limit
		if r.firstHit[limit] == nil {
			r.firstHit[limit] = make([]uint32, len(r.members))
		}
		r.firstHit[limit][actor] = uint32(t)
	}
}

// unblocked closes the spans in which limits kept a member from sending.
func (r *Recorder) unblocked(t model.Instant, actor model.Member, own *tally) {
	m := &r.members[actor]
	for limit := range limits {
		if m.marks&(markBlocked<<limit) != 0 {
			blocked := int64(t) - int64(r.firstHit[limit][actor])
			own.limits[limit].longest = max(own.limits[limit].longest, blocked)
		}
	}
	m.marks &^= blockedMask
}

// raise adds an outstanding invitation of kind connect, with which the sender has so many by the decision. That is looked at where others tell of ends.
func (r *Recorder) raise(t model.Instant, sender model.Member, own *tally, outstanding uint32) {
	m := &r.members[sender]
	if m.marks&markSender == 0 {
		m.marks |= markSender
		own.senders++
		own.holders.add(0, 1)
		m.since = uint32(t)
	}
	if r.division == nil || m.outstanding+1 == outstanding && r.untold[sender] == 0 {
		r.move(t, sender, own, m.outstanding+1)
	} else {
		r.agree(t, sender, own, outstanding)
	}
	if r.policy.PendingCap.Mode == model.CapRatio {
		r.noteCrowded(sender)
	}
}

// agree adds an invitation where ends of others were told in another order than they were decided in: those decided before it come before it, told or
// not, and those that came after it were, after it.
func (r *Recorder) agree(t model.Instant, sender model.Member, own *tally, outstanding uint32) {
	m := &r.members[sender]
	before := int32(m.outstanding) + 1
	r.move(t, sender, own, outstanding)
	if later := int32(outstanding) - before; later > 0 { // they are counted already
		r.move(t, sender, own, uint32(before))
	} else {
		r.owe(sender, -later)
	}
	for r.untold[sender] < 0 && m.outstanding > 0 {
		r.owe(sender, 1)
		r.move(t, sender, own, m.outstanding-1)
	}
}

// owe notes that so many more ends have been counted than told.
func (r *Recorder) owe(sender model.Member, more int32) {
	if r.untold[sender] += more; r.untold[sender] == 0 {
		delete(r.untold, sender)
	}
}

// lower takes an outstanding invitation of kind connect away.
func (r *Recorder) lower(t model.Instant, sender model.Member, own *tally) {
	if r.members[sender].outstanding == 0 { // another worker was quicker to tell of the end than this one of the beginning
		r.owe(sender, -1)
		return
	}
	r.move(t, sender, own, r.members[sender].outstanding-1)
}

// move changes how many invitations are outstanding, and weighs the old number by how long it was so. What is told late counts from the last change on.
func (r *Recorder) move(t model.Instant, sender model.Member, own *tally, to uint32) {
	m := &r.members[sender]
	own.weigh(sender, m, int64(r.from), int64(t))
	own.holders.add(m.outstanding, -1)
	own.holders.add(to, 1)
	m.outstanding = to
	m.since = max(m.since, uint32(t))
}

// noteCrowded lists a sender whose cap by ratio has to be asked for.
func (r *Recorder) noteCrowded(sender model.Member) {
	m := &r.members[sender]
	if m.marks&(markCrowded|markSender) == markSender && m.outstanding >= r.policy.PendingCap.Ratio.AtLeast {
		m.marks |= markCrowded
		r.crowded = append(r.crowded, sender)
	}
}

// findCrowded lists the senders whose cap by ratio has to be asked for, from scratch.
func (r *Recorder) findCrowded() {
	r.crowded = r.crowded[:0]
	if r.policy.PendingCap.Mode != model.CapRatio {
		return
	}
	for i := range r.members {
		if r.owns(model.Member(i)) {
			r.members[i].marks &^= markCrowded
			r.noteCrowded(model.Member(i))
		}
	}
}

// use notes how much of the weekly limit a member has used at t, where a send passes or is refused by it: a limit that follows the member, or that
// a policy lowers, may be reached without a send.
func (r *Recorder) use(t model.Instant, actor model.Member, a *model.Answer, own *tally) {
	m := &r.members[actor]
	period := r.quotaPeriod(t)
	if m.marks&periodMask != period {
		r.closeQuotaPeriod(m, own)
		m.marks = m.marks&^periodMask | period
	}
	m.quota = m.quota&quotaMarks | max(m.quota&^quotaMarks, a.Used)
	if a.Used >= a.Limit {
		m.quota |= quotaExhausted
	}
	if a.Outcome == model.WasSent {
		m.quota |= quotaSent
	}
}

// quotaPeriod numbers the calendar period of an instant as marks hold it.
func (r *Recorder) quotaPeriod(t model.Instant) uint32 {
	if p := &r.period; t < p.from || t >= p.until {
		length := r.policy.WeeklyLimit.Period
		ordinal := r.calendar.Period(t, length)
		p.from, p.until = r.calendar.PeriodStart(ordinal, length), r.calendar.PeriodStart(ordinal+1, length)
		p.mark = 1 + uint32((ordinal-r.firstPeriod)%periodMask)
	}
	return r.period.mark
}

// closeQuotaPeriod counts the period of a member's last look at the limit, if something was sent in it.
func (r *Recorder) closeQuotaPeriod(m *member, own *tally) {
	if m.quota&quotaSent != 0 {
		used, exhausted := m.quota&^quotaMarks, m.quota&quotaExhausted != 0
		own.used.add(used, 1)
		own.periods.add(exhausted)
		if r.partly(m.marks & periodMask) {
			own.usedInParts.add(used, 1)
			own.parts.add(exhausted)
		}
	}
	m.quota = 0
	m.marks &^= periodMask
}

// partly says whether only a part of the period with a mark is measured: because the run, or measuring, begins or ends within it, or because the
// length of periods changes.
func (r *Recorder) partly(mark uint32) bool {
	length := r.policy.WeeklyLimit.Period
	from := int64(r.calendar.PeriodStart(r.firstPeriod+int64(mark)-1, length))
	until := from + int64(length)
	if from < int64(r.from) || r.until != 0 && until > int64(r.until) {
		return true
	}
	before := r.plan.Policy.WeeklyLimit.Period
	for i := range r.plan.Events {
		event := &r.plan.Events[i]
		if event.Policy == nil || event.Policy.WeeklyLimit.Period == before {
			continue
		}
		before = event.Policy.WeeklyLimit.Period
		if at := int64(event.At); from < at && at < until {
			return true
		}
	}
	return false
}

// closeQuotaPeriods counts the running period of every member.
func (r *Recorder) closeQuotaPeriods() {
	for i := range r.members {
		if number := model.Member(i); r.owns(number) && r.members[i].marks&periodMask != 0 {
			r.closeQuotaPeriod(r.member(number), &r.tallies[r.PopulationOf(number)])
		}
	}
}

// hourOfWeek returns the hour of the week, 0 to 167 from Monday 0 h UTC.
func hourOfWeek(c model.Calendar, t model.Instant) int {
	return int((int64(t) - int64(c.PeriodStart(c.Period(t, model.Week), model.Week))) / int64(model.Hour))
}
