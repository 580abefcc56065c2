package oracle

import "invitesim/model"

// what says what an event was.
type what uint8

const (
	decided   what = iota // a command, with its answer
	sent                  // from here to reminded: of an invitation
	ignored               //
	reported              //
	accepted              //
	withdrawn             //
	expired               //
	cancelled             //
	reminded              //
	connected             // two members, by accepting or as set-up
	removed               // the end of a connection, by choice of one
	severed               // the end of a connection, by a block
	fired                 // a trigger, which restricts the member
	opened                // set-up: when the account was opened
	outside               // set-up: connections to people who are not in the system
)

// event is one thing that happened. Ends that a policy fixes when something happens are part of it.
type event struct {
	what       what
	order      int // in the history of all
	at         model.Instant
	by, to     model.Member  // who did it and with whom; nobody for timers
	command    model.Command // decided
	answer     model.Answer  // decided
	invitation *invitation   // sent to reminded
	shows      model.Instant // sent to cancelled: when lists show it
	told       bool          // sent, accepted, withdrawn: the other side got a notice
	recalled   bool          // withdrawn, expired, cancelled: the recipient's notices were taken back
	until      model.Instant // withdrawn, cancelled, removed: of the cooldown; fired: of the restriction
	limit      uint32        // sent: the limit in force
	trigger    trigger       // fired
	number     uint32        // outside
}

// invitation is what was fixed when one was sent, and what has happened to it.
type invitation struct {
	from, to model.Member
	kind     model.Kind
	subject  uint32
	sentAt   model.Instant
	expires  model.Instant
	note     bool
	again    bool
	events   []*event
}

// state returns where the invitation stands after all that happened to it.
func (i *invitation) state() model.State {
	state := model.Absent
	for _, e := range i.events {
		state = after(e.what, state)
	}
	return state
}

// after returns the state of an invitation after something happened to it.
func after(happened what, before model.State) model.State {
	switch happened {
	case sent:
		return model.Pending
	case ignored, reported:
		return model.Ignored
	case accepted:
		return model.Accepted
	case withdrawn:
		return model.Withdrawn
	case expired:
		return model.Expired
	case cancelled:
		return model.Cancelled
	}
	return before
}

// had returns what of a kind happened to the invitation, or nil.
func (i *invitation) had(happened what) *event {
	for _, e := range i.events {
		if e.what == happened {
			return e
		}
	}
	return nil
}

// resolution returns the first event that counts in the acceptance rate of the sender, or nil.
func (i *invitation) resolution() *event {
	for _, e := range i.events {
		switch e.what {
		case accepted, reported, withdrawn, expired:
			return e
		}
	}
	return nil
}

// happens records an event of an invitation in the history of both, and looks at the triggers that it may trip.
func (o *Oracle) happens(i *invitation, e *event) {
	p := o.policy()
	e.invitation = i
	e.shows = e.at.After(p.Views.Lag.Of(o.seed, i.from, i.to, e.at))
	switch e.what {
	case sent:
		e.told = p.Notify.OnSend
	case accepted:
		e.told = p.Notify.OnAccept
	case withdrawn:
		e.told, e.recalled = p.Notify.OnWithdraw, p.Notify.Recall.InApp
	case expired, cancelled:
		e.recalled = p.Notify.Recall.InApp
	}
	i.events = append(i.events, e)
	o.record(e, i.from, i.to)
	o.open = stillOpen(o.open, i)
	if e.what == reported {
		o.lookAtReports(e.at, i.from)
	}
	if i.kind == model.Connect && e == i.resolution() {
		o.lookAtAcceptance(e.at, i.from)
	}
}

// stillOpen returns the outstanding invitations after something happened to one of them.
func stillOpen(open []*invitation, changed *invitation) []*invitation {
	if !changed.state().Outstanding() {
		for at, i := range open {
			if i == changed {
				return append(open[:at], open[at+1:]...)
			}
		}
		return open
	}
	if len(changed.events) == 1 {
		return append(open, changed)
	}
	return open
}

// outstanding returns the outstanding invitation from a to b of a kind and subject, or nil.
func (o *Oracle) outstanding(a, b model.Member, kind model.Kind, subject uint32) *invitation {
	for _, e := range o.history[a] {
		i := e.invitation
		if e.what == sent && i.from == a && i.to == b && i.kind == kind && i.subject == subject && i.state().Outstanding() {
			return i
		}
	}
	return nil
}

// outstandingOf returns the outstanding invitations for which wanted holds, of all that a sent or received.
func (o *Oracle) outstandingOf(a model.Member, wanted func(*invitation) bool) []*invitation {
	var found []*invitation
	for _, e := range o.history[a] {
		if e.what == sent && e.invitation.state().Outstanding() && wanted(e.invitation) {
			found = append(found, e.invitation)
		}
	}
	return found
}

// sentConnect returns the outstanding invitations of kind Connect from a.
func (o *Oracle) sentConnect(a model.Member) []*invitation {
	return o.outstandingOf(a, func(i *invitation) bool { return i.from == a && i.kind == model.Connect })
}

// met returns what an outstanding invitation has met so far.
func (i *invitation) met() model.Met {
	switch {
	case i.had(reported) != nil:
		return model.MetReport
	case i.had(ignored) != nil:
		return model.MetIgnore
	}
	return model.MetNothing
}
