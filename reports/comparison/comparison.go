package comparison

import "invitesim/sim"

// Schema names the format of compare.json.
const Schema = "invitesim.comparison/v1"

// Comparison is what differs between two sides. Durations are in seconds, latencies in nanoseconds, shares 0 to 1.
type Comparison struct {
	Schema   string    `json:"schema"`
	Base     Side      `json:"base"`
	New      Side      `json:"new"`
	Settings []Setting `json:"settings,omitempty"` // of the policy: those that differ
	Method   Method    `json:"method"`
	Refusal  string    `json:"refusal,omitempty"` // why nothing can be said about the differences; then Method is none
	Same     bool      `json:"same"`              // the histories are the same, command by command
	Allowed  []string  `json:"allowed,omitempty"` // how far figures may change, as given
	Counts   Counts    `json:"counts"`
	Figures  []Figure  `json:"figures"` // those that matter most first
	Notes    []string  `json:"notes,omitempty"`
}

// Side is what stands on one side of a comparison.
type Side struct {
	Directories []string `json:"directories"`
	Scenario    string   `json:"scenario"`
	Policy      string   `json:"policy"`
	Clock       string   `json:"clock"`
	Members     uint32   `json:"members"`
	DurationS   int64    `json:"duration_s"`
	WarmupS     int64    `json:"warmup_s"`
	Runs        int      `json:"runs"`
	Seeds       []uint64 `json:"seeds"` // in ascending order
}

// Setting is a setting of the policy that differs, as text.
type Setting struct {
	Path string `json:"path"`
	Base string `json:"base"`
	New  string `json:"new"`
}

// Method is how differences are told from noise.
type Method string

// The methods.
const (
	Exact       Method = "exact"
	Paired      Method = "paired"
	Independent Method = "independent"
	Ranks       Method = "ranks"
	None        Method = "none"
)

// Counts say how many figures there are of each kind.
type Counts struct {
	Figures     int `json:"figures"`     // with a sample in every run of both sides
	Equal       int `json:"equal"`       // the same in every run
	Compared    int `json:"compared"`    // the others
	Shown       int `json:"shown"`       // of these: a difference is shown
	Regressions int `json:"regressions"` // of these: worse than allowed
	OneSided    int `json:"one_sided"`   // figures with samples in every run of one side only
}

// Finding is what can be said about the difference of a figure.
type Finding string

// The findings.
const (
	Differs  Finding = "differs"   // exactly, in the one run that there is
	Shown    Finding = "shown"     // more than noise
	NotShown Finding = "not_shown" // no more than noise
	Unknown  Finding = "unknown"   // too few runs to tell
)

// Figure is one figure that is not the same on both sides. Relative, Low and High are absent where the base is 0, or so uncertain
// that it may be; the other intervals and P where there is no more than one run a side.
type Figure struct {
	Path     string   `json:"path"`
	Who      string   `json:"who,omitempty"` // the population
	Name     string   `json:"name"`
	Base     float64  `json:"base"` // mean over the runs; their median where Method is ranks
	New      float64  `json:"new"`
	Change   float64  `json:"change"`               // New − Base
	From     *float64 `json:"change_low,omitempty"` // of the 95 % interval of Change
	To       *float64 `json:"change_high,omitempty"`
	Relative *float64 `json:"relative,omitempty"` // as a share of Base
	Low      *float64 `json:"low,omitempty"`      // of the 95 % interval of Relative
	High     *float64 `json:"high,omitempty"`
	P        *float64 `json:"p,omitempty"`
	Adjusted *float64 `json:"p_adjusted,omitempty"` // for how many figures were compared
	Finding  Finding  `json:"finding"`
	Worse    Worse    `json:"worse"`
	Allowed  string   `json:"allowed,omitempty"` // the allowance that was applied
	Regress  bool     `json:"regression,omitempty"`

	inWindow bool // measured in a part of the run
	headline bool // one of the figures that people look at first
	named    bool // by an allowance
}

// IsWorse says whether the figure changed in the direction in which it is worse.
func (f *Figure) IsWorse() bool { return f.Worse != Neither && f.Worse.sign() == sign(f.Change) }

// IsBetter says whether the figure changed away from the direction in which it is worse.
func (f *Figure) IsBetter() bool { return f.Worse != Neither && f.Worse.sign() == -sign(f.Change) }

// Told says whether the difference is one to rely on: it is shown, or exact.
func (f *Figure) Told() bool { return f.Finding == Shown || f.Finding == Differs }

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// Regressions returns the figures that are worse than allowed, in their order.
func (c *Comparison) Regressions() []Figure {
	var worse []Figure
	for _, f := range c.Figures {
		if f.Regress {
			worse = append(worse, f)
		}
	}
	return worse
}

// Run is a result, and the directory that it was read from.
type Run struct {
	Directory string
	Result    *sim.Result
}

// meansAlone says whether the run is one of several replicas of which only means and intervals are known.
func (r *Run) meansAlone() bool { return r.Result.Replicas > 1 && len(r.Result.EachReplica) == 0 }
