package virtual

import (
	"context"
	"strings"
	"testing"

	"invitesim/model"
)

// watching returns a watch over pairs under the default policy, with notices.
func watching() *pairs {
	p := newPairs([]model.Policy{model.Default()}, model.Day, true)
	p.cooldown = model.Default().Resend.Cooldown
	return p
}

// happens tells a watch of a command of 1 about 2, or of 2 about 1, and its outcome.
func happens(p *pairs, day model.Instant, verb model.Verb, actor model.Member, outcome model.Outcome, kind model.Kind) {
	p.command(day*model.Instant(model.Day), &model.Command{Verb: verb, Actor: actor, Peer: 3 - actor, Kind: kind}, &model.Answer{Outcome: outcome})
}

// Nothing may be sent inside a cooldown or under a bar, whatever the system says.
func TestWhatMayNotBeSent(t *testing.T) {
	withdrawn := func(p *pairs) {
		happens(p, 0, model.Send, 1, model.WasSent, model.Connect)
		happens(p, 1, model.Withdraw, 1, model.WasWithdrawn, model.Connect)
	}
	reported := func(p *pairs) {
		happens(p, 0, model.Send, 1, model.WasSent, model.Connect)
		happens(p, 1, model.Report, 2, model.WasReported, model.Connect)
	}
	for _, test := range []struct {
		name   string
		before func(*pairs)
		day    model.Instant
		actor  model.Member
		kind   model.Kind
		broken string
	}{
		{"inside a cooldown", withdrawn, 21, 1, model.Connect, "inside a cooldown until 22d"},
		{"at its end", withdrawn, 22, 1, model.Connect, ""},
		{"the other way", withdrawn, 2, 2, model.Connect, ""},
		{"another kind", withdrawn, 2, 1, model.Page, ""},
		{"after a page was withdrawn", func(p *pairs) {
			happens(p, 1, model.Withdraw, 1, model.WasWithdrawn, model.Page)
		}, 2, 1, model.Connect, ""},
		{"after a withdraw in vain", func(p *pairs) {
			happens(p, 1, model.Withdraw, 1, model.NotFound, model.Connect)
		}, 2, 1, model.Connect, ""},
		{"after they connected", func(p *pairs) {
			withdrawn(p)
			happens(p, 2, model.Send, 2, model.WasSent, model.Connect)
			happens(p, 3, model.Accept, 1, model.WasConnected, model.Connect)
		}, 4, 1, model.Connect, ""},
		{"after they were connected", func(p *pairs) {
			withdrawn(p)
			p.connected(direction{2, 1})
		}, 4, 1, model.Connect, ""},
		{"after an own block", func(p *pairs) {
			day := model.Instant(model.Day)
			p.lapsed(day, invitation{sender: 1, recipient: 2}, model.Cancelled)
			p.command(day, &model.Command{Verb: model.Block, Actor: 1, Peer: 2}, &model.Answer{Outcome: model.WasBlocked})
		}, 4, 1, model.Connect, "inside a cooldown until 22d"},
		{"after the other's block", func(p *pairs) {
			day := model.Instant(model.Day)
			p.lapsed(day, invitation{sender: 1, recipient: 2}, model.Cancelled)
			p.command(day, &model.Command{Verb: model.Block, Actor: 2, Peer: 1}, &model.Answer{Outcome: model.WasBlocked})
		}, 4, 1, model.Connect, ""},
		{"under a bar", reported, 400, 1, model.Page, "under a bar"},
		{"under a bar the other way", reported, 2, 2, model.Connect, ""},
	} {
		p := watching()
		test.before(p)
		if len(p.broken) > 0 {
			t.Errorf("%s: before it found %q", test.name, p.broken)
		}
		happens(p, test.day, model.Send, test.actor, model.WasSent, test.kind)
		found := strings.Join(p.broken, "; ")
		if test.broken == "" && found != "" || !strings.Contains(found, test.broken) {
			t.Errorf("%s: found %q, expected %q", test.name, found, test.broken)
		}
		happens(p, test.day, model.Send, test.actor, model.Cooldown, test.kind)
		if again := strings.Join(p.broken, "; "); again != found {
			t.Errorf("%s: a refused send breaks %q", test.name, again)
		}
	}
}

// A send that only repeats an earlier one with its key sends nothing.
func TestARepeatedSendBreaksNothing(t *testing.T) {
	p := watching()
	send := func(hour model.Instant) {
		p.command(hour*3600, &model.Command{Verb: model.Send, Actor: 1, Peer: 2, Key: "k"}, &model.Answer{Outcome: model.WasSent})
	}
	send(0)
	p.command(3600, &model.Command{Verb: model.Withdraw, Actor: 1, Peer: 2}, &model.Answer{Outcome: model.WasWithdrawn})
	send(2)
	if p.broken != nil {
		t.Errorf("found %q", p.broken)
	}
	if send(24); p.broken == nil {
		t.Error("a day later the key is used up, and the send is a new one")
	}
}

