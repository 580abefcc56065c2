package policies

import (
	"slices"
	"testing"

	"invitesim/model"
)

// differences are what each policy changes of the default, by what its source says and is silent about (RULES.md, Rules of the sources).
var differences = map[string][]string{
	"default": {},
	"clean-slate": {
		"weekly_limit.mode=none", "pending_cap.mode=none", "connection_cap=none", "expiry=never", "resend.cooldown=0s",
		"sent_list.keep_withdrawn=1d", "notify.recall.email=true", "reminders=[]", "restrict.on=[]", "block.reblock_after=0s",
		"kinds.page.count=none", "kinds.event.count=none",
	},
	"weekly-quota": {
		"pending_cap.refuse_at=exceeded", "connection_cap=none", "expiry=never", "resend.cooldown=0s",
		"received_list.show_prior=true", "notify.recall.email=true", "reminders=[]",
		`restrict.on=[{"limit_hits":3,"within":"7d"},{"acceptance_below":"15%","resolved":50}]`, "block.reblock_after=0s",
		"kinds.page.count=none", "kinds.event.count=none",
	},
	"trust-scored": {
		"weekly_limit.mode=dynamic", "pending_cap.mode=ratio", "connection_cap=none", "resend.cooldown=0s",
		"views.lag.share=1%", "views.lag.min=1d", "views.lag.max=2d", "reminders=[]",
		`restrict.on=[{"reports":5},{"acceptance_below":"15%","resolved":50}]`, "block.reblock_after=0s",
		"kinds.page.count=none", "kinds.event.count=none",
	},
	"three-week-wait": {
		"weekly_limit.mode=none", "pending_cap.mode=none", "expiry=never", "block.reversible=false", "block.reblock_after=0s",
		"kinds.page.count=none", "kinds.event.count=none",
	},
	"unlimited": {
		"weekly_limit.mode=none", "pending_cap.mode=none", "connection_cap=none", "expiry=never", "resend.cooldown=0s",
		"restrict.on=[]", "block.reblock_after=0s", "kinds.page.count=none", "kinds.event.count=none",
	},
}

func TestNamedPoliciesSayWhatTheirSourcesSay(t *testing.T) {
	standard := model.Default()
	for _, name := range Names() {
		p, ok := Named(name)
		if !ok || p.Name != name {
			t.Fatalf("Named(%q) = %q, %v", name, p.Name, ok)
		}
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []string
		for _, d := range model.DiffPolicies(&standard, &p) {
			got = append(got, d.Path+"="+d.B)
		}
		if want, listed := differences[name]; !listed || !slices.Equal(got, want) {
			t.Errorf("%s changes\n%q, want\n%q", name, got, want)
		}
	}
	if len(Names()) != len(differences) {
		t.Errorf("%d names, want %d", len(Names()), len(differences))
	}
	if _, ok := Named("clean_slate"); ok {
		t.Error("an unknown name is known")
	}
}

func TestNamedPoliciesShareNothing(t *testing.T) {
	a, _ := Named("default")
	a.Reminders[0] = 1
	if b, _ := Named("default"); b.Reminders[0] != 7*model.Day {
		t.Error("changing one copy changed another")
	}
}

func TestChanged(t *testing.T) {
	given := map[string]string{"expiry": "180d", "weekly_limit.count": "50", "pending_cap.mode": "none", "no.such": "1"}
	want := []model.SettingDiff{{Path: "weekly_limit.count", A: "100", B: "50"}, {Path: "pending_cap.mode", A: "hard", B: "none"}}
	if changed, known := Changed("default", given); !known || !slices.Equal(changed, want) {
		t.Errorf("found %v, %t", changed, known)
	}
	if changed, known := Changed("mine", given); known || changed != nil {
		t.Errorf("of no shipped policy: found %v, %t", changed, known)
	}
}
