package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"invitesim/reports/comparison"
	"invitesim/reports/figure"
)

// Compare returns the chart of a comparison: a forest plot, one row a figure, with its relative change and the interval of that.
func Compare(c *comparison.Comparison) Chart {
	chart := Chart{
		Name: "compare", Title: "What changed?", Subtitle: compareSubtitle(c),
		width: chartWidth, height: chartHeight,
	}
	rows, _ := c.Rows()
	switch {
	case c.Counts.Compared == 0:
		chart.Why = "no figure differs"
	case len(rows) == 0:
		chart.Why = "no difference is shown"
	}
	if chart.Why != "" {
		return chart
	}
	f := newForest(c, rows)
	chart.height = f.bottom() + 104
	chart.Sentence = compareSentence(c, rows)
	chart.draw = f.draw
	return chart
}

func compareSubtitle(c *comparison.Comparison) string {
	runs := fmt.Sprintf("%s a side", figure.Plural(uint64(c.Base.Runs), "run"))
	if c.Base.Runs != c.New.Runs {
		runs = fmt.Sprintf("%d runs against %d", c.Base.Runs, c.New.Runs)
	}
	intervals := "95 % intervals"
	switch c.Method {
	case comparison.Exact:
		intervals = "exact, of one seed"
	case comparison.None:
		intervals = "too few to tell from noise"
	case comparison.Paired:
		intervals += ", seed by seed"
	}
	return fmt.Sprintf("%s → %s · %s · %s", c.Base.Label(), c.New.Label(), runs, intervals)
}

// compareSentence says the answer, and names the figure that stands first.
func compareSentence(c *comparison.Comparison, rows []comparison.Figure) string {
	headline, _ := c.Headline()
	first := rows[0]
	if !first.Told() {
		return headline + "."
	}
	base, next := first.Values()
	return fmt.Sprintf("%s; first of all, %s: from %s to %s.", headline, first.Label(), base, next)
}

// forest is the plot of some figures.
type forest struct {
	rows      []comparison.Figure
	remainder string
	low, high float64 // of the axis, as shares of the base
	names     float64 // width of the names
}

// The rows of a forest plot, in pixels.
const (
	forestTop   = 132.0
	forestPitch = 27.0
	forestNames = 372.0 // the widest name; a longer one is cut
	forestTexts = 250.0 // for the change and what stands behind it
	forestRoom  = 12.0
)

func newForest(c *comparison.Comparison, rows []comparison.Figure) *forest {
	f := &forest{rows: rows, remainder: c.Remainder()}
	for i := range rows {
		look := lettering{size: labelSize, bold: rows[i].Told()}
		f.names = max(f.names, min(look.measure(rows[i].Label()), forestNames))
	}
	f.low, f.high = forestExtent(rows)
	return f
}

func (f *forest) bottom() float64 { return forestTop + float64(forestPitch*float64(len(f.rows))) }

// farRow is how many times as far as four fifths of the rows another may reach to be on the axis: further out it would press all others
// flat.
const farRow = 4

// forestExtent returns the axis that shows the rows: zero is on it, and what lies far outside of the others is not.
func forestExtent(rows []comparison.Figure) (low, high float64) {
	var reaches []float64
	for i := range rows {
		if from, to, ok := forestReach(&rows[i]); ok {
			reaches = append(reaches, max(math.Abs(from), math.Abs(to)))
		}
	}
	if len(reaches) == 0 {
		return -0.1, 0.1
	}
	slices.Sort(reaches)
	limit := farRow * reaches[len(reaches)*4/5]
	for i := range rows {
		if from, to, ok := forestReach(&rows[i]); ok {
			low, high = min(low, max(from, -limit)), max(high, min(to, limit))
		}
	}
	// A change of any size keeps both sides of zero on the axis.
	whole := max(high-low, 1e-6)
	return min(low-float64(0.04*whole), -0.12*whole), max(high+float64(0.04*whole), 0.12*whole)
}

