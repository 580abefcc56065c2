package page

import (
	"cmp"
	"fmt"
	"slices"

	"invitesim/reports/chart"
	"invitesim/sim"
)

// plot is an interactive chart, as the script draws it.
type plot struct {
	Kind     string         `json:"kind"` // stack: counts, one on top of the other; lines
	Name     string         `json:"name"`
	Label    string         `json:"label"` // for those who cannot see it
	X        xAxis          `json:"x"`
	Y        yAxis          `json:"y"`
	Series   []line         `json:"series"` // of a stack from the bottom to the top
	Bands    []band         `json:"bands,omitempty"`
	Limits   []limit        `json:"limits,omitempty"`
	Changes  []policyChange `json:"changes,omitempty"` // of the policy, where x is time
	Marks    []mark         `json:"marks,omitempty"`
	WarmupTo float64        `json:"warmup,omitempty"` // where it ends on the x axis; 0 for no warm-up, and where x is no time
	Unseen   *stretch       `json:"unseen,omitempty"` // of lines: where there is nothing to be told; nil for nowhere
	Recent   *stretch       `json:"recent,omitempty"` // of a stack: columns that are too recent to compare; nil for none
	Start    int64          `json:"start,omitempty"`  // Unix seconds of x = 0, where x is time
	Coarse   *coarse        `json:"coarse,omitempty"`

	legend []line // its buttons, where they are not simply one a series
	Shares string `json:"-"` // what the notes of its buttons are shares of, where they do not say it themselves
}

// buttons returns what switches the series of the plot: that of a stack in the order of the stack, from the top.
func (p *plot) buttons() []line {
	if p.legend != nil {
		return p.legend
	}
	buttons := slices.Clone(p.Series)
	if p.Kind == "stack" {
		slices.Reverse(buttons)
	}
	return buttons
}

// xAxis places the values of all series of a plot.
type xAxis struct {
	Kind  string  `json:"kind"`            // time: seconds since the start; clock: the same of the wall clock; number; duration and beyond: logarithmic
	Title string  `json:"title,omitempty"` // nothing for time
	From  float64 `json:"from"`
	Step  float64 `json:"step,omitempty"` // the values follow each other so far apart, from From to at most To
	To    float64 `json:"to"`             // where the axis ends
	At    *packed `json:"at,omitempty"`   // where each value is, if not in equal steps
	Marks []tick  `json:"marks,omitempty"`

	Columns bool `json:"columns,omitempty"` // the columns of a stack are not those of the calendar: each is named by the date on which it begins
}

// tick is a labelled place on an axis.
type tick struct {
	At    float64 `json:"at"`
	Label string  `json:"label"`
}

// yAxis says how values are shown.
type yAxis struct {
	Kind  string  `json:"kind"` // count; share (0 to 1); nanoseconds (logarithmic)
	Title string  `json:"title"`
	Per   float64 `json:"per,omitempty"`   // of a stack: the counts are shown as a rate per so many seconds
	Whole bool    `json:"whole,omitempty"` // of a stack: the shares of each step's whole are shown; of lines: the axis goes to 1
	Least float64 `json:"least,omitempty"` // of a stack: seconds that a step is at least long where weeks are shown
}

// line is one series of a plot.
type line struct {
	Key    string    `json:"key"` // what switches it, and its like in other charts
	Name   string    `json:"name"`
	Note   string    `json:"note,omitempty"`
	Paint  string    `json:"paint"` // the name of its colour in the style sheet
	Hatch  string    `json:"hatch,omitempty"`
	Dash   []float64 `json:"dash,omitempty"`
	Width  float64   `json:"width,omitempty"`
	Steps  bool      `json:"steps,omitempty"` // keeps each value until the next
	Off    bool      `json:"off,omitempty"`   // switched off at first
	Faint  float64   `json:"-"`               // of an area in the legend: how opaque it is, 0 for wholly
	Values packed    `json:"values,omitzero"`

	steps []float64 // the values before they were packed, of a stack over time
}

// Swatch says how the button of the line shows it.
func (l *line) Swatch() string {
	if l.Width == 0 {
		return "area"
	}
	return "line"
}

// Dashes is the dash as SVG writes it.
func (l *line) Dashes() string {
	text := ""
	for _, length := range l.Dash {
		text += fmt.Sprint(length) + " "
	}
	return text
}

// band fills the area between two series, given by their places.
type band struct {
	Upper int     `json:"upper"`
	Lower int     `json:"lower"`
	Paint string  `json:"paint"`
	Alpha float64 `json:"alpha"`
}

// limit is a line at a value that somebody set: across (Upright false) or upright. One across may hold for a part of the time only.
type limit struct {
	At      float64 `json:"at"`
	Label   string  `json:"label"`
	Upright bool    `json:"upright,omitempty"`
	From    float64 `json:"from,omitempty"`
	To      float64 `json:"to,omitempty"` // 0 for a limit that always holds
}

// policyChange is a change of policy, in words for more room and for less.
type policyChange struct {
	At    float64  `json:"at"`
	Texts []string `json:"texts"`
}

// changes returns the changes of policy within the run.
func (p *page) changes() []policyChange {
	var all []policyChange
	for _, c := range chart.PolicyChanges(p.Result) {
		if c.AtS >= 0 && c.AtS < p.DurationS {
			all = append(all, policyChange{float64(c.AtS), c.Texts()})
		}
	}
	return all
}

// stretch is a part of the x axis with a name.
type stretch struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Label string  `json:"label"`
	Short string  `json:"short"` // the same for less room
}

// mark is a stretch of time in which something happened.
type mark struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Key   string  `json:"key"`
	Paint string  `json:"paint"`
	Lane  int     `json:"lane"`  // the place of its kind among the kinds
	Fault bool    `json:"fault"` // made to go wrong
}

// Keys of what can be switched on and off in all charts together.
func outcomeKey(word string) string    { return "outcome " + word }
func populationKey(name string) string { return "population " + name }

// points pairs up the x and y of a curve; those without a partner are left out.
func points(curve sim.Curve) (x, y []float64) {
	n := min(len(curve.X), len(curve.Y))
	return curve.X[:n], curve.Y[:n]
}

// valuesAt returns a cumulative curve at other places than its own: its last y at or before each.
func valuesAt(x, y, places []float64) []float64 {
	values := make([]float64, len(places))
	next, last := 0, 0.0
	for i, place := range places {
		for next < len(x) && x[next] <= place {
			last = y[next]
			next++
		}
		values[i] = last
	}
	return values
}

// union returns all places of several curves, each once, in order.
func union(curves ...[]float64) []float64 {
	all := slices.Concat(curves...)
	slices.Sort(all)
	return slices.Compact(all)
}

// mostShown is how many populations are switched on at first.
const mostShown = 8

// leaveOn switches all but the most interesting lines off: those with the greatest scores stay on.
func leaveOn(lines []line, scores []float64) {
	if len(lines) <= mostShown {
		return
	}
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	for _, i := range order[mostShown:] {
		lines[i].Off = true
	}
}

// populationLine returns the line of a population, without values. Its place in the order of names decides how it looks.
func (p *page) populationLine(name string) line {
	place := slices.Index(p.populations, name)
	look := chart.PopulationLook(place)
	return line{
		Key: populationKey(name), Name: name, Paint: populationPaint(place), Dash: look.Dash, Width: 2.5,
	}
}
