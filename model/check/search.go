package check

import (
	"context"
	"fmt"

	"invitesim/model"
	"invitesim/model/trace"
)

// search looks for an order of the calls of a puzzle that the model explains. It takes the calls up in the order in which they were
// made, keeps those open that may still wait, and has one decided at the latest when its answer came.
type search struct {
	ctx      context.Context
	puzzle   *puzzle
	build    Builder
	player   *player
	would    func(model.Instant, *model.Command) model.Answer
	seconds  []model.Instant
	cursor   cursor
	order    []decided
	choices  []choice
	lasting  bool // some choice may show later
	passed   passed
	places   places
	furthest stuck
	latest   int32 // the call that has no place in the order at hand
	repeated int   // decisions, since the search last came further
	tried    int   // orders in which some call had no place
	untried  int   // choices that were left when the search gave up
	placed   int   // calls that had a place in the order that came furthest
	steps    int
	found    bool
}

// cursor is how far a search has come.
type cursor struct {
	second  int32   // index into seconds
	next    int32   // the first call that was not taken up
	open    []int32 // taken up and not decided
	offered bool    // those that need not be decided in this second were offered to be
}

// decided is a call with the index of the second in which it was decided.
type decided struct{ call, second int32 }

// stuck is a call that has no place in an order that was tried.
type stuck struct {
	call   int32
	next   int32
	answer string // the model's
}

// explain looks for an order of the calls of a puzzle, until it has found one or shown that there is none.
func explain(ctx context.Context, p *puzzle, build Builder) (*search, error) {
	seconds, all := p.seconds()
	s := &search{ctx: ctx, puzzle: p, build: build, seconds: seconds, furthest: stuck{next: -1}}
	s.passed, s.places = passedFor(p), placesOf(p)
	s.lasting = s.passed.watchesAny()
	defer func() {
		if s.player != nil {
			s.player.release()
		}
	}()
	if err := s.begin(0); err != nil || len(p.calls) == 0 {
		s.found = true
		return s, err
	}
	for {
		if found, err := s.run(); found || err != nil {
			s.found = found
			return s, err
		}
		again, err := s.turnBack()
		if err == nil && !again && !all {
			err = fmt.Errorf("%w (a call that took hours gives no at=TIME)", ErrUnknown)
		}
		if !again || err != nil {
			return s, err
		}
	}
}

// begin starts a fresh system and repeats the first n decisions.
func (s *search) begin(n int) error {
	if s.player != nil {
		s.player.release()
		s.player = nil
	}
	p := s.puzzle
	system, err := s.build(p.header.Members, p.header.Start, p.header.Seed, p.policies)
	if err != nil {
		return fmt.Errorf("%s: %w", p.header.Name, err)
	}
	s.player = &player{file: p.header.Name, system: system, policy: p.header.Policy}
	foresees, ok := system.(interface {
		Would(model.Instant, *model.Command) model.Answer
	})
	if !ok {
		return fmt.Errorf("%s: a system that cannot say what it would answer: %w", p.header.Name, ErrOverlap)
	}
	s.would = foresees.Would
	if p.prepare != nil {
		for line := range p.prepare {
			if _, err := s.player.play(&line); err != nil {
				return err
			}
		}
	}
	s.passed.reset(s.cursor.open)
	for i, d := range s.order[:n] {
		if err := alive(s.ctx, i); err != nil {
			return err
		}
		c := &p.calls[d.call]
		s.passed.leave(c, d.call, s.seconds[d.second])
		if c.effect == free {
			continue
		}
		if _, err := s.player.playAt(s.seconds[d.second], p.line(c)); err != nil {
			return err
		}
	}
	s.order = s.order[:n]
	s.repeated += n
	return nil
}

// run goes on until every call is decided, or one cannot be.
func (s *search) run() (found bool, err error) {
	for {
		s.steps++
		if err := alive(s.ctx, s.steps); err != nil {
			return false, err
		}
		fits, done, err := s.step()
		if err != nil || done || !fits {
			return done, err
		}
	}
}

// step takes up a call, has one decided, or goes on to the next second. It does not fit where there is no place for a call.
func (s *search) step() (fits, done bool, err error) {
	c, calls, now := &s.cursor, s.puzzle.calls, s.now()
	if int(c.next) < len(calls) && calls[c.next].first == now {
		if due := s.firstAnswered(func(open *call) bool { return open.answered <= calls[c.next].called }); due >= 0 {
			fits, err = s.force(due)
			return fits, false, err
		}
		return s.takeUp(), false, nil
	}
	if due := s.firstAnswered(func(open *call) bool { return open.last <= now }); due >= 0 {
		fits, err = s.force(due)
		return fits, false, err
	}
	if len(c.open) > 0 && !c.offered {
		c.offered = true
		s.offer()
		return true, false, nil
	}
	if int(c.second) == len(s.seconds)-1 {
		return true, true, nil
	}
	c.second, c.offered = c.second+1, false
	return true, false, nil
}

func (s *search) now() model.Instant { return s.seconds[s.cursor.second] }

