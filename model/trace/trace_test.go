package trace

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"invitesim/model"
)

// everything has each form of line once.
const everything = `# What it shows.

policy three-week-wait resend.cooldown=1d # a remark on the policy
members 30
start 2026-01-07
seed 9
connect 1 2
opened 1 -400d
outside 1 150   # not in the trace

# the first command
0s send 1 3 note -> sent
1s..1500ms send 1 4 note=350 email page=3 key=k1 -> sent at=1s
2026-01-07T00:00:03.000000001Z	send 5 6 event=7 key="two words #1 \"é\""
4s withdraw 1 4 page=3 -> withdrawn
4s accept 3 1
4s ignore 6 5 event=7 -> not_available
4s report 3 1
4s block 1 7
4s unblock 1 7
4s remove 1 7
4s inbound 7 email -> set
4s close 7
4s reopen 7
1d send 1 3 -> cooldown until=22d
1d send 1 3 -> rate_limited until=none
1d advance 1h30m
1d1h30m sent 1 -> 2:pending,page=3 3:withdrawn
1d1h30m sent 2 -> -
1d1h30m received 2 -> 1 5:again,note 7:again,event=1 at=1d1h30m
1d1h30m received 99 -> invalid
1d1h30m relation 1 2 -> pending_out
1d1h30m quota 1 -> used=1/none pending=02/300 restricted=2026-01-14T00:00:00Z
1d1h30m quota 1 -> restricted=none
1d1h30m connections 1 -> 152
1d1h30m notices 2 -> invited:1 reminded:1 accepted:3,page=4
8w policy weekly-quota weekly_limit.count=50 pending_cap={"mode":"hard","count":5}
8w policy reminders=[7d]
8w send 4294967295 1 -> overloaded
# the end
`

func parse(t *testing.T, text string) *Trace {
	t.Helper()
	tr, mistakes := Parse(strings.NewReader(text), "test.trace")
	for _, m := range mistakes {
		t.Error(m)
	}
	if tr == nil {
		t.FailNow()
	}
	return tr
}

func TestReadsEveryForm(t *testing.T) {
	tr := parse(t, everything)
	if tr.Members != 30 || tr.Seed != 9 || tr.Policy.Name != "three-week-wait" || tr.Policy.Resend.Cooldown != model.Day ||
		tr.Start.Start != model.DefaultStart+2*86400 {
		t.Errorf("header: %d members, seed %d, policy %s, start %d", tr.Members, tr.Seed, tr.Policy.Name, tr.Start.Start)
	}
	want := map[int]Line{
		8:  {Kind: Opened, Command: model.Command{Actor: 1}, Opened: -400 * model.Instant(model.Day)},
		9:  {Kind: Outside, Command: model.Command{Actor: 1}, Count: 150, Comment: "not in the trace"},
		12: {Command: model.Command{Actor: 1, Peer: 3, Note: 1}, Given: &Given{Outcome: model.WasSent}, Remarks: []string{"", "# the first command"}},
		13: {
			Call: time.Second, Return: 1500 * time.Millisecond,
			Command: model.Command{Actor: 1, Peer: 4, Note: 350, Email: true, Kind: model.Page, Subject: 3, Key: "k1"},
			Given:   &Given{Outcome: model.WasSent, HasAt: true, At: time.Second},
		},
		14: {
			Call: 3*time.Second + 1, Return: 3*time.Second + 1,
			Command: model.Command{Actor: 5, Peer: 6, Kind: model.Event, Subject: 7, Key: `two words #1 "é"`},
		},
		22: {
			Call: 4 * time.Second, Return: 4 * time.Second, Command: model.Command{Verb: model.SetInbound, Actor: 7, Setting: model.Email},
			Given: &Given{Outcome: model.WasSet},
		},
		25: {
			Call: 24 * time.Hour, Return: 24 * time.Hour, Command: model.Command{Actor: 1, Peer: 3},
			Given: &Given{Outcome: model.Cooldown, HasUntil: true, Bounded: true, Until: 22 * model.Instant(model.Day)},
		},
		26: {
			Call: 24 * time.Hour, Return: 24 * time.Hour, Command: model.Command{Actor: 1, Peer: 3},
			Given: &Given{Outcome: model.RateLimited, HasUntil: true},
		},
		27: {Kind: Advance, Call: 24 * time.Hour, Return: 25*time.Hour + 30*time.Minute},
	}
	for i := range tr.Lines {
		got := tr.Lines[i]
		if expected, listed := want[got.Number]; listed {
			expected.Number = got.Number
			if !reflect.DeepEqual(got, expected) {
				t.Errorf("line %d:\n%+v, want\n%+v", got.Number, got, expected)
			}
			delete(want, got.Number)
		}
	}
	if len(want) > 0 {
		t.Errorf("lines not found: %v", want)
	}
	if !reflect.DeepEqual(tr.Coda, []string{"# the end"}) {
		t.Errorf("coda %q", tr.Coda)
	}
}

