package sim

import (
	"fmt"

	"invitesim/model"
)

// Covered says of what part of a plan the figures of a run are that ended at an instant before its plan did.
func Covered(plan *Plan, end model.Instant) string {
	warmup := model.Instant(plan.Warmup)
	switch {
	case warmup == 0:
		return fmt.Sprintf("the figures are of the first %s of %s", end, plan.Duration)
	case end <= warmup:
		return fmt.Sprintf("nothing was measured: the warm-up is %s long, and the run got to %s", plan.Warmup, end)
	}
	return fmt.Sprintf("the figures are of %s to %s of %s", warmup, end, plan.Duration)
}
