package store_test

import (
	"testing"

	"invitesim/model"
	"invitesim/model/internal/histories"
	"invitesim/model/store"
)

// knows asks before each withdraw for the invitation that it would end.
type knows struct {
	*store.Store
	t       *testing.T
	members uint32
	found   *int
}

func (k knows) Do(t model.Instant, c *model.Command) model.Answer {
	exist := c.Actor > 0 && uint32(c.Actor) <= k.members && c.Peer > 0 && uint32(c.Peer) <= k.members
	if c.Verb != model.Withdraw || !exist {
		return k.Store.Do(t, c)
	}
	sentAt, ok := k.Outstanding(t, c.Actor, c.Peer, c.Kind, c.Subject)
	answer := k.Store.Do(t, c)
	withdrawn := answer.Outcome == model.WasWithdrawn
	if answer.Outcome != model.AccountClosed && (ok != withdrawn || ok && sentAt != answer.SentAt) {
		k.t.Errorf("%s withdraw %s %s: outstanding %v since %s, and then the answer is %+v", t, c.Actor, c.Peer, ok, sentAt, answer)
	}
	if withdrawn {
		*k.found++
	}
	return answer
}

// TestOutstandingIsWhatAWithdrawEnds holds a store that is asked beforehand against one that is not.
func TestOutstandingIsWhatAWithdrawEnds(t *testing.T) {
	found := 0
	for seed := range uint64(300) {
		h := histories.Random(seed+1, 200)
		plain, asked := newStore(t, h), newStore(t, h)
		if difference := histories.Compare(h, plain, knows{asked, t, h.Members, &found}); difference != nil {
			t.Errorf("seed %d: %s", seed+1, difference)
		}
		plain.Release()
		asked.Release()
	}
	if found < 100 {
		t.Errorf("found %d invitations withdrawn, expected many", found)
	}
}
