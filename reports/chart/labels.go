package chart

import (
	"slices"
	"sort"
)

// endLabel names a series at the right edge of an area: its swatch, its name, and a note below the name.
type endLabel struct {
	y          float64 // where the series ends
	swatch     func(s *surface, b box)
	name, note string
}

const (
	swatchWidth = 22.0
	leader      = 20.0 // from the area to the labels
)

// labelMargin returns how much room at the right the labels take, edge of the page included.
func labelMargin(labels []endLabel) float64 {
	widest := 0.0
	for _, label := range labels {
		widest = max(widest, lettering{size: labelSize}.measure(label.name), lettering{size: noteSize}.measure(label.note))
	}
	return leader + swatchWidth + 8 + widest + pageMargin
}

func (l endLabel) height() float64 {
	if l.note == "" {
		return 22
	}
	return 40
}

// endLabels draws the labels beside the area, each as near to the end of its series as the others allow, with a hairline from one
// to the other.
func (p *panel) endLabels(labels []endLabel) {
	heights, wanted := make([]float64, len(labels)), make([]float64, len(labels))
	for i, label := range labels {
		heights[i], wanted[i] = label.height(), label.y
	}
	for i, y := range spread(wanted, heights, p.area.top-14, p.area.bottom+8) {
		label := labels[i]
		left := p.area.right + leader
		p.line(stroke{color: rgb(0xA8A8A8), width: 1}, point{p.area.right + 2, label.y}, point{left - 4, y})
		label.swatch(p.surface, box{left, y - 7, left + swatchWidth, y + 7})
		name := point{left + swatchWidth + 8, y + 5.5}
		if label.note != "" {
			name.y -= 9
			note := point{name.x, name.y + 18}
			p.text(lettering{size: noteSize, color: greyInk()}, note, label.note)
		}
		p.text(lettering{size: labelSize, color: ink()}, name, label.name)
	}
}

// spread moves the centres of things of the given heights as little as it takes that none overlaps another, inside of top and bottom
// where they fit at all.
func spread(wanted, heights []float64, top, bottom float64) []float64 {
	order := make([]int, len(wanted))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return wanted[order[a]] < wanted[order[b]] })
	placed := slices.Clone(wanted)
	limit := top
	for _, i := range order {
		placed[i] = max(placed[i], limit+heights[i]/2)
		limit = placed[i] + heights[i]/2
	}
	limit = bottom
	for k := len(order) - 1; k >= 0; k-- {
		i := order[k]
		placed[i] = min(placed[i], limit-heights[i]/2)
		limit = placed[i] - heights[i]/2
	}
	return placed
}

// areaSwatch shows the colour and hatch of an area.
func areaSwatch(look paint) func(*surface, box) {
	return func(s *surface, b box) {
		s.fillBox(look.color, b)
		s.hatch(look, []box{b})
		s.outline(stroke{color: rgb(0x8A8A8A), width: 0.75}, b)
	}
}

// lineSwatch shows a piece of line.
func lineSwatch(look stroke) func(*surface, box) {
	return func(s *surface, b box) {
		middle := (b.top + b.bottom) / 2
		s.line(look, point{b.left, middle}, point{b.right, middle})
	}
}

// legendEntry is one series of a legend.
type legendEntry struct {
	swatch func(s *surface, b box)
	name   string
}

// legend draws entries in a row from left to right that begins a new line where the right edge comes, and returns the base line
// of the last.
func (s *surface) legend(entries []legendEntry, left, right, baseline float64) float64 {
	look := lettering{size: labelSize, color: ink()}
	x := left
	for _, entry := range entries {
		width := swatchWidth + 7 + look.measure(entry.name)
		if x > left && x+width > right {
			x, baseline = left, baseline+24
		}
		entry.swatch(s, box{x, baseline - 12.5, x + swatchWidth, baseline + 1.5})
		s.text(look, point{x + swatchWidth + 7, baseline}, entry.name)
		x += width + 22
	}
	return baseline
}
