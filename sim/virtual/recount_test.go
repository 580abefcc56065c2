package virtual

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/model/trace"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// recount is the slow twin of the measures: it reads the trace of a run and counts everything anew, from lists of what
// happened, with nothing kept between.
type recount struct {
	plan   *sim.Plan
	expiry model.Seconds
	open   map[invitation]*life
	lives  []*life
	due    model.Instant // no invitation expires before
	sends  []refusal     // attempts with their outcomes, in order
}

// life is one invitation from its send to its end.
type life struct {
	invitation
	from, to model.Instant // to is Never while outstanding
	expires  model.Instant
	fate     string
}

// refusal is an attempt to send and what became of it.
type refusal struct {
	at      model.Instant
	actor   model.Member
	outcome model.Outcome
}

// read follows the trace.
func (r *recount) read(recorded *trace.Trace) {
	r.open, r.expiry = map[invitation]*life{}, recorded.Policy.Expiry
	policy := recorded.Policy
	for i := range recorded.Lines {
		line := &recorded.Lines[i]
		t := trace.Instant(line.Return)
		r.expire(t)
		if line.Kind == trace.PolicyChange {
			policy, _ = line.PolicyAfter(policy)
			r.expiry = policy.Expiry
		}
		if line.Kind == trace.Command {
			r.command(t, &line.Command, line.Given.Outcome)
		}
	}
}

func (r *recount) expire(t model.Instant) {
	if t < r.due {
		return
	}
	r.due = model.Never
	for key, life := range r.open {
		if life.expires <= t {
			life.to, life.fate = life.expires, "expired"
			delete(r.open, key)
		} else {
			r.due = min(r.due, life.expires)
		}
	}
}

func (r *recount) command(t model.Instant, c *model.Command, outcome model.Outcome) {
	own, reverse := invitation{c.Actor, c.Peer, c.Kind, c.Subject}, invitation{c.Peer, c.Actor, c.Kind, c.Subject}
	end := func(key invitation, fate string) {
		r.open[key].to, r.open[key].fate = t, fate
		delete(r.open, key)
	}
	if c.Verb == model.Send {
		r.sends = append(r.sends, refusal{t, c.Actor, outcome})
	}
	switch outcome {
	case model.WasSent:
		r.open[own] = &life{invitation: own, from: t, to: model.Never, expires: t.After(r.expiry), fate: "open"}
		r.lives = append(r.lives, r.open[own])
		r.due = min(r.due, r.open[own].expires)
	case model.WasConnected, model.WasAccepted:
		end(reverse, "accepted")
	case model.WasWithdrawn:
		end(own, "withdrawn")
	case model.WasIgnored:
		r.open[reverse].fate = "ignored"
	case model.WasReported:
		r.open[reverse].fate = "reported"
	case model.WasBlocked, model.WasClosed:
		for key := range r.open {
			between := key.sender == c.Actor && key.recipient == c.Peer || key.sender == c.Peer && key.recipient == c.Actor
			if between || outcome == model.WasClosed && (key.sender == c.Actor || key.recipient == c.Actor) {
				end(key, "cancelled")
			}
		}
	}
}

// outstanding returns how many invitations of kind connect a member has at the end of a second.
func (r *recount) outstanding(of []*life, t model.Instant) (n uint32) {
	for _, l := range of {
		if l.from <= t && t < l.to {
			n++
		}
	}
	return n
}

// bySender returns the lives of kind connect of each member.
func (r *recount) bySender() map[model.Member][]*life {
	all := map[model.Member][]*life{}
	for _, l := range r.lives {
		if l.kind == model.Connect {
			all[l.sender] = append(all[l.sender], l)
		}
	}
	return all
}

// percentile is nearest-rank, of a sorted list, in thousandths.
func percentile(sorted []uint32, thousandths int) float64 {
	return float64(sorted[max((len(sorted)*thousandths+999)/1000, 1)-1])
}

