package model

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// changed holds for every setting a value that the default has not, as it is given and, where that differs, as it prints.
var changed = [][3]string{
	{"weekly_limit.mode", "dynamic"},
	{"weekly_limit.count", "50"},
	{"weekly_limit.period", "14d"},
	{"weekly_limit.window", "bucket"},
	{"weekly_limit.dynamic.min", "10"},
	{"weekly_limit.dynamic.max", "1_000", "1000"},
	{"weekly_limit.dynamic.age", `[["1w","12.5%"]]`, `[["7d","12.5%"]]`},
	{"weekly_limit.dynamic.acceptance.sample", "256"},
	{"weekly_limit.dynamic.acceptance.bands", "[[0.0001%,0%],[100%,1000%]]", `[["0.0001%","0%"],["100%","1000%"]]`},
	{"weekly_limit.dynamic.acceptance.above", "200.25%"},
	{"weekly_limit.dynamic.activity.period", "1w", "7d"},
	{"weekly_limit.dynamic.activity.commands", "3"},
	{"weekly_limit.dynamic.activity.factor", "99%"},
	{"pending_cap.mode", "ratio"},
	{"pending_cap.count", "0"},
	{"pending_cap.refuse_at", "exceeded"},
	{"pending_cap.ratio.older_than", "0", "0s"},
	{"pending_cap.ratio.share", "2.5%"},
	{"pending_cap.ratio.at_least", "1"},
	{"connection_cap", "unlimited", "none"},
	{"expiry", "never"},
	{"resend.cooldown", "1d1h1m1s"},
	{"removal.reinvite", "remover_only"},
	{"removal.cooldown", "1y", "365d"},
	{"cross_invite", "reject"},
	{"ignore.reversible", "false"},
	{"sent_list.keep_withdrawn", "24h", "1d"},
	{"received_list.show_prior", "true"},
	{"views.lag.share", "100%"},
	{"views.lag.min", "24h", "1d"},
	{"views.lag.max", "48h", "2d"},
	{"notify.on_send", "false"},
	{"notify.on_accept", "false"},
	{"notify.on_withdraw", "true"},
	{"notify.recall.in_app", "false"},
	{"notify.recall.email", "true"},
	{"reminders", "[1s, 64y]", `["1s","23360d"]`},
	{"note.max_length", "65535"},
	{"note.per_month", "5"},
	{
		"restrict.on", `[{limit_hits: 3, within: 7d}, {"acceptance_below":"15%","resolved":50},{at_least: 1, old_pending: 80%, older_than: 14d}]`,
		`[{"limit_hits":3,"within":"7d"},{"acceptance_below":"15%","resolved":50},{"old_pending":"80%","older_than":"14d","at_least":1}]`,
	},
	{"restrict.ladder", `["1h","0"]`, `["1h","0s"]`},
	{"block.reversible", "false"},
	{"block.reblock_after", "0s"},
	{"kinds.page.count", "none"},
	{"kinds.page.period", "7d"},
	{"kinds.event.count", "none"},
	{"kinds.event.period", "30d"},
}

func TestEverySettingReadsWhatItPrints(t *testing.T) {
	var paths []string
	for _, c := range changed {
		path, given, printed := c[0], c[1], c[2]
		if printed == "" {
			printed = given
		}
		paths = append(paths, path)
		p := Default()
		if err := p.Set(path, given); err != nil {
			t.Errorf("Set(%s, %s): %v", path, given, err)
			continue
		}
		if got, ok := p.Get(path); !ok || got != printed {
			t.Errorf("%s = %s, %v, want %s", path, got, ok, printed)
		}
		standard := Default()
		diffs := DiffPolicies(&standard, &p)
		if len(diffs) != 1 || diffs[0].Path != path || diffs[0].B != printed {
			t.Errorf("setting %s to %s changes %v", path, given, diffs)
			continue
		}
		again := Default()
		if err := again.Set(path, printed); err != nil || !reflect.DeepEqual(again, p) {
			t.Errorf("%s: reading %s back: %v\n%+v", path, printed, err, again)
		}
		if err := again.Set(path, diffs[0].A); err != nil || !reflect.DeepEqual(again, standard) {
			t.Errorf("%s: setting the default %s again: %v", path, diffs[0].A, err)
		}
	}
	if !slices.Equal(paths, SettingPaths()) {
		t.Errorf("settings\n%v, want\n%v", SettingPaths(), paths)
	}
}

