// Package policies holds the named policies: what each published source says of the rules, as data.
//
// Where a source is silent its rule is off or, where off has no meaning, as in the default. The sources are S0 to S3 of
// RULES.md; they contradict each other, because rules of different years stand side by side. Policies are versioned: a number
// that changes here is a new Version.
package policies

import "invitesim/model"

// Version numbers the whole set of named policies. It goes up whenever a setting of one of them changes.
const Version = 1

// named are the policies in the order in which they are listed.
var named = []struct {
	name string
	make func() model.Policy
}{
	{"default", model.Default},
	{"clean-slate", cleanSlate},
	{"weekly-quota", weeklyQuota},
	{"trust-scored", trustScored},
	{"three-week-wait", threeWeekWait},
	{"unlimited", unlimited},
}

// Names returns the names of all policies: the default, one a source, and unlimited.
func Names() []string {
	names := make([]string, len(named))
	for i := range named {
		names[i] = named[i].name
	}
	return names
}

// Named returns the policy of a name; false if there is none. Each call returns a policy of its own.
func Named(name string) (model.Policy, bool) {
	for i := range named {
		if named[i].name == name {
			p := named[i].make()
			p.Name = name
			return p, true
		}
	}
	return model.Policy{}, false
}

// Changed returns the settings in which a policy of a name, given by its settings as text, differs from the named one: A is the value as
// shipped, B the one that is given. What is not given does not differ. It is false where no policy has the name.
func Changed(name string, given map[string]string) (changed []model.SettingDiff, known bool) {
	shipped, known := Named(name)
	if !known {
		return nil, false
	}
	for _, path := range model.SettingPaths() {
		usual, _ := shipped.Get(path)
		if here, ok := given[path]; ok && here != usual {
			changed = append(changed, model.SettingDiff{Path: path, A: usual, B: here})
		}
	}
	return changed, true
}

// silent is what holds where a source says nothing: no limit, no end, no wait, no reminder, no restriction.
func silent() model.Policy {
	p := model.Default()
	p.WeeklyLimit.Mode = model.LimitNone
	p.PendingCap.Mode = model.CapNone
	p.ConnectionCap = model.Unlimited
	p.Expiry = model.Forever
	p.Resend.Cooldown = 0
	p.Reminders = nil
	p.Restrict.On = model.Triggers{}
	p.Block.ReblockAfter = 0
	p.Kinds.Page.Count = model.Unlimited
	p.Kinds.Event.Count = model.Unlimited
	return p
}

// cleanSlate is source S0 (version 1; the source is undated): withdrawing leaves no trace with the recipient, e-mail
// included, inviting again is free at once, and the sender keeps a record for a day.
func cleanSlate() model.Policy {
	p := silent()
	p.SentList.KeepWithdrawn = model.Day
	p.Notify.Recall.Email = true
	return p
}

// weeklyQuota is source S1 (version 1; the source is undated): 100 invitations a week, refusal at more than 300 pending,
// restriction of who keeps running into the limit or is hardly ever accepted, and a recipient who sees an earlier request.
func weeklyQuota() model.Policy {
	p := silent()
	p.WeeklyLimit.Mode = model.LimitFixed
	p.WeeklyLimit.Count = 100
	p.WeeklyLimit.Window = model.WindowCalendar
	p.PendingCap.Mode = model.CapHard
	p.PendingCap.Count = 300
	p.PendingCap.RefuseAt = model.RefuseExceeded
	p.ReceivedList.ShowPrior = true
	p.Notify.Recall.Email = true
	p.Restrict.On = model.Triggers{HitsCount: 3, HitsWithin: 7 * model.Day, AcceptBelow: 150_000, AcceptOver: 50}
	return p
}

// trustScored is source S2 (version 1; the source is of December 2025): limits that follow trust, a bound on old pending
// invitations, expiry after six months, and lists that sometimes lag a day or two behind.
func trustScored() model.Policy {
	p := silent()
	p.WeeklyLimit.Mode = model.LimitDynamic
	p.WeeklyLimit.Count = 100
	p.PendingCap.Mode = model.CapRatio
	p.Expiry = 180 * model.Day
	p.Views.Lag = model.Lag{Share: 10_000, Min: 24 * model.Hour, Max: 48 * model.Hour}
	p.Restrict.On = model.Triggers{Reports: 5, AcceptBelow: 150_000, AcceptOver: 50}
	return p
}

// threeWeekWait is source S3 (version 1; the source is of November 2020): three weeks' wait after a withdraw, two reminders,
// 30 000 connections at most, reports that restrict, and blocks that cannot be undone.
func threeWeekWait() model.Policy {
	p := silent()
	p.ConnectionCap = 30_000
	p.Resend.Cooldown = 21 * model.Day
	p.Reminders = []model.Seconds{7 * model.Day, 21 * model.Day}
	p.Restrict.On = model.Triggers{Reports: 5}
	p.Block.Reversible = false
	return p
}

// unlimited is the control of a comparison (version 1): the default with no limit, end, wait or restriction. It reminds
// as the default does.
func unlimited() model.Policy {
	p := silent()
	p.Reminders = model.Default().Reminders
	return p
}
