// Package chance is the randomness of the simulated people: streams keyed by who draws and what for, distributions
// given by their quantile functions, so that one uniform number makes one draw, weighted choices, and the hours of the
// week. All of it gives the same bits on every processor.
package chance

import (
	"fmt"
	"math"
	"math/bits"
)

// Distribution is a distribution of numbers, given by its quantile function. It is immutable, and the zero value is not a
// distribution: the constructors make them.
type Distribution struct {
	text     string
	mean     float64
	quantile func(u float64) float64
	table
}

// Quantile returns the number that a draw stays at or below with probability u, for u strictly between 0 and 1.
func (d *Distribution) Quantile(u float64) float64 { return d.quantile(u) }

// Draw returns the draw that belongs to a uniform number strictly between 0 and 1: the same as Quantile to within one part
// in 10 000, and exactly the same in both tails and for all distributions of finitely many or whole numbers.
func (d *Distribution) Draw(u float64) float64 {
	low, high := math.Float64bits(u), math.Float64bits(1-u)
	// Half of all draws lie on either side: a branch on that would be guessed wrong as often.
	_, upper := bits.Sub64(high, low, 0)
	near := low ^ (low^high)&-upper
	i := near>>(d.shift&63) - d.first // &63 changes nothing: it tells the compiler so
	if i >= d.side {
		return d.quantile(u)
	}
	c := &d.cells[upper*d.side+i]
	within := float64(float64(int64(near&d.place)) * d.unit)
	return c.at + float64(c.rise*within)
}

// Mean returns the mean; it may be +Inf.
func (d *Distribution) Mean() float64 { return d.mean }

// String returns the distribution as a scenario would write it, with plain numbers: two distributions draw alike
// exactly if their texts are the same.
func (d *Distribution) String() string { return d.text }

// Equal reports whether two distributions are the same, nil being the same as nil only.
func (d *Distribution) Equal(other *Distribution) bool {
	if d == nil || other == nil {
		return d == other
	}
	return d.text == other.text
}

// table holds the quantile function between 2^-17 and 1-2^-17. The cells get narrower toward both ends, as floating-point
// numbers do: each halving of u, or of 1-u, has equally many. So a cell is found by the leading bits of u, and a fixed
// number of cells is equally good for the middle and for the tails.
type table struct {
	cells []cell  // by u up to 0.5, then as many by 1-u
	side  uint64  // how many; 0 where all draws are computed exactly
	first uint64  // leading bits of the first cell
	shift uint    // how many bits of a number lead to a place within a cell
	place uint64  // those bits
	unit  float64 // 2^-shift
}

type cell struct{ at, rise float64 }

const (
	octaves     = 16
	cellBits    = 7    // 128 cells for each octave to begin with: 4096 in all
	maxCellBits = 11   // beyond, what is not accurate enough is computed each time
	accuracy    = 1e-4 // of a draw, relative to the exact quantile
	halfBits    = 1022 // the exponent bits of 0.5, at which the last octave ends
)

// tabulate fills the table with as many cells as the accuracy needs. Where even the finest do not reach it, the table
// stays empty.
func (d *Distribution) tabulate() {
	for size := uint(cellBits); size <= maxCellBits; size++ {
		t := table{first: (halfBits - octaves) << size, shift: 52 - size}
		t.place, t.unit = 1<<t.shift-1, 1/float64(uint64(1)<<t.shift)
		if t.fill(d.quantile) && t.fill(func(v float64) float64 { return d.quantile(1 - v) }) {
			t.side = uint64(len(t.cells) / 2)
			d.table = t
			return
		}
	}
}

// fill adds one side to the table and reports whether it is accurate in the middles of its cells. Its last cell is the number 0.5
// alone.
func (t *table) fill(quantile func(v float64) float64) bool {
	at := quantile(math.Float64frombits(t.first << t.shift))
	for i := range uint64(octaves) << (52 - t.shift) {
		edge := (t.first + i + 1) << t.shift
		middle := quantile(math.Float64frombits(edge - 1<<(t.shift-1)))
		next := quantile(math.Float64frombits(edge))
		guess := at + float64(0.5*(next-at))
		if !(math.Abs(guess-middle) <= accuracy*math.Abs(middle)) {
			return false
		}
		t.cells = append(t.cells, cell{at, next - at})
		at = next
	}
	t.cells = append(t.cells, cell{at, 0})
	return true
}

// check returns an error if a number is not within its bounds; NaN is within none.
func check(name string, x float64, fine bool, bounds string) error {
	if fine && !math.IsInf(x, 0) {
		return nil
	}
	return fmt.Errorf("%s is %g: it must be %s", name, x, bounds)
}

// firstError returns the first error that is not nil.
func firstError(errors ...error) error {
	for _, err := range errors {
		if err != nil {
			return err
		}
	}
	return nil
}

// finish returns the distribution if all its draws are finite, with a table for fast draws if it is continuous.
func finish(d *Distribution, continuous bool) (*Distribution, error) {
	const least, most = 0x1p-53, 1 - 0x1p-53
	if !finite(d.quantile(least)) || !finite(d.quantile(most)) {
		return nil, fmt.Errorf("%s has draws beyond 1.8e308: its parameters must be milder", d.text)
	}
	if continuous {
		d.tabulate()
	}
	return d, nil
}

func finite(x float64) bool { return math.Abs(x) <= math.MaxFloat64 }
