// Package sample makes results for tests of the reports: the shapes of a real run, with every outcome and state in them,
// without running one.
package sample

import (
	"fmt"
	"math"
	"math/rand/v2"

	"invitesim/sim"
)

const (
	hour = 3600
	day  = 24 * hour
	week = 7 * day
)

// Options shapes a sample.
type Options struct {
	Weeks       int
	WarmupWeeks int
	StepS       int64
	Start       string // RFC 3339; empty for Monday 2026-01-05
	Populations []string
	Quiet       bool // nobody is ever refused or at the cap
}

// SteadyWeek is a week by the hour with one population.
func SteadyWeek() Options {
	return Options{Weeks: 1, StepS: hour, Populations: []string{"member"}}
}

// HalfYear is 26 weeks with a warm-up, three populations and every refusal.
func HalfYear() Options {
	return Options{Weeks: 26, WarmupWeeks: 4, StepS: 6 * hour, Populations: []string{"casual", "newcomer", "recruiter"}}
}

type maker struct {
	Options
	random *rand.Rand
	result *sim.Result
}

// Result makes the sample: the same one each time.
func Result(o Options) *sim.Result {
	if o.Start == "" {
		o.Start = "2026-01-05T00:00:00Z"
	}
	m := maker{Options: o, random: rand.New(rand.NewPCG(1, 2)), result: &sim.Result{
		Schema:   sim.ResultSchema,
		Scenario: sim.ScenarioName{Name: "recruiters-at-the-cap", Purpose: "Do recruiters who never tidy up hit the pending cap, and when?", Digest: "9f2c"},
		Policy: sim.PolicyName{Name: "default", Settings: map[string]string{
			"weekly_limit.mode": "fixed", "weekly_limit.count": "100", "pending_cap.mode": "hard", "pending_cap.count": "300",
		}},
		Seed: 7, Clock: "virtual", Start: o.Start,
		DurationS: int64(o.Weeks) * week, WarmupS: int64(o.WarmupWeeks) * week,
		Members: 100_000, Replicas: 1,
		Distributions: map[string]sim.Curve{},
		Charts:        map[string]string{},
		Digest:        "5d41402abc4b2a76b9719d911017c592",
	}}
	m.series()
	m.hourOfWeek()
	m.atCap()
	m.quota()
	m.fates()
	m.answers()
	m.figures()
	m.judgements()
	return m.result
}

// refusals are the outcomes of a send besides sent and connected, as a share of the attempts.
func (m *maker) refusals() []string {
	if m.Quiet {
		return nil
	}
	return []string{"rate_limited", "pending_capped", "restricted", "cooldown", "already_pending", "recipient_full"}
}

// busy is how many attempts an hour of the week has.
func busy(hourOfWeek int) float64 {
	if hourOfWeek/24 < 5 && hourOfWeek%24 >= 8 && hourOfWeek%24 < 18 {
		return 3000
	}
	return 300
}

func (m *maker) series() {
	outcomes := append([]string{"sent", "connected"}, m.refusals()...)
	columns := []string{"t_s"}
	for _, outcome := range outcomes {
		columns = append(columns, "send."+outcome)
	}
	columns = append(columns, "outstanding.p5", "outstanding.p25", "outstanding.p50", "outstanding.p75", "outstanding.p95", "outstanding.p99",
		"outstanding.max", "members_at_cap", "restricted")
	var rows [][]float64
	for t := int64(0); t < m.result.DurationS; t += m.StepS {
		attempts := 0.0
		for h := t / hour; h < max((t+m.StepS)/hour, t/hour+1); h++ {
			attempts += busy(int(h%168)) * (0.9 + 0.2*m.random.Float64())
		}
		grown := 1 - math.Exp(-float64(t)/(4*week))
		row := []float64{float64(t)}
		left := attempts
		for i := len(outcomes) - 1; i > 0; i-- {
			share := []float64{0, 0.02, 0.08 * grown, 0.05 * grown * grown, 0.01, 0.006, 0.004, 0.003}[i]
			n := math.Round(attempts * share * (0.8 + 0.4*m.random.Float64()))
			row = append(row, n)
			left -= n
		}
		row = append(row, math.Round(left))
		for i, k := 1, len(row)-1; i < k; i, k = i+1, k-1 {
			row[i], row[k] = row[k], row[i]
		}
		for i, level := range []float64{1, 6, 14, 38, 130, 285, 300} {
			if m.Quiet {
				level /= 8
			}
			wobble := 0.0
			if i < 6 {
				wobble = 0.06 * level * math.Sin(float64(t)/day*0.9)
			}
			row = append(row, math.Round(max(level*grown+wobble, 0)))
		}
		rows = append(rows, append(row, math.Round(900*grown*grown), math.Round(20*grown)))
	}
	m.result.Series = sim.Series{StepS: m.StepS, Columns: columns, Rows: rows}
}

