package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"
)

func helpVerb() verb {
	v := verb{
		name: "help", arguments: "[VERB]",
		purpose:  "what the program does, or one of its verbs",
		examples: []string{"invitesim help", "invitesim help run"},
		complete: func([]string) []string { return verbNames() },
	}
	v.declare = func(c *call, _ *pflag.FlagSet) action {
		return func(_ context.Context, args []string) error {
			if err := v.wantArguments(args, 0, 1); err != nil {
				return err
			}
			if len(args) == 0 {
				printHelp(c.stdout)
				return nil
			}
			about, err := findVerb(args[0])
			if err != nil {
				return err
			}
			c.printVerbHelp(about)
			return nil
		}
	}
	return v
}

func verbNames() []string {
	var names []string
	for _, v := range verbs() {
		names = append(names, v.name)
	}
	return names
}

// printHelp prints what the program does, its verbs and its exit codes.
func printHelp(out io.Writer) {
	fmt.Fprintln(out, "invitesim simulates the invitations of a professional network: who sends how many, what becomes of them, and")
	fmt.Fprintln(out, "whom the limits refuse. A scenario file goes in, a report with charts comes out.")
	fmt.Fprintln(out, "\nUsage: invitesim VERB …")
	fmt.Fprintln(out, "\nVerbs:")
	for _, v := range verbs() {
		fmt.Fprintf(out, "  %s %s\n", column(v.usage(), 26), v.purpose)
	}
	fmt.Fprintln(out, "\nSCENARIO is a file, - for stdin, or the name of a shipped one (`invitesim scenario list`).")
	fmt.Fprintln(out, "`invitesim VERB -h` explains the flags of a verb, with units and an example. Every flag can also come from the")
	fmt.Fprintln(out, "environment, as INVITESIM_ and its name (INVITESIM_SEED=7), one that can be repeated takes a value a line; a flag wins")
	fmt.Fprintln(out, "over the environment, and the environment over the file. NO_COLOR switches colours off.")
	fmt.Fprintln(out, "\nExit codes:")
	for _, code := range exitMeanings() {
		fmt.Fprintf(out, "  %3d  %s\n", code.code, code.meaning)
	}
	fmt.Fprintln(out, "When several apply: 122, else 1, else 120, else the highest. The first Ctrl-C ends a run in good order, the second")
	fmt.Fprintln(out, "at once.")
	fmt.Fprintln(out, "\nFor a start: invitesim run steady-week")
}

// column fills a word up to a width. One that is wider ends its line, and the next one begins so far in, under those of other words.
func column(word string, width int) string {
	if utf8.RuneCountInString(word) > width {
		return word + "\n" + strings.Repeat(" ", width+2)
	}
	return fmt.Sprintf("%-*s", width, word)
}

// printVerbHelp prints the usage, the flags and the examples of a verb.
func (c *call) printVerbHelp(v verb) {
	flags, _ := v.flagSet(&call{})
	fmt.Fprintf(c.stdout, "invitesim %s: %s\n", v.name, v.purpose)
	fmt.Fprintf(c.stdout, "\nUsage: %s\n", "invitesim "+v.usage()+" [flags]")
	if v.about != "" {
		fmt.Fprintf(c.stdout, "\n%s\n", v.about)
	}
	fmt.Fprintf(c.stdout, "\nFlags (each also from the environment, such as %s):\n%s", environmentName("quiet"), flags.FlagUsagesWrapped(118))
	c.printLaterFlags(flags)
	fmt.Fprintf(c.stdout, "\nExamples:\n")
	for _, example := range v.examples {
		fmt.Fprintf(c.stdout, "  %s\n", example)
	}
}

func (c *call) printLaterFlags(flags *pflag.FlagSet) {
	var names []string
	flags.VisitAll(func(f *pflag.Flag) {
		if _, ok := f.Value.(*laterValue); ok {
			names = append(names, "--"+f.Name)
		}
	})
	if len(names) > 0 {
		fmt.Fprintf(c.stdout, "Not in this version: %s\n", strings.Join(names, ", "))
	}
}
