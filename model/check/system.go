// Package check says whether a trace is explainable by the rules.
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
