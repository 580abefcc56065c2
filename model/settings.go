package model

import (
	"errors"
	"fmt"
	"strings"
)

// setting is one number, word or list of a policy: how it reads and writes as text, and which values it may have.
type setting struct {
	path  string
	takes string // in words: see SettingTakes
	get   func(p *Policy) string
	set   func(p *Policy, v value) error
	check func(p *Policy) error
}

// mostCount is the largest count that a policy may name. With factors of at most mostFactor the product of a dynamic
// limit fits 64 bits.
const mostCount = 1_000_000_000

// mostFactor is the largest factor of a dynamic limit, 1000 %.
const mostFactor = 10 * Whole

// settings are all settings in the order in which they are printed. What lies between dots is a group: a map of the settings below it.
var settings = []setting{
	wordSetting("weekly_limit.mode", []string{"none", "fixed", "dynamic"}, func(p *Policy) *LimitMode { return &p.WeeklyLimit.Mode }),
	countSetting("weekly_limit.count", 0, mostCount, func(p *Policy) *uint32 { return &p.WeeklyLimit.Count }),
	durationSetting("weekly_limit.period", 1, func(p *Policy) *Seconds { return &p.WeeklyLimit.Period }),
	wordSetting("weekly_limit.window", []string{"calendar", "anchored", "sliding", "bucket"},
		func(p *Policy) *WindowKind { return &p.WeeklyLimit.Window }),
	countSetting("weekly_limit.dynamic.min", 0, mostCount, func(p *Policy) *uint32 { return &p.WeeklyLimit.Dynamic.Min }),
	countSetting("weekly_limit.dynamic.max", 0, mostCount, func(p *Policy) *uint32 { return &p.WeeklyLimit.Dynamic.Max }),
	ageSetting("weekly_limit.dynamic.age", func(p *Policy) *[]Band[Seconds] { return &p.WeeklyLimit.Dynamic.Age }),
	countSetting("weekly_limit.dynamic.acceptance.sample", 1, MaxSample,
		func(p *Policy) *uint32 { return &p.WeeklyLimit.Dynamic.Acceptance.Sample }),
	rateSetting("weekly_limit.dynamic.acceptance.bands", func(p *Policy) *[]Band[Share] { return &p.WeeklyLimit.Dynamic.Acceptance.Bands }),
	shareSetting("weekly_limit.dynamic.acceptance.above", mostFactor, func(p *Policy) *Share { return &p.WeeklyLimit.Dynamic.Acceptance.Above }),
	durationSetting("weekly_limit.dynamic.activity.period", 1, func(p *Policy) *Seconds { return &p.WeeklyLimit.Dynamic.Activity.Period }),
	countSetting("weekly_limit.dynamic.activity.commands", 0, mostCount,
		func(p *Policy) *uint32 { return &p.WeeklyLimit.Dynamic.Activity.Commands }),
	shareSetting("weekly_limit.dynamic.activity.factor", mostFactor, func(p *Policy) *Share { return &p.WeeklyLimit.Dynamic.Activity.Factor }),
	wordSetting("pending_cap.mode", []string{"none", "hard", "ratio"}, func(p *Policy) *CapMode { return &p.PendingCap.Mode }),
	countSetting("pending_cap.count", 0, mostCount, func(p *Policy) *uint32 { return &p.PendingCap.Count }),
	wordSetting("pending_cap.refuse_at", []string{"reached", "exceeded"}, func(p *Policy) *RefuseAt { return &p.PendingCap.RefuseAt }),
	durationSetting("pending_cap.ratio.older_than", 0, func(p *Policy) *Seconds { return &p.PendingCap.Ratio.OlderThan }),
	shareSetting("pending_cap.ratio.share", Whole, func(p *Policy) *Share { return &p.PendingCap.Ratio.Share }),
	countSetting("pending_cap.ratio.at_least", 1, mostCount, func(p *Policy) *uint32 { return &p.PendingCap.Ratio.AtLeast }),
	orWithout("none", countSetting("connection_cap", 0, mostCount, connectionCap), connectionCap),
	orNever(durationSetting("expiry", 1, expiry), expiry),
	durationSetting("resend.cooldown", 0, func(p *Policy) *Seconds { return &p.Resend.Cooldown }),
	wordSetting("removal.reinvite", []string{"either", "remover_only", "none"}, func(p *Policy) *Reinvite { return &p.Removal.Reinvite }),
	durationSetting("removal.cooldown", 0, func(p *Policy) *Seconds { return &p.Removal.Cooldown }),
	wordSetting("cross_invite", []string{"accept", "reject"}, func(p *Policy) *CrossInvite { return &p.CrossInvite }),
	switchSetting("ignore.reversible", func(p *Policy) *bool { return &p.Ignore.Reversible }),
	durationSetting("sent_list.keep_withdrawn", 0, func(p *Policy) *Seconds { return &p.SentList.KeepWithdrawn }),
	switchSetting("received_list.show_prior", func(p *Policy) *bool { return &p.ReceivedList.ShowPrior }),
	shareSetting("views.lag.share", Whole, func(p *Policy) *Share { return &p.Views.Lag.Share }),
	durationSetting("views.lag.min", 0, func(p *Policy) *Seconds { return &p.Views.Lag.Min }),
	durationSetting("views.lag.max", 0, func(p *Policy) *Seconds { return &p.Views.Lag.Max }),
	switchSetting("notify.on_send", func(p *Policy) *bool { return &p.Notify.OnSend }),
	switchSetting("notify.on_accept", func(p *Policy) *bool { return &p.Notify.OnAccept }),
	switchSetting("notify.on_withdraw", func(p *Policy) *bool { return &p.Notify.OnWithdraw }),
	switchSetting("notify.recall.in_app", func(p *Policy) *bool { return &p.Notify.Recall.InApp }),
	switchSetting("notify.recall.email", func(p *Policy) *bool { return &p.Notify.Recall.Email }),
	remindersSetting("reminders", func(p *Policy) *[]Seconds { return &p.Reminders }),
	countSetting("note.max_length", 0, 1<<16-1, func(p *Policy) *uint32 { return &p.Note.MaxLength }),
	orWithout("unlimited", countSetting("note.per_month", 0, mostCount, notesPerMonth), notesPerMonth),
	triggersSetting("restrict.on", func(p *Policy) *Triggers { return &p.Restrict.On }),
	ladderSetting("restrict.ladder", func(p *Policy) *[]Seconds { return &p.Restrict.Ladder }),
	switchSetting("block.reversible", func(p *Policy) *bool { return &p.Block.Reversible }),
	durationSetting("block.reblock_after", 0, func(p *Policy) *Seconds { return &p.Block.ReblockAfter }),
	orWithout("none", countSetting("kinds.page.count", 0, mostCount, pageCount), pageCount),
	durationSetting("kinds.page.period", 1, func(p *Policy) *Seconds { return &p.Kinds.Page.Period }),
	orWithout("none", countSetting("kinds.event.count", 0, mostCount, eventCount), eventCount),
	durationSetting("kinds.event.period", 1, func(p *Policy) *Seconds { return &p.Kinds.Event.Period }),
}

