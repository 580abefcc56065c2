// Package histories draws histories at random, runs them against systems that carry out the rules, and says what is wrong with these: that two of
// them differ, that an invariant of RULES.md does not hold, or that somebody is told what is not theirs to know. It serves tests alone.
package histories

import (
	"fmt"
	"strings"
	"time"

	"invitesim/model"
	"invitesim/model/check"
)

// History is everything that is done to a system from its start: plain data, so that it can be run against several
// systems and cut down to what matters.
type History struct {
	Members  uint32
	Calendar model.Calendar
	Seed     uint64 // of the lag of views
	Policy   model.Policy
	Steps    []Step // their instants never go back
}

// Doing says which call on a system a step is.
type Doing uint8

// The steps: a command or query, a change of policy, and the three kinds of set-up.
const (
	Commanding Doing = iota
	ChangingPolicy
	Connecting
	OutsideConnecting
	OpeningAccount
)

// Step is one call on a system.
type Step struct {
	At      model.Instant
	Doing   Doing
	Command model.Command // Commanding. For the set-up steps its Actor and Peer are the members
	Policy  model.Policy  // ChangingPolicy
	Number  uint32        // OutsideConnecting: how many
	Opened  model.Instant // OpeningAccount: when
}

// Response is what a system gave back at a step.
type Response struct {
	Answer model.Answer // of a command
	Reply  model.Reply  // of a query
	OK     bool         // of Connecting
}

// Policies returns every policy of a history, the first one first.
func (h *History) Policies() []model.Policy {
	policies := []model.Policy{h.Policy}
	for _, s := range h.Steps {
		if s.Doing == ChangingPolicy {
			policies = append(policies, s.Policy)
		}
	}
	return policies
}

// build makes a fresh system for the history.
func (h *History) build(build check.Builder) (check.System, error) {
	return build(h.Members, h.Calendar, h.Seed, h.Policies())
}

// end returns the instant of the last step.
func (h *History) end() model.Instant {
	if len(h.Steps) == 0 {
		return 0
	}
	return h.Steps[len(h.Steps)-1].At
}

// Apply does a step to a system.
func (s *Step) Apply(system check.System) Response {
	a, b := s.Command.Actor, s.Command.Peer
	switch s.Doing {
	case ChangingPolicy:
		system.ChangePolicy(s.At, s.Policy)
	case Connecting:
		return Response{OK: system.Connect(s.At, a, b)}
	case OutsideConnecting:
		system.Outside(a, s.Number)
	case OpeningAccount:
		system.Opened(a, s.Opened)
	default:
		if s.Command.Verb.IsQuery() {
			return Response{Reply: system.Ask(s.At, &s.Command)}
		}
		return Response{Answer: system.Do(s.At, &s.Command)}
	}
	return Response{}
}

// String prints a step in one line, in the words of a trace.
func (s *Step) String() string {
	a, b := s.Command.Actor, s.Command.Peer
	switch s.Doing {
	case ChangingPolicy:
		return fmt.Sprintf("%s policy %s", s.At, s.Policy.Name)
	case Connecting:
		return fmt.Sprintf("%s connect %s %s", s.At, a, b)
	case OutsideConnecting:
		return fmt.Sprintf("%s outside %s %d", s.At, a, s.Number)
	case OpeningAccount:
		return fmt.Sprintf("%s opened %s %s", s.At, a, s.Opened)
	}
	return s.At.String() + " " + commandText(&s.Command)
}

// commandText prints a command in the words of a trace.
func commandText(c *model.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", c.Verb, c.Actor)
	if c.Verb.NamesPeer() {
		fmt.Fprintf(&b, " %s", c.Peer)
	}
	if c.Verb == model.SetInbound {
		fmt.Fprintf(&b, " %s", c.Setting)
	}
	if c.Kind != model.Connect {
		fmt.Fprintf(&b, " %s=%d", c.Kind, c.Subject)
	}
	if c.Note > 0 {
		fmt.Fprintf(&b, " note=%d", c.Note)
	}
	if c.Email {
		b.WriteString(" email")
	}
	if c.Key != "" {
		fmt.Fprintf(&b, " key=%s", c.Key)
	}
	return b.String()
}

// answerText prints all of an answer.
func answerText(a model.Answer) string {
	text := fmt.Sprintf("%s at=%s", a.Outcome, a.At)
	if a.Bounded {
		text += " until=" + a.Until.String()
	}
	if a.Again {
		text += " again"
	}
	if a.Repeated {
		text += " repeated"
	}
	return fmt.Sprintf("%s sent_at=%s used=%d limit=%d", text, a.SentAt, a.Used, a.Limit)
}

// String prints a history as the trace that does the same: head, commands and queries, changes of policy and set-up.
func (h *History) String() string {
	var b strings.Builder
	last := model.Default()
	changes := func(next *model.Policy) string {
		text := ""
		for _, d := range model.DiffPolicies(&last, next) {
			text += " " + d.Path + "=" + d.B
		}
		last = *next
		return text
	}
	fmt.Fprintf(&b, "policy default%s\n", changes(&h.Policy))
	fmt.Fprintf(&b, "members %d\nstart %s\nseed %d\n", h.Members, h.Calendar.Time(0).Format(time.RFC3339), h.Seed)
	for n := range h.Steps {
		s := &h.Steps[n]
		if s.Doing != ChangingPolicy {
			fmt.Fprintf(&b, "%s\n", s)
		} else if text := changes(&s.Policy); text != "" {
			fmt.Fprintf(&b, "%s policy%s\n", s.At, text)
		}
	}
	return b.String()
}
