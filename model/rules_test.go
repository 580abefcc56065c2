package model_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"invitesim/model"
	"invitesim/model/check"
	"invitesim/model/oracle"
	"invitesim/model/store"
	"invitesim/model/trace"
)

// families are the numbers that RULES.md has to account for, besides the readings: how many of each begin with what.
var families = []struct {
	format string
	count  int
}{{"S0-%02d", 46}, {"S1-%02d", 39}, {"S2-%02d", 57}, {"S3-%02d", 19}, {"C%02d", 30}, {"R%02d", 64}}

var (
	rowPattern     = regexp.MustCompile(`(?m)^\| *((?:S[0-3]-|[A-Z])\d\d) *\|(.*)\|(.*)\|$`)
	tracePattern   = regexp.MustCompile("`([^`]*\\.trace)`")
	numberPattern  = regexp.MustCompile(`\b(?:S\d-\d+|[CRL]\d\d)\b`)
	listPattern    = regexp.MustCompile("^`[a-z0-9-]+\\.trace`(, `[a-z0-9-]+\\.trace`)*(, `Test[A-Za-z]+/R\\d\\d`)?$")
	racePattern    = regexp.MustCompile("`(Test[A-Za-z]+)/(R\\d\\d)`")
	testPattern    = regexp.MustCompile(`(?m)^func (Test[A-Za-z]+)\(`)
	fieldPattern   = regexp.MustCompile("^scenario: `members\\.NAME\\.(send|respond|withdraw|resend|remove|unblock|leave|look)(\\.[a-z_]+)*`$")
	goTestPattern  = regexp.MustCompile("^`(Test[A-Za-z]+)` of `model[a-z/]*`$")
	outsidePattern = regexp.MustCompile(`^out of scope: \S+( \S+)+$`)
)

// TestEveryRuleIsAccountedFor holds the tables of RULES.md against the numbers that there are, the traces, and the races of the store.
func TestEveryRuleIsAccountedFor(t *testing.T) {
	for _, problem := range problems(rulesPage(t), comments(t), storeTests(t)) {
		t.Error(problem)
	}
}

// problems returns what is wrong with a rules page, given the comments of each trace by the name of its file, and the text of the
// store's tests.
func problems(page string, comments map[string]string, tests string) []string {
	var found []string
	rows := map[string]int{}
	readings := 0
	for _, row := range rowPattern.FindAllStringSubmatch(page, -1) {
		number, rule, how := row[1], strings.TrimSpace(row[2]), strings.TrimSpace(row[3])
		rows[number]++
		if number[0] == 'L' {
			readings++
		}
		if rule == "" {
			found = append(found, number+" has no words")
		}
		found = append(found, wrongAccount(number, how, comments, tests)...)
		found = append(found, wrongRace(number, how, tests)...)
	}
	expected := expectedNumbers(readings)
	for _, number := range expected {
		if rows[number] != 1 {
			found = append(found, fmt.Sprintf("%s stands in %d rows, expected one", number, rows[number]))
		}
		delete(rows, number)
	}
	for number := range rows {
		found = append(found, number+" is no rule, race or reading")
	}
	for name, text := range comments {
		for _, number := range numberPattern.FindAllString(text, -1) {
			if !slices.Contains(expected, number) {
				found = append(found, fmt.Sprintf("%s mentions %s, which is no rule, race or reading", name, number))
			}
		}
	}
	slices.Sort(found)
	return found
}

// wrongAccount returns what is wrong with the last cell of a row. A reading always names a trace or, where none can show it, a Go test.
func wrongAccount(number, how string, comments map[string]string, tests string) []string {
	if test := goTestPattern.FindStringSubmatch(how); number[0] == 'L' && test != nil {
		if !slices.ContainsFunc(testPattern.FindAllStringSubmatch(tests, -1), func(there []string) bool { return there[1] == test[1] }) {
			return []string{fmt.Sprintf("%s names %s, which does not exist", number, test[1])}
		}
		return nil
	}
	if number[0] != 'L' && (fieldPattern.MatchString(how) || outsidePattern.MatchString(how)) {
		return nil
	}
	if !listPattern.MatchString(how) {
		return []string{fmt.Sprintf("%s has the account %q, expected traces, a scenario field or a reason", number, how)}
	}
	var found []string
	for _, name := range tracePattern.FindAllStringSubmatch(how, -1) {
		text, exists := comments[name[1]]
		switch {
		case !exists:
			found = append(found, fmt.Sprintf("%s names %s, which does not exist", number, name[1]))
		case !slices.Contains(numberPattern.FindAllString(text, -1), number):
			found = append(found, fmt.Sprintf("%s names %s, whose comments do not mention it", number, name[1]))
		}
	}
	return found
}

