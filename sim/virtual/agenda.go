package virtual

// nextAppointment returns the nanosecond of the next appointment, the end if there is none.
func (e *engine) nextAppointment() uint64 {
	if len(e.agenda) == 0 {
		return e.end
	}
	return uint64(e.agenda[0].At) * second
}

// keepAppointment takes the first appointment of the agenda, unless the run stops there.
func (e *engine) keepAppointment() {
	next := e.agenda[0]
	if next.WindowEnds {
		e.closeWindows(next.At, false)
	}
	if (next.WindowEnds || next.StepEnds) && e.isHopeless(next.At) {
		return
	}
	e.agenda = e.agenda[1:]
	if next.StepEnds {
		e.endStep(next.At - 1)
	}
	if next.WarmupEnd {
		e.startMeasuring(next.At)
	}
	if next.WindowOpens {
		e.openWindows(next.At)
	}
	if next.Policy != nil {
		e.changePolicy(next.At, next.Policy)
		e.share.ChangePolicy(next.Policy)
	}
}
