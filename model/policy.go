package model

// Policy is every number of the rules. It is a value: copying one and changing the copy changes no other, as
// long as the slices are replaced and not written through.
type Policy struct {
	Name          string
	WeeklyLimit   WeeklyLimit
	PendingCap    PendingCap
	ConnectionCap uint32 // Unlimited for none; both sides
	Expiry        Seconds
	Resend        Resend
	Removal       Removal
	CrossInvite   CrossInvite
	Ignore        IgnoreRule
	SentList      SentList
	ReceivedList  ReceivedList
	Views         Views
	Notify        Notify
	Reminders     []Seconds // after the send, ascending
	Note          NoteRule
	Restrict      Restrict
	Block         BlockRule
	Kinds         Kinds
}

// Share is a proportion in millionths: 45 % is 450_000. Exact, so that limits are integer arithmetic.
type Share int64

// Whole is the share of 100 %.
const Whole Share = 1_000_000

// Of returns the share of n, cut to an integer.
func (s Share) Of(n int64) int64 { return n * int64(s) / int64(Whole) }

// LimitMode says whether there is a weekly limit, and of which sort.
type LimitMode uint8

// The modes of the weekly limit.
const (
	LimitNone LimitMode = iota
	LimitFixed
	LimitDynamic
)

// WindowKind says when the sends of a weekly limit are forgotten.
type WindowKind uint8

// The kinds of window: reset at calendar boundaries, opened by the first send, the last period, or a bucket of tokens.
const (
	WindowCalendar WindowKind = iota
	WindowAnchored
	WindowSliding
	WindowBucket
)

// WeeklyLimit bounds the sends of kind Connect per window.
type WeeklyLimit struct {
	Mode    LimitMode
	Count   uint32
	Period  Seconds // positive
	Window  WindowKind
	Dynamic Dynamic
}

// Band is one step of a table: Factor holds below Below.
type Band[T any] struct {
	Below  T
	Factor Share
}

// Dynamic scales the weekly limit to the member's age, acceptance rate and activity, cutting to an integer after each
// factor and clamping at the end.
type Dynamic struct {
	Min, Max   uint32
	Age        []Band[Seconds]
	Acceptance AcceptanceFactor
	Activity   ActivityFactor
}

// AcceptanceFactor scales by the acceptance rate over the last Sample resolved invitations; fewer than that give 100 %.
type AcceptanceFactor struct {
	Sample uint32 // 1 to MaxSample
	Bands  []Band[Share]
	Above  Share // the factor above all bands
}

// MaxSample is the largest acceptance sample that a policy may ask for.
const MaxSample = 256

// ActivityFactor scales by Factor where a member had at least Commands successful commands in the last complete
// calendar period.
type ActivityFactor struct {
	Period   Seconds
	Commands uint32
	Factor   Share
}

// CapMode says what bounds the outstanding invitations of a sender.
type CapMode uint8

// The modes of the pending cap.
const (
	CapNone CapMode = iota
	CapHard
	CapRatio
)

// RefuseAt says on which side of the count the hard cap refuses.
type RefuseAt uint8

// RefuseReached refuses at the count; RefuseExceeded only above it, the literal reading of "more than 300".
const (
	RefuseReached RefuseAt = iota
	RefuseExceeded
)

// PendingCap bounds the outstanding invitations of kind Connect of a sender.
type PendingCap struct {
	Mode     CapMode
	Count    uint32
	RefuseAt RefuseAt
	Ratio    OldPending
}

// OldPending holds for a member with at least AtLeast outstanding invitations, of which at least Share were sent
// OlderThan ago or earlier.
type OldPending struct {
	OlderThan Seconds
	Share     Share
	AtLeast   uint32
}

// Resend is the wait of a sender after a withdraw, for the same recipient.
type Resend struct{ Cooldown Seconds }

// Reinvite says who may invite after a connection was removed.
type Reinvite uint8

// Who may invite again after a removal.
const (
	ReinviteEither Reinvite = iota
	ReinviteRemoverOnly
	ReinviteNone
)

// Removal is what follows the removal of a connection; Cooldown binds both.
type Removal struct {
	Reinvite Reinvite
	Cooldown Seconds
}

// CrossInvite says what a send does when the peer's invitation is outstanding.
type CrossInvite uint8

// CrossAccept accepts the peer's invitation; CrossReject answers AlreadyPending.
const (
	CrossAccept CrossInvite = iota
	CrossReject
)

