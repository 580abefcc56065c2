// Package scenarios reads scenario files: YAML that says who the people are, what they do and by which policy, and becomes a sim.Plan.
//
// Reading is strict. Every mistake in a file, in what it extends and in the flags that change it is found in one pass, and says where it is, what
// was found there and what was expected. Nothing is guessed: what is left out does not happen.
//
// The package carries the shipped library, the JSON Schema of the language and a commented file to start from. All three, like the reader,
// follow one table of the language's fields (grammar.go).
package scenarios
