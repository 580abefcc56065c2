package sim

import (
	"fmt"

	"invitesim/model"
)

// ResultSchema names the format of result.json.
const ResultSchema = "invitesim.result/v1"

// Result is all that a run measured; every report is made from it alone. The field tags are the keys of result.json:
// durations in seconds end in _s, latencies in nanoseconds in _ns, shares are 0 to 1. Keys that do not apply are absent.
type Result struct {
	Schema        string                     `json:"schema"`
	Scenario      ScenarioName               `json:"scenario"`
	Policy        PolicyName                 `json:"policy"`
	Seed          uint64                     `json:"seed"`
	Clock         string                     `json:"clock"` // virtual or wall
	Start         string                     `json:"start"` // RFC 3339
	DurationS     int64                      `json:"duration_s"`
	WarmupS       int64                      `json:"warmup_s"`
	Members       uint32                     `json:"members"`
	Replicas      int                        `json:"replicas"`
	Started       string                     `json:"started,omitempty"`        // RFC 3339, to the millisecond: when the workers began, by the wall clock only
	Speed         float64                    `json:"speed,omitempty"`          // people's seconds in a second of the wall clock
	Workers       int                        `json:"workers,omitempty"`        // those that loaded the system, by the wall clock only
	ForS          float64                    `json:"for_s,omitempty"`          // wall time after which the run was to end, where one was asked for
	Polite        bool                       `json:"polite,omitempty"`         // whether workers only slept, by the wall clock only
	LatencySource string                     `json:"latency_source,omitempty"` // measured or simulated; absent where there is none
	Figures                                  // over all members
	MembersBy     map[string]*Figures        `json:"members_by,omitempty"`
	Windows       map[string]*Window         `json:"windows,omitempty"` // what thresholds `over: 2w..4w` are held against, by that text
	Latency       map[string]*LatencyFigures `json:"latency,omitempty"` // by verb: from the instant that was planned to the answer
	Service       map[string]*LatencyFigures `json:"service,omitempty"` // by verb: from the actual start to the answer
	Load          *LoadFigures               `json:"load,omitempty"`
	Hiccups       *Hiccups                   `json:"hiccups,omitempty"` // by the wall clock only
	Series        Series                     `json:"series"`
	Distributions map[string]Curve           `json:"distributions,omitempty"`
	Predictions   []Prediction               `json:"predictions,omitempty"`
	Checks        *Checks                    `json:"checks,omitempty"`
	Thresholds    []Verdict                  `json:"thresholds,omitempty"`
	Replicates    map[string]Replicate       `json:"replicates,omitempty"`
	EachReplica   map[string][]float64       `json:"each_replica,omitempty"`   // what replicates sum up, in the order of the seeds: see OfReplicas
	Policies      []PolicyChange             `json:"policy_changes,omitempty"` // in order of time
	Marks         []Mark                     `json:"marks,omitempty"`          // on the time axes of the wall clock, in order of time
	Charts        map[string]string          `json:"charts"`                   // name of each chart: "drawn", or why it is not
	Warnings      []string                   `json:"warnings,omitempty"`
	Interrupted   bool                       `json:"interrupted,omitempty"`
	Digest        string                     `json:"digest,omitempty"`
}

// ScenarioName identifies the scenario that ran.
type ScenarioName struct {
	Name    string `json:"name"`
	Purpose string `json:"purpose,omitempty"`
	Digest  string `json:"digest"`
}

// PolicyName identifies the policy that a run started with; Settings holds every setting by its path, as text.
type PolicyName struct {
	Name     string            `json:"name"`
	Settings map[string]string `json:"settings"`
}

// Figures are what is measured alike of all members and of each population. Everything is counted at the instant at which it
// happens, from the end of the warm-up on. Members act for their own population: an answer counts for the recipient's,
// an invitation and its end for the sender's.
type Figures struct {
	Members     uint32                      `json:"members_count,omitempty"` // of a population
	Turns       Turns                       `json:"turns"`
	Commands    map[string]*CommandFigures  `json:"commands"`
	Queries     map[string]Count            `json:"queries,omitempty"`
	Invitations Invitations                 `json:"invitations"`
	Limits      map[string]*LimitFigures    `json:"limits"` // by the outcome that each refuses with: see Limits
	Pending     *PendingFigures             `json:"pending,omitempty"`
	Quota       *QuotaFigures               `json:"quota,omitempty"`
	Response    map[string]*ResponseFigures `json:"response,omitempty"`
}

