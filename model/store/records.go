package store

import "invitesim/model"

// recordChunk is how many records a shard takes at a time. Shards share their memory, so that small ones lie in large pages too.
const recordChunk = 16

// newRecord takes a zero record for a member of a shard whose lock is held. Records are never given back.
func (s *Store) newRecord(h *shard) (record uint32) {
	if h.records.next == h.records.end {
		h.records.end = s.recordsGiven.Add(recordChunk)
		h.records.next = h.records.end - recordChunk
	}
	h.records.next++
	return h.records.next
}

// record returns a record by what its member's block says, which is not 0.
func (s *Store) record(record uint32) *model.Record { return &s.records.Data[record-1] }

// eachRecord calls f for all records, and for some that nobody has yet; all shards must be held.
func (s *Store) eachRecord(f func(*model.Record)) {
	for i := range s.records.Data[:s.recordsGiven.Load()] {
		f(&s.records.Data[i])
	}
}
