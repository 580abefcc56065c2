package store

import (
	"fmt"

	"invitesim/model"
)

// Edges recounts the connections of all members from the pairs (invariant 3: counters are symmetric sums of edges). It needs
// Options.Audit, which remembers the connections to people outside, and an idle store.
func (s *Store) Edges() (broken []string) {
	s.enterAll()
	defer s.leaveAll()
	edges := make([]uint32, s.members+1)
	for i := range s.shards {
		for _, b := range s.shards[i].pairs.region.Data {
			for _, slot := range b {
				if slot.key != 0 && slot.bits&bitConnected != 0 {
					edges[slot.key>>32]++
					edges[uint32(slot.key)]++
				}
			}
		}
	}
	for m := model.Member(1); uint32(m) <= s.members; m++ {
		if n := s.block(m).connections - s.outside(m); n != edges[m] {
			broken = append(broken, fmt.Sprintf("member %d: invariant 3: %d connections are counted, and there are %d", m, n, edges[m]))
		}
	}
	return broken
}
