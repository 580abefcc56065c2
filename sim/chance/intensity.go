package chance

import (
	"fmt"
	"math"
	"slices"
)

// Intensity is how busy people are over a run: a weight for each hour of the week, and factors for a while. The times at which
// its integral has grown by exponential draws of mean 1/rate are a Poisson process with that rate, thinned and thickened by the
// hour. Times are nanoseconds since the run's start; one unit is the growth in one second of mean weight, factors aside.
//
// It is immutable; several goroutines may use one.
type Intensity struct {
	pieces  []piece // constant intensity, each where the one before ends
	end     int64   // of the run
	total   float64 // the integral over the run
	byHour  []int32 // the piece in which each clock hour of the run starts
	phase   int64   // from the start of the clock hour in which the run starts to the run's start
	byTotal []int32 // the piece in which each part of the integral starts
	perUnit float64 // parts of the integral for each unit
}

type piece struct {
	from, until   int64   // nanoseconds
	before, after float64 // integral up to from, and up to until
	rate          float64 // units per nanosecond
	inverse       float64 // nanoseconds per unit; 0 where the rate is 0
}

// Episode multiplies the intensity by Factor from From up to Until, in nanoseconds since the run's start. Episodes that overlap
// multiply each other.
type Episode struct {
	From, Until int64
	Factor      float64
}

const (
	second = 1_000_000_000
	hour   = 3600 * second
	week   = 168 * 3600 // seconds
	monday = 345600     // Unix seconds of the first Monday, 0 h UTC

	guideParts = 4 // parts of the integral for each piece: most lie within one, so that there is nothing to search
)

// NewIntensity returns the intensity of a run that starts at the given Unix second and lasts the given number of seconds,
// in a zone that is ahead of UTC by so many seconds. The weights are those of the hours of a week in local time from Monday 0 h
// on; they are scaled to a mean of 1, so that they need only be finite, 0 or more, and not all 0.
func NewIntensity(weights [168]float64, zone, start, seconds int64, episodes []Episode) (*Intensity, error) {
	mean, err := meanWeight(weights)
	if err != nil {
		return nil, err
	}
	const limit int64 = math.MaxInt64 / second / 2
	if seconds <= 0 || seconds > limit {
		return nil, fmt.Errorf("the run lasts %d s: it must last from 1 s to %d s", seconds, limit)
	}
	for i, e := range episodes {
		if err := check(fmt.Sprintf("the factor of episode %d", i+1), e.Factor, e.Factor >= 0, "0 or more"); err != nil {
			return nil, err
		}
	}
	local := (start%week + zone%week - monday%week + 3*week) % week
	v := &Intensity{phase: local % 3600 * second}
	v.end = seconds * second
	edges := v.edges(v.end, episodes)
	for i, from := range edges[:len(edges)-1] {
		rate := weights[(local/3600+(from+v.phase)/hour)%168] / mean
		for _, e := range episodes {
			if e.From <= from && from < e.Until {
				rate = float64(rate * e.Factor)
			}
		}
		v.pieces = append(v.pieces, piece{from: from, until: edges[i+1], rate: rate / second})
	}
	return v, v.sum()
}

func meanWeight(weights [168]float64) (float64, error) {
	total := 0.0
	for i, w := range weights {
		if err := check(fmt.Sprintf("the weight of hour %d of the week", i), w, w >= 0, "0 or more"); err != nil {
			return 0, err
		}
		total += w
	}
	if err := check("the sum of the weights", total, total > 0, "above 0 and finite"); err != nil {
		return 0, err
	}
	return total / 168, nil
}

// edges returns the instants at which the intensity may change, in order and each once, from 0 to the end.
func (v *Intensity) edges(end int64, episodes []Episode) []int64 {
	edges := []int64{0, end}
	for at := hour - v.phase; at < end; at += hour {
		edges = append(edges, at)
	}
	for _, e := range episodes {
		for _, at := range []int64{e.From, e.Until} {
			if at > 0 && at < end {
				edges = append(edges, at)
			}
		}
	}
	slices.Sort(edges)
	return slices.Compact(edges)
}

// sum computes the integral and the two guides.
func (v *Intensity) sum() error {
	for i := range v.pieces {
		p := &v.pieces[i]
		if p.rate > 0 {
			p.inverse = 1 / p.rate
		}
		p.before = v.total
		p.after = p.before + float64(p.rate*float64(p.until-p.from))
		if p.inverse > math.MaxFloat64 || p.after > math.MaxFloat64 {
			return fmt.Errorf("the intensity from %d ns on is too far from its mean, %g times", p.from, p.rate*second)
		}
		v.total = p.after
		for int64(len(v.byHour))*hour <= p.from+v.phase {
			v.byHour = append(v.byHour, int32(i))
		}
	}
	if v.total > 0 {
		v.perUnit = guideParts * float64(len(v.pieces)) / v.total
	}
	v.byTotal = make([]int32, guideParts*len(v.pieces)+2)
	at := int32(0)
	for part := range v.byTotal {
		for int(at) < len(v.pieces)-1 && float64(v.pieces[at].after*v.perUnit) < float64(part) {
			at++
		}
		v.byTotal[part] = at
	}
	return nil
}

// Until returns the integral from the run's start to an instant of it, in units.
func (v *Intensity) Until(now int64) float64 {
	p := v.find(v.within(now))
	return p.before + float64(p.rate*float64(now-p.from))
}

// within returns an instant of the run: what is outside counts as its first or last.
func (v *Intensity) within(now int64) int64 { return min(max(now, 0), v.end-1) }

// find returns the piece that an instant of the run lies in.
func (v *Intensity) find(now int64) *piece {
	i := int(v.byHour[uint64(now+v.phase)/hour])
	for v.pieces[i].until <= now {
		i++
	}
	return &v.pieces[i]
}

// Next returns the instant, not before now, at which the integral has grown by the given units, of at least 0, since now. ok is
// false where the run ends before that.
func (v *Intensity) Next(now int64, units float64) (at int64, ok bool) {
	if now >= v.end {
		return v.end, false
	}
	now = max(now, 0)
	p := v.find(now)
	left := float64(float64(p.until-now) * p.rate)
	if units < left {
		return min(now+int64(float64(units*p.inverse)+0.5), p.until-1), true
	}
	target := p.after + (units - left)
	if !(target < v.total) {
		return v.end, false
	}
	p = v.reached(int(v.byTotal[int(float64(target*v.perUnit))]), target)
	return min(p.from+int64(float64((target-p.before)*p.inverse)+0.5), p.until-1), true
}

// reached returns the piece in which the integral comes to exceed target, from piece i on.
func (v *Intensity) reached(i int, target float64) *piece {
	for steps := 0; v.pieces[i].after <= target; steps++ {
		if steps == 8 {
			return v.search(i, target)
		}
		i++
	}
	return &v.pieces[i]
}

// search does by halving what reached does step by step.
func (v *Intensity) search(low int, target float64) *piece {
	high := len(v.pieces) - 1
	for low < high {
		middle := (low + high) / 2
		if v.pieces[middle].after <= target {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return &v.pieces[low]
}
