package trace

import (
	"strconv"
	"strings"
	"time"

	"invitesim/model"
	"invitesim/model/policies"
)

var headerWords = []string{"policy", "members", "start", "seed"}

// headerReader returns what reads the values of a header line; nil if the word begins none.
func (p *parser) headerReader(keyword string) func(values []word) {
	switch keyword {
	case "policy":
		return p.policyHeader
	case "members":
		return p.membersHeader
	case "start":
		return p.startHeader
	case "seed":
		return p.seedHeader
	}
	return nil
}

func (p *parser) header(words []word, comment string, read func([]word)) {
	keyword := words[0]
	p.trace.Remarks = append(p.trace.Remarks, p.remarks...)
	p.remarks = nil
	if comment != "" {
		p.trace.Remarks = append(p.trace.Remarks, "# "+comment)
	}
	if earlier := p.headers[keyword.text]; earlier > 0 {
		p.mistake(keyword, "found a second line %q, expected one: line %d has it already", keyword.text, earlier)
		return
	}
	p.headers[keyword.text] = p.line
	if len(p.trace.Lines) > 0 {
		expected := "header lines before the first command"
		if keyword.text == "policy" {
			expected += " (a later change begins with its time: `8w policy …`)"
		}
		p.mistake(keyword, "found %q after a command, expected %s", keyword.text, expected)
		return
	}
	if len(words) == 1 {
		p.mistake(word{"", len(p.text)}, "found nothing after %q, expected its value", keyword.text)
		return
	}
	if keyword.text != "policy" && len(words) > 2 {
		p.mistake(words[2], "found %q, expected the end of the line", shorten(words[2].text))
		return
	}
	read(words[1:])
}

func (p *parser) policyHeader(values []word) {
	var line Line
	if p.policyArguments(values, &line) {
		p.trace.Policy = p.policy
	}
}

// policyArguments reads `[NAME] [PATH=VALUE…]` and puts the policy in force.
func (p *parser) policyArguments(values []word, line *Line) bool {
	before, next := len(p.mistakes), p.policy
	if !strings.Contains(values[0].text, "=") {
		named, ok := policies.Named(values[0].text)
		if !ok {
			p.mistake(values[0], "found %q, expected the name of a policy (%s) or PATH=VALUE%s", shorten(values[0].text),
				strings.Join(policies.Names(), ", "), model.DidYouMean(model.Nearest(values[0].text, policies.Names())))
		}
		next, line.Policy = named, values[0].text
		values = values[1:]
	}
	for _, v := range values {
		path, text, ok := strings.Cut(v.text, "=")
		if !ok {
			p.noSetting(v)
			continue
		}
		if earlier := overlapping(line.Settings, path); earlier != "" {
			p.mistake(v, "found %q, but %q stands before it, expected each setting once", shorten(path), shorten(earlier))
			continue
		}
		if err := next.Set(path, text); err != nil {
			p.mistakesOf(v, err)
		}
		line.Settings = append(line.Settings, Setting{path, text})
	}
	if len(p.mistakes) > before {
		return false
	}
	p.mistakesOf(p.words[0], next.Validate())
	p.policy = next
	return len(p.mistakes) == before
}

// noSetting notes a word behind the name of a policy that sets nothing.
func (p *parser) noSetting(w word) {
	if _, named := policies.Named(w.text); named {
		p.mistake(w, "found the policy %q, expected one name, before all settings", w.text)
		return
	}
	p.mistake(w, "found %q, expected a setting PATH=VALUE", shorten(w.text))
}

// overlapping returns the path of a setting that sets what another path names, or a part of it; nothing for none.
func overlapping(settings []Setting, path string) string {
	for _, s := range settings {
		if s.Path == path || strings.HasPrefix(s.Path, path+".") || strings.HasPrefix(path, s.Path+".") {
			return s.Path
		}
	}
	return ""
}

// mistakesOf notes each of several joined errors.
func (p *parser) mistakesOf(w word, err error) {
	if joined, several := err.(interface{ Unwrap() []error }); several {
		for _, one := range joined.Unwrap() {
			p.mistakesOf(w, one)
		}
	} else if err != nil {
		p.mistake(w, "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
	}
}

func (p *parser) membersHeader(values []word) {
	n, ok := parseNumber(strings.ReplaceAll(values[0].text, "_", ""), model.MaxMembers)
	if !ok {
		p.mistake(values[0], "found %q, expected the number of members, 1 to %d", shorten(values[0].text), model.MaxMembers)
		n = model.MaxMembers // who is beyond them cannot be told
	}
	p.trace.Members = uint32(n)
}

func (p *parser) startHeader(values []word) {
	start, err := time.Parse(time.RFC3339, values[0].text)
	if err != nil {
		start, err = time.Parse(time.DateOnly, values[0].text)
	}
	if err != nil || start.Nanosecond() != 0 {
		p.mistake(values[0], "found %q, expected a date such as 2026-01-05 or 2026-01-05T00:00:00Z, in whole seconds", shorten(values[0].text))
		return
	}
	p.trace.Start = model.Calendar{Start: start.Unix()}
}

func (p *parser) seedHeader(values []word) {
	seed, err := strconv.ParseUint(values[0].text, 10, 64)
	if err != nil {
		p.mistake(values[0], "found %q, expected a whole number from 0 to 2^64-1", shorten(values[0].text))
		return
	}
	p.trace.Seed = seed
}
