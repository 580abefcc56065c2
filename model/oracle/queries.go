package oracle

import "invitesim/model"

// reply answers a query at t, when all timers due have fired.
func (o *Oracle) reply(t model.Instant, c *model.Command) model.Reply {
	if !o.exists(c.Actor) || c.Verb == model.QueryRelation && c.Actor == c.Peer {
		return model.Reply{Invalid: true}
	}
	switch c.Verb {
	case model.QuerySent:
		return model.Reply{Rows: o.sentList(t, c.Actor)}
	case model.QueryReceived:
		return model.Reply{Rows: o.receivedList(t, c.Actor)}
	case model.QueryRelation:
		return model.Reply{Relation: o.relation(c.Actor, c.Peer)}
	case model.QueryQuota:
		return model.Reply{Quota: o.quota(t, c.Actor)}
	case model.QueryConnections:
		return model.Reply{Connections: o.connections(c.Actor)}
	case model.QueryNotices:
		return model.Reply{Notices: o.notices(c.Actor)}
	}
	return model.Reply{}
}

// sentList returns the invitations of a that are outstanding, or withdrawn and still kept, as far as the list shows it.
func (o *Oracle) sentList(t model.Instant, a model.Member) []model.Row {
	var rows []model.Row
	for _, e := range o.history[a] {
		if e.what != sent || e.by != a {
			continue
		}
		i := e.invitation
		last := i.lastShown(t, false)
		row := model.Row{Peer: i.to, Kind: i.kind, Subject: i.subject}
		switch {
		case last == nil:
			continue
		case last.what == sent:
			row.State, row.Since = model.Pending, last.at
		case last.what == withdrawn && o.kept(t, last):
			row.State, row.Since = model.Withdrawn, last.at
		default:
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

// receivedList returns the pending invitations to b, as far as the list shows it.
func (o *Oracle) receivedList(t model.Instant, b model.Member) []model.Row {
	var rows []model.Row
	for _, e := range o.history[b] {
		if e.what != sent || e.to != b {
			continue
		}
		i := e.invitation
		last := i.lastShown(t, true)
		if last == nil || last.what != sent {
			continue
		}
		rows = append(rows, model.Row{
			Peer: i.from, Kind: i.kind, Subject: i.subject, State: model.Pending, Since: last.at,
			Note: i.note, Again: i.again && o.policy().ReceivedList.ShowPrior,
		})
	}
	return rows
}

// lastShown returns the last change, in the order in which they happened, that a list shows at t; nil if none. That it was
// hidden, by the first ignore or report, is a change to the recipient's list only.
func (i *invitation) lastShown(t model.Instant, toRecipient bool) *event {
	var last *event
	hidden := false
	for _, e := range i.events {
		hides := e.what == ignored || e.what == reported
		change := e.what != reminded && (!hides || toRecipient && !hidden)
		hidden = hidden || hides
		if change && e.shows <= t {
			last = e
		}
	}
	return last
}

// kept says whether the sender's list still keeps what was withdrawn: under no policy since then has it been there for
// as long as that policy keeps it. At the instant of a change both policies say.
func (o *Oracle) kept(t model.Instant, withdrawal *event) bool {
	for n, p := range o.policies {
		last := t
		if n+1 < len(o.policies) {
			if o.policies[n+1].order <= withdrawal.order {
				continue
			}
			last = o.policies[n+1].at
		}
		if withdrawal.at.After(p.policy.SentList.KeepWithdrawn) <= last {
			return false
		}
	}
	return true
}

// keepsWithdrawn says whether the sender's list keeps a withdrawn invitation of this peer, kind and subject, lags aside.
func (o *Oracle) keepsWithdrawn(t model.Instant, c *model.Command) bool {
	for _, e := range o.history[c.Actor] {
		if e.what != withdrawn || e.by != c.Actor {
			continue
		}
		i := e.invitation
		if i.to == c.Peer && i.kind == c.Kind && i.subject == c.Subject && o.kept(t, e) {
			return true
		}
	}
	return false
}

// relation returns what a may know about b.
func (o *Oracle) relation(a, b model.Member) model.Relation {
	switch {
	case o.blocks(a, b):
		return model.Blocked
	case o.connected(a, b):
		return model.Connected
	case o.outstanding(a, b, model.Connect, 0) != nil:
		return model.PendingOut
	}
	if i := o.outstanding(b, a, model.Connect, 0); i != nil && i.state() == model.Pending {
		return model.PendingIn
	}
	return model.NoRelation
}

// quota returns how much of the limits of kind Connect a uses.
func (o *Oracle) quota(t model.Instant, a model.Member) model.Quota {
	p := o.policy()
	limit := o.limit(t, a, model.Connect)
	q := model.Quota{
		Used:    o.used(t, a, model.Connect, limit),
		Limit:   limit,
		Pending: uint32(len(o.sentConnect(a))),
		Cap:     model.Unlimited,
	}
	if p.PendingCap.Mode == model.CapHard {
		q.Cap = p.PendingCap.Count
	}
	if until := o.restrictedUntil(a); t < until {
		q.Restricted, q.RestrictedUntil = true, until
	}
	return q
}

// notices returns what b has been told and not untold, in order.
func (o *Oracle) notices(b model.Member) []model.Notice {
	var notices []model.Notice
	for _, e := range o.history[b] {
		i := e.invitation
		if i == nil {
			continue
		}
		kind, told := model.NoticeInvited, false
		switch {
		case e.what == sent:
			kind, told = model.NoticeInvited, e.told && i.to == b && !i.recalled()
		case e.what == reminded:
			kind, told = model.NoticeReminded, i.to == b && !i.recalled()
		case e.what == withdrawn:
			kind, told = model.NoticeWithdrawn, e.told && i.to == b
		case e.what == accepted && i.kind == model.Connect:
			kind, told = model.NoticeConnected, e.told && i.from == b
		case e.what == accepted:
			kind, told = model.NoticeAccepted, e.told && i.from == b
		}
		if told {
			notices = append(notices, model.Notice{Notice: kind, Peer: i.other(b), Kind: i.kind, Subject: i.subject, At: e.at})
		}
	}
	return notices
}

// recalled says whether the invitation ended in a way that took its notices back.
func (i *invitation) recalled() bool {
	for _, e := range i.events {
		if e.recalled {
			return true
		}
	}
	return false
}

// other returns the one of sender and recipient that is not a.
func (i *invitation) other(a model.Member) model.Member {
	if i.from == a {
		return i.to
	}
	return i.from
}
