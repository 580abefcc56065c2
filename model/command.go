package model

import "slices"

// Command is one thing that a member asks of the system: a command that may change it, or a query that does not.
type Command struct {
	Verb    Verb
	Kind    Kind
	Setting Inbound // SetInbound only
	Email   bool    // Send: the sender knows the recipient's e-mail address
	Note    uint16  // Send: length of the note in characters, 0 for none
	Actor   Member
	Peer    Member
	Subject uint32 // which page or event; 0 for kind Connect
	Key     string // Send: idempotency key, empty for none
}

// Answer is what the system decided.
type Answer struct {
	Outcome Outcome
	// At is the instant at which the system decided.
	At Instant
	// Until is the instant that a refusal names (Cooldown, Restricted, RateLimited); 0 where Bounded is false.
	Until   Instant
	Bounded bool
	// Again is set on a Send that succeeded after an earlier invitation of this sender to this recipient, of the same
	// kind, had ended withdrawn or expired. The recipient sees it where the policy shows earlier requests.
	Again bool
	// SentAt is the instant at which the invitation that the command acted on was sent: set for WasConnected (not for
	// set-up), WasAccepted, WasWithdrawn, WasIgnored and WasReported. It is not part of the public answer.
	SentAt Instant
	// Met is what the invitation that the command acted on had met before, where SentAt is set. It is not part of the public answer.
	Met Met
	// Repeated is set where the answer is that of an earlier send with the same key: nothing happened. It is not part of the public answer.
	Repeated bool
	// Used and Limit say, on a Send of kind Connect that succeeded or was RateLimited, how much of the weekly limit the sender has used now,
	// this one included if it succeeded, and which limit it was held to: 0 and Unlimited where there is none. They are not part of the public answer.
	Used, Limit uint32
	// Outstanding says, on a Send that succeeded, how many invitations of kind Connect the sender has outstanding now, this one included if it is of
	// that kind. Whoever is told of ends later than of sends knows from it which ends came before. It is not part of the public answer.
	Outstanding uint32
}

// Row is one line of a list: an invitation as its reader may see it.
type Row struct {
	Peer    Member
	Kind    Kind
	Subject uint32
	State   State   // Pending or Withdrawn
	Since   Instant // of the state shown
	Note    bool    // received lists only
	Again   bool    // received lists only, where the policy shows earlier requests
}

// Relation is what one member may know about another (query `relation`).
type Relation uint8

// The relations, seen from the side of the member who asks.
const (
	NoRelation Relation = iota
	Connected
	PendingOut
	PendingIn
	Blocked
)

var relationNames = [...]string{"none", "connected", "pending_out", "pending_in", "blocked"}

func (r Relation) String() string { return relationNames[r] }

// Unlimited is the count of a limit that is off.
const Unlimited uint32 = 1<<32 - 1

// Quota is the answer to the query `quota`: how much of the limits of kind Connect a member uses.
type Quota struct {
	Used            uint32
	Limit           uint32 // Unlimited where the policy has no weekly limit
	Pending         uint32 // outstanding invitations
	Cap             uint32 // Unlimited where the policy has no count to compare with (none, ratio)
	Restricted      bool
	RestrictedUntil Instant // where Restricted
}

// NoticeKind says what an in-app notice tells.
type NoticeKind uint8

// The notices. NoticeWithdrawn occurs only where a policy sets notify.on_withdraw.
const (
	NoticeInvited NoticeKind = iota
	NoticeReminded
	NoticeConnected
	NoticeAccepted
	NoticeWithdrawn
)

var noticeNames = [...]string{"invited", "reminded", "connected", "accepted", "withdrawn"}

func (n NoticeKind) String() string { return noticeNames[n] }

// Notice is one in-app notice to a member.
type Notice struct {
	Notice  NoticeKind
	Peer    Member
	Kind    Kind
	Subject uint32
	At      Instant
}

// Reply is the answer to a query. Only the field of the query's verb is set.
type Reply struct {
	Invalid     bool // the actor does not exist, or a member asked about themselves
	Rows        []Row
	Relation    Relation
	Quota       Quota
	Connections uint64
	Notices     []Notice
}

// Equal says whether two replies are the same; no rows are no rows, whatever holds them.
func (r *Reply) Equal(other *Reply) bool {
	return r.Invalid == other.Invalid && r.Relation == other.Relation && r.Quota == other.Quota && r.Connections == other.Connections &&
		slices.Equal(r.Rows, other.Rows) && slices.Equal(r.Notices, other.Notices)
}
