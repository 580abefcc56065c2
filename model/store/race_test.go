package store_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"invitesim/model"
	"invitesim/model/internal/histories"
	"invitesim/model/store"
)

// race is a situation in which several callers do one thing each, all at once. What happens is told in the lines of traces,
// separated by semicolons.
type race struct {
	name    string   // the number in RULES.md and a few words
	policy  string   // settings that are not the default's
	before  string   // what happened before
	callers string   // one line each, in order of their instants
	after   string   // what happens, and is asked, afterwards
	allowed []string // the outcomes of the callers, in their order: all that may occur, and each of them does
}

// A field is as many places for one race as have no shard in common, so that what happens in one place has no influence on the
// instants of another. Each place has room for four members.
const (
	places       = 64
	placeMembers = 4
	fieldMembers = places * placeMembers * 4
)

// layouts are how the members of a race are numbered on a field.
const layouts = 3

// numbering returns the member who has a number in the race at a place: neighbours in ascending or descending order,
// each in a shard of their own, or all in one shard.
func numbering(layout, place int, number model.Member) model.Member {
	switch {
	case number == 0:
		return 0
	case layout == 0:
		return model.Member(place*placeMembers) + number
	case layout == 1:
		return model.Member((place+1)*placeMembers) + 1 - number
	}
	return model.Member(place+1) + (number-1)*places*placeMembers
}

// numberOf is the inverse of numbering.
func numberOf(layout, place int, m model.Member) model.Member {
	for number := range model.Member(placeMembers + 1) {
		if numbering(layout, place, number) == m {
			return number
		}
	}
	return m
}

// TestRaces runs every race of RULES.md that needs two callers, thousands of times: goroutines that are released together give
// their commands to one store. What they are answered, and everything that can be asked afterwards, must be what the oracle gives
// for one order of the commands; only the outcomes of the table may occur, and each of them must. Who comes first is drawn from
// seeds and left to chance; the test goes on until every outcome was seen.
func TestRaces(t *testing.T) {
	least, most := 32, 640
	if testing.Short() {
		least = 4
	}
	for _, r := range races() {
		t.Run(r.name, func(t *testing.T) {
			s := parseSituation(t, &r)
			endings := s.endings()
			seen := map[string]int{}
			field := 0
			for field < least || len(seen) < len(r.allowed) && field < most {
				problem := s.play(t, uint64(field), endings, seen)
				field++
				if problem != "" {
					t.Fatalf("after %d commands: %s", field*places*len(s.callers), problem)
				}
			}
			for _, outcomes := range r.allowed {
				if seen[outcomes] == 0 {
					t.Errorf("after %d commands: found no %q, expected it among %v", field*places*len(s.callers), outcomes, seen)
				}
			}
			t.Logf("%d times: %v", field*places, seen)
		})
	}
}

// play runs a race once in every place of a fresh store, and returns what is wrong with how it went.
func (s *situation) play(t *testing.T, seed uint64, endings map[string][]course, seen map[string]int) (problem string) {
	system, err := store.New(t.Context(), store.Options{
		Members: fieldMembers, Calendar: model.Calendar{Start: model.DefaultStart}, Policies: []model.Policy{s.policy},
		Notices: true, Audit: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer system.Release()
	layout := int(seed % layouts)
	everywhere(system, s.before, layout)
	courses := s.release(system, layout, seed)
	afterwards := everywhere(system, slices.Concat(s.after, s.questions()), layout)
	for place := range places {
		c := append(courses[place], afterwards[place]...)
		for n := range c {
			renumber(&c[n].Reply, layout, place)
		}
		if problem := cmp.Or(s.violations(system, layout, place), s.explain(c, endings)); problem != "" {
			return fmt.Sprintf("field %d, place %d: %s", seed, place, problem)
		}
		seen[c.outcomes(s)]++
	}
	return strings.Join(system.Edges(), "; ")
}

// everywhere does steps at all places, each step everywhere before the next, because instants of a store do not go back.
func everywhere(system *store.Store, steps []histories.Step, layout int) []course {
	courses := make([]course, places)
	for n := range steps {
		for place := range places {
			courses[place] = append(courses[place], at(&steps[n], layout, place).Apply(system))
		}
	}
	return courses
}

// at returns a step with the members of a place.
func at(s *histories.Step, layout, place int) *histories.Step {
	step := *s
	step.Command.Actor = numbering(layout, place, s.Command.Actor)
	step.Command.Peer = numbering(layout, place, s.Command.Peer)
	return &step
}

// release lets the callers loose on all places of a system, one place after the other, and returns what they were answered.
func (s *situation) release(system *store.Store, layout int, seed uint64) []course {
	courses := make([]course, places)
	for place := range courses {
		courses[place] = make(course, len(s.callers))
	}
	var gate atomic.Int64
	var all sync.WaitGroup
	for caller := range s.callers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(seed, uint64(caller)))
			for place := range places {
				step := at(&s.callers[caller], layout, place)
				gate.Add(1)
				await(&gate, int64((place+1)*len(s.callers)))
				dawdle(random)
				courses[place][caller] = step.Apply(system)
			}
		})
	}
	all.Wait()
	return courses
}

