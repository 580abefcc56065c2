package measure

import (
	"math/rand/v2"
	"slices"
	"testing"

	"invitesim/model"
	"invitesim/sim"
)

// Percentiles are nearest-rank: checked against a sorted list of everything.
func TestPercentiles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 300; n = n*3/2 + 1 {
		var c counts
		var times times
		var all []uint32
		for range n {
			value := uint32(random.IntN(40))
			c.add(value, 1)
			times.record(int64(value))
			all = append(all, value)
		}
		slices.Sort(all)
		for _, thousandths := range []uint64{1, 50, 500, 900, 990, 999, 1000} {
			expected := all[(n*int(thousandths)+999)/1000-1]
			if got := c.percentile(thousandths); got != expected {
				t.Errorf("percentile %d of %v is %d, expected %d", thousandths, all, got, expected)
			}
			if got := times.percentiles(thousandths); got[0] != int64(expected) {
				t.Errorf("percentile %d of times %v is %d, expected %d", thousandths, all, got[0], expected)
			}
		}
		if c.largest() != all[n-1] || c.total() != uint64(n) || c.above(20) != uint64(n-above(all, 20)) {
			t.Errorf("largest %d, total %d, above 20 %d of %v", c.largest(), c.total(), c.above(20), all)
		}
	}
}

// above returns the index of the first of a sorted list that is at least a value.
func above(sorted []uint32, value uint32) int {
	i, _ := slices.BinarySearch(sorted, value)
	return i
}

// plan is ten days of three members in two populations, starting on a Wednesday at 12 h.
func plan() *sim.Plan {
	p := &sim.Plan{
		Start: model.DefaultStart + 2*86400 + 12*3600, Duration: 10 * model.Day, Warmup: model.Day, Step: model.Day, Policy: model.Default(),
		Populations: []sim.Population{{Name: "a", Count: 2, First: 1}, {Name: "b", Count: 1, First: 3}},
	}
	return p
}

// send tells the recorder of an attempt.
func send(r *Recorder, t model.Instant, actor model.Member, outcome model.Outcome) {
	r.Command(t, t, &model.Command{Verb: model.Send, Actor: actor, Peer: 2}, &model.Answer{Outcome: outcome})
}

// A restriction counts until it ends; the latest end of a member counts.
func TestRestrictions(t *testing.T) {
	r := restrictions{until: map[model.Member]model.Instant{}}
	r.add(1, 10)
	r.add(2, 20)
	r.add(1, 30)
	r.add(2, 15)
	for _, at := range []struct {
		t model.Instant
		n int
	}{{0, 2}, {10, 2}, {15, 2}, {19, 2}, {20, 1}, {29, 1}, {30, 0}} {
		if got := r.count(at.t); got != at.n {
			t.Errorf("at %d %d are restricted, expected %d", at.t, got, at.n)
		}
	}
}

// Hits are means per hour, by the hour of the week in UTC, of the time behind the warm-up only.
func TestHourOfWeek(t *testing.T) {
	r := New(plan())
	defer r.Release()
	send(r, 3600, 1, model.RateLimited) // in the warm-up
	r.StartMeasuring(model.Instant(model.Day))
	hour := model.Instant(model.Hour)
	for _, at := range []model.Instant{24 * hour, 24*hour + 5, 8 * 24 * hour} { // Thursday 12 h twice, and a week later
		send(r, at, 3, model.RateLimited)
	}
	late := model.Command{Verb: model.Send, Actor: 3, Peer: 2} // due Thursday 18 h, and decided three hours later
	r.Command(30*hour, 33*hour, &late, &model.Answer{Outcome: model.RateLimited})
	var result sim.Result
	r.EndStep(10*model.Instant(model.Day)-1, nil)
	r.Finish(10*model.Instant(model.Day), &result)
	curve := result.Distributions["rate_limited.hour_of_week"]
	for h, y := range curve.Y {
		expected := 0.0
		switch h {
		case 3*24 + 12:
			expected = 1.5 // two Thursdays
		case 3*24 + 18:
			expected = 0.5 // two Thursday evenings, too
		}
		if y != expected || curve.X[h] != float64(h) {
			t.Errorf("hour %g of the week has %g hits, expected %g", curve.X[h], y, expected)
		}
	}
	if l := result.MembersBy["b"].Limits["rate_limited"]; l.Hits != 4 || l.Members != 1 || l.MemberShare != 1 || l.LongestS != 9*86400 {
		t.Errorf("limits of b are %+v", l)
	}
	if l := result.MembersBy["a"].Limits; len(l) != 0 {
		t.Errorf("nobody of a tried to send behind the warm-up, but its limits are %+v", l)
	}
}

