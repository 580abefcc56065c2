package store

import (
	"slices"

	"invitesim/model"
)

// lateRow is one invitation in one list whose changes do not all show at once (RULES.md, L17). It is kept until all
// of them show.
type lateRow struct {
	invitation
	received bool // which of the owner's lists
	over     bool // the invitation has ended
	order    uint64
	changes  []lateChange
}

// lateChange is a state and the instant from which on the list shows it.
type lateChange struct {
	shows model.Instant
	state model.State
}

// change is a change of what a list shows.
type change struct{ from, to model.State }

// shown returns what the row shows at t: the state after the latest change that shows, Absent before the first.
func (r *lateRow) shown(t model.Instant) model.State {
	for i := len(r.changes) - 1; i >= 0; i-- {
		if r.changes[i].shows <= t {
			return r.changes[i].state
		}
	}
	return model.Absent
}

// settled says whether all of the row's changes show at t.
func (r *lateRow) settled(t model.Instant) bool {
	return !slices.ContainsFunc(r.changes, func(c lateChange) bool { return c.shows > t })
}

// showLate enters a change of an invitation at t in the lists of those who see it, the sender's too if both is set.
func (s *Store) showLate(t model.Instant, i invitation, c change, both bool, order uint64) {
	if !s.keep.lag {
		return
	}
	shows := t.After(s.rules.Views.Lag.Of(s.seed, i.sender, i.recipient, t))
	if both {
		s.enterLate(t, i.sender, false, i, c, shows, order)
	}
	s.enterLate(t, i.recipient, true, i, c, shows, order)
}

// enterLate enters a change in one list. Changes of invitations that never lagged are not kept.
func (s *Store) enterLate(t model.Instant, owner model.Member, received bool, i invitation, c change, shows model.Instant, order uint64) {
	h := s.shard(owner)
	rows := slices.DeleteFunc(h.late[owner], func(r lateRow) bool { return r.settled(t) })
	at := openRow(rows, received, i.name())
	if at < 0 && shows > t {
		row := lateRow{invitation: i, received: received, order: order}
		if from := c.from; from != model.Absent {
			if received && i.met != model.MetNothing {
				from = model.Ignored
			}
			row.changes = []lateChange{{i.sentAt, from}}
		}
		rows, at = append(rows, row), len(rows)
	}
	if at >= 0 {
		rows[at].changes = append(rows[at].changes, lateChange{shows, c.to})
		rows[at].over = c.to != model.Pending && c.to != model.Ignored
	}
	if len(rows) == 0 {
		delete(h.late, owner)
		return
	}
	h.late[owner] = rows
}

// openRow returns the index of the row of an outstanding invitation, -1 if there is none.
func openRow(rows []lateRow, received bool, name asideName) int {
	return slices.IndexFunc(rows, func(r lateRow) bool { return r.received == received && !r.over && r.name() == name })
}
