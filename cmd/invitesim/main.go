// Invitesim simulates the invitations of a professional network: a scenario file goes in, a truthful report comes out.
// Run `invitesim help` for the verbs.
package main

import "os"

func main() {
	os.Exit(run(interruptible(), os.Args, os.Stdin, os.Stdout, os.Stderr, os.Environ()))
}
