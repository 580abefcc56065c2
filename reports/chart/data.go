package chart

import (
	"slices"
	"strings"
	"time"

	"invitesim/reports/figure"
	"invitesim/sim"
)

const (
	hour = 3600.0
	day  = 24 * hour
	week = 7 * day
)

// view is a result, prepared for drawing. Times are seconds since the start of the run.
type view struct {
	*sim.Result
	start       time.Time // UTC
	span        float64   // as far as the run got
	warmup      float64
	populations []string
	steps       []float64 // start of each step of the series
	bins        bins      // for what is told apart by hours
}

// bins are steps of the series put together, so that there are few enough to tell apart.
type bins struct {
	length   float64 // of a whole one
	from, to []float64
	of       []int // for each step of the series, its bin; -1 for one that is left out
	left     leftOut
}

// leftOut is how much of a run is left out of bins, in seconds: the part of a bin with which it begins or ends.
type leftOut struct{ first, last, length float64 }

// text says what is left out; empty for nothing.
func (l leftOut) text() string {
	part := ", part of a " + per(l.length) + ", left out"
	if l.length != hour && l.length != day && l.length != week {
		part = ", part of " + per(l.length) + ", left out"
	}
	switch {
	case l.first > 0 && l.last > 0:
		return "first " + figure.Span(int64(l.first)) + " and last " + figure.Span(int64(l.last)) + strings.Replace(part, "part", "parts", 1)
	case l.first > 0:
		return "first " + figure.Span(int64(l.first)) + part
	case l.last > 0:
		return "last " + figure.Span(int64(l.last)) + part
	}
	return ""
}

// mostBins is how many bins a chart shows: a week of hours fits.
const mostBins = 170

func newView(result *sim.Result) *view {
	v := &view{
		Result: Means(result),
		span:   float64(result.DurationS),
		warmup: float64(result.WarmupS),
	}
	start, err := time.Parse(time.RFC3339, result.Start)
	if err != nil {
		start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	}
	v.start = start.UTC()
	v.populations = populationNames(result)
	for _, prefix := range []string{"at_cap.", "quota."} {
		for _, name := range v.curves(prefix) {
			if !slices.Contains(v.populations, name) {
				v.populations = append(v.populations, name)
			}
		}
	}
	slices.Sort(v.populations)
	v.steps = v.Series.Column("t_s")
	v.span = min(v.span, v.reached())
	if v.span <= 0 {
		v.span = 1
	}
	v.bins = v.binSteps(0)
	return v
}

// reached returns how far into the run the series goes, in seconds: of the rest nothing is known where a run was interrupted, stopped early,
// or ended after so much time of the wall clock. Its last step need not be a whole one; the shares at the cap tell where that ends.
func (v *view) reached() float64 {
	if len(v.steps) == 0 {
		return v.span
	}
	last := v.steps[len(v.steps)-1]
	end := last + float64(v.Series.StepS)
	for _, name := range v.curves("at_cap.") {
		line := points(v.Distributions["at_cap."+name])
		if x := line[len(line)-1].x; x > last {
			end = min(end, x)
		}
	}
	return end
}

