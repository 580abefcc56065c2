package trace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"invitesim/model"
)

// given reads the answer of a line.
func (p *parser) given(words []word, line *Line) {
	if len(words) == 0 {
		p.mistake(word{"", len(p.text)}, "found nothing after `->`, expected an answer (- for an empty list)")
		return
	}
	line.Given = &Given{}
	if line.Kind == Command {
		p.outcome(words, line)
		return
	}
	last := words[len(words)-1]
	if at, ok := strings.CutPrefix(last.text, "at="); ok && len(words) > 1 {
		line.Given.At, line.Given.HasAt = p.decisionTime(last, at, line)
		words = words[:len(words)-1]
	}
	for _, w := range words {
		text, expected := w.text, ""
		if w.text != "invalid" && w.text != "-" || len(words) > 1 {
			text, expected = p.replyWord(w.text, line.Command.Verb)
		}
		if expected != "" {
			p.mistake(w, "found %q, expected %s", shorten(w.text), expected)
			return
		}
		line.Given.Reply = append(line.Given.Reply, text)
	}
	if verb := line.Command.Verb; len(words) > 1 && (verb == model.QueryRelation || verb == model.QueryConnections) {
		p.end(words[1:])
	}
}

// outcome reads `OUTCOME [until=T] [at=T]`.
func (p *parser) outcome(words []word, line *Line) {
	g := line.Given
	outcome, ok := model.ParseOutcome(words[0].text)
	if g.Outcome = outcome; !ok {
		p.mistake(words[0], "found %q, expected an outcome such as sent%s", shorten(words[0].text),
			model.DidYouMean(model.Nearest(words[0].text, outcomes())))
	}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w.text, "=")
		if key != "until" && key != "at" || key == "until" && g.HasUntil || key == "at" && g.HasAt {
			p.mistake(w, "found %q, expected until=TIME or at=TIME, each once", shorten(w.text))
			continue
		}
		if key == "until" && value == "none" {
			g.HasUntil = true
			continue
		}
		if key == "until" {
			t, _ := p.answerTime(w, value, latestEnd)
			g.HasUntil, g.Bounded, g.Until = true, true, Instant(t)
		} else {
			g.HasAt = true
			g.At, _ = p.decisionTime(w, value, line)
		}
	}
}

// decisionTime reads when a line was decided: between its call and its answer, but for the parts of a second, which the rules do
// not see.
func (p *parser) decisionTime(w word, value string, line *Line) (time.Duration, bool) {
	t, ok := p.answerTime(w, value, model.LastInstant)
	if ok && (Instant(t) < Instant(line.Call) || Instant(t) > Instant(line.Return)) {
		at := word{value, w.at + len(w.text) - len(value)}
		if line.Call == line.Return {
			p.mistake(at, "found a decision at %s, expected it at %s, when it was called and answered", value, appendTime(nil, line.Call))
		} else {
			p.mistake(at, "found a decision at %s, expected it between the call at %s and the answer at %s",
				value, appendTime(nil, line.Call), appendTime(nil, line.Return))
		}
	}
	return t, ok
}

// answerTime reads the time behind the `=` of a word.
func (p *parser) answerTime(w word, value string, latest model.Instant) (time.Duration, bool) {
	t, err := parseTimeUpTo(latest, value, p.trace.Start)
	if err != nil {
		p.mistake(word{w.text, w.at + len(w.text) - len(value)}, "%v", err)
	}
	return t, err == nil
}

func outcomes() []string {
	var names []string
	for o := 1; o < model.Outcomes; o++ {
		names = append(names, model.Outcome(o).String())
	}
	return names
}

// replyWord reads one word of the answer to a query and returns it as FormatReply prints it, or what was expected.
func (p *parser) replyWord(text string, verb model.Verb) (normal, expected string) {
	switch verb {
	case model.QueryRelation:
		for r := model.NoRelation; r <= model.Blocked; r++ {
			if r.String() == text {
				return text, ""
			}
		}
		return "", "one of none, connected, pending_out, pending_in, blocked"
	case model.QueryConnections:
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return "", "a number of connections"
		}
		return strconv.FormatUint(n, 10), ""
	case model.QueryQuota:
		return p.quotaWord(text)
	case model.QueryNotices:
		if n, ok := parseNotice(text); ok {
			return string(appendNotice(nil, n)), ""
		}
		return "", "a notice such as invited:1 or accepted:2,page=3, or - for none"
	case model.QuerySent:
		if row, ok := parseSentRow(text); ok {
			return string(appendRow(nil, verb, row)), ""
		}
		return "", "a peer such as 2:pending or 2:withdrawn,page=3, or - for none"
	}
	if row, ok := parseReceivedRow(text); ok {
		return string(appendRow(nil, verb, row)), ""
	}
	return "", "a peer such as 1, 5:note or 7:again,event=1, or - for none"
}