// Count is how often something happened.
type Count struct {
	Count uint64 `json:"count"`
}

// Turns are the sends that people set out to make: Skipped ones found nobody to invite, Repeated ones came after a refusal.
type Turns struct {
	Planned  uint64 `json:"planned"`
	Skipped  uint64 `json:"skipped"`
	Repeated uint64 `json:"repeated"`
}

// CommandFigures counts one verb by outcome.
type CommandFigures struct {
	Count    uint64                   `json:"count"`
	Outcomes map[string]*OutcomeShare `json:"outcomes"`
}

// OutcomeShare is how often a verb had an outcome; Share is of the verb's count.
type OutcomeShare struct {
	Count uint64  `json:"count"`
	Share float64 `json:"share"`
}

// Invitations counts what became of invitations of all kinds. OutstandingStart + Sent = Accepted + Withdrawn + Expired +
// Cancelled + OutstandingEnd; Ignored and Reported count answers that leave an invitation outstanding.
type Invitations struct {
	Sent             uint64 `json:"sent"`
	Accepted         uint64 `json:"accepted"`
	Ignored          uint64 `json:"ignored"`
	Reported         uint64 `json:"reported"`
	Withdrawn        uint64 `json:"withdrawn"`
	Expired          uint64 `json:"expired"`
	Cancelled        uint64 `json:"cancelled"`
	OutstandingStart uint64 `json:"outstanding_start"`
	OutstandingEnd   uint64 `json:"outstanding_end"`
}

// Limits returns the refusals of a send that Figures.Limits tells of: by the weekly limit, the pending cap, a restriction and a cooldown.
func Limits() []model.Outcome {
	return []model.Outcome{model.RateLimited, model.PendingCapped, model.Restricted, model.Cooldown}
}

// LimitFigures says how often a limit refused a send, and whom. MemberShare is of the members who tried to send; LongestS is the longest
// time from a first such refusal to the member's next success or the end of the run.
type LimitFigures struct {
	Hits        uint64  `json:"hits"`
	Members     uint64  `json:"members"`
	MemberShare float64 `json:"member_share"`
	LongestS    int64   `json:"longest_s"`
}

// PendingFigures describes outstanding invitations of kind connect per sender, over members and time, each member from
// their first sent invitation on, weighted by how long. Cap is absent where the policy has none to compare with.
type PendingFigures struct {
	Mean            float64 `json:"mean"`
	P50             uint32  `json:"p50"`
	P90             uint32  `json:"p90"`
	P99             uint32  `json:"p99"`
	P999            uint32  `json:"p999"`
	Max             uint32  `json:"max"`
	MembersAtCapEnd uint64  `json:"members_at_cap_end"`
	Cap             *uint32 `json:"cap,omitempty"`
}

// QuotaFigures describes the highest use of the weekly limit in each calendar period with a send; ExhaustedShare is the
// share of those periods in which it reached the limit.
type QuotaFigures struct {
	UsedP50        uint32  `json:"used_p50"`
	UsedP90        uint32  `json:"used_p90"`
	UsedP99        uint32  `json:"used_p99"`
	ExhaustedShare float64 `json:"exhausted_share"`
}

// ResponseFigures says how long people took from the send on.
type ResponseFigures struct {
	Count uint64  `json:"count"`
	MeanS float64 `json:"mean_s"`
	P50S  int64   `json:"p50_s"`
	P90S  int64   `json:"p90_s"`
	P99S  int64   `json:"p99_s"`
}

// Series is the time series: column t_s is the start of the step. A column VERB.OUTCOME counts in the step; outstanding.*,
// members_at_cap and restricted are taken at its end. The whole run is in it, warm-up included.
type Series struct {
	StepS   int64       `json:"step_s"`
	Columns []string    `json:"columns"`
	Rows    [][]float64 `json:"rows"`
}

