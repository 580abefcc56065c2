package measure

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/sim"
)

// TestJointAccount lets one recorder and three joint ones keep account of the same commands: they must come to the same result.
func TestJointAccount(t *testing.T) {
	plan := &sim.Plan{
		Duration: 3 * model.Week, Warmup: model.Week, Step: model.Day, Policy: model.Default(),
		Populations: []sim.Population{{Name: "few", Count: 50, First: 1}, {Name: "many", Count: 250, First: 51}},
	}
	plan.Policy.PendingCap.Count = 4
	plan.Thresholds = []sim.Threshold{{Over: &sim.Span{From: model.Instant(9 * model.Day), Until: model.Instant(15 * model.Day)}}}
	const workers = 3
	owner := func(m model.Member) int { return int(m/64) % workers }
	alone := New(plan)
	defer alone.Release()
	var joint *Joint
	joint = NewJoint(t.Context(), plan, workers, owner, func(_ int, at model.Instant, sender model.Member) {
		joint.Recorder(owner(sender)).Lowered(at, sender)
	})
	defer joint.Release()
	tell := func(m model.Member, f func(*Recorder)) {
		f(alone)
		f(joint.Recorder(owner(m)))
	}
	everybody := func(f func(*Recorder)) {
		f(alone)
		for worker := range workers {
			f(joint.Recorder(worker))
		}
	}
	watched := 0
	joint.Watch(func(until model.Instant, got *sim.Result) {
		watched++
		expected := sim.Result{}
		alone.SoFar(&expected)
		if difference := cmp.Diff(&expected, got); difference != "" {
			t.Errorf("after %s three joint recorders tell otherwise than one (-one +three):\n%.2000s", until, difference)
		}
	})
	random := rand.New(rand.NewPCG(4, 2))
	open, outstanding := map[[2]model.Member]model.Instant{}, map[model.Member]uint32{}
	for at := model.Instant(0); at < model.Instant(plan.Duration); at += 60 {
		if at == plan.Thresholds[0].Over.Until {
			everybody(func(r *Recorder) { r.CloseWindows(at, false, nil) })
		}
		if at > 0 && at%model.Instant(plan.Step) == 0 {
			everybody(func(r *Recorder) { r.EndStep(at-1, nil) })
		}
		if at == model.Instant(plan.Warmup) {
			everybody(func(r *Recorder) { r.StartMeasuring(at) })
		}
		if at == plan.Thresholds[0].Over.From {
			everybody(func(r *Recorder) { r.OpenWindows(at) })
		}
		a, b := model.Member(1+random.IntN(300)), model.Member(1+random.IntN(300))
		sentAt, sent := open[[2]model.Member{a, b}]
		c := model.Command{Verb: model.Send, Actor: a, Peer: b}
		answer := model.Answer{Outcome: model.WasSent, At: at, SentAt: at}
		switch what := random.IntN(4); {
		case !sent && what == 0:
			answer = model.Answer{Outcome: model.RateLimited, At: at}
		case sent && what < 2:
			c = model.Command{Verb: model.Accept, Actor: b, Peer: a}
			answer = model.Answer{Outcome: model.WasConnected, At: at, SentAt: sentAt}
			delete(open, [2]model.Member{a, b})
			outstanding[a]--
		case sent:
			c.Verb, answer = model.Withdraw, model.Answer{Outcome: model.WasWithdrawn, At: at, SentAt: sentAt}
			delete(open, [2]model.Member{a, b})
			outstanding[a]--
		default:
			open[[2]model.Member{a, b}] = at
			outstanding[a]++
			answer.Outstanding = outstanding[a]
			answer.Used, answer.Limit = uint32(at/model.Instant(model.Hour)%100), 90
		}
		tell(c.Actor, func(r *Recorder) { r.Command(at, at, &c, &answer) })
	}
	end := model.Instant(plan.Duration)
	everybody(func(r *Recorder) { r.EndStep(end-1, nil) })
	var expected, got sim.Result
	alone.Finish(end, &expected)
	joint.Finish(end, &got)
	if len(expected.Windows) == 0 || watched != 21 {
		t.Errorf("%d windows, and %d steps were watched", len(expected.Windows), watched)
	}
	if difference := cmp.Diff(expected, got); difference != "" {
		t.Errorf("three joint recorders differ from one (-one +three):\n%s", difference)
	}
}

