package virtual

import (
	"invitesim/sim"
	"invitesim/sim/theory"
)

// predict compares the result of a run that reached its end with theory.
func (e *engine) predict(result *sim.Result) {
	if result.Interrupted || e.hopeless >= 0 {
		return
	}
	predictions, curve := theory.Predict(e.plan, e.crowd, theory.Measured{Result: result, PendingByGroup: e.book.PendingByGroup})
	result.Predictions = predictions
	if curve != nil {
		result.Distributions["outstanding.predicted"] = *curve
	}
}