func TestRepliesAreReadAsTheyPrint(t *testing.T) {
	var replies []string
	for _, line := range parse(t, everything).Lines {
		if line.Kind == Query {
			replies = append(replies, strings.Join(line.Given.Reply, " "))
		}
	}
	want := []string{
		"2:pending,page=3 3:withdrawn", "-", "1 5:note,again 7:again,event=1", "invalid", "pending_out",
		"used=1/none pending=2/300 restricted=7d", "restricted=none", "152", "invited:1 reminded:1 accepted:3,page=4",
	}
	if !reflect.DeepEqual(replies, want) {
		t.Errorf("replies %q, want %q", replies, want)
	}
}

func TestPrintsWhatItReads(t *testing.T) {
	first := parse(t, everything)
	text := first.String()
	second := parse(t, text)
	if again := second.String(); again != text {
		t.Errorf("printed\n%s, then\n%s", text, again)
	}
	if !reflect.DeepEqual(withoutNumbers(first), withoutNumbers(second)) {
		t.Errorf("reading what was printed gives another trace:\n%s", text)
	}
	var missing []string
	for _, line := range []string{
		"0s           connect 1 2\n", "0s           outside 1 150  # not in the trace\n\n# the first command\n",
		"1s..1s500ms  send 1 4 note=350 email page=3 key=k1 -> sent at=1s\n",
		`3s1ns        send 5 6 event=7 key="two words #1 \"\u00e9\""` + "\n",
		"1d           advance 1h30m\n",
		"start 2026-01-07T00:00:00Z\nseed 9\n",
		"# a remark on the policy\npolicy three-week-wait resend.cooldown=1d\nmembers 30\n",
		"1d1h30m      received 2                            -> 1 5:note,again 7:again,event=1 at=1d1h30m\n",
		`56d          policy weekly-quota weekly_limit.count=50 pending_cap={"mode":"hard","count":5}` + "\n",
	} {
		if !strings.Contains(text, line) {
			missing = append(missing, line)
		}
	}
	if missing != nil {
		t.Errorf("no lines %q in\n%s", missing, text)
	}
}

func withoutNumbers(t *Trace) *Trace {
	plain := *t
	plain.Name, plain.Lines = "", append([]Line(nil), t.Lines...)
	for i := range plain.Lines {
		plain.Lines[i].Number = 0
	}
	return &plain
}

func TestFormatLine(t *testing.T) {
	line := Line{
		Call: 1500 * time.Microsecond, Return: time.Hour, Command: model.Command{Verb: model.Accept, Actor: 2, Peer: 1},
		Given: GivenAnswer(model.Answer{Outcome: model.WasConnected, At: 7}), Comment: "why",
	}
	if got, want := FormatLine(&line), "1500us..1h accept 2 1 -> connected  # why"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestFormatReply(t *testing.T) {
	for _, c := range []struct {
		verb model.Verb
		r    model.Reply
		want string
	}{
		{
			model.QueryQuota,
			model.Reply{Quota: model.Quota{Used: 3, Limit: 100, Pending: 2, Cap: 300, Restricted: true, RestrictedUntil: 7 * 86400}},
			"used=3/100 pending=2/300 restricted=7d",
		},
		{model.QueryQuota, model.Reply{Quota: model.Quota{Used: 1, Limit: model.Unlimited, Pending: 1, Cap: model.Unlimited}}, "used=1/none pending=1/none"},
		{
			model.QuerySent,
			model.Reply{Rows: []model.Row{{Peer: 2, State: model.Pending, Kind: model.Page, Subject: 3}, {Peer: 3, State: model.Withdrawn}}},
			"2:pending,page=3 3:withdrawn",
		},
		{model.QueryReceived, model.Reply{Rows: []model.Row{
			{Peer: 1, State: model.Pending},
			{Peer: 5, Note: true, Again: true},
			{Peer: 6, Kind: model.Event, Subject: 1},
		}}, "1 5:note,again 6:event=1"},
		{model.QueryReceived, model.Reply{}, "-"},
		{model.QueryNotices, model.Reply{}, "-"},
		{model.QueryNotices, model.Reply{Notices: []model.Notice{
			{Notice: model.NoticeReminded, Peer: 1},
			{Notice: model.NoticeAccepted, Peer: 2, Kind: model.Page, Subject: 3},
		}}, "reminded:1 accepted:2,page=3"},
		{model.QueryRelation, model.Reply{Relation: model.PendingIn}, "pending_in"},
		{model.QueryConnections, model.Reply{Connections: 5}, "5"},
		{model.QueryConnections, model.Reply{Invalid: true}, "invalid"},
	} {
		got := FormatReply(c.verb, c.r)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.verb, got, c.want)
		}
		line := parse(t, "0s "+string(AppendCommand(nil, &model.Command{Verb: c.verb, Actor: 1, Peer: 2}))+" -> "+got).Lines[0]
		if !line.Given.AllowsReply(c.verb, c.r) {
			t.Errorf("%s: %q is not what was given: %q", c.verb, got, line.Given.Reply)
		}
	}
}

