package chart

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"invitesim/model/policies"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// PolicyChange is a change of policy within a run, in words.
type PolicyChange struct {
	AtS      int64
	Settings []string // each that changes, as in: weekly_limit.count 100 → 50
}

// PolicyChanges tells the changes of policy of a result, in order of time.
func PolicyChanges(result *sim.Result) []PolicyChange {
	inForce := maps.Clone(result.Policy.Settings)
	if inForce == nil {
		inForce = map[string]string{}
	}
	var all []PolicyChange
	for _, change := range result.Policies {
		told := PolicyChange{AtS: change.AtS}
		for _, path := range slices.Sorted(maps.Keys(change.Settings)) {
			text := change.Settings[path]
			if from := inForce[path]; from != "" {
				text = from + " → " + text
			}
			told.Settings = append(told.Settings, path+" "+text)
			inForce[path] = change.Settings[path]
		}
		all = append(all, told)
	}
	return all
}

// PolicyTitle names the policy that a run started with, and says in what it is not the one that is shipped under that name.
func PolicyTitle(policy *sim.PolicyName) string {
	name := "policy " + policy.Name
	changed, _ := policies.Changed(policy.Name, policy.Settings)
	switch len(changed) {
	case 0:
		return name
	case 1:
		if text := shortChange(changed[0].Path, changed[0].B, ""); len(text) <= longestChange {
			return name + ", " + text
		}
	}
	return name + ", " + figure.Plural(uint64(len(changed)), "setting") + " changed"
}

// shortPolicyTitle says only that the policy is not what is shipped, where it is not.
func shortPolicyTitle(policy *sim.PolicyName) string {
	if changed, _ := policies.Changed(policy.Name, policy.Settings); len(changed) > 0 {
		return policy.Name + ", changed"
	}
	return "policy " + policy.Name
}

// longestChange is the longest change, in bytes, that stands in the title of a policy.
const longestChange = 32

// Texts words a change from the fullest to the shortest, for places with more room or less; there are at least two.
func (c *PolicyChange) Texts() []string {
	const fewSettings = 3
	n := len(c.Settings)
	if n == 0 || n > fewSettings {
		return []string{figure.Plural(uint64(n), "setting") + " of the policy", "policy"}
	}
	short, before := make([]string, n), ""
	for i, setting := range c.Settings {
		path, value, _ := strings.Cut(setting, " ")
		short[i] = shortChange(path, value, before)
		before = group(path)
	}
	texts := []string{strings.Join(short, ", ")}
	if n > 1 {
		texts = append(texts, fmt.Sprintf("%s and %d more", short[0], n-1), short[0]+", …")
	}
	return append(texts, "policy")
}

// group returns what a path of a setting names besides the setting itself.
func group(path string) string { return path[:max(strings.LastIndexByte(path, '.'), 0)] }

// shortChange words a change without what is understood: that a limit has a count and a mode, which the values tell, and, where the setting
// before is of the same group, the group, and the word that was in force.
func shortChange(path, value, before string) string {
	in := group(path)
	last := path[len(in):]
	words := strings.Split(in, ".")
	words = words[max(len(words)-2, 0):]
	if in == before {
		words = nil
		if from, to, changed := strings.Cut(value, " → "); changed && from != "" && from[0] >= 'a' {
			value = to
		}
	}
	if last != ".mode" && last != ".count" {
		words = append(words, strings.TrimPrefix(last, "."))
	}
	return strings.TrimSpace(inWords(strings.Join(words, " ")) + " " + value)
}

func changeStroke() stroke { return stroke{color: ink(), width: 1.25, dash: []float64{4, 3}} }

// markPolicyChanges marks changes of policy on a panel over time: a thin dashed line, and in the strip above the area what changes, as far as
// there is room for it beside what stands there already.
func (p *panel) markPolicyChanges(v *view) {
	look := lettering{size: noteSize, color: ink()}
	changes := PolicyChanges(v.Result)
	for i, change := range changes {
		at := float64(change.AtS)
		if at < 0 || at >= v.span {
			continue
		}
		x := p.x(at)
		p.line(changeStroke(), point{x, p.area.top - 16}, point{x, p.area.bottom})
		last, next := p.area.left, p.area.right
		if i > 0 {
			last = p.x(float64(changes[i-1].AtS))
		}
		if i+1 < len(changes) {
			next = min(next, p.x(float64(changes[i+1].AtS)))
		}
		for _, text := range change.Texts() {
			width := look.measure(text)
			if x+5+width <= next && p.take(x+5, x+5+width) {
				p.text(look, point{x + 5, p.area.top - 6}, text)
				break
			}
			if x-5-width >= last && p.take(x-5-width, x-5) {
				p.text(look, point{x - 5 - width, p.area.top - 6}, text)
				break
			}
		}
	}
}

// take takes room from left to right in the strip above the area, and says whether it was free and beside the area's width.
func (p *panel) take(left, right float64) bool {
	const between = 8
	if left < p.area.left || right > p.area.right {
		return false
	}
	for _, taken := range p.strip {
		if left < taken.right+between && taken.left-between < right {
			return false
		}
	}
	p.strip = append(p.strip, box{left: left, right: right})
	return true
}
