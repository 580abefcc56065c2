package virtual

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/model/trace"
	"invitesim/sim"
)

// The trace of a run, replayed, is the same history with the same figures. Replaying knows nothing of people: what the
// run derives from their plans (which invitations were ignored before they ended) the replay keeps in a plain map.
func TestReplayOfARun(t *testing.T) {
	p := smallPlan()
	p.Warmup = 0
	p.Populations[0].Start.Inbound = [3]float64{1, 0, 0} // set-up by commands that a run does not count
	run, recorded := traced(t, p)
	replay, _, err := Replay(context.Background(), recorded, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if run.Digest != replay.Digest {
		t.Error("the digests differ")
	}
	if run.DurationS != replay.DurationS {
		t.Errorf("the replay lasts %d s, not %d s", replay.DurationS, run.DurationS)
	}
	replay.Turns = run.Turns
	replay.Figures.Members = run.Figures.Members
	if diff := cmp.Diff(run.Figures, replay.Figures); diff != "" {
		t.Errorf("figures differ: %s", diff)
	}
	for _, name := range []string{"open", "ignored", "reported", "accepted", "withdrawn", "expired", "cancelled"} {
		if diff := cmp.Diff(run.Distributions["fates."+name], replay.Distributions["fates."+name]); diff != "" {
			t.Errorf("fates.%s differ: %s", name, diff)
		}
	}
}

// A replay has warnings, checks and errors like a run.
func TestReplayOfALine(t *testing.T) {
	recorded, mistakes := trace.Parse(strings.NewReader("members 3\nopened 1 -400d\noutside 1 5\nconnect 2 3\n"+
		"0s send 1 2 -> sent\n8w ignore 2 1 -> ignored\n26w received 2 -> -\n200d send 1 2 -> sent\n200d connections 1 -> 5\n"), "few.trace")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	r, totals, err := Replay(context.Background(), recorded, Options{Check: true})
	if err != nil {
		t.Fatal(err)
	}
	if totals.Commands != 3 || totals.Queries != 2 || r.Invitations.Expired != 1 || r.Checks.Oracle.Divergences != 0 {
		t.Errorf("commands %d, queries %d, invitations %+v, checks %+v", totals.Commands, totals.Queries, r.Invitations, r.Checks)
	}
	if got := r.MembersBy["members"]; got == nil || got.Members != 3 {
		t.Errorf("the members of the trace are %+v", got)
	}
	var written bytes.Buffer
	if _, _, err := Replay(context.Background(), recorded, Options{Trace: &written}); err != nil {
		t.Fatal(err)
	}
	again, mistakes := trace.Parse(&written, "again.trace")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if twice, _, err := Replay(context.Background(), again, Options{}); err != nil || twice.Digest != r.Digest || len(again.Lines) != len(recorded.Lines)+1 {
		t.Errorf("the trace of a replay replays differently, error %v: %s", err, again)
	}
	recorded.Lines[2].Command.Peer = 2 // connects 2 to 2
	if _, _, err := Replay(context.Background(), recorded, Options{}); err == nil || !strings.Contains(err.Error(), "few.trace:4:1: found connect 2 2") {
		t.Errorf("an impossible connection: %v", err)
	}
}

// What a replay answers is what the traces of the rules give: every query, that for notices too, with and without checks.
func TestReplayAnswersAsTheTracesOfTheRules(t *testing.T) {
	paths, err := filepath.Glob("../../model/testdata/*.trace")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no traces: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		recorded, mistakes := trace.Parse(bytes.NewReader(text), filepath.Base(path))
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		for _, checked := range []bool{false, true} {
			replayed := replayedTrace(t, recorded, Options{Check: checked})
			if given, got := answersOf(recorded), answersOf(replayed); !slices.EqualFunc(given, got, answersAgree) {
				t.Errorf("%s, checked %v: a replay answers otherwise: %s", path, checked, replayed)
			}
		}
	}
}

// replayedTrace returns the trace that a replay writes.
func replayedTrace(t *testing.T, recorded *trace.Trace, o Options) *trace.Trace {
	t.Helper()
	var written bytes.Buffer
	o.Trace = &written
	r, _, err := Replay(context.Background(), recorded, o)
	if err != nil {
		t.Fatal(err)
	}
	if o.Check && r.Checks.Oracle.Divergences+r.Checks.Invariants.Violations > 0 {
		t.Errorf("%s: %v", recorded.Name, r.Warnings)
	}
	replayed, mistakes := trace.Parse(&written, "replayed.trace")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	return replayed
}

// answersOf returns the lines of a trace that give an answer.
func answersOf(t *trace.Trace) (lines []trace.Line) {
	for _, l := range t.Lines {
		if l.Given != nil {
			lines = append(lines, l)
		}
	}
	return lines
}

// answersAgree says whether a replayed line gives what the recorded one does. What a quota shows the recorded one may give in part.
func answersAgree(recorded, replayed trace.Line) bool {
	given, got := recorded.Given, replayed.Given
	if recorded.Command.Verb == model.QueryQuota {
		return !slices.ContainsFunc(given.Reply, func(word string) bool {
			return word != "restricted=none" && !slices.Contains(got.Reply, word)
		})
	}
	until := !given.HasUntil || given.Until == got.Until
	return given.Outcome == got.Outcome && until && slices.Equal(given.Reply, got.Reply)
}

