package chart

import (
	"math"

	"invitesim/reports/figure"
)

// panel is an area with axes.
type panel struct {
	*surface
	area        box
	xLow, xHigh float64
	yHigh       float64 // y begins at 0
	strip       []box   // what stands in the strip above the area; left and right only
}

func (p *panel) x(value float64) float64 {
	return p.area.left + float64((value-p.xLow)/(p.xHigh-p.xLow)*p.area.width())
}

func (p *panel) y(value float64) float64 {
	return p.area.bottom - float64(value/p.yHigh*p.area.height())
}

// place puts data on the surface.
func (p *panel) place(line []point) []point {
	placed := make([]point, len(line))
	for i, d := range line {
		placed[i] = point{p.x(d.x), p.y(d.y)}
	}
	return placed
}

// scale is an axis from zero to high: its marks and how they are written.
type scale struct {
	high   float64
	marks  []float64
	labels []string
}

// counts returns a scale for values up to most, with round marks.
func counts(most float64) scale {
	return newScale(most, 6, figure.Number)
}

// shares returns a scale in percent for values up to most, 0 to 1.
func shares(most float64) scale {
	s := newScale(min(most, 1), 6, func(x float64) string { return figure.Number(math.Round(1e6*x) / 1e4) })
	if s.high > 1 {
		s.high = 1
	}
	return s
}

// wholeShare returns the scale from 0 to 100 %.
func wholeShare() scale { return shares(1) }

// newScale picks at most the given number of steps from zero to most, each 1, 2 or 5 times a power of ten. The scale ends at a mark
// where one is near, else a little above most.
func newScale(most float64, steps int, label func(float64) string) scale {
	if most <= 0 {
		most = 1
	}
	step := powerOfTen(most / float64(steps))
	for _, factor := range []float64{1, 2, 5, 10} {
		if most/(step*factor) <= float64(steps)+1e-9 {
			step *= factor
			break
		}
	}
	last := math.Ceil(most/step - 1e-9)
	s := scale{high: last * step}
	if s.high > most*1.1 {
		s.high = most * 1.05
		last--
	}
	for i := 0.0; i <= last; i++ {
		s.marks = append(s.marks, i*step)
		s.labels = append(s.labels, label(i*step))
	}
	return s
}

// powerOfTen returns the greatest power of ten that is not above x, which is positive.
func powerOfTen(x float64) float64 {
	power := 1.0
	for power*10 <= x {
		power *= 10
	}
	for power > x {
		power /= 10
	}
	return power
}

// margin returns how far from the left edge an area with this scale begins.
func (s scale) margin() float64 {
	widest := 0.0
	for _, label := range s.labels {
		widest = max(widest, lettering{size: labelSize}.measure(label))
	}
	return pageMargin + widest + 10
}

// yAxis draws grid lines with their values, and the title with its unit above them.
func (p *panel) yAxis(s scale, title string) {
	look := lettering{size: labelSize, color: greyInk(), anchor: atEnd}
	for i, mark := range s.marks {
		y := p.y(mark)
		p.line(stroke{color: hair(), width: 1}, point{p.area.left, y}, point{p.area.right, y})
		p.text(look, point{p.area.left - 10, y + 5.5}, s.labels[i])
	}
	p.text(lettering{size: labelSize, color: ink()}, point{pageMargin, p.area.top - p.titleRise()}, title)
}

// aside writes at the right, in the line of the title of the y axis, what a reader has to know of what is drawn.
func (p *panel) aside(note string) {
	if note == "" {
		return
	}
	p.text(lettering{size: noteSize, color: greyInk(), anchor: atEnd}, point{chartWidth - pageMargin, p.area.top - p.titleRise()}, note)
}

// titleRise is how far above an area the title of its y axis stands: there is a strip for marks between them.
func (p *panel) titleRise() float64 { return 30 }

// baseline draws the x axis itself, over the data.
func (p *panel) baseline() {
	p.line(stroke{color: ink(), width: 1.25}, point{p.area.left, p.area.bottom}, point{p.area.right, p.area.bottom})
}

// xTitle writes the title of the x axis below its values.
func (p *panel) xTitle(title string) {
	look := lettering{size: labelSize, color: ink(), anchor: atMiddle}
	p.text(look, point{(p.area.left + p.area.right) / 2, p.area.bottom + 46}, title)
}

// tick draws a short line below the x axis.
func (p *panel) tick(x, length float64) {
	p.line(stroke{color: greyInk(), width: 1}, point{x, p.area.bottom}, point{x, p.area.bottom + length})
}

// countAxis draws round values along the x axis.
func (p *panel) countAxis(title string) {
	look := lettering{size: labelSize, color: greyInk(), anchor: atMiddle}
	for _, mark := range newScale(p.xHigh, 8, figure.Number).marks {
		if mark > p.xHigh*1.000001 {
			break
		}
		if p.xHigh < 8 && mark != math.Trunc(mark) {
			continue
		}
		p.tick(p.x(mark), 5)
		p.text(look, point{p.x(mark), p.area.bottom + 22}, figure.Number(mark))
	}
	p.xTitle(title)
}
