package virtual

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"invitesim/model"
	"invitesim/sim"
)

// journalPlan has everything that the journal tells of: steps and windows at a cap by ratio, which ask the store, changes of
// policy, a threshold that may stop the run, queries, and sends that are repeated.
func journalPlan() *sim.Plan {
	p := smallPlan()
	p.Duration = 5 * model.Week
	byRatio := p.Policy
	byRatio.PendingCap.Mode = model.CapRatio
	byRatio.PendingCap.Ratio.OlderThan, byRatio.PendingCap.Ratio.AtLeast = 3*model.Day, 3
	p.Events[1].At = model.Instant(model.Week)
	p.Events = append(p.Events, sim.Event{At: 2 * model.Instant(model.Week), Policy: &byRatio})
	p.Thresholds = []sim.Threshold{
		below("pending.mean", 1000, weeks(1, 3), false), below("pending.members_at_cap_end", 1000, weeks(2, 4), false),
		below("commands.send.count", 1e9, nil, true),
	}
	return p
}

// runInBlocks runs a plan with a journal whose blocks have room for so many entries.
func runInBlocks(t *testing.T, p *sim.Plan, entries int) *sim.Result {
	t.Helper()
	e, err := newEngine(context.Background(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.release()
	for range blocks { // each becomes the one that is written
		e.journal.settle()
		e.journal.block.entries = make([]entry, entries)
	}
	result := sim.NewResult(p, "virtual")
	e.close(e.run(context.Background()), result)
	result.Thresholds = sim.Judge(result, p.Thresholds)
	return result
}

// Where the blocks of the journal end, and who reads them when, does not show.
func TestTheJournalDoesNotShow(t *testing.T) {
	p := journalPlan()
	result := runPlan(t, p, Options{})
	expected := text(t, result)
	if result.Pending.MembersAtCapEnd == 0 || result.Turns.Repeated == 0 || result.Turns.Skipped == 0 || len(result.Queries) == 0 {
		t.Errorf("the plan has not what the test is about: %+v", result.Figures)
	}
	for _, processors := range []int{1, 2} {
		before := runtime.GOMAXPROCS(processors)
		for _, entries := range []int{1, 2, 61, blockEntries} {
			if found := text(t, runInBlocks(t, p, entries)); found != expected {
				t.Errorf("%d processors, blocks of %d entries: %s", processors, entries, cmp.Diff(expected, found))
			}
		}
		runtime.GOMAXPROCS(before)
	}
}

// Each send was planned or is made once more, and so was each that found nobody.
func TestEverySendWasPlanned(t *testing.T) {
	f := runPlan(t, journalPlan(), Options{}).Figures
	if planned, made := f.Turns.Planned+f.Turns.Repeated, f.Commands["send"].Count+f.Turns.Skipped; planned != made {
		t.Errorf("%d sends were planned or repeated, but %d made or skipped", planned, made)
	}
}

// What was ignored before it ended is known too where lists begin to lag during the run, and stop to do so.
func TestFatesWhereListsLag(t *testing.T) {
	p := smallPlan()
	lagging := p.Policy
	lagging.Views.Lag = model.Lag{Share: model.Whole, Min: 50_000, Max: 100_000}
	p.Duration, p.Events = 4*model.Week, []sim.Event{
		{At: model.Instant(model.Week), Policy: &lagging}, {At: 2 * model.Instant(model.Week), Policy: &p.Policy},
	}
	run, recorded := traced(t, p)
	r := &recount{plan: p}
	r.read(recorded)
	r.compareFates(t, run)
}

// An entry fills a line of memory and no more.
func TestEntryIsALine(t *testing.T) {
	if size := unsafe.Sizeof(entry{}); size != 64 {
		t.Errorf("an entry has %d bytes", size)
	}
}

// Where the journal cannot be read, the run breaks off with the reason.
func TestABrokenReaderBreaksTheRun(t *testing.T) {
	defer func() {
		if problem, ok := recover().(string); !ok || !strings.HasPrefix(problem, "no room\n") {
			t.Errorf("the run broke off with %v", problem)
		}
	}()
	_, _, _ = Run(context.Background(), quickPlan(), Options{Checkpoints: Checkpoints{
		Every: model.Day,
		Take:  func(model.Instant, string) { panic("no room") },
	}})
	t.Error("the run went on to its end")
}
