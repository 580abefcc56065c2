package check_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/trace"
)

// counter is a trivial system: a send is `sent` unless the sender has sent as many as the weekly limit in force says, and
// quota tells how many. It tells what was done to it.
type counter struct {
	limit    uint32
	sent     map[model.Member]uint32
	done     []string
	released *int
}

func (s *counter) Do(t model.Instant, c *model.Command) model.Answer {
	s.done = append(s.done, fmt.Sprintf("%s %s", t, c.Verb))
	if c.Verb != model.Send {
		return model.Answer{Outcome: model.NotFound, At: t}
	}
	if s.sent[c.Actor] >= s.limit {
		return model.Answer{Outcome: model.RateLimited, At: t, Until: 7 * 86400, Bounded: true}
	}
	s.sent[c.Actor]++
	return model.Answer{Outcome: model.WasSent, At: t}
}

func (s *counter) Ask(t model.Instant, c *model.Command) model.Reply {
	return model.Reply{Quota: model.Quota{Used: s.sent[c.Actor], Limit: s.limit, Cap: model.Unlimited}}
}

func (s *counter) ChangePolicy(t model.Instant, p model.Policy) {
	s.done = append(s.done, t.String()+" policy")
	s.limit = p.WeeklyLimit.Count
}

func (s *counter) Connect(t model.Instant, a, b model.Member) bool {
	s.done = append(s.done, fmt.Sprintf("%s connect %d %d", t, a, b))
	return a != b
}

func (s *counter) Outside(a model.Member, n uint32) {
	s.done = append(s.done, fmt.Sprint("outside ", a, n))
}

func (s *counter) Opened(a model.Member, at model.Instant) {
	s.done = append(s.done, fmt.Sprint("opened ", a, at))
}
func (s *counter) Release() { *s.released++ }

// counters builds counters, and remembers the last and how many were built and released.
type counters struct {
	last            *counter
	built, released int
	policies        []model.Policy
}

func (b *counters) build(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
	b.built++
	b.policies = policies
	b.last = &counter{limit: policies[0].WeeklyLimit.Count, sent: map[model.Member]uint32{}, released: &b.released}
	return b.last, nil
}

func read(t *testing.T, text string) *trace.Trace {
	t.Helper()
	tr, mistakes := trace.Parse(strings.NewReader(text), "test.trace")
	if tr == nil {
		t.Fatal(mistakes)
	}
	return tr
}

func TestRunComparesWhatIsGiven(t *testing.T) {
	var b counters
	figures, violation, err := check.Run(t.Context(), read(t, `policy default weekly_limit.count=2
members 4
connect 3 4
outside 1 5
opened 1 -1d
1500ms send 1 2 -> sent
2s..3s send 1 2 -> sent at=2900ms
3s send 1 2 -> overloaded
3s send 1 2
3s send 1 2 -> rate_limited until=7d
1d policy weekly_limit.count=3
1d advance 1d
2d quota 1 -> used=2/3
2d send 1 2 -> sent
`), b.build)
	if err != nil || violation != nil {
		t.Fatal(violation, err)
	}
	if want := "12 lines: 5 commands, 1 query, 5 answers compared, 1 overloaded"; figures.String() != want || figures.Answers != 5 {
		t.Errorf("%s, want %s", figures, want)
	}
	want := []string{"0s connect 3 4", "outside 1 5", "opened 1 -1d", "1s send", "2s send", "3s send", "3s send", "1d policy", "2d send"}
	if got := strings.Join(b.last.done, "; "); got != strings.Join(want, "; ") {
		t.Errorf("the system was asked %s, want %s", got, want)
	}
	if len(b.policies) != 2 || b.policies[1].WeeklyLimit.Count != 3 || b.built != b.released {
		t.Errorf("policies %v, %d built, %d released", b.policies, b.built, b.released)
	}
}

func TestViolationIsShrunk(t *testing.T) {
	var text strings.Builder
	text.WriteString("policy default weekly_limit.count=2\nmembers 50\n")
	for i := range 200 {
		fmt.Fprintf(&text, "%ds send %d 50 # whoever\n", i, i%40+1)
	}
	text.WriteString("# here it goes wrong\n200s send 1 2 -> sent # why?\n201s send 1 2 -> sent\n")
	tr := read(t, text.String())
	before := tr.String()
	var b counters
	figures, v, err := check.Run(t.Context(), tr, b.build)
	if err != nil || v == nil {
		t.Fatal(v, err)
	}
	if v.Line.Number != 204 || v.Given != "sent" || v.Answer != "rate_limited until=7d" || figures.Lines != 201 {
		t.Errorf("line %d: given %q, model %q after %s", v.Line.Number, v.Given, v.Answer, figures)
	}
	want := `test.trace:204: 3m20s send 1 2: found "sent", expected "rate_limited until=7d"
the shortest trace found that shows it:
policy default weekly_limit.count=2
members 50
2m     send 1 50 -> sent  # whoever
2m40s  send 1 50 -> sent  # whoever
3m20s  send 1 2  -> sent  # why?
`
	if v.String() != want {
		t.Errorf("got\n%s\nwant\n%s", v, want)
	}
	if tr.String() != before {
		t.Error("the trace was changed")
	}
	again := read(t, v.Shortest.String())
	if _, v, err := check.Run(t.Context(), again, b.build); err != nil || v == nil || len(v.Shortest.Lines) != 3 {
		t.Errorf("the shortest trace shows %v, %v", v, err)
	}
	if b.built != b.released {
		t.Errorf("%d built, %d released", b.built, b.released)
	}
}

