package comparison

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"invitesim/reports/figure"
)

// mostRows is how many figures tables and the chart show; the others are counted. So many of them are kept for figures that people look
// at first and of which no difference is shown.
const (
	mostRows  = 25
	quietRows = 7
)

// Rows returns the figures to show, the most relevant first: those that an allowance names, those with a difference to rely on, then those
// that people look at first of all members, with whatever is known of them. Hidden is how many figures with such a difference
// found no room, or say nearly the same as one that is shown.
func (c *Comparison) Rows() (rows []Figure, hidden int) {
	told := map[string]bool{}
	for i := range c.Figures {
		told[c.Figures[i].Path] = c.Figures[i].Told()
	}
	var quiet []Figure
	for _, f := range c.Figures {
		switch {
		case f.named || f.Told() && !told[echoOf(f.Path)]:
			rows = append(rows, f)
		case f.Told():
			hidden++
		case f.headline && f.Who == "":
			quiet = append(quiet, f)
		}
	}
	room := mostRows - min(len(quiet), quietRows)
	if len(rows) > room {
		for _, f := range rows[room:] {
			if f.Told() {
				hidden++
			}
		}
		rows = rows[:room]
	}
	return append(rows, quiet[:min(len(quiet), mostRows-len(rows))]...), hidden
}

// Headline is the answer in a few words; bad says that something got worse than allowed, or that there is no answer.
func (c *Comparison) Headline() (text string, bad bool) {
	compared := figure.Plural(uint64(c.Counts.Compared), "figure")
	switch {
	case c.Counts.Compared == 0 && c.Same:
		return "No difference: the histories are the same, command by command", false
	case c.Counts.Compared == 0:
		return fmt.Sprintf("No difference: %s measured, all the same", figure.Plural(uint64(c.Counts.Figures), "figure")), false
	case c.Refusal != "":
		return "No answer: " + c.Refusal, true
	case c.Counts.Regressions > 0:
		allowed := ""
		if len(c.Allowed) > 0 {
			allowed = " than allowed"
		}
		return fmt.Sprintf("Regression: %d of %s worse%s", c.Counts.Regressions, compared, allowed), true
	case c.Counts.Shown == 0:
		return fmt.Sprintf("No difference shown: %s compared", compared), false
	}
	return fmt.Sprintf("No regression: %d of %s differ", c.Counts.Shown, compared), false
}

// explained says how differences were told from noise.
func (c *Comparison) explained() []string {
	var how string
	if c.Counts.Compared == 0 {
		return nil
	}
	switch c.Method {
	case Exact:
		return []string{fmt.Sprintf("One run a side, both of seed %d: differences are exact and have no interval. They are those of this seed; "+
			"with several seeds a side there would be an interval for all seeds.", c.Base.Seeds[0])}
	case Paired:
		how = fmt.Sprintf("%d pairs of runs with equal seeds: Student's t of the differences", c.Base.Runs)
	case Independent:
		how = fmt.Sprintf("%d against %s, not paired: Student's t after Welch", c.Base.Runs, figure.Plural(uint64(c.New.Runs), "run"))
	case Ranks:
		how = fmt.Sprintf("%d against %s by the wall clock: medians, the test of Mann and Whitney, the middle of all quotients (Hodges and Lehmann)",
			c.Base.Runs, figure.Plural(uint64(c.New.Runs), "run"))
	default:
		return nil
	}
	return []string{
		how + ". Changes have 95 % intervals.",
		fmt.Sprintf("%s compared, so a difference counts as shown where its probability is at most 5 %% after the adjustment of Benjamini and Hochberg; "+
			"intervals are not adjusted.", figure.Plural(uint64(c.Counts.Compared), "figure")),
	}
}

// Remainder counts what the table does not show.
func (c *Comparison) Remainder() string {
	rows, hidden := c.Rows()
	text := ""
	if hidden > 0 {
		text = fmt.Sprintf("%s more differ. ", figure.Plural(uint64(hidden), "figure"))
	}
	listed := 0
	for i := range rows {
		if !rows[i].Told() {
			listed++
		}
	}
	if quiet := c.Counts.Compared - c.Counts.Shown; c.Method != None && quiet > 0 {
		text += "No difference shown in " + figure.Plural(uint64(quiet), "figure")
		if listed > 0 {
			text += fmt.Sprintf(", %d of them above", listed)
		}
		text += ". "
	}
	return text + fmt.Sprintf("The same in every run: %s.", figure.Plural(uint64(c.Counts.Equal), "figure"))
}

