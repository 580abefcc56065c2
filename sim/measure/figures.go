package measure

import (
	"invitesim/model"
	"invitesim/sim"
)

// Finish closes what is open at t, where the run ended, and writes the figures, the series, the curves and the warnings
// of the result. Every timer before t must have fired, and the last step been ended. Call it once.
func (r *Recorder) Finish(t model.Instant, result *sim.Result) {
	r.close(t)
	r.write(t, result)
}

// close closes what is open of the recorder's members.
func (r *Recorder) close(t model.Instant) {
	r.until = t
	r.closeQuotaPeriods()
	for i := range r.members {
		if !r.owns(model.Member(i)) || r.members[i].marks&(markSender|blockedMask) == 0 {
			continue
		}
		m := r.member(model.Member(i))
		own := &r.tallies[r.PopulationOf(model.Member(i))]
		if m.marks&markSender != 0 {
			own.weigh(model.Member(i), m, int64(r.from), int64(t))
			m.since = uint32(t)
		}
		if m.marks&blockedMask != 0 {
			r.unblocked(t, model.Member(i), own)
		}
	}
}

// write writes what was counted.
func (r *Recorder) write(t model.Instant, result *sim.Result) {
	var all tally
	for i := range r.tallies {
		all.add(&r.tallies[i])
	}
	result.Figures = r.figures(&all)
	result.MembersBy = r.byPopulation(r.tallies, r.figures)
	r.writeWindows(result)
	result.Series = r.series.result(r.plan.Step)
	result.Distributions = r.curves(t, &all)
	result.Warnings = append(result.Warnings, warnings(&all)...)
}

// byPopulation describes each of the given tallies under the name of its population; nil without populations.
func (r *Recorder) byPopulation(tallies []tally, describe func(*tally) sim.Figures) map[string]*sim.Figures {
	if len(r.plan.Populations) == 0 {
		return nil
	}
	by := map[string]*sim.Figures{}
	for i := range r.plan.Populations {
		figures := describe(&tallies[i])
		figures.Members = r.plan.Populations[i].Count
		by[r.plan.Populations[i].Name] = &figures
	}
	return by
}

// PendingByGroup returns the mean outstanding per sender of each of forty groups of members, by number, of the populations with the given
// indexes; nil where some group has no sender. Finish must have been called.
func (r *Recorder) PendingByGroup(populations []int) []float64 {
	var all [memberGroups]held
	for _, population := range populations {
		for i, group := range r.tallies[population].groups {
			all[i].time += group.time
			all[i].invitations += group.invitations
		}
	}
	means := make([]float64, memberGroups)
	for i, group := range all {
		if group.time == 0 {
			return nil
		}
		means[i] = float64(group.invitations) / float64(group.time)
	}
	return means
}

// figures describes one tally.
func (r *Recorder) figures(t *tally) sim.Figures {
	f := t.happened()
	f.Pending, f.Quota, f.Response = t.pending(&r.policy.PendingCap), t.quota(), t.responses()
	return f
}

// happened describes how often what happened.
func (t *tally) happened() sim.Figures {
	f := sim.Figures{
		Turns: t.turns, Invitations: t.invitations, Limits: t.limitFigures(),
		Commands: map[string]*sim.CommandFigures{}, Queries: map[string]sim.Count{},
	}
	f.Invitations.OutstandingEnd = uint64(t.outstanding)
	for v := range t.outcomes {
		verb := model.Verb(v)
		if verb.IsQuery() {
			if n := t.outcomes[v][model.NoOutcome]; n > 0 {
				f.Queries[verb.String()] = sim.Count{Count: n}
			}
		} else if command := commandFigures(&t.outcomes[v]); command.Count > 0 {
			f.Commands[verb.String()] = command
		}
	}
	return f
}

// commandFigures describes the outcomes of one verb.
func commandFigures(outcomes *[model.Outcomes]uint64) *sim.CommandFigures {
	f := &sim.CommandFigures{Outcomes: map[string]*sim.OutcomeShare{}}
	for _, n := range outcomes {
		f.Count += n
	}
	for o, n := range outcomes {
		if n > 0 {
			f.Outcomes[model.Outcome(o).String()] = &sim.OutcomeShare{Count: n, Share: float64(n) / float64(f.Count)}
		}
	}
	return f
}

// limitFigures describes the limits; nothing where nobody tried to send.
func (t *tally) limitFigures() map[string]*sim.LimitFigures {
	all := map[string]*sim.LimitFigures{}
	if t.tried == 0 {
		return all
	}
	for i, outcome := range sim.Limits() {
		l := &t.limits[i]
		all[outcome.String()] = &sim.LimitFigures{
			Hits: l.hits, Members: l.members, LongestS: l.longest,
			MemberShare: float64(l.members) / float64(t.tried),
		}
	}
	return all
}

// pending describes outstanding invitations; nil where nobody had any for any time.
func (t *tally) pending(limit *model.PendingCap) *sim.PendingFigures {
	if t.weights.total() == 0 {
		return nil
	}
	f := &sim.PendingFigures{
		Mean: t.weights.mean(), Max: t.weights.largest(), MembersAtCapEnd: t.capped,
		P50: t.weights.percentile(500), P90: t.weights.percentile(900),
		P99: t.weights.percentile(990), P999: t.weights.percentile(999),
	}
	if limit.Mode == model.CapHard {
		count := limit.Count
		f.Cap = &count
	}
	return f
}

// quota describes the use of the weekly limit; nil where no period with a limit and a send ended.
func (t *tally) quota() *sim.QuotaFigures {
	if t.periods.all == 0 {
		return nil
	}
	return &sim.QuotaFigures{
		UsedP50: t.used.percentile(500), UsedP90: t.used.percentile(900), UsedP99: t.used.percentile(990),
		ExhaustedShare: float64(t.periods.exhausted) / float64(t.periods.all),
	}
}

// responses describes how long people took.
func (t *tally) responses() map[string]*sim.ResponseFigures {
	all := map[string]*sim.ResponseFigures{}
	for i := range t.answers {
		times := &t.answers[i]
		if times.count() == 0 {
			continue
		}
		p := times.percentiles(500, 900, 990)
		all[answerNames[i]] = &sim.ResponseFigures{
			Count: times.count(), MeanS: times.histogram.Mean(), P50S: p[0], P90S: p[1], P99S: p[2],
		}
	}
	return all
}
