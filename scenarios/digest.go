package scenarios

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/sim"
)

func fingerprint(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// digest is the SHA-256 of what the scenario says, in a form in which layout, comments, the order of keys (but that of the populations, which numbers
// the members) and the purpose do not show, with every setting of every policy and the content of every data file.
func (d *decoder) digest(root *node, plan *sim.Plan) string {
	var b strings.Builder
	for _, child := range ordered(root) {
		switch child.key {
		case "purpose", "seed", "start", "duration", "warmup", "series", "policy", "events":
		case "members":
			for _, population := range child.children {
				canonical(&b, population, "members."+population.key)
			}
		default:
			canonical(&b, child, child.key)
		}
	}
	fmt.Fprintf(&b, "run=%d %d %d %d %d\n", plan.Seed, plan.Start, plan.Duration, plan.Warmup, plan.Step)
	canonicalPolicy(&b, "policy", &plan.Policy)
	canonicalEvents(&b, plan)
	for _, name := range slices.Sorted(maps.Keys(d.data)) {
		fmt.Fprintf(&b, "data %s\n", d.data[name])
	}
	return fingerprint([]byte(b.String()))
}

// ordered returns the children of a node, those of a map by key.
func ordered(n *node) []*node {
	if n.kind != mapping {
		return n.children
	}
	return slices.SortedFunc(slices.Values(n.children), func(a, b *node) int { return cmp.Compare(a.key, b.key) })
}

// canonical writes one line for each text below a node: its path and its words.
func canonical(b *strings.Builder, n *node, path string) {
	if n.kind == text {
		words := collapse(n.text)
		if isCount(words) {
			words = strings.ReplaceAll(words, "_", "")
		}
		fmt.Fprintf(b, "%s=%q\n", path, words)
		return
	}
	for _, child := range ordered(n) {
		canonical(b, child, path+"."+child.key)
	}
}

func canonicalPolicy(b *strings.Builder, path string, p *model.Policy) {
	for _, setting := range model.SettingPaths() {
		value, _ := p.Get(setting)
		fmt.Fprintf(b, "%s.%s=%s\n", path, setting, value)
	}
}

// canonicalEvents writes the events in the order of time, as the plan has them.
func canonicalEvents(b *strings.Builder, plan *sim.Plan) {
	for i, event := range plan.Events {
		path := fmt.Sprintf("events.%d", i)
		if event.Policy != nil {
			fmt.Fprintf(b, "%s.at=%d\n", path, event.At)
			canonicalPolicy(b, path, event.Policy)
			continue
		}
		fmt.Fprintf(b, "%s=%d %d %v %d %v\n", path, event.At, event.For, event.Factor, event.Of, event.Where)
	}
}
