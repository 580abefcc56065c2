// Package store is the system itself: every member, invitation and relation in memory, compact, safe for concurrent use.
package store

import "invitesim/model"

// Options say what a store must hold.
type Options struct {
	Members  uint32
	Calendar model.Calendar
	Seed     uint64 // of the lag of views
	// Policies are the policy in force at first and those that may come later: the store keeps only what one of them can
	// ask for. A later ChangePolicy to one that is not listed is an error of the program.
	Policies []model.Policy
	// Notices keeps notices, for those who will ask for them.
	Notices bool
	// Exclusive leaves all locking out: one goroutine at a time, as in virtual time.
	Exclusive bool
	// Expect is how many outstanding invitations, sent and received, a member has on average. It shapes memory, never answers; 0 for a guess.
	Expect int
	// Observe, if given, is told of every change that no answer tells: what timers, blocks and closed accounts ended,
	// and restrictions that begin. It is called in the order of the changes of each member, inside the critical section:
	// it must not call the store.
	Observe func(Change)
}

// Change is a change of state that no answer tells.
type Change struct {
	At        model.Instant
	Sender    model.Member // of the invitation, or the member who is restricted
	Recipient model.Member // 0 for a restriction
	State     model.State  // Expired or Cancelled; Absent for a restriction
	Kind      model.Kind
	Subject   uint32
	SentAt    model.Instant
	Until     model.Instant // of a restriction
}

// Store implements the rules on compact records.
type Store struct{}

// New returns an empty store: strangers, open accounts, no invitations.
func New(o Options) (*Store, error) { panic("todo") }

// Release gives the memory back. The store must not be used any more.
func (s *Store) Release() {}

// Do decides a command at t and carries it out.
func (s *Store) Do(t model.Instant, c *model.Command) model.Answer { panic("todo") }

// Ask answers a query at t.
func (s *Store) Ask(t model.Instant, c *model.Command) model.Reply { panic("todo") }

// Prefetch asks the processor to load what Do(c) will touch. It changes nothing, and needs not be followed by Do.
func (s *Store) Prefetch(actor, peer model.Member) {}

// ChangePolicy puts p in force from t on, after the timers of t (RULES.md, L01).
func (s *Store) ChangePolicy(t model.Instant, p model.Policy) {}

// Connect sets up a connection that exists already; false where the two cannot be connected (RULES.md, L15).
func (s *Store) Connect(t model.Instant, a, b model.Member) bool { return false }

// Outside sets up n connections of a to people outside.
func (s *Store) Outside(a model.Member, n uint32) {}

// Opened sets up when a's account was opened.
func (s *Store) Opened(a model.Member, at model.Instant) {}

// Inbound sets up a's inbound setting.
func (s *Store) Inbound(a model.Member, setting model.Inbound) {}

// Advance fires every timer due by t, of all members, in the order of the instants of each member.
func (s *Store) Advance(t model.Instant) {}

// Settle fires every timer of a's own invitations due by t.
func (s *Store) Settle(t model.Instant, a model.Member) {}

// Familiar says whether a would not think of inviting b: b is a, connected to a, or has an outstanding invitation of kind connect from a, as far as
// a's lists show at t.
func (s *Store) Familiar(t model.Instant, a, b model.Member) bool { return false }

// Shown returns when the invitation that b's received list shows at t from a, of this kind and subject, was sent.
func (s *Store) Shown(t model.Instant, a, b model.Member, kind model.Kind, subject uint32) (sentAt model.Instant, ok bool) {
	return 0, false
}

// SentShown returns when the invitation to b that a's sent list shows as pending at t was sent.
func (s *Store) SentShown(t model.Instant, a, b model.Member, kind model.Kind, subject uint32) (sentAt model.Instant, ok bool) {
	return 0, false
}

// Oldest returns the oldest invitation that a's sent list shows as pending at t.
func (s *Store) Oldest(t model.Instant, a model.Member) (model.Row, bool) { return model.Row{}, false }

// Connected says whether a and b are connected.
func (s *Store) Connected(a, b model.Member) bool { return false }

// Blocks says whether a blocks b.
func (s *Store) Blocks(a, b model.Member) bool { return false }

// Closed says whether a's account is closed.
func (s *Store) Closed(a model.Member) bool { return false }

// Capped says whether the pending cap would refuse a's next send at t.
func (s *Store) Capped(t model.Instant, a model.Member) bool { return false }

// Usage returns what a has used of the weekly limit at t, and the limit in force for a (model.Unlimited for none).
func (s *Store) Usage(t model.Instant, a model.Member) (used, limit uint32) { return 0, 0 }

// Violations recounts everything that is stored of a from the records themselves, and returns what breaks an invariant of spec 8,
// one sentence each; nil if all is well. Evaluated is how many invariants were looked at.
func (s *Store) Violations(t model.Instant, a model.Member) (evaluated int, broken []string) { return 0, nil }