// wrongRace returns what is wrong with the Go test that a row names: it must exist, and have a case that begins with the
// row's number. A race that has one must be named.
func wrongRace(number, how, tests string) []string {
	raced := regexp.MustCompile(`name: +"(R\d\d )*` + number + " ").MatchString(tests)
	name := racePattern.FindStringSubmatch(how)
	switch {
	case name == nil && raced:
		return []string{number + " has a race in the store's tests and does not name it"}
	case name == nil:
		return nil
	case name[2] != number:
		return []string{fmt.Sprintf("%s names the race %s", number, name[2])}
	case !raced || !slices.ContainsFunc(testPattern.FindAllStringSubmatch(tests, -1), func(test []string) bool { return test[1] == name[1] }):
		return []string{fmt.Sprintf("%s names %s/%s, which does not exist", number, name[1], name[2])}
	}
	return nil
}

func expectedNumbers(readings int) []string {
	var numbers []string
	for _, family := range families {
		for i := range family.count {
			numbers = append(numbers, fmt.Sprintf(family.format, i+1))
		}
	}
	for i := range readings {
		numbers = append(numbers, fmt.Sprintf("L%02d", i+1))
	}
	return numbers
}

// TestProblemsAreFound breaks the rules page in each way that the test above is there for.
func TestProblemsAreFound(t *testing.T) {
	page, texts, tests := rulesPage(t), comments(t), storeTests(t)
	row := rowPattern.FindString(page[strings.Index(page, "| S1-17 |"):])
	for _, broken := range []struct{ name, page, expected string }{
		{"missing", strings.Replace(page, row, "", 1), "S1-17 stands in 0 rows, expected one"},
		{"doubled", page + "\n" + row + "\n", "S1-17 stands in 2 rows, expected one"},
		{"unknown", page + "\n| S1-40 | words | `weekly-limit.trace` |\n", "S1-40 is no rule, race or reading"},
		{"no trace", strings.Replace(page, row, "| S1-17 | words | `no-such.trace` |", 1), "S1-17 names no-such.trace, which does not exist"},
		{"unmentioned", strings.Replace(page, row, "| S1-17 | words | `oneself.trace` |", 1), "S1-17 names oneself.trace, whose comments do not mention it"},
		{"no account", strings.Replace(page, row, "| S1-17 | words | soon |", 1), `S1-17 has the account "soon", expected traces, a scenario field or a reason`},
		{"no race", strings.Replace(page, "`TestRaces/R01`", "`TestNone/R01`", 1), "R01 names TestNone/R01, which does not exist"},
		{"another race", strings.Replace(page, "`TestRaces/R01`", "`TestRaces/R02`", 1), "R01 names the race R02"},
		{"race not named", strings.Replace(page, ", `TestRaces/R01`", "", 1), "R01 has a race in the store's tests and does not name it"},
		{
			"reading without trace", page + "\n| L99 | words | out of scope: for some reason |\n",
			`L99 has the account "out of scope: for some reason", expected traces, a scenario field or a reason`,
		},
		{"no Go test", strings.Replace(page, "`TestStoreAgainstOracle` of", "`TestNone` of", 1), "L22 names TestNone, which does not exist"},
	} {
		if found := problems(broken.page, texts, tests); !slices.Contains(found, broken.expected) {
			t.Errorf("%s: found %q, expected %q among them", broken.name, found, broken.expected)
		}
	}
	texts["new.trace"] = "# R65"
	if found := problems(page, texts, tests); !slices.Equal(found, []string{"new.trace mentions R65, which is no rule, race or reading"}) {
		t.Errorf("found %q, expected R65 to be unknown", found)
	}
}

// TestTracesHold takes every trace through both readings of the rules: the oracle, and the rules themselves in the store.
func TestTracesHold(t *testing.T) {
	systems := map[string]check.Builder{
		"oracle": func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
			return oracle.New(members, calendar, seed, policies[0]), nil
		},
		"store": func(members uint32, calendar model.Calendar, seed uint64, policies []model.Policy) (check.System, error) {
			return store.New(t.Context(), store.Options{Members: members, Calendar: calendar, Seed: seed, Policies: policies, Notices: true})
		},
	}
	for name, file := range readTraces(t) {
		for system, build := range systems {
			t.Run(name+"/"+system, func(t *testing.T) {
				_, violation, err := check.Run(t.Context(), file, build)
				if err != nil {
					t.Fatal(err)
				}
				if violation != nil {
					t.Error(violation)
				}
			})
		}
	}
}

