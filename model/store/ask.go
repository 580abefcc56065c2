package store

import (
	"cmp"
	"slices"

	"invitesim/model"
)

// Ask answers a query at t.
func (s *Store) Ask(t model.Instant, c *model.Command) model.Reply {
	reply, _ := s.AskAt(t, c)
	return reply
}

// AskAt is Ask, and returns the instant for which the answer holds: t, or that of the latest decision on what was looked at, if t is earlier.
func (s *Store) AskAt(t model.Instant, c *model.Command) (reply model.Reply, at model.Instant) {
	if !s.exists(c.Actor) || c.Verb == model.QueryRelation && c.Peer == c.Actor {
		return model.Reply{Invalid: true}, t
	}
	var held hold
	t = s.enter(&held, t, c)
	defer s.leave(&held)
	return s.reply(t, c), t
}

// reply answers a query about what is held.
func (s *Store) reply(t model.Instant, c *model.Command) model.Reply {
	s.settle(t, c.Actor)
	switch c.Verb {
	case model.QuerySent:
		return model.Reply{Rows: s.rows(t, c.Actor, false)}
	case model.QueryReceived:
		s.settleSenders(t, c.Actor)
		return model.Reply{Rows: s.rows(t, c.Actor, true)}
	case model.QueryRelation:
		return model.Reply{Relation: s.relation(t, c)}
	case model.QueryQuota:
		a := s.loadSender(t, c.Actor)
		return model.Reply{Quota: s.rules.Quota(t, &a)}
	case model.QueryConnections:
		return model.Reply{Connections: uint64(s.block(c.Actor).connections)}
	case model.QueryNotices:
		s.settleSenders(t, c.Actor)
		return model.Reply{Notices: s.noticesOf(t, c.Actor)}
	}
	panic("store: Ask of a command: " + c.Verb.String())
}

// relation answers from the actor's side, about kind connect.
func (s *Store) relation(t model.Instant, c *model.Command) model.Relation {
	if !s.exists(c.Peer) {
		return model.NoRelation
	}
	s.settle(t, c.Peer)
	var d decision
	s.loadPair(t, &model.Command{Verb: model.Send, Actor: c.Actor, Peer: c.Peer}, &d)
	switch {
	case d.pair.Ties.Has(model.TieBlockOut):
		return model.Blocked
	case d.pair.Ties.Has(model.TieConnected):
		return model.Connected
	case d.pair.Out.State.Outstanding():
		return model.PendingOut
	case d.pair.In.State == model.Pending:
		return model.PendingIn
	}
	return model.NoRelation
}

// listRow is a row and its place in the list.
type listRow struct {
	model.Row
	sentAt model.Instant
	order  uint64
}

// rows returns m's sent or received list as it shows at t, in order of sending.
func (s *Store) rows(t model.Instant, m model.Member, received bool) []model.Row {
	refs := s.sentRefs(m, nil)
	if received {
		refs = s.receivedRefs(m, nil)
	}
	late := s.shard(m).late[m]
	var list []listRow
	for _, r := range refs {
		i, state, withdrawnAt := s.listed(m, r, received)
		order := uint64(0)
		if state == model.Withdrawn {
			order = s.aside(r).order
		}
		if at := rowOf(late, received, &i, state, order); at >= 0 {
			state = late[at].shown(t)
		}
		if state == model.Pending || state == model.Withdrawn {
			if order == 0 {
				order = s.orderOf(i.name())
			}
			row := s.row(m, &i, state, withdrawnAt)
			row.order = order
			list = append(list, row)
		}
	}
	before := len(list)
	for at := range late {
		if r := &late[at]; r.received == received && r.over && r.shown(t) == model.Pending && !s.retained(refs, r) {
			row := s.row(m, &r.invitation, model.Pending, 0)
			row.order = r.order
			list = append(list, row)
		}
	}
	if len(list) > before {
		slices.SortStableFunc(list, func(a, b listRow) int {
			return cmp.Or(cmp.Compare(a.sentAt, b.sentAt), cmp.Compare(a.order, b.order))
		})
	}
	rows := make([]model.Row, len(list))
	for i := range list {
		rows[i] = list[i].Row
	}
	return rows
}

// listed returns the invitation that r names in one of m's lists, and its true state.
func (s *Store) listed(m model.Member, r ref, received bool) (i invitation, state model.State, withdrawnAt model.Instant) {
	if r&refAside != 0 {
		a := s.aside(r)
		i, state = a.seen(), a.state
		withdrawnAt = model.Instant(a.withdrawnAt)
	} else {
		slot := s.slot(m, model.Member(r))
		inner := invitationIn(slot.bits, slot.at)
		sender, recipient := m, model.Member(r)
		if received {
			sender, recipient = recipient, sender
		}
		i = between(sender, recipient, inner)
		state = inner.State
	}
	if !received && state == model.Ignored {
		state = model.Pending
	}
	return i, state, withdrawnAt
}

