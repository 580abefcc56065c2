package scenarios_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/scenarios"
	"invitesim/sim"
	"invitesim/sim/chance"
)

// everything is a scenario with every key that has ends or stands for something where it is not given.
const everything = `
scenario: everything
seed: 7
start: 2026-01-06
duration: 8w
warmup: 1w
series: {step: 2h}
policy: clean-slate
members:
  people:
    count: 500
    zone: 2h
    start_with: {connections: 5, account_age: 3d, inbound: {anyone: 50%, nobody: 50%}}
    send:
      rate: 2/week
      spread: 2
      pattern: {hours: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], days: [1, 2, 3, 4, 5, 6, 7]}
      to: {people: 50%, timed: 50%}
      choose: zipf(1)
      kinds: {connect: 50%, page: 50%}
      when_refused: wait
    respond: {delay: 1d, again: 2}
    withdraw: {tidy: {every: 5d, when_capped: true, older_than: 3d, at_most: 5, gap: 5s}}
  timed:
    count: 5
    send: {sittings: {every: 1d, at: 3h, size: 5, gap: 1s}, to: {people: 100%}}
events:
  - {at: 2w, for: 1d, factor: 3, of: send.rate, members: people}
load: {loop: closed, workers: 3, faults: [{at: 1s, for: 1s, stall: gc}]}
thresholds:
  - {that: pending.max < 1, over: 2w..3w, severity: warn, no_data: pass}
  - {that: pending.max < 1, abort: true}
`

// placeOf returns where a key of the language stands in that scenario.
func placeOf(path string) string {
	name, item := "people", "[0]"
	if strings.Contains(path, ".sittings.") {
		name = "timed"
	}
	if strings.HasSuffix(path, ".abort") {
		item = "[1]"
	}
	return strings.NewReplacer("NAME", name, "[]", item).Replace(path)
}

// loadEverything reads that scenario with another value of one key.
func loadEverything(path, value string) (*sim.Plan, scenarios.Mistakes) {
	from := scenarios.Source{Name: "everything", Text: strings.NewReader(everything)}
	plan, _, mistakes := scenarios.Load(from, scenarios.Options{Set: []string{placeOf(path) + "=" + value}})
	return plan, mistakes
}

// refused says whether a value is a mistake at its place.
func refused(path, value string) bool {
	_, mistakes := loadEverything(path, value)
	return slices.ContainsFunc(mistakes, func(m scenarios.Mistake) bool { return m.Field == placeOf(path) })
}

// TestEndsAreThoseOfTheReader holds the ends that the grammar gives numbers and durations against what the reader takes.
func TestEndsAreThoseOfTheReader(t *testing.T) {
	numbers := 0
	for _, key := range scenarios.Keys() {
		path := key.Path
		expect := func(value string, fine bool) {
			if refused(path, value) == fine {
				t.Errorf("%s (%s): %s is taken: %v, want %v", key.Path, key.Value, value, !fine, fine)
			}
		}
		switch {
		case key.Least != "":
			numbers++
			if strings.HasPrefix(key.Value, "list") {
				path += "[0]"
			}
			for end, step := range map[string]int64{key.Least: -1, key.Most: 1} {
				n, _ := new(big.Int).SetString(end, 10)
				expect(end, true)
				expect(n.Add(n, big.NewInt(step)).String(), false)
			}
		case key.Value == "duration above 0":
			expect("0s", false)
			expect("1s", true)
		case key.Value == "duration":
			expect("0s", true)
			expect("-1s", false)
		case key.Value == "duration, -24h to 24h":
			for _, sign := range []string{"", "-"} {
				expect(sign+"24h", true)
				expect(sign+"24h1s", false)
			}
		}
	}
	if numbers < 8 {
		t.Errorf("only %d keys have ends", numbers)
	}
}

// TestWhatStandsForAKeyThatIsNotGiven reads a scenario without each key that the grammar has a value in the place of, and with that value: they
// are the same plan.
func TestWhatStandsForAKeyThatIsNotGiven(t *testing.T) {
	// Where nothing is given there is no distribution either: what stands for it is as good as one of that value.
	same := cmp.Comparer(func(a, b *chance.Distribution) bool { return a == nil || b == nil || a.Equal(b) })
	compared := 0
	for _, key := range scenarios.Keys() {
		value, ok := strings.CutPrefix(key.Otherwise, "`")
		if !ok {
			continue
		}
		compared++
		without, mistakes := loadEverything(key.Path, "")
		with, more := loadEverything(key.Path, strings.TrimSuffix(value, "`"))
		if len(mistakes)+len(more) > 0 {
			t.Errorf("%s: %v%v", key.Path, mistakes, more)
			continue
		}
		without.Digest, with.Digest = "", ""
		if difference := cmp.Diff(without, with, same); difference != "" {
			t.Errorf("%s: not given is not %s:\n%s", key.Path, value, difference)
		}
	}
	if compared < 15 {
		t.Errorf("only %d keys have a value in their place", compared)
	}
}
