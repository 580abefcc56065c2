package conduct

import "invitesim/model"

// action is what an event is about. At one nanosecond, events come in this order: first what ends or answers
// invitations, an acceptance before a withdrawal, then what makes new ones.
type action uint8

// The actions. Those with a kind take three numbers, one a kind.
const (
	actSettle action = iota // an invitation of the actor expires, and somebody waits for that
	actAccept
	actIgnore      = actAccept + 3
	actReport      = actIgnore + 3
	actBlock       = actReport + 3
	actReconsider  = actBlock + 3      // accepts what was ignored
	actReportAgain = actReconsider + 3 // reports what was reported
	actMistake     = actReportAgain + 3
	actTidy        = actMistake + 3 // the timetable says so
	actTidyOne     = actTidy + 1    // aux: how many more may follow
	actRemove      = actTidyOne + 1
	actUnblock     = actRemove + 1
	actBlockAgain  = actUnblock + 1
	actLeave       = actBlockAgain + 1
	actBack        = actLeave + 1
	actResend      = actBack + 1
	actRepeat      = actResend + 3 // aux: index into the waiting sends
	actTurn        = actRepeat + 1
	actTimetable   = actTurn + 1      // aux: which multiple
	actSitting     = actTimetable + 1 // aux: which sitting
	actInSitting   = actSitting + 1   // aux: how many more follow
	actReceived    = actInSitting + 1 // looks at the received list
	actSent        = actReceived + 1
)

// The key of an event: 8 bits action, 28 bits actor, 28 bits peer or whatever the action needs. Two events never share
// instant and key but where they are the same, so the order of events depends on nothing else.
const (
	numberBits = 28
	numberMask = 1<<numberBits - 1
	// mostMembers is how many members events can name.
	mostMembers = numberMask
)

func key(what action, actor model.Member, aux uint32) uint64 {
	return uint64(what)<<(2*numberBits) | uint64(actor)<<numberBits | uint64(aux)
}

func unkey(k uint64) (what action, actor model.Member, aux uint32) {
	return action(k >> (2 * numberBits)), model.Member(k >> numberBits & numberMask), uint32(k & numberMask)
}