// TestEveryFieldIsASetting changes every field of a policy, by reflection, and looks whether some setting shows it.
func TestEveryFieldIsASetting(t *testing.T) {
	var p Policy
	standard := Policy{}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
			return
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Uint8, reflect.Uint32:
			v.SetUint(1)
		case reflect.Int64:
			v.SetInt(1)
		case reflect.String:
			return
		}
		if len(DiffPolicies(&standard, &p)) != 1 && !strings.HasPrefix(path, ".Restrict.On.") {
			t.Errorf("a change of %s shows in %v", path, DiffPolicies(&standard, &p))
		}
		v.Set(old)
	}
	walk("", reflect.ValueOf(&p).Elem())
}

func TestGroupsSetTheKeysThatTheyGive(t *testing.T) {
	p := Default()
	for _, s := range [][2]string{
		{"pending_cap", `{"mode":"ratio","ratio":{"share":"50%"}}`},
		{"notify", `{recall: {email: true}, on_send: false}`},
		{"kinds.page", "none"},
		{"kinds", `{event: none}`},
	} {
		if err := p.Set(s[0], s[1]); err != nil {
			t.Fatal(err)
		}
	}
	standard := Default()
	var got []string
	for _, d := range DiffPolicies(&standard, &p) {
		got = append(got, d.Path+"="+d.B)
	}
	want := []string{
		"pending_cap.mode=ratio", "pending_cap.ratio.share=50%", "notify.on_send=false", "notify.recall.email=true",
		"kinds.page.count=none", "kinds.event.count=none",
	}
	if !slices.Equal(got, want) {
		t.Errorf("changed %q, want %q", got, want)
	}
}

func TestGroupsReadWhatTheyPrint(t *testing.T) {
	p := Default()
	if got, _ := p.Get("weekly_limit.dynamic"); got != `{"min":50,"max":200,"age":[["30d","50%"],["180d","80%"]],`+
		`"acceptance":{"sample":20,"bands":[["20%","50%"],["40%","75%"],["60%","100%"]],"above":"150%"},`+
		`"activity":{"period":"30d","commands":20,"factor":"120%"}}` {
		t.Errorf("weekly_limit.dynamic = %s", got)
	}
	for _, group := range SettingGroups() {
		text, ok := p.Get(group)
		if !ok || strings.ContainsAny(text, " \t") {
			t.Errorf("%s = %s, %v", group, text, ok)
		}
		again := Default()
		if err := again.Set(group, text); err != nil || !reflect.DeepEqual(again, Default()) {
			t.Errorf("%s: reading %s back: %v", group, text, err)
		}
	}
}

