package virtual

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"invitesim/model"
)

// recordSize is the length of one command in the history that the digest is taken of.
const recordSize = 40

// blockRecords is how many commands are handed to the hashing goroutine at a time.
const blockRecords = 4096

// history hashes the commands in order of decision. The hashing is another goroutine's, so that a run keeps to one core.
type history struct {
	block  []byte
	full   chan []byte
	empty  chan []byte
	digest chan string
}

// newHistory starts an empty history. It must be closed.
func newHistory() *history {
	h := &history{
		block: make([]byte, 0, blockRecords*recordSize),
		full:  make(chan []byte, 1), empty: make(chan []byte, 2), digest: make(chan string, 1),
	}
	h.empty <- make([]byte, 0, blockRecords*recordSize)
	go h.hash(sha256.New())
	return h
}

// hash writes the blocks to the hash until there are no more.
func (h *history) hash(sum hash.Hash) {
	for block := range h.full {
		sum.Write(block)
		h.empty <- block[:0]
	}
	h.digest <- hex.EncodeToString(sum.Sum(nil))
}

// add appends a decided command: little-endian, fixed size, the same on every machine.
func (h *history) add(t model.Instant, c *model.Command, a *model.Answer) {
	n := len(h.block)
	h.block = h.block[:n+recordSize]
	record := h.block[n : n+recordSize : n+recordSize]
	binary.LittleEndian.PutUint64(record, uint64(t))
	binary.LittleEndian.PutUint32(record[8:], uint32(c.Actor))
	binary.LittleEndian.PutUint32(record[12:], uint32(c.Peer))
	binary.LittleEndian.PutUint32(record[16:], c.Subject)
	binary.LittleEndian.PutUint16(record[20:], c.Note)
	record[22], record[23] = byte(c.Verb), byte(c.Kind)
	record[24] = byte(c.Setting) | flag(c.Email, 2) | flag(a.Bounded, 3) | flag(a.Again, 4)
	record[25] = byte(a.Outcome)
	clear(record[26:32])
	binary.LittleEndian.PutUint64(record[32:], uint64(a.Until))
	if len(h.block) == cap(h.block) {
		h.full <- h.block
		h.block = <-h.empty
	}
}

// close ends the history and returns its SHA-256, in hexadecimal.
func (h *history) close() string {
	h.full <- h.block
	close(h.full)
	return <-h.digest
}

func flag(set bool, bit uint) byte {
	if set {
		return 1 << bit
	}
	return 0
}
