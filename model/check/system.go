// Package check says whether a trace is explainable by the rules.
//
// Lines that come in turn are run through a system one by one. Where calls overlap, there must be an order of them that respects
// calls and answers (a call that was answered before another was made comes before it) in which every answer is the model's, each
// decided in the second that it names, or, where it names none, in some second between call and answer.
//
// # The search
//
// Seconds are gone through in order, and calls are taken up in the order in which they were made. A call that was taken up stays open
// until its answer came; then it is decided at the latest (the idea of Lowe, Testing for linearizability, 2017). Almost always nothing
// open shares a member with it, so that its place does not matter, and it goes through the store like a line of an ordinary trace.
// Otherwise the system is asked what it would answer (Would, a question without effect):
//
//   - Queries and refusals change nothing. They are decided as soon as they fit, at the latest before a call that may change that.
//   - Of the rest that fit, the one whose answer came first is decided, and the others are remembered as a choice.
//   - If none fits, the search goes back to the latest choice that can have to do with it: one of calls that share members and
//     overlap, directly or through others, or one whose order a list or an ordered figure may show later. A fresh system
//     repeats what was decided before, and another of the calls comes first.
//
// Calls that share no member commute, and the same calls with the same answers leave the same behind in whatever order they
// were decided (but for the order of lists and the like, which is part of the place), so a search that comes to a place where another was in vain ends there.
// A general checker keeps a state for each order that it tries; a system of a million members cannot be copied for that. Going through
// the store once, with a question where calls meet, costs little more than running the commands, whether the members
// of a trace fall apart into small groups or hang together. In tests it is held against porcupine, which tries every order.
// Where a list shows later in which order overlapping calls sent its invitations, that order is tried first.
//
// # Recordings
//
// A Recording has two clocks: its own, for calls and answers, and the people's, for decisions. Calls that share a member are decided in the
// order of their seconds, so the seconds bound when, by the first clock, each was decided; what contradicts itself there is found before the search,
// which gets the bounds. The text of a recording has the people's clock alone.
//
// # Verdicts
//
// An order that was found is a proof. That there is none is proven where all orders that can matter were tried; a search that gives up before
// says how many it tried and how many choices are left (Violation). What it could not decide in its time is unknown, and it says how far it came.
package check

import "invitesim/model"

// System is anything that carries out commands by the rules: the oracle and the store. Instants never go back.
type System interface {
	// Do decides a command at an instant.
	Do(t model.Instant, c *model.Command) model.Answer
	// Ask answers a query at an instant.
	Ask(t model.Instant, c *model.Command) model.Reply
	// ChangePolicy puts a policy in force from an instant on.
	ChangePolicy(t model.Instant, p model.Policy)
	// Connect sets up a connection that exists already. It is false where the two cannot be connected (RULES.md, L15).
	Connect(t model.Instant, a, b model.Member) bool
	// Outside sets up n connections of a member to people who are not in the system; they add up.
	Outside(a model.Member, n uint32)
	// Opened sets up when a member's account was opened.
	Opened(a model.Member, at model.Instant)
}