func (m *maker) hourOfWeek() {
	if m.Quiet {
		return
	}
	curve := sim.Curve{Unit: "hits per hour"}
	for h := range 168 {
		fill := 0.15 + float64(h)/168
		curve.X = append(curve.X, float64(h))
		curve.Y = append(curve.Y, math.Round(busy(h)*0.02*fill*(0.7+0.6*m.random.Float64())*10)/10)
	}
	m.result.Distributions["rate_limited.hour_of_week"] = curve
}

func (m *maker) atCap() {
	if m.Quiet {
		return
	}
	for i, name := range m.Populations {
		curve := sim.Curve{Unit: "share of senders"}
		for _, row := range m.result.Series.Rows {
			t := row[0] + float64(m.StepS)
			curve.X = append(curve.X, t)
			curve.Y = append(curve.Y, math.Round(1e4*(1-math.Exp(-t/(8*week)))*0.34*math.Pow(float64(i)/float64(max(len(m.Populations)-1, 1)), 2))/1e4)
		}
		m.result.Distributions["at_cap."+name] = curve
	}
}

func (m *maker) quota() {
	for i, name := range m.Populations {
		curve := sim.Curve{Unit: "sends"}
		mean := 2 + 40*float64(i)
		for used := 1; used <= 100; used++ {
			share := math.Round(1e6*(1-math.Exp(-float64(used)/mean))) / 1e6
			if used == 100 {
				share = 1
			}
			curve.X, curve.Y = append(curve.X, float64(used)), append(curve.Y, share)
		}
		m.result.Distributions["quota."+name] = curve
	}
}

func (m *maker) fates() {
	for i, state := range []string{"accepted", "ignored", "reported", "withdrawn", "expired", "cancelled", "open"} {
		curve := sim.Curve{Unit: "invitations"}
		for w := m.WarmupWeeks; w < m.Weeks; w++ {
			age := float64(m.Weeks-w) - 0.5
			answered := 1 - math.Exp(-age/2)
			n := []float64{4500 * answered, 2400 * answered, 60 * answered, 380 * answered, 0, 150, 0}[i]
			open := 10000 - 7340*answered - 150
			if state == "expired" && age > 20 {
				n = open
			}
			if state == "open" && age <= 20 {
				n = open
			}
			curve.X, curve.Y = append(curve.X, float64(w)), append(curve.Y, math.Round(n))
		}
		m.result.Distributions["fates."+state] = curve
	}
}

func (m *maker) answers() {
	m.result.Response = map[string]*sim.ResponseFigures{}
	for _, verb := range []struct {
		name   string
		median float64
	}{{"accept", 20 * hour}, {"ignore", 27 * hour}, {"withdraw", 9 * 60}} {
		curve := sim.Curve{Unit: "seconds"}
		for i := range 400 {
			seconds := 20 * math.Pow(1.0425, float64(i))
			z := math.Log(seconds/verb.median) / 1.6
			curve.X = append(curve.X, math.Round(seconds))
			curve.Y = append(curve.Y, math.Round(1e6*0.5*math.Erfc(-z/math.Sqrt2))/1e6)
		}
		curve.Y[len(curve.Y)-1] = 1
		m.result.Distributions["answers."+verb.name] = curve
		m.result.Response[verb.name] = &sim.ResponseFigures{
			Count: 100_000, MeanS: verb.median * 3, P50S: int64(verb.median), P90S: int64(verb.median * 8), P99S: int64(verb.median * 40),
		}
	}
}

