package scenarios

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/sim"
)

const (
	expectThreshold = "`PATH OPERATOR VALUE`, such as pending.p99 <= 300"
	maxThresholds   = 200
)

// condition takes a threshold apart: a path, an operator, a literal.
var condition = regexp.MustCompile(`^([^\s<>=!]+)\s*(<=|>=|==|!=|<|>)\s*([^\s<>=!](?:.*[^\s])?)$`)

func (d *decoder) thresholds(n *node) []sim.Threshold {
	items := d.items(n, "a list of thresholds, such as `- pending.p99 <= 300`")
	if len(items) > maxThresholds {
		d.contrary(n, fmt.Sprintf("found %d thresholds", len(items)), "at most "+itoa(maxThresholds))
		return nil
	}
	var all []sim.Threshold
	for _, item := range items {
		all = append(all, d.threshold(item))
	}
	return all
}

func (d *decoder) threshold(n *node) sim.Threshold {
	t := sim.Threshold{Severity: sim.SeverityFail}
	if n.kind != mapping {
		d.condition(n, &t)
		return t
	}
	for _, key := range []string{"over", "abort"} {
		if later := n.get(key); later != nil {
			d.report(later.keyAt, n.path(), "found "+quoted(key)+", which is not supported yet", "a threshold without it")
			n.remove(key)
		}
	}
	shape := thresholdShape().either[1]
	f := d.mapping(n, shape)
	if d.word(f.get("severity"), "fail", "warn") == 1 {
		t.Severity = sim.SeverityWarn
	}
	t.NoData = d.word(f.get("no_data"), "fail", "pass") == 1
	if that := f.get("that"); that != nil {
		d.condition(that, &t)
	}
	return t
}

// condition reads `PATH OPERATOR VALUE` into t.
func (d *decoder) condition(n *node, t *sim.Threshold) {
	s, ok := d.text(n, expectThreshold)
	if !ok {
		return
	}
	parts := condition.FindStringSubmatch(s)
	if parts == nil {
		d.wrong(n, expectThreshold+", with one of < <= > >= == !=")
		return
	}
	t.That, t.Path, t.Operator = collapse(s), parts[1], parts[2]
	unit, ok := d.figure(n, t.Path)
	if !ok {
		return
	}
	limit, expected := literal(parts[3], unit)
	if expected != "" {
		d.contrary(n, "found the value "+quoted(parts[3]), expected)
	}
	t.Limit = limit
}

// figure returns the unit of the figure that a threshold names.
func (d *decoder) figure(n *node, path string) (sim.Unit, bool) {
	top, _, _ := strings.Cut(path, ".")
	if slices.Contains([]string{"latency", "load", "stations"}, top) {
		d.contrary(n, "found a figure of "+top+", which is not supported yet", "a figure of commands, invitations, limits, pending, quota or response")
		return 0, false
	}
	names := make([]string, len(d.populations))
	for i := range d.populations {
		names[i] = d.populations[i].Name
	}
	unit, err := sim.CheckPath(path, names)
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
	suggestion := model.Nearest(astray.Part, astray.Known)
	for _, suffix := range []string{"_s", "_ns"} {
		if short, ok := strings.CutSuffix(astray.Part, suffix); ok && slices.Contains(astray.Known, short) {
			suggestion = short
		}
	}
	at := n.at
	if start := strings.Index(n.text, path); start >= 0 && !n.verbatim {
		at.column += len([]rune(n.text[:start])) + len([]rune(path[:astray.Offset]))
	}
	d.report(at, n.path(), "found a path that no result has: "+clip(astray.Error()), expected, suggestion)
	return 0, false
}

// literal reads the value of a threshold on a figure of a unit. Expected is empty where it is well written.
func literal(s string, unit sim.Unit) (limit float64, expected string) {
	switch unit {
	case sim.UnitShare:
		if x, ok := parseNumber(s); ok && x >= 0 && x <= 1 {
			return x, ""
		}
		x, ok := parseShare(s)
		if ok {
			return x, ""
		}
		return 0, "a share such as 5% or 0.05"
	case sim.UnitSeconds, sim.UnitNanoseconds:
		x, err := model.ParseDuration(s)
		if err != nil {
			return 0, expectDuration
		}
		if unit == sim.UnitSeconds {
			return x.Seconds(), ""
		}
		return float64(x.Nanoseconds()), ""
	}
	x, ok := parseNumber(s)
	if !ok || math.IsInf(x, 0) {
		return 0, "a number without unit, such as 300 or 95_000"
	}
	return x, ""
}
