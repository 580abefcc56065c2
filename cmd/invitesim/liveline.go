package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"invitesim/reports/figure"
)

// liveLine is a line on a terminal that is written again and again. It is never longer than the terminal is wide: of a line that wraps, only
// the last row could be taken back.
type liveLine struct {
	out   io.Writer
	width func() int // of the terminal in characters, which changes as people like
}

// newLiveLine returns the line of stderr that changes; nil where stderr is no terminal.
func (c *call) newLiveLine() *liveLine {
	if !isTerminal(c.stderr) {
		return nil
	}
	return &liveLine{c.stderr, func() int { return columns(c.stderr.(*os.File)) }}
}

// room returns how many characters the line may have: with one in the last column some terminals begin a new row.
func (l *liveLine) room() int { return max(0, l.width()-1) }

// write puts a text in place of the last one, or as much of it as there is room for.
func (l *liveLine) write(text string) {
	text = strings.ReplaceAll(text, figure.ThinSpace, " ")
	if runes, room := []rune(text), l.room(); len(runes) > room {
		text = string(runes[:room])
	}
	l.clear()
	fmt.Fprint(l.out, text) // a terminal that went away is no reason to stop
}

// clear takes the line away.
func (l *liveLine) clear() { fmt.Fprint(l.out, "\r\x1b[K") }

// columns returns the width of a terminal in characters.
func columns(terminal *os.File) int {
	width, _, err := term.GetSize(int(terminal.Fd()))
	if err != nil || width <= 0 {
		return plainWidth
	}
	return width
}

// part is a part of a line on how far a run is.
type part struct {
	text string
	head bool // it stands before a colon, the others are a list
	rank int  // those of a low rank are the last to be left out where there is no room for all
}

// joined puts parts together that stand in a line in this order.
func joined(parts []part) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 && parts[i-1].head {
			b.WriteString(": ")
		} else if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.text)
	}
	return b.String()
}

const (
	widestBar   = 30
	shortestBar = 5 // a shorter one shows nothing
)

// fitted puts parts together in so many characters, with the percentage that is done and, where there is room for that besides all the parts, a
// bar. What there is no room for is left out, rank by rank.
func fitted(parts []part, share float64, room int) string {
	share = min(max(share, 0), 1)
	percent := fmt.Sprintf(" %3d %%", int(100*share))
	byRank := slices.Clone(parts)
	slices.SortStableFunc(byRank, func(a, b part) int { return cmp.Compare(a.rank, b.rank) })
	line, without := percent, map[part]bool{}
	for i, p := range byRank {
		stay := slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return without[p] || slices.Contains(byRank[i+1:], p) })
		if longer := joined(stay) + percent; utf8.RuneCountInString(longer) <= room {
			line = longer
		} else {
			without[p] = true
		}
	}
	bar := min(room-utf8.RuneCountInString(line)-len(" ||"), widestBar)
	if len(without) > 0 || bar < shortestBar {
		return line
	}
	done := int(share * float64(bar))
	return line + " |" + strings.Repeat("█", done) + strings.Repeat(" ", bar-done) + "|"
}
