package scenarios

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
)

// sort is what a value of the language is made of.
type sort uint8

const (
	words       sort = iota // text that matches a pattern, or one of some words
	count                   // whole number
	number                  // decimal number
	object                  // map with the keys of the language
	table                   // map with keys of the user's
	sequence                // list
	alternative             // any of several
	policyMap               // settings of a policy
)

// shape is one kind of value: what the reader checks keys against, and what the JSON Schema is made of.
type shape struct {
	sort    sort
	name    string // what LANGUAGE.md calls such a value; empty where sort and choices tell
	expect  string // for messages about a value that is missing
	pattern string // words: regular expression
	choices []string
	least   json.Number // count, number
	most    json.Number
	fields  []field  // object
	item    *shape   // table, sequence
	named   string   // table: regular expression of its keys; empty for any
	length  int      // sequence: how many items; 0 for any
	either  []*shape // alternative
}

// called gives a new shape the name that LANGUAGE.md calls it by.
func (s *shape) called(name string) *shape {
	s.name = name
	return s
}

// field is one key of an object.
type field struct {
	name      string
	value     *shape
	required  bool
	otherwise string // what holds where it is not given: a value between backquotes, or words; empty for nothing
	doc       string
}

// description is what the schema says of the field.
func (f *field) description() string {
	if f.otherwise == "" {
		return f.doc
	}
	return f.doc + ". Unless given: " + strings.ReplaceAll(f.otherwise, "`", "")
}

// names returns the keys of an object, or the words of a choice.
func (s *shape) names() []string {
	var names []string
	for _, f := range s.fields {
		names = append(names, f.name)
	}
	return append(names, s.choices...)
}

// below returns the path of a key in the one field of an object that holds a key of that name; nothing where none does, or several do.
func (s *shape) below(key string) string {
	path := ""
	for _, f := range s.fields {
		switch {
		case f.value.sort != object || !slices.Contains(f.value.names(), key):
		case path != "":
			return ""
		default:
			path = f.name + "." + key
		}
	}
	return path
}

func must(name string, value *shape, doc string) field { return field{name, value, true, "", doc} }
func may(name string, value *shape, doc string) field  { return field{name, value, false, "", doc} }

// or is a key that stands for something where it is not given, too.
func or(otherwise, name string, value *shape, doc string) field {
	return field{name, value, false, otherwise, doc}
}

func matching(expect, pattern string) *shape {
	return &shape{sort: words, expect: expect, pattern: pattern}
}

func choice(names ...string) *shape {
	return &shape{sort: words, expect: oneOf(names), choices: names}
}

func mapOf(item *shape, expect string) *shape {
	return &shape{sort: table, item: item, expect: expect}
}

func eitherOf(either ...*shape) *shape {
	return &shape{sort: alternative, either: either, expect: either[0].expect}
}

func objectOf(expect string, fields ...field) *shape {
	return &shape{sort: object, fields: fields, expect: expect}
}

// The patterns are for editors; the reader says more exactly what is wrong.
const (
	patternDuration = `^[-+]?(0|([0-9][0-9_]*(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d|w|y))+)$`
	patternWindow   = `^ *(0|([0-9][0-9_]*(\.[0-9]+)?(s|m|h|d|w|y))+) *\.\. *([0-9][0-9_]*(\.[0-9]+)?(s|m|h|d|w|y))+ *$`
	patternShare    = `^(0|[0-9][0-9_.]*(e-[0-9]+)? *%)$`
	patternRate     = `^[0-9][0-9_.]*(e-?[0-9]+)? */ *(s|second|m|min|minute|h|hour|d|day|w|week|y|year)$`
	patternDate     = `^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt].*)?$`
	patternChoose   = `^(uniform|zipf *\(.*\)|circle *\(.*\))$`
	patternRefused  = `^(give_up|wait|retry *\(.*\))$`
)

