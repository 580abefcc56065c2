package oracle

import "invitesim/model"

// closed says whether the account of a is closed: what the last close or reopen left.
func (o *Oracle) closed(a model.Member) bool {
	closed := false
	for _, e := range o.history[a] {
		if e.what == decided && e.by == a {
			switch e.answer.Outcome {
			case model.WasClosed:
				closed = true
			case model.WasReopened:
				closed = false
			}
		}
	}
	return closed
}

// inbound returns from whom a takes invitations: what was set last.
func (o *Oracle) inbound(a model.Member) model.Inbound {
	setting := model.Anyone
	for _, e := range o.history[a] {
		if e.what == decided && e.by == a && e.answer.Outcome == model.WasSet {
			setting = e.command.Setting
		}
	}
	return setting
}

// openedAt returns when the account of a was opened: at the start of the run unless it was set up.
func (o *Oracle) openedAt(a model.Member) model.Instant {
	at := model.Instant(0)
	for _, e := range o.history[a] {
		if e.what == opened {
			at = e.at
		}
	}
	return at
}

// connections returns how many connections a has: those made, less those ended, and those to people outside.
func (o *Oracle) connections(a model.Member) uint64 {
	made, ended, toOutside := uint64(0), uint64(0), uint64(0)
	for _, e := range o.history[a] {
		switch e.what {
		case connected:
			made++
		case removed, severed:
			ended++
		case outside:
			toOutside += uint64(e.number)
		}
	}
	return made - ended + toOutside
}

// full says whether a has as many connections as the policy allows.
func (o *Oracle) full(a model.Member) bool {
	bound := o.policy().ConnectionCap
	return bound != model.Unlimited && o.connections(a) >= uint64(bound)
}

// between returns whether an event is one of the two members alone, whoever did it.
func (e *event) between(a, b model.Member) bool {
	return e.by == a && e.to == b || e.by == b && e.to == a
}

// connected says whether a and b are: what the last event between them left.
func (o *Oracle) connected(a, b model.Member) bool {
	together := false
	for _, e := range o.history[a] {
		switch {
		case e.what == connected && e.between(a, b):
			together = true
		case (e.what == removed || e.what == severed) && e.between(a, b):
			together = false
		}
	}
	return together
}

// blocks says whether a blocks b.
func (o *Oracle) blocks(a, b model.Member) bool {
	blocking := false
	for _, e := range o.history[a] {
		if e.what == decided && e.by == a && e.to == b {
			switch e.answer.Outcome {
			case model.WasBlocked:
				blocking = true
			case model.WasUnblocked:
				blocking = false
			}
		}
	}
	return blocking
}

// unblockedAt returns when a last unblocked b.
func (o *Oracle) unblockedAt(a, b model.Member) (at model.Instant, ever bool) {
	for _, e := range o.history[a] {
		if e.what == decided && e.by == a && e.to == b && e.answer.Outcome == model.WasUnblocked {
			at, ever = e.at, true
		}
	}
	return at, ever
}

// barred says whether b has reported a since the two last connected.
func (o *Oracle) barred(a, b model.Member) bool {
	barred := false
	for _, e := range o.history[a] {
		switch {
		case e.what == connected && e.between(a, b):
			barred = false
		case e.what == reported && e.invitation.from == a && e.invitation.to == b:
			barred = true
		}
	}
	return barred
}

// cooldown returns until when a must wait to invite b: the latest end of what a withdrew, and of a removal, since the
// two last connected.
func (o *Oracle) cooldown(a, b model.Member) model.Instant {
	until := -model.Never
	for _, e := range o.history[a] {
		switch {
		case e.what == connected && e.between(a, b):
			until = -model.Never
		case e.what == removed && e.between(a, b):
			until = max(until, e.until)
		case (e.what == withdrawn || e.what == cancelled) && e.by == a && e.invitation.to == b:
			until = max(until, e.until)
		}
	}
	return until
}

// removal returns the removal of a connection between a and b that no later connection made forgotten, or nil.
func (o *Oracle) removal(a, b model.Member) *event {
	var last *event
	for _, e := range o.history[a] {
		switch {
		case e.what == connected && e.between(a, b):
			last = nil
		case e.what == removed && e.between(a, b):
			last = e
		}
	}
	return last
}

// mayReinvite says whether a policy on removals lets a invite b.
func (o *Oracle) mayReinvite(a, b model.Member) bool {
	removal := o.removal(a, b)
	if removal == nil {
		return true
	}
	switch o.policy().Removal.Reinvite {
	case model.ReinviteRemoverOnly:
		return removal.by == a
	case model.ReinviteNone:
		return false
	}
	return true
}

// admits says whether b's inbound setting lets this send pass.
func (o *Oracle) admits(c *model.Command) bool {
	switch o.inbound(c.Peer) {
	case model.Email:
		return c.Email
	case model.Nobody:
		return false
	}
	return true
}