// ran says what stands on both sides, in one line.
func (c *Comparison) ran() string {
	policy := "policy " + c.Base.Policy
	if c.New.Policy != c.Base.Policy {
		policy = fmt.Sprintf("policies %s and %s", c.Base.Policy, c.New.Policy)
	}
	return fmt.Sprintf("%s · %s · %s · %s · %s clock", c.Base.Scenario, policy,
		figure.Plural(uint64(c.Base.Members), "member"), span(c.Base.DurationS, c.Base.WarmupS), c.Base.Clock)
}

func span(duration, warmup int64) string {
	if warmup == 0 {
		return figure.Span(duration)
	}
	return fmt.Sprintf("%s, %s of warm-up", figure.Span(duration), figure.Span(warmup))
}

// Label names a side in few words: its directory, or how many there are.
func (s *Side) Label() string {
	if len(s.Directories) == 1 {
		return s.Directories[0]
	}
	return fmt.Sprintf("%s and %d more", s.Directories[0], len(s.Directories)-1)
}

// Label names the figure, with the population that it is of.
func (f *Figure) Label() string {
	if f.Who != "" {
		return f.Who + ": " + f.Name
	}
	return f.Name
}

// Verdict says in a word or two what became of the figure.
func (f *Figure) Verdict() string {
	switch {
	case f.Finding == Unknown:
		return "cannot tell"
	case f.Finding == NotShown:
		return "not shown"
	case f.Regress && f.IsWorse():
		return "worse"
	case f.Regress:
		return "too much"
	case f.IsWorse():
		return "allowed"
	case f.IsBetter():
		return "better"
	}
	return "differs"
}

// Values writes the figure of both sides in its unit.
func (f *Figure) Values() (base, next string) {
	return figure.Value(f.Path, f.Base), figure.Value(f.Path, f.New)
}

// ChangeText writes the change as a share of the base, or as it is where there is no such share.
func (f *Figure) ChangeText() string {
	if f.Relative != nil {
		return signedPercent(*f.Relative)
	}
	return f.signedValue(f.Change)
}

// PointsText writes the change of a share in percentage points, where ChangeText writes it as a share of the base: from 0.1 % to 0.2 % is +100 %, and
// +0.1 pp. Empty for all other figures.
func (f *Figure) PointsText() string {
	if base, _ := f.Values(); math.Abs(f.Change) < leastPercent/100 || f.Relative == nil || !strings.HasSuffix(base, "%") {
		return ""
	}
	// Two digits: the third would be finer than those of the shares beside it.
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(f.Change)))-1)
	return f.signedValue(math.Round(f.Change/unit) * unit)
}

// note is what stands below the change: percentage points of a share, and the interval.
func (f *Figure) note() string {
	points, interval := f.PointsText(), f.IntervalText()
	if points != "" && interval != "" {
		return points + "; " + interval
	}
	return points + interval
}

// signedValue writes a difference of the figure in its unit.
func (f *Figure) signedValue(x float64) string {
	text := figure.Value(f.Path, math.Abs(x))
	if strings.HasSuffix(text, "%") {
		text = figure.Number(math.Abs(100*x)) + " pp" // a percentage would pass for one of the base
	}
	switch {
	case x < 0:
		return "-" + text
	case x > 0:
		return "+" + text
	}
	return text
}

// IntervalText writes the interval of the change as ChangeText writes the change; empty where there is none.
func (f *Figure) IntervalText() string {
	switch {
	case f.Low != nil:
		return signedPercent(*f.Low) + " to " + signedPercent(*f.High)
	case f.Relative == nil && f.From != nil && *f.From < *f.To:
		return f.signedValue(*f.From) + " to " + f.signedValue(*f.To)
	}
	return ""
}

// leastPercent is the smallest relative change that is written: no counts of a run are so large that one more or less is below it.
const leastPercent = 1e-8

// signedPercent writes a relative change: with three digits, or two behind the point where it is below one percent and there is something there,
// else the first that is not zero.
func signedPercent(x float64) string {
	percent := math.Abs(100 * x)
	text := figure.Number(percent)
	switch {
	case percent < leastPercent:
		return "0 %"
	case percent < 0.01:
		text = strconv.FormatFloat(percent, 'f', int(math.Ceil(-math.Log10(percent))), 64)
	case percent < 0.995:
		text = strconv.FormatFloat(percent, 'f', 2, 64)
	}
	if x < 0 {
		return "-" + text + " %"
	}
	return "+" + text + " %"
}
