package virtual

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"

	"invitesim/model"
)

// record is one command in the history that the digest is taken of.
type record [5]uint64

// blockRecords is how many commands are handed to the hashing goroutine at a time: to wake it takes as long as some dozens of them.
const blockRecords = 1 << 14

// Checkpoints are instants at which the digest of the history before them is taken, so that of two histories one can tell from when on
// they differ. The zero value takes none.
type Checkpoints struct {
	Every model.Seconds                         // apart, from the start of the run; positive where Take is given
	Take  func(at model.Instant, digest string) // in order of time; from another goroutine, which is done when the run is
}

// history hashes the commands in order of decision. The hashing is another goroutine's, so that a run keeps to one core.
type history struct {
	block       []record // full length
	count       int      // records of it that are written
	checkpoints Checkpoints
	next        model.Instant // of the next checkpoint
	full        chan stretch
	empty       chan []record
	digest      chan string
}

// stretch is a part of the history on its way to the hash.
type stretch struct {
	records    []record
	checkpoint model.Instant // that ends it; 0 for none
}

// newHistory starts an empty history. It must be closed.
func newHistory(checkpoints Checkpoints) *history {
	h := &history{
		block: make([]record, blockRecords), checkpoints: checkpoints, next: math.MaxInt64,
		full: make(chan stretch, 1), empty: make(chan []record, 2), digest: make(chan string, 1),
	}
	if checkpoints.Take != nil {
		h.next = model.Instant(max(checkpoints.Every, 1))
	}
	h.empty <- make([]record, blockRecords)
	go h.hash(sha256.New())
	return h
}

// hash writes the stretches to the hash until there are no more: little-endian, the same on every machine.
func (h *history) hash(sum hash.Hash) {
	var bytes []byte
	for part := range h.full {
		bytes = bytes[:0]
		for i := range part.records {
			for _, word := range part.records[i] {
				bytes = binary.LittleEndian.AppendUint64(bytes, word)
			}
		}
		sum.Write(bytes)
		h.empty <- part.records[:cap(part.records)]
		if part.checkpoint > 0 {
			h.checkpoints.Take(part.checkpoint, hex.EncodeToString(sum.Sum(nil)))
		}
	}
	h.digest <- hex.EncodeToString(sum.Sum(nil))
}

// add appends a decided command.
func (h *history) add(t model.Instant, c *model.Command, a *model.Answer) {
	for t >= h.next {
		h.turn(h.next)
		h.next += model.Instant(h.checkpoints.Every)
	}
	r := &h.block[h.count]
	r[0] = uint64(t)
	r[1] = uint64(c.Actor) | uint64(c.Peer)<<32
	r[2] = uint64(c.Subject) | uint64(c.Note)<<32 | uint64(c.Verb)<<48 | uint64(c.Kind)<<56
	r[3] = uint64(c.Setting) | flag(c.Email)<<2 | flag(a.Bounded)<<3 | flag(a.Again)<<4 | uint64(a.Outcome)<<8
	r[4] = uint64(a.Until)
	if h.count++; h.count == len(h.block) {
		h.turn(0)
	}
}

// turn hands the block over as far as it is written, perhaps with a checkpoint at its end, and takes an empty one.
func (h *history) turn(checkpoint model.Instant) {
	h.full <- stretch{h.block[:h.count], checkpoint}
	h.block, h.count = <-h.empty, 0
}

// close ends the history and returns its SHA-256, in hexadecimal.
func (h *history) close() string {
	h.full <- stretch{records: h.block[:h.count]}
	close(h.full)
	return <-h.digest
}

// flag is 1 for true.
func flag(set bool) (bit uint64) {
	if set {
		bit = 1
	}
	return bit
}
