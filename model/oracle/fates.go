package oracle

import "invitesim/model"

// Fate is an invitation, with where it stands and since when.
type Fate struct {
	From, To model.Member
	Kind     model.Kind
	Subject  uint32
	SentAt   model.Instant
	Expires  model.Instant // model.Never for none
	State    model.State
	Since    model.Instant   // of the state
	Reminded []model.Instant // when its recipient was reminded
}

// Fates returns every invitation that was ever sent, by sender and in order of sending, as it stands at t.
func (o *Oracle) Fates(t model.Instant) []Fate {
	o.settle(t)
	var fates []Fate
	for a := model.Member(1); o.exists(a); a++ {
		for _, e := range o.history[a] {
			if e.what == sent && e.by == a {
				fates = append(fates, e.invitation.fate())
			}
		}
	}
	return fates
}

// fate returns the invitation as it stands.
func (i *invitation) fate() Fate {
	f := Fate{From: i.from, To: i.to, Kind: i.kind, Subject: i.subject, SentAt: i.sentAt, Expires: i.expires}
	for _, e := range i.events {
		if e.what == reminded {
			f.Reminded = append(f.Reminded, e.at)
			continue
		}
		f.State, f.Since = after(e.what, f.State), e.at
	}
	return f
}
