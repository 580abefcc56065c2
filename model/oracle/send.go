package oracle

import "invitesim/model"

// keyLife is how long a key is kept from its first use.
const keyLife = 24 * model.Hour

// repetition answers a send whose key was used less than 24 h ago: the stored outcome for the same content.
func (o *Oracle) repetition(t model.Instant, c *model.Command) (answer model.Answer, known bool) {
	if c.Verb != model.Send || c.Key == "" {
		return answer, false
	}
	for _, e := range o.history[c.Actor] {
		if e.what != decided || e.by != c.Actor || e.command.Key != c.Key || e.command.Verb != model.Send || t >= e.at.After(keyLife) {
			continue
		}
		if e.command != *c {
			return model.Answer{Outcome: model.KeyReused, At: t}, true
		}
		return model.Answer{Outcome: e.answer.Outcome, At: t, Until: e.answer.Until, Bounded: e.answer.Bounded, Repeated: true}, true
	}
	return answer, false
}

// send goes through the checks in their order (RULES.md, The order of the checks of send); the first that applies decides.
func (o *Oracle) send(t model.Instant, c *model.Command) model.Answer {
	p, a, b, connect := o.policy(), c.Actor, c.Peer, c.Kind == model.Connect
	if a == b || !o.exists(a) || uint32(c.Note) > p.Note.MaxLength {
		return refuse(t, model.Invalid)
	}
	if o.closed(a) {
		return refuse(t, model.AccountClosed)
	}
	if !o.exists(b) || o.closed(b) || o.blocks(a, b) || o.blocks(b, a) {
		return refuse(t, model.Unavailable)
	}
	if connect && o.connected(a, b) {
		return refuse(t, model.AlreadyConnected)
	}
	if crossing := o.outstanding(b, a, model.Connect, 0); connect && crossing != nil {
		return o.cross(t, crossing)
	}
	if o.outstanding(a, b, c.Kind, c.Subject) != nil {
		return refuse(t, model.AlreadyPending)
	}
	if o.barred(a, b) {
		return refuse(t, model.Unavailable)
	}
	if until := o.cooldown(a, b); connect && t < until {
		return refuseUntil(t, model.Cooldown, until)
	}
	if !o.admits(c) || connect && !o.mayReinvite(a, b) {
		return refuse(t, model.NotAllowed)
	}
	if connect && o.full(a) {
		return refuse(t, model.SenderFull)
	}
	if connect && o.full(b) {
		return refuse(t, model.RecipientFull)
	}
	return o.sendWithinLimits(t, c)
}

// sendWithinLimits goes through the checks that bound how much a member sends: 11 to 14.
func (o *Oracle) sendWithinLimits(t model.Instant, c *model.Command) model.Answer {
	p, a, connect := o.policy(), c.Actor, c.Kind == model.Connect
	if t >= o.restrictedUntil(a) && o.tooManyOld(t, a, p.Restrict.On.OldPending) && p.Restrict.On.OldPending.AtLeast > 0 {
		o.fire(t, a, oldPending)
	}
	if until := o.restrictedUntil(a); t < until {
		return refuseUntil(t, model.Restricted, until)
	}
	limit := o.limit(t, a, c.Kind)
	used := o.used(t, a, c.Kind, limit)
	if limit != model.Unlimited && used >= limit {
		answer := refuse(t, model.RateLimited)
		if limit > 0 {
			answer = refuseUntil(t, model.RateLimited, o.freeAgain(t, a, c.Kind, limit))
		}
		if connect {
			answer.Used, answer.Limit = used, limit
		}
		return answer
	}
	if connect && o.capped(t, a) {
		return refuse(t, model.PendingCapped)
	}
	if c.Note > 0 && p.Note.PerMonth != model.Unlimited && o.notes(t, a) >= p.Note.PerMonth {
		return refuse(t, model.NoteQuota)
	}
	i := &invitation{
		from: a, to: c.Peer, kind: c.Kind, subject: c.Subject,
		sentAt: t, expires: t.After(p.Expiry), note: c.Note > 0, again: o.askedBefore(a, c.Peer, c.Kind),
	}
	o.happens(i, &event{what: sent, at: t, by: a, to: c.Peer, limit: limit})
	o.alarm = min(o.alarm, o.timerOf(i))
	answer := model.Answer{Outcome: model.WasSent, At: t, Again: i.again}
	switch {
	case connect && limit == model.Unlimited:
		answer.Limit = limit
	case connect:
		answer.Used, answer.Limit = used+1, limit
	}
	return answer
}