// await waits until all callers have come to a place. Its patience has an end: on a busy machine the others may not be running at all.
func await(gate *atomic.Int64, all int64) {
	for patience := 0; gate.Load() < all && patience < 1050; patience++ {
		if patience > 1000 {
			runtime.Gosched()
		}
	}
}

// dawdle lets others go first, now and then: for a part of a command's time, or where there is one processor only, for a turn.
func dawdle(random *rand.Rand) {
	switch random.IntN(8) {
	case 0, 1:
		runtime.Gosched()
	case 2, 3, 4:
		for range random.IntN(400) {
			atomic.AddInt64(new(int64), 1)
		}
	}
}

// violations says which invariants do not hold for the members of a place at the end.
func (s *situation) violations(system *store.Store, layout, place int) string {
	var all []string
	for number := range s.members {
		_, broken := system.Violations(s.end(), numbering(layout, place, number+1))
		all = append(all, broken...)
	}
	return strings.Join(all, "; ")
}

// renumber puts the numbers of the race into a reply.
func renumber(r *model.Reply, layout, place int) {
	for n := range r.Rows {
		r.Rows[n].Peer = numberOf(layout, place, r.Rows[n].Peer)
	}
	for n := range r.Notices {
		r.Notices[n].Peer = numberOf(layout, place, r.Notices[n].Peer)
	}
}

// explain says in what the course of a race differs from those that its outcomes allow, "" if it is one of them.
func (s *situation) explain(c course, endings map[string][]course) (problem string) {
	outcomes := c.outcomes(s)
	allowed, ok := endings[outcomes]
	if !ok {
		return fmt.Sprintf("found the outcomes %q, which no order of the callers gives", outcomes)
	}
	if slices.ContainsFunc(allowed, c.equals) {
		return ""
	}
	return fmt.Sprintf("outcomes %q:\n%s", outcomes, c.differs(s, allowed[0]))
}

// course is what a system answered to the callers of a race, to what came after, and to every question at the end.
type course []histories.Response

// outcomes returns what the callers were answered, in words.
func (c course) outcomes(s *situation) string {
	words := make([]string, len(s.callers))
	for n := range s.callers {
		words[n] = answered(&s.callers[n], &c[n])
	}
	return strings.Join(words, " ")
}

func (c course) equals(other course) bool {
	return slices.EqualFunc(c, other, func(a, b histories.Response) bool { return sameResponse(&a, &b) })
}

// sameResponse says whether two responses agree in all that a caller is told, but the instant of the decision.
func sameResponse(a, b *histories.Response) bool {
	return a.OK == b.OK && a.Answer.Outcome == b.Answer.Outcome && a.Answer.Until == b.Answer.Until &&
		a.Answer.Bounded == b.Answer.Bounded && a.Reply.Relation == b.Reply.Relation && a.Reply.Quota == b.Reply.Quota &&
		a.Reply.Connections == b.Reply.Connections && slices.Equal(a.Reply.Rows, b.Reply.Rows) &&
		slices.Equal(a.Reply.Notices, b.Reply.Notices)
}
