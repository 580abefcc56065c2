package store

import "unsafe"

// Bytes returns how many bytes of records the store holds, by what they are of; free room in them included. Side tables
// that only some members need are left out, as in the figures that the benchmark reports.
func (s *Store) Bytes() (blocks, pairs, chains int) {
	blocks = len(s.blocks.Data) * int(unsafe.Sizeof(block{}))
	for i := range s.shards {
		h := &s.shards[i]
		pairs += len(h.pairs.region.Data) * int(unsafe.Sizeof(bucket{}))
		chains += len(h.entries.region.Data) * 8
	}
	return blocks, pairs, chains
}
