package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// completeVerb is what the scripts of completion call: it is for them alone, so no help lists it.
const completeVerb = "__complete"

const bashCompletion = `# Completion of invitesim for bash: source <(invitesim completion bash)
_invitesim() {
	local IFS=$'\n'
	COMPREPLY=($("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _invitesim invitesim
`

const zshCompletion = `#compdef invitesim
# Completion of invitesim for zsh: source <(invitesim completion zsh)
_invitesim() {
	local -a found
	found=("${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
	if [[ -n "${found[1]}" ]]; then
		compadd -- "${found[@]}"
	else
		_files
	fi
}
compdef _invitesim invitesim
`

const fishCompletion = `# Completion of invitesim for fish: invitesim completion fish | source
function __invitesim_candidates
	set -l words (commandline -opc) (commandline -ct)
	$words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c invitesim -a '(__invitesim_candidates)'
`

func completionVerb() verb {
	shells := []string{"bash", "zsh", "fish"}
	v := verb{
		name: "completion", arguments: "SHELL",
		purpose:  "a script that completes verbs, flags and names in bash, zsh or fish",
		examples: []string{"source <(invitesim completion bash)", "invitesim completion fish | source"},
		complete: func([]string) []string { return shells },
	}
	v.declare = func(c *call, _ *pflag.FlagSet) action {
		return func(_ context.Context, args []string) error {
			if err := v.wantArguments(args, 1, 1); err != nil {
				return err
			}
			shell, _, err := v.subverb(args, shells...)
			if err != nil {
				return err
			}
			fmt.Fprint(c.stdout, map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[shell])
			return nil
		}
	}
	return v
}

// printCandidates prints what the last of the words may become, one a line.
func (c *call) printCandidates(words []string) {
	for _, word := range candidates(words) {
		fmt.Fprintln(c.stdout, word)
	}
}

// candidates returns what the last of the words may become. Shells may cut `--flag=value` into three words.
func candidates(words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	last, before := words[len(words)-1], words[:len(words)-1]
	if last == "=" {
		last, before = "", words
	}
	if len(before) == 0 {
		return startingWith(last, verbNames())
	}
	v, err := findVerb(before[0])
	if err != nil {
		return nil
	}
	flags, _ := v.flagSet(&call{})
	if flag := pendingFlag(flags, before); flag != nil {
		return startingWith(last, flagValues(flag))
	}
	if name, value, ok := strings.Cut(last, "="); ok && strings.HasPrefix(name, "--") {
		return flagAssignments(flags, name, value)
	}
	if strings.HasPrefix(last, "-") {
		return startingWith(last, flagNames(flags))
	}
	if v.complete == nil {
		return nil
	}
	return startingWith(last, v.complete(before[1:]))
}

// pendingFlag returns the flag whose value the next word is, or nil.
func pendingFlag(flags *pflag.FlagSet, before []string) *pflag.Flag {
	last := before[len(before)-1]
	if last == "=" && len(before) > 1 {
		last = before[len(before)-2]
	}
	flag := flags.Lookup(strings.TrimPrefix(last, "--"))
	if !strings.HasPrefix(last, "--") || flag == nil || flag.Value.Type() == "bool" {
		return nil
	}
	return flag
}

// flagValues returns the words that a flag takes, as far as they are a short list.
func flagValues(flag *pflag.Flag) []string {
	if words, ok := flag.Value.(*choice); ok {
		return words.allowed
	}
	switch flag.Name {
	case "policy":
		return policyNames()
	case "charts":
		return []string{"svg", "svg,png", "svg,pdf", "svg,png,pdf", "none"}
	}
	return nil
}

func flagAssignments(flags *pflag.FlagSet, name, value string) []string {
	flag := flags.Lookup(strings.TrimPrefix(name, "--"))
	if flag == nil {
		return nil
	}
	var words []string
	for _, each := range startingWith(value, flagValues(flag)) {
		words = append(words, name+"="+each)
	}
	return words
}

func flagNames(flags *pflag.FlagSet) []string {
	names := []string{"--help"}
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	slices.Sort(names)
	return names
}

func startingWith(prefix string, words []string) []string {
	var kept []string
	for _, word := range words {
		if strings.HasPrefix(word, prefix) {
			kept = append(kept, word)
		}
	}
	return kept
}