// Curve is what a chart draws besides the series.
type Curve struct {
	Unit string    `json:"unit"`
	X    []float64 `json:"x"`
	Y    []float64 `json:"y"`
}

// Prediction compares a closed form with the measurement; Low and High bound the 95 % interval.
type Prediction struct {
	Name      string  `json:"name"`
	Formula   string  `json:"formula"`
	Predicted float64 `json:"predicted"`
	Measured  float64 `json:"measured"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	Agrees    bool    `json:"agrees"`
}

// Checks says what ran beside the run to prove it right.
type Checks struct {
	Invariants      InvariantChecks        `json:"invariants"`
	Linearizability *LinearizabilityChecks `json:"linearizability,omitempty"` // by the wall clock only
	Oracle          OracleChecks           `json:"oracle"`
	// ShortestTrace is what violates the model as a trace, as short as one was found; by the wall clock only.
	ShortestTrace string `json:"shortest_trace,omitempty"`
}

// OracleEnded is the warning of an oracle whose budget was spent at an instant of a run of such a length.
func OracleEnded(at model.Instant, of model.Seconds) string {
	return fmt.Sprintf("the oracle ran beside the first %s of %s", at, of)
}

// Violated says whether the checks found that the model was violated; without checks they did not.
func (c *Checks) Violated() bool {
	return c != nil && (c.Invariants.Violations > 0 || c.Oracle.Divergences > 0 || c.Linearizability != nil && c.Linearizability.Violations > 0)
}

// InvariantChecks counts evaluations of single invariants on single members.
type InvariantChecks struct {
	Evaluated  uint64 `json:"evaluated"`
	Violations uint64 `json:"violations"`
}

// LinearizabilityChecks counts the commands and the looks at lists that were recorded until UntilS into the run, all of which have to be explained by
// one order of the calls: there is none where Violations is 1. Unproven is 1 where that is likely, but not proven: not every order was tried.
// Where the search did not get to its end it is Unfinished, and nothing is counted.
type LinearizabilityChecks struct {
	Commands   uint64 `json:"commands"`
	Queries    uint64 `json:"queries,omitempty"`
	Violations uint64 `json:"violations"`
	Unproven   uint64 `json:"unproven,omitempty"`
	UntilS     int64  `json:"until_s"`
	Unfinished bool   `json:"unfinished,omitempty"`
}

// OracleChecks counts the commands that the oracle answered too, by the wall clock also the looks at lists, in the order that was found of the calls;
// UntilS is how far into the run it went. Unproven is for results in which divergences count the calls without such an order, too: those of
// which that is likely, but not proven.
type OracleChecks struct {
	Commands    uint64 `json:"commands"`
	Queries     uint64 `json:"queries,omitempty"`
	Divergences uint64 `json:"divergences"`
	Unproven    uint64 `json:"unproven,omitempty"`
	UntilS      int64  `json:"until_s"`
}

// Verdict is a judged threshold.
type Verdict struct {
	That     string   `json:"that"`
	Observed *float64 `json:"observed,omitempty"`
	Verdict  string   `json:"verdict"` // pass, fail or no_data
	Severity Severity `json:"severity"`
	Low      *float64 `json:"low,omitempty"` // of the 95 % interval, where it is what is judged
	High     *float64 `json:"high,omitempty"`
	Aborted  bool     `json:"aborted,omitempty"` // the run stopped when this could no longer pass
}

// Replicate is a figure over replicas: mean and 95 % interval (Student's t).
type Replicate struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	N    int     `json:"n"`
}

// Window is what was measured in a part of a run, as if that part alone counted: measuring starts at its first instant, and ends with
// its last.
type Window struct {
	FromS     int64               `json:"from_s"`
	UntilS    int64               `json:"until_s"`
	Figures                       // over all members
	MembersBy map[string]*Figures `json:"members_by,omitempty"`
}

// LatencyFigures describes how long commands of one verb took, in nanoseconds. Percentiles are absent where there are too few commands
// to tell them: fewer than ten beyond the percentile.
type LatencyFigures struct {
	Count     uint64  `json:"count"`
	MeanNS    float64 `json:"mean_ns"`
	P50NS     *int64  `json:"p50_ns,omitempty"`
	P90NS     *int64  `json:"p90_ns,omitempty"`
	P99NS     *int64  `json:"p99_ns,omitempty"`
	P999NS    *int64  `json:"p999_ns,omitempty"`
	MaxNS     int64   `json:"max_ns"`
	Histogram string  `json:"histogram"` // HdrHistogram V2, compressed, base64
}

// LoadFigures says whether a run by the wall clock did what was planned. Rates are of the commands and queries that were planned in the measured part of the
// run, per second of that part of the wall clock: an open loop may go on for a moment after it, which counts for neither rate. So achieved_per_s is
// as much of offered_per_s as was answered of what was offered, and the rest was dropped. In a closed loop the planned part is all of the run.
type LoadFigures struct {
	Loop         string  `json:"loop"` // open or closed
	OfferedPerS  float64 `json:"offered_per_s"`
	AchievedPerS float64 `json:"achieved_per_s"`
	Late         uint64  `json:"late"`                  // started more than a millisecond after the planned instant
	LateShare    float64 `json:"late_share"`            // of those offered
	Dropped      uint64  `json:"dropped"`               // planned within the run, and never started
	LateP99NS    *int64  `json:"late_p99_ns,omitempty"` // from the planned instant to the start; left out where fewer than ten are beyond it
}

// Closed says whether each command was given when the last one was answered: then no instant was planned, and latencies are service times. It
// may be asked of nil, which is not.
func (l *LoadFigures) Closed() bool { return l != nil && l.Loop == "closed" }

// PolicyChange is a change of policy within a run.
type PolicyChange struct {
	AtS      int64             `json:"at_s"`
	Settings map[string]string `json:"settings"` // those that change, by path: what they change to
}

// Mark is something to be seen on the time axis of a run by the wall clock, in seconds since its start.
type Mark struct {
	AtS  float64 `json:"at_s"`
	ForS float64 `json:"for_s"`
	What string  `json:"what"` // a fault (worker, gc, shard), collector, stolen, warmup
}

// Hiccups is what readers of the clock in a run saw of the gaps between two readings, in nanoseconds: how long what is due at any instant waits for the
// end of the gap that the instant is in, and the longest gap. No latency of the run means more than that. Percentiles that fewer than ten gaps reach are
// absent, and so is a share that rests on a few gaps.
type Hiccups struct {
	P50NS     *int64   `json:"p50_ns,omitempty"`
	P99NS     *int64   `json:"p99_ns,omitempty"`
	P999NS    *int64   `json:"p999_ns,omitempty"`
	MaxNS     int64    `json:"max_ns"`
	LostShare *float64 `json:"lost_share,omitempty"` // of a thread's time, in gaps above 20 µs
	Histogram string   `json:"histogram,omitempty"`  // HdrHistogram V2, compressed, base64: a wait for every nanosecond watched; in a result only
}

// Manifest is what a run tells about itself and its machine; the only file that differs between equal runs. CPUS is what the process used of the
// processors from the beginning of the run, set-up included, to its end: what runs at the same time is in it. PeakRSSBytes is the most memory that the
// process held until then, in this run or in another before it.
type Manifest struct {
	Schema       string   `json:"schema"`
	Started      string   `json:"started"`
	CommandLine  string   `json:"command_line"`
	Version      string   `json:"version"`
	Go           string   `json:"go"`
	OS           string   `json:"os"`
	Arch         string   `json:"arch"`
	CPUs         int      `json:"cpus"`
	Workers      int      `json:"workers"`
	SetupS       float64  `json:"setup_s"`
	WallS        float64  `json:"wall_s"`
	CPUS         float64  `json:"cpu_s"`
	Commands     uint64   `json:"commands"`
	Queries      uint64   `json:"queries"`
	CommandsPerS float64  `json:"commands_per_s"`
	PeakRSSBytes uint64   `json:"peak_rss_bytes"`
	Hiccups      *Hiccups `json:"hiccups,omitempty"`
}

// ManifestSchema names the format of manifest.json.
const ManifestSchema = "invitesim.manifest/v1"
