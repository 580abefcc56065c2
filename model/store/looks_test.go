package store_test

import (
	"slices"
	"testing"

	"invitesim/model"
	"invitesim/model/internal/histories"
	"invitesim/model/store"
)

// TestLooksAreTheAnswers holds what people find out without a query against the answers to queries, and to the command that comes next, after
// every step of many histories.
func TestLooksAreTheAnswers(t *testing.T) {
	for seed := range uint64(60) {
		h := histories.Random(seed+1, 100)
		s := newStore(t, h)
		for i := range h.Steps {
			h.Steps[i].Apply(s)
			for a := model.Member(1); uint32(a) <= h.Members; a++ {
				if text := wrongLook(s, h.Steps[i].At, a, h.Members); text != "" {
					t.Fatalf("seed %d, step %d, member %s: %s", seed+1, i, a, text)
				}
			}
		}
		s.Release()
	}
}

// downTheList returns what a member comes upon who looks for the oldest invitation and then for the one behind, again and again.
func downTheList(s *store.Store, t model.Instant, a model.Member) (rows []model.Row) {
	var last []model.Row
	for row, ok := s.Oldest(t, a); ok; row, ok = s.OldestBehind(t, a, last) {
		if len(last) > 0 && last[0].Since != row.Since {
			last = nil
		}
		rows, last = append(rows, row), append(last, row)
	}
	return rows
}

// wrongLook says which look of a member is not what the answers say.
func wrongLook(s *store.Store, t model.Instant, a model.Member, members uint32) string {
	sent := pendingIn(s, t, model.Command{Verb: model.QuerySent, Actor: a})
	received := pendingIn(s, t, model.Command{Verb: model.QueryReceived, Actor: a})
	if row, ok := s.Oldest(t, a); ok != (len(sent) > 0) || ok && !sameInvitation(row, sent[0]) {
		return "the oldest is not the first of the list"
	}
	if !slices.EqualFunc(downTheList(s, t, a), sent, sameInvitation) {
		return "who goes down the list from the oldest on does not come upon all of it"
	}
	for _, row := range sent {
		if _, ok := s.SentShown(t, a, row.Peer, row.Kind, row.Subject); !ok {
			return "the sent list shows what a look does not"
		}
	}
	for _, row := range received {
		if _, ok := s.Shown(t, row.Peer, a, row.Kind, row.Subject); !ok {
			return "the received list shows what a look does not"
		}
	}
	for b := model.Member(1); uint32(b) <= members; b++ {
		if text := wrongLookAt(s, t, a, b, sent, received); text != "" && a != b {
			return text
		}
	}
	return ""
}

// wrongLookAt says which look of a at b is not what the answers say.
func wrongLookAt(s *store.Store, t model.Instant, a, b model.Member, sent, received []model.Row) string {
	shown := func(rows []model.Row) (sentAt []model.Instant) {
		for _, row := range rows {
			if row.Peer == b && row.Kind == model.Connect {
				sentAt = append(sentAt, row.Since)
			}
		}
		return sentAt
	}
	relation := s.Ask(t, &model.Command{Verb: model.QueryRelation, Actor: a, Peer: b}).Relation
	next := s.Would(t, &model.Command{Verb: model.Send, Actor: a, Peer: b}).Outcome
	sentAt, bySender := s.SentShown(t, a, b, model.Connect, 0)
	arrivedAt, byRecipient := s.Shown(t, b, a, model.Connect, 0)
	_, connected := s.Connected(a, b)
	here, isHere := s.Outstanding(t, b, a, model.Connect, 0)
	switch {
	case isHere && slices.Contains(shown(received), here) && arrivedAt != here:
		return "a look at the received list names an invitation that has ended, and not the one that is outstanding"
	case bySender != (len(shown(sent)) > 0), bySender && !slices.Contains(shown(sent), sentAt):
		return "a look at the sent list is not what it shows"
	case byRecipient != (len(shown(received)) > 0), byRecipient && !slices.Contains(shown(received), arrivedAt):
		return "a look at the received list is not what it shows"
	case s.Familiar(t, a, b) != (bySender || relation == model.Connected):
		return "who is familiar is neither connected nor invited"
	case connected != (relation == model.Connected), s.Blocks(a, b) != (relation == model.Blocked):
		return "the ties are not the relation"
	case next == model.PendingCapped && !s.Capped(t, a), next == model.WasSent && s.Capped(t, a):
		return "the cap is not that of the next send"
	}
	return ""
}

// pendingIn returns the rows of a list that are not withdrawn.
func pendingIn(s *store.Store, t model.Instant, c model.Command) []model.Row {
	rows := s.Ask(t, &c).Rows
	return slices.DeleteFunc(rows, func(r model.Row) bool { return r.State != model.Pending })
}

func sameInvitation(a, b model.Row) bool {
	return a.Peer == b.Peer && a.Kind == b.Kind && a.Subject == b.Subject && a.Since == b.Since
}
