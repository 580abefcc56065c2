package baseline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"invitesim/reports/baseline"
	"invitesim/reports/internal/golden"
	"invitesim/sim"
)

func TestChanges(t *testing.T) {
	if changes := baseline.Changes(accepted(), accepted()); len(changes) > 0 {
		t.Errorf("the same has changed: %v", changes)
	}
	now := accepted()
	now.Figures["commands.send.outcomes.rate_limited.count"] = 250
	now.Figures["commands.withdraw.count"] = 3
	delete(now.Figures, "pending.cap")
	now.Replicates["pending.p99"] = sim.Replicate{Mean: 13, N: 4}
	var paths []string
	found := map[string]baseline.Change{}
	for _, change := range baseline.Changes(accepted(), now) {
		paths = append(paths, change.Path)
		found[change.Path] = change
	}
	want := []string{
		"pending.cap", "commands.send.outcomes.rate_limited.share", "commands.send.outcomes.rate_limited.count", "limits.rate_limited.hits",
		"commands.withdraw.count", "replicates.pending.p99",
	}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Error(diff)
	}
	if c := found["commands.send.outcomes.rate_limited.share"]; c.Base != 0.025 || c.Now != 0.25 || c.Relative() != "+900 %" {
		t.Errorf("found %+v, %s", c, c.Relative())
	}
	if c := found["pending.cap"]; c.Relative() != "gone" {
		t.Errorf("found %s", c.Relative())
	}
	if c := found["commands.withdraw.count"]; c.Relative() != "new" {
		t.Errorf("found %s", c.Relative())
	}
	if c := (baseline.Change{Base: 100_000, Now: 99_999}); c.Relative() != "-< 0.01 %" {
		t.Errorf("found %s", c.Relative())
	}
	now.Replicates["pending.p99"] = sim.Replicate{Mean: 13, N: 5}
	for _, change := range baseline.Changes(accepted(), now) {
		if strings.HasPrefix(change.Path, "replicates.") {
			t.Error("means of another number of replicas are compared")
		}
	}
}

// The worst comes first, also where the next is all but as bad: logarithms of the two are the same number.
func TestChangesThatAreNearlyAlike(t *testing.T) {
	base, now := accepted(), accepted()
	for path, value := range map[string]float64{"turns.planned": 4e15, "turns.repeated": 4e15 + 8, "turns.skipped": 0} {
		base.Figures[path], now.Figures[path] = 0, value
	}
	base.Figures["turns.skipped"] = 4e15 + 16 // what is gone is as bad as what is new
	var paths []string
	for _, change := range baseline.Changes(base, now) {
		paths = append(paths, change.Path)
	}
	if diff := cmp.Diff([]string{"turns.skipped", "turns.repeated", "turns.planned"}, paths); diff != "" {
		t.Error(diff)
	}
}

func TestWhoAndWhat(t *testing.T) {
	for path, want := range map[string]string{
		"members_by.recruiter.pending.p99":      "recruiter: outstanding per sender, p99",
		"commands.send.outcomes.cooldown.share": "everybody: attempts refused by a cooldown",
		"windows.1w..2w.pending.max":            "everybody: outstanding per sender, max, from 1w to 2w",
	} {
		if c := (baseline.Change{Path: path}); c.Who()+": "+c.What() != want {
			t.Errorf("%s is %s: %s", path, c.Who(), c.What())
		}
	}
}

// Of one population nothing is told twice, of two the parts are; and where nothing tells, all is told.
func TestTelling(t *testing.T) {
	of := func(paths ...string) (told []string) {
		var changes []baseline.Change
		for _, path := range paths {
			changes = append(changes, baseline.Change{Path: path, Base: 1, Now: 2})
		}
		for _, change := range baseline.Telling(changes) {
			told = append(told, change.Path)
		}
		return told
	}
	send := "commands.send.outcomes.rate_limited"
	if got := of(send+".share", send+".count", "members_by.a."+send+".share", "commands.accept.outcomes.connected.share"); len(got) != 1 || got[0] != send+".share" {
		t.Errorf("of one population found %q", got)
	}
	if got := of(send+".share", "members_by.a."+send+".share", "members_by.b.pending.p50"); len(got) != 2 {
		t.Errorf("of two populations found %q", got)
	}
	if got := of("pending.p50", "turns.planned"); len(got) != 2 {
		t.Errorf("of what tells little found %q", got)
	}
}

// Messages are for somebody who has not seen the scenario before.
func TestLines(t *testing.T) {
	now := accepted()
	now.Figures["commands.send.outcomes.rate_limited.count"] = 250
	now.Figures["members_by.recruiter.limits.rate_limited.longest"] = 172800
	now.Figures["members_by.casual.pending.p99"] = 4
	differs := baseline.Finding{
		Verdict: baseline.Differs, File: "small.baseline.json", Accept: "invitesim test --update small.yaml",
		Edits:   baseline.Edits("policy.", map[string]string{"a": "1", "b": "2", "c": "3"}, map[string]string{"a": "1", "b": "20", "d": "4"}),
		Changes: baseline.Changes(accepted(), now),
		Parting: &baseline.Parting{Before: []string{"1d send 7 8 -> sent"}, Base: "2d send 7 9 -> sent", Now: []string{"2d send 7 9 -> cooldown until=3d"}, Members: "7 is one of recruiter"},
	}
	cut := differs
	cut.Parting, cut.Accept = nil, ""
	golden.Same(t, *update, "lines.txt", []byte(strings.Join(differs.Lines(20), "\n")+"\n\n----\n\n"+strings.Join(cut.Lines(1), "\n")+"\n"))
	for _, f := range []struct {
		finding baseline.Finding
		want    string
	}{
		{baseline.Finding{Verdict: baseline.Same, File: "f"}, "the same history and the same figures as in f"},
		{baseline.Finding{Verdict: baseline.Missing, Why: "there is none"}, "not compared with a baseline: there is none"},
		{baseline.Finding{Verdict: baseline.Unjudged, Why: "it stopped"}, "not compared with a baseline: it stopped"},
		{baseline.Finding{Verdict: baseline.Accepted, File: "f"}, "the result is the new baseline, f"},
		{
			baseline.Finding{Verdict: baseline.Asked, Why: "there is no f", Accept: "accept f", First: "change f as --set did"},
			"not compared with a baseline: there is no f\n\nIf this is what you want, change f as --set did, and then accept it:\n  accept f",
		},
		{baseline.Finding{Verdict: baseline.Differs, File: "f"}, "what came out is not what was accepted in f\n\nNo figure is another one than it was."},
	} {
		if got := strings.Join(f.finding.Lines(20), "\n"); got != f.want {
			t.Errorf("found %q, expected %q", got, f.want)
		}
	}
}

func TestCSV(t *testing.T) {
	got := string(baseline.CSV([]baseline.Change{{Path: "pending.mean", Base: 1.0 / 3, Now: 2137728.738913876}, {Path: "a.b", Now: 1e-7, Pairs: 3, Low: -0.5, High: 0.25}}))
	if want := "path,baseline,now,low,high\npending.mean,0.3333333333333333,2137728.738913876,,\na.b,0,0.0000001,-0.5,0.25\n"; got != want {
		t.Errorf("found %q", got)
	}
}
