package chance

// Share is a share of cases, ready to be compared with random bits: how many of the 2^53 numbers that unit makes of them
// lie within it. The zero Share is of no case.
type Share uint64

// Always is the Share of all cases.
const Always Share = 1 << 53

// ShareOf returns a share of cases: none for 0 and below and for NaN, all for 1 and above.
func ShareOf(share float64) Share { return ShareWhere(func(u float64) bool { return u < share }) }

// ShareWhere returns the share of the uniform numbers for which a condition holds. Where it holds for one, it must hold for
// all below.
func ShareWhere(holds func(u float64) bool) Share {
	low, high := Share(0), Always
	for low < high {
		middle := (low + high) / 2
		if holds(unit(uint64(middle) << 11)) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// Has says whether 64 random bits fall into the share: exactly where the number that unit makes of them does.
func (s Share) Has(random uint64) bool { return random>>11 < uint64(s) }

// Beyond is Has as a number: 0 where 64 random bits fall into the share, else 1. It is for sums of several shares of which
// one can tell no better than a coin whether the next bits fall into them.
func (s Share) Beyond(random uint64) uint64 { return 1 - (random>>11-uint64(s))>>63 }