// measuring returns a recorder that measures from the start on.
func measuring(t *testing.T) *Recorder {
	t.Helper()
	p := plan()
	p.Warmup = 0
	r := New(p)
	t.Cleanup(r.Release)
	r.StartMeasuring(0)
	return r
}

// The quota is the highest use in each calendar period; a change of the period closes those that run.
func TestQuota(t *testing.T) {
	r := measuring(t)
	day := model.Instant(model.Day)
	send := func(t model.Instant, actor model.Member, used, limit uint32) {
		answer := model.Answer{Outcome: model.WasSent, At: t, SentAt: t, Used: used, Limit: limit}
		r.Command(t, t, &model.Command{Verb: model.Send, Actor: actor, Peer: 9}, &answer)
	}
	send(0, 1, 3, 10)
	send(day, 1, 5, 10)
	send(2*day, 1, 4, 10)  // less is used: old sends left a sliding window
	send(5*day, 1, 10, 10) // Monday
	send(5*day, 3, 0, model.Unlimited)
	changed := r.policy
	changed.WeeklyLimit.Period = model.Day
	r.SetPolicy(changed)
	send(6*day, 1, 1, 10)
	send(7*day, 1, 7, 5)
	var result sim.Result
	r.Finish(10*day, &result)
	q := result.Quota
	if q == nil || q.UsedP50 != 5 || q.UsedP99 != 10 || q.ExhaustedShare != 0.5 {
		t.Errorf("quota is %+v, expected periods of 5, 10, 1 and 7, two exhausted", q)
	}
	if result.MembersBy["b"].Quota != nil {
		t.Error("a quota without a limit")
	}
	if c := result.Distributions["quota.a"]; !slices.Equal(c.X, []float64{1, 5, 7, 10}) || !slices.Equal(c.Y, []float64{0.25, 0.5, 0.75, 1}) {
		t.Errorf("quota.a is %+v", c)
	}
}

// Where a run begins or ends within a week, or the length of periods changes there, whole ones are told apart from parts.
func TestQuotaOfWholePeriods(t *testing.T) {
	day := model.Instant(model.Day)
	changed := model.Default()
	changed.WeeklyLimit.Period = 14 * model.Day
	p := plan()
	p.Start = model.DefaultStart + 3*int64(model.Day) // Thursday
	p.Warmup, p.Duration = 0, 40*model.Day
	p.Events = []sim.Event{{At: 21 * day, Policy: &changed}} // Thursday, too
	r := New(p)
	t.Cleanup(r.Release)
	r.StartMeasuring(0)
	send := func(t model.Instant, actor model.Member, used, limit uint32) {
		answer := model.Answer{Outcome: model.WasSent, At: t, SentAt: t, Used: used, Limit: limit}
		r.Command(t, t, &model.Command{Verb: model.Send, Actor: actor, Peer: 9}, &answer)
	}
	send(day, 1, 2, 10)    // four days of a week
	send(4*day, 1, 10, 10) // Monday, at 0 h
	send(5*day, 3, 8, 10)
	send(12*day, 1, 7, 10)  // the week after
	send(19*day, 1, 10, 10) // three days, then the period changes
	r.SetPolicy(changed)
	send(22*day, 1, 3, 10) // a fortnight that began before the change
	send(39*day, 1, 4, 10) // one that the run ends in
	var result sim.Result
	r.Finish(40*day, &result)
	for name, want := range map[string]sim.Curve{
		"quota_whole.a":     {X: []float64{7, 10}, Y: []float64{0.5, 1}},
		"quota_periods.a":   {X: []float64{0, 1}, Y: []float64{4, 2}},
		"quota_exhausted.a": {X: []float64{0, 1}, Y: []float64{0.25, 0.5}},
		"quota_whole.b":     {X: []float64{8}, Y: []float64{1}},
		"quota_periods.b":   {X: []float64{0, 1}, Y: []float64{0, 1}},
		"quota_exhausted.b": {X: []float64{1}, Y: []float64{0}},
	} {
		if c := result.Distributions[name]; !slices.Equal(c.X, want.X) || !slices.Equal(c.Y, want.Y) {
			t.Errorf("%s is %g at %g, expected %g at %g", name, c.Y, c.X, want.Y, want.X)
		}
	}
	if q := result.MembersBy["a"].Quota; q == nil || q.ExhaustedShare != 2.0/6 {
		t.Errorf("the figures are %+v, expected those of all periods", q)
	}
}