// curves returns what follows the prefix in the names of the distributions that begin with it, sorted.
func (v *view) curves(prefix string) []string {
	var names []string
	for name, curve := range v.Distributions {
		if rest, ok := strings.CutPrefix(name, prefix); ok && len(points(curve)) > 0 {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return names
}

// points pairs up the x and y of a curve.
func points(curve sim.Curve) []point {
	pairs := make([]point, min(len(curve.X), len(curve.Y)))
	for i := range pairs {
		pairs[i] = point{curve.X[i], curve.Y[i]}
	}
	return pairs
}

// sinceMonday returns the seconds from Monday 00 h UTC before the start of the run to time t of the run.
func (v *view) sinceMonday(t float64) float64 {
	days := (int(v.start.Weekday()) + 6) % 7
	clock := v.start.Sub(time.Date(v.start.Year(), v.start.Month(), v.start.Day(), 0, 0, 0, 0, time.UTC))
	return float64(float64(days)*day) + clock.Seconds() + t
}

// Lengths are the calendar lengths that steps are put together in, in seconds, the shortest first.
func Lengths() []float64 {
	return []float64{60, 300, 900, 1800, hour, 3 * hour, 6 * hour, 12 * hour, day, week, 4 * week, 52 * week}
}

// binSteps puts the steps of the series into the smallest calendar bins that are no shorter than the least length, and of which there
// are at most mostBins.
func (v *view) binSteps(least float64) bins {
	step := float64(v.Series.StepS)
	length := step
	if len(v.steps) > mostBins || step < least {
		for _, length = range Lengths() {
			if length >= max(step, least) && v.span/length <= mostBins {
				break
			}
		}
	}
	b := bins{length: length, of: make([]int, len(v.steps))}
	last := int64(-1)
	for i, t := range v.steps {
		ordinal := int64(i)
		if length > step {
			ordinal = int64(v.sinceMonday(t) / length)
		}
		if ordinal != last {
			b.from = append(b.from, t)
			b.to = append(b.to, t)
			last = ordinal
		}
		b.of[i] = len(b.from) - 1
		b.to[b.of[i]] = min(t+step, v.span)
	}
	return b
}

// fewestBins is how many whole bins there are at least where parts are left out: of fewer, much of the run would be missing.
const fewestBins = 3

// whole returns the bins without the part of one with which the run begins or ends: two days of a week are not what a week is like, whether they are
// taken for a week or by the day.
func (b bins) whole() bins {
	part := func(i int) bool { return b.to[i]-b.from[i] < b.length-1e-6 }
	first, end := 0, len(b.from)
	if end > 0 && part(0) {
		first = 1
	}
	if end > first && part(end-1) {
		end--
	}
	if end-first < fewestBins || end-first == len(b.from) {
		return b
	}
	w := bins{length: b.length, from: b.from[first:end], to: b.to[first:end], of: slices.Clone(b.of)}
	w.left = leftOut{first: b.from[first] - b.from[0], last: b.to[len(b.to)-1] - b.to[end-1], length: b.length}
	for i := range w.of {
		w.of[i] -= first
		if w.of[i] >= len(w.from) {
			w.of[i] = -1
		}
	}
	return w
}

// sums adds up the values of a column of the series in each bin.
func (b bins) sums(column []float64) []float64 {
	sums := make([]float64, len(b.from))
	for i, value := range column {
		if b.of[i] >= 0 {
			sums[b.of[i]] += value
		}
	}
	return sums
}

// mostPoints is how many points a line has at most.
const mostPoints = 500

// reduce thins a line to at most the given number of points, 4 or more, by keeping the first, the last, and the least and greatest of
// each of equally long pieces: what stands out stays.
func reduce(line []point, most int) []point {
	if len(line) <= most {
		return line
	}
	pieces := (most - 2) / 2
	inner := line[1 : len(line)-1]
	kept := append(make([]point, 0, most), line[0])
	for piece := range pieces {
		from, to := piece*len(inner)/pieces, (piece+1)*len(inner)/pieces
		least, greatest := from, from
		for i := from; i < to; i++ {
			if inner[i].y < inner[least].y {
				least = i
			}
			if inner[i].y > inner[greatest].y {
				greatest = i
			}
		}
		kept = append(kept, inner[min(least, greatest)])
		if least != greatest {
			kept = append(kept, inner[max(least, greatest)])
		}
	}
	return append(kept, line[len(line)-1])
}

// stepped turns points into a staircase that keeps each y until the next x. It doubles the points.
func stepped(line []point) []point {
	stairs := make([]point, 0, 2*len(line))
	for i, p := range line {
		if i > 0 {
			stairs = append(stairs, point{p.x, line[i-1].y})
		}
		stairs = append(stairs, p)
	}
	return stairs
}

// valueAt returns the y of the last point at or before x, and 0 before the first. The points are in order of x.
func valueAt(line []point, x float64) float64 {
	after, _ := slices.BinarySearchFunc(line, x, func(p point, x float64) int {
		if p.x <= x {
			return -1
		}
		return 1
	})
	if after == 0 {
		return 0
	}
	return line[after-1].y
}

// envelope returns the least and the greatest y of several staircases at every x of any of them.
func envelope(lines [][]point) (low, high []point) {
	var xs []float64
	for _, line := range lines {
		for _, p := range line {
			xs = append(xs, p.x)
		}
	}
	slices.Sort(xs)
	for _, x := range slices.Compact(xs) {
		least, greatest := valueAt(lines[0], x), valueAt(lines[0], x)
		for _, line := range lines[1:] {
			y := valueAt(line, x)
			least, greatest = min(least, y), max(greatest, y)
		}
		low, high = append(low, point{x, least}), append(high, point{x, greatest})
	}
	return low, high
}

func greatest(values []float64) float64 {
	most := 0.0
	for _, value := range values {
		most = max(most, value)
	}
	return most
}

func sum(values []float64) float64 {
	total := 0.0
	for _, value := range values {
		total += value
	}
	return total
}