// TestTracesSayEverything looks for every outcome, verb, setting and answer of a query in at least one trace, and for the
// answer of every line.
func TestTracesSayEverything(t *testing.T) {
	seen := map[string]bool{}
	for name, file := range readTraces(t) {
		for _, difference := range model.DiffPolicies(&file.Policy, defaultPolicy()) {
			seen["setting "+difference.Path] = true
		}
		for i := range file.Lines {
			noteLine(t, name, &file.Lines[i], seen)
		}
	}
	for _, expected := range everything() {
		if !seen[expected] {
			t.Errorf("no trace has the %s", expected)
		}
	}
}

// noteLine notes what a line shows. A setting counts where a trace names it, be it to give it its usual value.
func noteLine(t *testing.T, name string, line *trace.Line, seen map[string]bool) {
	for _, setting := range line.Settings {
		seen["setting "+setting.Path] = true
	}
	if line.Kind != trace.Command && line.Kind != trace.Query {
		return
	}
	if line.Given == nil {
		t.Errorf("%s:%d: %s has no answer, expected one on every line", name, line.Number, line.Command.Verb)
		return
	}
	verb := line.Command.Verb
	seen["verb "+verb.String()] = true
	if line.Kind == trace.Command {
		seen["outcome "+line.Given.Outcome.String()] = true
		seen[verb.String()+" "+line.Given.Outcome.String()] = true
	}
	for _, word := range line.Given.Reply {
		head, _, _ := strings.Cut(word, ":")
		seen[verb.String()+" "+head] = true
	}
}

// answers are the outcomes that each command can have, in the words of traces.
var answers = map[model.Verb]string{
	model.Send: "sent connected invalid account_closed unavailable already_connected already_pending cooldown not_allowed " +
		"sender_full recipient_full restricted rate_limited pending_capped note_quota key_reused",
	model.Withdraw:   "withdrawn invalid account_closed already_accepted already_withdrawn not_found",
	model.Accept:     "connected accepted invalid account_closed already_connected full peer_full not_available",
	model.Ignore:     "ignored invalid account_closed already_connected not_available",
	model.Report:     "reported invalid account_closed already_connected not_available",
	model.Block:      "blocked invalid account_closed already_blocked too_soon",
	model.Unblock:    "unblocked invalid account_closed not_blocked irreversible",
	model.Remove:     "removed invalid account_closed not_connected",
	model.SetInbound: "set invalid account_closed",
	model.Close:      "closed invalid account_closed",
	model.Reopen:     "reopened invalid",
}

func everything() []string {
	var expected []string
	for verb, outcomes := range answers {
		for _, outcome := range strings.Fields(outcomes) {
			expected = append(expected, verb.String()+" "+outcome)
		}
	}
	for outcome := model.WasSent; outcome < model.Overloaded; outcome++ {
		expected = append(expected, "outcome "+outcome.String())
	}
	for verb := range model.Verbs {
		expected = append(expected, "verb "+model.Verb(verb).String())
	}
	for _, path := range model.SettingPaths() {
		expected = append(expected, "setting "+path)
	}
	for relation := model.NoRelation; relation <= model.Blocked; relation++ {
		expected = append(expected, "relation "+relation.String())
	}
	for notice := model.NoticeInvited; notice <= model.NoticeWithdrawn; notice++ {
		expected = append(expected, "notices "+notice.String())
	}
	for verb := model.QuerySent; int(verb) < model.Verbs; verb++ {
		expected = append(expected, verb.String()+" invalid")
	}
	return expected
}

func defaultPolicy() *model.Policy {
	p := model.Default()
	return &p
}

func rulesPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// storeTests returns the text of the store's tests.
func storeTests(t *testing.T) string {
	t.Helper()
	paths, err := filepath.Glob("store/*_test.go")
	if err != nil || len(paths) == 0 {
		t.Fatalf("found %d tests of the store (%v), expected some", len(paths), err)
	}
	var all strings.Builder
	for _, path := range append(paths, "decide_test.go") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// comments returns the comments of every trace, by the name of its file.
func comments(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for name, file := range readTraces(t) {
		all := append(slices.Clone(file.Remarks), file.Coda...)
		for i := range file.Lines {
			all = append(append(all, file.Lines[i].Remarks...), file.Lines[i].Comment)
		}
		texts[name] = strings.Join(all, "\n")
	}
	return texts
}

// readTraces parses every trace of testdata, by the name of its file.
func readTraces(t *testing.T) map[string]*trace.Trace {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.trace")
	if err != nil || len(paths) == 0 {
		t.Fatalf("found %d traces in testdata (%v), expected many", len(paths), err)
	}
	traces := map[string]*trace.Trace{}
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		parsed, mistakes := trace.Parse(file, filepath.Base(path))
		file.Close()
		for _, mistake := range mistakes {
			t.Error(mistake)
		}
		if parsed != nil {
			traces[filepath.Base(path)] = parsed
		}
	}
	return traces
}