// rowOf returns the index of the late row that stands for an invitation of a list, -1 if there is none.
func rowOf(late []lateRow, received bool, i *invitation, state model.State, order uint64) int {
	if state != model.Withdrawn {
		return openRow(late, received, i.name())
	}
	return slices.IndexFunc(late, func(r lateRow) bool {
		return r.received == received && r.over && r.name() == i.name() && r.sentAt == i.sentAt && r.order == order
	})
}

// retained says whether the ended invitation of a late row still has a ref of its own in the list, being withdrawn.
func (s *Store) retained(refs []ref, late *lateRow) bool {
	return slices.ContainsFunc(refs, func(r ref) bool {
		if late.received || r&refAside == 0 {
			return false
		}
		a := s.aside(r)
		return a.state == model.Withdrawn && a.name() == late.name() && model.Instant(a.sentAt) == late.sentAt && a.order == late.order
	})
}

// row returns a row of m's list, without its order: of what is over, the other side may be in a shard that nobody has locked.
func (s *Store) row(m model.Member, i *invitation, state model.State, withdrawnAt model.Instant) listRow {
	row := listRow{sentAt: i.sentAt}
	row.Kind, row.Subject, row.State, row.Since = i.kind, i.subject, state, i.sentAt
	if state == model.Withdrawn {
		row.Since = withdrawnAt
	}
	row.Peer = i.recipient
	if i.recipient == m {
		row.Peer = i.sender
		row.Note = i.note
		row.Again = i.again && s.rules.ReceivedList.ShowPrior
	}
	return row
}

// Familiar says whether a would not think of inviting b: b is a, connected to a, or has an invitation of kind connect
// from a, as far as a's lists show at t.
func (s *Store) Familiar(t model.Instant, a, b model.Member) bool {
	if a == b {
		return true
	}
	if s.keep.lag {
		_, ok := s.SentShown(t, a, b, model.Connect, 0)
		return ok || s.pair(a, b).bits&bitConnected != 0
	}
	if s.exclusive {
		return s.familiar(t, a, b)
	}
	var held hold
	t = s.enter(&held, t, &model.Command{Verb: model.Accept, Actor: a, Peer: b})
	defer s.leave(&held)
	return s.familiar(t, a, b)
}

// familiar says so by the pair's slot, where lists do not lag.
func (s *Store) familiar(t model.Instant, a, b model.Member) bool {
	s.settle(t, a)
	slot := s.slot(a, b)
	if slot == nil {
		return false
	}
	own := slot.bits&bitsOutstanding != 0 && (slot.bits&bitFromHigh != 0) == (a > b)
	return own || slot.bits&bitConnected != 0
}

// Shown returns when the invitation that b's received list shows at t from a, of this kind and subject, was sent.
func (s *Store) Shown(t model.Instant, a, b model.Member, kind model.Kind, subject uint32) (sentAt model.Instant, ok bool) {
	return s.glance(t, invitation{sender: a, recipient: b, kind: kind, subject: subject}, b)
}

// SentShown returns when the invitation to b that a's sent list shows as pending at t was sent.
func (s *Store) SentShown(t model.Instant, a, b model.Member, kind model.Kind, subject uint32) (sentAt model.Instant, ok bool) {
	return s.glance(t, invitation{sender: a, recipient: b, kind: kind, subject: subject}, a)
}

// Outstanding returns when the invitation from a to b, of this kind and subject, was sent that is outstanding at t, whatever the lists show.
func (s *Store) Outstanding(t model.Instant, a, b model.Member, kind model.Kind, subject uint32) (sentAt model.Instant, ok bool) {
	c := model.Command{Verb: model.Accept, Actor: a, Peer: b, Kind: kind, Subject: subject}
	if !s.exclusive {
		var held hold
		t = s.enter(&held, t, &c)
		defer s.leave(&held)
	}
	s.settle(t, a)
	var d decision
	s.loadPair(t, &c, &d)
	return d.pair.Out.SentAt, d.pair.Out.State.Outstanding()
}

// glance looks for one invitation in its sender's or its recipient's list.
func (s *Store) glance(t model.Instant, i invitation, reader model.Member) (sentAt model.Instant, ok bool) {
	if s.exclusive {
		return s.shows(t, i, reader)
	}
	var held hold
	t = s.enter(&held, t, &model.Command{Verb: model.Accept, Actor: i.sender, Peer: i.recipient})
	defer s.leave(&held)
	return s.shows(t, i, reader)
}

