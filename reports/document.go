package reports

import (
	"fmt"
	"slices"
	"strings"

	"invitesim/model/policies"
	"invitesim/reports/chart"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// part is one section of a summary, in whatever form it is shown: a heading, then a table, then lines.
type part struct {
	heading string
	columns []string // nil for a table without a head
	rows    [][]string
	lines   []string
	text    string // shown as it is behind the lines, so that it can be pasted; may be empty
}

// headline is the verdict in a few words; bad says that something failed.
func headline(result *sim.Result) (text string, bad bool) {
	if c := result.Checks; c.Violated() {
		text = "The model was violated: " + figure.Plural(c.Invariants.Violations, "violation") + " of an invariant"
		if c.Linearizability != nil {
			text += ", " + figure.Count(c.Linearizability.Violations) + " of linearizability"
		}
		return text + ", " + figure.Plural(c.Oracle.Divergences, "divergence") + " of the oracle", true
	}
	failed, warned := 0, 0
	for _, verdict := range result.Thresholds {
		switch {
		case verdict.Verdict == sim.VerdictPass:
		case verdict.Severity == sim.SeverityWarn:
			warned++
		default:
			failed++
		}
	}
	all := uint64(len(result.Thresholds))
	switch {
	case failed > 0:
		text, bad = fmt.Sprintf("Failed: %d of %s", failed, figure.Plural(all, "threshold")), true
	case all > 0:
		text = fmt.Sprintf("Passed: %d of %s", int(all)-warned, figure.Plural(all, "threshold"))
	default:
		text = "No thresholds to judge"
	}
	if warned > 0 {
		text += fmt.Sprintf(", %s", figure.Plural(uint64(warned), "warning"))
	}
	switch within := chart.WithinWarmup(result) != ""; {
	case within && result.Interrupted:
		text += "; interrupted within the warm-up, so nothing was measured"
	case within:
		text += "; ended within the warm-up, so nothing was measured"
	case result.Interrupted:
		text += "; interrupted, so " + lacking(result)
	}
	if result.StoppedEarly() {
		text += "; stopped early, so the figures cover a part of the run"
	}
	return text, bad
}

// lacking says what an interrupted run leaves out: where it was checked, the check may be all that was interrupted.
func lacking(result *sim.Result) string {
	if result.Checks != nil {
		return "the figures or the checks cover a part of the run"
	}
	return "the figures cover a part of the run"
}

// setting says what ran.
func setting(result *sim.Result) string {
	parts := []string{
		chart.PolicyTitle(&result.Policy),
		figure.Plural(uint64(result.Members), "member"),
		figure.Span(result.DurationS) + " from " + strings.TrimSuffix(result.Start, "T00:00:00Z"),
	}
	if result.WarmupS > 0 {
		parts = append(parts, figure.Span(result.WarmupS)+" of warm-up")
	}
	clock := result.Clock + " clock"
	if result.Speed > 0 {
		clock += " at " + figure.Number(result.Speed) + "×"
	}
	parts = append(parts, clock, figure.Seeds(result.Seed, result.Replicas))
	if result.Replicas > 1 {
		parts = append(parts, fmt.Sprintf("%d replicas (thresholds judge the mean)", result.Replicas))
	}
	return strings.Join(parts, " · ")
}

// headed is the heading of a part whose figures are those of the first replica where there are several.
func headed(heading string, result *sim.Result) string {
	if first := chart.FirstReplica(result); first != "" {
		return fmt.Sprintf("%s of %s, seed %d", heading, first, result.Seed)
	}
	return heading
}

// thresholdsPart lists thresholds, those that do not hold first.
func thresholdsPart(result *sim.Result) part {
	p := part{heading: "Thresholds", columns: []string{"verdict", "threshold", "observed"}}
	ordered := slices.Clone(result.Thresholds)
	slices.SortStableFunc(ordered, func(a, b sim.Verdict) int { return weight(a) - weight(b) })
	for _, verdict := range ordered {
		p.rows = append(p.rows, []string{judged(verdict), verdict.That, observed(verdict)})
	}
	return p
}

// weight puts failures before warnings before passes.
func weight(v sim.Verdict) int {
	switch {
	case v.Verdict == sim.VerdictPass:
		return 2
	case v.Severity == sim.SeverityWarn:
		return 1
	}
	return 0
}

func judged(v sim.Verdict) string {
	word := v.Verdict
	if word == sim.VerdictNoData {
		word = "no data"
	}
	if v.Verdict != sim.VerdictPass && v.Severity == sim.SeverityWarn {
		word += " (warning)"
	}
	if v.Aborted {
		word += ", run stopped"
	}
	return word
}

// Saw says in a line what was observed of what a threshold is about, or why nothing was.
func Saw(v *sim.Verdict) string {
	if v.Observed == nil {
		return observed(*v)
	}
	return plainSpaces("observed " + observed(*v))
}

// observed writes the observed figure in the unit in which the threshold is written, and the interval where that is judged.
func observed(v sim.Verdict) string {
	condition, _, _ := strings.Cut(v.That, " over ")
	condition, _, interval := strings.Cut(condition, " with ")
	switch {
	case v.Observed == nil && interval:
		return "no interval: it takes replicas"
	case v.Observed == nil:
		return "no sample"
	case v.Low != nil && v.High != nil:
		return fmt.Sprintf("%s (95 %%: %s to %s)", inUnit(condition, *v.Observed), inUnit(condition, *v.Low), inUnit(condition, *v.High))
	}
	return inUnit(condition, *v.Observed)
}

// inUnit writes a figure in the unit of the literal that a condition ends with.
func inUnit(condition string, x float64) string {
	fields := strings.Fields(condition)
	literal := fields[len(fields)-1]
	switch {
	case strings.HasSuffix(literal, "%"):
		return figure.Share(x)
	case strings.Contains(literal, "/"), !strings.ContainsAny(literal[len(literal)-1:], "smhdwy"):
		return figure.Number(x)
	case strings.HasPrefix(condition, "latency."), strings.HasPrefix(condition, "service."), strings.HasPrefix(condition, "load.late"), strings.Contains(condition, "wait_p99"):
		return figure.Latency(x)
	}
	return figure.Duration(x)
}

// policyPart lists in what the policy is not the one that is shipped under its name.
func policyPart(result *sim.Result) part {
	p := part{heading: "Settings other than shipped", columns: []string{"setting", "here", "policy " + result.Policy.Name}}
	changed, _ := policies.Changed(result.Policy.Name, result.Policy.Settings)
	for _, c := range changed {
		p.rows = append(p.rows, []string{c.Path, c.B, c.A})
	}
	return p
}

// policyChangesPart lists what changes in the policy within the run.
func policyChangesPart(result *sim.Result) part {
	p := part{heading: "Changes of policy"}
	for _, change := range chart.PolicyChanges(result) {
		p.rows = append(p.rows, []string{"after " + figure.Span(change.AtS), strings.Join(change.Settings, ", ")})
	}
	return p
}

// chartsPart says what each chart shows, and which ones are not drawn. Each links to its file of the first format.
func chartsPart(result *sim.Result, formats []string) part {
	p := part{heading: "Charts"}
	var reasons []string
	missing := map[string][]string{} // by the reason
	for _, c := range chart.All(result) {
		if c.Why != "" {
			if missing[c.Why] == nil {
				reasons = append(reasons, c.Why)
			}
			missing[c.Why] = append(missing[c.Why], c.Name)
			continue
		}
		name := c.Name
		if len(formats) > 0 {
			name = fmt.Sprintf("[%s](%s)", c.Name, chartPath(c.Name, formats[0]))
		}
		p.lines = append(p.lines, fmt.Sprintf("%s — *%s* %s", name, c.Title, figure.Markdown(c.Sentence)))
	}
	for _, why := range reasons {
		p.lines = append(p.lines, fmt.Sprintf("Not drawn: %s, because %s.", strings.Join(missing[why], ", "), why))
	}
	if len(formats) == 0 {
		p.lines = append(p.lines, "No chart files were asked for.")
	}
	return p
}

// checksPart says what ran beside the run, and what to beware of.
func checksPart(result *sim.Result) part {
	p := part{heading: "Checks", lines: figure.Checks(result.Checks)}
	for _, warning := range result.Warnings {
		p.lines = append(p.lines, "Warning: "+warning)
	}
	if result.Checks != nil && result.Checks.ShortestTrace != "" {
		p.lines = append(p.lines, "The shortest trace found that shows it:")
		p.text = strings.TrimSuffix(result.Checks.ShortestTrace, "\n")
	}
	return p
}

// theoryPart holds what was measured against what theory says.
func theoryPart(result *sim.Result) part {
	p := part{heading: "Theory", columns: []string{"verdict", "figure", "predicted", "measured", "95 %"}}
	for _, prediction := range result.Predictions {
		verdict := "disagrees"
		if prediction.Agrees {
			verdict = "agrees"
		}
		p.rows = append(p.rows, []string{
			verdict, prediction.Name, figure.Number(prediction.Predicted), figure.Number(prediction.Measured),
			figure.Number(prediction.Low) + " to " + figure.Number(prediction.High),
		})
	}
	return p
}