// The same people under two policies do the same things up to the first answer that differs.
func TestCommonRandomNumbers(t *testing.T) {
	strict := smallPlan()
	strict.Events = strict.Events[:1]
	free := smallPlan()
	free.Events = free.Events[:1]
	free.Policy.WeeklyLimit.Mode = model.LimitNone
	strict.Policy.WeeklyLimit.Count = 60
	_, a := traced(t, strict)
	_, b := traced(t, free)
	differ := false
	for i := range a.Lines {
		one, other := &a.Lines[i], &b.Lines[i]
		if one.Call != other.Call || one.Command != other.Command {
			t.Fatalf("line %d: %s against %s, after the same answers", i, trace.FormatLine(one), trace.FormatLine(other))
		}
		if one.Given != nil && one.Kind == trace.Command && one.Given.Outcome != other.Given.Outcome {
			if one.Given.Outcome != model.RateLimited || i < 1000 {
				t.Errorf("line %d: the first difference is %s against %s", i, trace.FormatLine(one), trace.FormatLine(other))
			}
			differ = true
			break
		}
	}
	if !differ {
		t.Error("the limit of one policy never showed: the test shows nothing")
	}
	// Also later on, who sends when to whom is the plan of the people and not the policy's: most sends are in both.
	in := sends(a)
	shared := 0
	for send := range sends(b) {
		if in[send] {
			shared++
		}
	}
	if shared*10 < len(in)*7 {
		t.Errorf("only %d of %d sends happen under both policies", shared, len(in))
	}
}

type sendOf struct {
	at          int64
	actor, peer model.Member
}

func sends(recorded *trace.Trace) map[sendOf]bool {
	all := map[sendOf]bool{}
	for i := range recorded.Lines {
		line := &recorded.Lines[i]
		if line.Kind == trace.Command && line.Command.Verb == model.Send {
			all[sendOf{int64(line.Call), line.Command.Actor, line.Command.Peer}] = true
		}
	}
	return all
}

// A population that has nothing to do with the others changes nothing of what they do, wherever it stands in the file.
func TestAddedPopulation(t *testing.T) {
	p := smallPlan()
	p.Duration = 4 * model.Week
	for i := range p.Populations {
		if send := p.Populations[i].Send; send != nil {
			send.Kinds = [3]float64{1, 0, 0} // pages carry the sender's number, and numbers shift
		}
	}
	_, alone := traced(t, p)
	const added = 40
	more := *p
	stranger := sim.Population{
		Name: "stranger", Count: added, First: 1,
		Send: &sim.Sending{Rate: 5. / 604800, To: []sim.Target{{Population: 0, Share: 1}}, Kinds: [3]float64{1, 0, 0}},
	}
	more.Populations = []sim.Population{stranger}
	for _, population := range p.Populations {
		population.First += added
		send := *population.Send
		send.To = nil
		for _, target := range population.Send.To {
			send.To = append(send.To, sim.Target{Population: target.Population + 1, Share: target.Share})
		}
		population.Send = &send
		more.Populations = append(more.Populations, population)
	}
	more.Events = []sim.Event{p.Events[0]}
	more.Events[0].Where = []int{1}
	_, together := traced(t, &more)
	var rest []trace.Line
	for _, line := range together.Lines {
		if line.Command.Actor > added {
			rest = append(rest, line)
		}
	}
	i := 0
	for _, line := range alone.Lines {
		if line.Command.Actor == 0 {
			continue
		}
		line.Command.Actor += added
		if line.Command.Peer > 0 {
			line.Command.Peer += added
		}
		if i == len(rest) || rest[i].Call != line.Call || rest[i].Command != line.Command {
			t.Fatalf("command %d alone is %s, together it is %s", i, trace.FormatLine(&line), trace.FormatLine(&rest[i]))
		}
		i++
	}
	if i != len(rest) {
		t.Errorf("%d commands alone, %d together", i, len(rest))
	}
}

// A replay that is interrupted between two commands of one second covers that second: its trace can be replayed.
func TestReplayIsInterrupted(t *testing.T) {
	var text strings.Builder
	text.WriteString("members 2\n5s send 1 2\n")
	for range pollEvery {
		text.WriteString("5s quota 1\n")
	}
	recorded, mistakes := trace.Parse(strings.NewReader(text.String()), "one-second.trace")
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	r, totals, err := Replay(ctx, recorded, Options{Trace: &out})
	if err != nil || !r.Interrupted || r.Warnings[0] != interruption(&sim.Plan{Duration: 6}, 6) || totals.Queries >= pollEvery {
		t.Fatalf("interrupted %v after %d queries, warnings %q: %v", r.Interrupted, totals.Queries, r.Warnings, err)
	}
	if _, mistakes := trace.Parse(&out, "again.trace"); len(mistakes) > 0 {
		t.Errorf("what was written has mistakes: %v", mistakes)
	}
}
