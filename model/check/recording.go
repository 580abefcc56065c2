package check

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"invitesim/model"
	"invitesim/model/trace"
)

// Recording is what several workers asked of one system at the same time, and what it answered. Each worker writes to a Recorder of
// its own; the rest is for after the run.
type Recording struct{ recorders []*Recorder }

// NewRecording returns an empty recording of so many workers, at least 1.
func NewRecording(workers int) *Recording {
	r := &Recording{}
	for range workers {
		r.recorders = append(r.recorders, &Recorder{})
	}
	return r
}

// Worker returns the recorder of a worker, 0 up to the number of workers less one.
func (r *Recording) Worker(i int) *Recorder { return r.recorders[i] }

// Len returns how many commands, looks at lists and changes of policy were recorded.
func (r *Recording) Len() int {
	n := 0
	for _, w := range r.recorders {
		n += w.len()
	}
	return n
}

// Unkept returns how many looks at lists were not recorded because there was no room for their rows.
func (r *Recording) Unkept() int {
	n := 0
	for _, w := range r.recorders {
		n += w.unkept
	}
	return n
}

// SetUp is the world that a recording begins in.
type SetUp struct {
	Name    string // for messages
	Policy  model.Policy
	Members uint32
	Start   model.Calendar
	Seed    uint64
	// Lines are what was done before the first recorded command, in order: set-up lines, and commands such as `inbound`. They are
	// gone through more than once; nil for none.
	Lines iter.Seq[trace.Line]
}

// Explain looks for an order of the recorded calls that respects calls and answers in which every answer is the model's, each
// decided at its instant. A deadline of ctx is the budget: past it the error is ErrUnknown; a cancelled ctx gives its error. Other errors
// are those of the builder, and a trace.Mistake for a set-up that cannot be. With an error there are the figures alone.
func (r *Recording) Explain(ctx context.Context, setUp SetUp, build Builder) (*Explanation, error) {
	h := r.merge()
	p := h.puzzle(setUp)
	if contradiction := p.narrow(); contradiction != nil {
		return &Explanation{Figures: p.figures, Violation: h.contradicting(p, contradiction, setUp)}, nil
	}
	p.sort()
	s, err := explain(ctx, p, build)
	p.countPlaced(s)
	e := &Explanation{Figures: p.figures}
	switch {
	case err != nil:
		return e, err
	case !s.found:
		e.Violation = h.violation(ctx, s, setUp, build)
		return e, nil
	case !s.carriedOver():
		return e, fmt.Errorf("%w (the order within one second was not tried together with that within the next)", ErrUnknown)
	}
	e.puzzle, e.seconds, e.order, e.setUp, e.build = p, s.seconds, s.order, setUp, build
	return e, nil
}

// chunk is how many calls are written before a recorder takes new memory: rarely enough for no percentile to see it.
const chunk = 4096

// Recorder is one worker's part of a recording. One goroutine at a time may use it.
type Recorder struct {
	full     [][]recorded
	last     []recorded   // of capacity chunk
	spare    [][]recorded // empty, in memory that is there already
	keys     []string
	policies []model.Policy
	rows     [][]listed // of the lists, each list in one part
	unkept   int        // lists that were not recorded
	_        [64]byte   // keeps the counts of neighbours on different cache lines
}

// recorded is one call in 48 bytes.
type recorded struct {
	call, answered int64 // nanoseconds since the start of the run
	at, until      uint32
	actor, peer    model.Member
	subject        uint32 // of a list: how many rows
	aside          uint32 // 1 + index of the key, the policy or the first row, 0 for none
	note           uint16
	verb           model.Verb
	outcome        model.Outcome
	flags          flags
	kind           model.Kind
}

type flags uint8

const (
	flagEmail flags = 1 << iota
	flagBounded
	flagSetting // two bits
	_
	flagPolicy // a change of policy
)

// neverStamp is the until that no clock reaches.
const neverStamp = math.MaxUint32

// Record keeps a command, when it was called and answered, in nanoseconds since the start of the run, and its answer. The instant of
// the decision is the answer's. Commands of one recorder come in the order of their calls.
func (r *Recorder) Record(call, answered int64, c *model.Command, a *model.Answer) {
	next := r.next()
	*next = recorded{
		call: call, answered: answered, at: uint32(a.At), until: uint32(min(a.Until, neverStamp)),
		actor: c.Actor, peer: c.Peer, subject: c.Subject, note: c.Note, verb: c.Verb, kind: c.Kind, outcome: a.Outcome,
		flags: flags(c.Setting) * flagSetting,
	}
	if c.Email {
		next.flags |= flagEmail
	}
	if a.Bounded {
		next.flags |= flagBounded
	}
	if c.Key != "" {
		r.keys = append(r.keys, c.Key)
		next.aside = uint32(len(r.keys))
	}
}

