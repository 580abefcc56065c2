package chart

import (
	"fmt"
	"math"
	"time"
)

// rowWriter places labels of one row from left to right and leaves out those that would touch the one before or the edge.
type rowWriter struct {
	*panel
	look  lettering
	y     float64
	until float64 // where the last label ends
}

func (p *panel) row(size, below float64) *rowWriter {
	look := lettering{size: size, color: greyInk(), anchor: atMiddle}
	return &rowWriter{panel: p, look: look, y: p.area.bottom + below, until: math.Inf(-1)}
}

// write puts the label at x if there is room.
func (r *rowWriter) write(x float64, label string) {
	width := r.look.measure(label)
	left := x
	if r.look.anchor == atMiddle {
		x = max(x, width/2+6)
		left = x - width/2
	}
	if left < r.until+10 || left+width > chartWidth-6 {
		return
	}
	r.text(r.look, point{x, r.y}, label)
	r.until = left + width
}

// timeAxis draws calendar time along the x axis: weeks W1, W2, … counted from the one in which the run starts, with the
// date below the first and every fourth; days or the time of day (UTC) where the run is that short.
func (p *panel) timeAxis(v *view) {
	switch {
	case v.span <= 2*day:
		p.clockAxis(v)
	case p.area.width()/(v.span/day) >= 44:
		p.dayAxis(v)
	default:
		p.weekAxis(v)
	}
}

// warmup draws the grey band of the warm-up, behind everything else, and its name in the strip above the area.
func (p *panel) warmup(v *view) { p.warmupUntil(min(v.warmup, v.span)) }

// warmupUntil draws the band until where the warm-up ends on the x axis; none for 0.
func (p *panel) warmupUntil(end float64) {
	if end <= 0 {
		return
	}
	p.fillBox(band(), box{p.x(0), p.area.top - 22, p.x(end), p.area.bottom})
	p.stripName(p.x(0)+6, "warm-up")
}

// bandToEnd draws a grey band from an x to the end of the area, behind everything else, and in the strip above, up to its end, the first of its names
// that fits into it, or the last.
func (p *panel) bandToEnd(from float64, names ...string) {
	p.fillBox(band(), box{p.x(from), p.area.top - 22, p.area.right, p.area.bottom})
	for _, name := range names {
		width := lettering{size: noteSize}.measure(name) + 6
		if width+6 <= p.area.right-p.x(from) || name == names[len(names)-1] {
			p.stripName(p.area.right-width, name)
			return
		}
	}
}

// stripName writes the name of a band into the strip above the area.
func (p *panel) stripName(left float64, name string) {
	look := lettering{size: noteSize, color: greyInk()}
	p.text(look, point{left, p.area.top - 6}, name)
	p.strip = append(p.strip, box{left: left, right: left + look.measure(name)})
}

func (v *view) date(t float64) time.Time { return v.start.Add(time.Duration(t) * time.Second) }

// weekAxis labels weeks, as many as fit.
func (p *panel) weekAxis(v *view) {
	pixels := p.area.width() / (v.span / week)
	every := 1
	for float64(every)*pixels < 50 {
		every *= 2
	}
	dated := max(4, every)
	for float64(dated)*pixels < 90 {
		dated *= 2
	}
	if v.span <= 4*week {
		dated = 1
	}
	for t := day - math.Mod(v.sinceMonday(0), day); pixels >= 60 && t < v.span; t += day {
		p.tick(p.x(t), 3)
	}
	names, dates := p.row(labelSize, 23), p.row(noteSize, 42)
	year := 0
	for n := 0; ; n++ {
		t := max(float64(float64(n)*week)-v.sinceMonday(0), 0)
		if t >= v.span {
			return
		}
		if n%every != 0 {
			if pixels >= 5 {
				p.tick(p.x(t), 4)
			}
			continue
		}
		p.tick(p.x(t), 7)
		names.write(p.x(t), fmt.Sprintf("W%d", n+1))
		if n%dated == 0 {
			dates.write(p.x(t), dateLabel(v.date(t), v.date(t).Year() != year))
			year = v.date(t).Year()
		}
	}
}

func dateLabel(t time.Time, year bool) string {
	if year {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan")
}

// dayAxis labels days, and the weeks below them.
func (p *panel) dayAxis(v *view) {
	days, weeks := p.row(labelSize, 23), p.row(noteSize, 42)
	weeks.look.anchor = atStart
	offset := v.sinceMonday(0)
	for n := math.Floor(offset / day); ; n++ {
		t := max(float64(n*day)-offset, 0)
		if t >= v.span {
			return
		}
		p.tick(p.x(t), 6)
		if noon := float64(n*day) - offset + day/2; noon > 0 && noon < v.span {
			days.write(p.x(noon), v.date(noon).Format("Mon"))
		}
		if t == 0 || int(n)%7 == 0 {
			weeks.write(p.x(t), fmt.Sprintf("W%d, %s", int(n)/7+1, dateLabel(v.date(t), t == 0)))
		}
	}
}

// clockAxis labels the time of day, and the dates below.
func (p *panel) clockAxis(v *view) {
	every := day / 2
	for _, every = range []float64{60, 300, 600, 1800, hour, 3 * hour, 6 * hour, 12 * hour} {
		if p.area.width()/(v.span/every) >= 62 {
			break
		}
	}
	clock, dates := p.row(labelSize, 23), p.row(noteSize, 42)
	dates.look.anchor = atStart
	offset := v.sinceMonday(0)
	dates.write(p.x(0), v.start.Format("Mon 2 Jan 2006")+", UTC")
	for n := math.Ceil(offset / every); float64(n*every)-offset <= v.span; n++ {
		t := float64(n*every) - offset
		p.tick(p.x(t), 6)
		clock.write(p.x(t), v.date(t).Format("15:04"))
		if math.Mod(n*every, day) == 0 && t > 0 {
			dates.write(p.x(t), v.date(t).Format("Mon 2 Jan"))
		}
	}
}
