package store

import "invitesim/model"

// answerName scopes an idempotency key to its sender.
type answerName struct {
	sender model.Member
	key    string
}

// answered is what a send with a key was, and what it was answered.
type answered struct {
	content model.Command
	answer  model.Answer
	until   model.Instant
}

// keyLife is how long a key is kept from its first use on (spec 7).
const keyLife = 24 * model.Hour

// once decides a command, but answers a send whose key was used before as it was answered then.
func (s *Store) once(t model.Instant, c *model.Command, answer *model.Answer) {
	if c.Key == "" || c.Verb != model.Send {
		s.decide(t, c, answer)
		return
	}
	h := s.shard(c.Actor)
	name := answerName{c.Actor, c.Key}
	if kept, ok := h.answers[name]; ok && t < kept.until {
		if kept.content != *c {
			*answer = model.Answer{Outcome: model.KeyReused, At: t}
			return
		}
		*answer = kept.answer
		answer.At = t
		return
	}
	s.decide(t, c, answer)
	h.answers[name] = answered{*c, *answer, t.After(keyLife)}
	h.sweepAnswers(t)
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
