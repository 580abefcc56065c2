package oracle

import (
	"testing"

	"invitesim/model"
)

func TestWindows(t *testing.T) {
	for _, window := range []struct {
		kind  model.WindowKind
		until []string // of a third and fourth send, an hour and five hours after the second
	}{
		{model.WindowCalendar, []string{"rate_limited until 1d", "rate_limited until 1d"}},
		{model.WindowAnchored, []string{"rate_limited until 1d2h", "rate_limited until 1d2h"}},
		{model.WindowSliding, []string{"rate_limited until 1d2h", "rate_limited until 1d2h"}},
		{model.WindowBucket, []string{"rate_limited until 14h", "rate_limited until 14h"}},
	} {
		w := newWorld(t, func(p *model.Policy) {
			p.WeeklyLimit.Count, p.WeeklyLimit.Period, p.WeeklyLimit.Window = 2, model.Day, window.kind
		})
		w.wants(2*hour, send(1, 2), "sent")
		w.wants(2*hour, send(1, 3), "sent")
		w.shows(2*hour, ask(model.QueryQuota, 1), "2/2 2/300")
		w.wants(3*hour, send(1, 4), window.until[0])
		w.wants(8*hour, send(1, 4), window.until[1])
	}
}

// A bucket of 3 a day gains a token every 8 h; what is not whole is kept to the last fraction.
func TestBucketIsExact(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.WeeklyLimit.Count, p.WeeklyLimit.Period, p.WeeklyLimit.Window = 3, model.Day, model.WindowBucket
	})
	w.wants(0, send(1, 2), "sent")
	w.wants(0, send(1, 3), "sent")
	w.wants(1, send(1, 4), "sent")
	w.wants(2, send(1, 5), "rate_limited until 8h")
	w.wants(8*hour-second, send(1, 5), "rate_limited until 8h")
	w.wants(8*hour, send(1, 5), "sent")
	w.wants(8*hour, send(1, 6), "rate_limited until 16h")
	w.shows(30*day, ask(model.QueryQuota, 1), "0/3 4/300")
}

func TestALimitOfNoneNamesNoEnd(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.WeeklyLimit.Count, p.Kinds.Page.Count = 0, 0 })
	w.wants(0, send(1, 2), "rate_limited")
	w.wants(0, page(send(1, 2), 3), "rate_limited")
}

// Windows start empty when their kind or period changes, and only then.
func TestPolicyChangeEmptiesWindows(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.WeeklyLimit.Count = 1 })
	w.wants(0, send(1, 2), "sent")
	p := w.policies[0].policy
	p.Expiry = model.Day
	w.ChangePolicy(0, p)
	w.wants(0, send(1, 3), "rate_limited until 7d")
	p.WeeklyLimit.Window = model.WindowSliding
	w.ChangePolicy(0, p)
	w.wants(0, send(1, 3), "sent")
	w.wants(0, send(1, 4), "rate_limited until 7d")
}

func TestDynamicLimit(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.WeeklyLimit.Mode, p.WeeklyLimit.Count = model.LimitDynamic, 9
		p.WeeklyLimit.Dynamic = model.Dynamic{
			Min: 1, Max: 12,
			Age: []model.Band[model.Seconds]{{Below: 2 * model.Day, Factor: 500_000}},
			Acceptance: model.AcceptanceFactor{
				Sample: 2, Bands: []model.Band[model.Share]{{Below: 500_000, Factor: 100_000}, {Below: model.Whole, Factor: 800_000}},
				Above: 2_000_000,
			},
			Activity: model.ActivityFactor{Period: 7 * model.Day, Commands: 4, Factor: 1_500_000},
		}
	})
	limit := func(at model.Instant, expected uint32) {
		t.Helper()
		if q := w.Ask(at, &model.Command{Verb: model.QueryQuota, Actor: 1}).Quota; q.Limit != expected {
			t.Errorf("%s: found limit %d, expected %d", at, q.Limit, expected)
		}
	}
	limit(0, 4) // half of 9, cut
	limit(2*day-second, 4)
	limit(2*day, 9)
	w.wants(2*day, send(1, 2), "sent")
	w.wants(2*day, send(1, 3), "sent")
	w.wants(2*day, accept(2, 1), "connected")
	limit(2*day, 9) // one resolved is no sample
	w.wants(2*day, withdraw(1, 3), "withdrawn")
	limit(2*day, 7) // half accepted: 80 %
	w.wants(2*day, send(1, 4), "sent")
	w.wants(2*day, accept(4, 1), "connected")
	limit(2*day, 7)
	w.wants(3*day, send(1, 5), "sent")
	w.wants(3*day, accept(5, 1), "connected")
	limit(3*day, 12)           // all of the last two: 200 %, at most 12
	limit(7*day-second, 12)    // the period with its five commands is not complete
	w.Opened(1, 7*day-2*hour)  // young again: 9, 4, 8
	limit(7*day-second, 8)     //
	limit(7*day, 12)           // 8 by 150 %
	limit(14*day-second, 12)   //
	limit(14*day+3*day, 12)    // old, 200 %
	w.Opened(1, 14*day+2*hour) // and no activity in the second week
	limit(14*day+3*hour, 8)
}

