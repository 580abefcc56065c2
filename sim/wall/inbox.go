package wall

import (
	"sync/atomic"

	"invitesim/model"
	"invitesim/model/store"
	"invitesim/model/store/spin"
	"invitesim/sim/virtual/queue"
)

// mail is what workers and the system have to tell a worker.
type mail struct {
	events  []queue.Event  // of the worker's members
	lowered []lowered      // invitations of the worker's members that others ended
	changes []store.Change // of the worker's members, that no answer told
}

// lowered says that an invitation of kind connect of a sender ended.
type lowered struct {
	at     model.Instant
	sender model.Member
}

func (m *mail) len() int { return len(m.events) + len(m.lowered) + len(m.changes) }

func (m *mail) empty() {
	m.events, m.lowered, m.changes = m.events[:0], m.lowered[:0], m.changes[:0]
}

// inbox holds the mail for a worker until it looks.
type inbox struct {
	waiting atomic.Bool
	guard   spin.Lock
	mail    mail
	_       [64]byte // keeps the inboxes of neighbours on different cache lines
}

// put adds mail, which stays the sender's.
func (b *inbox) put(m *mail) {
	b.guard.Lock()
	b.mail.events = append(b.mail.events, m.events...)
	b.mail.lowered = append(b.mail.lowered, m.lowered...)
	b.guard.Unlock()
	b.waiting.Store(true)
}

// tell adds a change.
func (b *inbox) tell(c store.Change) {
	b.guard.Lock()
	b.mail.changes = append(b.mail.changes, c)
	b.guard.Unlock()
	b.waiting.Store(true)
}

// take exchanges the mail for an empty one.
func (b *inbox) take(empty *mail) {
	b.waiting.Store(false)
	b.guard.Lock()
	b.mail, *empty = *empty, b.mail
	b.guard.Unlock()
}