func nameShape() *shape { return matching(expectName, patternName).called("name") }
func freeText() *shape  { return matching("text", "").called("text") }
func rateShape() *shape { return matching(expectRate, patternRate).called("rate") }
func dateShape() *shape { return matching(expectDate, patternDate).called("date") }
func zero() *shape      { return matching("0", "^0$") }

func share() *shape { return eitherOf(matching(expectShare, patternShare), zero()).called("share") }

// timespan is a duration, which may be 0; lasting is one that may not.
func timespan() *shape {
	return eitherOf(matching(expectDuration, patternDuration), zero()).called("duration")
}

func lasting() *shape {
	return matching(expectDuration, patternDuration).called("duration above 0")
}

func policyShape() *shape {
	return eitherOf(freeText(), &shape{sort: policyMap}).called("name of a policy, or map of [settings](#policy)")
}

// countFrom is a whole number between two ends, which belong to it; numberFrom is a decimal one.
func countFrom(least, most uint64) *shape {
	s := &shape{sort: count, expect: expectCount}
	s.least, s.most = json.Number(strconv.FormatUint(least, 10)), json.Number(strconv.FormatUint(most, 10))
	return s
}

func numberFrom(least, most float64) *shape {
	s := &shape{sort: number, expect: expectNumber}
	s.least, s.most = json.Number(strconv.FormatFloat(least, 'f', -1, 64)), json.Number(strconv.FormatFloat(most, 'f', -1, 64))
	return s
}

func distributionOf(dim dimension) *shape {
	call := matching(dim.example(), `^(`+strings.Join(lawNames(dim), "|")+`) *\(.*\)$`)
	plain := eitherOf(numberFrom(0, mostAmount), call).called("distribution of numbers")
	if dim == duration {
		plain = eitherOf(call, timespan()).called("distribution of durations")
	}
	plain.expect = dim.example()
	return plain
}

// scenarioShape is the whole language.
func scenarioShape() *shape {
	return objectOf("a scenario",
		must("scenario", nameShape(), "Name of the scenario, and of the directory of its results"),
		may("purpose", freeText(), "The question that the scenario answers, in one line"),
		may("extends", freeText().called("file, or name of a shipped scenario"), "Another scenario that this one changes; null takes a field away"),
		or("`1`", "seed", countFrom(0, math.MaxUint64), "Number that all chance is derived from"),
		or("`2026-01-05`", "start", dateShape(), "Date on which the run starts, UTC; a Monday begins a week"),
		must("duration", lasting(), "How long the run lasts, in the time of the people"),
		or("`0s`", "warmup", timespan(), "How much of the run is left out of every figure, at its start; less than the duration"),
		or("1h up to 4w of duration, 6h up to 26w, else 1d", "series", objectOf("{step: 1h}", must("step", lasting(), "Length of a step of the time series, of which the duration has at most 200_000")), "The time series"),
		or("`default`", "policy", policyShape(), "Name of a policy, or settings laid over the one that `extends` names, or else over default"),
		must("members", &shape{sort: table, item: populationShape(), named: patternPopulationName, expect: "populations of members by name"},
			"The people: populations by name, of up to 24 letters, digits, `-` and `_`"),
		may("events", &shape{sort: sequence, item: eventShape()}, "What happens to everybody at some instant"),
		may("load", loadShape(), "How a run by the wall clock drives the system"),
		may("thresholds", &shape{sort: sequence, item: thresholdShape()}, "Conditions on the result; one that does not hold fails the run"),
	)
}

// laterKeys are the keys that the language will have and that nothing can run yet.
func laterKeys() []string { return []string{"deployment", "sweep"} }

