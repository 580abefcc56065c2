// Package model holds the rules of the invitation system: words, policy, and one pure decision a command.
package model