// forestReach returns from where to where a row goes.
func forestReach(f *comparison.Figure) (from, to float64, ok bool) {
	switch {
	case f.Relative == nil:
		return 0, 0, false
	case f.Low == nil:
		return *f.Relative, *f.Relative, true
	}
	return *f.Low, *f.High, true
}

// forestColor tells worse from better: two colours that differ in lightness too. The verdict stands in words in the tables beside.
func forestColor(f *comparison.Figure) color.NRGBA {
	switch {
	case !f.Told():
		return rgb(0x8A8A8A)
	case f.IsWorse(), f.Regress:
		return rgb(0xD55E00)
	case f.IsBetter():
		return rgb(0x004D7A)
	}
	return ink()
}

func (f *forest) draw(s *surface) {
	p := &panel{surface: s, xLow: f.low, xHigh: f.high, yHigh: 1, area: box{
		pageMargin + f.names + forestRoom, forestTop - 8, chartWidth - pageMargin - forestTexts, f.bottom() + 4,
	}}
	f.legend(s)
	if slices.ContainsFunc(f.rows, func(row comparison.Figure) bool { return row.PointsText() != "" }) {
		look := lettering{size: noteSize, color: greyInk()}
		s.text(look, point{p.area.right + forestRoom, p.area.top - 8}, "% of the base; pp: percentage points")
	}
	f.axis(p)
	for i := range f.rows {
		f.row(p, &f.rows[i], forestTop+float64(forestPitch*(float64(i)+0.5)))
	}
	note := lettering{size: noteSize, color: greyInk()}
	s.text(note, point{pageMargin, f.bottom() + 86}, note.cut(f.remainder, chartWidth-2*pageMargin))
}

// legend names the colours that occur.
func (f *forest) legend(s *surface) {
	var entries []legendEntry
	for _, kind := range []struct {
		name string
		is   func(*comparison.Figure) bool
	}{
		{"worse", func(f *comparison.Figure) bool { return f.Told() && (f.IsWorse() || f.Regress) }},
		{"better", func(f *comparison.Figure) bool { return f.Told() && !f.Regress && f.IsBetter() }},
		{"neither", func(f *comparison.Figure) bool { return f.Told() && !f.Regress && !f.IsWorse() && !f.IsBetter() }},
		{"no difference shown", func(f *comparison.Figure) bool { return f.Finding == comparison.NotShown }},
		{"cannot tell", func(f *comparison.Figure) bool { return f.Finding == comparison.Unknown }},
	} {
		i := slices.IndexFunc(f.rows, func(row comparison.Figure) bool { return kind.is(&row) })
		if i < 0 {
			continue
		}
		look := forestColor(&f.rows[i])
		entries = append(entries, legendEntry{func(s *surface, b box) {
			middle := (b.top + b.bottom) / 2
			s.line(stroke{color: look, width: 2}, point{b.left, middle}, point{b.right, middle})
			s.dot(look, point{(b.left + b.right) / 2, middle}, 5)
		}, kind.name})
	}
	s.legend(entries, pageMargin, chartWidth-pageMargin, 92)
}

// axis draws the zero line, and round changes below the rows.
func (f *forest) axis(p *panel) {
	look := lettering{size: labelSize, color: greyInk(), anchor: atMiddle}
	step := f.step(p, look)
	for n := math.Ceil(f.low / step); n*step <= f.high; n++ {
		x := p.x(n * step)
		line := stroke{color: hair(), width: 1}
		if n == 0 {
			line = stroke{color: ink(), width: 1.5}
		}
		p.line(line, point{x, p.area.top}, point{x, p.area.bottom})
		p.text(look, point{x, p.area.bottom + 20}, signedMark(n*step))
	}
	title := lettering{size: labelSize, color: ink(), anchor: atMiddle}
	p.text(title, point{(p.area.left + p.area.right) / 2, p.area.bottom + 46}, "change, % of the base")
}

