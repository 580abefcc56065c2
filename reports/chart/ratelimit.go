package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"invitesim/reports/figure"
)

// hoursOfWeek is how many cells the heat map has.
const hoursOfWeek = 168

// rateLimit shows the hits of the weekly limit over time and by hour of the week.
func rateLimit(v *view) sheet {
	column := v.Series.Column("send.rate_limited")
	mean, _, _ := v.replicated("send.rate_limited")
	if len(mean) == len(v.steps) && len(mean) > 0 {
		column = make([]float64, len(mean))
		for i, p := range mean {
			column[i] = p.y
		}
	}
	b := v.bins.whole()
	hits := b.sums(column)
	heat := v.heat()
	if sum(column) == 0 && greatest(heat) == 0 {
		if v.never("weekly_limit.mode", "none") {
			return sheet{why: "the policy has no weekly limit"}
		}
		return sheet{why: "no send hit the weekly limit"}
	}
	if len(hits) < 2 {
		return sheet{why: "the series has a single step"}
	}
	s := sheet{sentence: rateLimitSentence(v, heat)}
	if len(mean) > 0 {
		s.replicas = v.overReplicas("means")
	}
	s.draw = func(s *surface) {
		if greatest(heat) == 0 {
			drawHits(s, v, b, hits, chartHeight-58)
			return
		}
		drawHits(s, v, b, hits, 345)
		drawHeat(s, heat, v.coveredHours(), v.heatOver())
	}
	if greatest(heat) > 0 {
		s.extra = panelHeight
	}
	return s
}

// heat returns the mean hits in each hour of the week; hours that the curve leaves out had none.
func (v *view) heat() []float64 {
	cells := make([]float64, hoursOfWeek)
	hits := points(v.Distributions["rate_limited.hour_of_week"])
	if mean, _, _ := v.replicated("rate_limited.hour_of_week"); len(mean) > 0 {
		hits = mean
	}
	for _, p := range hits {
		if p.x >= 0 && p.x < hoursOfWeek {
			cells[int(p.x)] = p.y
		}
	}
	return cells
}

// coveredHours says of each hour of the week whether any of it is after the warm-up: nothing is known of the others.
func (v *view) coveredHours() []bool {
	covered := make([]bool, hoursOfWeek)
	from := math.Floor(v.sinceMonday(v.warmup) / hour)
	for n := from; n < from+hoursOfWeek && float64(n*hour) < v.sinceMonday(v.span); n++ {
		covered[int(n)%hoursOfWeek] = true
	}
	return covered
}

func hottest(heat []float64) int {
	peak := 0
	for i := range heat {
		if heat[i] > heat[peak] {
			peak = i
		}
	}
	return peak
}

// Weekdays are the names of the days of the week in charts.
func Weekdays() []string { return []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} }

func rateLimitSentence(v *view, heat []float64) string {
	send, hits := v.Commands["send"], v.sendTotals()["rate_limited"]
	if send == nil || hits == 0 && greatest(heat) == 0 {
		return "The weekly limit was hit in the warm-up alone."
	}
	share := float64(hits) / float64(max(send.Count, 1))
	if all := v.Replicates["commands.send.outcomes.rate_limited.share"]; all.N > 1 {
		share = all.Mean
	}
	refused := "the limit refused " + figure.Share(share) + " of the attempts to send"
	if greatest(heat) == 0 {
		return "After the warm-up, " + refused + "."
	}
	if sentence := v.worstWeek(); sentence != "" {
		return sentence + "; " + refused + "."
	}
	peak := hottest(heat)
	return fmt.Sprintf("Rate-limit hits peak on %s %02d:00 UTC, at %s per hour on average; %s.",
		Weekdays()[peak/24], peak%24, figure.Number(heat[peak]), refused)
}

// worstWeek says when the limit was hit where more than half of all hits after the warm-up were in one of several weeks: a mean over the weeks would
// tell of none of them. It is empty anywhere else.
func (v *view) worstWeek() string {
	column := v.Series.Column("send.rate_limited")
	weeks, all := map[int]float64{}, 0.0
	for i, hits := range column {
		if t := v.steps[i]; t >= v.warmup {
			weeks[int(v.sinceMonday(t)/week)] += hits
			all += hits
		}
	}
	worst := -1
	for n, hits := range weeks {
		if 2*hits > all {
			worst = n
		}
	}
	if worst < 0 || len(weeks) < 2 {
		return ""
	}
	most, at := 0.0, 0.0
	for i, hits := range column {
		if t := v.steps[i]; t >= v.warmup && int(v.sinceMonday(t)/week) == worst && hits > most {
			most, at = hits, t
		}
	}
	step, when := float64(v.Series.StepS), "Mon 2 Jan 15:04 UTC"
	if step >= day {
		when = "Mon 2 Jan"
	}
	return fmt.Sprintf("Of the rate-limit hits %s are in W%d, %s of them in the worst %s, from %s on",
		figure.Share(weeks[worst]/all), worst+1, figure.Number(most), per(step), v.date(at).Format(when))
}

// heatOver says what the hits in the hours of the week are means over.
func (v *view) heatOver() string {
	measured := max(v.span-v.warmup, 0)
	over := "means over " + figure.Span(int64(measured))
	if v.warmup > 0 {
		over += " after the warm-up"
	}
	if mean, _, _ := v.replicated("rate_limited.hour_of_week"); len(mean) > 0 {
		over += fmt.Sprintf(" and %d replicas", v.Replicas)
	}
	return over
}

