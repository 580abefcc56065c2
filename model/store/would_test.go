package store_test

import (
	"testing"

	"invitesim/model"
	"invitesim/model/internal/histories"
	"invitesim/model/store"
)

// foresees asks before each command what the answer would be, to it and to its mirror image, which is not done.
type foresees struct {
	*store.Store
	t *testing.T
}

func (f foresees) Do(t model.Instant, c *model.Command) model.Answer {
	mirrored := *c
	mirrored.Actor, mirrored.Peer = c.Peer, c.Actor
	f.Would(t, &mirrored)
	would := f.Would(t, c)
	answer := f.Store.Do(t, c)
	if would != answer {
		f.t.Errorf("%s %s %s %d: would be %+v, is %+v", t, c.Verb, c.Actor, c.Peer, would, answer)
	}
	return answer
}

// TestWouldIsWhatDoAnswers holds a store that is asked beforehand against one that is not: it foresees every answer, and nothing
// comes of the question.
func TestWouldIsWhatDoAnswers(t *testing.T) {
	for seed := range uint64(300) {
		h := histories.Random(seed+1, 200)
		plain, asked := newStore(t, h), newStore(t, h)
		if difference := histories.Compare(h, plain, foresees{asked, t}); difference != nil {
			t.Errorf("seed %d: %s", seed+1, difference)
		}
		plain.Release()
		asked.Release()
	}
}
