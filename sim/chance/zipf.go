package chance

import (
	"fmt"
	"math"
	"math/bits"
)

// Zipf chooses among n things of which the k-th has weight k^-s. It takes the same small memory for any n: the
// first 1024 things have their exact weights in a table; the others are in runs that are 1/64 as long as their first number, chosen
// by the exact sum of their weights, and within a run a thing is taken or tried again by its own weight.
//
// It is immutable; several goroutines may use one.
type Zipf struct {
	n        uint32
	exponent float64
	runs     []run
	columns  []column
}

// run is the things numbered first to first+length-1, counted from 1.
type run struct {
	first, length uint32
	sure          uint64 // of 2^64: which tries succeed whatever the thing
}

// column is one of equally likely choices: its own run where the fraction is below the cut, else another.
type column struct {
	cut   uint64
	other uint32
}

const (
	zipfHead  = 1024 // things with a run of their own
	zipfParts = 64   // a run is this part of its first number
	zipfTries = 64   // after so many the first thing of the run is taken; even at s = 8 a try fails once in nine
)

// NewZipf returns the choice among n things, at least 1, with exponent s of 0 (all alike) to 100.
func NewZipf(n uint32, s float64) (*Zipf, error) {
	if n == 0 {
		return nil, fmt.Errorf("there is nothing to choose from: at least 1 thing is needed")
	}
	if err := check("the exponent", s, s >= 0 && s <= 100, "from 0 to 100"); err != nil {
		return nil, err
	}
	z := &Zipf{n: n, exponent: s}
	var weights []float64
	for first := uint64(1); first <= uint64(n); {
		length := uint64(1)
		if first > zipfHead {
			length = min(first/zipfParts, uint64(n)-first+1)
		}
		last := first + length - 1
		sure := pow(float64(first)/float64(last), s)
		z.runs = append(z.runs, run{uint32(first), uint32(length), fraction(sure)})
		weights = append(weights, powerSum(float64(first), float64(last), s))
		first += length
	}
	z.columns = alias(weights)
	return z, nil
}

// fraction returns x, from 0 to 1, as a part of 2^64, the largest number standing for 1.
func fraction(x float64) uint64 {
	if x >= 1 {
		return math.MaxUint64
	}
	return uint64(x * 0x1p64)
}

// Choose turns 64 random bits into a thing, numbered from 0 to n-1. It makes what more bits it needs from these.
func (z *Zipf) Choose(random uint64) uint32 {
	i, part := bits.Mul64(random, uint64(len(z.columns)))
	if c := &z.columns[i]; part >= c.cut {
		i = uint64(c.other)
	}
	r := &z.runs[i]
	if r.length == 1 {
		return r.first - 1
	}
	more := Stream(random)
	for try := range uint64(zipfTries) {
		offset, part := bits.Mul64(more.Bits(2*try), uint64(r.length))
		if part <= r.sure || z.taken(r, uint32(offset), more.Bits(2*try+1)) {
			return r.first - 1 + uint32(offset)
		}
	}
	return r.first - 1
}

// taken decides on a thing whose try was not among the sure ones: it has weight/(weight of the run's first) to pass in all.
func (z *Zipf) taken(r *run, offset uint32, random uint64) bool {
	weight := pow(float64(r.first)/float64(r.first+offset), z.exponent)
	sure := float64(float64(r.sure) * 0x1p-64)
	return float64(unit(random)*(1-sure)) < weight-sure
}

// powerSum returns the sum of k^-s for k from first to last. For more than one k it is the formula of Euler and Maclaurin, about
// the middles between whole numbers; first is above 1024 then and last little more, which leaves an error of 1e-12.
func powerSum(first, last, s float64) float64 {
	if first == last {
		return pow(first, -s)
	}
	a, b := first-0.5, last+0.5
	logRatio := log1p((b - a) / a)
	// The integral is a^(1-s) (e^((1-s) log(b/a)) - 1)/(1-s), which has to come out right around s = 1 too.
	relative := logRatio
	if x := float64((1 - s) * logRatio); x != 0 {
		relative = float64(logRatio * (Expm1(x) / x))
	}
	slopes := float64(s * (pow(a, -s)/a - pow(b, -s)/b))
	return float64(float64(a*pow(a, -s))*relative) - slopes/24
}

// alias builds the table by which one random number chooses in proportion to weights, after A. J. Walker and M. D. Vose: each
// column is filled up to the mean by one other.
func alias(weights []float64) []column {
	total := 0.0
	for i := len(weights) - 1; i >= 0; i-- {
		total += weights[i]
	}
	columns := make([]column, len(weights))
	level := make([]float64, len(weights)) // in units of the mean
	var below, above []uint32
	for i, w := range weights {
		level[i] = float64(w*float64(len(weights))) / total
		columns[i] = column{math.MaxUint64, uint32(i)}
		if level[i] < 1 {
			below = append(below, uint32(i))
		} else {
			above = append(above, uint32(i))
		}
	}
	for len(below) > 0 && len(above) > 0 {
		low, high := below[len(below)-1], above[len(above)-1]
		below = below[:len(below)-1]
		columns[low] = column{fraction(level[low]), high}
		level[high] -= 1 - level[low]
		if level[high] < 1 {
			above = above[:len(above)-1]
			below = append(below, high)
		}
	}
	return columns
}
