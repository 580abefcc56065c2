package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/internal/histories"
	"invitesim/model/oracle"
	"invitesim/model/trace"
)

// situation is a race as steps, of members numbered from 1.
type situation struct {
	members                model.Member
	policy                 model.Policy
	before, callers, after []histories.Step
}

// parseSituation reads the lines of a race.
func parseSituation(t *testing.T, r *race) *situation {
	t.Helper()
	text, ends := "policy default "+r.policy+"\nmembers "+fmt.Sprint(placeMembers)+"\n", []int{0}
	for _, part := range []string{r.before, r.callers, r.after} {
		lines := 0
		for line := range strings.SplitSeq(part, ";") {
			if line = strings.TrimSpace(line); line != "" {
				text += line + "\n"
				lines++
			}
		}
		ends = append(ends, ends[len(ends)-1]+lines)
	}
	parsed, mistakes := trace.Parse(strings.NewReader(text), r.name)
	if len(mistakes) > 0 {
		t.Fatalf("%v in\n%s", mistakes, text)
	}
	s := &situation{policy: parsed.Policy}
	steps := make([]histories.Step, len(parsed.Lines))
	for n := range parsed.Lines {
		steps[n] = stepOf(t, &parsed.Lines[n])
		s.members = max(s.members, steps[n].Command.Actor, steps[n].Command.Peer)
	}
	s.before, s.callers, s.after = steps[:ends[1]], steps[ends[1]:ends[2]], steps[ends[2]:]
	return s
}

// stepOf returns a line of a trace as a step.
func stepOf(t *testing.T, l *trace.Line) histories.Step {
	t.Helper()
	s := histories.Step{At: trace.Instant(l.Call), Command: l.Command, Number: l.Count, Opened: l.Opened}
	switch l.Kind {
	case trace.Command, trace.Query:
	case trace.Connect:
		s.Doing = histories.Connecting
	case trace.Outside:
		s.Doing = histories.OutsideConnecting
	case trace.Opened:
		s.Doing = histories.OpeningAccount
	default:
		t.Fatalf("found %s, expected a command, a query or a member's set-up", trace.FormatLine(l))
	}
	return s
}

// end returns the last instant of a race.
func (s *situation) end() model.Instant {
	if len(s.after) > 0 {
		return s.after[len(s.after)-1].At
	}
	return s.callers[len(s.callers)-1].At
}

// questions returns everything that can be asked at the end of a race.
func (s *situation) questions() []histories.Step {
	var steps []histories.Step
	for _, c := range histories.EveryQuestion(uint32(s.members)) {
		steps = append(steps, histories.Step{At: s.end(), Command: c})
	}
	return steps
}

// endings returns the courses that a race may take, by the outcomes of its callers: those that the oracle gives for each order.
func (s *situation) endings() map[string][]course {
	endings := map[string][]course{}
	for _, order := range orders(len(s.callers)) {
		c := s.inOrder(order)
		endings[c.outcomes(s)] = append(endings[c.outcomes(s)], c)
	}
	return endings
}

// orders returns every order of the numbers below n.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, shorter := range orders(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(shorter), at, n-1))
		}
	}
	return all
}

// inOrder returns the course of a race whose callers are decided one after the other. Who comes late is decided at the instant of
// those before.
func (s *situation) inOrder(order []int) course {
	system := oracle.New(placeMembers, model.Calendar{Start: model.DefaultStart}, 0, s.policy)
	for n := range s.before {
		s.before[n].Apply(system)
	}
	c := make(course, len(s.callers))
	now := model.Instant(0)
	for _, caller := range order {
		step := s.callers[caller]
		now = max(now, step.At)
		step.At = now
		c[caller] = step.Apply(system)
	}
	for n := range s.after {
		c = append(c, s.after[n].Apply(system))
	}
	for _, q := range s.questions() {
		c = append(c, q.Apply(system))
	}
	return c
}

// answered writes what a step was answered: an outcome, or a reply in the words of traces.
func answered(s *histories.Step, r *histories.Response) string {
	if s.Command.Verb.IsQuery() {
		return trace.FormatReply(s.Command.Verb, r.Reply)
	}
	return r.Answer.Outcome.String()
}

// differs says in which answers a course differs from another.
func (c course) differs(s *situation, other course) string {
	text := ""
	for n, step := range slices.Concat(s.callers, s.after, s.questions()) {
		if !sameResponse(&c[n], &other[n]) {
			text += fmt.Sprintf("%s: found %+v, expected %+v\n", step.String(), c[n], other[n])
		}
	}
	return text
}

// TestRacesAreComplete holds the outcomes that the table of races allows against those that the oracle gives for the orders of
// the callers.
func TestRacesAreComplete(t *testing.T) {
	for _, r := range races() {
		t.Run(r.name, func(t *testing.T) {
			var found []string
			for outcomes := range parseSituation(t, &r).endings() {
				found = append(found, outcomes)
			}
			slices.Sort(found)
			allowed := slices.Sorted(slices.Values(r.allowed))
			if !slices.Equal(found, allowed) {
				t.Errorf("found the outcomes %q in some order of the callers, expected %q", found, allowed)
			}
		})
	}
}
