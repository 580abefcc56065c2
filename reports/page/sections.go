package page

import (
	"maps"
	"slices"
	"strings"

	"invitesim/model/policies"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// threshold is a row of the table of thresholds.
type threshold struct {
	Mark     string // a sign that tells verdicts apart without colours
	Class    string // pass, warn or fail
	Verdict  string
	That     string
	Observed string
}

// thresholds lists the judged thresholds, those that do not hold first.
func (p *page) thresholds(observed []string) []threshold {
	var rows []threshold
	for i, v := range p.Thresholds {
		row := threshold{Mark: "✓", Class: "pass", Verdict: "pass", That: v.That}
		if v.Verdict != sim.VerdictPass {
			row.Mark, row.Class, row.Verdict = "✗", "fail", strings.ReplaceAll(v.Verdict, "_", " ")
			if v.Severity == sim.SeverityWarn {
				row.Mark, row.Class, row.Verdict = "!", "warn", row.Verdict+" (warning)"
			}
		}
		if i < len(observed) {
			row.Observed = observed[i]
		}
		rows = append(rows, row)
	}
	order := map[string]int{"fail": 0, "warn": 1, "pass": 2}
	slices.SortStableFunc(rows, func(a, b threshold) int { return order[a.Class] - order[b.Class] })
	return rows
}

// policyTable lists the settings in which the policy differs from the default one.
func (p *page) policyTable() table {
	t := table{Head: []string{"setting", "here", "default"}}
	changed, _ := policies.Changed("default", p.Policy.Settings)
	for _, c := range changed {
		t.Rows = append(t.Rows, []string{c.Path, c.B, c.A})
	}
	return t
}

// policySentence says what policy ran, and whether it is as shipped.
func (p *page) policySentence() string {
	differs, known := policies.Changed(p.Policy.Name, p.Policy.Settings)
	if !known {
		return "The policy " + p.Policy.Name + " is none of the shipped ones."
	}
	var changed []string
	for _, d := range differs {
		changed = append(changed, d.Path)
	}
	if len(changed) == 0 {
		return "The policy " + p.Policy.Name + ", as shipped."
	}
	return "The policy " + p.Policy.Name + " with other values of " + strings.Join(changed, ", ") + "."
}

// policyChanges lists what changed in the course of the run.
func (p *page) policyChanges() table {
	t := table{Head: []string{"from", "setting", "becomes"}}
	for _, c := range p.Policies {
		for _, path := range slices.Sorted(maps.Keys(c.Settings)) {
			t.Rows = append(t.Rows, []string{p.since(float64(c.AtS)), path, c.Settings[path]})
		}
	}
	return t
}

// scenarioTable says what ran, as far as the result knows.
func (p *page) scenarioTable() table {
	t := table{}
	add := func(name, value string) {
		if value != "" {
			t.Rows = append(t.Rows, []string{name, value})
		}
	}
	add("name", p.Scenario.Name)
	add("purpose", p.Scenario.Purpose)
	add("span", figure.Span(p.DurationS)+" from "+p.Start)
	if p.WarmupS > 0 {
		add("warm-up", figure.Span(p.WarmupS)+", which no figure counts")
	}
	add("members", figure.Count(uint64(p.Members)))
	add("clock", p.Clock)
	name, seeds, _ := strings.Cut(figure.Seeds(p.Seed, p.Replicas), " ")
	add(name, seeds)
	if p.Replicas > 1 {
		add("replicas", figure.Count(uint64(p.Replicas)))
	}
	add("digest of the scenario", p.Scenario.Digest)
	add("digest of the history", p.Digest)
	return t
}

// peopleTable compares the populations.
func (p *page) peopleTable() table {
	t := table{Head: []string{"population", "members", "attempts", "sent", "rate limited", "pending capped", "accepted", "outstanding p99"}}
	for _, name := range slices.Sorted(maps.Keys(p.MembersBy)) {
		f := p.MembersBy[name]
		if f == nil {
			continue
		}
		row := []string{name, figure.Count(uint64(f.Members)), "0", "–", "–", "–", figure.Count(f.Invitations.Accepted), "–"}
		if send := f.Commands["send"]; send != nil && send.Count > 0 {
			row[2] = figure.Count(send.Count)
			for i, outcome := range []string{"sent", "rate_limited", "pending_capped"} {
				share := 0.0
				if o := send.Outcomes[outcome]; o != nil {
					share = o.Share
				}
				row[3+i] = figure.Share(share)
			}
		}
		if f.Pending != nil {
			row[7] = figure.Count(uint64(f.Pending.P99))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// predictionsTable compares theory with what was measured.
func (p *page) predictionsTable() table {
	t := table{Head: []string{"figure", "formula", "predicted", "measured", "95 % interval", "theory"}}
	for _, x := range p.Predictions {
		agrees := "disagrees"
		if x.Agrees {
			agrees = "agrees"
		}
		t.Rows = append(t.Rows, []string{
			x.Name, x.Formula, figure.Number(x.Predicted), figure.Number(x.Measured),
			figure.Number(x.Low) + " to " + figure.Number(x.High), agrees,
		})
	}
	return t
}

// replicatesTable lists means over replicas with their intervals.
func (p *page) replicatesTable() table {
	t := table{Head: []string{"figure", "mean", "95 % interval"}}
	for _, path := range slices.Sorted(maps.Keys(p.Replicates)) {
		r := p.Replicates[path]
		write := figure.Number
		if strings.HasSuffix(path, "share") {
			write = figure.Share
		}
		if r.Mean != 0 || r.High != 0 {
			// Student's interval knows nothing of it that no such figure can be below zero.
			t.Rows = append(t.Rows, []string{path, write(r.Mean), write(max(r.Low, 0)) + " to " + write(r.High)})
		}
	}
	return t
}