func (p *parser) quotaWord(text string) (normal, expected string) {
	key, value, _ := strings.Cut(text, "=")
	switch key {
	case "used", "pending":
		used, limit, _ := strings.Cut(value, "/")
		n, err := strconv.ParseUint(used, 10, 32)
		if limit == "none" && err == nil {
			return fmt.Sprintf("%s=%d/none", key, n), ""
		}
		most, limitErr := strconv.ParseUint(limit, 10, 32)
		if err != nil || limitErr != nil {
			return "", "two numbers such as " + key + "=3/100, or " + key + "=3/none"
		}
		return fmt.Sprintf("%s=%d/%d", key, n, most), ""
	case "restricted":
		if value == "none" {
			return text, ""
		}
		t, err := parseTimeUpTo(latestEnd, value, p.trace.Start)
		if err != nil {
			return "", "the end of the restriction such as restricted=7d, or restricted=none"
		}
		return "restricted=" + Instant(t).String(), ""
	}
	return "", "used=N/N, pending=N/N or restricted=TIME"
}

// parsePeer reads the number before a colon, and the flags behind it.
func parsePeer(text string) (peer model.Member, flags []string, ok bool) {
	number, rest, more := strings.Cut(text, ":")
	n, ok := parseNumber(number, 1<<32-1)
	if more {
		flags = strings.Split(rest, ",")
	}
	return model.Member(n), flags, ok
}

// takeKind reads and drops the last flag if it is a page or an event.
func takeKind(flags []string) (rest []string, kind model.Kind, subject uint32) {
	if len(flags) == 0 {
		return flags, model.Connect, 0
	}
	name, value, _ := strings.Cut(flags[len(flags)-1], "=")
	if kind, subject, ok := parseSubject(name, value); ok {
		return flags[:len(flags)-1], kind, subject
	}
	return flags, model.Connect, 0
}

func parseSentRow(text string) (row model.Row, ok bool) {
	peer, flags, ok := parsePeer(text)
	flags, row.Kind, row.Subject = takeKind(flags)
	row.Peer = peer
	if !ok || len(flags) != 1 {
		return row, false
	}
	switch flags[0] {
	case "pending":
		row.State = model.Pending
	case "withdrawn":
		row.State = model.Withdrawn
	}
	return row, row.State != model.Absent
}

func parseReceivedRow(text string) (row model.Row, ok bool) {
	peer, flags, ok := parsePeer(text)
	flags, row.Kind, row.Subject = takeKind(flags)
	row.Peer = peer
	for _, flag := range flags {
		switch {
		case flag == "note" && !row.Note:
			row.Note = true
		case flag == "again" && !row.Again:
			row.Again = true
		default:
			ok = false
		}
	}
	return row, ok
}

func parseNotice(text string) (n model.Notice, ok bool) {
	name, rest, _ := strings.Cut(text, ":")
	parts := strings.Split(rest, ",")
	number, ok := parseNumber(parts[0], 1<<32-1)
	n.Peer = model.Member(number)
	flags, kind, subject := takeKind(parts[1:])
	n.Kind, n.Subject = kind, subject
	for k := model.NoticeInvited; k <= model.NoticeWithdrawn; k++ {
		if k.String() == name {
			n.Notice = k
			return n, ok && len(flags) == 0
		}
	}
	return n, false
}

// GivenAnswer is an answer as a line gives it: outcome and, where there is one, until.
func GivenAnswer(a model.Answer) *Given {
	return &Given{Outcome: a.Outcome, HasUntil: a.Bounded, Bounded: a.Bounded, Until: a.Until}
}

// GivenReply is the reply to a query as a line gives it.
func GivenReply(verb model.Verb, r model.Reply) *Given {
	return &Given{Reply: strings.Fields(FormatReply(verb, r))}
}

// Allows says whether the model's answer is what the line gives. Of the keys only those given count.
func (g *Given) Allows(a model.Answer) bool {
	if g.Outcome != a.Outcome || g.HasAt && Instant(g.At) != a.At {
		return false
	}
	return !g.HasUntil || g.Bounded == a.Bounded && (!g.Bounded || g.Until == a.Until)
}

// AllowsReply says whether the model's reply to a query is what the line gives. Of quota only the keys given count.
func (g *Given) AllowsReply(verb model.Verb, r model.Reply) bool {
	answered := strings.Fields(FormatReply(verb, r))
	if verb != model.QueryQuota || r.Invalid {
		return slices.Equal(g.Reply, answered)
	}
	for _, w := range g.Reply {
		if !slices.Contains(answered, w) && (w != "restricted=none" || r.Quota.Restricted) {
			return false
		}
	}
	return true
}
