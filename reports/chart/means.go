package chart

import (
	"maps"
	"math"
	"slices"
	"strings"

	"invitesim/model"
	"invitesim/sim"
)

// Means returns a result as charts show it. The use of the weekly limit is that of whole periods. The times to answer are those of all invitations,
// up to the age that enough of them reached (see AnswersWatched). Of several replicas it has the means of all in place of what the first one did, in the series, in the counts of commands and invitations, and in what is drawn over time. Everything else is that of the
// first replica; so are all sends of a result that has the means of some of their outcomes alone.
func Means(result *sim.Result) *sim.Result {
	return ofWholePeriods(meanResult(ofAllInvitations(result)))
}

func meanResult(result *sim.Result) *sim.Result {
	if result.Replicas < 2 {
		return result
	}
	m := *result
	m.Series = meanSeries(result)
	m.Distributions = maps.Clone(result.Distributions)
	for name, curve := range meanCurves(result) {
		if _, drawn := result.Distributions[name]; drawn || name == "rate_limited.hour_of_week" {
			m.Distributions[name] = curve
		}
	}
	if !hasMeans(result) {
		return &m
	}
	m.Figures = meanFigures(result, "", &result.Figures)
	m.MembersBy = map[string]*sim.Figures{}
	for name, f := range result.MembersBy {
		own := meanFigures(result, "members_by."+name+".", f)
		m.MembersBy[name] = &own
	}
	return &m
}

// hasMeans says whether a result has the mean of every outcome of a send over time.
func hasMeans(result *sim.Result) bool {
	if result.Replicas < 2 || len(result.Replicates) == 0 {
		return false
	}
	means := meanCurves(result)
	return !slices.ContainsFunc(result.Series.Columns, func(name string) bool {
		curve, known := means[name]
		return strings.HasPrefix(name, "send.") && (!known || len(curve.Y) != len(result.Series.Rows))
	})
}

// meanCurves returns the means over replicas by what they are of.
func meanCurves(result *sim.Result) map[string]sim.Curve {
	all := map[string]sim.Curve{}
	for name, curve := range result.Distributions {
		if of, ok := strings.CutPrefix(name, "replicates."); ok && strings.HasSuffix(of, ".mean") {
			all[strings.TrimSuffix(of, ".mean")] = curve
		}
	}
	return all
}

// meanSeries returns the series with means in its columns, and with columns of what other replicas alone had.
func meanSeries(result *sim.Result) sim.Series {
	s := sim.Series{StepS: result.Series.StepS, Columns: slices.Clone(result.Series.Columns)}
	for _, row := range result.Series.Rows {
		s.Rows = append(s.Rows, slices.Clone(row))
	}
	means, all := meanCurves(result), hasMeans(result)
	for _, name := range slices.Sorted(maps.Keys(means)) {
		place, send := slices.Index(s.Columns, name), strings.HasPrefix(name, "send.")
		if len(means[name].Y) != len(s.Rows) || place < 0 && !send || send && !all {
			continue
		}
		if place < 0 {
			place = len(s.Columns)
			s.Columns = append(s.Columns, name)
		}
		for i, y := range means[name].Y {
			s.Rows[i] = append(s.Rows[i], make([]float64, len(s.Columns)-len(s.Rows[i]))...)
			s.Rows[i][place] = y
		}
	}
	return s
}

// meanFigures returns the figures at a beginning of paths with mean counts, rounded, of commands, limits and invitations.
func meanFigures(result *sim.Result, prefix string, first *sim.Figures) sim.Figures {
	count := func(path string, own uint64) uint64 {
		if mean := result.Replicates[prefix+path]; mean.N > 0 {
			return uint64(math.Round(mean.Mean))
		}
		return own
	}
	f := *first
	f.Commands = map[string]*sim.CommandFigures{}
	for verb := range model.Verb(model.Verbs) {
		path := "commands." + verb.String()
		if n := count(path+".count", 0); n > 0 {
			f.Commands[verb.String()] = &sim.CommandFigures{Count: n, Outcomes: meanOutcomes(result, prefix+path+".outcomes.", n)}
		}
	}
	f.Limits = map[string]*sim.LimitFigures{}
	for name, limit := range first.Limits {
		if limit == nil {
			continue
		}
		own := *limit
		own.Hits, own.Members = count("limits."+name+".hits", own.Hits), count("limits."+name+".members", own.Members)
		f.Limits[name] = &own
	}
	for path, field := range map[string]*uint64{
		"sent": &f.Invitations.Sent, "accepted": &f.Invitations.Accepted, "ignored": &f.Invitations.Ignored, "reported": &f.Invitations.Reported,
		"withdrawn": &f.Invitations.Withdrawn, "expired": &f.Invitations.Expired, "cancelled": &f.Invitations.Cancelled,
		"outstanding_start": &f.Invitations.OutstandingStart, "outstanding_end": &f.Invitations.OutstandingEnd,
	} {
		*field = count("invitations."+path, *field)
	}
	return f
}

// meanOutcomes returns the outcomes of n commands of a verb that occurred in some replica, by a beginning of paths.
func meanOutcomes(result *sim.Result, prefix string, n uint64) map[string]*sim.OutcomeShare {
	all := map[string]*sim.OutcomeShare{}
	for path, mean := range result.Replicates {
		outcome, own := strings.CutPrefix(path, prefix)
		outcome, counted := strings.CutSuffix(outcome, ".count")
		if own && counted && mean.Mean > 0 {
			all[outcome] = &sim.OutcomeShare{Count: uint64(math.Round(mean.Mean)), Share: mean.Mean / float64(n)}
		}
	}
	return all
}
