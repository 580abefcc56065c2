package check

import (
	"math"

	"invitesim/model"
)

const (
	// rowsPart is how many rows of lists a recorder takes memory for at a time, and so the longest list that it records.
	rowsPart = 1024
	// mostParts bounds the memory for the rows of one recorder: 64 MiB.
	mostParts = 8192
)

// RecordList keeps a look at a list of sent or received invitations: when the query was called and answered, in nanoseconds since the start of
// the run, the instant for which the answer holds, and its rows, which are copied. A list that is too long, or one for which there is no room any
// more, is counted and not kept: it changes nothing.
func (r *Recorder) RecordList(call, answered int64, c *model.Command, at model.Instant, rows []model.Row) {
	aside, ok := r.keepRows(rows)
	if !ok {
		r.unkept++
		return
	}
	*r.next() = recorded{
		call: call, answered: answered, at: uint32(at), actor: c.Actor, subject: uint32(len(rows)), aside: aside, verb: c.Verb,
	}
}

// keepRows copies the rows of a list and returns 1 + the index of the first, 0 where there are none.
func (r *Recorder) keepRows(rows []model.Row) (aside uint32, ok bool) {
	if len(rows) == 0 {
		return 0, true
	}
	for i := range rows {
		if rows[i].Subject > mostSubject {
			return 0, false
		}
	}
	last := len(r.rows) - 1
	if last < 0 || len(r.rows[last])+len(rows) > rowsPart {
		if len(rows) > rowsPart || len(r.rows) == mostParts {
			return 0, false
		}
		r.rows = append(r.rows, make([]listed, 0, rowsPart))
		last++
	}
	part := &r.rows[last]
	aside = uint32(1 + last*rowsPart + len(*part))
	for i := range rows {
		*part = append(*part, listedOf(&rows[i]))
	}
	return aside, true
}

// listed is what a trace says of a row, in 8 bytes: the first touch of memory is most of what recording a list costs.
type listed struct {
	peer  model.Member
	about uint32 // the subject above bits of the kind, the state and two flags
}

const (
	aboutAgain uint32 = 1 << iota
	aboutNote
	aboutWithdrawn
	aboutKind // two bits
	_
	aboutSubject
)

// mostSubject is the greatest number of a page or event for which there is room.
const mostSubject = math.MaxUint32 / aboutSubject

func listedOf(r *model.Row) listed {
	about := r.Subject*aboutSubject + uint32(r.Kind)*aboutKind
	if r.State == model.Withdrawn {
		about |= aboutWithdrawn
	}
	if r.Note {
		about |= aboutNote
	}
	if r.Again {
		about |= aboutAgain
	}
	return listed{r.Peer, about}
}

// row is the row without the instant since when it is so, of which a trace says nothing.
func (l listed) row() model.Row {
	r := model.Row{
		Peer: l.peer, Kind: model.Kind(l.about / aboutKind & 3), Subject: l.about / aboutSubject, State: model.Pending,
		Note: l.about&aboutNote != 0, Again: l.about&aboutAgain != 0,
	}
	if l.about&aboutWithdrawn != 0 {
		r.State = model.Withdrawn
	}
	return r
}

// rowsOf returns the rows of a list.
func (h *history) rowsOf(r *recorded) []model.Row {
	if r.aside == 0 {
		return nil
	}
	first := int(r.aside - 1)
	rows := make([]model.Row, r.subject)
	for i := range rows {
		rows[i] = h.rows[first/rowsPart][first%rowsPart+i].row()
	}
	return rows
}