func TestBadSettings(t *testing.T) {
	for _, c := range [][3]string{
		{"weekly_limit.cuont", "1", "did you mean weekly_limit.count?"},
		{"cooldown", "1", "did you mean resend.cooldown?"},
		{"pendingcap", "{}", "did you mean pending_cap?"},
		{"", "1", "unknown setting"},
		{"weekly_limit", "5", "expected a map with some of the keys mode, count, period, window, dynamic"},
		{"weekly_limit", `{"cuont":5,"moed":"fixed"}`, "did you mean weekly_limit.mode?"},
		{"weekly_limit.mode", "fixde", "did you mean fixed?"},
		{"weekly_limit.mode", "[fixed]", "expected one of none, fixed, dynamic"},
		{"weekly_limit.count", "-1", "expected a whole number"},
		{"weekly_limit.count", "1.5", "expected a whole number"},
		{"weekly_limit.count", "none", "expected a whole number"},
		{"weekly_limit.count", "4294967295", "expected 0 to 1000000000"},
		{"weekly_limit.count", "", "a value is missing"},
		{"weekly_limit.period", "0", "found 0, expected 1s to"},
		{"weekly_limit.period", "7", "has no unit"},
		{"weekly_limit.period", "never", "found never"},
		{"weekly_limit.dynamic.acceptance.sample", "257", "expected 1 to 256"},
		{"weekly_limit.dynamic.age", "[[2d,50%],[1d,50%]]", "entry 2: found below 1d after 2d, expected ascending"},
		{"weekly_limit.dynamic.age", "[[2d]]", "expected a pair"},
		{"weekly_limit.dynamic.acceptance.bands", "[[101%,50%]]", "found 101%"},
		{"weekly_limit.dynamic.acceptance.above", "1001%", "expected 0% to 1000%"},
		{"pending_cap.ratio.share", "100.0001%", "expected 0% to 100%"},
		{"pending_cap.ratio.share", "0.5", "expected a percentage"},
		{"pending_cap.ratio.share", "-1%", "expected a percentage"},
		{"pending_cap.ratio.share", "1.%", "expected a percentage"},
		{"pending_cap.ratio.share", "0.00001%", "four digits"},
		{"expiry", "0", "or never"},
		{"expiry", "65y", "found 65y, expected 1s to 64y, or never"},
		{"expiry", "999999999y", "found 999999999y, expected 1s to 64y, or never"},
		{"resend.cooldown", "290y", "found 290y, expected 0s to 64y"},
		{"resend.cooldown", "-1d", "found -1d, expected 0s to 64y"},
		{"expiry", "1500ms", "no whole number of seconds"},
		{"connection_cap", "many", "or none"},
		{"ignore.reversible", "yes", "expected one of true, false"},
		{"reminders", "[7d,7d]", "ascending"},
		{"reminders", "[0]", "expected 1s"},
		{"reminders", "7d", "expected a list"},
		{"reminders", "[7d", "found the end"},
		{"reminders", "[7d]x", "after the end"},
		{"reminders", `["7d]`, "no complete string"},
		{"reminders", strings.Repeat("[", 100), "nested"},
		{"reminders", "[" + strings.Repeat("1d,", 100) + "1d]", "more than 64"},
		{"restrict.on", "[{reports: 5}, {reports: 6}]", "given twice"},
		{"restrict.on", "[{reports: 0}]", "expected 1 or more"},
		{"restrict.on", "[{reprots: 5}]", "did you mean reports?"},
		{"restrict.on", "[{limit_hits: 5}]", "expected the keys limit_hits, within"},
		{"restrict.on", "[{limit_hits: 5, within: 0}]", "within: found 0, expected 1s"},
		{"restrict.on", "[{within: 1d}]", "expected a trigger"},
		{"restrict.on", "[{reports: 5, reports: 5}]", "given twice"},
		{"restrict.on", "[5]", "expected a map"},
	} {
		p := Default()
		err := p.Set(c[0], c[1])
		if err == nil || !strings.Contains(err.Error(), c[2]) {
			t.Errorf("Set(%q, %q): %v, want %q", c[0], c[1], err, c[2])
		}
		if !reflect.DeepEqual(p, Default()) {
			t.Errorf("Set(%q, %q) failed and changed the policy", c[0], c[1])
		}
	}
}

