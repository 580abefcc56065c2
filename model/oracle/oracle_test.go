package oracle

import (
	"fmt"
	"strings"
	"testing"

	"invitesim/model"
)

// world is an oracle under test, with the commands of the tests as methods.
type world struct {
	*testing.T
	*Oracle
}

const (
	second = model.Instant(1)
	hour   = model.Instant(model.Hour)
	day    = model.Instant(model.Day)
)

// newWorld returns six members under the default policy with changes.
func newWorld(t *testing.T, change func(*model.Policy)) *world {
	p := model.Default()
	p.Notify.OnSend = false
	if change != nil {
		change(&p)
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	return &world{t, New(6, model.Calendar{Start: model.DefaultStart}, 1, p)}
}

// wants does a command and compares the answer: its outcome, and its end where the refusal names one.
func (w *world) wants(at model.Instant, c model.Command, expected string) {
	w.Helper()
	answer := w.Do(at, &c)
	found := answer.Outcome.String()
	if answer.Bounded {
		found += " until " + answer.Until.String()
	}
	if found != expected {
		w.Errorf("%s %s %d %d: found %q, expected %q", at, c.Verb, c.Actor, c.Peer, found, expected)
	}
	if answer.At != at {
		w.Errorf("%s %s: decided at %s", at, c.Verb, answer.At)
	}
}

// shows asks for a list, the notices, the relation, the number of connections or the quota, and compares the text.
func (w *world) shows(at model.Instant, c model.Command, expected string) {
	w.Helper()
	reply := w.Ask(at, &c)
	var words []string
	for _, row := range reply.Rows {
		word := fmt.Sprintf("%s:%s@%s", row.Peer, row.State, row.Since)
		if row.Note {
			word += ",note"
		}
		if row.Again {
			word += ",again"
		}
		words = append(words, word)
	}
	for _, notice := range reply.Notices {
		words = append(words, fmt.Sprintf("%s:%s@%s", notice.Notice, notice.Peer, notice.At))
	}
	switch c.Verb {
	case model.QueryRelation:
		words = append(words, reply.Relation.String())
	case model.QueryConnections:
		words = append(words, fmt.Sprint(reply.Connections))
	case model.QueryQuota:
		q := reply.Quota
		words = append(words, fmt.Sprintf("%d/%d %d/%d", q.Used, q.Limit, q.Pending, q.Cap))
		if q.Restricted {
			words = append(words, "restricted until "+q.RestrictedUntil.String())
		}
	}
	if found := strings.Join(words, " "); found != expected {
		w.Errorf("%s %s %d: found %q, expected %q", at, c.Verb, c.Actor, found, expected)
	}
}

func command(verb model.Verb, a, b model.Member) model.Command {
	return model.Command{Verb: verb, Actor: a, Peer: b}
}

func send(a, b model.Member) model.Command     { return command(model.Send, a, b) }
func withdraw(a, b model.Member) model.Command { return command(model.Withdraw, a, b) }
func accept(a, b model.Member) model.Command   { return command(model.Accept, a, b) }
func report(a, b model.Member) model.Command   { return command(model.Report, a, b) }
func ask(verb model.Verb, a model.Member) model.Command {
	return model.Command{Verb: verb, Actor: a}
}

// page makes a command be about a page.
func page(c model.Command, subject uint32) model.Command {
	c.Kind, c.Subject = model.Page, subject
	return c
}

// Of the checks of a send the first that applies decides: here they all apply, and are taken away one by one.
func TestSendRefusesInTheOrderOfTheChecks(t *testing.T) {
	policy := model.Default()
	policy.Note.PerMonth = 0
	policy.PendingCap.Count = 1
	policy.WeeklyLimit.Count = 1
	policy.ConnectionCap = 0
	policy.Restrict.On = model.Triggers{OldPending: model.OldPending{Share: 1, AtLeast: 1}}
	policy.Restrict.Ladder = []model.Seconds{model.Day}
	w := newWorld(t, func(p *model.Policy) { *p = policy; p.ConnectionCap, p.Note.PerMonth = 9, 9 })
	w.wants(0, send(1, 3), "sent")
	w.wants(0, send(1, 2), "restricted until 1d")
	w.wants(day, model.Command{Verb: model.SetInbound, Actor: 2, Setting: model.Nobody}, "set")
	w.wants(day, command(model.Block, 2, 1), "blocked")
	w.wants(day, ask(model.Close, 1), "closed")
	w.ChangePolicy(day, policy)
	noted := send(1, 2)
	noted.Note = 301

	w.wants(day, noted, "invalid")
	noted.Note = 300
	w.wants(day, noted, "account_closed")
	w.wants(day, ask(model.Reopen, 1), "reopened")
	w.wants(day, noted, "unavailable")
	w.wants(day, command(model.Unblock, 2, 1), "unblocked")
	w.wants(day, noted, "not_allowed")
	w.wants(day, model.Command{Verb: model.SetInbound, Actor: 2, Setting: model.Anyone}, "set")
	w.wants(day, noted, "sender_full")
	policy.ConnectionCap = 1
	w.ChangePolicy(day, policy)
	w.Outside(2, 1)
	w.wants(day, noted, "recipient_full")
	policy.ConnectionCap = 2
	w.ChangePolicy(day, policy)
	w.wants(day, noted, "rate_limited until 7d")
	policy.WeeklyLimit.Count = 9
	policy.PendingCap.Count = 0
	w.ChangePolicy(day, policy)
	w.wants(day, noted, "pending_capped")
	policy.PendingCap.Count = 1
	w.ChangePolicy(day, policy)
	w.wants(day, noted, "note_quota")
	w.wants(day, send(1, 2), "sent")
	w.wants(day, noted, "already_pending")
	w.wants(day, send(1, 1), "invalid")
	w.wants(day, send(7, 1), "invalid")
	w.wants(day, send(1, 7), "unavailable")
}

func TestCrossingInvitationsConnect(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.WeeklyLimit.Count, p.Ignore.Reversible = 0, false })
	w.ChangePolicy(0, model.Default())
	w.wants(0, send(1, 2), "sent")
	w.wants(0, report(2, 1), "reported")
	w.ChangePolicy(0, w.policies[0].policy)
	w.wants(0, accept(2, 1), "not_available")
	w.wants(0, send(2, 1), "connected")
	w.shows(0, ask(model.QueryNotices, 1), "connected:2@0s")
	w.wants(0, command(model.Remove, 1, 2), "removed")
	w.ChangePolicy(0, model.Default())
	w.wants(0, send(1, 2), "sent") // the bar is gone
}