func populationShape() *shape {
	return objectOf("a population",
		must("count", countFrom(1, maxMembers), "How many members; all populations together have at most as many"),
		or("`0s`", "zone", timespan().called("duration, -24h to 24h"), "Local time minus UTC, such as -5h"),
		may("start_with", startShape(), "What members have when the run starts"),
		may("send", sendShape(), "When, to whom and how members send invitations"),
		may("respond", respondShape(), "What members do with invitations that they receive"),
		may("withdraw", withdrawShape(), "Own invitations that members withdraw"),
		may("resend", afterShape("Share of own withdraws and expiries"), "Sending again to the same person"),
		may("remove", afterShape("Share of the connections made in the run, of which each side decides half: for each one a coin says whose habit counts"), "Removing connections"),
		may("unblock", unblockShape(), "Undoing blocks"),
		may("leave", leaveShape(), "Closing the account"),
		may("look", lookShape(), "Reading the own lists"),
	)
}

func startShape() *shape {
	return objectOf("a map",
		or("`0`", "connections", distributionOf(amount), "Connections to people outside the scenario; what is drawn is rounded to the nearest whole number"),
		or("`0s`", "account_age", distributionOf(duration), "How long ago the account was opened"),
		or("`{anyone: 100%}`", "inbound", inboundShape(), "Whose invitations members take"),
	)
}

func inboundShape() *shape {
	return objectOf("shares that add up to 100%",
		may("anyone", share(), "Share of members who take anyone's invitations"),
		may("email", share(), "Share of members who take those of senders who know their e-mail address"),
		may("nobody", share(), "Share of members who take none"),
	)
}

func kindsShape() *shape {
	return objectOf("shares that add up to 100%",
		may("connect", share(), "Share of sends that ask for a connection"),
		may("page", share(), "Share of sends that invite to a page"),
		may("event", share(), "Share of sends that invite to an event"),
	)
}

func sendShape() *shape {
	return objectOf("a map",
		may("rate", rateShape(), "Invitations per member, a Poisson process"),
		may("sittings", sittingsShape(), "Instead of a rate: sends on a timetable"),
		or("`1`", "spread", distributionOf(amount), "Factor on the rate, drawn once for each member"),
		or("`always`", "pattern", eitherOf(choice(patternNames()...), weightsShape()), "Hours at which members are active: they shape the rates of sending and of looking"),
		or("the population itself, where it is the only one", "to", mapOf(share(), "shares of the populations, such as {casual: 100%}"), "Share of sends to each population, 100% together; who thinks of somebody else draws the population anew too"),
		or("`uniform`", "choose", matching(expectChoose, patternChoose).called("`uniform`, `zipf(s)` or `circle(n)`"), "Which member of a population. circle(n) of another population counts from the same place in that"),
		may("note", share(), "Share of sends with a note"),
		may("email", share(), "Share of sends that carry the recipient's e-mail address"),
		or("`{connect: 100%}`", "kinds", kindsShape(), "Share of sends of each kind"),
		or("`give_up`", "when_refused", matching(expectRefused, patternRefused).called("`give_up`, `wait` or `retry(delay, times)`"), "What members do about a limit that refuses them. With wait, a resend that is due while its sender waits is dropped"),
	)
}

func sittingsShape() *shape {
	return objectOf("a timetable such as {every: 7d, at: 9h, size: 120, gap: 20s}",
		must("every", lasting(), "A sitting starts at each multiple of this, …"),
		or("`0s`", "at", distributionOf(duration), "… plus this, in local time. One drawn longer than the period starts after the next"),
		must("size", distributionOf(amount), "Sends in a sitting; what is drawn is rounded to the nearest whole number"),
		must("gap", distributionOf(duration), "Time from one send of a sitting to the next"),
	)
}

func weightsShape() *shape {
	list := func(length int) *shape {
		return &shape{sort: sequence, item: numberFrom(0, mostWeight), length: length}
	}
	return objectOf("{hours: [24 weights], days: [7 weights]}",
		or("all alike", "hours", list(24), "Weight of each hour of the day, from 0 h, in local time"),
		or("all alike", "days", list(7), "Weight of each day of the week, from Monday"),
	)
}

func answersFields() []field {
	return []field{
		may("accept", share(), "Share of the invitations received that are accepted"),
		may("ignore", share(), "Share that is ignored"),
		may("report", share(), "Share that is reported: sender not known"),
		may("block", share(), "Share whose sender is blocked; the rest is never answered"),
	}
}

