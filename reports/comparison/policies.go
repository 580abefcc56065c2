package comparison

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"invitesim/reports/figure"
	"invitesim/sim"
	"invitesim/sim/statistics"
)

// PoliciesSchema names the format of compare.json where several policies stand side by side.
const PoliciesSchema = "invitesim.policies/v1"

// Candidate is a policy with the results of its replicas, at least one; replica k of each candidate had the same seed, and so the same people.
type Candidate struct {
	Name     string
	Replicas []*sim.Result
}

// Policies puts several policies side by side that met the same people. The first is what the others are compared with.
type Policies struct {
	Schema      string       `json:"schema"`
	Scenario    string       `json:"scenario"`
	Purpose     string       `json:"purpose,omitempty"`
	Members     uint32       `json:"members"`
	DurationS   int64        `json:"duration_s"`
	WarmupS     int64        `json:"warmup_s"`
	Seed        uint64       `json:"seed"`
	Replicas    int          `json:"replicas"`
	Policies    []PolicyUsed `json:"policies"`
	Figures     []PolicyRow  `json:"figures"`               // of all members
	Populations []PolicyRow  `json:"populations"`           // of each population: those that are not the same under all policies
	Interrupted bool         `json:"interrupted,omitempty"` // the policies got to different instants, and no figures are compared
	Notes       []string     `json:"notes,omitempty"`
}

// PolicyUsed is one of the policies.
type PolicyUsed struct {
	Name    string    `json:"name"`
	Differs []Setting `json:"differs,omitempty"` // settings that are not those of the first policy
	Digest  string    `json:"digest,omitempty"`  // of the history of replica 0
}

// PolicyRow is one figure under every policy.
type PolicyRow struct {
	Path   string        `json:"path"`
	Who    string        `json:"who,omitempty"` // the population
	Name   string        `json:"name"`
	Values []PolicyValue `json:"values"` // in the order of the policies
}

// PolicyValue is a figure under one policy.
type PolicyValue struct {
	Mean    *float64 `json:"mean,omitempty"` // over the replicas; absent where one of them has no sample
	Low     *float64 `json:"low,omitempty"`  // of the 95 % interval, with several replicas
	High    *float64 `json:"high,omitempty"`
	P       *float64 `json:"p_adjusted,omitempty"` // of the difference from the first policy, seed by seed
	Finding Finding  `json:"finding,omitempty"`    // of that difference; empty for the first policy, and where both are the same
}

// policyPaths are the figures that tell policies apart, in the order of the table.
func policyPaths() []string {
	paths := []string{"commands.send.count", "commands.send.outcomes.sent.share"}
	for _, limit := range sim.Limits() {
		paths = append(paths, "commands.send.outcomes."+limit.String()+".share")
	}
	for _, limit := range sim.Limits() {
		paths = append(paths, "limits."+limit.String()+".member_share")
	}
	return append(paths, "invitations.accepted", "pending.mean", "pending.p99", "pending.max", "pending.members_at_cap_end",
		"quota.used_p50", "quota.used_p99", "quota.exhausted_share")
}

// populationPaths are those that are told of each population too.
func populationPaths() []string {
	paths := []string{"commands.send.outcomes.sent.share"}
	for _, limit := range sim.Limits() {
		paths = append(paths, "commands.send.outcomes."+limit.String()+".share")
	}
	return append(paths, "invitations.accepted", "pending.p99", "pending.members_at_cap_end", "quota.exhausted_share")
}

// ComparePolicies puts the candidates, at least two, side by side.
func ComparePolicies(candidates []Candidate) (*Policies, error) {
	p := newPolicies(candidates)
	for _, path := range policyPaths() {
		row, err := newPolicyRow(path, candidates)
		if err != nil {
			return nil, err
		}
		if row.says() {
			p.Figures = append(p.Figures, row)
		}
	}
	if err := p.addPopulations(candidates); err != nil {
		return nil, err
	}
	p.adjust()
	p.note(candidates)
	return p, nil
}

// Interrupted names the candidates, at least two, of which some were interrupted: they got to different instants, and no figure of one can be held
// against another's.
func Interrupted(candidates []Candidate) *Policies {
	p := newPolicies(candidates)
	p.Interrupted = true
	p.Notes = []string{"interrupted: the policies got to different instants, so nothing is compared"}
	return p
}

// newPolicies says what ran, without any figure.
func newPolicies(candidates []Candidate) *Policies {
	first := candidates[0].Replicas[0]
	p := &Policies{
		Schema: PoliciesSchema, Scenario: first.Scenario.Name, Purpose: first.Scenario.Purpose, Members: first.Members,
		DurationS: first.DurationS, WarmupS: first.WarmupS, Seed: first.Seed, Replicas: len(candidates[0].Replicas),
	}
	for _, c := range candidates {
		result := c.Replicas[0]
		p.Policies = append(p.Policies, PolicyUsed{c.Name, settingsThatDiffer(first, result), result.Digest})
	}
	return p
}

