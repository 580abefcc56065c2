package terminal_test

import (
	"testing"

	"invitesim/reports/terminal"
)

func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{
		"steady-week":  "steady-week",
		"":             "''",
		"two words":    "'two words'",
		"it's":         `'it'\''s'`,
		"--set=a.b=1%": "--set=a.b=1%",
		"$HOME":        "'$HOME'",
		"<file":        "'<file'",
		"(a|b)":        "'(a|b)'",
		"w\nx":         "'w\nx'",
	} {
		if got := terminal.ShellWord(word); got != want {
			t.Errorf("ShellWord(%q) = %s, want %s", word, got, want)
		}
	}
}
