package model

import "invitesim/model/window"

// Account is what the rules need to know of one member at one instant, every timer due by then fired. Decisions change
// it; whoever keeps the truth writes the changes back.
type Account struct {
	Exists      bool
	Closed      bool
	Inbound     Inbound
	Connections uint32
	Outstanding uint32       // own invitations of kind Connect
	Week        window.Count // sends of kind Connect in the calendar window
	// Record is what only some members have; nil reads as zero. It must be there where a decision writes to it
	// (Policy.Records), and where one counts notes, or sends of the other kinds, that a limit looks at.
	Record *Record
	// Look is what only some limits look at; it must be there where Policy.LooksBack.
	Look *Lookback
	// Hit is set by a decision that counts as a hit, Fired by one whose hits started a restriction, and so are forgotten.
	Hit, Fired bool
}

// Record is what only some members need: restrictions and the figures that lead to them, and the windows of the less
// common limits. It holds no pointers, and begins with what most policies look at. The zero value is that of a new member.
type Record struct {
	RestrictedUntil Instant
	Restrictions    uint32 // how many were started
	Reports         uint32 // since the trigger last fired
	Notes           window.Count
	Kinds           KindUse
	Accepted        uint32 // since the trigger last fired
	Resolved        uint32 // since the trigger last fired
	Recent          Recent
	Activity        window.Activity
	Week            window.Count // only where a keeper of accounts has no other place for it
	Anchored        window.Anchored
	Bucket          window.Bucket
	Opened          Instant
}

// Recent holds how the last MaxSample resolved invitations of a member ended, the latest in the lowest bit.
type Recent struct {
	Accepted [MaxSample / 64]uint64
	Count    uint32 // at most MaxSample
}

// add appends one resolved invitation.
func (r *Recent) add(accepted bool) {
	carry := uint64(0)
	if accepted {
		carry = 1
	}
	for i := range r.Accepted {
		next := r.Accepted[i] >> 63
		r.Accepted[i] = r.Accepted[i]<<1 | carry
		carry = next
	}
	r.Count = min(r.Count+1, MaxSample)
}

// KindUse counts a member's sends of the kinds other than Connect, each in its calendar window.
type KindUse struct{ Page, Event window.Count }

// Of returns the count of a kind other than Connect.
func (u *KindUse) Of(kind Kind) *window.Count {
	if kind == Page {
		return &u.Page
	}
	return &u.Event
}

// Invitation is one invitation as the rules see it; Absent if there is none.
type Invitation struct {
	State    State // Absent, Pending or Ignored
	Reported bool
	Note     bool
	Again    bool // an earlier one of this sender and kind had ended withdrawn or expired
	SentAt   Instant
}

// Met returns what an outstanding invitation has met so far.
func (i *Invitation) Met() Met {
	switch {
	case i.Reported:
		return MetReport
	case i.State == Ignored:
		return MetIgnore
	}
	return MetNothing
}

// Met is what an outstanding invitation has met so far.
type Met uint8

// What an invitation may have met. One that was ignored and then reported has met a report.
const (
	MetNothing Met = iota
	MetIgnore
	MetReport
)

// Lookback is what the limits of only some policies look at.
type Lookback struct {
	// Sends are the ascending instants of the sends in a sliding window; Hits those of RateLimited answers within the
	// span of the trigger. Both end before the command at hand.
	Sends, Hits []uint32
	// Old counts the outstanding invitations of kind Connect that the ratio cap calls old, OldTrigger those that the
	// trigger does.
	Old, OldTrigger uint32
}

// Pair is what lies between the actor of a command and its peer, seen from the actor: Out is from the actor, In towards.
type Pair struct {
	Ties Ties
	// Out and In are the invitations of the command's kind and subject.
	Out, In Invitation
	Past    Past
}

// Ties is a set of ties between the actor of a command and its peer.
type Ties uint8

// The ties. An actor who is barred may not invite the peer. Prior says that an invitation of the command's kind has
// ended withdrawn or expired before; TieWithdrawnShown that the actor's list shows a withdrawn one of this kind and subject.
const (
	TieConnected Ties = 1 << iota
	TieBlockOut
	TieBlockIn
	TieBarOut
	TieBarIn
	TiePriorOut
	TiePriorIn
	TieWithdrawnShown
)

// Has says whether one of the ties is in the set.
func (t Ties) Has(ties Ties) bool { return t&ties != 0 }

// Past is what a pair keeps of ended things. The zero value is that of strangers who never met.
type Past struct {
	CooldownOut, CooldownIn Instant // ends; 0 for none
	RemovalEnd              Instant // end of the cooldown of a removal; 0 for none
	RemovedOut, RemovedIn   bool    // who removed the connection: the actor, the peer
	UnblockedOut            bool    // whether the actor has lifted a block, and when
	UnblockedIn             bool
	UnblockedOutAt          Instant
	UnblockedInAt           Instant
}

// Rules are the rules in force: a policy on a calendar.
type Rules struct {
	Policy
	Calendar
	// Sparing says that no policy of the run, now or later, looks at activity or acceptance (Policy.Records): records that are kept for
	// something else need not count them.
	Sparing bool
}