func TestCrossingInvitationsCanBeRejected(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.CrossInvite = model.CrossReject })
	w.wants(0, send(1, 2), "sent")
	w.wants(0, send(2, 1), "already_pending")
}

func TestIntervalsAreHalfOpen(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.Resend.Cooldown, p.Expiry = 2*model.Day, model.Day })
	w.wants(0, send(1, 2), "sent")
	w.wants(0, withdraw(1, 2), "withdrawn")
	w.wants(2*day-second, send(1, 2), "cooldown until 2d")
	w.wants(2*day, send(1, 2), "sent")
	w.shows(3*day-second, ask(model.QueryReceived, 2), "1:pending@2d")
	w.shows(3*day, ask(model.QueryReceived, 2), "")
	w.wants(3*day, accept(2, 1), "not_available")
	w.wants(3*day, withdraw(1, 2), "not_found")
	w.wants(3*day, send(1, 2), "sent") // an expiry starts no cooldown
}

func TestKeys(t *testing.T) {
	w := newWorld(t, nil)
	keyed := send(1, 2)
	keyed.Key = "k"
	w.wants(0, keyed, "sent")
	w.wants(0, withdraw(1, 2), "withdrawn")
	w.wants(day-second, keyed, "sent") // the stored outcome, and no effect
	w.shows(day-second, ask(model.QuerySent, 1), "")
	other := keyed
	other.Note = 5
	w.wants(day-second, other, "key_reused")
	w.wants(day, keyed, "cooldown until 21d") // a first use again
	w.wants(day, other, "key_reused")
	w.wants(day+second, keyed, "cooldown until 21d")
	of2 := send(2, 1)
	of2.Key = "k"
	w.wants(day+second, of2, "sent") // the key of somebody else
}

