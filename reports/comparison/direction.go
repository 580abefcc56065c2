package comparison

import (
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// Worse says in which direction a figure gets worse.
type Worse string

// The directions.
const (
	More    Worse = "more"
	Less    Worse = "less"
	Neither Worse = "neither"
)

// sign is that of a change for the worse.
func (w Worse) sign() int {
	switch w {
	case More:
		return 1
	case Less:
		return -1
	}
	return 0
}

// Direction says in which direction the figure at a path gets worse: more refusals, more behind a limit, commands that take longer
// and lost commands are worse, and so are fewer accepted invitations. What people do of their own accord is neither, nor is how long they take.
func Direction(path string) Worse {
	path = ofAnybody(path)
	parts := strings.Split(path, ".")
	last := parts[len(parts)-1]
	switch parts[0] {
	case "limits", "checks":
		if last == "violations" || last == "divergences" || parts[0] == "limits" {
			return More
		}
	case "commands":
		return outcomeDirection(parts)
	case "invitations":
		if last == "accepted" {
			return Less
		}
	case "latency", "service":
		if last != "count" {
			return More
		}
	case "load":
		if strings.HasPrefix(last, "late") || last == "dropped" {
			return More
		}
	case "pending", "quota":
		if last == "members_at_cap_end" || last == "exhausted_share" {
			return More
		}
	}
	return Neither
}

// outcomeDirection is that of commands.VERB.outcomes.OUTCOME.KEY: refusals are worse.
func outcomeDirection(parts []string) Worse {
	if len(parts) != 5 {
		return Neither
	}
	outcome, known := model.ParseOutcome(parts[3])
	if known && !outcome.Success() {
		return More
	}
	return Neither
}

// ofAnybody returns the path of the same figure of all members in the whole run.
func ofAnybody(path string) string {
	_, _, path = figure.Split(path)
	return path
}

// isHeadline says whether a figure is one of those that people look at first: the others say the same in other words, or are of
// interest to few.
func isHeadline(path string) bool {
	parts := strings.Split(path, ".")
	last := parts[len(parts)-1]
	switch parts[0] {
	case "commands":
		return path == "commands.send.count" || len(parts) == 5 && parts[1] == "send" && last == "share" && tellsMost(parts[3])
	case "limits":
		return last == "member_share"
	case "invitations":
		return last == "accepted" || last == "withdrawn" || last == "expired"
	case "pending":
		return last == "mean" || last == "p99" || last == "members_at_cap_end"
	case "quota":
		return last == "exhausted_share"
	case "latency":
		return last == "p50" || last == "p99"
	case "load":
		return last == "late_share" || last == "dropped" || last == "late_p99"
	case "checks":
		return last == "violations" || last == "divergences"
	}
	return false
}

// tellsMost says whether an outcome of a send is sent or the refusal of a limit.
func tellsMost(outcome string) bool {
	return outcome == model.WasSent.String() || slices.ContainsFunc(sim.Limits(), func(limit model.Outcome) bool { return limit.String() == outcome })
}

// echoOf returns the path of the figure that says nearly the same as this one, and is easier to read: a share, for a count. Empty where there
// is none.
func echoOf(path string) string {
	own := ofAnybody(path)
	prefix := strings.TrimSuffix(path, own)
	parts := strings.Split(own, ".")
	last := parts[len(parts)-1]
	switch {
	case parts[0] == "limits" && last == "hits":
		return prefix + "commands.send.outcomes." + parts[1] + ".share"
	case parts[0] == "limits" && last == "members":
		return prefix + "limits." + parts[1] + ".member_share"
	case parts[0] == "commands" && len(parts) == 5 && last == "count":
		return strings.TrimSuffix(path, "count") + "share"
	}
	return ""
}
