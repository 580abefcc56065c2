package virtual

import (
	"encoding/hex"
	"fmt"
	"hash"
	"runtime/debug"

	"invitesim/model"
	"invitesim/sim/measure"
)

// readAhead is for how many entries ahead the memory of the recorder is asked for.
const readAhead = 16

// reader takes in a journal, in order.
type reader struct {
	book    *measure.Recorder
	sum     hash.Hash
	bytes   []byte // not added to the sum yet
	command model.Command
	answer  model.Answer
	broken  string // what it broke off with, if it did
}

// read takes in a block. Where something breaks off, nothing more is read: the engine tells, which comes upon it when it settles.
func (r *reader) read(b *block) {
	if r.broken != "" {
		return
	}
	defer func() {
		if problem := recover(); problem != nil {
			r.broken = fmt.Sprintf("%v\n%s", problem, debug.Stack())
		}
	}()
	calls := b.calls
	for i := range b.entries {
		if i+readAhead < len(b.entries) {
			r.book.Prefetch(b.entries[i+readAhead].owner())
		}
		e := &b.entries[i]
		if e.what == callDue {
			calls[0]()
			calls = calls[1:]
			continue
		}
		r.account(e)
	}
	r.hash()
}

// account takes in an entry that is no call.
func (r *reader) account(e *entry) {
	switch e.what {
	case commandOfSetUp:
		r.bytes = e.appendTo(r.bytes)
	case commandDecided:
		r.bytes = e.appendTo(r.bytes)
		r.attempt(e)
		e.read(&r.command, &r.answer)
		r.book.Command(e.at, e.at, &r.command, &r.answer)
	case sendSkipped:
		r.attempt(e)
		r.book.Skipped(e.actor)
	case queryAsked:
		r.command.Actor, r.command.Verb = e.actor, e.verb
		r.book.Query(&r.command)
	case invitationLapsed:
		r.book.Lapsed(e.at, e.actor, e.kind, e.sentAt, e.met, e.fate)
	case memberRestricted:
		r.book.Restricted(e.actor, e.until)
	}
}

// attempt takes in what an entry is to the member.
func (r *reader) attempt(e *entry) {
	switch e.attempt {
	case firstAttempt:
		r.book.Planned(e.actor)
	case repeatedAttempt:
		r.book.Repeated(e.actor)
	}
}

// hash adds what was read to the sum.
func (r *reader) hash() {
	r.sum.Write(r.bytes)
	r.bytes = r.bytes[:0]
}

// digest returns the SHA-256 of the commands read so far, in hexadecimal.
func (r *reader) digest() string {
	r.hash()
	return hex.EncodeToString(r.sum.Sum(nil))
}
