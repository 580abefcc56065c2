package chart

import (
	"fmt"
	"image/color"
	"slices"

	"invitesim/sim"
)

// Look is how something looks wherever it is drawn: in the charts of this package and in the interactive ones of a page.
type Look struct {
	Color string    // #RRGGBB
	Hatch Hatch     // of areas
	Dash  []float64 // of lines: lengths of line and gap in pixels; nil for solid
}

// Hatch is the name of a pattern over an area, which tells it from others without colours.
type Hatch string

// The hatches.
const (
	Plain   Hatch = "plain"
	Rising  Hatch = "rising"
	Falling Hatch = "falling"
	Crossed Hatch = "crossed"
	Level   Hatch = "level"
	Upright Hatch = "upright"
)

// OutcomeLook returns the look of an outcome of a command or a state of an invitation.
func OutcomeLook(word string) Look {
	look := paintOf(word)
	hatches := map[hatch]Hatch{plain: Plain, rising: Rising, falling: Falling, crossed: Crossed, level: Level, upright: Upright}
	return Look{Color: hex(look.color), Hatch: hatches[look.hatch]}
}

// PopulationLook returns the line of the population with the given place in the order of names.
func PopulationLook(place int) Look {
	line := populationStroke(place)
	return Look{Color: hex(line.color), Hatch: Plain, Dash: line.dash}
}

// OtherOutcome stands for every outcome of a send that has no colour of its own.
const OtherOutcome = otherOutcome

// SendOutcomes returns the outcomes of a send from the bottom of a stack to its top; the last one is OtherOutcome.
func SendOutcomes() []string { return append(sendWords(), otherOutcome) }

// SendOutcome returns under which of SendOutcomes an outcome of a send is drawn.
func SendOutcome(outcome string) string { return colouredWord(outcome) }

// SendOutcomeNames returns for each of SendOutcomes how people say it. OtherOutcome gets the name of the refusal that makes up most of it.
func SendOutcomeNames(result *sim.Result) map[string]string {
	v := &view{Result: Means(result)}
	names := map[string]string{}
	for _, word := range SendOutcomes() {
		names[word] = v.outcomeName(word)
	}
	return names
}

// CommandLook returns the line of a verb among those shown, in the order of Commands.
func CommandLook(verb string, place int) Look {
	line := commandStroke(verb, place)
	return Look{Color: hex(line.color), Hatch: Plain, Dash: line.dash}
}

// Commands returns the verbs with a percentile spectrum, those with the most commands; the others stand in hidden. Both are in the order of
// the model.
func Commands(result *sim.Result) (shown, hidden []string) {
	v := newView(result)
	spectra, _ := v.spectra()
	for _, one := range spectra {
		shown = append(shown, one.verb)
	}
	hidden = slices.DeleteFunc(v.curves("latency_spectrum."), func(verb string) bool { return slices.Contains(shown, verb) })
	return shown, hidden
}

// CommandName writes a verb for people: queries are called so.
func CommandName(verb string) string { return verbName(verb) }

// Lane is one kind of marks on the time axes of a run by the wall clock.
type Lane struct {
	What  string // as sim.Mark has it
	Name  string
	Color string // #RRGGBB
	Fault bool   // made to go wrong, and not found
}

// AllLanes returns the kinds of marks that there are.
func AllLanes() []Lane {
	var all []Lane
	for _, l := range allLanes() {
		all = append(all, Lane{l.what, l.name, hex(l.color), l.fault})
	}
	return all
}

// Fates returns the states of invitations from the bottom of a stack to its top.
func Fates() []string { return fateWords() }

// Outstanding is the one of Ends that is no end: invitations that are still outstanding, answered or not.
const Outstanding = outstandingWord

// Ends returns what becomes of invitations, from left to right in a bar.
func Ends() []string { return endWords() }

// EndName writes one of Ends for people.
func EndName(word string) string { return endName(word) }

// EndsOf counts by Ends what became of the invitations of all or some members: of those that they had outstanding when measuring began, and of those that
// they sent since.
func EndsOf(figures *sim.Figures) map[string]uint64 { return endsOf(figures) }

// EndsWhole says of which invitations of a result EndsOf tells what became of them.
func EndsWhole(result *sim.Result) string { return (&view{Result: result}).endsWhole() }

// Limit is a line that a chart draws at a limit.
type Limit struct {
	Name  string
	Value float64
}

// SendRate returns in which unit of time the outcomes of sends are drawn, hour or day, and its length in seconds.
func SendRate(result *sim.Result) (unit string, length float64) { return newView(result).sendRate() }

// WeeklyLimits returns the weekly limits that are in force after the warm-up, or the least and the greatest of one that follows trust;
// nothing where there is none. The least one comes first.
func WeeklyLimits(result *sim.Result) []Limit {
	var limits []Limit
	for _, mark := range newView(result).weeklyLimits() {
		limits = append(limits, Limit{mark.name, mark.value})
	}
	return limits
}

// PeriodsLeftOut says how many member-periods are not in the use of the weekly limit, since only a part of the period is measured; empty for none.
func PeriodsLeftOut(result *sim.Result) string { return partsNote(result) }

// DurationMarks returns the marks of a logarithmic axis of durations, in seconds, the shortest first.
func DurationMarks() []Limit {
	var marks []Limit
	for _, mark := range timeMarks() {
		marks = append(marks, Limit{mark.name, mark.value})
	}
	return marks
}

// CoveredHours says of each hour of the week, from Monday 00 h UTC, whether any of it lies in what is measured, after the warm-up.
func CoveredHours(result *sim.Result) []bool { return newView(result).coveredHours() }

// HeatOver says what the hits in the hours of the week are means over.
func HeatOver(result *sim.Result) string { return newView(result).heatOver() }

// HeatColor returns the colour of a cell of a heat map: the share is of the hottest cell, 0 to 1.
func HeatColor(share float64) string { return hex(heatColor(share)) }

// DarkText says whether dark text reads better than white text on one of the colours of this package, #RRGGBB.
func DarkText(text string) bool {
	var n uint32
	if _, err := fmt.Sscanf(text, "#%06X", &n); err != nil {
		return true
	}
	return light(rgb(n))
}

// PopulationNames returns the populations in the order of PopulationLook.
func PopulationNames(result *sim.Result) []string { return slices.Clone(newView(result).populations) }

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02X%02X%02X", r>>8, g>>8, b>>8)
}
