package sim

import (
	"time"

	"invitesim/model"
)

// NewResult returns the result of a plan before anything was measured. The clock is virtual or wall.
func NewResult(plan *Plan, clock string) *Result {
	result := &Result{
		Schema:   ResultSchema,
		Scenario: ScenarioName{Name: plan.Name, Purpose: plan.Purpose, Digest: plan.Digest},
		Policy:   PolicyName{Name: plan.Policy.Name, Settings: map[string]string{}},
		Seed:     plan.Seed, Clock: clock,
		Start:     model.Calendar{Start: plan.Start}.Time(0).Format(time.RFC3339),
		DurationS: int64(plan.Duration), WarmupS: int64(plan.Warmup),
		Members: plan.Members(), Replicas: 1,
		Charts: map[string]string{},
	}
	for _, path := range model.SettingPaths() {
		result.Policy.Settings[path], _ = plan.Policy.Get(path)
	}
	return result
}
