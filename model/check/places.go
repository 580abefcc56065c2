package check

import (
	"slices"
	"strconv"
	"strings"

	"invitesim/model"
	"invitesim/model/trace"
)

// places are those of invitations in lists that a look at a list showed later: where calls overlap, they tell the search which of two sends to try
// first. They decide nothing, so it does not matter that they may be wrong where somebody was invited twice.
type places struct {
	sent, received []int32 // by the call that sent: the place among those that looks at the list showed, from 1; 0 for unknown
}

// listName names a list.
type listName struct {
	owner    model.Member
	received bool
}

// sendName names an invitation by what a row tells of it.
type sendName struct {
	sender, recipient model.Member
	subject           uint32
	kind              model.Kind
}

// placesOf goes through the calls in the order in which the search takes them up.
func placesOf(p *puzzle) places {
	if !slices.ContainsFunc(p.calls, func(c call) bool { return c.looksAtList() }) {
		return places{}
	}
	k := places{make([]int32, len(p.calls)), make([]int32, len(p.calls))}
	sends := map[sendName]int32{}
	shown := map[listName]int32{}
	for i := range p.calls {
		switch c := &p.calls[i]; {
		case c.looksAtList():
			list := listName{c.actor, c.verb == model.QueryReceived}
			shown[list] = k.show(list, p.rows(c), sends, shown[list])
		case c.verb == model.Send && c.effect == changing:
			about := &p.line(c).Command
			sends[sendName{c.actor, c.peer, about.Subject, about.Kind}] = int32(i)
		}
	}
	return k
}

// show gives the rows that no look showed before their places, and returns how many have one.
func (k *places) show(list listName, rows []model.Row, sends map[sendName]int32, known int32) int32 {
	for i := range rows {
		r := &rows[i]
		name, place := sendName{list.owner, r.Peer, r.Subject, r.Kind}, k.sent
		if list.received {
			name.sender, name.recipient, place = name.recipient, name.sender, k.received
		}
		if call, ok := sends[name]; ok && place[call] == 0 {
			known++
			place[call] = known
		}
	}
	return known
}

// before says whether a list showed what one call sent before what another did.
func (k *places) before(p *puzzle, i, j int32) bool {
	if k.sent == nil {
		return false
	}
	a, b := &p.calls[i], &p.calls[j]
	return a.actor == b.actor && 0 < k.sent[i] && k.sent[i] < k.sent[j] ||
		a.peer == b.peer && 0 < k.received[i] && k.received[i] < k.received[j]
}

// first puts a call in front that none of the others was shown before.
func (k *places) first(p *puzzle, calls []int32) {
	for i := 1; i < len(calls); i++ {
		if k.before(p, calls[i], calls[0]) {
			calls[0], calls[i] = calls[i], calls[0]
		}
	}
}

// looksAtList says whether the call is a look at a list of invitations.
func (c *call) looksAtList() bool { return c.verb == model.QuerySent || c.verb == model.QueryReceived }

// rowsOf reads the rows of a list as far as they name an invitation.
func rowsOf(given *trace.Given) []model.Row {
	if given == nil {
		return nil
	}
	var rows []model.Row
	for _, word := range given.Reply {
		number, flags, _ := strings.Cut(word, ":")
		peer, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			continue
		}
		row := model.Row{Peer: model.Member(peer)}
		for flag := range strings.SplitSeq(flags, ",") {
			name, subject, _ := strings.Cut(flag, "=")
			for kind := model.Page; kind <= model.Event; kind++ {
				if number, err := strconv.ParseUint(subject, 10, 32); err == nil && name == kind.String() {
					row.Kind, row.Subject = kind, uint32(number)
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}