func TestWrongUntilAndReplyAreViolations(t *testing.T) {
	for _, c := range [][2]string{
		{"0s send 1 2 -> rate_limited until=8d", "rate_limited until=7d"},
		{"0s send 1 2 -> rate_limited until=none", "rate_limited until=7d"},
		{"0s send 1 2 -> sent at=0.5s", "rate_limited until=7d at=500ms"},
		{"0s quota 1 -> used=1/0", "used=0/0 pending=0/none"},
		{"0s quota 1 -> used=1/0 at=0.5s", "used=0/0 pending=0/none at=500ms"},
		{"0s quota 1 -> invalid", "used=0/0 pending=0/none"},
	} {
		var b counters
		_, v, err := check.Run(t.Context(), read(t, "policy default weekly_limit.count=0\n"+c[0]), b.build)
		if err != nil || v == nil || v.Answer != c[1] || len(v.Shortest.Lines) != 1 {
			t.Errorf("%s: %v, %v, want %s", c[0], v, err, c[1])
		}
	}
}

// TestOverlapNeedsForesight shows what overlapping calls are refused by: a system that cannot say what it would answer, and whoever
// wants the answers written in.
func TestOverlapNeedsForesight(t *testing.T) {
	for _, c := range [][2]string{
		{"0s..2s send 1 2 -> sent at=1s\n1s send 1 3", "test.trace:2:1: found a call before the answer of line 1"},
		{"0s..2s send 1 2 -> sent\n3s send 1 3", "test.trace:1:1: found no at=TIME"},
	} {
		var b counters
		_, _, err := check.Run(t.Context(), read(t, c[0]), b.build)
		if !errors.Is(err, check.ErrOverlap) || !strings.Contains(err.Error(), "test.trace: a system that cannot say") || b.built != b.released {
			t.Errorf("%q: %v, %d built, %d released", c[0], err, b.built, b.released)
		}
		if err := check.Fill(read(t, c[0]), b.build); !errors.Is(err, check.ErrOverlap) || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%q: %v", c[0], err)
		}
	}
	var b counters
	if _, v, err := check.Run(t.Context(), read(t, "0s..999ms send 1 2 -> sent\n999ms..1s send 1 2 -> sent at=1s"), b.build); v != nil || err != nil {
		t.Errorf("calls within one second, one after another: %v, %v", v, err)
	}
}

// Lines in order have no order to look for: past the budget it is said how far they were compared.
func TestTheTimeIsUpForLinesInOrder(t *testing.T) {
	var b counters
	late, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()
	_, violation, err := check.Run(late, read(t, "members 2\n\n1s send 1 2 -> sent\n2s send 1 2 -> sent\n"), b.build)
	if violation != nil || !errors.Is(err, check.ErrTimeUp) || err.Error() != "unknown: the time was up at line 3 of 4" {
		t.Errorf("%v, %v", violation, err)
	}
}

func TestConnectThatCannotBeIsAMistake(t *testing.T) {
	var b counters
	_, _, err := check.Run(t.Context(), read(t, "members 2\n0s send 1 2\n1d connect 2 2"), b.build)
	var mistake trace.Mistake
	if !errors.As(err, &mistake) || mistake.Line != 3 || mistake.Found != "1d connect 2 2" {
		t.Errorf("got %v", err)
	}
}

func TestBuilderErrorsComeBack(t *testing.T) {
	broken := errors.New("too many members")
	_, _, err := check.Run(t.Context(), read(t, "0s send 1 2"), func(uint32, model.Calendar, uint64, []model.Policy) (check.System, error) { return nil, broken })
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestFillWritesTheModelsAnswers(t *testing.T) {
	tr := read(t, `policy default weekly_limit.count=1
members 9
# first
0s send 1 2  # no answer
0s send 1 2 -> rate_limited
1s..2s send 1 2 -> sent at=2s
2s quota 1 -> used=1/1
2s quota 1 -> used=7/1
3s send 1 2 -> overloaded
3s advance 1d
`)
	var b counters
	if err := check.Fill(tr, b.build); err != nil {
		t.Fatal(err)
	}
	want := `policy default weekly_limit.count=1
members 9
# first
0s      send 1 2 -> sent  # no answer
0s      send 1 2 -> rate_limited
1s..2s  send 1 2 -> rate_limited until=7d at=2s
2s      quota 1  -> used=1/1
2s      quota 1  -> used=1/1 pending=0/none
3s      send 1 2 -> overloaded
3s      advance 1d
`
	if tr.String() != want {
		t.Errorf("got\n%s\nwant\n%s", tr, want)
	}
}
