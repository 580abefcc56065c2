package virtual

import (
	"context"
	"slices"
	"testing"

	"invitesim/model"
	"invitesim/sim"
)

// checkpointsOf runs a plan with a checkpoint a week.
func checkpointsOf(t *testing.T, plan *sim.Plan) (at []model.Instant, digests []string, digest string) {
	t.Helper()
	result, _, err := Run(context.Background(), plan, Options{Checkpoints: Checkpoints{
		Every: model.Week,
		Take: func(instant model.Instant, digest string) {
			at, digests = append(at, instant), append(digests, digest)
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return at, digests, result.Digest
}

// Checkpoints tell from when on two histories differ, and are no part of the history.
func TestCheckpoints(t *testing.T) {
	plan := smallPlan()
	at, _, digest := checkpointsOf(t, plan)
	plain, _, err := Run(context.Background(), plan, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if digest != plain.Digest {
		t.Error("checkpoints change the digest")
	}
	var weeks []model.Instant
	for week := model.Instant(model.Week); week < model.Instant(plan.Duration); week += model.Instant(model.Week) {
		weeks = append(weeks, week)
	}
	if !slices.Equal(at, weeks) {
		t.Errorf("found checkpoints at %v, expected %v", at, weeks)
	}

	// Nobody may note in the first five weeks that the limit goes down to nothing then.
	stopped := plan.Policy
	stopped.WeeklyLimit.Mode, stopped.WeeklyLimit.Count = model.LimitFixed, 0
	changed := *plan
	changed.Events = nil
	unchanged := changed
	changed.Events = []sim.Event{{At: model.Instant(5 * model.Week), Policy: &stopped}}
	_, before, _ := checkpointsOf(t, &unchanged)
	_, after, _ := checkpointsOf(t, &changed)
	if !slices.Equal(before[:5], after[:5]) {
		t.Error("the first five checkpoints differ")
	}
	for week := 5; week < len(before); week++ {
		if before[week] == after[week] {
			t.Errorf("the checkpoint after week %d is the same", week+1)
		}
	}
	if distinct := slices.Compact(slices.Clone(before)); len(distinct) != len(before) {
		t.Error("two weeks have the same checkpoint")
	}
}