func TestPendingCap(t *testing.T) {
	for _, cap := range []struct {
		at     model.RefuseAt
		passes int
	}{{model.RefuseReached, 2}, {model.RefuseExceeded, 3}} {
		w := newWorld(t, func(p *model.Policy) { p.PendingCap.Count, p.PendingCap.RefuseAt = 2, cap.at })
		for n := range cap.passes {
			w.wants(0, send(1, model.Member(2+n)), "sent")
		}
		w.wants(0, send(1, 6), "pending_capped")
		w.wants(0, command(model.Ignore, 2, 1), "ignored")
		w.wants(0, send(1, 6), "pending_capped")
		w.wants(0, withdraw(1, 2), "withdrawn")
		w.wants(0, send(1, 6), "sent")
	}
}

func TestRatioCap(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.PendingCap.Mode = model.CapRatio
		p.PendingCap.Ratio = model.OldPending{OlderThan: model.Day, Share: 500_000, AtLeast: 2}
	})
	w.wants(0, send(1, 2), "sent")
	w.wants(second, send(1, 3), "sent")
	w.wants(day-second, send(1, 4), "sent")
	w.wants(day, send(1, 5), "sent") // one of three is old
	w.wants(day+second, send(1, 6), "pending_capped")
	w.shows(day+second, ask(model.QueryQuota, 1), "4/100 4/4294967295")
}

func TestReportsRestrictByTheLadder(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.Restrict.On.Reports = 2
		p.Restrict.Ladder = []model.Seconds{model.Hour, model.Day}
	})
	for b := model.Member(2); b <= 5; b++ {
		w.wants(0, send(1, b), "sent")
	}
	w.wants(0, report(2, 1), "reported")
	w.wants(0, report(2, 1), "not_available")
	w.wants(0, report(3, 1), "reported")
	w.wants(0, send(1, 6), "restricted until 1h")
	w.shows(0, ask(model.QueryQuota, 1), "4/100 4/300 restricted until 1h")
	w.wants(hour, page(send(1, 6), 1), "sent")
	w.wants(hour, report(4, 1), "reported")
	w.wants(hour, send(1, 6), "sent")
	w.wants(hour, report(6, 1), "reported")
	w.wants(hour, page(send(1, 5), 1), "restricted until 1d1h")
	w.wants(hour, withdraw(1, 2), "withdrawn")
	w.wants(day, withdraw(1, 5), "withdrawn")
	w.wants(day+hour, send(1, 2), "unavailable") // under a bar
}

func TestHitsRestrict(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.WeeklyLimit.Count = 0
		p.Restrict.On = model.Triggers{HitsCount: 2, HitsWithin: model.Hour}
	})
	w.wants(0, send(1, 2), "rate_limited")
	w.wants(hour, send(1, 2), "rate_limited") // the first hit is too old
	w.wants(2*hour-second, send(1, 2), "rate_limited")
	w.wants(2*hour-second, send(1, 2), "restricted until 2h59m59s")
}

// An expiry resolves an invitation, at its own instant, whether or not anybody looks.
func TestExpiryTripsTheAcceptanceTrigger(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.Expiry = model.Day
		p.Restrict.On = model.Triggers{AcceptBelow: 500_000, AcceptOver: 2}
		p.Restrict.Ladder = []model.Seconds{model.Day, 10 * model.Day}
	})
	for b := model.Member(2); b <= 4; b++ {
		w.wants(0, send(1, b), "sent")
	}
	w.shows(2*day-second, ask(model.QueryQuota, 1), "3/100 0/300 restricted until 2d")
	w.wants(2*day, send(1, 2), "sent")
	w.wants(2*day, withdraw(1, 2), "withdrawn") // the second after the counter began again with the third expiry
	w.wants(2*day, send(1, 3), "restricted until 12d")
}

func TestNotesAreCountedByTheMonth(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) { p.Note.PerMonth, p.Resend.Cooldown = 1, 0 })
	noted := send(1, 2)
	noted.Note = 1
	next := w.calendar.PeriodStart(w.calendar.Period(0, 30*model.Day)+1, 30*model.Day)
	w.wants(0, noted, "sent")
	w.wants(0, withdraw(1, 2), "withdrawn")
	w.wants(next-second, noted, "note_quota")
	w.wants(next, noted, "sent")
}

func TestPagesHaveTheirOwnLimits(t *testing.T) {
	w := newWorld(t, func(p *model.Policy) {
		p.WeeklyLimit.Count, p.Kinds.Page = 0, model.KindLimit{Count: 1, Period: model.Day}
	})
	w.wants(0, page(send(1, 2), 7), "sent")
	w.wants(0, page(send(1, 2), 8), "rate_limited until 1d")
	w.wants(0, page(accept(2, 1), 7), "accepted")
	w.wants(day, page(send(1, 2), 7), "sent")
	w.shows(day, ask(model.QueryConnections, 1), "0")
}