// A reminder may come as long as the invitation is pending, and not behind that.
func TestReminders(t *testing.T) {
	day := model.Instant(model.Day)
	sent := func(p *pairs, at model.Instant) { happens(p, at, model.Send, 1, model.WasSent, model.Connect) }
	for _, test := range []struct {
		name   string
		happen func(*pairs)
		broken bool
	}{
		{"pending", func(p *pairs) { sent(p, 0) }, false},
		{"ignored before", func(p *pairs) { sent(p, 0); happens(p, 6, model.Ignore, 2, model.WasIgnored, model.Connect) }, true},
		{"reported before", func(p *pairs) { sent(p, 0); happens(p, 6, model.Report, 2, model.WasReported, model.Connect) }, true},
		{"accepted before", func(p *pairs) { sent(p, 0); happens(p, 6, model.Accept, 2, model.WasConnected, model.Connect) }, true},
		{"withdrawn before", func(p *pairs) { sent(p, 0); happens(p, 6, model.Withdraw, 1, model.WasWithdrawn, model.Connect) }, true},
		{"withdrawn at that instant", func(p *pairs) { sent(p, 0); happens(p, 7, model.Withdraw, 1, model.WasWithdrawn, model.Connect) }, false},
		{"expired at that instant", func(p *pairs) {
			sent(p, 0)
			p.lapsed(7*day, invitation{sender: 1, recipient: 2}, model.Expired)
		}, true},
		{"cancelled at that instant", func(p *pairs) {
			sent(p, 0)
			p.lapsed(7*day, invitation{sender: 1, recipient: 2}, model.Cancelled)
		}, false},
		{"ignored before, then accepted behind", func(p *pairs) {
			sent(p, 0)
			happens(p, 6, model.Ignore, 2, model.WasIgnored, model.Connect)
			happens(p, 8, model.Accept, 2, model.WasConnected, model.Connect)
		}, true},
	} {
		p := watching()
		test.happen(p)
		asked := 0
		notices := func(m model.Member) []model.Notice {
			asked++
			return []model.Notice{{Notice: model.NoticeInvited, Peer: 1}, {Notice: model.NoticeReminded, Peer: 1, At: 7 * day}}
		}
		p.endStep(7*day-1, notices)
		if asked != 0 || p.broken != nil {
			t.Errorf("%s: the day before: asked %d times, found %q", test.name, asked, p.broken)
		}
		p.endStep(8*day-1, notices)
		if (p.broken != nil) != test.broken || test.broken && asked != 1 {
			t.Errorf("%s: asked %d times, found %q", test.name, asked, p.broken)
		}
		if test.broken && p.broken[0] != "member 2 at 7d: invariant 10: a reminder of 1's invitation, which was no longer pending" {
			t.Errorf("%s: found %q", test.name, p.broken)
		}
		p.broken = nil
		if p.endStep(9*day-1, notices); p.broken != nil {
			t.Errorf("%s: found %q once more", test.name, p.broken)
		}
	}
}

// A reminder of a later invitation may come where one of the earlier one would have.
func TestAReminderOfALaterInvitation(t *testing.T) {
	day := model.Instant(model.Day)
	p := watching()
	happens(p, 0, model.Send, 1, model.WasSent, model.Page)
	happens(p, 10, model.Withdraw, 1, model.WasWithdrawn, model.Page) // its reminder on day 21 must not come
	happens(p, 14, model.Send, 1, model.WasSent, model.Page)          // that of this one on day 21 may
	p.endStep(22*day, func(model.Member) []model.Notice {
		return []model.Notice{{Notice: model.NoticeReminded, Peer: 1, Kind: model.Page, At: 21 * day}}
	})
	if p.broken != nil || p.evaluated != 5 {
		t.Errorf("found %q in %d evaluations", p.broken, p.evaluated)
	}
}

// A checked run keeps reminders to look at, and looks for those that must not come.
func TestACheckedRunLooksForReminders(t *testing.T) {
	p := smallPlan()
	p.Duration = 2 * model.Week
	e, err := newEngine(context.Background(), p, Options{Check: true})
	if err != nil {
		t.Fatal(err)
	}
	defer e.release()
	e.run(t.Context())
	end := model.Instant(p.Duration) - 1
	reminders := 0
	for m := model.Member(1); m <= model.Member(p.Members()); m++ {
		for _, n := range e.store.Ask(end, &model.Command{Verb: model.QueryNotices, Actor: m}).Notices {
			if n.Notice == model.NoticeReminded {
				reminders++
			}
		}
	}
	watch := e.check.pairs
	if reminders == 0 || watch.looked < 13*4 || len(watch.due) == 0 || e.check.result.Invariants.Violations != 0 {
		t.Errorf("found %d reminders, %d steps looked at, %d to come, %q", reminders, watch.looked, len(watch.due), e.check.told)
	}
}
