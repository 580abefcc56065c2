package model

import (
	"slices"
	"strconv"
)

// Member is the number of a person, 1 and up. 0 is nobody.
type Member uint32

func (m Member) String() string { return strconv.FormatUint(uint64(m), 10) }

// MaxMembers is the largest number of members that a system may have, 2³¹−2.
const MaxMembers = 1<<31 - 2

// Kind says what an invitation invites to.
type Kind uint8

// The kinds. Page and Event invitations carry the number of their subject: which page, which event.
const (
	Connect Kind = iota
	Page
	Event
)

var kindNames = [...]string{"connect", "page", "event"}

func (k Kind) String() string { return kindNames[k] }

// Inbound says from whom a member takes invitations.
type Inbound uint8

// The inbound settings. Email admits only senders who know the member's e-mail address.
const (
	Anyone Inbound = iota
	Email
	Nobody
)

var inboundNames = [...]string{"anyone", "email", "nobody"}

func (i Inbound) String() string { return inboundNames[i] }

// ParseInbound reads an inbound setting.
func ParseInbound(text string) (Inbound, bool) {
	i := slices.Index(inboundNames[:], text)
	return Inbound(max(i, 0)), i >= 0
}

// State is where an invitation stands.
type State uint8

// The states. An invitation is outstanding while Pending or Ignored; the others are terminal. Absent means that there
// is none.
const (
	Absent State = iota
	Pending
	Ignored
	Accepted
	Withdrawn
	Expired
	Cancelled
)

var stateNames = [...]string{"absent", "pending", "ignored", "accepted", "withdrawn", "expired", "cancelled"}

func (s State) String() string { return stateNames[s] }

// Outstanding says whether an invitation in this state still waits for an answer.
func (s State) Outstanding() bool { return s == Pending || s == Ignored }

// Verb names a command or a query.
type Verb uint8

// The commands, then the queries.
const (
	Send Verb = iota
	Withdraw
	Accept
	Ignore
	Report
	Block
	Unblock
	Remove
	SetInbound
	Close
	Reopen
	QuerySent
	QueryReceived
	QueryRelation
	QueryQuota
	QueryConnections
	QueryNotices
	// Verbs is the number of verbs.
	Verbs = int(iota)
)

var verbNames = [Verbs]string{
	"send", "withdraw", "accept", "ignore", "report", "block", "unblock", "remove", "inbound", "close", "reopen",
	"sent", "received", "relation", "quota", "connections", "notices",
}

func (v Verb) String() string { return verbNames[v] }

// ParseVerb reads the name of a command or a query.
func ParseVerb(text string) (Verb, bool) {
	i := slices.Index(verbNames[:], text)
	return Verb(max(i, 0)), i >= 0
}

// IsQuery says whether the verb changes nothing.
func (v Verb) IsQuery() bool { return v >= QuerySent }

// NamesPeer says whether the verb takes a second member.
func (v Verb) NamesPeer() bool { return v <= Remove || v == QueryRelation }

// NamesInvitation says whether the verb may name a page or an event.
func (v Verb) NamesInvitation() bool { return v <= Report }

// Outcome is what the system answers to a command: a success or a refusal, both values.
type Outcome uint8

// The outcomes: successes first, then refusals. Overloaded comes from a service in front of the rules, never
// from a rule.
const (
	NoOutcome Outcome = iota
	WasSent
	WasConnected
	WasWithdrawn
	WasAccepted
	WasIgnored
	WasReported
	WasBlocked
	WasUnblocked
	WasRemoved
	WasSet
	WasClosed
	WasReopened
	Invalid
	AccountClosed
	Unavailable
	AlreadyConnected
	AlreadyPending
	Cooldown
	NotAllowed
	SenderFull
	RecipientFull
	Restricted
	RateLimited
	PendingCapped
	NoteQuota
	KeyReused
	AlreadyAccepted
	AlreadyWithdrawn
	NotFound
	NotAvailable
	Full
	PeerFull
	AlreadyBlocked
	TooSoon
	NotBlocked
	Irreversible
	NotConnected
	Overloaded
	// Outcomes is the number of outcomes, NoOutcome included.
	Outcomes = int(iota)
)

var outcomeNames = [Outcomes]string{
	"", "sent", "connected", "withdrawn", "accepted", "ignored", "reported", "blocked", "unblocked", "removed", "set",
	"closed", "reopened", "invalid", "account_closed", "unavailable", "already_connected", "already_pending", "cooldown",
	"not_allowed", "sender_full", "recipient_full", "restricted", "rate_limited", "pending_capped", "note_quota",
	"key_reused", "already_accepted", "already_withdrawn", "not_found", "not_available", "full", "peer_full",
	"already_blocked", "too_soon", "not_blocked", "irreversible", "not_connected", "overloaded",
}

func (o Outcome) String() string { return outcomeNames[o] }

// ParseOutcome reads the name of an outcome.
func ParseOutcome(text string) (Outcome, bool) {
	i := slices.Index(outcomeNames[:], text)
	return Outcome(max(i, 0)), i > 0
}

// Success says whether the command was carried out.
func (o Outcome) Success() bool { return o >= WasSent && o <= WasReopened }