func TestAcceptIsRefusedAtTheConnectionCap(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.ConnectionCap = 2 })
	w.wants(0, send(1, 2), "sent")
	w.wants(0, send(3, 2), "sent")
	w.wants(0, send(2, 4), "sent")
	w.Outside(1, 1)
	w.Outside(2, 1)
	w.wants(0, accept(2, 1), "connected")
	w.wants(0, accept(2, 1), "already_connected")
	w.wants(0, accept(2, 3), "full")
	w.wants(0, accept(4, 2), "peer_full")
	w.wants(0, send(2, 3), "sender_full") // the accept path
	w.shows(0, ask(model.QueryConnections, 2), "2")
	w.wants(0, command(model.Remove, 1, 2), "removed")
	w.wants(0, accept(2, 3), "connected")
}

func TestWithdrawAnswersByWhatTheSenderMayKnow(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.SentList.KeepWithdrawn, p.Resend.Cooldown = model.Hour, 0 })
	w.wants(0, withdraw(1, 2), "not_found")
	w.wants(0, send(1, 2), "sent")
	w.wants(0, command(model.Ignore, 2, 1), "ignored")
	w.wants(second, withdraw(1, 2), "withdrawn")
	w.shows(second, ask(model.QuerySent, 1), "2:withdrawn@1s")
	w.wants(hour, withdraw(1, 2), "already_withdrawn")
	w.wants(hour, page(withdraw(1, 2), 1), "not_found")
	w.wants(hour+second, withdraw(1, 2), "not_found")
	w.shows(hour+second, ask(model.QuerySent, 1), "")
	w.wants(hour+second, send(1, 2), "sent")
	w.wants(hour+second, accept(2, 1), "connected")
	w.wants(hour+second, withdraw(1, 2), "already_accepted")
}

// What has left the sender's list under one policy does not come back under the next.
func TestARecordThatIsGoneStaysGone(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.SentList.KeepWithdrawn = model.Day })
	w.wants(0, send(1, 2), "sent")
	w.wants(0, withdraw(1, 2), "withdrawn")
	p := w.policies[0].policy
	p.SentList.KeepWithdrawn = model.Hour
	w.ChangePolicy(2*hour, p)
	p.SentList.KeepWithdrawn = model.Week
	w.ChangePolicy(2*hour, p)
	w.wants(2*hour, withdraw(1, 2), "not_found")
}

func TestBlock(t *testing.T) {
	w := newWorld(t, nil)
	w.wants(0, command(model.Block, 1, 1), "invalid")
	w.wants(0, command(model.Block, 1, 7), "invalid")
	w.wants(0, send(1, 2), "sent")
	w.wants(0, page(send(2, 1), 3), "sent")
	w.wants(0, command(model.Block, 1, 2), "blocked")
	w.wants(0, command(model.Block, 1, 2), "already_blocked")
	w.shows(0, ask(model.QuerySent, 1), "")
	w.shows(0, ask(model.QuerySent, 2), "")
	w.shows(0, command(model.QueryRelation, 1, 2), "blocked")
	w.shows(0, command(model.QueryRelation, 2, 1), "none")
	w.wants(0, command(model.Unblock, 2, 1), "not_blocked")
	w.wants(0, command(model.Unblock, 1, 2), "unblocked")
	w.wants(0, send(1, 2), "cooldown until 21d") // the blocker's own invitation
	w.wants(2*day-second, command(model.Block, 1, 2), "too_soon")
	w.wants(2*day, command(model.Block, 1, 2), "blocked")
}

