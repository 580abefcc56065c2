package wall

import (
	"time"

	"invitesim/model"
)

const (
	// second is the nanoseconds of a second.
	second = 1_000_000_000
	// farthest is a wall time that no run comes to, in nanoseconds: what is beyond it fits no integer, or leaves no room to add to.
	farthest = 1 << 62
)

// clock tells the wall time of a run, in nanoseconds since its start, and translates from and to the people's time.
type clock struct {
	base  time.Time
	speed float64 // people's time in wall time; 0 in a closed loop, which has no such ratio
	last  model.Instant
}

// now returns the wall time.
func (k *clock) now() int64 { return int64(time.Since(k.base)) }

// wall returns when a nanosecond of the people's time is due, at most farthest.
func (k *clock) wall(at uint64) int64 { return int64(min(float64(at)/k.speed, farthest)) }

// nanosecond returns which nanosecond of the people's time it is, at most the given one.
func (k *clock) nanosecond(wall int64, most uint64) uint64 {
	if at := float64(wall) * k.speed; at < float64(most) {
		return uint64(at)
	}
	return most
}

// people returns which instant of the people's time it is, at most the last of the run.
func (k *clock) people(wall int64) model.Instant {
	return model.Instant(min(float64(float64(wall)*k.speed)/second, float64(k.last)))
}
