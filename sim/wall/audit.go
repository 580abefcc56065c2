package wall

import (
	"time"

	"invitesim/model"
)

const (
	// auditEvery is how long the auditor pauses, and auditChunk how many members it recounts in between.
	auditEvery = 2 * time.Millisecond
	auditChunk = 8
	// fewSentences is how many violations are told in words.
	fewSentences = 5
)

// audit recounts members while the run goes on: each with all that concerns them held still for that moment.
func (c *crew) audit() {
	for m := model.Member(1); ; {
		for range auditChunk {
			c.recount(m)
			if m++; uint32(m) > c.plan.Members() {
				m = 1
			}
		}
		if !c.sleep(time.Duration(c.clock.now()) + auditEvery) {
			return
		}
	}
}

// recount looks at the invariants of one member. The instant is that of the last decision on them: an earlier one is told, which
// the store replaces.
func (c *crew) recount(m model.Member) {
	evaluated, broken := c.store.Violations(0, m)
	c.guard.Lock()
	defer c.guard.Unlock()
	c.invariants.Evaluated += uint64(evaluated)
	c.invariants.Violations += uint64(len(broken))
	if len(c.sentences) < fewSentences {
		c.sentences = append(c.sentences, broken...)
	}
}
