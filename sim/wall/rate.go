package wall

import "invitesim/sim"

// expectedRate returns about how many commands and queries a second of the people's time brings: the sends that people set out to make,
// what recipients and senders do about them, and looks at lists, if no limit refused anything. Events that scale rates are left out.
func expectedRate(plan *sim.Plan) float64 {
	rate := 0.0
	for i := range plan.Populations {
		p := &plan.Populations[i]
		each := p.Look.Received + p.Look.Sent
		if p.Send != nil {
			sends := p.Send.PerSecond()
			each += float64(sends * (1 + followUps(plan, i)))
		}
		rate += float64(each * float64(p.Count))
	}
	return rate
}

// followUps returns how many commands follow from a send of a population: answers and withdrawals.
func followUps(plan *sim.Plan, population int) float64 {
	p := &plan.Populations[population]
	total := 0.0
	for _, target := range p.Send.To {
		to := &plan.Populations[target.Population]
		if to.Respond == nil {
			continue
		}
		answers := to.Respond.Answers
		if own, ok := to.Respond.From[population]; ok {
			answers = own
		}
		total += float64(target.Share * (answers.Accept + answers.Ignore + answers.Report + answers.Block))
	}
	if p.Mistakes != nil {
		total += p.Mistakes.Share
	}
	if t := p.Tidy; t != nil && t.Every > 0 {
		total += min(float64(t.AtMost)/float64(t.Every)/p.Send.PerSecond(), max(0, 1-total))
	}
	return total
}