// addPopulations adds the figures of populations that are not written the same under all policies.
func (p *Policies) addPopulations(candidates []Candidate) error {
	names := populationsOf(candidates[0].Replicas[0])
	if len(names) < 2 {
		return nil
	}
	for _, name := range names {
		for _, path := range populationPaths() {
			row, err := newPolicyRow("members_by."+name+"."+path, candidates)
			if err != nil {
				return err
			}
			if row.says() && row.differs() {
				p.Populations = append(p.Populations, row)
			}
		}
	}
	return nil
}

func populationsOf(result *sim.Result) []string {
	var names []string
	for name, f := range result.MembersBy {
		if f != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// newPolicyRow measures a figure under every policy, and tests how it differs from the first.
func newPolicyRow(path string, candidates []Candidate) (PolicyRow, error) {
	row := PolicyRow{Path: path}
	row.Who, row.Name = figure.Name(path)
	first := valuesOf(path, candidates[0])
	for _, c := range candidates {
		value, err := newPolicyValue(valuesOf(path, c), first)
		if err != nil {
			return row, fmt.Errorf("%s: %w", path, err)
		}
		row.Values = append(row.Values, value)
	}
	return row, nil
}

// newPolicyValue describes what the replicas measured under one policy, and tests how it differs from what they did under the first; nil is no
// sample.
func newPolicyValue(values, first []float64) (value PolicyValue, err error) {
	if values == nil {
		return value, nil
	}
	sample := statistics.Of(values)
	value.Mean = &sample.Mean
	if low, high := sample.Interval(); len(values) > 1 {
		value.Low, value.High = &low, &high
	}
	switch {
	case first == nil, slices.Equal(values, first):
		return value, nil
	case len(values) == 1:
		value.Finding = Differs
		return value, nil
	}
	change, err := statistics.Paired(first, values)
	value.P, value.Finding = &change.P, NotShown
	return value, err
}

// valuesOf returns a figure of every replica; nil where one has no sample.
func valuesOf(path string, c Candidate) []float64 {
	var values []float64
	for _, result := range c.Replicas {
		value, sample := sim.Figure(result, path)
		if !sample {
			return nil
		}
		values = append(values, value)
	}
	return values
}

// says says whether the figure is anything but nothing under some policy.
func (r *PolicyRow) says() bool {
	return slices.ContainsFunc(r.Values, func(v PolicyValue) bool { return v.Mean != nil && *v.Mean != 0 })
}

// differs says whether the figure is written differently under some policies.
func (r *PolicyRow) differs() bool {
	return slices.ContainsFunc(r.Values, func(v PolicyValue) bool { return r.write(&v) != r.write(&r.Values[0]) })
}

// adjust decides which differences are shown, for all figures of the two tables together.
func (p *Policies) adjust() {
	var all []*PolicyValue
	var probabilities []float64
	for _, rows := range [][]PolicyRow{p.Figures, p.Populations} {
		for i := range rows {
			for k := range rows[i].Values {
				if value := &rows[i].Values[k]; value.P != nil {
					all, probabilities = append(all, value), append(probabilities, *value.P)
				}
			}
		}
	}
	for i, adjusted := range statistics.Adjusted(probabilities) {
		all[i].P = &adjusted
		if adjusted <= significant {
			all[i].Finding = Shown
		}
	}
}

func (p *Policies) note(candidates []Candidate) {
	if p.Replicas == 1 {
		p.Notes = append(p.Notes, "one run for each policy: differences are exact, and those of this seed; --replicas 6 gives intervals")
	} else {
		p.Notes = append(p.Notes, fmt.Sprintf("means over %d replicas with their 95 %% intervals; ≈ says that no difference from %s is shown, "+
			"seed by seed (Student's t, adjusted for the number of figures)", p.Replicas, p.Policies[0].Name))
	}
	for i := range p.Policies[1:] {
		if used := &p.Policies[i+1]; used.Digest != "" && used.Digest == p.Policies[0].Digest {
			p.Notes = append(p.Notes, fmt.Sprintf("under %s nothing happens that does not under %s: the histories are the same", used.Name, p.Policies[0].Name))
		}
	}
	if len(candidates[0].Replicas[0].Policies) > 0 {
		p.Notes = append(p.Notes, "the scenario changes settings during the run, under every policy")
	}
}

// write writes the figure under one policy: – where there is none.
func (r *PolicyRow) write(v *PolicyValue) string {
	if v.Mean == nil {
		return "–"
	}
	text := figure.Value(r.Path, *v.Mean)
	if v.Low != nil {
		// Where all replicas agree, what is left is the rounding of their mean.
		if half := (*v.High - *v.Low) / 2; half > 1e-9*math.Abs(*v.Mean) {
			text += " ±" + r.writeHalf(half)
		}
	}
	if v.Finding == NotShown {
		text += " ≈"
	}
	return text
}

// writeHalf writes half of an interval: a share with its first digits, however small it is.
func (r *PolicyRow) writeHalf(half float64) string {
	if text := figure.Value(r.Path, half); !strings.HasPrefix(text, "<") {
		return text
	}
	return figure.Number(100*half) + " %"
}

// Label names the figure, with the population that it is of.
func (r *PolicyRow) Label() string {
	if r.Who != "" {
		return r.Who + ": " + r.Name
	}
	return r.Name
}
