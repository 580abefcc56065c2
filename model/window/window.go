// Package window counts what a limit counts: sends of a calendar period, of a window that the first send opens, of the
// last period, or tokens of a bucket. Integer arithmetic only; instants are whole seconds, passed in.
package window

// Count is what was counted in one calendar period. The zero value has counted nothing.
type Count struct {
	Ordinal int64 // of the period that Used belongs to
	Used    uint32
}

// In returns what was counted in the period with the given ordinal.
func (c Count) In(ordinal int64) uint32 {
	if c.Ordinal == ordinal {
		return c.Used
	}
	return 0
}

// Add counts one more in the period with the given ordinal; earlier periods are forgotten.
func (c *Count) Add(ordinal int64) {
	c.Used = c.In(ordinal) + 1
	c.Ordinal = ordinal
}

// Activity counts in the running calendar period and remembers the one before.
type Activity struct {
	Ordinal  int64
	Current  uint32
	Previous uint32
}

// Complete returns what was counted in the last complete period before the one with the given ordinal.
func (a Activity) Complete(ordinal int64) uint32 {
	switch ordinal {
	case a.Ordinal:
		return a.Previous
	case a.Ordinal + 1:
		return a.Current
	}
	return 0
}

// Add counts one more in the period with the given ordinal.
func (a *Activity) Add(ordinal int64) {
	if ordinal != a.Ordinal {
		a.Previous, a.Current, a.Ordinal = a.Complete(ordinal), 0, ordinal
	}
	a.Current++
}

// Anchored is a window that opens at the first send after the last one closed: [OpenedAt, OpenedAt+period). The zero value
// has never been open.
type Anchored struct {
	OpenedAt int64
	Sent     uint32
}

// Used returns the sends of the window that is open at t.
func (a Anchored) Used(t, period int64) uint32 {
	if a.Sent == 0 || t >= a.OpenedAt+period {
		return 0
	}
	return a.Sent
}

// Add counts a send at t.
func (a *Anchored) Add(t, period int64) {
	if a.Used(t, period) == 0 {
		a.OpenedAt, a.Sent = t, 0
	}
	a.Sent++
}

// Sliding returns how many of the ascending instants are later than t-period: one at exactly t-period is over.
func Sliding(instants []uint32, t, period int64) int {
	from := t - period
	low, high := 0, len(instants)
	for low < high {
		middle := (low + high) / 2
		if int64(instants[middle]) <= from {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return len(instants) - low
}

// SlidingUntil returns the first instant at which fewer than limit of the ascending instants are within the last period. There must be at least limit
// of them, and limit must be positive.
func SlidingUntil(instants []uint32, period int64, limit uint32) int64 {
	return int64(instants[len(instants)-int(limit)]) + period
}

// Bucket is a bucket of tokens that is refilled evenly, limit tokens per period. Its level is kept in parts of a
// token, period parts each, so that nothing is ever rounded. The zero value has never been drawn from and is full.
type Bucket struct {
	Drawn bool
	Last  int64  // instant of the last draw
	Parts uint64 // level after it
}

// level returns the parts in the bucket at t.
func (b Bucket) level(t, period int64, limit uint32) uint64 {
	full := uint64(limit) * uint64(period)
	if !b.Drawn || t-b.Last >= period {
		return full
	}
	return min(full, b.Parts+uint64(limit)*uint64(t-b.Last))
}

// Tokens returns the whole tokens in the bucket at t, under the limit in force now.
func (b Bucket) Tokens(t, period int64, limit uint32) uint32 {
	return uint32(b.level(t, period, limit) / uint64(period))
}

// Draw takes one token at t; there must be one.
func (b *Bucket) Draw(t, period int64, limit uint32) {
	b.Parts = b.level(t, period, limit) - uint64(period)
	b.Last, b.Drawn = t, true
}

// Until returns the first instant at which an empty bucket holds a whole token. The limit must be positive.
func (b Bucket) Until(period int64, limit uint32) int64 {
	missing := uint64(period) - b.Parts
	return b.Last + int64((missing+uint64(limit)-1)/uint64(limit))
}
