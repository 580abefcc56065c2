package store

import "invitesim/model"

// answerName scopes an idempotency key to its sender.
type answerName struct {
	sender model.Member
	key    string
}

func nameOf(c *model.Command) answerName { return answerName{c.Actor, c.Key} }

// answered is what a send with a key was, and what it was answered.
type answered struct {
	content model.Command
	answer  model.Answer
	until   model.Instant
}

// keyLife is how long a key is kept from its first use on (RULES.md, L13).
const keyLife = 24 * model.Hour

// once decides a command, but answers a send whose key was used before as it was answered then.
func (s *Store) once(t model.Instant, c *model.Command, answer *model.Answer) {
	if c.Key == "" || c.Verb != model.Send {
		s.decide(t, c, answer)
		return
	}
	known := false
	if *answer, known = s.repetition(t, c); known {
		return
	}
	s.decide(t, c, answer)
	h := s.shard(c.Actor)
	h.answers[nameOf(c)] = answered{*c, *answer, t.After(keyLife)}
	h.sweepAnswers(t)
}

// repetition returns what a send is answered whose key was used before, and is not over yet.
func (s *Store) repetition(t model.Instant, c *model.Command) (answer model.Answer, known bool) {
	if c.Key == "" || c.Verb != model.Send {
		return answer, false
	}
	kept, ok := s.shard(c.Actor).answers[nameOf(c)]
	switch {
	case !ok || t >= kept.until:
		return answer, false
	case kept.content != *c:
		return model.Answer{Outcome: model.KeyReused, At: t}, true
	}
	return model.Answer{
		Outcome: kept.answer.Outcome, At: t, Until: kept.answer.Until, Bounded: kept.answer.Bounded, Again: kept.answer.Again, Repeated: true,
	}, true
}

// sweepAnswers drops the answers whose keys are over, each time that their number has doubled.
func (h *shard) sweepAnswers(t model.Instant) {
	if len(h.answers) < h.sweepAt {
		return
	}
	for name, kept := range h.answers {
		if t >= kept.until {
			delete(h.answers, name)
		}
	}
	h.sweepAt = 2*len(h.answers) + 1024
}
