// Package trace is commands as text: one line a command, in decision order, with the answer that was given.
//
//	policy three-week-wait resend.cooldown=21d     # header lines: policy, members, start, seed
//	members 2
//	0s        send 1 2 note      -> sent
//	21d23h    send 1 2           -> cooldown until=22d
//	22d       received 2         -> 1
//
// `T1..T2` was called at T1 and answered at T2, to the nanosecond; the rules see whole seconds. Such lines may overlap and come in the
// order of their calls; `at=T` in the answer is when the system decided. Of two lines of which the first was answered at the instant at
// which the second was called, the first comes first.
//
// A line is `TIME[..TIME] VERB MEMBER [MEMBER] [ARG…] [-> OUTCOME [KEY=VALUE…]]`; `#` starts a comment. Besides commands and
// queries there are `policy` (changes the policy from there) and the set-up lines `connect`, `advance`, `opened` and `outside`, which may
// leave out their time.
package trace

import (
	"fmt"
	"time"

	"invitesim/model"
	"invitesim/model/policies"
)

// Trace is a list of commands with the world that they meet.
type Trace struct {
	Name    string // of the file, for messages
	Policy  model.Policy
	Members uint32
	Start   model.Calendar
	Seed    uint64
	Remarks []string // comment lines and empty lines in and before the header
	Lines   []Line
	Coda    []string // comment lines and empty lines after the last line
}

// defaultSeed is the seed of a trace that names none.
const defaultSeed = 1

// LineKind says what a line does.
type LineKind uint8

// The kinds of line: a command, a query, a change of policy, and set-up.
const (
	Command LineKind = iota
	Query
	PolicyChange
	Connect // two who are connected already: Command.Actor, Command.Peer
	Advance // time passes from Call to Return
	Opened  // when the account of Command.Actor was opened: Opened
	Outside // Count connections of Command.Actor to people who are not in the trace
)

// Line is one line of a trace.
type Line struct {
	Number       int           // in the file, from 1
	Call, Return time.Duration // since the start; equal unless the line says T1..T2
	Kind         LineKind
	Command      model.Command
	Count        uint32
	Opened       model.Instant
	Policy       string    // PolicyChange: the name of a policy, empty to keep the one in force
	Settings     []Setting // PolicyChange
	Given        *Given    // the answer that the line gives, nil for none
	Comment      string
	Remarks      []string // comment lines and empty lines before this one
}

// Setting is one `PATH=VALUE` as it was written.
type Setting struct{ Path, Value string }

// Given is the answer that a line gives. What is not given is not checked.
type Given struct {
	Outcome  model.Outcome // of a command
	HasUntil bool
	Bounded  bool // false for `until=none`: the refusal names no end
	Until    model.Instant
	HasAt    bool
	At       time.Duration // when the system decided
	Reply    []string      // of a query, in the words of FormatReply; of quota perhaps only some
}

// Instant cuts a time since the start to the second in which the rules see it.
func Instant(d time.Duration) model.Instant {
	second := d / time.Second
	if d%time.Second < 0 {
		second--
	}
	return model.Instant(second)
}

// PolicyAfter returns the policy that a line of kind PolicyChange puts in force, given the one before. The errors of all its
// settings are joined.
func (l *Line) PolicyAfter(before model.Policy) (model.Policy, error) {
	after := before
	if l.Policy != "" {
		named, ok := policies.Named(l.Policy)
		if !ok {
			return before, fmt.Errorf("unknown policy %q", l.Policy)
		}
		after = named
	}
	for _, s := range l.Settings {
		if err := after.Set(s.Path, s.Value); err != nil {
			return before, err
		}
	}
	return after, after.Validate()
}

// Policies returns the policy of the header and those that later lines put in force, in order.
func (t *Trace) Policies() ([]model.Policy, error) {
	list := []model.Policy{t.Policy}
	for i := range t.Lines {
		line := &t.Lines[i]
		if line.Kind != PolicyChange {
			continue
		}
		next, err := line.PolicyAfter(list[len(list)-1])
		if err != nil {
			return nil, line.Mistake(t.Name, err.Error())
		}
		list = append(list, next)
	}
	return list, nil
}

// Mistake is one thing that is wrong with a trace. Line and Column count from 1; a column counts characters.
type Mistake struct {
	File         string
	Line, Column int
	Found        string // the word that is wrong, if there is one
	Message      string // what was found, and what was expected
}

// Error is `FILE:LINE:COLUMN: MESSAGE`.
func (m Mistake) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Message)
}

// Doing is a line without its answer and its comment.
func (l *Line) Doing() string {
	bare := *l
	bare.Given, bare.Comment = nil, ""
	return FormatLine(&bare)
}

// Mistake is one of a whole line of a file.
func (l *Line) Mistake(file, message string) Mistake {
	return Mistake{File: file, Line: l.Number, Column: 1, Found: l.Doing(), Message: message}
}

// NotConnectable is the mistake of a line of kind Connect whose two cannot be connected.
func (l *Line) NotConnectable(file string) Mistake {
	return l.Mistake(file, fmt.Sprintf("found connect %d %d, expected two who can be connected: not the same, both there and open, "+
		"not connected, no block, no invitation between them", l.Command.Actor, l.Command.Peer))
}