func TestListsNameTheMistakesOfAllEntries(t *testing.T) {
	for _, c := range []struct {
		path, text string
		want       []string
	}{
		{
			"restrict.on", `[{repotrs: 5}, {reports: -1}, {limit_hits: 3}, {acceptance_below: 200%, resolved: 5}, {}, 5, {limit_hits: x, within: y}]`,
			[]string{
				"entry 1: unknown key", `entry 2: reports: found "-1"`, "entry 3: found {", "entry 4: acceptance_below: found 200%", "entry 5: found {}", "entry 6: found 5",
				`entry 7: limit_hits: found "x"`, `entry 7: within: "y" is not a duration`,
			},
		},
		{"restrict.ladder", "[1h, 3, -7d]", []string{`entry 2: duration "3" has no unit`, "entry 3: found -7d, expected 0s to"}},
		{"reminders", "[2d, 1d, 0s]", []string{"entry 2: found 1d after 2d", "entry 3: found 0s, expected 1s"}},
		{"weekly_limit.dynamic.acceptance.bands", "[[120%, 50%], [x, y]]", []string{"entry 1: found 120%", `entry 2: found "x"`, `entry 2: found "y"`}},
	} {
		p := Default()
		err := p.Set(c.path, c.text)
		lines := strings.Split(strings.TrimPrefix(err.Error(), c.path+": "), "\n")
		if !slices.EqualFunc(lines, c.want, strings.HasPrefix) {
			t.Errorf("Set(%s, %s): got %q, want %q", c.path, c.text, lines, c.want)
		}
	}
}

func TestGroupNamesAllMistakes(t *testing.T) {
	p := Default()
	err := p.Set("weekly_limit", `{"count":-1,"period":"0s","mode":"none"}`)
	if err == nil || !strings.Contains(err.Error(), "weekly_limit.count") || !strings.Contains(err.Error(), "weekly_limit.period") {
		t.Errorf("got %v, want both mistakes", err)
	}
}

func TestValidate(t *testing.T) {
	p := Default()
	if err := p.Validate(); err != nil {
		t.Errorf("the default: %v", err)
	}
	p.WeeklyLimit.Dynamic.Min = 201
	p.Views.Lag.Min = 1
	p.Restrict.Ladder = nil
	p.PendingCap.Mode = 9
	p.Expiry = 0
	p.Restrict.On = Triggers{HitsCount: 1, AcceptOver: 1, OldPending: OldPending{AtLeast: 1}}
	err := p.Validate()
	for _, want := range []string{
		"weekly_limit.dynamic: found min 201 above max 200", "views.lag: found min 1s above max 0s",
		"restrict.ladder", "pending_cap.mode: found 9", "expiry: found 0s", "within", "acceptance_below", "old_pending",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"sent", "send", "accept", "accepted"}
	for word, want := range map[string]string{
		"sned": "send", "SEND": "send", "acepted": "accepted", "accpet": "accept", "x": "", "": "", "withdraw": "",
		strings.Repeat("send", 1000): "",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("Nearest(%.20q) = %q, want %q", word, got, want)
		}
	}
}

func FuzzSet(f *testing.F) {
	for _, c := range changed {
		f.Add(c[0], c[1])
	}
	f.Add("pending_cap", `{"mode":"hard","count":50}`)
	f.Add("restrict.on", `[{"reports":"\u0035"}]`)
	f.Fuzz(func(t *testing.T, path, text string) {
		p := Default()
		if p.Set(path, text) != nil {
			return
		}
		for _, s := range SettingPaths() {
			printed, _ := p.Get(s)
			again := p
			if err := again.Set(s, printed); err != nil || !reflect.DeepEqual(p, again) {
				t.Fatalf("%s=%s, then %s=%s: %v", path, text, s, printed, err)
			}
		}
	})
}

func TestEverySettingIsExplained(t *testing.T) {
	for _, path := range SettingPaths() {
		if SettingTakes(path) == "" || SettingDoes(path) == "" {
			t.Errorf("%s takes %q and does %q", path, SettingTakes(path), SettingDoes(path))
		}
	}
	if takes, does := SettingTakes("weekly_limit"), SettingDoes("weekly_limit.cuont"); takes+does != "" {
		t.Errorf("paths of no setting are explained: %q, %q", takes, does)
	}
}
