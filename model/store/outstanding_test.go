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

// counts asks after each send for how many invitations of the sender are outstanding.
type counts struct {
	*store.Store
	t    *testing.T
	most *uint32
}

func (k counts) Do(t model.Instant, c *model.Command) model.Answer {
	answer := k.Store.Do(t, c)
	if answer.Outcome == model.WasSent && !answer.Repeated {
		if pending := k.Ask(t, &model.Command{Verb: model.QueryQuota, Actor: c.Actor}).Quota.Pending; pending != answer.Outstanding {
			k.t.Errorf("%s send %s %s: the answer is %+v, and %d are outstanding", t, c.Actor, c.Peer, answer, pending)
		}
		*k.most = max(*k.most, answer.Outstanding)
	}
	return answer
}

// TestASendSaysHowManyAreOutstanding holds what a send that succeeds says against the sender's quota.
func TestASendSaysHowManyAreOutstanding(t *testing.T) {
	most := uint32(0)
	for seed := range uint64(100) {
		h := histories.Random(seed+1, 200)
		plain, asked := newStore(t, h), newStore(t, h)
		if difference := histories.Compare(h, plain, counts{asked, t, &most}); difference != nil {
			t.Errorf("seed %d: %s", seed+1, difference)
		}
		plain.Release()
		asked.Release()
	}
	if most < 3 {
		t.Errorf("at most %d were outstanding, expected more", most)
	}
}