func connectionCap(p *Policy) *uint32 { return &p.ConnectionCap }
func expiry(p *Policy) *Seconds       { return &p.Expiry }
func notesPerMonth(p *Policy) *uint32 { return &p.Note.PerMonth }
func pageCount(p *Policy) *uint32     { return &p.Kinds.Page.Count }
func eventCount(p *Policy) *uint32    { return &p.Kinds.Event.Count }

// SettingPaths returns the dotted paths of all settings, in the order in which policies are printed. Every part of a
// policy but its name is in exactly one of them. Get and Set also know the groups (SettingGroups).
func SettingPaths() []string {
	paths := make([]string, len(settings))
	for i := range settings {
		paths[i] = settings[i].path
	}
	return paths
}

// SettingGroups returns the dotted paths that name several settings at once, such as `pending_cap` and
// `pending_cap.ratio`, each after the groups that hold it.
func SettingGroups() []string {
	var groups []string
	seen := map[string]bool{}
	for i := range settings {
		path := settings[i].path
		for j := range path {
			if path[j] == '.' && !seen[path[:j]] {
				seen[path[:j]] = true
				groups = append(groups, path[:j])
			}
		}
	}
	return groups
}

// Get returns a setting as text that Set reads: `21d`, `100`, `15%`, `none`, `["7d","21d"]`. For a group it is the map of all its
// settings, as JSON without spaces. It is false for a path that does not exist.
func (p *Policy) Get(path string) (text string, ok bool) {
	if s := findSetting(path); s != nil {
		return s.get(p), true
	}
	var b strings.Builder
	for _, child := range groupKeys(path) {
		childText, _ := p.Get(path + "." + child)
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(jsonText(child) + ":" + jsonText(childText))
	}
	return "{" + b.String() + "}", b.Len() > 0
}

