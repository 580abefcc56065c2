package terminal_test

import (
	"testing"

	"invitesim/reports/terminal"
)

func TestFolded(t *testing.T) {
	w := terminal.Writer{Width: 30}
	for text, want := range map[string]string{
		"one two":                         "one two",
		"twenty-six letters and two more": "twenty-six letters and\n     two more",
		"äöü ÄÖÜ äöü ÄÖÜ äöü ÄÖÜ.": "äöü ÄÖÜ äöü ÄÖÜ äöü ÄÖÜ.",
	} {
		if got := w.Folded(text, 5); got != want {
			t.Errorf("%q becomes %q, expected %q", text, got, want)
		}
	}
	const long = "this text has no room beside column fifteen of a terminal"
	if got := w.Folded(long, 15); got != long {
		t.Errorf("where there is no room: %q", got)
	}
}

func TestWriter(t *testing.T) {
	for colour, want := range map[bool]string{
		false: "a [2Jb\n\n1 000 members\n  x|y  \n", true: "\x1b[1ma [2Jb\x1b[0m\n\n1 000 members\n  x|y  \n",
	} {
		w := terminal.Writer{Width: 80, Colour: colour}
		w.Line(terminal.Bold, "a\x1b[2Jb")
		w.Blank()
		w.Wrapped("1\u2009000 members")
		w.Painted(terminal.Right("x", 3) + "|" + terminal.Left("y", 3))
		if got := w.Text(); got != want {
			t.Errorf("colour %v: found %q, expected %q", colour, got, want)
		}
	}
}
