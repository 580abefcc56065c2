package oracle

import "invitesim/model"

// decide answers a command and records what follows from it.
func (o *Oracle) decide(t model.Instant, c *model.Command) model.Answer {
	if c.Verb == model.Send {
		return o.send(t, c)
	}
	if o.senseless(c) {
		return refuse(t, model.Invalid)
	}
	if o.closed(c.Actor) && c.Verb != model.Reopen {
		return refuse(t, model.AccountClosed)
	}
	switch c.Verb {
	case model.Withdraw:
		return o.withdraw(t, c)
	case model.Accept:
		return o.accept(t, c)
	case model.Ignore:
		return o.ignore(t, c)
	case model.Report:
		return o.report(t, c)
	case model.Block:
		return o.block(t, c.Actor, c.Peer)
	case model.Unblock:
		return o.unblock(t, c.Actor, c.Peer)
	case model.Remove:
		return o.remove(t, c.Actor, c.Peer)
	case model.Close:
		return o.close(t, c.Actor)
	case model.Reopen:
		return succeed(t, model.WasReopened)
	}
	return succeed(t, model.WasSet)
}

// senseless says whether a command other than a send is one that nobody can carry out, whatever has happened, or a
// reopen of an open account.
func (o *Oracle) senseless(c *model.Command) bool {
	switch {
	case !o.exists(c.Actor):
		return true
	case c.Verb == model.Block:
		return c.Actor == c.Peer || !o.exists(c.Peer)
	case c.Verb == model.SetInbound:
		return c.Setting > model.Nobody
	case c.Verb == model.Reopen:
		return !o.closed(c.Actor)
	}
	return false
}

func (o *Oracle) withdraw(t model.Instant, c *model.Command) model.Answer {
	i := o.outstanding(c.Actor, c.Peer, c.Kind, c.Subject)
	switch {
	case i != nil:
		answer := model.Answer{Outcome: model.WasWithdrawn, At: t, SentAt: i.sentAt, Met: i.met()}
		o.happens(i, &event{what: withdrawn, at: t, by: i.from, to: i.to, until: o.resendAt(t, i)})
		return answer
	case o.keepsWithdrawn(t, c):
		return refuse(t, model.AlreadyWithdrawn)
	case c.Kind == model.Connect && o.connected(c.Actor, c.Peer):
		return refuse(t, model.AlreadyAccepted)
	}
	return refuse(t, model.NotFound)
}

// resendAt returns the end of the cooldown that the sender of an invitation starts by taking it back at t.
func (o *Oracle) resendAt(t model.Instant, i *invitation) model.Instant {
	if i.kind != model.Connect {
		return t
	}
	return t.After(o.policy().Resend.Cooldown)
}

func (o *Oracle) accept(t model.Instant, c *model.Command) model.Answer {
	i := o.outstanding(c.Peer, c.Actor, c.Kind, c.Subject)
	switch {
	case c.Kind == model.Connect && o.connected(c.Actor, c.Peer):
		return refuse(t, model.AlreadyConnected)
	case i == nil, i.state() == model.Ignored && !o.policy().Ignore.Reversible:
		return refuse(t, model.NotAvailable)
	case c.Kind != model.Connect:
		answer := model.Answer{Outcome: model.WasAccepted, At: t, SentAt: i.sentAt, Met: i.met()}
		o.happens(i, &event{what: accepted, at: t, by: i.to, to: i.from})
		return answer
	case o.full(c.Actor):
		return refuse(t, model.Full)
	case o.full(c.Peer):
		return refuse(t, model.PeerFull)
	}
	answer := model.Answer{Outcome: model.WasConnected, At: t, SentAt: i.sentAt, Met: i.met()}
	o.connect(t, i)
	return answer
}

func (o *Oracle) ignore(t model.Instant, c *model.Command) model.Answer {
	i := o.outstanding(c.Peer, c.Actor, c.Kind, c.Subject)
	switch {
	case c.Kind == model.Connect && o.connected(c.Actor, c.Peer):
		return refuse(t, model.AlreadyConnected)
	case i == nil, i.state() != model.Pending:
		return refuse(t, model.NotAvailable)
	}
	o.happens(i, &event{what: ignored, at: t, by: i.to, to: i.from})
	return model.Answer{Outcome: model.WasIgnored, At: t, SentAt: i.sentAt}
}

func (o *Oracle) report(t model.Instant, c *model.Command) model.Answer {
	i := o.outstanding(c.Peer, c.Actor, c.Kind, c.Subject)
	switch {
	case c.Kind == model.Connect && o.connected(c.Actor, c.Peer):
		return refuse(t, model.AlreadyConnected)
	case i == nil, i.had(reported) != nil:
		return refuse(t, model.NotAvailable)
	}
	answer := model.Answer{Outcome: model.WasReported, At: t, SentAt: i.sentAt, Met: i.met()}
	o.happens(i, &event{what: reported, at: t, by: i.to, to: i.from})
	return answer
}

func (o *Oracle) block(t model.Instant, a, b model.Member) model.Answer {
	if o.blocks(a, b) {
		return refuse(t, model.AlreadyBlocked)
	}
	if at, ever := o.unblockedAt(a, b); ever && t < at.After(o.policy().Block.ReblockAfter) {
		return refuse(t, model.TooSoon)
	}
	if o.connected(a, b) {
		o.record(&event{what: severed, at: t, by: a, to: b}, a, b)
	}
	for _, i := range o.outstandingOf(a, func(i *invitation) bool { return i.from == b || i.to == b }) {
		end := &event{what: cancelled, at: t, by: a, to: b}
		if i.from == a {
			end.until = o.resendAt(t, i)
		}
		o.happens(i, end)
	}
	return succeed(t, model.WasBlocked)
}

func (o *Oracle) unblock(t model.Instant, a, b model.Member) model.Answer {
	if !o.blocks(a, b) {
		return refuse(t, model.NotBlocked)
	}
	if !o.policy().Block.Reversible {
		return refuse(t, model.Irreversible)
	}
	return succeed(t, model.WasUnblocked)
}

func (o *Oracle) remove(t model.Instant, a, b model.Member) model.Answer {
	if !o.connected(a, b) {
		return refuse(t, model.NotConnected)
	}
	o.record(&event{what: removed, at: t, by: a, to: b, until: t.After(o.policy().Removal.Cooldown)}, a, b)
	return succeed(t, model.WasRemoved)
}

func (o *Oracle) close(t model.Instant, a model.Member) model.Answer {
	for _, i := range o.outstandingOf(a, func(*invitation) bool { return true }) {
		o.happens(i, &event{what: cancelled, at: t, until: t})
	}
	return succeed(t, model.WasClosed)
}

// succeed answers a success on no invitation.
func succeed(t model.Instant, outcome model.Outcome) model.Answer {
	return model.Answer{Outcome: outcome, At: t}
}
