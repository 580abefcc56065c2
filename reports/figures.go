package reports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
)

// figuresPart lists the main figures of all members.
func figuresPart(result *sim.Result) part {
	p := part{heading: headed("Figures", result)}
	add := func(name, value string) { p.rows = append(p.rows, []string{name, value}) }
	send := result.Commands["send"]
	if send == nil || send.Count == 0 {
		add("attempts to send", "none after the warm-up")
	} else {
		add("attempts to send", figure.Count(send.Count))
		for _, outcome := range byCount(send) {
			share := send.Outcomes[outcome]
			add("  "+words(outcome), fmt.Sprintf("%s · %s", figure.Count(share.Count), figure.Share(share.Share)))
		}
	}
	if i := result.Invitations; i.Sent > 0 || i.OutstandingStart > 0 {
		add("invitations sent", figure.Count(i.Sent))
		add("  accepted / ignored / reported", slashed(i.Accepted, i.Ignored, i.Reported))
		add("  withdrawn / expired / cancelled", slashed(i.Withdrawn, i.Expired, i.Cancelled))
		add("  outstanding at the start / end", slashed(i.OutstandingStart, i.OutstandingEnd))
	}
	addInVain(result.Commands["accept"], "accept", add)
	addInVain(result.Commands["withdraw"], "withdraw", add)
	for _, name := range slices.Sorted(maps.Keys(result.Limits)) {
		if limit := result.Limits[name]; limit != nil && limit.Hits > 0 {
			add("members refused: "+words(name), fmt.Sprintf("%s · %s of those who tried, for %s at the longest",
				figure.Count(limit.Members), figure.Share(limit.MemberShare), figure.Duration(float64(limit.LongestS))))
		}
	}
	addStates(result, add)
	return p
}

// addInVain lists the commands of a verb that were refused: mostly, since somebody else was faster.
func addInVain(command *sim.CommandFigures, verb string, add func(name, value string)) {
	if command == nil {
		return
	}
	var refused []string
	for _, outcome := range byCount(command) {
		if o := command.Outcomes[outcome]; outcome != "connected" && outcome != "accepted" && outcome != "withdrawn" {
			refused = append(refused, fmt.Sprintf("%s %s · %s", words(outcome), figure.Count(o.Count), figure.Share(o.Share)))
		}
	}
	if len(refused) > 0 {
		add("in vain: "+verb, fmt.Sprintf("%s; of %s in all", strings.Join(refused, ", "), figure.Count(command.Count)))
	}
}

// addStates lists outstanding invitations, the use of the weekly limit and how long people took.
func addStates(result *sim.Result, add func(name, value string)) {
	if pending := result.Pending; pending != nil {
		cap := ""
		switch {
		case pending.Cap != nil:
			cap = fmt.Sprintf("; cap %s, %s at the end", figure.Count(uint64(*pending.Cap)), figure.Plural(pending.MembersAtCapEnd, "member"))
		case pending.MembersAtCapEnd > 0: // a cap by ratio is no number
			cap = fmt.Sprintf("; %s at the cap at the end", figure.Plural(pending.MembersAtCapEnd, "member"))
		}
		add("outstanding per sender", fmt.Sprintf("mean %s, p50 %s, p90 %s, p99 %s, most %s%s", figure.Number(pending.Mean), figure.Count(uint64(pending.P50)),
			figure.Count(uint64(pending.P90)), figure.Count(uint64(pending.P99)), figure.Count(uint64(pending.Max)), cap))
	}
	if quota := result.Quota; quota != nil {
		add("weekly limit used", fmt.Sprintf("p50 %s, p90 %s, p99 %s; all of it in %s of the periods", figure.Count(uint64(quota.UsedP50)),
			figure.Count(uint64(quota.UsedP90)), figure.Count(uint64(quota.UsedP99)), figure.Share(quota.ExhaustedShare)))
	}
	for _, verb := range slices.Sorted(maps.Keys(result.Response)) {
		if response := result.Response[verb]; response != nil && response.Count > 0 {
			add("time to "+verb, fmt.Sprintf("p50 %s, p90 %s, p99 %s", figure.Duration(float64(response.P50S)),
				figure.Duration(float64(response.P90S)), figure.Duration(float64(response.P99S))))
		}
	}
}

// byCount returns the outcomes that occurred, the most frequent first.
func byCount(figures *sim.CommandFigures) []string {
	var outcomes []string
	for _, outcome := range slices.Sorted(maps.Keys(figures.Outcomes)) {
		if figures.Outcomes[outcome] != nil && figures.Outcomes[outcome].Count > 0 {
			outcomes = append(outcomes, outcome)
		}
	}
	slices.SortStableFunc(outcomes, func(a, b string) int {
		return cmp.Compare(figures.Outcomes[b].Count, figures.Outcomes[a].Count)
	})
	return outcomes
}

func slashed(counts ...uint64) string {
	texts := make([]string, len(counts))
	for i, n := range counts {
		texts[i] = figure.Count(n)
	}
	return strings.Join(texts, " / ")
}

// words writes a word of the model for people.
func words(word string) string { return strings.ReplaceAll(word, "_", " ") }

// populationsPart compares the populations, where there is more than one.
func populationsPart(result *sim.Result) part {
	p := part{heading: headed("Populations", result), columns: []string{"population", "members", "attempts", "sent", "rate limited", "pending capped", "accepted", "pending p99"}}
	if len(result.MembersBy) < 2 {
		return part{}
	}
	for _, name := range slices.Sorted(maps.Keys(result.MembersBy)) {
		f := result.MembersBy[name]
		if f == nil {
			continue
		}
		row := []string{name, figure.Count(uint64(f.Members)), "0", "", "", "", "", ""}
		if send := f.Commands["send"]; send != nil && send.Count > 0 {
			row[2] = figure.Count(send.Count)
			row[3] = share(send, "sent")
			row[4] = share(send, "rate_limited")
			row[5] = share(send, "pending_capped")
		}
		if f.Invitations.Sent > 0 {
			row[6] = figure.Count(f.Invitations.Accepted)
		}
		if f.Pending != nil {
			row[7] = figure.Count(uint64(f.Pending.P99))
		}
		p.rows = append(p.rows, row)
	}
	return p
}

// share writes how often a command had an outcome, as a share of all times that it was given.
func share(figures *sim.CommandFigures, outcome string) string {
	if o := figures.Outcomes[outcome]; o != nil {
		return figure.Share(o.Share)
	}
	return figure.Share(0)
}

// replicatesPart lists means over replicas with their intervals: shares of outcomes and limits, outstanding invitations and quotas, which
// are what runs are compared by. The others are in result.json.
func replicatesPart(result *sim.Result) part {
	p := part{heading: "Over the replicas", columns: []string{"figure", "mean", "95 % interval"}}
	for _, path := range slices.Sorted(maps.Keys(result.Replicates)) {
		r := result.Replicates[path]
		write := figure.Number
		switch {
		case strings.HasSuffix(path, "share"):
			write = figure.Share
		case !strings.HasPrefix(path, "pending.") && !strings.HasPrefix(path, "quota."):
			continue
		case r.Mean == 0:
			continue
		}
		if _, who, _ := figure.Split(path); who != "" || r.Mean == 0 && r.High == 0 {
			continue
		}
		// Student's interval knows nothing of it that no such figure can be below zero.
		p.rows = append(p.rows, []string{path, write(r.Mean), write(max(r.Low, 0)) + " to " + write(r.High)})
	}
	return p
}
