package histories

import (
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
)

func TestNonInterference(t *testing.T) {
	for _, property := range []struct {
		name string
		run  func(seed uint64, commands int, build check.Builder) (bool, error)
	}{{"a withdrawal unseen", UnseenWithdrawal}, {"an answer unseen", UnseenAnswer}} {
		t.Run(property.name, func(t *testing.T) {
			tried := 0
			for seed := range uint64(300) {
				did, err := property.run(seed, 80, buildOracle)
				if err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				if did {
					tried++
				}
			}
			if tried < 60 {
				t.Errorf("found %d pairs of histories, expected at least 60", tried)
			}
		})
	}
}

// talkative is a system with a fault: it tells the sender of an ignored invitation, and the recipient of a withdrawn one.
type talkative struct {
	check.System
	ignored, withdrawn map[model.Member]bool
}

func newTalkative(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
	o := oracle.New(members, calendar, seed, policies[0])
	return talkative{o, make(map[model.Member]bool), make(map[model.Member]bool)}, nil
}

func (s talkative) Do(t model.Instant, c *model.Command) model.Answer {
	answer := s.System.Do(t, c)
	switch answer.Outcome {
	case model.WasIgnored, model.WasReported:
		s.ignored[c.Peer] = true
	case model.WasWithdrawn:
		s.withdrawn[c.Peer] = true
	}
	return answer
}

func (s talkative) Ask(t model.Instant, c *model.Command) model.Reply {
	reply := s.System.Ask(t, c)
	if c.Verb == model.QueryConnections && s.ignored[c.Actor] || c.Verb == model.QueryQuota && s.withdrawn[c.Actor] {
		reply.Connections++
	}
	return reply
}

func TestNonInterferenceFindsAFault(t *testing.T) {
	for _, run := range []func(uint64, int, check.Builder) (bool, error){UnseenWithdrawal, UnseenAnswer} {
		found := 0
		for seed := range uint64(100) {
			if _, err := run(seed, 80, newTalkative); err != nil {
				found++
			}
		}
		if found < 5 {
			t.Errorf("found the fault in %d histories, expected at least 5", found)
		}
	}
}
