package wall

import (
	"time"

	"invitesim/model"
)

// second is the nanoseconds of a second.
const second = 1_000_000_000

// clock tells the wall time of a run, in nanoseconds since its start, and translates from and to the people's time.
type clock struct {
	base  time.Time
	speed float64 // people's time in wall time; 0 in a closed loop, which has no such ratio
	last  model.Instant
}

// now returns the wall time.
func (k *clock) now() int64 { return int64(time.Since(k.base)) }

// wall returns when a nanosecond of the people's time is due.
func (k *clock) wall(at uint64) int64 { return int64(float64(at) / k.speed) }

// people returns which instant of the people's time it is, at most the last of the run.
func (k *clock) people(wall int64) model.Instant {
	return min(model.Instant(float64(float64(wall)*k.speed)/second), k.last)
}