// shows says when the invitation was sent that the reader's list shows as pending, if it does: of several, the one that is outstanding, if that is among them.
func (s *Store) shows(t model.Instant, i invitation, reader model.Member) (sentAt model.Instant, ok bool) {
	s.settle(t, i.sender)
	if i.kind == model.Connect && !s.keep.lag {
		slot := s.slot(i.sender, i.recipient)
		if slot == nil || slot.bits&bitsOutstanding == 0 || (slot.bits&bitFromHigh != 0) != (i.sender > i.recipient) {
			return 0, false
		}
		return model.Instant(slot.at), slot.bits&bitPending != 0 || reader == i.sender
	}
	c := model.Command{Verb: model.Accept, Actor: i.sender, Peer: i.recipient, Kind: i.kind, Subject: i.subject}
	var d decision
	s.loadPair(t, &c, &d)
	out, received := d.pair.Out, reader == i.recipient
	shown := out.State == model.Pending || !received && out.State == model.Ignored
	late := s.shard(reader).late[reader]
	if at := openRow(late, received, i.name()); at >= 0 {
		shown = late[at].shown(t) == model.Pending
	}
	if !shown { // what is outstanding comes before what has ended and still shows: it is what a command would meet
		if at := slices.IndexFunc(late, func(r lateRow) bool {
			return r.over && r.received == received && r.name() == i.name() && r.shown(t) == model.Pending
		}); at >= 0 {
			return late[at].sentAt, true
		}
	}
	return out.SentAt, shown
}

// Oldest returns the oldest invitation that a's sent list shows as pending at t.
func (s *Store) Oldest(t model.Instant, a model.Member) (model.Row, bool) {
	if !s.exclusive && !s.keep.lag {
		if row, known := s.glanceOldest(t, a); known {
			return row, true
		}
	}
	var held hold
	t = s.enter(&held, t, &model.Command{Verb: model.QuerySent, Actor: a})
	defer s.leave(&held)
	s.settle(t, a)
	if !s.keep.lag && !s.retains {
		r, ok := s.firstSent(a)
		if !ok {
			return model.Row{}, false
		}
		i, state, _ := s.listed(a, r, false)
		return s.row(a, &i, state, 0).Row, true
	}
	for _, row := range s.rows(t, a, false) {
		if row.State == model.Pending {
			return row, true
		}
	}
	return model.Row{}, false
}

// OldestBehind returns the oldest invitation that a's sent list shows as pending at t, of those behind the given rows, which it showed before and
// which are of one second. Where lists lag, it may show them still, whatever has become of them.
func (s *Store) OldestBehind(t model.Instant, a model.Member, last []model.Row) (model.Row, bool) {
	var held hold
	t = s.enter(&held, t, &model.Command{Verb: model.QuerySent, Actor: a})
	defer s.leave(&held)
	s.settle(t, a)
	for _, row := range s.rows(t, a, false) {
		behind := row.Since > last[0].Since || row.Since == last[0].Since && !slices.Contains(last, row)
		if behind && row.State == model.Pending {
			return row, true
		}
	}
	return model.Row{}, false
}

// glanceOldest returns the oldest row as long as the two whom it concerns are all that it takes to know it: no timer is due, and what was the
// oldest invitation at the first look, of kind connect, is so when both are held.
func (s *Store) glanceOldest(t model.Instant, a model.Member) (row model.Row, known bool) {
	h := s.shard(a)
	h.lock.Lock()
	r, ok := s.firstSent(a)
	ok = ok && !s.retains // its locks guard what a change of policy writes, too
	h.lock.Unlock()
	if !ok || r&refAside != 0 {
		return model.Row{}, false
	}
	var held hold
	now, enough := s.enterTwo(&held, t, &model.Command{Verb: model.Accept, Actor: a, Peer: model.Member(r)})
	if !enough {
		return model.Row{}, false
	}
	defer s.leave(&held)
	if still, ok := s.firstSent(a); !ok || still != r || s.retains || s.timerDue(now, a) {
		return model.Row{}, false
	}
	i, state, _ := s.listed(a, r, false)
	return s.row(a, &i, state, 0).Row, true
}

// Connected says whether a and b are connected, and when the invitation was sent that connected them: no other connection of the two came of that one.
func (s *Store) Connected(a, b model.Member) (sentAt model.Instant, ok bool) {
	slot := s.pair(a, b)
	return model.Instant(slot.at), slot.bits&bitConnected != 0
}

// Blocks says whether a blocks b.
func (s *Store) Blocks(a, b model.Member) bool {
	if a > b {
		return s.pair(a, b).bits&bitBlockHigh != 0
	}
	return s.pair(a, b).bits&bitBlockLow != 0
}

// pair returns what the slot of two holds, nothing where they have none.
func (s *Store) pair(a, b model.Member) slot {
	h := s.pairShard(a, b)
	if !s.exclusive {
		h.lock.Lock()
		defer h.lock.Unlock()
	}
	if slot := h.pairs.find(model.PairKey(a, b)); slot != nil {
		return *slot
	}
	return slot{}
}

// Capped says whether the pending cap would refuse a's next send at t.
func (s *Store) Capped(t model.Instant, a model.Member) bool {
	var held hold
	t = s.enter(&held, t, &model.Command{Verb: model.Send, Actor: a}) // what such a send would look at
	defer s.leave(&held)
	s.settle(t, a)
	account := s.loadSender(t, a)
	return s.rules.PendingCapped(&account)
}

// loadSender reads all that limits look at of a.
func (s *Store) loadSender(t model.Instant, a model.Member) (account model.Account) {
	s.loadAccount(a, s.block(a), &account)
	if s.looksBack {
		account.Look = s.lookBack(t, a, account.Outstanding)
	}
	return account
}
