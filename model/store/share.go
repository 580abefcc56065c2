package store

import (
	"sync/atomic"

	"invitesim/model"
)

// SettleGroup fires every timer due by t of the members numbered from 64·group on, 64 at most, each with the locks that a command of
// theirs takes. It is cheap where none is due. Other members' commands go on meanwhile.
func (s *Store) SettleGroup(t model.Instant, group int) {
	if group >= len(s.timers.Data) || int64(atomic.LoadUint32(&s.timers.Data[group])) > int64(t) {
		return
	}
	s.settling.RLock()
	defer s.settling.RUnlock()
	// From here on timers that are set lower the group's word again: none gets lost.
	atomic.StoreUint32(&s.timers.Data[group], never)
	for m := model.Member(group * timerGroup); m < model.Member((group+1)*timerGroup); m++ {
		if !s.exists(m) {
			continue
		}
		var held hold
		now := s.enter(&held, t, &model.Command{Verb: model.QuerySent, Actor: m})
		s.settle(now, m)
		due := s.block(m).nextTimer
		s.lowerGroup(group, due)
		s.leave(&held)
	}
}

// Groups is how many groups of 64 members SettleGroup knows.
func (s *Store) Groups() int { return len(s.timers.Data) }

// Stall holds up every command that concerns a member, or others of the same shard, until release is called: a fault to be seen
// in a load test. It must not be called by a goroutine that holds another.
func (s *Store) Stall(m model.Member) (release func()) {
	h := s.shard(m)
	h.lock.Lock()
	return h.lock.Unlock
}