// The figures of a run are those that one gets by counting its trace again.
func TestRecount(t *testing.T) {
	p := smallPlan()
	p.Duration = 6 * model.Week
	p.Populations[0].Send.WhenRefused = sim.WhenRefused{Kind: sim.Retry, Delay: model.Day, Times: 3}
	p.Policy.WeeklyLimit.Count = 25
	p.Policy.PendingCap.Count = 30
	run, recorded := traced(t, p)
	r := &recount{plan: p}
	r.read(recorded)
	r.compareFates(t, run)
	r.compareLimits(t, run)
	r.compareQuota(t, run)
	r.compareSeries(t, run)
	r.comparePending(t, run)
}

// What an invitation met is told by the recipient's plan, not by its trace: the two must be the same where the list still shows an earlier
// invitation of the same sender, too.
func TestFatesWhereEarlierOnesLag(t *testing.T) {
	p := crowdPlan(1, 26*model.Week)
	sender := &p.Populations[0]
	sender.Send.Rate, sender.Send.To = 2./float64(model.Day), []sim.Target{{Population: 1, Share: 1}}
	p.Populations = append(p.Populations, sim.Population{
		Name: "recipient", Count: 1, First: 2, Respond: &sim.Responding{Delay: must(chance.Constant(3600)), Answers: sim.Answers{Ignore: 1}},
	})
	p.Policy.Expiry = model.Day
	p.Policy.Views.Lag = model.Lag{Share: model.Whole / 2, Min: model.Hour, Max: 2 * model.Day}
	run, recorded := traced(t, p)
	r := &recount{plan: p}
	r.read(recorded)
	r.compareFates(t, run)
}

func (r *recount) compareFates(t *testing.T, run *sim.Result) {
	weeks := int(r.plan.Duration / model.Week)
	curves := map[string][]float64{}
	for _, fate := range []string{"open", "ignored", "reported", "accepted", "withdrawn", "expired", "cancelled"} {
		curves[fate] = make([]float64, weeks)
	}
	for _, l := range r.lives {
		curves[l.fate][l.from/model.Instant(model.Week)]++
	}
	for fate, y := range curves {
		if diff := cmp.Diff(y, run.Distributions["fates."+fate].Y); diff != "" {
			t.Errorf("fates.%s: %s", fate, diff)
		}
	}
}

func (r *recount) compareLimits(t *testing.T, run *sim.Result) {
	tried := map[model.Member]bool{}
	since, hits := map[string]model.Instant{}, map[string]uint64{}
	members, longest := map[string]uint64{}, map[string]int64{}
	was := map[string]bool{}
	for _, s := range append(r.sends, r.atEnd()...) {
		if s.at < model.Instant(r.plan.Warmup) {
			continue
		}
		tried[s.actor] = true
		for _, limit := range []model.Outcome{model.RateLimited, model.PendingCapped, model.Restricted, model.Cooldown} {
			key := fmt.Sprint(limit, s.actor)
			if first, open := since[key]; open && s.outcome == model.WasSent {
				longest[limit.String()] = max(longest[limit.String()], int64(s.at-first))
				delete(since, key)
			}
			if s.outcome != limit {
				continue
			}
			hits[limit.String()]++
			if !was[key] {
				was[key] = true
				members[limit.String()]++
			}
			if _, open := since[key]; !open {
				since[key] = s.at
			}
		}
	}
	for limit, got := range run.Limits {
		share := float64(members[limit]) / float64(len(tried))
		expected := sim.LimitFigures{Hits: hits[limit], Members: members[limit], MemberShare: share, LongestS: longest[limit]}
		if *got != expected {
			t.Errorf("limits.%s is %+v, counted anew %+v", limit, *got, expected)
		}
	}
	if hits["rate_limited"]*hits["pending_capped"]*hits["cooldown"] == 0 {
		t.Errorf("some limit was never hit: the test shows little: %v", hits)
	}
}

// atEnd returns one success for everybody who sent, at the end, so that open spans are closed there.
func (r *recount) atEnd() (ends []refusal) {
	seen := map[model.Member]bool{}
	for _, s := range r.sends {
		if s.at >= model.Instant(r.plan.Warmup) && !seen[s.actor] {
			seen[s.actor] = true
			ends = append(ends, refusal{model.Instant(r.plan.Duration), s.actor, model.WasSent})
		}
	}
	return ends
}