// A limit that falls below what was used is reached by nobody's send: the refusal tells. Where nothing was sent in the period, there is no use.
func TestQuotaOfARefusal(t *testing.T) {
	r := measuring(t)
	day := model.Instant(model.Day)
	send := func(t model.Instant, actor model.Member, kind model.Kind, outcome model.Outcome, used, limit uint32) {
		answer := model.Answer{Outcome: outcome, At: t, SentAt: t, Used: used, Limit: limit}
		r.Command(t, t, &model.Command{Verb: model.Send, Actor: actor, Peer: 9, Kind: kind}, &answer)
	}
	send(0, 1, model.Connect, model.WasSent, 7, 10)
	send(day, 1, model.Connect, model.RateLimited, 7, 5)
	send(0, 2, model.Connect, model.RateLimited, 10, 10) // a sliding window is full of the sends of last week
	send(day, 2, model.Connect, model.WasSent, 3, 10)
	send(0, 3, model.Connect, model.WasSent, 4, 10)
	send(day, 3, model.Page, model.RateLimited, 0, 0)        // another limit
	send(6*day, 3, model.Connect, model.RateLimited, 9, 9)   // a week without a send
	send(6*day, 1, model.Connect, model.PendingCapped, 0, 0) // another limit, too
	var result sim.Result
	r.Finish(10*day, &result)
	if c := result.Distributions["quota.a"]; !slices.Equal(c.X, []float64{7, 10}) || result.MembersBy["a"].Quota.ExhaustedShare != 1 {
		t.Errorf("the quota of a is %+v, of %g, expected 7 and 10, all of it", *result.MembersBy["a"].Quota, c.X)
	}
	if c := result.Distributions["quota.b"]; !slices.Equal(c.X, []float64{4}) || result.MembersBy["b"].Quota.ExhaustedShare != 0 {
		t.Errorf("the quota of b is %+v, of %g, expected 4, not all of it", *result.MembersBy["b"].Quota, c.X)
	}
}

// Members at a cap by ratio are asked for, as long as they have enough outstanding.
func TestCapByRatio(t *testing.T) {
	p := plan()
	p.Policy.PendingCap.Mode, p.Policy.PendingCap.Ratio.AtLeast = model.CapRatio, 2
	r := New(p)
	defer r.Release()
	var asked []model.Member
	step := func() (atCap float64) {
		asked = nil
		r.EndStep(0, func(m model.Member) bool { asked = append(asked, m); return m == 3 })
		return float64(r.series.rows[len(r.series.rows)-1].atCap)
	}
	send(r, 1, 1, model.WasSent)
	if step() != 0 || asked != nil {
		t.Errorf("members %v were asked about, with one invitation", asked)
	}
	send(r, 2, 1, model.WasSent)
	send(r, 2, 3, model.WasSent)
	send(r, 2, 3, model.WasSent)
	if step() != 1 || !slices.Equal(asked, []model.Member{1, 3}) {
		t.Errorf("members %v were asked about, expected 1 and 3", asked)
	}
	r.Command(3, 3, &model.Command{Verb: model.Withdraw, Actor: 1, Peer: 2}, &model.Answer{Outcome: model.WasWithdrawn, SentAt: 1})
	if step() != 1 || !slices.Equal(asked, []model.Member{3}) {
		t.Errorf("members %v were asked about, expected 3", asked)
	}
	send(r, 4, 1, model.WasSent)
	if step(); !slices.Equal(asked, []model.Member{3, 1}) {
		t.Errorf("members %v were asked about, expected 3 and 1", asked)
	}
	hard := model.Default()
	hard.PendingCap.Count, hard.PendingCap.RefuseAt = 2, model.RefuseReached
	r.SetPolicy(hard)
	if got := step(); got != 2 || asked != nil {
		t.Errorf("%g at a cap of 2, expected 2", got)
	}
	hard.PendingCap.RefuseAt = model.RefuseExceeded
	r.SetPolicy(hard)
	if got := step(); got != 0 {
		t.Errorf("%g above a cap of 2, expected none", got)
	}
}

// Who was at a cap that is no more is told as long as the run is.
func TestACapThatIsLifted(t *testing.T) {
	r := measuring(t)
	limit := model.Default()
	limit.PendingCap.Count = 1
	r.SetPolicy(limit)
	send(r, 1, 1, model.WasSent)
	r.EndStep(model.Instant(model.Day), nil)
	limit.PendingCap.Mode = model.CapNone
	r.SetPolicy(limit)
	r.EndStep(2*model.Instant(model.Day), nil)
	var result sim.Result
	r.Finish(2*model.Instant(model.Day), &result)
	if c := result.Distributions["at_cap.a"]; !slices.Equal(c.Y, []float64{1, 0}) {
		t.Errorf("at_cap.a is %g, expected all senders at the cap, then none", c.Y)
	}
}

