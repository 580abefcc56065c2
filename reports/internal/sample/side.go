package sample

import (
	"fmt"
	"math"
	"math/rand/v2"

	"invitesim/sim"
)

// Side shapes one side of a comparison.
type Side struct {
	Runs  int
	Seed  uint64  // of the first run; the others follow
	Wall  bool    // by the wall clock: with latencies
	Worse float64 // by which share of what they are refusals and latencies are greater
	Limit string  // the weekly limit, as its setting is written
}

// Make makes the results of a side: figures alone, without a series, such as two populations have. Runs with the same seed have the same
// luck.
func (s Side) Make() []*sim.Result {
	var all []*sim.Result
	for k := range s.Runs {
		seed := s.Seed + uint64(k)
		random := rand.New(rand.NewPCG(seed, 3))
		result := &sim.Result{
			Schema: sim.ResultSchema, Scenario: sim.ScenarioName{Name: "busy-spring", Digest: fmt.Sprintf("%x", seed)},
			Policy: sim.PolicyName{Name: "default", Settings: map[string]string{"weekly_limit.mode": "fixed", "weekly_limit.count": s.Limit, "expiry": "180d"}},
			Seed:   seed, Clock: "virtual", Start: "2026-01-05T00:00:00Z", DurationS: 8 * week, WarmupS: week, Members: 1200, Replicas: 1,
			Digest: fmt.Sprintf("%x-%s-%g", seed, s.Limit, s.Worse), Charts: map[string]string{},
		}
		result.MembersBy = map[string]*sim.Figures{"casual": s.figures(random, 1000, 0.002), "recruiter": s.figures(random, 200, 0.05)}
		result.Figures = *s.figures(random, 1200, 0.02)
		result.Figures.Members = 0
		if s.Wall {
			result.Clock, result.Digest, result.Speed, result.LatencySource = "wall", "", 604800, "measured"
			result.Latency = map[string]*sim.LatencyFigures{"send": s.latency(random, 40e3), "accept": s.latency(random, 30e3)}
		}
		all = append(all, result)
	}
	return all
}

// figures makes those of some members of whom the weekly limit refuses a share of the attempts.
func (s Side) figures(random *rand.Rand, members uint32, refused float64) *sim.Figures {
	luck := 1 + 0.03*random.NormFloat64()
	attempts := math.Round(40 * float64(members) * luck)
	limited := math.Round(attempts * refused * (1 + s.Worse) * (1 + 0.04*random.NormFloat64()))
	sent := attempts - limited
	share := func(n float64) *sim.OutcomeShare { return &sim.OutcomeShare{Count: uint64(n), Share: n / attempts} }
	behind := math.Round(float64(members) * 5 * refused * (1 + s.Worse/2))
	return &sim.Figures{
		Members: members,
		Turns:   sim.Turns{Planned: uint64(attempts)},
		Commands: map[string]*sim.CommandFigures{"send": {
			Count: uint64(attempts), Outcomes: map[string]*sim.OutcomeShare{"sent": share(sent), "rate_limited": share(limited)},
		}},
		Invitations: sim.Invitations{Sent: uint64(sent), Accepted: uint64(0.4 * sent), OutstandingEnd: uint64(0.6 * sent)},
		Limits: map[string]*sim.LimitFigures{"rate_limited": {
			Hits: uint64(limited), Members: uint64(behind), MemberShare: behind / float64(members), LongestS: int64(3*day + 600*random.NormFloat64()),
		}},
		Pending: &sim.PendingFigures{Mean: 25 * luck, P50: 8, P90: 70, P99: 210, P999: 260, Max: 280},
	}
}

// latency makes percentiles around a median, in nanoseconds.
func (s Side) latency(random *rand.Rand, median float64) *sim.LatencyFigures {
	luck := (1 + s.Worse) * (1 + 0.05*random.NormFloat64())
	at := func(times float64) *int64 {
		n := int64(median * times * luck)
		return &n
	}
	return &sim.LatencyFigures{Count: 48_000, MeanNS: 1.2 * median * luck, P50NS: at(1), P90NS: at(2), P99NS: at(6), P999NS: at(20), MaxNS: *at(90)}
}
