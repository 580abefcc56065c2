package sim

import "invitesim/model"

// latencyFigures are how long commands and queries took, and how a run by the wall clock was driven. Without latencies, as in virtual time, there
// is no sample of any of them.
func latencyFigures() []figure {
	var all []figure
	for verb := range model.Verb(model.Verbs) {
		name := verb.String()
		all = append(all, group("latency."+name, func(r *Result, _ *Figures) *LatencyFigures { return r.Latency[name] })...)
	}
	for verb := range model.Verb(model.Verbs) {
		name := verb.String()
		all = append(all, group("service."+name, func(r *Result, _ *Figures) *LatencyFigures { return r.Service[name] })...)
	}
	return append(all, group("load", func(r *Result, _ *Figures) *LoadFigures { return r.Load })...)
}