// A run in which nothing happens has figures, and none that it cannot have.
func TestNothingHappened(t *testing.T) {
	r := New(plan())
	defer r.Release()
	r.StartMeasuring(0)
	r.EndStep(0, nil)
	var result sim.Result
	r.Finish(1, &result)
	if result.Pending != nil || result.Quota != nil || len(result.Limits)+len(result.Response)+len(result.Commands)+len(result.Distributions) > 0 {
		t.Errorf("figures of nothing: %+v", result.Figures)
	}
	if len(result.Series.Rows) != 1 || len(result.Series.Rows[0]) != len(result.Series.Columns) {
		t.Errorf("the series is %+v", result.Series)
	}
}

// An answer that a key repeats counts as an attempt, and changes nothing.
func TestRepeatedAnswersChangeNothing(t *testing.T) {
	r := measuring(t)
	send := func(t model.Instant, repeated bool) {
		answer := model.Answer{Outcome: model.WasSent, At: t, SentAt: t, Used: 1, Limit: 10, Repeated: repeated}
		r.Command(t, t, &model.Command{Verb: model.Send, Actor: 1, Peer: 9, Key: "k"}, &answer)
	}
	send(0, false)
	send(100, true)
	var result sim.Result
	r.Finish(model.Instant(model.Day), &result)
	if sent := result.Commands["send"].Outcomes["sent"].Count; sent != 2 || result.Invitations.Sent != 1 || result.Pending.Max != 1 {
		t.Errorf("found %d answers, %d invitations, %d outstanding; expected 2, 1 and 1", sent, result.Invitations.Sent, result.Pending.Max)
	}
}

// A refusal that a key repeats is no second one, and a repeated success does not end the time for which a limit kept its member from sending.
func TestRepeatedAnswersAreNoHits(t *testing.T) {
	r := measuring(t)
	for at, answer := range []model.Answer{
		{Outcome: model.RateLimited, Used: 1, Limit: 1},
		{Outcome: model.RateLimited, Repeated: true},
		{Outcome: model.WasSent, Repeated: true},
		{Outcome: model.WasSent, Used: 1, Limit: 1},
	} {
		t := model.Instant(at) * model.Instant(model.Hour)
		answer.At = t
		r.Command(t, t, &model.Command{Verb: model.Send, Actor: 1, Peer: 9, Key: "k"}, &answer)
	}
	var result sim.Result
	r.Finish(model.Instant(model.Day), &result)
	if l := result.Limits["rate_limited"]; l.Hits != 1 || l.LongestS != 3*int64(model.Hour) {
		t.Errorf("found %d hits, %d s at the longest; expected 1 hit, 3 h", l.Hits, l.LongestS)
	}
}

// A percentile is a time that somebody took, also where the bucket of a histogram holds longer ones and others are longer still.
func TestPercentilesAreTimesThatOccur(t *testing.T) {
	var some, others times
	for range 2 {
		some.record(3600)
		others.record(86_400)
	}
	others.record(2_592_000)
	some.merge(&others)
	if p := some.percentiles(400, 500, 800, 990); !slices.Equal(p, []int64{3600, 86_400, 86_400, 2_592_000}) {
		t.Errorf("percentiles of 1h, 1h, 1d, 1d and 30d are %d s", p)
	}
	if x, _ := some.cumulative(10); !slices.Equal(x, []float64{3600, 86_400, 2_592_000}) {
		t.Errorf("the curve of 1h, 1h, 1d, 1d and 30d steps at %g s", x)
	}
}

// Nobody took longer than who took longest, whatever else the bucket of a histogram is for.
func TestTimesEndWithTheLongest(t *testing.T) {
	var alike times
	for range 3 {
		alike.record(86_401)
	}
	if p := alike.percentiles(500, 990); !slices.Equal(p, []int64{86_401, 86_401}) {
		t.Errorf("percentiles of three times of 86401 s are %d", p)
	}
	if x, y := alike.cumulative(10); !slices.Equal(x, []float64{86_401}) || !slices.Equal(y, []float64{1}) {
		t.Errorf("the curve of three times of 86401 s is %g, %g", x, y)
	}
}