func TestOnlyWhatIsGivenIsChecked(t *testing.T) {
	cooldown := model.Answer{Outcome: model.Cooldown, At: 5, Until: 22, Bounded: true}
	endless := model.Answer{Outcome: model.Cooldown, At: 5}
	for _, c := range []struct {
		given  string
		answer model.Answer
		want   bool
	}{
		{"cooldown", cooldown, true},
		{"sent", cooldown, false},
		{"cooldown until=22s", cooldown, true},
		{"cooldown until=22999ms", cooldown, true},
		{"cooldown until=23s", cooldown, false},
		{"cooldown until=22s", endless, false},
		{"cooldown until=none", endless, true},
		{"cooldown until=none", cooldown, false},
		{"cooldown at=5s", cooldown, true},
		{"cooldown at=5500ms", cooldown, true},
		{"cooldown at=6s", cooldown, false},
	} {
		if got := parse(t, "0s..9s send 1 2 -> "+c.given).Lines[0].Given.Allows(c.answer); got != c.want {
			t.Errorf("%s for %+v: %v", c.given, c.answer, got)
		}
	}
	free := model.Reply{Quota: model.Quota{Used: 3, Limit: 100, Pending: 2, Cap: 300}}
	bound := free
	bound.Quota.Restricted, bound.Quota.RestrictedUntil = true, 60
	for _, c := range []struct {
		given string
		reply model.Reply
		want  bool
	}{
		{"used=3/100", free, true},
		{"pending=2/300 used=3/100", free, true},
		{"used=3/101", free, false},
		{"restricted=none", free, true},
		{"restricted=none", bound, false},
		{"restricted=1m", bound, true},
		{"restricted=1m", free, false},
		{"invalid", free, false},
	} {
		if got := parse(t, "0s quota 1 -> "+c.given).Lines[0].Given.AllowsReply(model.QueryQuota, c.reply); got != c.want {
			t.Errorf("%s for %+v: %v", c.given, c.reply, got)
		}
	}
}