func (r *recount) compareQuota(t *testing.T, run *sim.Result) {
	periods := map[[2]int64]uint32{}
	for _, l := range r.lives {
		if l.kind == model.Connect && l.from >= model.Instant(r.plan.Warmup) {
			periods[[2]int64{int64(l.sender), int64(l.from) / int64(model.Week)}]++
		}
	}
	var used []uint32
	exhausted := 0.0
	for period, n := range periods {
		used = append(used, n)
		if limit := uint32(25); period[1] < 4 && n >= limit || n >= 100 {
			exhausted++
		}
	}
	slices.Sort(used)
	q := run.Quota
	if p50, p90, p99 := percentile(used, 500), percentile(used, 900), percentile(used, 990); float64(q.UsedP50) != p50 ||
		float64(q.UsedP90) != p90 || float64(q.UsedP99) != p99 || q.ExhaustedShare != exhausted/float64(len(used)) {
		t.Errorf("quota is %+v, counted anew %g, %g, %g, %g", *q, p50, p90, p99, exhausted/float64(len(used)))
	}
}

func (r *recount) compareSeries(t *testing.T, run *sim.Result) {
	column := func(name string) int { return slices.Index(run.Series.Columns, name) }
	members := r.bySender()
	for i, row := range run.Series.Rows {
		last := model.Instant(i+1)*model.Instant(r.plan.Step) - 1
		var now []uint32
		for _, lives := range members {
			if lives[0].from <= last {
				now = append(now, r.outstanding(lives, last))
			}
		}
		slices.Sort(now)
		atCap, limit := 0.0, uint32(30)
		if last >= 4*model.Instant(model.Week) {
			limit = 100
		}
		for _, n := range now {
			if n >= limit {
				atCap++
			}
		}
		expected := []float64{percentile(now, 50), percentile(now, 500), percentile(now, 990), float64(now[len(now)-1]), atCap, r.sentIn(i)}
		got := []float64{
			row[column("outstanding.p5")], row[column("outstanding.p50")], row[column("outstanding.p99")],
			row[column("outstanding.max")], row[column("members_at_cap")], row[column("send.sent")],
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Fatalf("step %d: %s", i, diff)
		}
	}
}

func (r *recount) sentIn(step int) (n float64) {
	for _, l := range r.lives {
		if int(l.from/model.Instant(r.plan.Step)) == step {
			n++
		}
	}
	return n
}

// comparePending weighs each second by itself, in strides: between two changes nothing changes.
func (r *recount) comparePending(t *testing.T, run *sim.Result) {
	weights := map[uint32]int64{}
	warmup, end := model.Instant(r.plan.Warmup), model.Instant(r.plan.Duration)
	for _, lives := range r.bySender() {
		instants := []model.Instant{max(warmup, lives[0].from), end}
		for _, l := range lives {
			instants = append(instants, l.from, l.to)
		}
		slices.Sort(instants)
		for i, at := range instants[1:] {
			from := instants[i]
			if from >= max(warmup, lives[0].from) && at <= end {
				weights[r.outstanding(lives, from)] += int64(at - from)
			}
		}
	}
	var values []uint32
	total, sum := int64(0), 0.0
	for n, weight := range weights {
		if weight > 0 {
			values = append(values, n)
			total += weight
			sum += float64(n) * float64(weight)
		}
	}
	slices.Sort(values)
	rank := func(thousandths int64) uint32 {
		seen := int64(0)
		for _, n := range values {
			if seen += weights[n]; seen*1000 >= total*thousandths {
				return n
			}
		}
		return 0
	}
	f := run.Pending
	expected := sim.PendingFigures{
		Mean: f.Mean, P50: rank(500), P90: rank(900), P99: rank(990), P999: rank(999), Max: values[len(values)-1],
		MembersAtCapEnd: uint64(run.Series.Rows[len(run.Series.Rows)-1][slices.Index(run.Series.Columns, "members_at_cap")]), Cap: f.Cap,
	}
	if diff := cmp.Diff(expected, *f); diff != "" || f.Mean < 0.9999*sum/float64(total) || f.Mean > 1.0001*sum/float64(total) {
		t.Errorf("pending, mean %g counted anew: %s", sum/float64(total), diff)
	}
}
