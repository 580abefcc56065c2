package page

import (
	"math"
	"slices"

	"invitesim/reports/chart"
)

// coarse is what a stack shows of all its steps, put into columns: so that it can be seen before the script has read every step. It is what the script
// makes of the steps itself when they are looked at closer.
type coarse struct {
	Length float64  `json:"length"` // of a column in seconds
	From   packed   `json:"from"`
	To     packed   `json:"to"`
	Sums   []packed `json:"sums"` // of each series
}

const (
	fewSteps    = 1000 // which are read in no time
	mostColumns = 250  // that can be told apart
)

// coarsen gives a stack of many steps its columns.
func (p *plot) coarsen() {
	if p.Kind != "stack" || len(p.Series) == 0 || len(p.Series[0].steps) <= fewSteps {
		return
	}
	starts, length := p.columns(len(p.Series[0].steps))
	c := &coarse{Length: length}
	var from, to []float64
	for i, start := range starts {
		from = append(from, float64(start)*p.X.Step)
		if i > 0 {
			to = append(to, from[i])
		}
	}
	to = append(to, min(float64(len(p.Series[0].steps))*p.X.Step, p.X.To))
	first, end := wholeColumns(from, to, length)
	c.From, c.To = pack(from[first:end]), pack(to[first:end])
	for _, s := range p.Series {
		var columns []float64
		for i, start := range starts {
			end := len(s.steps)
			if i+1 < len(starts) {
				end = starts[i+1]
			}
			columns = append(columns, total(s.steps[start:end]))
		}
		c.Sums = append(c.Sums, pack(columns[first:end]))
	}
	p.Coarse = c
}

// wholeColumns returns which columns are shown, from the first to before the end: the part of one with which the run begins or ends is left out, unless
// few are left then.
func wholeColumns(from, to []float64, length float64) (first, end int) {
	const fewest = 3
	part := func(i int) bool { return to[i]-from[i] < length-1e-6 }
	end = len(from)
	if end > 0 && part(0) {
		first = 1
	}
	if end > first && part(end-1) {
		end--
	}
	if end-first < fewest {
		return 0, len(from)
	}
	return first, end
}

// detach takes the values off the series of a plot that can be shown without.
func (p *plot) detach() []packed {
	if p.Coarse == nil {
		return nil
	}
	var all []packed
	for i := range p.Series {
		all = append(all, p.Series[i].Values)
		p.Series[i].Values = packed{}
	}
	return all
}

// columns returns the first step of each column where all n steps are seen, and how long a column is: whole days where three weeks and more
// are seen, else as short as can be told apart. Columns begin with calendar weeks.
func (p *plot) columns(n int) (starts []int, length float64) {
	least := p.X.Step
	if p.X.To >= 3*week {
		least = max(least, p.Y.Least)
	}
	length = p.X.Step
	if p.X.To/p.X.Step > mostColumns || p.X.Step < least {
		all := chart.Lengths()
		i := slices.IndexFunc(all, func(l float64) bool { return l >= least && p.X.To/l <= mostColumns })
		if i < 0 {
			i = len(all) - 1
		}
		length = all[i]
	}
	monday := math.Floor((float64(p.Start)-4*day)/week)*week + 4*day
	before := math.Inf(-1)
	for i := range n {
		column := float64(i)
		if length > p.X.Step {
			column = math.Floor((float64(p.Start) - monday + float64(float64(i)*p.X.Step)) / length)
		}
		if column != before {
			starts = append(starts, i)
		}
		before = column
	}
	return starts, length
}