// TestEndsInAnyOrder: where the ends of invitations are told by workers that were quicker or slower than the sender's, the account never holds more than
// there were after a send, and is right when all has been told.
func TestEndsInAnyOrder(t *testing.T) {
	plan := &sim.Plan{Duration: model.Week, Step: model.Day, Policy: model.Default(), Populations: []sim.Population{{Name: "all", Count: 200, First: 1}}}
	for _, test := range []struct {
		name string
		told []int  // in this order: how many are outstanding after a send; 0 for the end of one
		most uint32 // for some time
		rest uint32
	}{
		{"in order", []int{1, 2, 0, 2, 0}, 2, 1},
		{"before its beginning", []int{0, 1}, 0, 0},
		{"both before their beginnings", []int{0, 0, 1, 1}, 0, 0},
		{"behind the send for which it made room", []int{1, 2, 2, 0}, 2, 2},
		{"two of them behind", []int{1, 2, 3, 2, 0, 0}, 3, 2},
		{"one behind, and one more", []int{1, 2, 2, 0, 0}, 2, 1},
		{"before a send that it came after", []int{1, 2, 0, 3}, 2, 2},
	} {
		j := NewJoint(t.Context(), plan, 1, func(model.Member) int { return 0 }, nil)
		r := j.Recorder(0)
		for i, outstanding := range test.told {
			at := model.Instant(10 * i)
			if outstanding == 0 {
				r.Lowered(at, 1)
				continue
			}
			c := model.Command{Verb: model.Send, Actor: 1, Peer: model.Member(2 + i)}
			r.Command(at, at, &c, &model.Answer{Outcome: model.WasSent, At: at, Limit: model.Unlimited, Outstanding: uint32(outstanding)})
		}
		if r.members[1].outstanding != test.rest || len(r.untold) > 0 {
			t.Errorf("%s: at last %d are outstanding, expected %d; untold %v", test.name, r.members[1].outstanding, test.rest, r.untold)
		}
		var result sim.Result
		for i := range 7 {
			r.EndStep(model.Instant(model.Day)*model.Instant(i+1)-1, nil)
		}
		j.Finish(model.Instant(plan.Duration), &result)
		if got := result.Pending.Max; got != test.most {
			t.Errorf("%s: pending.max is %d, expected %d", test.name, got, test.most)
		}
		j.Release()
	}
}

// TestLateEndsAddNoTime: an end that is told late counts from the last change on, and no second of it twice.
func TestLateEndsAddNoTime(t *testing.T) {
	plan := &sim.Plan{Duration: 100, Step: 100, Policy: model.Default(), Populations: []sim.Population{{Name: "all", Count: 200, First: 1}}}
	j := NewJoint(t.Context(), plan, 1, func(model.Member) int { return 0 }, nil)
	defer j.Release()
	r := j.Recorder(0)
	for i, at := range []model.Instant{0, 60} {
		c := model.Command{Verb: model.Send, Actor: 1, Peer: model.Member(2 + i)}
		r.Command(at, at, &c, &model.Answer{Outcome: model.WasSent, At: at, Limit: model.Unlimited, Outstanding: uint32(i + 1)})
	}
	r.Lowered(20, 1)
	r.EndStep(99, nil)
	var result sim.Result
	j.Finish(100, &result)
	if time := r.tallies[0].weights.total(); time != 100 {
		t.Errorf("%d seconds of a sender are counted in 100", time)
	}
}