// per names the length of a bin after a slash: per hour, per 6 h, per week.
func per(length float64) string {
	switch length {
	case hour:
		return "hour"
	case day:
		return "day"
	case week:
		return "week"
	case 4 * week:
		return "4 weeks"
	case 52 * week:
		return "52 weeks"
	}
	return figure.Duration(length)
}

func drawHits(s *surface, v *view, b bins, hits []float64, bottom float64) {
	axis := newScale(greatest(hits), 4, figure.Number)
	p := &panel{
		surface: s, xHigh: v.span, yHigh: axis.high,
		area: box{max(axis.margin(), heatLeft), 120, heatRight, bottom},
	}
	p.warmup(v)
	p.yAxis(axis, "rate-limit hits per "+per(b.length))
	p.aside(b.left.text())
	p.stackLayer(b, paint{paintOf("rate_limited").color, plain}, make([]float64, len(hits)), hits)
	p.markPolicyChanges(v)
	p.baseline()
	p.timeAxis(v)
}

// Both panels of the chart begin and end at the same place.
const (
	heatLeft  = 90.0
	heatRight = chartWidth - 110.0
)

// heatColor goes from nearly white over the colour of the limit to dark: ever darker, so that it reads without colours.
func heatColor(share float64) color.NRGBA {
	low, middle, high := rgb(0xFFF6EF), paintOf("rate_limited").color, rgb(0x4A1E00)
	if share <= 0 {
		return white()
	}
	if share < 0.6 {
		return mix(low, middle, share/0.6)
	}
	return mix(middle, high, (share-0.6)/0.4)
}

// mix returns the colour at the given share of the way between two.
func mix(from, to color.NRGBA, share float64) color.NRGBA {
	between := func(a, b uint8) uint8 { return uint8(float64(a) + float64((float64(b)-float64(a))*share) + 0.5) }
	return color.NRGBA{R: between(from.R, to.R), G: between(from.G, to.G), B: between(from.B, to.B), A: 255}
}

func drawHeat(s *surface, heat []float64, covered []bool, over string) {
	area := box{heatLeft, 448, heatRight, 448 + 7*30}
	width := area.width() / 24
	hot := hottest(heat)
	s.text(lettering{size: labelSize, color: ink()}, point{pageMargin, area.top - 14}, "mean rate-limit hits per hour"+heatNote(covered))
	s.text(lettering{size: labelSize, color: greyInk(), anchor: atEnd}, point{area.right, area.top - 14},
		fmt.Sprintf("peak: %s %02d:00, %s", Weekdays()[hot/24], hot%24, figure.Number(heat[hot])))
	name := lettering{size: labelSize, color: greyInk(), anchor: atEnd}
	number := lettering{size: labelSize, color: greyInk(), anchor: atMiddle}
	most := greatest(heat)
	cell := func(i int) box {
		left, top := area.left+float64(width*float64(i%24)), area.top+float64(i/24)*30
		return box{left, top, left + width, top + 30}
	}
	for i, value := range heat {
		b, color := cell(i), heatColor(value/most)
		if !covered[i] {
			color = rgb(0xE3E3E3)
		}
		s.fillBox(color, box{b.left + 0.5, b.top + 0.5, b.right - 0.5, b.bottom - 0.5})
	}
	s.outline(stroke{color: rgb(0xA8A8A8), width: 0.75}, area)
	for i, weekday := range Weekdays() {
		s.text(name, point{area.left - 10, area.top + float64(i)*30 + 20.5}, weekday)
	}
	for h := 0; h < 24; h += 2 {
		s.text(number, point{area.left + float64(width*(float64(h)+0.5)), area.bottom + 21}, fmt.Sprintf("%02d", h))
	}
	s.text(number, point{(area.left + area.right) / 2, area.bottom + 45}, "hour of the day, UTC; "+over)
	s.outline(stroke{color: ink(), width: 2}, cell(hot))
	drawHeatScale(s, box{area.right + 22, area.top + 8, area.right + 40, area.bottom - 8}, most)
}

// heatNote explains the grey of hours of the week that nothing is known of.
func heatNote(covered []bool) string {
	if slices.Contains(covered, false) {
		return " (grey: not measured)"
	}
	return ""
}

// drawHeatScale explains the colours, with round values.
func drawHeatScale(s *surface, b box, most float64) {
	const pieces = 40
	for i := pieces; i > 0; i-- { // each over the one above it, so that no seam shows
		top := b.bottom - float64(b.height()*float64(i)/pieces)
		s.fillBox(heatColor((float64(i)-0.5)/pieces), box{b.left, top, b.right, b.bottom})
	}
	s.outline(stroke{color: rgb(0x8A8A8A), width: 0.75}, b)
	for _, mark := range newScale(most, 5, figure.Number).marks {
		if mark > most*1.000001 {
			break
		}
		y := b.bottom - float64(b.height()*mark/most)
		s.line(stroke{color: greyInk(), width: 1}, point{b.right, y}, point{b.right + 5, y})
		s.text(lettering{size: labelSize, color: greyInk()}, point{b.right + 9, y + 5.5}, figure.Number(mark))
	}
}