func TestMembersAreTheLargestNamed(t *testing.T) {
	if tr := parse(t, "0s send 1 7\n0s sent 12"); tr.Members != 12 {
		t.Errorf("%d members, want 12", tr.Members)
	}
	if tr := parse(t, "members 3\n0s send 1 4294967295"); tr.Members != 3 {
		t.Errorf("%d members, want 3", tr.Members)
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "1:1: found the end of the trace"},
		{"policy default\n", "2:1: found the end of the trace"},
		{"policy defualt", `1:8: found "defualt", expected the name of a policy`},
		{"policy defualt", "did you mean default?"},
		{"policy default expiry", `1:16: found "expiry", expected a setting PATH=VALUE`},
		{"policy default expirey=1d", `1:16: unknown setting "expirey", did you mean expiry?`},
		{"policy default weekly_limit.mode=fixde", "did you mean fixed?"},
		{"policy default expiry=1d expiry=2d", `1:26: found "expiry", but "expiry" stands before it, expected each setting once`},
		{"policy weekly_limit={\"count\":3} weekly_limit.count=4", `1:33: found "weekly_limit.count", but "weekly_limit" stands before it, expected each setting once`},
		{"policy weekly_limit.count=4 weekly_limit={\"count\":3}", `1:29: found "weekly_limit", but "weekly_limit.count" stands before it, expected each setting once`},
		{"0s send 1 2\n8w policy expiry=1d expiry=2d", `2:21: found "expiry", but "expiry" stands before it`},
		{"policy expiry=1d unlimited", `1:18: found the policy "unlimited", expected one name, before all settings`},
		{"0s send 1 2\n2026-01-06 send 1 2", `2:1: found "2026-01-06", expected a date and time such as 2026-01-05T00:00:00Z`},
		{"0s send 1 2 => sent", "did you mean ->?"},
		{"policy default weekly_limit={\"count\":-1,\"period\":\"0\"}", "1:16: weekly_limit.period: found 0"},
		{"policy default restrict.ladder=[]", "1:1: restrict.ladder: found no step"},
		{"policy", "1:7: found nothing"},
		{"policy default\npolicy default", "2:1: found a second line \"policy\", expected one: line 1 has it"},
		{"0s send 1 2\nmembers 3", "2:1: found \"members\" after a command"},
		{"0s send 1 2\npolicy expiry=1d", "8w policy"},
		{"members 0", "expected the number of members, 1 to 2147483646"},
		{"members 2147483647", "expected the number of members, 1 to 2147483646"},
		{"members -5", "1:9: found \"-5\""},
		{"members 5 6", "1:11: found \"6\", expected the end of the line"},
		{"start monday", "expected a date"},
		{"start 2026-01-05T00:00:00.5Z", "whole seconds"},
		{"seed x", "expected a whole number"},
		{"send 1 2", `1:1: found "send", expected a time before it`},
		{"memebrs 5", "did you mean members?"},
		{"5 send 1 2", "has no unit"},
		{"-5s send 1 2", "1:1: found -5s, expected a time at or after the start, which is 2026-01-05T00:00:00Z unless a line `start DATE` says otherwise"},
		{"start 2026-03-02\n2026-03-01T23:59:59Z send 1 2", "2:1: found 2026-03-01T23:59:59Z, expected a time at or after the start, which is 2026-03-02T00:00:00Z unless"},
		{"2026-01-04T23:59:59Z send 1 2", "at or after the start"},
		{"2026-13-04T23:59:59Z send 1 2", "expected a date and time"},
		{"65y send 1 2", "at most 64y"},
		{"9026-01-04T23:59:59Z send 1 2", "at most 64y"},
		{"400y send 1 2", "too long"},
		{"0s send 1 2 -> cooldown until=129y", "at most 128y"},
		{"64y send 1 2 -> sent at=65y", "at most 64y"},
		{"2s..1s send 1 2", "1:1: found the answer at 1s before the call at 2s"},
		{"1s..x send 1 2", `1:5: found "x"`},
		{"5s send 1 2\n\n4s send 1 2", "3:1: found 4s after 5s (line 1)"},
		{"0s advance 5s\n4s send 1 2", "2:1: found 4s after 5s (line 1)"},
		{"0s", "1:3: found nothing after the time"},
		{"0s sned 1 2", `1:4: found "sned", expected a verb: send, withdraw, accept, ignore, report, `},
		{"0s sned 1 2", `outside, did you mean send?`},
		{"0s send 1", "1:10: found the end of the line, expected two members after \"send\""},
		{"0s send 0 2", `1:9: found "0", expected the number of a member, 1 to 4294967295`},
		{"0s send 1 4294967296", `1:11: found "4294967296"`},
		{"0s send 1 10000001", "1:11: found member 10000001 without a header line"},
		{"0s send 1 2 note=0", "1:13: found \"note=0\", expected the length"},
		{"0s send 1 2 note=65536", "1 to 65535"},
		{"0s send 1 2 note note", "expected it once"},
		{"0s send 1 2 page=1 event=1", "exclude each other"},
		{"0s send 1 2 page=", "expected page=N"},
		{"0s send 1 2 emial", "did you mean email?"},
		{"0s send 1 2 key=", "expected a key"},
		{"0s send 1 2 key=a\"b\"", "expected a key"},
		{"0s send 1 2 key=\"a b", "1:17: found a quote that is not closed"},
		{"0s accept 1 2 note", "expected one of page=N, event=N"},
		{"0s block 1 2 page=1", "1:14: found \"page=1\", expected the end of the line"},
		{"0s inbound 1", "1:13: found \"\", expected one of anyone, email, nobody"},
		{"0s inbound 1 nobdy", "did you mean nobody?"},
		{"0s send 1 2 ->", "1:15: found nothing after `->`"},
		{"0s send 1 2 -> snet", `1:16: found "snet", expected an outcome such as sent, did you mean sent?`},
		{"0s send 1 2 -> cooldown untl=5s", `1:25: found "untl=5s"`},
		{"0s send 1 2 -> cooldown until=5", "1:31: duration \"5\" has no unit"},
		{"0s send 1 2 -> cooldown until=5s until=5s", "each once"},
		{"0s sent 1 -> 2", `found "2", expected a peer such as 2:pending`},
		{"0s sent 1 -> 2:pending -", `found "-"`},
		{"0s received 1 -> 2:again,again", "expected a peer such as 1"},
		{"0s relation 1 2 -> friends", "expected one of none, connected"},
		{"0s relation 1 2 -> none none", "1:25: found \"none\", expected the end"},
		{"0s connections 1 -> few", "expected a number"},
		{"0s quota 1 -> used=5", "expected two numbers"},
		{"0s quota 1 -> usde=5/5", "expected used=N/N"},
		{"0s notices 1 -> told:2", "expected a notice"},
		{"0s connect 1 2 -> sent", "found an answer to \"connect\""},
		{"0s..1s connect 1 2", "expected one: it takes no time"},
		{"3s send 1 2 -> sent at=5s", "1:24: found a decision at 5s, expected it at 3s, when it was called and answered"},
		{"3s..4s send 1 2 -> sent until=9s at=5s", "1:37: found a decision at 5s, expected it between the call at 3s and the answer at 4s"},
		{"3s..4s send 1 2 -> sent at=2s", "expected it between the call at 3s and the answer at 4s"},
		{"3s..4s quota 1 -> used=1/2 at=2s", "1:31: found a decision at 2s"},
		{"3s..9s send 1 2\n2s..9s send 1 3", "2:1: found 2s after 3s (line 1), expected lines in order of their times"},
		{"members 2\nconnect 1 3", "2:11: found member 3, expected one of the 2 members"},
		{"members 2\noutside 3 1", "expected one of the 2 members"},
		{"opened 1 1s", "expected a time up to that of the line"},
		{"opened 1", "1:9: a duration is missing"},
		{"outside 1 many", "expected the number of connections"},
		{"advance -1s", "expected a duration that ends"},
		{"0s advance 65y", "expected a duration that ends"},
		{"0s policy", "1:10: found nothing after \"policy\""},
		{"0s policy expirey=1d", "did you mean expiry?"},
		{"0s send 1 2\nséd é", `2:1: found "séd"`},
		{"0s send 1 2 # é\n0s policy default é=é", `2:19: unknown setting "é"`},
	} {
		tr, mistakes := Parse(strings.NewReader(c.text), "f")
		var all []string
		for _, m := range mistakes {
			all = append(all, m.Error())
		}
		if tr != nil || !strings.Contains(strings.Join(all, "\n"), c.want) {
			t.Errorf("%q: %q, want %q", c.text, all, c.want)
		}
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	_, mistakes := Parse(strings.NewReader("policy x y=1\nmembers 0\n0s sned 1 2\n0s send 1\n"), "f")
	var at []string
	for _, m := range mistakes {
		at = append(at, fmt.Sprintf("%d:%d", m.Line, m.Column))
	}
	if want := []string{"1:8", "1:10", "2:9", "3:4", "4:10"}; !reflect.DeepEqual(at, want) {
		t.Errorf("mistakes at %v, want %v", at, want)
	}
	_, mistakes = Parse(strings.NewReader(strings.Repeat("x\n", 1000)), "f")
	if last := mistakes[len(mistakes)-1]; len(mistakes) != mostMistakes+1 || !strings.Contains(last.Message, "more than 100") {
		t.Errorf("%d mistakes, the last is %v", len(mistakes), last)
	}
}