// Set reads a setting from text. Durations have units, shares a percent sign (down to 0.0001 %), maps and lists are JSON in which plain
// words need no quotes (`[7d,21d]`). A group takes a map and sets the keys that it gives, each on its own. Where there is an
// error (several are joined), the policy stays as it was. What one setting says about another is left to Validate.
func (p *Policy) Set(path, text string) error {
	v, err := parseValue(text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	changed := *p
	if err := changed.setValue(path, v); err != nil {
		return err
	}
	*p = changed
	return nil
}

func (p *Policy) setValue(path string, v value) error {
	if s := findSetting(path); s != nil {
		err := s.set(p, v)
		if err == nil {
			err = s.check(p)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	}
	children := groupKeys(path)
	if children == nil {
		return unknownSetting(path)
	}
	if v.sort == wordValue && v.word == "none" && strings.HasPrefix(path, "kinds.") {
		return p.setValue(path+".count", v)
	}
	if v.sort != mapValue {
		return fmt.Errorf("%s: found %s, expected a map with some of the keys %s", path, v, strings.Join(children, ", "))
	}
	var mistakes []error
	for i, key := range v.keys {
		mistakes = append(mistakes, p.setValue(path+"."+key, v.items[i]))
	}
	return errors.Join(mistakes...)
}

// SettingDiff is a setting in which two policies differ: the values as text.
type SettingDiff struct{ Path, A, B string }

// DiffPolicies returns the settings in which a and b differ, in the order of SettingPaths. Names are not compared.
func DiffPolicies(a, b *Policy) []SettingDiff {
	var diffs []SettingDiff
	for i := range settings {
		textA, textB := settings[i].get(a), settings[i].get(b)
		if textA != textB {
			diffs = append(diffs, SettingDiff{settings[i].path, textA, textB})
		}
	}
	return diffs
}

func findSetting(path string) *setting {
	for i := range settings {
		if settings[i].path == path {
			return &settings[i]
		}
	}
	return nil
}

// groupKeys returns the keys of a group in order, nil where the path is no group.
func groupKeys(path string) []string {
	var keys []string
	for i := range settings {
		rest, inside := strings.CutPrefix(settings[i].path, path+".")
		if !inside {
			continue
		}
		key, _, _ := strings.Cut(rest, ".")
		if len(keys) == 0 || keys[len(keys)-1] != key {
			keys = append(keys, key)
		}
	}
	return keys
}

func unknownSetting(path string) error {
	candidates := append(SettingPaths(), SettingGroups()...)
	near := Nearest(path, candidates)
	for i := 0; near == "" && i < len(candidates); i++ {
		if strings.HasSuffix(candidates[i], "."+path) {
			near = candidates[i]
		}
	}
	return fmt.Errorf("unknown setting %q%s", shorten(path), DidYouMean(near))
}
