package baseline

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"invitesim/reports/figure"
)

// Verdict is what became of a comparison with a baseline.
type Verdict string

// The verdicts.
const (
	Same     Verdict = "pass"       // the same history, and the same figures
	Differs  Verdict = "fail"       // a regression
	Missing  Verdict = "none"       // there is no baseline to compare with
	Asked    Verdict = "asked"      // there is none, though one was asked for
	Accepted Verdict = "accepted"   // the result is the new baseline
	Unjudged Verdict = "not judged" // an interrupted run, or one by the clock of the wall: told, and not judged
)

// Finding is what came of holding a result against its baseline.
type Finding struct {
	Verdict Verdict
	File    string             // the baseline's, as messages call it
	Why     string             // of a verdict that needs a reason; one sentence without its full stop
	Base    map[string]float64 // the figures of the baseline by path, those that follow from others included; nil without a baseline
	Edits   []Edit             // what was changed: settings of the policy, fields of the scenario
	Parting *Parting           // of the histories; nil where they are the same, or where nobody looked
	Changes []Change           // the worst first
	Accept  string             // the command that makes the result the baseline
	First   string             // what has to be done before that; empty for nothing
}

// Edit is a setting or a field that was changed. An empty text is one that was not there.
type Edit struct {
	What string `json:"what"`
	Base string `json:"base"`
	Now  string `json:"now"`
}

// Edits returns what differs between two sets of settings or fields, by name.
func Edits(prefix string, base, now map[string]string) []Edit {
	names := maps.Clone(base)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, now)
	var all []Edit
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if base[name] != now[name] {
			all = append(all, Edit{prefix + name, base[name], now[name]})
		}
	}
	return all
}

// Parting is where two histories part.
type Parting struct {
	Note    string   // what is known of the place, as a sentence
	Before  []string // commands of both histories before it that concern the same members
	Base    string   // the command of the baseline's history; empty where only its instant is known
	Now     []string // the command of this history; several where only the instant is known
	Members string   // who the members are: `7 is a recruiter`
}

// Lines tells the finding to somebody who has not seen the scenario before, in lines of text. At most so many figures are named.
func (f *Finding) Lines(most int) []string {
	var lines []string
	switch f.Verdict {
	case Same:
		return []string{"the same history and the same figures as in " + f.File}
	case Accepted:
		lines = append(lines, "the result is the new baseline, "+f.File)
	case Differs:
		lines = append(lines, "what came out is not what was accepted in "+f.File)
	default:
		lines = append(lines, "not compared with a baseline")
	}
	if f.Why != "" {
		lines[0] += ": " + f.Why
	}
	lines = append(lines, f.editLines(most)...)
	lines = append(lines, f.changeLines(most)...)
	lines = append(lines, f.partingLines()...)
	if f.Accept != "" {
		accept := "accept it:"
		if f.First != "" {
			accept = f.First + ", and then accept it:"
		}
		lines = append(lines, "", "If this is what you want, "+accept, "  "+f.Accept)
	}
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], figure.ThinSpace, " ")
	}
	return lines
}

func (f *Finding) editLines(most int) []string {
	if len(f.Edits) == 0 {
		return nil
	}
	var rows [][]string
	for _, edit := range f.Edits[:min(most, len(f.Edits))] {
		rows = append(rows, []string{edit.What, orAbsent(edit.Base) + " → " + orAbsent(edit.Now)})
	}
	lines := append([]string{"", "What was changed"}, table(rows)...)
	if more := len(f.Edits) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	return lines
}

func orAbsent(text string) string {
	if text == "" {
		return "not given"
	}
	return text
}

func (f *Finding) changeLines(most int) []string {
	if len(f.Changes) == 0 {
		if f.Verdict == Differs {
			return []string{"", "No figure is another one than it was."}
		}
		return nil
	}
	told := Telling(f.Changes)
	var rows [][]string
	for _, change := range told[:min(most, len(told))] {
		rows = append(rows, []string{
			change.Who(), change.What(),
			figure.Value(change.path(), change.Base) + " → " + figure.Value(change.path(), change.Now), change.Relative(),
		})
	}
	lines := append([]string{"", "What became different, and for whom"}, table(rows)...)
	if len(rows) < len(f.Changes) {
		lines = append(lines, fmt.Sprintf("  %s in all: each is in %s of the result", figure.Plural(uint64(len(f.Changes)), "figure"), ChangesFile))
	}
	return lines
}

func (f *Finding) partingLines() []string {
	p := f.Parting
	if p == nil {
		return nil
	}
	lines := []string{"", "The first command that came out differently"}
	if p.Base == "" {
		lines[1] = "Where the histories part"
	}
	if p.Note != "" {
		lines = append(lines, "  "+p.Note)
	}
	for _, line := range p.Before {
		lines = append(lines, "           "+line)
	}
	if p.Base != "" {
		lines = append(lines, "  before   "+p.Base)
	}
	for _, line := range p.Now {
		lines = append(lines, "  now      "+line)
	}
	if p.Members != "" {
		lines = append(lines, "  "+p.Members)
	}
	return lines
}

// table aligns columns to the left, two spaces apart.
func table(rows [][]string) []string {
	widths := map[int]int{}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var lines []string
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += "  " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// ChangesFile is the name of the file in a result directory that lists every figure that changed.
const ChangesFile = "changes.csv"

// CSV lists every change, the worst first: the path, the figure of the baseline, the one of the result, and the 95 % interval of the relative
// change, which is empty where no pairs of replicas tell it.
func CSV(changes []Change) []byte {
	b := []byte("path,baseline,now,low,high\n")
	for _, change := range changes {
		b = append(append(b, change.Path...), ',')
		b = append(strconv.AppendFloat(b, change.Base, 'f', -1, 64), ',')
		b = append(strconv.AppendFloat(b, change.Now, 'f', -1, 64), ',')
		if change.bounded() {
			b = append(strconv.AppendFloat(b, change.Low, 'f', -1, 64), ',')
			b = strconv.AppendFloat(b, change.High, 'f', -1, 64)
		} else {
			b = append(b, ',')
		}
		b = append(b, '\n')
	}
	return b
}
