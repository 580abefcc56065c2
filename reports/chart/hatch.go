package chart

import (
	"maps"
	"math"
	"slices"
)

// hatchSpacing is the distance between the lines of a hatch, in pixels along an axis.
const hatchSpacing = 7.0

// hatch draws the pattern of a look over boxes that stand side by side, from left to right. The lines run on from one box
// to the next.
func (s *surface) hatch(look paint, boxes []box) {
	var lines [][]point
	switch look.hatch {
	case rising:
		lines = hatchLines(boxes, -1)
	case falling:
		lines = hatchLines(boxes, 1)
	case crossed:
		lines = append(hatchLines(boxes, -1), hatchLines(boxes, 1)...)
	case level:
		lines = hatchLines(boxes, 0)
	case upright:
		lines = uprightLines(boxes)
	}
	if len(lines) > 0 {
		s.strokes(stroke{color: hatchInk(look.color), width: 1.25}, lines...)
	}
}

// hatchLines returns the pieces inside of the boxes of the lines y = slope·x + k·hatchSpacing, pieces that touch put together.
func hatchLines(boxes []box, slope float64) [][]point {
	var done [][]point
	open := map[int]*[2]float64{} // by k: where the line is still going on, from and to
	finish := func(k int) {
		from, to := open[k][0], open[k][1]
		offset := float64(k) * hatchSpacing
		done = append(done, []point{{from, float64(slope*from) + offset}, {to, float64(slope*to) + offset}})
		delete(open, k)
	}
	for _, b := range boxes {
		low := min(b.top-float64(slope*b.left), b.top-float64(slope*b.right))
		high := max(b.bottom-float64(slope*b.left), b.bottom-float64(slope*b.right))
		for k := int(math.Ceil(low / hatchSpacing)); float64(k)*hatchSpacing < high; k++ {
			from, to := b.left, b.right
			switch offset := float64(k) * hatchSpacing; slope {
			case -1:
				from, to = max(from, offset-b.bottom), min(to, offset-b.top)
			case 1:
				from, to = max(from, b.top-offset), min(to, b.bottom-offset)
			}
			if to-from < 0.05 {
				continue
			}
			if open[k] != nil && from-open[k][1] < 0.05 {
				open[k][1] = to
				continue
			}
			if open[k] != nil {
				finish(k)
			}
			open[k] = &[2]float64{from, to}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(open)) {
		finish(k)
	}
	return done
}

// uprightLines returns the pieces inside of the boxes of upright lines.
func uprightLines(boxes []box) [][]point {
	var lines [][]point
	for _, b := range boxes {
		for x := math.Ceil(b.left/hatchSpacing) * hatchSpacing; x < b.right; x += hatchSpacing {
			if b.bottom-b.top > 0.05 {
				lines = append(lines, []point{{x, b.top}, {x, b.bottom}})
			}
		}
	}
	return lines
}
