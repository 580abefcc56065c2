package model

import (
	"fmt"
	"strconv"
	"strings"
)

// SettingTakes says in words which values a setting may have, such as "duration above 0, or `never`"; values that are written as they stand
// are between backquotes. It is empty for a path that is no setting.
func SettingTakes(path string) string {
	if s := findSetting(path); s != nil {
		return s.takes
	}
	return ""
}

// SettingDoes says in one line what a setting does. It is empty for a path that is no setting.
func SettingDoes(path string) string {
	switch group, key, _ := strings.Cut(path, "."); group {
	case "weekly_limit":
		return weeklyLimitDoes(key)
	case "pending_cap":
		return pendingCapDoes(key)
	case "views", "notify", "reminders", "sent_list", "received_list":
		return shownDoes(path)
	}
	return restDoes(path)
}

func weeklyLimitDoes(key string) string {
	return map[string]string{
		"mode":   "none: no limit; fixed: count; dynamic: count times the factors below, between min and max",
		"count":  "invitations to connect that a member may send in a period",
		"period": "length of the period",
		"window": "when sends are forgotten. calendar: all of them at the end of a period, Monday 0 h UTC where that is a week; anchored: all of them one period after the " +
			"first; sliding: each one period after it; bucket: one after the other, evenly over the period",
		"dynamic.min":               "least that a dynamic limit comes to",
		"dynamic.max":               "most that it comes to",
		"dynamic.age":               "factor by the age of the account; the first band that it is below counts, 100% above all",
		"dynamic.acceptance.sample": "the acceptance rate is that of the last so many invitations that were accepted, withdrawn, reported or expired; fewer give 100%",
		"dynamic.acceptance.bands":  "factor by the acceptance rate; the first band that it is below counts",
		"dynamic.acceptance.above":  "factor above all bands",
		"dynamic.activity.period":   "length of the calendar periods in which successful commands are counted; the last complete one decides",
		"dynamic.activity.commands": "from so many on, the factor of activity holds",
		"dynamic.activity.factor":   "that factor; 100% for others",
	}[key]
}

func pendingCapDoes(key string) string {
	return map[string]string{
		"mode":             "none: no cap; hard: count; ratio: too large a share of what is outstanding is old",
		"count":            "invitations to connect that a member may have outstanding",
		"refuse_at":        "reached: the count is the most there can be; exceeded: one more is let through",
		"ratio.older_than": "from what age on an outstanding invitation is old",
		"ratio.share":      "share of old ones from which a send is refused",
		"ratio.at_least":   "… of members who have so many outstanding or more",
	}[key]
}

func shownDoes(path string) string {
	return map[string]string{
		"sent_list.keep_withdrawn": "how long the sender's list keeps a withdrawn invitation",
		"received_list.show_prior": "whether the recipient's list shows that the sender has asked before",
		"views.lag.share":          "share of the changes that show late in lists; decisions never lag",
		"views.lag.min":            "shortest lag",
		"views.lag.max":            "longest lag",
		"notify.on_send":           "whether the recipient is told of an invitation",
		"notify.on_accept":         "whether the sender is told of an acceptance",
		"notify.on_withdraw":       "whether the recipient is told of a withdraw",
		"notify.recall.in_app":     "whether notices of an invitation go when it is withdrawn, expires or is cancelled",
		"notify.recall.email":      "the same of mail; nothing that is measured depends on it",
		"reminders":                "ages at which the recipient of a pending invitation is reminded",
	}[path]
}

func restDoes(path string) string {
	return map[string]string{
		"connection_cap":      "connections that a member may have; of both sides, for a send and for an acceptance",
		"expiry":              "age at which an outstanding invitation ends by itself",
		"resend.cooldown":     "how long after a withdraw the same person cannot be invited to connect",
		"removal.reinvite":    "who may invite after a connection was removed",
		"removal.cooldown":    "how long after a removal neither can invite the other",
		"cross_invite":        "a send to somebody whose own invitation is outstanding: accept makes the connection, reject answers already_pending",
		"ignore.reversible":   "whether an ignored invitation can still be accepted",
		"note.max_length":     "characters of a note",
		"note.per_month":      "notes that a member may send in 30 d, counted by the calendar",
		"restrict.on":         "what restricts a member; [] for nothing",
		"restrict.ladder":     "how long the first restriction lasts, the second, …; the last one repeats",
		"block.reversible":    "whether a block can be undone",
		"block.reblock_after": "how long after that the same person cannot be blocked again",
		"kinds.page.count":    "invitations to pages that a member may send in a period",
		"kinds.page.period":   "length of that period, by the calendar",
		"kinds.event.count":   "invitations to events that a member may send in a period",
		"kinds.event.period":  "length of that period, by the calendar",
	}[path]
}

// oneOf joins words for a sentence: `a`, `b` or `c`.
func oneOf(words []string) string {
	last := len(words) - 1
	return "`" + strings.Join(words[:last], "`, `") + "` or `" + words[last] + "`"
}

// withThousands writes a number as scenarios do, with its thousands apart.
func withThousands(n uint32) string {
	if n < 1000 {
		return strconv.FormatUint(uint64(n), 10)
	}
	return withThousands(n/1000) + fmt.Sprintf("_%03d", n%1000)
}
