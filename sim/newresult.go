package sim

import (
	"time"

	"invitesim/model"
)

// NewResult returns the result of a plan before anything was measured. The clock is virtual or wall.
func NewResult(plan *Plan, clock string) *Result {
	return &Result{
		Schema:   ResultSchema,
		Scenario: ScenarioName{Name: plan.Name, Purpose: plan.Purpose, Digest: plan.Digest},
		Policy:   NewPolicyName(&plan.Policy),
		Seed:     plan.Seed, Clock: clock,
		Start:     model.Calendar{Start: plan.Start}.Time(0).Format(time.RFC3339),
		DurationS: int64(plan.Duration), WarmupS: int64(plan.Warmup),
		Members: plan.Members(), Replicas: 1,
		Charts: map[string]string{},
	}
}

// NewPolicyName returns the name of a policy with all its settings.
func NewPolicyName(policy *model.Policy) PolicyName {
	name := PolicyName{Name: policy.Name, Settings: map[string]string{}}
	for _, path := range model.SettingPaths() {
		name.Settings[path], _ = policy.Get(path)
	}
	return name
}
