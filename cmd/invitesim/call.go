package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"invitesim/reports/terminal"
)

// call is one call of the program: its streams, its environment, and what is needed to print a line that repeats it.
type call struct {
	program string // as it was called
	stdin   io.Reader
	cut     bool  // a reading was interrupted
	files   fs.FS // of the disk, of which an interruption ends the reading
	stdout  *recordingWriter
	stderr  io.Writer
	environ []string // NAME=value each
	quiet   bool

	verb     string         // "" until it is known
	words    []string       // all arguments after the program
	borrowed []string       // flags that the environment has given, spelled out
	flags    *pflag.FlagSet // nil until all of them have been taken
}

// run carries out one call of the program, whose name is the first of the arguments, and returns the exit code. The environment has a
// NAME=value in each entry.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, environ []string) int {
	c := &call{
		program: args[0], words: args[1:],
		stdout: &recordingWriter{to: stdout}, stderr: stderr, environ: environ,
	}
	c.stdin, c.files = &input{ctx, stdin, &c.cut}, disk{ctx, &c.cut}
	err := orBrokenOff(func() error { return c.dispatch(ctx) })
	if err == nil && c.stdout.err != nil {
		err = fmt.Errorf("standard output: %w", c.stdout.err)
	}
	if err != nil {
		c.explain(err)
	}
	return exitCode(err)
}

// orBrokenOff calls something. Where the program itself breaks off in it, that is an error like others: Go's own exit code for it means something else.
func orBrokenOff(do func() error) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("the program broke off: %v\n%s", broken, debug.Stack())
		}
	}()
	return do()
}

// dispatch finds the verb and carries it out.
func (c *call) dispatch(ctx context.Context) error {
	if len(c.words) == 0 {
		return mistake("a verb is missing: `%s help` lists them", c.program)
	}
	name, args := c.words[0], c.words[1:]
	switch {
	case name == completeVerb:
		c.printCandidates(args)
		return nil
	case name == "-h" || name == "--help":
		name = "help"
	case name == "--version":
		name = "version"
	case strings.HasPrefix(name, "-"):
		return mistake("flag %s stands before the verb: expected `%s VERB … %s`", name, c.program, name)
	}
	v, err := findVerb(name)
	if err != nil {
		return err
	}
	c.verb = v.name
	flags, action := v.flagSet(c)
	err = flags.Parse(args)
	if errors.Is(err, pflag.ErrHelp) {
		c.printVerbHelp(v)
		return nil
	}
	if err != nil {
		return v.flagMistake(flags, err)
	}
	c.warnOfStrangers()
	if err := c.setFromEnvironment(flags); err != nil {
		return err
	}
	if err := emptyFlag(flags); err != nil {
		return err
	}
	if err := laterFlagGiven(flags); err != nil {
		return err
	}
	c.flags = flags
	return action(ctx, flags.Args())
}

// explain says on stderr what went wrong, and ends with a line that can be pasted to see it again.
func (c *call) explain(err error) {
	for _, each := range flatten(err) {
		var usable *unusable
		if errors.As(each, &usable) {
			fmt.Fprintln(c.stderr, usable.Error()) // each line begins with file, line and column
			continue
		}
		fmt.Fprintf(c.stderr, "%s: %v\n", strings.TrimSpace("invitesim "+c.verb), each)
	}
	if exitCode(err) == exitUsage && c.verb != "" {
		fmt.Fprintf(c.stderr, "the flags and an example: %s %s -h\n", c.program, c.verb)
	}
	fmt.Fprintf(c.stderr, "to see it again:\n%s\n", c.commandLine())
}

// unusable are the mistakes of a file, one a line, each with file, line and column.
type unusable struct{ mistakes string }

func (u *unusable) Error() string { return u.mistakes }

// cannotUse returns the failure for a file with mistakes.
func cannotUse(mistakes error) error {
	return &failure{exitUnusable, &unusable{strings.TrimRight(mistakes.Error(), "\n")}}
}

func flatten(err error) []error {
	if several, ok := err.(problems); ok {
		return several
	}
	return []error{err}
}

// commandLine returns the call as one line for a shell, flags from the environment spelled out. Flags that could not be taken stand as they
// were given.
func (c *call) commandLine() string {
	if c.flags != nil {
		return c.commandLineFor(c.program, c.flags.Args()...)
	}
	verb := min(1, len(c.words))
	return quoteAll(slices.Concat([]string{c.program}, c.words[:verb], c.borrowed, c.words[verb:]))
}

// commandLineFor returns the call of a program with the verb and the flags of this one, and with these arguments.
func (c *call) commandLineFor(program string, args ...string) string {
	words := []string{program, c.verb}
	var flags []string
	c.flags.Visit(func(f *pflag.Flag) { flags = append(flags, spellFlag(f)...) })
	if slices.ContainsFunc(args, looksLikeFlag) {
		return quoteAll(slices.Concat(words, flags, []string{"--"}, args))
	}
	return quoteAll(slices.Concat(words, args, flags))
}

// looksLikeFlag says whether an argument has to stand behind `--`, so that it is not taken for a flag.
func looksLikeFlag(arg string) bool { return strings.HasPrefix(arg, "-") && arg != "-" }

// quoteAll returns words as a line for a shell.
func quoteAll(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = terminal.ShellWord(word)
	}
	return strings.Join(quoted, " ")
}

// spellFlag returns the arguments that set a flag to the value that it has.
func spellFlag(f *pflag.Flag) []string {
	if list, ok := f.Value.(pflag.SliceValue); ok {
		var words []string
		for _, value := range list.GetSlice() {
			words = append(words, "--"+f.Name+"="+value)
		}
		return words
	}
	if f.Value.Type() == "bool" && f.Value.String() == "true" {
		return []string{"--" + f.Name}
	}
	return []string{"--" + f.Name + "=" + f.Value.String()}
}

// recordingWriter remembers the first error of a stream, so that a full disk behind stdout does not pass for success.
type recordingWriter struct {
	to  io.Writer
	err error
}

func (w *recordingWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}
