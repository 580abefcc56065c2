package figure

import (
	"strings"
)

// Split takes the path of a figure of a result apart: the window that it is of, such as 2w..4w, or nothing for the whole run; the population, or
// nobody for all members; and the figure itself.
func Split(path string) (window, who, figure string) {
	if rest, ok := strings.CutPrefix(path, "windows."); ok {
		from, behind, _ := strings.Cut(rest, "..")
		until, rest, _ := strings.Cut(behind, ".")
		window, path = from+".."+until, rest
	}
	if rest, ok := strings.CutPrefix(path, "members_by."); ok {
		who, path, _ = strings.Cut(rest, ".")
	}
	return window, who, path
}

// Name says in words what the figure at a path of a result is, and of whom: the population, or nobody for all members. It takes
// paths as thresholds write them, `members_by.recruiter.commands.send.outcomes.rate_limited.share`, and those of windows. A path that it
// does not know is returned with spaces for its dots.
func Name(path string) (who, what string) {
	window, who, path := Split(path)
	parts := strings.Split(path, ".")
	if what = nameOf(parts[0], parts[1:]); what == "" {
		what = strings.NewReplacer(".", " ", "_", " ").Replace(path)
	}
	if window != "" {
		what += ", from " + strings.Replace(window, "..", " to ", 1)
	}
	return who, what
}

// nameOf names a figure by the group that it is in and the parts behind; empty where it has no name of its own.
func nameOf(group string, parts []string) string {
	last := ""
	if len(parts) > 0 {
		last = parts[len(parts)-1]
	}
	switch {
	case group == "commands" && len(parts) == 2:
		return commandName(parts[0])
	case group == "commands" && len(parts) == 4:
		return outcomeName(parts[0], parts[2])
	case group == "limits" && len(parts) == 2:
		return limitName(refusal(parts[0]), last)
	case group == "response" && len(parts) == 2 && last != "count":
		return "time to " + parts[0] + ", " + last
	case group == "pending" && len(parts) == 1:
		return pendingName(last)
	case group == "quota" && last == "exhausted_share":
		return "weeks in which the weekly limit was used up"
	case group == "quota" && strings.HasPrefix(last, "used_"):
		return "weekly limit used, " + strings.TrimPrefix(last, "used_")
	case group == "invitations" && len(parts) == 1:
		return invitationName(last)
	case group == "queries" && len(parts) == 2:
		return "looks: " + parts[0]
	case (group == "latency" || group == "service") && len(parts) == 2:
		return group + " of " + parts[0] + ", " + last
	case group == "turns":
		return map[string]string{
			"planned": "invitations that people set out to send", "skipped": "sends that found nobody to invite",
			"repeated": "sends made again after a refusal",
		}[last]
	}
	return ""
}

func commandName(verb string) string {
	if verb == "send" {
		return "attempts to send"
	}
	return "commands to " + strings.ReplaceAll(verb, "_", " ")
}

func outcomeName(verb, outcome string) string {
	words := strings.ReplaceAll(outcome, "_", " ")
	by := refusal(outcome)
	switch {
	case verb == "send" && outcome == "sent":
		return "attempts that were sent"
	case verb == "send" && outcome == "connected":
		return "attempts that met an invitation the other way"
	case verb == "send" && by != "":
		return "attempts refused by " + by
	case verb == "send":
		return "attempts answered: " + words
	}
	return strings.ReplaceAll(verb, "_", " ") + " answered: " + words
}

// refusal names the limit that answers with an outcome; empty where none does.
func refusal(outcome string) string {
	return map[string]string{
		"rate_limited": "the weekly limit", "pending_capped": "the pending cap",
		"cooldown": "a cooldown", "restricted": "a restriction",
	}[outcome]
}

func limitName(limit, key string) string {
	switch key {
	case "members":
		return "members refused by " + limit
	case "member_share":
		return "members refused by " + limit + ", of those who tried"
	case "hits":
		return "refusals by " + limit
	case "longest":
		return "longest standstill behind " + limit
	}
	return ""
}

func pendingName(key string) string {
	switch key {
	case "cap":
		return "the pending cap"
	case "members_at_cap_end":
		return "members at the pending cap at the end"
	}
	return "outstanding per sender, " + key
}

func invitationName(key string) string {
	switch key {
	case "outstanding_start":
		return "outstanding at the start"
	case "outstanding_end":
		return "outstanding at the end"
	}
	return "invitations " + key
}

// Value writes the figure at a path of a result in its unit: shares in percent, times of people as Duration, latencies in
// milliseconds, others as numbers.
func Value(path string, x float64) string {
	_, _, path = Split(path)
	group, rest, _ := strings.Cut(path, ".")
	last := rest[strings.LastIndexByte(rest, '.')+1:]
	measured := group == "latency" || group == "service" || strings.HasPrefix(last, "late_p") || strings.HasPrefix(last, "wait_p")
	switch {
	case strings.HasSuffix(last, "share"):
		return Share(x)
	case last == "count":
		return Number(x)
	case measured:
		return Latency(x)
	case group == "response", last == "longest":
		return Duration(x)
	}
	return Number(x)
}
