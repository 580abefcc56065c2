package trace

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"invitesim/model"
)

// setUpWords are the verbs that are nobody's command, by their kind.
var setUpWords = map[string]LineKind{
	"policy": PolicyChange, "connect": Connect, "advance": Advance, "opened": Opened, "outside": Outside,
}

// command reads a line that is no header line.
func (p *parser) command(words []word, comment string) {
	line := Line{Number: p.line, Comment: comment, Remarks: p.remarks, Call: p.now, Return: p.now}
	before := len(p.mistakes)
	p.remarks = nil
	if _, timeless := setUpWords[words[0].text]; !timeless {
		if !p.times(words[0], &line) {
			return
		}
		words = words[1:]
	}
	if len(words) == 0 {
		p.mistake(word{"", len(p.text)}, "found nothing after the time, expected a verb such as send")
		return
	}
	arguments, answer, answered := words[1:], []word(nil), false
	if i := slices.IndexFunc(words, func(w word) bool { return w.text == "->" }); i > 0 {
		arguments, answer, answered = words[1:i], words[i+1:], true
	}
	if kind, ok := setUpWords[words[0].text]; ok {
		line.Kind = kind
		p.setUp(words[0], arguments, &line)
		if answered {
			p.mistake(words[0], "found an answer to %q, expected none: it is nobody's command", words[0].text)
		}
	} else if p.asked(words[0], arguments, &line) && answered {
		p.given(answer, &line)
	}
	if len(p.mistakes) > before {
		return
	}
	p.now, p.nowLine = line.Call, p.line
	if line.Kind == Advance {
		p.now = line.Return
	}
	p.trace.Lines = append(p.trace.Lines, line)
}

// times reads `TIME` or `TIME..TIME`.
func (p *parser) times(w word, line *Line) bool {
	first, second, both := strings.Cut(w.text, "..")
	call, ok := p.time(word{first, w.at})
	if !ok {
		return false
	}
	line.Call, line.Return = call, call
	if both {
		if line.Return, ok = p.time(word{second, w.at + len(first) + 2}); !ok {
			return false
		}
		if line.Return < call {
			p.mistake(w, "found the answer at %s before the call at %s, expected it later", second, first)
			return false
		}
	}
	if call < p.now {
		p.mistake(w, "found %s after %s (line %d), expected lines in order of their times", first, appendTime(nil, p.now), p.nowLine)
		return false
	}
	return true
}

func (p *parser) time(w word) (time.Duration, bool) {
	d, err := parseTime(w.text, p.trace.Start)
	switch {
	case w.text == "" || err != nil && (w.text[0] < '0' || w.text[0] > '9'):
		p.noTime(w)
	case err != nil:
		p.mistake(w, "%v", err)
	case d < 0:
		p.mistake(w, "found %s, expected a time at or after the start, which is %s unless a line `start DATE` says otherwise",
			w.text, p.trace.Start.Time(0).Format(time.RFC3339))
	}
	return d, err == nil && d >= 0
}

func (p *parser) noTime(w word) {
	if _, isVerb := model.ParseVerb(w.text); isVerb {
		p.mistake(w, "found %q, expected a time before it, such as 3d12h or 2026-01-05T00:00:00Z", w.text)
		return
	}
	p.mistake(w, "found %q, expected a time such as 3d12h or a header line (%s)%s", shorten(w.text), strings.Join(headerWords, ", "),
		model.DidYouMean(model.Nearest(w.text, headerWords)))
}

// asked reads a command or a query up to its answer.
func (p *parser) asked(verbWord word, arguments []word, line *Line) bool {
	verb, ok := model.ParseVerb(verbWord.text)
	if !ok {
		p.mistake(verbWord, "found %q, expected a verb: %s%s", shorten(verbWord.text), strings.Join(verbs(), ", "), model.DidYouMean(model.Nearest(verbWord.text, verbs())))
		return false
	}
	c := &line.Command
	if c.Verb = verb; verb.IsQuery() {
		line.Kind = Query
	}
	members := []*model.Member{&c.Actor, &c.Peer}
	if !verb.NamesPeer() {
		members = members[:1]
	}
	rest, ok := p.members(verbWord, arguments, members)
	if !ok {
		return false
	}
	if verb == model.SetInbound {
		return p.inbound(rest, c)
	}
	var seen uint8
	for _, argument := range rest {
		if !p.argument(argument, c, &seen) {
			return false
		}
	}
	return true
}

func verbs() []string {
	var names []string
	for v := range model.Verbs {
		names = append(names, model.Verb(v).String())
	}
	return append(names, "policy", "connect", "advance", "opened", "outside")
}