// cross is the accept path: the sender's peer had invited them already.
func (o *Oracle) cross(t model.Instant, crossing *invitation) model.Answer {
	switch {
	case o.policy().CrossInvite == model.CrossReject:
		return refuse(t, model.AlreadyPending)
	case o.full(crossing.to):
		return refuse(t, model.SenderFull)
	case o.full(crossing.from):
		return refuse(t, model.RecipientFull)
	}
	answer := model.Answer{Outcome: model.WasConnected, At: t, SentAt: crossing.sentAt, Met: crossing.met()}
	o.connect(t, crossing)
	return answer
}

// connect makes a connection of an outstanding invitation.
func (o *Oracle) connect(t model.Instant, i *invitation) {
	o.happens(i, &event{what: accepted, at: t, by: i.to, to: i.from})
	o.record(&event{what: connected, at: t, by: i.to, to: i.from}, i.to, i.from)
}

// askedBefore says whether an invitation of this sender, recipient and kind has ended withdrawn or expired.
func (o *Oracle) askedBefore(a, b model.Member, kind model.Kind) bool {
	for _, e := range o.history[a] {
		ended := e.what == withdrawn || e.what == expired
		if ended && e.invitation.from == a && e.invitation.to == b && e.invitation.kind == kind {
			return true
		}
	}
	return false
}

// capped says whether the pending cap refuses the next send of a.
func (o *Oracle) capped(t model.Instant, a model.Member) bool {
	bound := o.policy().PendingCap
	switch bound.Mode {
	case model.CapHard:
		pending := uint64(len(o.sentConnect(a)))
		if bound.RefuseAt == model.RefuseExceeded {
			return pending > uint64(bound.Count)
		}
		return pending >= uint64(bound.Count)
	case model.CapRatio:
		return o.tooManyOld(t, a, bound.Ratio)
	}
	return false
}

// tooManyOld says whether enough of a's outstanding invitations of kind Connect were sent long ago.
func (o *Oracle) tooManyOld(t model.Instant, a model.Member, bound model.OldPending) bool {
	outstanding := o.sentConnect(a)
	old := 0
	for _, i := range outstanding {
		if i.sentAt.After(bound.OlderThan) <= t {
			old++
		}
	}
	enough := uint32(len(outstanding)) >= bound.AtLeast
	return enough && int64(old)*int64(model.Whole) >= int64(len(outstanding))*int64(bound.Share)
}

// notes returns how many invitations with a note a has sent in the calendar 30 d that hold t.
func (o *Oracle) notes(t model.Instant, a model.Member) uint32 {
	const month = 30 * model.Day
	n := uint32(0)
	for _, e := range o.history[a] {
		sentWithNote := e.what == sent && e.by == a && e.invitation.note
		if sentWithNote && o.calendar.Period(e.at, month) == o.calendar.Period(t, month) {
			n++
		}
	}
	return n
}

// refuse answers a refusal that names no end.
func refuse(t model.Instant, outcome model.Outcome) model.Answer {
	return model.Answer{Outcome: outcome, At: t}
}

// refuseUntil answers a refusal that names its end.
func refuseUntil(t model.Instant, outcome model.Outcome, until model.Instant) model.Answer {
	return model.Answer{Outcome: outcome, At: t, Until: until, Bounded: true}
}
