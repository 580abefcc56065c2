package people

import (
	"fmt"
	"math"
	"testing"

	"invitesim/model"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// must returns a distribution that a test gives good numbers for.
func must(d *chance.Distribution, err error) *chance.Distribution {
	if err != nil {
		panic(err)
	}
	return d
}

const week = 604800

// testPlan is one population that does everything, and one that only receives.
func testPlan(change func(p *sim.Population)) *sim.Plan {
	busy := sim.Population{
		Name: "busy", Count: 2000, First: 1,
		Send: &sim.Sending{Rate: 3. / week, To: []sim.Target{{Population: 0, Share: 0.7}, {Population: 1, Share: 0.3}}, Kinds: [3]float64{1, 0, 0}},
		Respond: &sim.Responding{
			Delay: must(chance.Lognormal(72000, 1.6)), Answers: sim.Answers{Accept: 0.5, Ignore: 0.25, Report: 0.05, Block: 0.02}, Again: 0.8,
		},
	}
	quiet := sim.Population{Name: "quiet", Count: 500, First: 2001}
	if change != nil {
		change(&busy)
	}
	return &sim.Plan{
		Seed: 3, Start: model.DefaultStart, Duration: 8 * model.Week, Step: model.Hour, Policy: model.Default(),
		Populations: []sim.Population{busy, quiet},
	}
}

func crowd(t *testing.T, p *sim.Plan) *Crowd {
	t.Helper()
	c, err := NewCrowd(p)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// near fails where a count is more than five standard deviations of a Poisson or binomial count from its mean. All seeds
// are fixed: it never fails by chance.
func near(t *testing.T, what string, got, mean float64) {
	t.Helper()
	if sigma := math.Sqrt(mean); math.Abs(got-mean) > 5*sigma+1 {
		t.Errorf("%s: %g, expected %g within %g", what, got, mean, 5*sigma)
	}
}

// turns calls visit with every turn of every member of a group.
func turns(g *Group, duration model.Seconds, visit func(m model.Member, at uint64)) {
	for m := g.First; m < g.First+model.Member(g.Count); m++ {
		for at := g.FirstTurn(m); at < uint64(duration)*second; at = g.NextTurn(m, at) {
			visit(m, at)
		}
	}
}

// Sends are a Poisson process: their number has the planned mean, and a variance equal to it.
func TestPoisson(t *testing.T) {
	p := testPlan(nil)
	g := &crowd(t, p).groups[0]
	per := make([]float64, g.Count)
	total := 0.0
	turns(g, p.Duration, func(m model.Member, at uint64) { per[m-g.First]++; total++ })
	near(t, "sends", total, 3*8*2000)
	mean, squares := total/2000, 0.0
	for _, n := range per {
		squares += (n - mean) * (n - mean)
	}
	if dispersion := squares / 2000 / mean; dispersion < 0.85 || dispersion > 1.15 {
		t.Errorf("variance over mean of the sends of a member is %g, expected 1", dispersion)
	}
}

// A spread makes members unequal and keeps the mean.
func TestSpread(t *testing.T) {
	p := testPlan(func(p *sim.Population) { p.Send.Spread = must(chance.Gamma(1, 0.5)) })
	g := &crowd(t, p).groups[0]
	per := make([]float64, g.Count)
	total := 0.0
	turns(g, p.Duration, func(m model.Member, at uint64) { per[m-g.First]++; total++ })
	if total < 0.9*48000 || total > 1.1*48000 {
		t.Errorf("%g sends, expected about 48000", total)
	}
	mean, squares := total/2000, 0.0
	for _, n := range per {
		squares += (n - mean) * (n - mean)
	}
	// Var = mean + mean²·Var(spread), and the variance of this gamma is 1/shape = 2.
	if got, expected := squares/2000, mean+2*mean*mean; got < 0.8*expected || got > 1.25*expected {
		t.Errorf("variance of sends %g, expected about %g", got, expected)
	}
}

// The pattern, in local time, and an event shape the sends; elsewhere they stay at their rate.
func TestPatternAndEvents(t *testing.T) {
	p := testPlan(func(p *sim.Population) {
		for hour := range p.Send.Pattern {
			p.Send.Pattern[hour] = 0
		}
		p.Send.Pattern[10], p.Send.Pattern[20] = 3, 1 // Monday 10 h and 20 h local time
		p.Zone = -5 * model.Hour
	})
	p.Events = []sim.Event{
		{At: model.Instant(model.Week), For: model.Week, Factor: 4, Of: sim.RateSend, Where: []int{0}},
		{At: 0, For: 2 * model.Week, Factor: 100, Of: sim.RateSend, Where: []int{1}},
		{At: 0, For: 2 * model.Week, Factor: 100, Of: sim.RateLookSent, Where: []int{0}},
	}
	g := &crowd(t, p).groups[0]
	hours, weeks := map[uint64]float64{}, [8]float64{}
	turns(g, p.Duration, func(m model.Member, at uint64) {
		hours[at/second/3600%168]++
		weeks[at/second/week]++
	})
	all := weeks[0]
	for _, n := range weeks[1:] {
		all += n
	}
	near(t, "Monday 10 h, 15 h UTC", hours[15], all*0.75)
	near(t, "Monday 20 h, Tuesday 1 h UTC", hours[25], all*0.25)
	near(t, "an ordinary week", weeks[0], 6000)
	near(t, "the week of the event", weeks[1], 24000)
}

// Recipients and contents have the planned shares.
func TestWhomAndWhat(t *testing.T) {
	p := testPlan(func(p *sim.Population) {
		p.Send.Kinds, p.Send.Note, p.Send.Email = [3]float64{0.8, 0.15, 0.05}, 0.2, 0.05
	})
	g := &crowd(t, p).groups[0]
	quiet, notes, emails, n := 0.0, 0.0, 0.0, 0.0
	kinds, thirds := [3]float64{}, [3]float64{}
	turns(g, p.Duration, func(m model.Member, at uint64) {
		n++
		turn := g.Content(m, at)
		kinds[turn.Kind]++
		notes += float64(turn.Note)
		if turn.Email {
			emails++
		}
		if to := g.Recipient(m, at, 0); to > 2000 {
			quiet++
		} else {
			thirds[(to-1)*3/2000]++
		}
		if g.Recipient(m, at, 0) == g.Recipient(m, at, 1) && g.Recipient(m, at, 1) == g.Recipient(m, at, 2) {
			t.Errorf("member %d thinks of the same person again and again", m)
		}
	})
	near(t, "to the quiet", quiet, 0.3*n)
	for i := range thirds {
		near(t, "to a third of the busy", thirds[i], 0.7*n/3)
	}
	near(t, "connect", kinds[0], 0.8*n)
	near(t, "page", kinds[1], 0.15*n)
	near(t, "event", kinds[2], 0.05*n)
	near(t, "with a note", notes, 0.2*n)
	near(t, "with an address", emails, 0.05*n)
}

// Who thinks of somebody else draws anew each time, the last time too: two attempts come to the same person no more often than chance.
func TestRedraws(t *testing.T) {
	p := testPlan(func(p *sim.Population) { p.Send.To = []sim.Target{{Population: 0, Share: 1}} })
	g := &crowd(t, p).groups[0]
	n, same := 0.0, [Redraws + 1][Redraws + 1]float64{}
	turns(g, p.Duration, func(m model.Member, at uint64) {
		n++
		for i := range same {
			for j := range i {
				if g.Recipient(m, at, i) == g.Recipient(m, at, j) {
					same[i][j]++
				}
			}
		}
	})
	for i := range same {
		for j := range i {
			near(t, fmt.Sprintf("attempts %d and %d alike", i, j), same[i][j], n/2000)
		}
	}
}

// circle(n) takes the next n, all alike, and wraps around; zipf(s) weighs the k-th with k^-s.
func TestChoices(t *testing.T) {
	p := testPlan(func(p *sim.Population) {
		p.Send.To, p.Send.Choose = []sim.Target{{Population: 0, Share: 1}}, sim.Choice{Kind: sim.ChooseCircle, Circle: 50}
	})
	g := &crowd(t, p).groups[0]
	steps := [2001]float64{}
	n := 0.0
	turns(g, p.Duration, func(m model.Member, at uint64) {
		steps[(g.Recipient(m, at, 0)+2000-m)%2000]++
		n++
	})
	for step, count := range steps[:2000] {
		expected := 0.0
		if step >= 1 && step <= 50 {
			expected = n / 50
		}
		near(t, "a step around the circle", count, expected)
	}
	p.Populations[0].Send.Choose = sim.Choice{Kind: sim.ChooseZipf, Exponent: 1}
	g = &crowd(t, p).groups[0]
	ranks := [2001]float64{}
	turns(g, p.Duration, func(m model.Member, at uint64) { ranks[g.Recipient(m, at, 0)]++ })
	harmonic := 0.0
	for k := 1; k <= 2000; k++ {
		harmonic += 1 / float64(k)
	}
	for k := 1; k <= 5; k++ {
		near(t, "the first of a population", ranks[k], n/harmonic/float64(k))
	}
}

// Answers have the planned shares and delays; an earlier request takes from the acceptances alone.
func TestAnswers(t *testing.T) {
	p := testPlan(func(p *sim.Population) {
		p.Respond.From = map[int]sim.Answers{1: {Accept: 0.1, Ignore: 0.8}}
	})
	c := crowd(t, p)
	const n = 40_000
	count := func(sender model.Member, again bool) (replies [5]float64) {
		for i := range model.Instant(n) {
			invitation := c.Invitation(sender, 7, model.Connect, i)
			replies[invitation.Answer(again)]++
		}
		return replies
	}
	for i, share := range [5]float64{0.5, 0.25, 0.05, 0.02, 0.18} {
		near(t, "replies to the busy", count(8, false)[i], share*n)
	}
	for i, share := range [5]float64{0.4, 0.25, 0.05, 0.02, 0.28} {
		near(t, "replies to a second request", count(8, true)[i], share*n)
	}
	for i, share := range [5]float64{0.1, 0.8, 0, 0, 0.1} {
		near(t, "replies to the quiet", count(2001, false)[i], share*n)
	}
	unread := c.Invitation(8, 2001, model.Connect, 5)
	if got := unread.Answer(false); got != NoReply {
		t.Errorf("somebody who never responds replies %d", got)
	}
	early, median := 0.0, uint64(72000*second)
	for i := range model.Instant(n) {
		invitation := c.Invitation(8, 7, model.Connect, i)
		later, other := c.Invitation(8, 7, model.Connect, i+1), c.Invitation(8, 7, model.Page, i)
		at := invitation.AnswerAt(i)
		if at < uint64(i+1)*second {
			t.Fatalf("an answer at %d ns to what was sent at %d s", at, i)
		}
		if at-uint64(i+1)*second < median {
			early++
		}
		if !invitation.IsAnswer(at) || later.IsAnswer(at) || other.IsAnswer(at) {
			t.Fatalf("the answer to the invitation of %d s is not recognized, or another is", i)
		}
	}
	near(t, "answers before the median", early, n/2)
}

// A factor above 1 adds acceptances of those who would not answer: whoever answers a first request, answers a second one alike.
func TestAgainAbove(t *testing.T) {
	p := testPlan(func(p *sim.Population) { p.Respond.Again = 1.25 })
	c := crowd(t, p)
	const n = 40_000
	replies := [5]float64{}
	for i := range model.Instant(n) {
		invitation := c.Invitation(8, 7, model.Connect, i)
		first, second := invitation.Answer(false), invitation.Answer(true)
		if replies[second]++; first != second && (first != NoReply || second != AcceptIt) {
			t.Fatalf("who replies %d to a first request, replies %d to a second", first, second)
		}
	}
	for i, share := range [5]float64{0.625, 0.25, 0.05, 0.02, 0.055} {
		near(t, "replies to a second request", replies[i], share*n)
	}
}

// Habits have the planned shares; of two who connect each is as likely to be the one who removes.
func TestHabits(t *testing.T) {
	day := must(chance.Exponential(86400))
	p := testPlan(func(p *sim.Population) {
		p.Mistakes = &sim.Mistakes{Share: 0.1, After: day}
		p.Resend, p.Remove = &sim.AfterShare{Share: 0.3, After: day}, &sim.AfterShare{Share: 0.2, After: day}
		p.Unblock = &sim.Unblocking{AfterShare: sim.AfterShare{Share: 0.4, After: day}, Again: &sim.AfterShare{Share: 0.3, After: day}}
		p.Leave = &sim.Leaving{AfterShare: sim.AfterShare{Share: 0.25, After: day}, Back: &sim.AfterShare{Share: 0.5, After: day}}
	})
	c := crowd(t, p)
	g := &c.groups[0]
	const n = 20_000
	mistakes, resends, removals, first, unblocks, blocks := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	for i := range model.Instant(n) {
		a, b := model.Member(1+i%1000), model.Member(1001+i%999)
		invitation := c.Invitation(a, b, model.Connect, i)
		if at := invitation.MistakeAt(i); at < Never {
			mistakes++
			later, other := c.Invitation(a, b, model.Connect, i+1), c.Invitation(a, b+1, model.Connect, i)
			if !invitation.IsMistake(at) || later.IsMistake(at) || other.IsMistake(at) {
				t.Fatal("a mistake is not recognized, or another is")
			}
		}
		if invitation.Resends() != (invitation.ResendAt(i) < Never) {
			t.Fatal("Resends and ResendAt disagree")
		}
		if invitation.ResendAt(i) < Never {
			resends++
		}
		if c.UnblockAt(a, b, i) < Never {
			unblocks++
		}
		if c.BlockAgainAt(a, b, i) < Never {
			blocks++
		}
		remover, other, at := c.Removal(a, b, i, i+9)
		if remover2, other2, at2 := c.Removal(b, a, i, i+9); remover != remover2 || other != other2 || at != at2 {
			t.Fatal("who removes a connection depends on who is named first")
		}
		if at < Never {
			if !c.IsRemoval(a, b, i, at) || !c.IsRemoval(b, a, i, at) || c.IsRemoval(a, b, i+1, at) {
				t.Fatal("the removal of a connection is not told from that of another")
			}
			removals++
			if remover == a {
				first++
			}
		}
	}
	near(t, "mistakes", mistakes, 0.1*n)
	near(t, "resends", resends, 0.3*n)
	near(t, "unblocks", unblocks, 0.4*n)
	near(t, "blocks after an unblock", blocks, 0.3*n)
	near(t, "removals", removals, 0.2*n)
	near(t, "removals by the first", first, 0.1*n)
	leave, back := 0.0, 0.0
	for m := model.Member(1); m <= 2000; m++ {
		if at := g.LeaveAt(m); at < Never {
			leave++
			if c.Of(m).BackAt(m, at) < Never {
				back++
			}
		}
	}
	near(t, "leave", leave, 500)
	near(t, "come back", back, 250)
}

// Of those who ignored or reported a share comes back, each to the very invitation, and the one has nothing to do with the other.
func TestSecondThoughts(t *testing.T) {
	p := testPlan(func(p *sim.Population) {
		p.Respond.Reconsider = &sim.AfterShare{Share: 0.2, After: must(chance.Exponential(86400))}
		p.Respond.ReportAgain = &sim.AfterShare{Share: 0.3, After: must(chance.Constant(3600))}
	})
	c := crowd(t, p)
	const n = 20_000
	reconsidered, reported, both, late := 0.0, 0.0, 0.0, 0.0
	for i := range model.Instant(n) {
		invitation, other := c.Invitation(8, 7, model.Connect, i), c.Invitation(8, 7, model.Page, i)
		accepts, reports := invitation.ReconsiderAt(i+50), invitation.ReportAgainAt(i+50)
		if accepts < Never {
			reconsidered++
			if accepts > uint64(i+50+86400)*second {
				late++
			}
			if !invitation.IsReconsidered(accepts) || other.IsReconsidered(accepts) || accepts < uint64(i+51)*second {
				t.Fatalf("what was ignored at %d s is accepted at %d ns: it is not recognized, too early, or another is meant", i+50, accepts)
			}
		}
		if reports < Never {
			reported++
			if !invitation.IsReportedAgain(reports) || other.IsReportedAgain(reports) || reports/second != uint64(i+50+3600) {
				t.Fatalf("what was reported at %d s is reported at %d ns: it is not recognized, at the wrong second, or another is meant", i+50, reports)
			}
		}
		if accepts < Never && reports < Never {
			both++
		}
	}
	near(t, "reconsidered", reconsidered, 0.2*n)
	near(t, "reconsidered after more than the mean", late, 0.2*n/math.E)
	near(t, "reported again", reported, 0.3*n)
	near(t, "both", both, 0.2*0.3*n)
}

// Who blocks again does so as many seconds after the unblock as were drawn, where a wait of that length ends, but never in its second.
func TestBlockAgainOnTime(t *testing.T) {
	for _, test := range []struct {
		after   float64
		seconds uint64
	}{{2 * 86400, 2 * 86400}, {1, 1}, {0, 1}, {0.5, 1}} {
		p := testPlan(func(p *sim.Population) {
			p.Unblock = &sim.Unblocking{Again: &sim.AfterShare{Share: 1, After: must(chance.Constant(test.after))}}
		})
		c := crowd(t, p)
		for _, at := range []model.Instant{0, 1000} {
			if again := c.BlockAgainAt(7, 8, at); again/second != uint64(at)+test.seconds {
				t.Errorf("%g s after the unblock of %d s: blocks again at %d ns, expected in second %d", test.after, at, again, uint64(at)+test.seconds)
			}
		}
	}
	p := testPlan(func(p *sim.Population) { p.Unblock = &sim.Unblocking{} })
	if at := crowd(t, p).BlockAgainAt(7, 8, 5); at != Never {
		t.Errorf("who never blocks again does so at %d ns", at)
	}
}

// What members start with has the planned shares and ranges.
func TestStart(t *testing.T) {
	p := testPlan(func(p *sim.Population) {
		p.Start = sim.StartWith{
			Connections: must(chance.Uniform(10, 20)), AccountAge: must(chance.Uniform(0, 1000)), Inbound: [3]float64{0.5, 0.3, 0.2},
		}
	})
	g := &crowd(t, p).groups[0]
	inbound := [3]float64{}
	connections := [21]float64{}
	for m := model.Member(1); m <= 2000; m++ {
		s := g.StartOf(m)
		inbound[s.Inbound]++
		connections[s.Connections]++
		if s.AccountAge < 0 || s.AccountAge >= 1000 {
			t.Fatalf("an account %d s old", s.AccountAge)
		}
	}
	near(t, "anyone", inbound[0], 1000)
	near(t, "email", inbound[1], 600)
	near(t, "nobody", inbound[2], 400)
	for n := 11; n < 20; n++ {
		near(t, "connections", connections[n], 200)
	}
	near(t, "fewest connections", connections[10], 100)
	near(t, "most connections", connections[20], 100)
}

// A sitting starts at each multiple of the period plus the time of day, in local time.
func TestSittings(t *testing.T) {
	sit := func(zone model.Seconds, at float64) *Group {
		p := testPlan(func(p *sim.Population) {
			p.Zone, p.Send.Rate = zone, 0
			p.Send.Sittings = &sim.Sittings{Every: model.Day, At: must(chance.Constant(at)), Size: must(chance.Uniform(5, 8)), Gap: must(chance.Constant(20))}
		})
		return &crowd(t, p).groups[0]
	}
	for _, test := range []struct {
		zone   model.Seconds
		at     float64
		k      uint64 // of the first that does not start before the run
		expect uint64
	}{
		{0, 9 * 3600, 0, 9 * 3600},
		{-5 * model.Hour, 9 * 3600, 0, 14 * 3600},
		{2 * model.Hour, 9 * 3600, 0, 7 * 3600},
		{9 * model.Hour, 3600, 1, 16 * 3600}, // Monday's is over when the run starts
	} {
		g := sit(test.zone, test.at)
		k := uint64(0)
		for g.Sitting(1, k) >= Never {
			k++
		}
		at := g.Sitting(1, k)
		if k != test.k || at != test.expect*second {
			t.Errorf("zone %s, at %g s: sitting %d at %d s, expected %d at %d s", test.zone, test.at, k, at/second, test.k, test.expect)
		}
		if table := g.TimetableAt(k); table > at || g.TimetableAt(k+1) != uint64(k+1)*86400*second-uint64(test.zone)*second {
			t.Errorf("zone %s: multiples %d and %d of the timetable at %d s and %d s", test.zone, k, k+1, table/second, g.TimetableAt(k+1)/second)
		}
		if next := g.Sitting(1, k+1); next != at+86400*second {
			t.Errorf("the next sitting is at %d ns, expected a day later", next)
		}
		if size := g.SittingSize(1, k); size < 5 || size > 7 {
			t.Errorf("a sitting of %d, expected 5 to 7", size)
		}
		if gap := g.Gap(1, at, 3); gap != 20*second || g.FirstTurn(1) != Never {
			t.Errorf("a gap of %d ns; turns outside sittings from %d ns on", gap, g.FirstTurn(1))
		}
	}
}

// Without a time of day a sitting starts at the multiple itself. Who sends by a rate, or not at all, has no timetable.
func TestTimetable(t *testing.T) {
	p := testPlan(func(p *sim.Population) {
		p.Send.Rate, p.Zone = 0, 30*model.Hour
		p.Send.Sittings = &sim.Sittings{Every: model.Day, Size: must(chance.Constant(1)), Gap: must(chance.Constant(1))}
	})
	c := crowd(t, p)
	for k, expect := range []uint64{Never, Never, 18 * 3600 * second, 42 * 3600 * second} {
		g := &c.groups[0]
		table := expect
		if expect >= Never {
			table = 0
		}
		if at := g.Sitting(1, uint64(k)); at != expect || g.TimetableAt(uint64(k)) != table {
			t.Errorf("sitting %d at %d ns, planned at %d ns, expected %d and %d", k, at, g.TimetableAt(uint64(k)), expect, table)
		}
	}
	if at := c.groups[1].TimetableAt(0); at != Never {
		t.Errorf("who never sends has a timetable from %d ns on", at)
	}
	if at := crowd(t, testPlan(nil)).groups[0].TimetableAt(0); at != Never {
		t.Errorf("who sends by a rate has a timetable from %d ns on", at)
	}
}

// Tidying begins at an instant of the first period, another for each member.
func TestTidyAt(t *testing.T) {
	p := testPlan(func(p *sim.Population) { p.Tidy = &sim.Tidying{Every: 10 * model.Day} })
	g := &crowd(t, p).groups[0]
	halves := [2]float64{}
	for m := model.Member(1); m <= 2000; m++ {
		halves[g.TidyAt(m)/(5*86400*second)]++
	}
	near(t, "begin in the first half", halves[0], 1000)
	if at := crowd(t, p).groups[1].TidyAt(2001); at != Never {
		t.Errorf("who does not tidy begins at %d", at)
	}
}

// Looks are Poisson processes of their own.
func TestLooks(t *testing.T) {
	p := testPlan(func(p *sim.Population) { p.Look = sim.Looking{Received: 5. / week, Sent: 1. / week} })
	g := &crowd(t, p).groups[0]
	for rate, mean := range map[sim.Rate]float64{sim.RateLookReceived: 5 * 8 * 2000, sim.RateLookSent: 8 * 2000} {
		n := 0.0
		for m := model.Member(1); m <= 2000; m++ {
			for at := g.NextLook(m, rate, 0); at < uint64(p.Duration)*second; at = g.NextLook(m, rate, at) {
				n++
			}
		}
		near(t, "looks", n, mean)
	}
}
