package scenarios

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/sim"
)

const (
	expectThreshold = "`PATH OPERATOR VALUE`, such as pending.p99 <= 300"
	expectWindow    = "a part of the run, such as 2w..4w"
	maxThresholds   = 200
	// maxWindows bounds how many parts of the run are measured beside the whole: each takes 16 B a member.
	maxWindows = 20
)

// condition takes a threshold apart: a path, an operator, a literal. What stands behind ` with ` has been cut off.
var condition = regexp.MustCompile(`^([^\s<>=!]+)\s*(<=|>=|==|!=|<|>)\s*([^\s<>=!](?:.*[^\s])?)$`)

func (d *decoder) thresholds(n *node, p *sim.Plan) []sim.Threshold {
	items := d.items(n, "a list of thresholds, such as `- pending.p99 <= 300`")
	if len(items) > maxThresholds {
		d.contrary(n, fmt.Sprintf("found %d thresholds", len(items)), "at most "+itoa(maxThresholds))
		return nil
	}
	var all []sim.Threshold
	windows := map[sim.Span]bool{}
	for _, item := range items {
		t := d.threshold(item, p)
		if t.Over != nil && !windows[*t.Over] {
			windows[*t.Over] = true
			if len(windows) == maxWindows+1 {
				d.contrary(item, fmt.Sprintf("found more than %d windows in all thresholds together", maxWindows), "fewer: each is measured by itself")
			}
		}
		all = append(all, t)
	}
	return all
}

func (d *decoder) threshold(n *node, p *sim.Plan) sim.Threshold {
	t := sim.Threshold{Severity: sim.SeverityFail}
	if n.kind != mapping {
		d.condition(n, &t)
		return t
	}
	shape := thresholdShape().either[1]
	f := d.mapping(n, shape)
	if d.word(f.get("severity"), "fail", "warn") == 1 {
		t.Severity = sim.SeverityWarn
	}
	t.NoData = d.word(f.get("no_data"), "fail", "pass") == 1
	t.Abort = d.word(f.get("abort"), "false", "true") == 1
	before := len(d.mistakes)
	if over := f.get("over"); over != nil {
		t.Over = d.window(over, p)
	}
	if that := f.get("that"); that != nil {
		d.condition(that, &t)
		if len(d.mistakes) == before {
			d.suits(f, &t)
		}
	}
	return t
}

// window reads the part of the run that a threshold is about.
func (d *decoder) window(n *node, p *sim.Plan) *sim.Span {
	s, ok := d.text(n, expectWindow)
	if !ok {
		return nil
	}
	from, until, found := strings.Cut(s, "..")
	first, err := model.ParseSeconds(strings.TrimSpace(from))
	last, lastErr := model.ParseSeconds(strings.TrimSpace(until))
	if !found || err != nil || lastErr != nil {
		d.wrong(n, expectWindow)
		return nil
	}
	span := &sim.Span{From: model.Instant(first), Until: model.Instant(last)}
	whole := sim.Span{From: model.Instant(p.Warmup), Until: model.Instant(p.Duration)}
	switch {
	case first >= last:
		d.wrong(n, expectWindow+", that ends after it begins")
	case p.Warmup >= p.Duration: // reported where they stand
	case span.Until > whole.Until:
		d.contrary(n, "found the window "+span.String()+", which goes beyond the end of the run", "a part of "+whole.String())
	case span.From < whole.From:
		d.contrary(n, "found the window "+span.String()+", which begins in the warm-up", "a part of "+whole.String())
	}
	return span
}

// suits reports keys of a threshold that do not go with its condition.
func (d *decoder) suits(f fields, t *sim.Threshold) {
	path, over, abort := f.n.path(), f.get("over"), f.get("abort")
	if t.Over != nil && !sim.InWindows(t.Path) {
		d.report(over.keyAt, path, "found \"over\" with "+t.Path+", which is measured of the whole run only",
			"no \"over\", or a figure of commands, queries, turns, invitations, limits, pending, quota or response")
	}
	switch {
	case !t.Abort:
	case t.Severity == sim.SeverityWarn:
		d.report(abort.keyAt, path, "found \"abort\" with severity warn", "severity fail: a warning stops nothing")
	case t.Interval:
		d.report(abort.keyAt, path, "found \"abort\" with an interval, which is known only when all replicas have ended", "no \"abort\", or the condition without `with 95%`")
	case !t.CanAbort():
		d.report(abort.keyAt, path, "found \"abort\", but whether this holds shows only at the end of the run",
			"\"over\" with the part of the run at whose end to judge, a figure that only grows (counts, hits, pending.max) below some value, or no \"abort\"")
	}
}

