package virtual

import (
	"crypto/sha256"
	"math"
	"sync"

	"invitesim/model"
	"invitesim/model/store"
	"invitesim/sim/measure"
)

const (
	// blockEntries is how many entries are handed to the reader at a time: to wake it takes as long as some dozens of them.
	blockEntries = 4096
	// blocks is how many there are: one is written, one is read, and one lies in between.
	blocks = 3
)

// Checkpoints are instants at which the digest of the history before them is taken, so that of two histories one can tell from when on
// they differ. The zero value takes none.
type Checkpoints struct {
	Every model.Seconds                         // apart, from the start of the run; positive where Take is given
	Take  func(at model.Instant, digest string) // in order of time; from another goroutine, which is done when the run is
}

// journal is what happens in a run, in order. The engine writes it; a goroutine of its own reads it, takes the digest and tells the
// recorder of measures, so that these take no time of the engine's. While something is unread the recorder is the reader's.
type journal struct {
	reader      *reader
	block       *block  // that is being written
	count       int     // entries of it that are written
	attempt     attempt // that the next command, or send that is skipped, is
	checkpoints Checkpoints
	next        model.Instant // of the next checkpoint
	full, empty chan *block
	unread      sync.WaitGroup // blocks handed over
}

// block is a part of a journal.
type block struct {
	entries []entry
	calls   []func() // one for each entry that is a call
}

// newJournal starts an empty journal, of a run that the recorder measures. It must be closed.
func newJournal(book *measure.Recorder, checkpoints Checkpoints) *journal {
	j := &journal{
		reader: &reader{book: book, sum: sha256.New()}, checkpoints: checkpoints, next: math.MaxInt64,
		full: make(chan *block, blocks), empty: make(chan *block, blocks),
	}
	if checkpoints.Take != nil {
		j.next = model.Instant(max(checkpoints.Every, 1))
	}
	for range blocks {
		j.empty <- &block{entries: make([]entry, blockEntries)}
	}
	j.block = <-j.empty
	go j.read()
	return j
}

// read reads every block that is handed over.
func (j *journal) read() {
	for b := range j.full {
		j.reader.read(b)
		b.entries, b.calls = b.entries[:cap(b.entries)], b.calls[:0]
		j.empty <- b
		j.unread.Done()
	}
}

// entry returns the next entry, to be written.
func (j *journal) entry(what happening) *entry {
	if j.count == len(j.block.entries) {
		j.turn()
	}
	e := &j.block.entries[j.count]
	j.count++
	e.what = what
	return e
}

// turn hands the block over as far as it is written, and takes an empty one.
func (j *journal) turn() {
	j.block.entries = j.block.entries[:j.count]
	j.unread.Add(1)
	j.full <- j.block
	j.block, j.count = <-j.empty, 0
}

// settle waits until everything that is written has been read: then the recorder is the caller's, and so is all else that calls
// use, until more is written. It panics where the reader broke off.
func (j *journal) settle() {
	j.turn()
	j.unread.Wait()
	if j.reader.broken != "" {
		panic(j.reader.broken)
	}
}

// close ends the journal, once all of it is read. A second time it does nothing.
func (j *journal) close() {
	if j.full != nil {
		j.turn()
		close(j.full)
		j.unread.Wait()
		j.full = nil
	}
}

// command appends a command of the run.
func (j *journal) command(t model.Instant, c *model.Command, a *model.Answer) {
	if t >= j.next {
		j.takeCheckpoints(t)
	}
	e := j.entry(commandDecided)
	e.write(t, c, a)
	e.attempt = j.attempt
	j.attempt = noAttempt
}

// takeCheckpoints takes those up to t.
func (j *journal) takeCheckpoints(t model.Instant) {
	for ; t >= j.next; j.next += model.Instant(j.checkpoints.Every) {
		at := j.next
		j.call(func() { j.checkpoints.Take(at, j.reader.digest()) })
	}
}

// setUp appends a command that is of the history, but that nobody gives in the run.
func (j *journal) setUp(c *model.Command, a *model.Answer) { j.entry(commandOfSetUp).write(0, c, a) }

// skipped appends that a member's send found nobody to invite.
func (j *journal) skipped(m model.Member) {
	e := j.entry(sendSkipped)
	e.actor, e.attempt = m, j.attempt
	j.attempt = noAttempt
}

// query appends a query.
func (j *journal) query(c *model.Command) {
	e := j.entry(queryAsked)
	e.actor, e.verb = c.Actor, c.Verb
}

// lapsed appends the end of an invitation that no command asked for.
func (j *journal) lapsed(c *store.Change, fate measure.Fate) {
	e := j.entry(invitationLapsed)
	e.at, e.actor, e.kind, e.sentAt, e.met, e.fate = c.At, c.Sender, c.Kind, c.SentAt, c.Met, fate
}

// restricted appends that a member is restricted until an instant.
func (j *journal) restricted(m model.Member, until model.Instant) {
	e := j.entry(memberRestricted)
	e.actor, e.until = m, until
}

// call has the reader call something when it has read all that was written before.
func (j *journal) call(do func()) {
	j.entry(callDue)
	j.block.calls = append(j.block.calls, do)
}