func TestRemovalBindsWhoMayInviteAgain(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.Removal = model.Removal{Reinvite: model.ReinviteRemoverOnly, Cooldown: model.Day}
	})
	if !w.Connect(0, 1, 2) || w.Connect(0, 1, 2) || w.Connect(0, 1, 1) || w.Connect(0, 1, 7) {
		t.Error("set-up of connections accepts what cannot be, or refuses what can")
	}
	w.wants(0, command(model.Remove, 2, 1), "removed")
	w.wants(0, command(model.Remove, 2, 1), "not_connected")
	w.wants(day-second, send(2, 1), "cooldown until 1d")
	w.wants(day, send(1, 2), "not_allowed")
	w.wants(day, send(2, 1), "sent")
}

func TestClosedAccounts(t *testing.T) {
	w := newWorld(t, nil)
	w.wants(0, send(1, 2), "sent")
	w.wants(0, ask(model.Reopen, 1), "invalid")
	w.wants(0, ask(model.Close, 1), "closed")
	w.wants(0, ask(model.Close, 1), "account_closed")
	w.wants(0, accept(2, 1), "not_available")
	w.wants(0, send(2, 1), "unavailable")
	w.shows(0, ask(model.QuerySent, 1), "")
	w.wants(0, ask(model.Reopen, 1), "reopened")
	w.wants(0, send(1, 2), "sent") // no cooldown
}

func TestNoticesAndReminders(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.Notify.OnSend, p.Notify.OnWithdraw = true, true
		p.Reminders, p.Expiry = []model.Seconds{model.Hour, model.Day, 2 * model.Day}, 2*model.Day
	})
	w.wants(0, send(1, 3), "sent")
	w.wants(0, send(2, 3), "sent")
	w.shows(hour, ask(model.QueryNotices, 3), "invited:1@0s invited:2@0s reminded:1@1h reminded:2@1h")
	w.wants(day-second, command(model.Ignore, 3, 1), "ignored") // no more reminders
	w.shows(day, ask(model.QueryNotices, 3), "invited:1@0s invited:2@0s reminded:1@1h reminded:2@1h reminded:2@1d")
	w.wants(day, withdraw(1, 3), "withdrawn")
	w.shows(day, ask(model.QueryNotices, 3), "invited:2@0s reminded:2@1h reminded:2@1d withdrawn:1@1d")
	w.shows(2*day, ask(model.QueryNotices, 3), "withdrawn:1@1d") // expired, so recalled, and not reminded again
}

func TestReceivedListShowsEarlierRequests(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.ReceivedList.ShowPrior, p.Resend.Cooldown = true, 0 })
	w.wants(0, page(send(1, 2), 1), "sent")
	w.wants(0, page(withdraw(1, 2), 1), "withdrawn")
	w.wants(0, send(1, 2), "sent") // another kind
	w.shows(0, ask(model.QueryReceived, 2), "1:pending@0s")
	w.wants(0, page(send(1, 2), 2), "sent") // the same kind
	w.shows(0, ask(model.QueryReceived, 2), "1:pending@0s 1:pending@0s,again")
}

// With a lag of an hour, everything shows in lists an hour late, and decides at once.
func TestListsLag(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.Views.Lag = model.Lag{Share: model.Whole, Min: model.Hour, Max: model.Hour}
		p.SentList.KeepWithdrawn = model.Day
	})
	w.wants(0, send(1, 2), "sent")
	w.shows(hour-second, ask(model.QuerySent, 1), "")
	w.shows(hour, ask(model.QuerySent, 1), "2:pending@0s")
	w.wants(2*hour, withdraw(1, 2), "withdrawn")
	w.wants(2*hour, accept(2, 1), "not_available")
	w.shows(3*hour-second, ask(model.QueryReceived, 2), "1:pending@0s")
	w.shows(3*hour-second, ask(model.QuerySent, 1), "2:pending@0s")
	w.shows(3*hour, ask(model.QueryReceived, 2), "")
	w.shows(3*hour, ask(model.QuerySent, 1), "2:withdrawn@2h")
}