// endless is a line without an end; it fails the test when it is read on for long.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read += len(p); e.read > 2*longestLine {
		panic("read on after the longest line")
	}
	for i := range p {
		p[i] = '5'
	}
	return len(p), nil
}

func TestEndlessLineIsAMistakeAtOnce(t *testing.T) {
	_, mistakes := Parse(&endless{}, "f")
	if len(mistakes) != 1 || !strings.Contains(mistakes[0].Error(), "f:1:1: the line is longer than 1048576 bytes") {
		t.Errorf("got %v", mistakes)
	}
	long := "0s send 1 2 #" + strings.Repeat("x", longestLine-100) + "\n0s send 1 2"
	if tr := parse(t, long); len(tr.Lines) != 2 {
		t.Errorf("%d lines, want 2", len(tr.Lines))
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("is a directory") }

func TestReadErrorsAreMistakes(t *testing.T) {
	_, mistakes := Parse(io.MultiReader(strings.NewReader("0s send 1 2\n"), broken{}), "f")
	if len(mistakes) != 1 || mistakes[0].Error() != "f:2:1: is a directory" {
		t.Errorf("got %v", mistakes)
	}
}

func TestLineEnds(t *testing.T) {
	if tr := parse(t, "\ufeffpolicy default\r\n0s send 1 2 -> sent\r\n1s\tsend 1 3"); len(tr.Lines) != 2 || tr.Lines[1].Call != time.Second {
		t.Errorf("lines %+v", tr.Lines)
	}
}

func TestPolicies(t *testing.T) {
	tr := parse(t, "policy clean-slate\n0s policy expiry=1d\n1s policy expiry=2d reminders=[1d]\n2s policy unlimited")
	list, err := tr.Policies()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range list {
		expiry, _ := list[i].Get("expiry")
		reminders, _ := list[i].Get("reminders")
		got = append(got, list[i].Name+" "+expiry+" "+reminders)
	}
	want := []string{"clean-slate never []", "clean-slate 1d []", `clean-slate 2d ["1d"]`, `unlimited never ["7d","21d"]`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestShrink(t *testing.T) {
	var text strings.Builder
	for i := range 500 {
		fmt.Fprintf(&text, "%ds send %d %d\n", i, i+1, i+2)
	}
	tr := parse(t, text.String())
	calls := 0
	fails := func(c *Trace) bool {
		calls++
		var found []int
		for _, line := range c.Lines {
			if n := line.Number; n == 17 || n == 300 || n == 301 {
				found = append(found, n)
			}
		}
		return reflect.DeepEqual(found, []int{17, 300, 301})
	}
	short := Shrink(tr, fails)
	if len(short.Lines) != 3 || !fails(short) || len(tr.Lines) != 500 {
		t.Errorf("%d lines left of %d:\n%s", len(short.Lines), len(tr.Lines), short)
	}
	if calls > 200 {
		t.Errorf("%d trials for three lines of 500", calls)
	}
	if same := Shrink(tr, func(*Trace) bool { return false }); same != tr {
		t.Error("a trace that does not fail was changed")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(everything)
	f.Add("1s..1000000731ns accept 1 2 -> connected at=1s\n1000000002ns..1500us4ns withdraw 2 1 -> already_accepted until=none at=1s\n")
	f.Add("2s5us..4s sent 1 -> 2:pending at=2026-01-05T00:00:03Z\n2s6us..3s9ns notices 2 -> -\n")
	f.Add("policy default reminders=[\"1d\"]\n5s..6s send 1 2 key=\"\\x00\" -> sent\n")
	f.Fuzz(func(t *testing.T, text string) {
		first, mistakes := Parse(strings.NewReader(text), "f")
		if (first == nil) != (len(mistakes) > 0) {
			t.Fatalf("trace %v with mistakes %v", first, mistakes)
		}
		if first == nil {
			return
		}
		printed := first.String()
		second, mistakes := Parse(strings.NewReader(printed), "f")
		if second == nil {
			t.Fatalf("%q prints %q: %v", text, printed, mistakes)
		}
		if again := second.String(); again != printed || !reflect.DeepEqual(withoutNumbers(first), withoutNumbers(second)) {
			t.Fatalf("%q prints %q, then %q", text, printed, again)
		}
	})
}

// BenchmarkParse reads traffic of the size of a recorded half year.
func BenchmarkParse(b *testing.B) {
	var text strings.Builder
	for i := range 20_300 {
		fmt.Fprintf(&text, "%dd%dm%ds send %d %d\n", i/200, i%200, i%7, i%1900+1, i%1899+1)
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if tr, mistakes := Parse(strings.NewReader(text.String()), "b"); tr == nil {
			b.Fatal(mistakes)
		}
	}
}

// A later policy that does not fit the one in force before it, as when another has taken the place of the header's, is told with
// line and column.
func TestMistakeOfALaterPolicy(t *testing.T) {
	recorded := parse(t, "policy default\n0s send 1 2\n1d policy weekly_limit.dynamic.max=60\n")
	recorded.Policy.WeeklyLimit.Dynamic.Min = 100
	var wrong Mistake
	if _, err := recorded.Policies(); !errors.As(err, &wrong) || wrong.Line != 3 || wrong.Column != 1 || !strings.Contains(wrong.Found, "1d policy") {
		t.Errorf("found %v, expected a mistake of line 3", err)
	}
}
