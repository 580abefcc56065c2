package trace

import (
	"time"

	"invitesim/model"
)

// setUp reads the arguments of a line that is nobody's command.
func (p *parser) setUp(verb word, arguments []word, line *Line) {
	if line.Call != line.Return {
		p.mistake(verb, "found two times before %q, expected one: it takes no time", verb.text)
		return
	}
	c := &line.Command
	switch line.Kind {
	case PolicyChange:
		if len(arguments) == 0 {
			p.mistake(word{"", len(p.text)}, "found nothing after \"policy\", expected a name or PATH=VALUE")
			return
		}
		p.policyArguments(arguments, line)
	case Connect:
		if rest, ok := p.existing(verb, arguments, &c.Actor, &c.Peer); ok {
			p.end(rest)
		}
	case Advance:
		p.advance(arguments, line)
	case Opened:
		if rest, ok := p.existing(verb, arguments, &c.Actor); ok {
			p.opened(rest, line)
		}
	case Outside:
		if rest, ok := p.existing(verb, arguments, &c.Actor); ok {
			p.outside(rest, line)
		}
	}
}

// existing reads members who must exist: nobody else can be set up.
func (p *parser) existing(verb word, arguments []word, members ...*model.Member) (rest []word, ok bool) {
	rest, ok = p.members(verb, arguments, members)
	for i, m := range members {
		if ok && p.headers["members"] > 0 && uint32(*m) > p.trace.Members {
			p.mistake(arguments[i], "found member %d, expected one of the %d members", *m, p.trace.Members)
			return rest, false
		}
	}
	return rest, ok
}

// first returns the first of the words, or the end of the line.
func (p *parser) first(words []word) word {
	if len(words) == 0 {
		return word{"", len(p.text)}
	}
	return words[0]
}

func (p *parser) advance(arguments []word, line *Line) {
	w := p.first(arguments)
	d, err := model.ParseDuration(w.text)
	switch last := time.Duration(model.LastInstant) * time.Second; {
	case err != nil:
		p.mistake(w, "%v", err)
	case d < 0 || d > last-line.Call:
		p.mistake(w, "found %s, expected a duration that ends within 64y of the start", w.text)
	default:
		line.Return = line.Call + d
		p.end(arguments[1:])
	}
}

func (p *parser) opened(arguments []word, line *Line) {
	w := p.first(arguments)
	d, err := parseTime(w.text, p.trace.Start)
	switch {
	case err != nil:
		p.mistake(w, "%v", err)
	case d > line.Call:
		p.mistake(w, "found an account opened at %s, expected a time up to that of the line, such as -400d", w.text)
	default:
		line.Opened = Instant(d)
		p.end(arguments[1:])
	}
}

func (p *parser) outside(arguments []word, line *Line) {
	w := p.first(arguments)
	n, ok := parseNumber(w.text, 1<<32-1)
	if !ok {
		p.mistake(w, "found %q, expected the number of connections to others, 1 to 4294967295", shorten(w.text))
		return
	}
	line.Count = uint32(n)
	p.end(arguments[1:])
}
