package histories

import (
	"fmt"
	"slices"

	"invitesim/model"
	"invitesim/model/check"
)

// Difference is the first thing that two systems answer differently.
type Difference struct {
	// Step is the index of the step, or the number of steps for a question that was asked after the last of them.
	Step int
	// Text is the step as text.
	Text string
	// A and B are what the two systems answered, as text.
	A, B string
}

// String prints a difference on three lines.
func (d *Difference) String() string {
	return fmt.Sprintf("step %d: %s\n  first:  %s\n  second: %s", d.Step, d.Text, d.A, d.B)
}

// Compare does every step of a history to two fresh systems, asks both everything about everybody at the end, and
// returns the first difference between their answers, nil if there is none.
func Compare(h History, a, b check.System) *Difference {
	for n := range h.Steps {
		s := &h.Steps[n]
		if textA, textB := differing(s.Apply(a), s.Apply(b), s); textA != textB {
			return &Difference{Step: n, Text: s.String(), A: textA, B: textB}
		}
	}
	for _, c := range EveryQuestion(h.Members) {
		s := Step{At: h.end(), Command: c}
		if textA, textB := differing(s.Apply(a), s.Apply(b), &s); textA != textB {
			return &Difference{Step: len(h.Steps), Text: s.String(), A: textA, B: textB}
		}
	}
	return nil
}

// EveryQuestion returns every query that the members of a system may ask, by member and verb.
func EveryQuestion(members uint32) []model.Command {
	var questions []model.Command
	for a := model.Member(1); uint32(a) <= members; a++ {
		for verb := model.QuerySent; int(verb) < model.Verbs; verb++ {
			if !verb.NamesPeer() {
				questions = append(questions, model.Command{Verb: verb, Actor: a})
				continue
			}
			for b := model.Member(1); uint32(b) <= members; b++ {
				questions = append(questions, model.Command{Verb: verb, Actor: a, Peer: b})
			}
		}
	}
	return questions
}

// differing returns two responses as text, the same text where they agree in all that is promised.
func differing(a, b Response, s *Step) (textA, textB string) {
	if s.Doing != Commanding {
		if a.OK != b.OK {
			return fmt.Sprint(a.OK), fmt.Sprint(b.OK)
		}
		return "", ""
	}
	if !s.Command.Verb.IsQuery() {
		left, right := promised(a.Answer), promised(b.Answer)
		if left == right {
			return "", ""
		}
		return answerText(left), answerText(right)
	}
	if a.Reply.Equal(&b.Reply) {
		return "", ""
	}
	return fmt.Sprintf("%+v", a.Reply), fmt.Sprintf("%+v", b.Reply)
}

// promised returns an answer without what its outcome does not promise. A repetition promises the stored outcome and
// its end only. How many are outstanding the query for the quota says, and is compared.
func promised(a model.Answer) model.Answer {
	a.Outstanding = 0
	if a.Outcome != model.WasSent || a.Repeated {
		a.Again = false
	}
	switch a.Outcome {
	case model.WasConnected, model.WasAccepted, model.WasWithdrawn, model.WasIgnored, model.WasReported:
		if !a.Repeated {
			return a
		}
	}
	a.SentAt, a.Met = 0, model.MetNothing
	return a
}

// Shrink drops steps from a history that fails as long as it still fails: first large parts, then single steps.
// It returns the history itself if it does not fail.
func Shrink(h History, fails func(History) bool) History {
	if !fails(h) {
		return h
	}
	for size := max(len(h.Steps)/2, 1); size > 0; size /= 2 {
		for dropped := true; dropped; {
			h, dropped = dropParts(h, size, fails)
		}
	}
	return h
}

// dropParts goes through a history from its end and drops every part of a size without which it still fails.
func dropParts(h History, size int, fails func(History) bool) (shorter History, dropped bool) {
	for from := len(h.Steps) - size; from > -size; from -= size {
		start := max(from, 0)
		candidate := h
		candidate.Steps = slices.Concat(h.Steps[:start], h.Steps[min(start+size, len(h.Steps)):])
		if len(candidate.Steps) < len(h.Steps) && fails(candidate) {
			h, dropped = candidate, true
		}
	}
	return h, dropped
}