// RecordPolicy keeps a change of policy: when the call began and ended, in nanoseconds since the start of the run, and the instant
// from which on the policy is in force. One recorder keeps them all.
func (r *Recorder) RecordPolicy(call, done int64, at model.Instant, p model.Policy) {
	r.policies = append(r.policies, p)
	*r.next() = recorded{call: call, answered: done, at: uint32(at), flags: flagPolicy, aside: uint32(len(r.policies))}
}

// next returns the place of the next call.
func (r *Recorder) next() *recorded {
	n := len(r.last)
	if n == cap(r.last) {
		if n > 0 {
			r.full = append(r.full, r.last)
		}
		r.last, n = r.empty(), 0
	}
	r.last = r.last[:n+1]
	return &r.last[n]
}

// empty returns memory for a chunk.
func (r *Recorder) empty() []recorded {
	if n := len(r.spare); n > 0 {
		part := r.spare[n-1]
		r.spare = r.spare[:n-1]
		return part
	}
	return make([]recorded, 0, chunk)
}

// Reserve takes the memory for so many more commands at once, so that recording them takes none: the first touch of a page costs more
// than the record that is written there.
func (r *Recorder) Reserve(commands int) {
	for range (commands + chunk - 1) / chunk {
		part := make([]recorded, chunk)
		for i := range part {
			part[i].answered = -1
		}
		r.spare = append(r.spare, part[:0])
	}
}

func (r *Recorder) len() int { return len(r.full)*chunk + len(r.last) }

// history is a recording in the order in which it is checked and written: by decision, then by call.
type history struct {
	recorded []recorded
	keys     []string
	policies []model.Policy
	rows     [][]listed // in parts of rowsPart
}

// part is a chunk of a recording, with the seconds of its first and last decision.
type part struct {
	recorded             []recorded
	first, last          uint32
	keys, policies, rows uint32 // how many there are of other recorders in the history before those that the chunk names
}

// parts returns the history of all workers without its calls, and those.
func (r *Recording) parts() (*history, []part) {
	h := &history{}
	var parts []part
	for _, w := range r.recorders {
		for _, chunk := range append(w.full[:len(w.full):len(w.full)], w.last) {
			p := part{recorded: chunk, first: math.MaxUint32, keys: uint32(len(h.keys)), policies: uint32(len(h.policies)), rows: uint32(len(h.rows) * rowsPart)}
			for i := range chunk {
				p.first, p.last = min(p.first, chunk[i].at), max(p.last, chunk[i].at)
			}
			parts = append(parts, p)
		}
		h.keys = append(h.keys, w.keys...)
		h.policies = append(h.policies, w.policies...)
		h.rows = append(h.rows, w.rows...)
	}
	return h, parts
}

// merge puts the parts together.
func (r *Recording) merge() *history {
	h, parts := r.parts()
	h.recorded = make([]recorded, 0, r.Len())
	h.take(parts, 0, beyond)
	return h
}

// beyond is a second after all decisions.
const beyond = math.MaxUint32 + 1

// take makes the calls that were decided from one second up to another those of the history.
func (h *history) take(parts []part, from, until int64) {
	h.recorded = h.recorded[:0]
	for i := range parts {
		p := &parts[i]
		if int64(p.first) >= until || int64(p.last) < from {
			continue
		}
		for _, one := range p.recorded {
			if int64(one.at) >= from && int64(one.at) < until {
				h.recorded = append(h.recorded, p.ofAll(one))
			}
		}
	}
	slices.SortStableFunc(h.recorded, func(a, b recorded) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.place(), b.place()))
	})
}

// ofAll returns a call of the part as one of the history.
func (p *part) ofAll(one recorded) recorded {
	switch {
	case one.flags&flagPolicy != 0:
		one.aside += p.policies
	case one.verb.IsQuery() && one.aside > 0:
		one.aside += p.rows
	case one.aside > 0:
		one.aside += p.keys
	}
	return one
}

// place orders the calls of one second: a change of policy by its end, so that every call that may have come before it does.
func (r *recorded) place() int64 {
	if r.flags&flagPolicy != 0 {
		return r.answered
	}
	return r.call
}