// members reads the numbers of members that a verb wants, and returns the words after them.
func (p *parser) members(verb word, arguments []word, members []*model.Member) (rest []word, ok bool) {
	for i, m := range members {
		if i >= len(arguments) {
			p.mistake(word{"", len(p.text)}, "found the end of the line, expected %s after %q", memberWords(len(members)), verb.text)
			return nil, false
		}
		w := arguments[i]
		n, ok := parseNumber(w.text, 1<<32-1)
		if !ok {
			p.mistake(w, "found %q, expected the number of a member, 1 to 4294967295", shorten(w.text))
			return nil, false
		}
		if *m = model.Member(n); *m > p.largest {
			p.largest = *m
			p.largeAt = Mistake{File: p.trace.Name, Line: p.line, Column: 1 + len([]rune(p.text[:w.at])), Found: w.text}
		}
	}
	return arguments[len(members):], true
}

// memberWords says how many members a verb wants.
func memberWords(n int) string {
	if n == 1 {
		return "a member"
	}
	return "two members"
}

func (p *parser) inbound(arguments []word, c *model.Command) bool {
	settings := []string{model.Anyone.String(), model.Email.String(), model.Nobody.String()}
	w := p.first(arguments)
	setting, ok := model.ParseInbound(w.text)
	if !ok {
		p.mistake(w, "found %q, expected one of %s%s", shorten(w.text), strings.Join(settings, ", "),
			model.DidYouMean(model.Nearest(w.text, settings)))
		return false
	}
	c.Setting = setting
	return p.end(arguments[1:])
}

// end says whether nothing is left.
func (p *parser) end(rest []word) bool {
	if len(rest) > 0 {
		p.mistake(rest[0], "found %q, expected the end of the line or `->`", shorten(rest[0].text))
	}
	return len(rest) == 0
}

// The arguments that were seen already; page and event are one.
const (
	seenNote uint8 = 1 << iota
	seenEmail
	seenKey
	seenKind
)

// argument reads one of note, email, key, page and event.
func (p *parser) argument(w word, c *model.Command, seen *uint8) bool {
	name, value, hasValue := strings.Cut(w.text, "=")
	var bit uint8
	ok := true
	switch {
	case name == "note" && c.Verb == model.Send:
		bit, ok = seenNote, p.note(w, value, hasValue, c)
	case w.text == "email" && c.Verb == model.Send:
		bit, c.Email = seenEmail, true
	case name == "key" && c.Verb == model.Send:
		bit, ok = seenKey, p.key(w, value, c)
	case (name == "page" || name == "event") && c.Verb.NamesInvitation():
		bit, ok = seenKind, p.subject(w, name, value, c)
	default:
		return p.unknownArgument(w, c.Verb)
	}
	if ok && *seen&bit != 0 {
		p.mistake(w, "found %q, expected it once (page and event exclude each other)", shorten(w.text))
		return false
	}
	*seen |= bit
	return ok
}

func (p *parser) unknownArgument(w word, verb model.Verb) bool {
	if !verb.NamesInvitation() {
		return p.end([]word{w})
	}
	known := []string{"page=N", "event=N"}
	if verb == model.Send {
		known = []string{"note", "note=N", "email", "page=N", "event=N", "key=K"}
	}
	p.mistake(w, "found %q, expected one of %s, or `->`%s", shorten(w.text), strings.Join(known, ", "), model.DidYouMean(model.Nearest(w.text, append(known, "->"))))
	return false
}

func (p *parser) note(w word, value string, hasValue bool, c *model.Command) bool {
	if !hasValue {
		c.Note = 1
		return true
	}
	n, ok := parseNumber(value, 1<<16-1)
	if c.Note = uint16(n); !ok {
		p.mistake(w, "found %q, expected the length of a note, 1 to 65535", shorten(w.text))
	}
	return ok
}

func (p *parser) key(w word, value string, c *model.Command) bool {
	var err error
	if c.Key = value; strings.HasPrefix(value, `"`) {
		c.Key, err = strconv.Unquote(value)
	}
	if err != nil || c.Key == "" || value[0] != '"' && strings.Contains(value, `"`) {
		p.mistake(w, "found %s, expected a key such as key=a1 or key=\"a 1\"", shorten(w.text))
		return false
	}
	return true
}

func (p *parser) subject(w word, name, value string, c *model.Command) bool {
	kind, subject, ok := parseSubject(name, value)
	if c.Kind, c.Subject = kind, subject; !ok {
		p.mistake(w, "found %q, expected %s=N with the number of the %s, 1 to 4294967295", shorten(w.text), name, name)
	}
	return ok
}

// parseSubject reads the two sides of `page=N` or `event=N`.
func parseSubject(name, value string) (model.Kind, uint32, bool) {
	kind := model.Page
	if name == "event" {
		kind = model.Event
	}
	n, ok := parseNumber(value, 1<<32-1)
	return kind, uint32(n), ok && (name == "page" || name == "event")
}