// step returns how far apart the marks are for none of them to touch another.
func (f *forest) step(p *panel, look lettering) float64 {
	for most := int(p.area.width() / 56); ; most-- {
		step := roundStep(f.high-f.low, most)
		widest := max(look.measure(signedMark(f.low-math.Mod(f.low, step))), look.measure(signedMark(f.high-math.Mod(f.high, step))))
		if most <= 2 || widest+12 < p.x(step)-p.x(0) {
			return step
		}
	}
}

// roundStep returns 1, 2 or 5 times a power of ten, the smallest of which no more than so many fit into a width.
func roundStep(width float64, most int) float64 {
	step := powerOfTen(width / float64(max(most, 2)))
	for _, factor := range []float64{1, 2, 5, 10} {
		if width/(step*factor) <= float64(max(most, 2)) {
			return step * factor
		}
	}
	return step * 10
}

func signedMark(x float64) string {
	text := figure.Number(math.Abs(math.Round(x*1e6) / 1e4))
	switch {
	case x > 0:
		return "+" + text
	case x < 0:
		return "-" + text
	}
	return "0"
}

// row draws one figure: its name, its interval with a dot at the change, and both in words.
func (f *forest) row(p *panel, row *comparison.Figure, y float64) {
	look := forestColor(row)
	name := lettering{size: labelSize, color: ink(), bold: row.Told()}
	if !row.Told() {
		name.color = greyInk()
	}
	p.text(name, point{pageMargin, y + 5.5}, name.cut(row.Label(), forestNames))
	f.mark(p, row, look, y)
	left := p.area.right + forestRoom
	change := row.ChangeText()
	p.text(name, point{left, y + 5.5}, change)
	note := lettering{size: noteSize, color: greyInk()}
	left += name.measure(change) + 8
	room := chartWidth - pageMargin - left
	text, short := f.beside(row)
	if note.measure(text) > room {
		text = short
	}
	p.text(note, point{left, y + 5.5}, note.cut(text, room))
}

// beside is what stands behind the change, in more words and in fewer: of a share the change in percentage points, since that of the base says
// little of something small; of other figures the interval, or what the figure was and is.
func (f *forest) beside(row *comparison.Figure) (long, short string) {
	base, next := row.Values()
	points, interval := row.PointsText(), row.IntervalText()
	switch {
	case points != "":
		return points + ", " + strings.TrimSuffix(base, " %") + " → " + next, points
	case row.Relative != nil && interval != "":
		return interval, interval
	}
	return base + " → " + next, base + " → " + next
}

// mark draws the interval and the change, or an arrow where they are beyond the axis or have no share of the base.
func (f *forest) mark(p *panel, row *comparison.Figure, look color.NRGBA, y float64) {
	from, to, ok := forestReach(row)
	if !ok {
		f.arrow(p, look, y, row.Change > 0)
		return
	}
	if at := *row.Relative; at > f.high || at < f.low {
		f.arrow(p, look, y, at > 0)
		return
	}
	left, right := p.x(max(from, f.low)), p.x(min(to, f.high))
	p.line(stroke{color: look, width: 2.5}, point{left, y}, point{right, y})
	for _, end := range []struct{ x, value float64 }{{left, from}, {right, to}} {
		if to > from && end.value >= f.low && end.value <= f.high {
			p.line(stroke{color: look, width: 1.5}, point{end.x, y - 5}, point{end.x, y + 5})
		}
	}
	p.dot(look, point{p.x(*row.Relative), y}, 4.5)
}

// arrow points out of the axis.
func (f *forest) arrow(p *panel, look color.NRGBA, y float64, up bool) {
	tip, back := p.area.right, p.area.right-11
	if !up {
		tip, back = p.area.left, p.area.left+11
	}
	p.line(stroke{color: look, width: 2.5}, point{p.x(0), y}, point{back, y})
	p.fill(look, point{tip, y}, point{back, y - 6}, point{back, y + 6})
}
