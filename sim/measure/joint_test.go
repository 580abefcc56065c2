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
	open := map[[2]model.Member]model.Instant{}
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
		case sent:
			c.Verb, answer = model.Withdraw, model.Answer{Outcome: model.WasWithdrawn, At: at, SentAt: sentAt}
			delete(open, [2]model.Member{a, b})
		default:
			open[[2]model.Member{a, b}] = at
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

// TestEndBeforeBeginning: the end of an invitation may be told before its beginning, by a worker that was quicker.
func TestEndBeforeBeginning(t *testing.T) {
	r := New(&sim.Plan{Duration: model.Week, Step: model.Day, Policy: model.Default(), Populations: []sim.Population{{Name: "all", Count: 2, First: 1}}})
	defer r.Release()
	r.Lowered(10, 1)
	r.Command(10, 10, &model.Command{Verb: model.Send, Actor: 1, Peer: 2}, &model.Answer{Outcome: model.WasSent, At: 10})
	if r.members[1].outstanding != 0 {
		t.Errorf("%d outstanding, expected none", r.members[1].outstanding)
	}
}