// firstAnswered returns the open call whose answer came first, of those that are due; -1 if there is none.
func (s *search) firstAnswered(due func(*call) bool) int32 {
	first := int32(-1)
	for _, i := range s.cursor.open {
		c := &s.puzzle.calls[i]
		if due(c) && (first < 0 || c.answered < s.puzzle.calls[first].answered) {
			first = i
		}
	}
	return first
}

// takeUp opens the next call. It is false where the search has been in the same place before, in vain.
func (s *search) takeUp() bool {
	c := &s.cursor
	if !s.passed.enter(c.next) {
		return false
	}
	s.passed.toggle(c.next)
	c.open = append(c.open, c.next)
	c.next++
	if len(c.open) == 1 && !s.lasting {
		s.choices = s.choices[:0] // whatever was chosen, the calls before are all decided, and leave the same behind
	}
	return true
}

// force has an open call decided, others before it where it needs them.
func (s *search) force(due int32) (fits bool, err error) {
	group := s.group(due)
	if len(group) == 1 {
		return s.decide(due)
	}
	matches, answer := s.matches(due)
	c := &s.puzzle.calls[due]
	if matches && c.effect == free {
		s.close(due)
		return true, nil
	}
	var fitting []int32
	if matches {
		fitting = append(fitting, due)
	}
	for _, i := range group[1:] {
		if s.puzzle.calls[i].effect == free {
			continue
		}
		if fits, _ := s.matches(i); fits {
			fitting = append(fitting, i)
		}
	}
	if len(fitting) == 0 {
		s.failed(due, answer)
		return false, nil
	}
	s.places.first(s.puzzle, fitting)
	if len(fitting) > 1 {
		s.choose(group, fitting[1:])
	}
	return s.decide(fitting[0])
}

// group returns an open call and those of the others whose order with it may matter, directly or through others. The ones
// that meet it are first.
func (s *search) group(of int32) []int32 {
	group := []int32{of}
	if len(s.cursor.open) == 1 {
		return group
	}
	in := make([]bool, len(s.cursor.open))
	for n := 0; n < len(group); n++ {
		c := &s.puzzle.calls[group[n]]
		for at, i := range s.cursor.open {
			if !in[at] && i != of && c.meets(&s.puzzle.calls[i]) {
				in[at] = true
				group = append(group, i)
			}
		}
	}
	return group
}

// offer decides the queries and refusals that fit now, of those that may wait, and remembers which other calls would fit.
func (s *search) offer() {
	var others []int32
	for _, i := range append([]int32(nil), s.cursor.open...) {
		fits, _ := s.matches(i)
		switch {
		case !fits:
		case s.puzzle.calls[i].effect == free:
			s.close(i)
		default:
			others = append(others, i)
		}
	}
	if len(others) > 0 {
		s.choose(others, others)
	}
}

// matches says whether an open call, decided now, would get the answer that was given, and what it would get else.
func (s *search) matches(i int32) (fits bool, answer string) {
	line, now := s.puzzle.line(&s.puzzle.calls[i]), s.now()
	if line.Given == nil {
		return true, ""
	}
	var would played
	if line.Kind == trace.Query {
		would.reply = s.player.system.Ask(now, &line.Command)
	} else {
		would.answer = s.would(now, &line.Command)
	}
	if would.fitsAt(now, line) {
		return true, ""
	}
	return false, would.textAt(now, line)
}

// decide has an open call decided now, and before it the queries and refusals that fit only as long as it is not.
func (s *search) decide(i int32) (fits bool, err error) {
	c := &s.puzzle.calls[i]
	for at := 0; at < len(s.cursor.open); at++ {
		other := s.cursor.open[at]
		if other == i || s.puzzle.calls[other].effect != free || c.effect == free || !c.meets(&s.puzzle.calls[other]) {
			continue
		}
		if fits, _ := s.matches(other); fits {
			s.close(other)
			at--
		}
	}
	line, now := s.puzzle.line(c), s.now()
	answered, err := s.player.playAt(now, line)
	if err != nil {
		return false, err
	}
	if line.Given != nil && !answered.fitsAt(now, line) {
		s.failed(i, answered.textAt(now, line))
		return false, nil
	}
	s.close(i)
	return true, nil
}

// close takes an open call as decided.
func (s *search) close(i int32) {
	for at, open := range s.cursor.open {
		if open == i {
			s.cursor.open = append(s.cursor.open[:at], s.cursor.open[at+1:]...)
			break
		}
	}
	s.passed.toggle(i)
	s.passed.leave(&s.puzzle.calls[i], i, s.now())
	s.order = append(s.order, decided{i, s.cursor.second})
}

// failed remembers a call that had no place, if no order came further.
func (s *search) failed(i int32, answer string) {
	s.latest = i
	s.tried++
	s.placed = max(s.placed, len(s.order))
	if s.cursor.next > s.furthest.next {
		s.furthest = stuck{call: i, next: s.cursor.next, answer: answer}
		s.repeated = 0
	}
}

// violation says which call has no place in any order.
func (s *search) violation() *Violation {
	c := &s.puzzle.calls[s.furthest.call]
	line := *s.puzzle.line(c)
	if line.Given != nil {
		given := *line.Given
		line.Given = &given
	}
	return &Violation{
		File: s.puzzle.header.Name, Line: line, Given: givenText(&line), Answer: s.furthest.answer, Tried: s.tried, Untried: s.untried,
	}
}
