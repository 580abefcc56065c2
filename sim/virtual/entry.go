package virtual

import (
	"encoding/binary"

	"invitesim/model"
	"invitesim/sim/measure"
)

// happening says what an entry of the journal tells.
type happening uint8

const (
	commandOfSetUp happening = iota // of the history, but nobody gives it in the run
	commandDecided
	sendSkipped
	queryAsked
	invitationLapsed
	memberRestricted
	callDue // the next call of the block
)

// attempt says what a send, or one that was skipped, is to the member.
type attempt uint8

const (
	noAttempt attempt = iota // no send, or one that nobody planned
	firstAttempt
	repeatedAttempt
)

// entry is one happening. It is as long as a line of memory, so that two processors never write to and read the same line.
type entry struct {
	at   model.Instant
	what happening

	// Of a command, in its order, so that neighbours are copied together:
	verb        model.Verb
	kind        model.Kind
	setting     model.Inbound
	email       bool
	note        uint16
	actor, peer model.Member
	subject     uint32

	// Of its answer:
	outcome        model.Outcome
	twice          bool // the answer is that of an earlier send
	bounded, again bool
	until, sentAt  model.Instant
	used, limit    uint32

	met     model.Met
	fate    measure.Fate
	attempt attempt
}

// write fills in a command and its answer.
func (e *entry) write(t model.Instant, c *model.Command, a *model.Answer) {
	e.at, e.until, e.sentAt, e.met = t, a.Until, a.SentAt, a.Met
	e.actor, e.peer, e.subject, e.note = c.Actor, c.Peer, c.Subject, c.Note
	e.verb, e.kind, e.setting, e.email = c.Verb, c.Kind, c.Setting, c.Email
	e.outcome, e.bounded, e.again, e.twice = a.Outcome, a.Bounded, a.Again, a.Repeated
	e.used, e.limit = a.Used, a.Limit
}

// read writes to a command and its answer what the measures look at.
func (e *entry) read(c *model.Command, a *model.Answer) {
	c.Verb, c.Kind, c.Actor, c.Peer = e.verb, e.kind, e.actor, e.peer
	a.Outcome, a.SentAt, a.Met, a.Used, a.Limit, a.Repeated = e.outcome, e.sentAt, e.met, e.used, e.limit, e.twice
}

// appendTo appends a command and its answer as the digest takes them: five words, little-endian, the same on every machine.
func (e *entry) appendTo(bytes []byte) []byte {
	var words [5 * 8]byte
	little := binary.LittleEndian
	little.PutUint64(words[0:], uint64(e.at))
	little.PutUint64(words[8:], uint64(e.actor)|uint64(e.peer)<<32)
	little.PutUint64(words[16:], uint64(e.subject)|uint64(e.note)<<32|uint64(e.verb)<<48|uint64(e.kind)<<56)
	little.PutUint64(words[24:], uint64(e.setting)|bit(e.email)<<2|bit(e.bounded)<<3|bit(e.again)<<4|uint64(e.outcome)<<8)
	little.PutUint64(words[32:], uint64(e.until))
	return append(bytes, words[:]...)
}

// bit is 1 for true.
func bit(set bool) (b uint64) {
	if set {
		b = 1
	}
	return b
}

// owner returns whose account the entry changes: that of the sender of the invitation.
func (e *entry) owner() model.Member {
	if e.outcome == model.WasConnected || e.outcome == model.WasAccepted {
		return e.peer
	}
	return e.actor
}