// figures fills the totals from the series, and splits them over the populations.
func (m *maker) figures() {
	counts := map[string]uint64{}
	for i, column := range m.result.Series.Columns {
		var outcome string
		if _, err := fmt.Sscanf(column, "send.%s", &outcome); err != nil {
			continue
		}
		for _, row := range m.result.Series.Rows {
			if row[0] >= float64(m.result.WarmupS) {
				counts[outcome] += uint64(row[i])
			}
		}
	}
	m.result.MembersBy = map[string]*sim.Figures{}
	left := 1.0
	for i, name := range m.Populations {
		share := left * 0.55
		if i == len(m.Populations)-1 {
			share = left
		}
		left -= share
		part := map[string]uint64{}
		for outcome, n := range counts {
			refused := 1.0
			if outcome != "sent" && outcome != "connected" {
				refused = 0.3 + float64(i)
			}
			part[outcome] = uint64(math.Round(float64(n) * share * refused))
		}
		m.result.MembersBy[name] = m.population(part, share, i)
	}
	m.result.Figures = *m.population(counts, 1, 1)
	m.result.Figures.Members = 0
}

func (m *maker) population(counts map[string]uint64, share float64, place int) *sim.Figures {
	send := &sim.CommandFigures{Outcomes: map[string]*sim.OutcomeShare{}}
	for _, n := range counts {
		send.Count += n
	}
	for outcome, n := range counts {
		send.Outcomes[outcome] = &sim.OutcomeShare{Count: n, Share: float64(n) / float64(send.Count)}
	}
	sent := counts["sent"]
	cap := uint32(300)
	f := &sim.Figures{
		Members: uint32(share * 100_000),
		Turns:   sim.Turns{Planned: send.Count + 120, Skipped: 120, Repeated: send.Count / 50},
		Commands: map[string]*sim.CommandFigures{
			"send":   send,
			"accept": {Count: sent / 2, Outcomes: map[string]*sim.OutcomeShare{"connected": {Count: sent / 2, Share: 1}}},
		},
		Invitations: sim.Invitations{
			Sent: sent, Accepted: sent * 45 / 100, Ignored: sent * 24 / 100, Reported: sent / 200, Withdrawn: sent * 38 / 1000,
			Expired: sent * uint64(place+1) / 30, Cancelled: sent / 70, OutstandingEnd: sent / 8,
		},
		Limits:   map[string]*sim.LimitFigures{},
		Pending:  &sim.PendingFigures{Mean: 22.4, P50: 14, P90: 96, P99: 285, P999: 300, Max: 300, MembersAtCapEnd: 860, Cap: &cap},
		Quota:    &sim.QuotaFigures{UsedP50: 2, UsedP90: 12, UsedP99: 100, ExhaustedShare: []float64{0, 0.0043, 0.312}[min(place, 2)]},
		Response: m.result.Response,
	}
	for _, limit := range sim.Limits() {
		if hits := counts[limit.String()]; hits > 0 {
			f.Limits[limit.String()] = &sim.LimitFigures{Hits: hits, Members: hits / 9, MemberShare: 0.021, LongestS: 6 * day}
		}
	}
	return f
}

func (m *maker) judgements() {
	observed := func(x float64) *float64 { return &x }
	m.result.Thresholds = []sim.Verdict{
		{That: "commands.send.outcomes.rate_limited.share < 5%", Observed: observed(0.0612), Verdict: "fail", Severity: sim.SeverityFail},
		{That: "pending.p99 <= 250", Observed: observed(285), Verdict: "fail", Severity: sim.SeverityWarn},
		{That: "checks.invariants.violations == 0", Observed: observed(0), Verdict: "pass", Severity: sim.SeverityFail},
		{That: "response.withdraw.p99 < 30d", Verdict: "no_data", Severity: sim.SeverityFail},
	}
	m.result.Checks = &sim.Checks{
		Invariants: sim.InvariantChecks{Evaluated: 1_234_567},
		Oracle:     sim.OracleChecks{Commands: 40_000, UntilS: 3 * day},
	}
	if m.Quiet {
		m.result.Thresholds = m.result.Thresholds[2:3]
		m.result.Checks = nil
	}
}