func answersShape() *shape { return objectOf("answers such as {accept: 30%}", answersFields()...) }

func respondShape() *shape {
	fields := append([]field{must("delay", distributionOf(duration), "Time from the instant at which the list shows the invitation to the answer; to the second, and 1s at least")}, answersFields()...)
	return objectOf("a map", append(fields,
		may("from", mapOf(answersShape(), "answers by population"), "Other shares for invitations from some populations, in the place of all four"),
		or("`1`", "again", numberFrom(0, mostAgain), "Factor on accept where the list shows an earlier request. Above 1 it takes from those who would not answer"),
		may("reconsider", afterShape("Share of the invitations ignored"), "Accepting after all what was ignored: the command is given whether the invitation is still there or not"),
		may("report_again", afterShape("Share of the invitations reported"), "Reporting the same invitation once more"),
	)...)
}

func withdrawShape() *shape {
	return objectOf("a map",
		may("mistakes", afterShape("Share of own invitations"), "Withdrawing soon after the send"),
		may("tidy", tidyShape(), "Withdrawing old invitations, oldest first"),
	)
}

func tidyShape() *shape {
	return objectOf("a map such as {every: 30d}",
		may("every", lasting(), "Time from one tidying to the next; the first is at an instant drawn for each member"),
		or("`false`", "when_capped", choice("true", "false"), "Tidying when the pending cap refuses a send"),
		or("`14d`", "older_than", timespan(), "Age from which invitations are withdrawn"),
		or("`20`", "at_most", countFrom(0, math.MaxUint32), "How many at a time"),
		or("`30s`", "gap", timespan(), "Time from one withdraw to the next"),
	)
}

func afterShape(of string) *shape {
	return objectOf("a map such as {share: 10%, after: exponential(mean 3d)}", must("share", share(), of),
		must("after", distributionOf(duration), "How much later"))
}

func unblockShape() *shape {
	s := afterShape("Share of the blocks")
	s.fields = append(s.fields, may("again", afterShape("Share of the blocks undone"),
		"Blocking the same person once more, so long after the unblock to the second: the length of `block.reblock_after` is the end of that wait"))
	return s
}

func leaveShape() *shape {
	s := afterShape("Share of the members")
	s.fields = append(s.fields, may("back", afterShape("Share of those who left"), "Opening the account again"))
	return s
}

func lookShape() *shape {
	return objectOf("a map such as {received: 5/week}",
		may("received", rateShape(), "Reads of the list of invitations received"),
		may("sent", rateShape(), "Reads of the list of invitations sent"),
	)
}

func eventShape() *shape {
	members := eitherOf(freeText(), &shape{sort: sequence, item: freeText()}).called("population, list of them, or `all`")
	return objectOf("an event",
		must("at", timespan(), "When it begins"),
		may("for", lasting(), "How long the factor holds"),
		may("factor", numberFrom(0, maxFactor), "Factor on a rate"),
		may("of", choice(rateNames()...), "Which rate; sittings have none"),
		or("`all`", "members", members, "One population, a list of them, or all"),
		may("change_policy", policyShape(), "Name of a policy, or settings laid over the policy in force before"),
	)
}

func thresholdShape() *shape {
	return eitherOf(matching(expectThreshold, "").called("condition"), objectOf("a threshold",
		must("that", matching(expectThreshold, "").called("condition"), "The condition; ` with 95%` behind it asks for the whole interval over replicas"),
		or("all behind the warm-up", "over", matching(expectWindow, patternWindow).called("window, such as `2w..4w`"), "The part of the run that is measured for it"),
		or("`fail`", "severity", choice("fail", "warn"), "What a condition that does not hold does"),
		or("`fail`", "no_data", choice("fail", "pass"), "What a figure without a sample does"),
		or("`false`", "abort", choice("true", "false"), "Whether a run stops when the condition can no longer hold"),
	))
}
