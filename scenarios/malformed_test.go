package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"invitesim/scenarios"
)

// What is no YAML is reported where the user can mend it, which is often far before the parser gives up, and in the user's words.
func TestSlipsOfForm(t *testing.T) {
	for _, test := range []struct{ name, content, expected string }{
		{
			"a quote without an end", "scenario: example\npurpose: \"an unclosed quote\nduration: 4w\nmembers:\n  casual:\n    count: 100\n",
			"2:10: found a quote that is not closed; expected another \" at the end of the value",
		},
		{
			"an apostrophe without an end", "scenario: example\npurpose: 'an unclosed quote\nduration: 4w\nmembers:\n  casual: {count: 100, send: {rate: 2/week}}\n",
			"2:10: found a quote that is not closed; expected another ' at the end of the value",
		},
		{
			"between two levels", "scenario: example\nduration: 4w\nmembers:\n  casual:\n    count: 100\n    send:\n      rate: 2/week\n     note: 20%\n",
			"8:6: found a line indented by 5 spaces, like nothing above it; expected 0, 2, 4 or 6 spaces",
		},
		{
			"deeper than the key above", "scenario: example\nduration: 4w\nmembers:\n  casual:\n    count: 100\n     send:\n      rate: 2/week\n",
			"6:6: found a line indented by 5 spaces below a key that has a value; expected 4 spaces, as the line above it",
		},
		{
			"deeper than the first key", "scenario: example\nduration: 4w\n members:\n  casual:\n    count: 100\n",
			"3:2: found a line indented by 1 space below a key that has a value; expected 0 spaces, as the line above it",
		},
		{
			"a tab", "scenario: example\nduration: 4w\nmembers:\n  casual:\n    count: 100\n\tsend: {rate: 2/week}\n",
			"6:1: found a tab in the indentation; expected spaces",
		},
		{
			"a tab behind spaces", "scenario: example\nduration:\t4w\nmembers:\n  casual:\n  \tcount: 100\n",
			"5:3: found a tab in the indentation; expected spaces",
		},
		{
			"a bracket of the other kind", "scenario: example\nduration: 4w\nmembers:\n  casual: {count: 100]\n",
			"4:22: found a `]` in a `{…`; expected `,` or `}`",
		},
		{
			"no colon in the first line", "scenario example\nduration: 4w\n",
			"1:1: found a line without `: `; expected a key with its value, such as `duration: 4w`, or `- ` before an item of a list",
		},
		{
			"a brace without an end", "scenario: example\nduration: 4w\nevents:\n- {at: 1w, change_policy: default\n- {at: 2w, change_policy: default}\n",
			"4:3: found a `{` that is not closed; expected a `}` at the end of what it holds",
		},
		{
			"an item indented more", "scenario: example\nduration: 4w\nthresholds:\n  - pending.p99 < 5\n   - pending.p99 < 6\n",
			"5:4: found an item of a list, indented by 3 spaces; expected as many spaces as before the item above it",
		},
		{
			"a key among items", "scenario: example\nduration: 4w\nthresholds:\n  - pending.p99 < 5\n  pending.p99 < 6\n",
			"5:3: found a line without `: `; expected a key with its value, such as `duration: 4w`, or `- ` before an item of a list",
		},
		{
			"a value that begins with @", "scenario: example\npurpose: @home\nduration: 4w\n",
			"2:10: found a value that begins with \"@\"; expected quotes around it",
		},
		{
			"a value that begins with a backtick", "scenario: example\npurpose: `home`\nduration: %4w\n",
			"2:10: found a value that begins with \"`\"; expected quotes around it",
		},
		{
			"a value that begins with *", "scenario: example\npurpose: *what*\nduration: 4w\n",
			"2:10: found an alias, which `*` begins; expected the value itself, in quotes if it begins with `*`",
		},
		{
			"a value that begins with &", "scenario: example\npurpose: &what\nduration: 4w\n",
			"2:10: found the anchor \"&what\"; expected a value, in quotes if it begins with `&`",
		},
		{
			"a value that begins with !", "scenario: example\npurpose: !what\nduration: 4w\n",
			"2:10: found the tag \"!what\"; expected a value without a tag, in quotes if it begins with `!`",
		},
		{
			"a backslash", "scenario: \"exa\\qmple\"\nduration: 4w\n",
			"1:15: found a `\\` in double quotes that stands for nothing; expected `\\\\` for the sign itself, or single quotes around the value",
		},
		{
			"a brace too many", "scenario: example\nduration: 4w\nmembers: {casual: {count: 100}}}\n",
			"3:32: found a `}` that closes nothing; expected none here, or what it closes before it",
		},
		{
			"two colons", "scenario: example\nduration: 4w\nmembers:\n  casual: count: 100\n",
			"4:16: found a second `:` in one line; expected quotes around a value that contains `: `, or {…} around a map",
		},
		{
			"text that goes on further left", "scenario: example\npurpose: |\n  one\n two\nduration: 4w\n",
			"4:2: found a line indented by 1 space, like nothing above it; expected 0 or 2 spaces",
		},
		{
			"an outer brace without an end", "scenario: example\nduration: 4w\nmembers:\n  casual: {count: 100, send: {rate: 2/week, to: {casual: 100%}}\nevents:\n  - {at: 1w, change_policy: default}\n",
			"4:11: found a `{` that is not closed; expected a `}` at the end of what it holds",
		},
		{
			"a bracket without an end", "scenario: example\nduration: 4w\nthresholds: [\n  pending.p99 < 5,\n  pending.p50 < 5\nmembers:\n  casual: {count: 5}\n",
			"3:13: found a `[` that is not closed; expected a `]` at the end of what it holds",
		},
		{
			"no text", "scenario: exa\xffmple\nduration: 4w\n",
			"1:14: found bytes that are no text; expected UTF-8",
		},
		{
			"a comma missing", "scenario: example\nevents:\n  - {at: 1w, for: 1d factor: 2, of: send.rate}\n",
			"3:28: found a second `:` in one value; expected a `,` before the next key, or quotes around a value that contains `: `",
		},
		{
			"a brace in brackets", "scenario: example\nevents:\n  - {at: 1w, for: 1d, factor: 2, of: send.rate, members: [a b}\n",
			"3:62: found a `}` in a `[…`; expected `,` or `]`",
		},
		{
			"quotes in quotes", "scenario: example\npurpose: \"it's \"quoted\" here\"\nduration: 4w\n",
			"2:17: found text behind a value in quotes; expected quotes of the other kind around a value that contains quotes",
		},
		{
			"a quote that ends far below", "scenario: example\npurpose: \"unclosed\nduration: 4w\nthresholds:\n  - {that: \"pending.p99 < 5\", severity: warn}\n",
			"2:10: found a quote that is not closed; expected another \" at the end of the value",
		},
		{
			"an apostrophe in apostrophes", "scenario: example\npurpose: 'it's a question\nduration: 4w\nthresholds:\n  - {that: 'pending.p99 < 5', severity: warn}\n",
			"2:14: found text behind a value in quotes; expected quotes of the other kind around a value that contains quotes",
		},
		{
			"a quote that ends in the next item", "scenario: example\nthresholds:\n  - \"pending.p99 < 5\n  - \"pending.p50 < 5\"\n",
			"3:5: found a quote that is not closed; expected another \" at the end of the value",
		},
		{
			"a value that begins with * and a space", "scenario: example\npurpose: * stars\nduration: 4w\n",
			"2:10: found a value that begins with \"*\"; expected quotes around it",
		},
		{
			"a first line that is indented", "# what\n scenario: example\nduration: 4w\n",
			"2:2: found the first line indented by 1 space, unlike those below it; expected 0 spaces",
		},
		{
			"an item without its dash", "scenario: example\nthresholds:\n  - pending.p99 < 5\n    pending.p50 < 5\n",
			"4:5: found a line that goes on with the item above it; expected `- ` before each item of a list",
		},
		{
			"no key", "scenario: example\n: 4w\n",
			"2:1: found a `:` without a key before it; expected scenario, purpose, extends, seed, start, duration, warmup, series, policy, members, events, load or thresholds",
		},
		{
			"two values", "{scenario: example}\nduration: 4w\n",
			"2:1: found text behind the end of a value; expected nothing behind it",
		},
		{
			"a bracket astray", "scenario: example\nmembers:\n  casual: {count: 5, ]zone: 1h}\n",
			"3:22: found a `]` that closes nothing; expected none here, or what it closes before it",
		},
		{
			"a tag that is none", "scenario: example\npurpose: !a, b\nduration: 4w\n",
			"2:10: found a value that begins with \"!\"; expected quotes around it",
		},
		{
			"a value that begins with >", "scenario: example\nthresholds:\n  - > 5\n  - | x\n",
			"3:5: found a value that begins with \">\"; expected quotes around it",
		},
		{
			"between two populations", "scenario: example\nmembers:\n  casual:\n    count: 5\n   recruiter:\n    count: 5\n",
			"5:4: found a line indented by 3 spaces, like nothing above it; expected 0, 2 or 4 spaces",
		},
		{
			"a comma missing before a line", "scenario: example\nmembers:\n  casual: {count: 5\n    send: {rate: 5/week}}\n",
			"4:9: found a second `:` in one value; expected a `,` before the next key, or quotes around a value that contains `: `",
		},
		{
			"a population among items", "scenario: example\nmembers:\n  - casual: 5\n  recruiter: 6\n",
			"4:3: found a key among the items of a list; expected `- ` before each item, or another indentation",
		},
		{
			"a brace around two lines without an end", "scenario: example\nmembers: {casual: {count: 5},\n  recruiter: {count: 5}\nduration: 5w\n",
			"2:10: found a `{` that is not closed; expected a `}` at the end of what it holds",
		},
		{
			"a bracket at the end", "scenario: example\nmembers: [a, b\n",
			"2:10: found a `[` that is not closed; expected a `]` at the end of what it holds",
		},
		{
			"a parenthesis for a brace", "scenario: example\npolicy: {weekly_limit: {count: 50)}\nduration: 4w\n",
			"2:9: found a `{` that is not closed; expected a `}` at the end of what it holds",
		},
		{
			"two dashes", "--\nscenario: example\n",
			"1:1: found a line without `: `; expected a key with its value, such as `duration: 4w`, or `- ` before an item of a list",
		},
		{
			"no colon", "scenario: example\nduration\nmembers:\n  casual: {count: 5}\n",
			"2:1: found a line without `: `; expected a key with its value, such as `duration: 4w`, or `- ` before an item of a list",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := mistakesOf(strings.NewReader(test.content))
			if !slices.Contains(strings.Split(found, "\n"), "test.yaml:"+test.expected) {
				t.Errorf("found\n%s\nexpected\n%s", found, test.expected)
			}
		})
	}
}

// Quotes, brackets and colons within values, keys and comments are no slips.
func TestWhatIsNoSlipOfForm(t *testing.T) {
	const content = `# it's a "comment: {
scenario: example # "so: [
purpose: 'It''s a "question": {what} [is] it?'
"duration": "4\x77"
members:
  casual: {count: 5, send: {rate: 2/week, to: {"casual": 100%}}} # }
events:
- {at: 1w, change_policy:
    {expiry: 30d}}
`
	load(t, content, scenarios.Options{})
	found := mistakesOf(strings.NewReader(content + "thresholds: [\n"))
	if expected := "test.yaml:10:13: found a `[` that is not closed; expected a `]` at the end of what it holds"; found != expected {
		t.Errorf("found    %s\nexpected %s", found, expected)
	}
}
