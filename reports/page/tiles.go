package page

import (
	"cmp"
	"fmt"
	"math"
	"unicode/utf8"

	"invitesim/reports/chart"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// tile is one figure of the first screen.
type tile struct {
	Name   string
	Value  string
	Note   string
	Change string // against the baseline; empty where there is none to compare with
}

// Long says whether the value is too wide for a tile in its ordinary size: it does not break.
func (t tile) Long() bool { return utf8.RuneCountInString(t.Value) > 8 }

// gauge says which figure a tile shows: the figure at a path, as a share of that at another where Of is given.
type gauge struct {
	name  string
	path  string
	of    string
	write func(float64) string
	note  func(*page) string
}

// acceptedTile is the tile of which the figures of a run cannot tell: what they count as accepted may have been sent in the warm-up, and what was sent
// at the end is too recent.
const acceptedTile = "accepted"

func gauges() []gauge {
	none := func(*page) string { return "" }
	return []gauge{
		{"attempts to send", "commands.send.count", "", figure.Number, (*page).attemptsNote},
		{"sent", "commands.send.outcomes.sent.share", "", figure.Share, countNote("sent")},
		{"refused by the weekly limit", "commands.send.outcomes.rate_limited.share", "", figure.Share, countNote("rate_limited")},
		{"refused by the pending cap", "commands.send.outcomes.pending_capped.share", "", figure.Share, countNote("pending_capped")},
		{"members refused at the cap", "limits.pending_capped.member_share", "", figure.Share, (*page).cappedNote},
		{acceptedTile, "invitations.accepted", "invitations.sent", figure.Share, (*page).acceptedNote},
		{"outstanding per sender, p99", "pending.p99", "", figure.Number, (*page).capNote},
		{"time of a send, p50", "latency.send.p50", "", figure.Latency, none},
		{"time of a send, p99", "latency.send.p99", "", figure.Latency, none},
		{"achieved", "load.achieved_per_s", "load.offered_per_s", figure.Share, (*page).loadNote},
	}
}

// tiles returns the figures of the first screen that the run has.
func (p *page) tiles() []tile {
	var tiles []tile
	for _, g := range gauges() {
		if g.name == acceptedTile {
			t, told := p.acceptedByWeek()
			if told {
				tiles = append(tiles, t)
			}
			if told || p.WarmupS > 0 {
				continue
			}
		}
		if t, ok := p.mean(&g); ok {
			tiles = append(tiles, t)
			continue
		}
		value, ok := g.read(func(path string) (float64, bool) { return sim.Figure(p.Result, path) })
		if !ok {
			continue
		}
		t := tile{Name: g.name, Value: g.write(value), Note: cmp.Or(chart.FirstReplica(p.Result), g.note(p))}
		before, ok := g.read(func(path string) (float64, bool) {
			value, ok := p.baseline[path]
			return value, ok
		})
		if ok {
			t.Change = change(before, value, g.write)
		}
		tiles = append(tiles, t)
	}
	return tiles
}

// mean returns the mean over replicas with its interval; false where there is none, and where there is a baseline, which has the first replica's figure.
func (p *page) mean(g *gauge) (tile, bool) {
	of, known := p.Replicates[g.path]
	if !known || g.of != "" || p.baseline != nil {
		return tile{}, false
	}
	return tile{Name: g.name, Value: g.write(of.Mean), Note: fmt.Sprintf("95 %%: %s to %s", g.write(max(of.Low, 0)), g.write(of.High))}, true
}

func (g *gauge) read(figure func(path string) (float64, bool)) (float64, bool) {
	value, ok := figure(g.path)
	if !ok || g.of == "" {
		return value, ok
	}
	whole, ok := figure(g.of)
	return value / whole, ok && whole > 0
}

// change says how a figure differs from what it was.
func change(before, now float64, write func(float64) string) string {
	switch {
	case before == now:
		return "as in the baseline"
	case before == 0:
		return "▲ from " + write(before)
	}
	relative := (now - before) / math.Abs(before)
	arrow, sign := "▲", "+"
	if relative < 0 {
		arrow, sign = "▼", "−"
	}
	size := figure.Share(math.Abs(relative))
	return arrow + " " + sign + size + ", was " + write(before)
}

func (p *page) attemptsNote() string { return "by " + figure.Plural(uint64(p.Members), "member") }

func countNote(outcome string) func(*page) string {
	return func(p *page) string {
		if send := p.Commands["send"]; send != nil && send.Outcomes[outcome] != nil {
			return figure.Count(send.Outcomes[outcome].Count)
		}
		return "none"
	}
}

func (p *page) cappedNote() string {
	if limit := p.Limits["pending_capped"]; limit != nil {
		return figure.Count(limit.Members) + " of those who tried to send"
	}
	return ""
}

func (p *page) acceptedNote() string {
	return figure.Count(p.Invitations.Accepted) + " of " + figure.Count(p.Invitations.Sent) + " sent"
}

// acceptedByWeek tells how many of the invitations of some weeks are accepted, as the chart of fates does: of those after the warm-up that are not too recent,
// if there are any. False where there are none, and where the figures of the run tell the same, or what a baseline has: it knows no weeks.
func (p *page) acceptedByWeek() (tile, bool) {
	cohorts := chart.CohortsOf(p.Result)
	note := figure.Number(cohorts.Told["accepted"]) + " of " + figure.Number(cohorts.All()) + " sent"
	switch {
	case p.WarmupS > 0:
		note += " in the weeks after the warm-up"
	case cohorts.Old:
		note += " in weeks"
	}
	if cohorts.Old {
		note += " that are not " + chart.TooRecent
	}
	return tile{Name: acceptedTile, Value: cohorts.Share("accepted"), Note: note}, cohorts.All() > 0 && (p.WarmupS > 0 || cohorts.Old && p.baseline == nil)
}

func (p *page) capNote() string {
	if p.Pending != nil && p.Pending.Cap != nil {
		return "cap " + figure.Count(uint64(*p.Pending.Cap))
	}
	return ""
}

func (p *page) loadNote() string {
	if p.Load.Closed() {
		return "in a closed loop: " + figure.Number(p.Load.AchievedPerS) + " a second"
	}
	return figure.Number(p.Load.AchievedPerS) + " of " + figure.Number(p.Load.OfferedPerS) + " a second"
}