// interval cuts ` with 95%` off a condition, and says whether it was there.
func (d *decoder) interval(n *node, s string) (rest string, asked bool) {
	rest, with, found := strings.Cut(s, " with ")
	if !found {
		return s, false
	}
	if strings.TrimSpace(with) != "95%" {
		d.contrary(n, "found a condition with "+quoted(strings.TrimSpace(with)), "`with 95%`, for which the whole 95 % interval over replicas must hold")
	}
	return strings.TrimSpace(rest), true
}

// condition reads `PATH OPERATOR VALUE`, and `with 95%` where that follows, into t.
func (d *decoder) condition(n *node, t *sim.Threshold) {
	s, ok := d.text(n, expectThreshold)
	if !ok {
		return
	}
	s, t.Interval = d.interval(n, collapse(s))
	parts := condition.FindStringSubmatch(s)
	if parts == nil {
		d.wrong(n, expectThreshold+", with one of < <= > >= == !=", meantCondition(s))
		return
	}
	t.Path, t.Operator = parts[1], parts[2]
	t.That = strings.Join(parts[1:], " ") // reports take it apart at the spaces
	if t.Interval {
		t.That += " with 95%"
	}
	unit, ok := d.figure(n, t.Path)
	if !ok {
		return
	}
	limit, expected, meant := literal(parts[3], unit)
	if strings.ContainsAny(parts[3], "<>=!") {
		expected, meant = "one value: each condition is a threshold of its own", ""
	}
	if expected != "" {
		d.report(n.within(max(0, strings.LastIndex(n.text, parts[3]))), n.path(), "found the value "+quoted(parts[3]), expected, meant)
	}
	t.Limit = limit
}

// meantCondition returns the condition that a text means whose operator is written as on paper, or the other way round; nothing for any other text.
func meantCondition(s string) string {
	for _, pair := range [][2]string{{"≤", "<="}, {"≥", ">="}, {"≠", "!="}, {"=<", "<="}, {"=>", ">="}, {"<>", "!="}, {"=", "=="}} {
		if meant := strings.Replace(s, pair[0], pair[1], 1); meant != s && condition.MatchString(meant) {
			return meant
		}
	}
	return ""
}

// figure returns the unit of the figure that a threshold names.
func (d *decoder) figure(n *node, path string) (sim.Unit, bool) {
	top, _, _ := strings.Cut(path, ".")
	if top == "stations" {
		d.contrary(n, "found a figure of "+top+", which is not supported yet", "a figure of commands, invitations, limits, pending, quota, response, latency or load")
		return 0, false
	}
	if top == "members_by" && len(d.populations) == 0 { // there should be some: reported already
		return 0, false
	}
	unit, err := sim.CheckPath(path, d.populationNames())
	if err == nil {
		return unit, true
	}
	var astray *sim.PathError
	if !errors.As(err, &astray) {
		d.wrong(n, expectThreshold)
		return 0, false
	}
	expected := oneOf(astray.Known)
	if len(astray.Known) == 0 {
		expected = "a path that ends there"
	}
	if top == "windows" {
		expected = "the figure itself, and its window as in {that: pending.p99 <= 300, over: 2w..4w}"
	}
	suggestion := model.Nearest(astray.Part, astray.Known)
	if astray.Kept {
		suggestion = ""
	}
	for _, suffix := range []string{"_s", "_ns"} {
		if short, ok := strings.CutSuffix(astray.Part, suffix); ok && slices.Contains(astray.Known, short) {
			suggestion = short
		}
	}
	if astray.Offset == 0 && top != "windows" {
		expected = "a figure, one of " + expected
	}
	found := "found a path that no result has: " + clip(astray.Error())
	if astray.Kept {
		found = "found " + quoted(astray.Part) + ", which result.json has, but not as a figure"
	}
	d.report(n.within(strings.Index(n.text, path)+astray.Offset), n.path(), found, expected, suggestion)
	return 0, false
}

// literal reads the value of a threshold on a figure of a unit, none of which is ever below 0. Expected is empty where it is well written; where not, meant
// is what it may mean.
func literal(s string, unit sim.Unit) (limit float64, expected, meant string) {
	switch unit {
	case sim.UnitShare:
		if x, ok := parseNumber(s); ok && x >= 0 && x <= 1 {
			return x, "", ""
		}
		x, ok := parseShare(s)
		if ok {
			return x, "", ""
		}
		return 0, "a share such as 5% or 0.05, 0% to 100%", meantShare(s)
	case sim.UnitSeconds, sim.UnitNanoseconds:
		x, err := model.ParseDuration(s)
		if err != nil || x < 0 || x > longestTime {
			expected, meant = expectedFor(s, "0s or more")
			return 0, expected, meant
		}
		if unit == sim.UnitSeconds {
			return x.Seconds(), "", ""
		}
		return float64(x.Nanoseconds()), "", ""
	}
	x, ok := parseNumber(s)
	switch {
	case !ok:
		return 0, "a number without unit, such as 300 or 95_000", meantNumber(s)
	case x < 0:
		return 0, "0 or more", ""
	}
	return x, "", ""
}
