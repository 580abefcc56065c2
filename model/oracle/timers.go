package oracle

import (
	"slices"

	"invitesim/model"
)

// settle fires every timer due by t, each at its own instant, those of one instant in order of sending.
func (o *Oracle) settle(t model.Instant) {
	for o.alarm <= t {
		at := o.alarm
		for _, i := range slices.Clone(o.open) { // some of them end by it
			o.fireTimer(at, i)
		}
		o.settled = at
		o.alarm = o.nextTimer()
	}
	o.settled = max(o.settled, t)
}

// fireTimer lets an invitation expire or remind at an instant, if that is what is due.
func (o *Oracle) fireTimer(at model.Instant, i *invitation) {
	if i.expires <= at {
		o.happens(i, &event{what: expired, at: at})
		return
	}
	for _, interval := range o.policy().Reminders {
		if i.state() == model.Pending && i.sentAt.After(interval) == at {
			o.happens(i, &event{what: reminded, at: at})
			return
		}
	}
}

// nextTimer returns the first instant later than those settled at which an invitation expires or reminds.
func (o *Oracle) nextTimer() model.Instant {
	next := model.Never
	for _, i := range o.open {
		next = min(next, o.timerOf(i))
	}
	return next
}

// timerOf returns the first instant later than those settled at which this invitation expires or reminds.
func (o *Oracle) timerOf(i *invitation) model.Instant {
	next := i.expires
	for _, interval := range o.policy().Reminders {
		if at := i.sentAt.After(interval); at > o.settled && i.state() == model.Pending {
			next = min(next, at)
		}
	}
	return next
}