// IgnoreRule says whether an ignored invitation can still be accepted.
type IgnoreRule struct{ Reversible bool }

// SentList says how long the sender's list keeps a withdrawn invitation.
type SentList struct{ KeepWithdrawn Seconds }

// ReceivedList says whether the recipient sees that this sender asked before.
type ReceivedList struct{ ShowPrior bool }

// Views describes lists that lag behind the truth.
type Views struct{ Lag Lag }

// Lag makes a share of the changes show late in lists, by Min to Max. Lists only, never decisions.
type Lag struct {
	Share    Share
	Min, Max Seconds
}

// Notify says which notices are given, and which are taken back when an invitation goes.
type Notify struct {
	OnSend, OnAccept, OnWithdraw bool
	Recall                       Recall
}

// Recall says which channels take notices back.
type Recall struct{ InApp, Email bool }

// NoteRule bounds notes; PerMonth is per calendar 30 d, Unlimited for no bound.
type NoteRule struct {
	MaxLength uint32
	PerMonth  uint32
}

// Restrict says what restricts a member, and for how long the first, second, … time; the last repeats.
type Restrict struct {
	On     Triggers
	Ladder []Seconds
}

// Triggers are the conditions that start a restriction; a zero count or share switches one off. Each can be given once.
type Triggers struct {
	Reports     uint32 // that many reports
	HitsCount   uint32 // that many RateLimited answers within HitsWithin
	HitsWithin  Seconds
	AcceptBelow Share
	AcceptOver  uint32 // the trigger `{acceptance_below: AcceptBelow, resolved: AcceptOver}`; 0 is off
	OldPending  OldPending
}

// some says whether at least one trigger is on.
func (t Triggers) some() bool {
	return t.Reports > 0 || t.HitsCount > 0 || t.AcceptOver > 0 || t.OldPending.AtLeast > 0
}

// HitSpan returns the span within which RateLimited answers are counted, 0 where nobody counts them.
func (t *Triggers) HitSpan() Seconds {
	if t.HitsCount == 0 {
		return 0
	}
	return t.HitsWithin
}

// BlockRule says whether blocks can be undone, and how long after that one must wait to block again.
type BlockRule struct {
	Reversible   bool
	ReblockAfter Seconds
}

// Kinds are the limits of invitations to pages and events, in calendar windows.
type Kinds struct{ Page, Event KindLimit }

// KindLimit bounds the sends of one kind per calendar period; Count Unlimited for no bound.
type KindLimit struct {
	Count  uint32
	Period Seconds
}

// Of returns the limit of a kind other than Connect.
func (k *Kinds) Of(kind Kind) *KindLimit {
	if kind == Page {
		return &k.Page
	}
	return &k.Event
}

// Default returns the policy that the program uses unless told otherwise.
func Default() Policy {
	return Policy{
		Name: "default",
		WeeklyLimit: WeeklyLimit{
			Mode: LimitFixed, Count: 100, Period: 7 * Day, Window: WindowCalendar,
			Dynamic: Dynamic{
				Min: 50, Max: 200,
				Age: []Band[Seconds]{{30 * Day, 500_000}, {180 * Day, 800_000}},
				Acceptance: AcceptanceFactor{
					Sample: 20,
					Bands:  []Band[Share]{{200_000, 500_000}, {400_000, 750_000}, {600_000, Whole}},
					Above:  1_500_000,
				},
				Activity: ActivityFactor{Period: 30 * Day, Commands: 20, Factor: 1_200_000},
			},
		},
		PendingCap: PendingCap{
			Mode: CapHard, Count: 300,
			Ratio: OldPending{OlderThan: 14 * Day, Share: 800_000, AtLeast: 100},
		},
		ConnectionCap: 30_000,
		Expiry:        180 * Day,
		Resend:        Resend{Cooldown: 21 * Day},
		Ignore:        IgnoreRule{Reversible: true},
		Notify:        Notify{OnSend: true, OnAccept: true, Recall: Recall{InApp: true}},
		Reminders:     []Seconds{7 * Day, 21 * Day},
		Note:          NoteRule{MaxLength: 300, PerMonth: Unlimited},
		Restrict:      Restrict{On: Triggers{Reports: 5}, Ladder: []Seconds{Hour, 3 * Day, 7 * Day}},
		Block:         BlockRule{Reversible: true, ReblockAfter: 48 * Hour},
		Kinds:         Kinds{Page: KindLimit{250, 30 * Day}, Event: KindLimit{1000, 7 * Day}},
	}
}
