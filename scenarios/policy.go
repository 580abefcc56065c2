package scenarios

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"invitesim/model"
	"invitesim/model/policies"
)

// policy reads a policy: a name, or a map of settings laid over the policy in force, or over the one that it extends.
func (d *decoder) policy(n *node, inForce model.Policy) model.Policy {
	if n == nil {
		return inForce
	}
	if n.kind == text {
		return d.namedPolicy(n)
	}
	if n.kind != mapping {
		d.wrong(n, "the name of a policy, or a map of settings")
		return inForce
	}
	p := inForce
	if base := n.get("extends"); base != nil {
		p = d.namedPolicy(base)
	}
	before := len(d.mistakes)
	for _, child := range n.children {
		if child.key != "extends" {
			d.setting(&p, child, child.key)
		}
	}
	if len(d.mistakes) == before {
		d.contradictions(n, &p, &inForce)
	}
	return p
}

// contradictions reports what settings say against each other, where they are given; not what the policy before has wrong, which has been
// reported where it is.
func (d *decoder) contradictions(n *node, p, before *model.Policy) {
	known := map[string]bool{}
	for _, err := range separate(before.Validate()) {
		known[err.Error()] = true
	}
	for _, err := range separate(p.Validate()) {
		if known[err.Error()] {
			continue
		}
		path, message, _ := strings.Cut(err.Error(), ": ")
		at := n
		for key := range strings.SplitSeq(path, ".") {
			next := at.get(key)
			if next == nil {
				message = err.Error()
				break
			}
			at = next
		}
		found, expected, _ := phrases(message)
		d.report(at.at, at.path(), found, expected)
	}
}

func (d *decoder) namedPolicy(n *node) model.Policy {
	p, ok := policies.Named(n.text)
	if n.kind != text || !ok {
		d.wrong(n, "a policy: "+oneOf(policies.Names()), model.Nearest(n.text, policies.Names()))
		return model.Default()
	}
	return p
}

// setting applies one setting, or the group of settings below one key.
func (d *decoder) setting(p *model.Policy, n *node, path string) {
	if n.kind == mapping && slices.Contains(model.SettingGroups(), path) {
		for _, child := range n.children {
			d.setting(p, child, path+"."+child.key)
		}
		return
	}
	if !slices.Contains(model.SettingPaths(), path) && !slices.Contains(model.SettingGroups(), path) {
		siblings := settingsBeside(path)
		d.report(n.keyAt, n.path(), "found an unknown setting "+quoted(n.key), oneOf(siblings), model.Nearest(n.key, siblings))
		return
	}
	if n.kind == nothing {
		d.wrong(n, "a value, or no such key")
		return
	}
	if decimal := withoutZeros(n.text); n.kind == text && decimal != "" {
		d.wrong(n, "a number that does not begin with 0", decimal)
		return
	}
	for _, err := range separate(p.Set(path, n.json(false))) {
		at, message := n, strings.TrimPrefix(err.Error(), path+": ")
		var inside *model.EntryError
		if errors.As(err, &inside) && n.kind == list {
			at, message = n.children[inside.Entry-1], inside.Err.Error()
		}
		found, expected, suggestion := phrases(message)
		d.report(at.at, at.path(), found, expected, cmp.Or(suggestion, meantSetting(at, found, expected)))
	}
}

// meantSetting returns what a text means that is no value of a setting; nothing where that cannot be told.
func meantSetting(n *node, found, expected string) string {
	switch {
	case n.kind != text:
	case strings.HasPrefix(found, "duration ") || strings.HasSuffix(found, " is not a duration"):
		return meantDuration(n.text)
	case strings.HasPrefix(expected, "a percentage"):
		return meantShare(n.text)
	case strings.HasPrefix(expected, "a whole number"):
		return meantCount(n.text)
	}
	return ""
}

// settingsBeside returns the keys that can stand where path's last one does.
func settingsBeside(path string) []string {
	group := path[:strings.LastIndex(path, ".")+1]
	var keys []string
	if group == "" {
		keys = append(keys, "extends")
	}
	for _, known := range model.SettingPaths() {
		if rest, inside := strings.CutPrefix(known, group); inside {
			key, _, _ := strings.Cut(rest, ".")
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// json writes a node as the text of a setting: a word as it is, lists and maps as JSON.
func (n *node) json(within bool) string {
	switch {
	case n.kind == nothing:
		return "null"
	case n.kind == text && within:
		return strconv.Quote(n.text)
	case n.kind == text:
		return n.text
	}
	parts := make([]string, len(n.children))
	for i, child := range n.children {
		parts[i] = child.json(true)
		if n.kind == mapping {
			parts[i] = strconv.Quote(child.key) + ":" + parts[i]
		}
	}
	if n.kind == list {
		return "[" + strings.Join(parts, ",") + "]"
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// separate takes joined errors apart, also where they are wrapped together.
func separate(err error) []error {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()
	}
	return []error{err}
}

// phrases takes an error of the form `found X, expected Y, did you mean Z?` apart.
func phrases(message string) (found, expected, suggestion string) {
	message, suggestion, _ = strings.Cut(message, ", did you mean ")
	found, expected, plain := strings.Cut(message, ", expected ")
	if short, in, bracket := strings.Cut(message, " (expected "); !plain && bracket {
		found, expected = short, strings.TrimSuffix(in, ")")
	}
	return found, expected, strings.TrimSuffix(suggestion, "?")
}
