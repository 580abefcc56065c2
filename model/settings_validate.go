package model

import (
	"errors"
	"fmt"
)

// Validate says what no policy may be: every setting out of its range, and settings that contradict each other, all at
// once. A nil error means that the rules can work with the policy.
func (p *Policy) Validate() error {
	var mistakes []error
	for i := range settings {
		if err := settings[i].check(p); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %w", settings[i].path, err))
		}
	}
	if d := p.WeeklyLimit.Dynamic; d.Min > d.Max {
		mistakes = append(mistakes, fmt.Errorf("weekly_limit.dynamic: found min %d above max %d, expected min at most max", d.Min, d.Max))
	}
	if l := p.Views.Lag; l.Min > l.Max {
		mistakes = append(mistakes, fmt.Errorf("views.lag: found min %s above max %s, expected min at most max", l.Min, l.Max))
	}
	if p.Restrict.On.some() && len(p.Restrict.Ladder) == 0 {
		mistakes = append(mistakes, errors.New("restrict.ladder: found no step, expected at least one where restrict.on names a trigger"))
	}
	return errors.Join(mistakes...)
}
