package check

import "invitesim/model"

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
	if p.rows == nil || p.figures.Queries == 0 {
		return places{}
	}
	k := places{make([]int32, len(p.calls)), make([]int32, len(p.calls))}
	sends := map[sendName]int32{}
	shown := map[listName]int32{}
	for i := range p.calls {
		c := &p.calls[i]
		l := p.line(c)
		switch verb := l.Command.Verb; {
		case verb == model.Send && l.Given != nil && l.Given.Outcome == model.WasSent:
			sends[sendName{c.actor, c.peer, l.Command.Subject, l.Command.Kind}] = int32(i)
		case verb == model.QuerySent || verb == model.QueryReceived:
			list := listName{c.actor, verb == model.QueryReceived}
			shown[list] = k.show(list, p.rows(c), sends, shown[list])
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
