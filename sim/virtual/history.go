package virtual

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"invitesim/model"
)

// record is one command in the history that the digest is taken of.
type record [5]uint64

// blockRecords is how many commands are handed to the hashing goroutine at a time.
const blockRecords = 4096

// history hashes the commands in order of decision. The hashing is another goroutine's, so that a run keeps to one core.
type history struct {
	block  []record // full length
	count  int      // records of it that are written
	full   chan []record
	empty  chan []record
	digest chan string
}

// newHistory starts an empty history. It must be closed.
func newHistory() *history {
	h := &history{
		block: make([]record, blockRecords),
		full:  make(chan []record, 1), empty: make(chan []record, 2), digest: make(chan string, 1),
	}
	h.empty <- make([]record, blockRecords)
	go h.hash(sha256.New())
	return h
}

// hash writes the blocks to the hash until there are no more: little-endian, the same on every machine.
func (h *history) hash(sum hash.Hash) {
	var bytes []byte
	for block := range h.full {
		bytes = bytes[:0]
		for i := range block {
			for _, word := range block[i] {
				bytes = binary.LittleEndian.AppendUint64(bytes, word)
			}
		}
		sum.Write(bytes)
		h.empty <- block[:cap(block)]
	}
	h.digest <- hex.EncodeToString(sum.Sum(nil))
}

// add appends a decided command.
func (h *history) add(t model.Instant, c *model.Command, a *model.Answer) {
	r := &h.block[h.count]
	r[0] = uint64(t)
	r[1] = uint64(c.Actor) | uint64(c.Peer)<<32
	r[2] = uint64(c.Subject) | uint64(c.Note)<<32 | uint64(c.Verb)<<48 | uint64(c.Kind)<<56
	r[3] = uint64(c.Setting) | flag(c.Email)<<2 | flag(a.Bounded)<<3 | flag(a.Again)<<4 | uint64(a.Outcome)<<8
	r[4] = uint64(a.Until)
	if h.count++; h.count == len(h.block) {
		h.turn()
	}
}

// turn hands the full block over and takes an empty one.
func (h *history) turn() {
	h.full <- h.block
	h.block, h.count = <-h.empty, 0
}

// close ends the history and returns its SHA-256, in hexadecimal.
func (h *history) close() string {
	h.full <- h.block[:h.count]
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
