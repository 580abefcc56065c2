package histories

import (
	"fmt"

	"invitesim/model"
	"invitesim/model/check"
)

// Invariants does every step of a history to a fresh system and says what breaks the invariants 1 to 8 and 10 of RULES.md,
// as far as answers and replies show it; nil if nothing does. It switches lags of views off, behind which lists are
// not the truth. With some ten members it asks some hundred questions a step.
func Invariants(h History, build check.Builder) error {
	h.Steps = append([]Step(nil), h.Steps...)
	h.eachPolicy(func(p *model.Policy) { p.Views.Lag = model.Lag{} })
	system, err := h.build(build)
	if err != nil {
		return err
	}
	defer check.Release(system)
	w := watcher{history: &h, system: system, policy: &h.Policy, keys: make(map[keyOf]model.Instant)}
	for n := range h.Steps {
		if err := w.step(&h.Steps[n]); err != nil {
			return fmt.Errorf("step %d: %s: %w\n%s", n, h.Steps[n].String(), err, h.String())
		}
	}
	if err := w.reminders(); err != nil {
		return fmt.Errorf("at the end: %w\n%s", err, h.String())
	}
	return nil
}

// watcher knows of a history what its answers tell.
type watcher struct {
	history *History
	system  check.System
	policy  *model.Policy
	outside [maxWatched]uint64
	sent    []watched
	waits   []wait
	bars    []bar
	keys    map[keyOf]model.Instant // when they were first used
	counted [maxWatched]tally
}

// keyOf is an idempotency key and whose it is.
type keyOf struct {
	sender model.Member
	key    string
}

// maxWatched is one more than the largest number of members whose history can be watched.
const maxWatched = 65

// tally counts the invitations of a member, of every kind.
type tally struct{ sent, accepted, withdrawn int }

// watched is an invitation as answers tell of it.
type watched struct {
	model.Command
	at, expires model.Instant
	pendingTo   model.Instant // it was not pending from then on, as far as is known
	over        bool
}

// wait is a cooldown of a member who withdrew.
type wait struct {
	from, to model.Member
	until    model.Instant
}

// bar is what a report leaves: one member may not invite another.
type bar struct{ from, to model.Member }

// step does a step and looks at everything that it may have touched.
func (w *watcher) step(s *Step) error {
	before := w.connectionsOf(s)
	response := s.Apply(w.system)
	a, b := s.Command.Actor, s.Command.Peer
	switch s.Doing {
	case ChangingPolicy:
		w.policy = &s.Policy
		return nil
	case OpeningAccount:
		return nil
	case OutsideConnecting:
		w.outside[a] += uint64(s.Number)
		return nil
	case Connecting:
		if response.OK {
			w.forget(a, b)
		}
	default:
		if err := w.answered(s, response.Answer, before); err != nil {
			return err
		}
	}
	for _, m := range []model.Member{a, b} {
		if w.exists(m) {
			if err := w.memberHolds(s.At, m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *watcher) exists(m model.Member) bool { return m >= 1 && uint32(m) <= w.history.Members }

func (w *watcher) connectionsOf(s *Step) uint64 {
	if !w.exists(s.Command.Actor) {
		return 0
	}
	return w.ask(s.At, model.QueryConnections, s.Command.Actor, 0).Connections
}

func (w *watcher) ask(t model.Instant, verb model.Verb, a, b model.Member) model.Reply {
	return w.system.Ask(t, &model.Command{Verb: verb, Actor: a, Peer: b})
}

// memberHolds says what of the invariants 1 to 4 and 8 does not hold for a member.
func (w *watcher) memberHolds(t model.Instant, a model.Member) error {
	outstanding := w.outstanding(t, a, 0)
	quota := w.ask(t, model.QueryQuota, a, 0).Quota
	connect := 0
	for _, row := range outstanding {
		if row.Kind == model.Connect {
			connect++
		}
	}
	if uint32(connect) != quota.Pending {
		return fmt.Errorf("member %s: found %d outstanding in the quota, expected %d as in the list", a, quota.Pending, connect)
	}
	connected := w.outside[a]
	for b := model.Member(1); uint32(b) <= w.history.Members; b++ {
		if a == b {
			continue
		}
		if w.ask(t, model.QueryRelation, a, b).Relation == model.Connected {
			connected++
		}
		if err := w.pairHolds(t, a, b); err != nil {
			return err
		}
	}
	if found := w.ask(t, model.QueryConnections, a, 0).Connections; found != connected {
		return fmt.Errorf("member %s: found %d connections, expected %d as peers say", a, found, connected)
	}
	if n := w.counted[a]; n.sent-n.accepted-n.withdrawn < len(outstanding) {
		return fmt.Errorf("member %s: found %d outstanding, expected at most %d sent less %d accepted and %d withdrawn",
			a, len(outstanding), n.sent, n.accepted, n.withdrawn)
	}
	return nil
}

// outstanding returns the outstanding invitations of a, to b alone unless that is 0.
func (w *watcher) outstanding(t model.Instant, a, b model.Member) []model.Row {
	var rows []model.Row
	for _, row := range w.ask(t, model.QuerySent, a, 0).Rows {
		if row.State == model.Pending && (b == 0 || row.Peer == b) {
			rows = append(rows, row)
		}
	}
	return rows
}

// pairHolds says what of the invariants 1 to 3 does not hold between two members.
func (w *watcher) pairHolds(t model.Instant, a, b model.Member) error {
	ab, ba := w.ask(t, model.QueryRelation, a, b).Relation, w.ask(t, model.QueryRelation, b, a).Relation
	if (ab == model.Connected) != (ba == model.Connected) {
		return fmt.Errorf("members %s and %s: found %s and %s, expected both connected or none", a, b, ab, ba)
	}
	outstanding := append(w.outstanding(t, a, b), w.outstanding(t, b, a)...)
	connect := 0
	for _, row := range outstanding {
		if row.Kind == model.Connect {
			connect++
		}
	}
	blocked := ab == model.Blocked || ba == model.Blocked
	switch {
	case connect > 1:
		return fmt.Errorf("members %s and %s: found %d outstanding invitations of kind connect, expected at most 1", a, b, connect)
	case ab == model.Connected && (connect > 0 || blocked):
		return fmt.Errorf("members %s and %s: found %s and %s with %d outstanding, expected nothing beside a connection", a, b, ab, ba, connect)
	case blocked && len(outstanding) > 0:
		return fmt.Errorf("members %s and %s: found %d outstanding under a block, expected none", a, b, len(outstanding))
	}
	return nil
}

// answered takes in the answer to a command, and says what of the invariants 3 to 7 it breaks.
func (w *watcher) answered(s *Step, answer model.Answer, before uint64) error {
	c := s.Command
	if c.Key != "" && w.repeats(s) {
		return nil
	}
	switch answer.Outcome {
	case model.WasSent:
		return w.sending(s)
	case model.WasConnected:
		return w.connecting(s, answer, before)
	case model.WasAccepted:
		return w.ending(s, c.Peer, c.Actor, answer.SentAt)
	case model.WasWithdrawn:
		if c.Kind == model.Connect {
			w.waits = append(w.waits, wait{c.Actor, c.Peer, s.At.After(w.policy.Resend.Cooldown)})
		}
		return w.ending(s, c.Actor, c.Peer, answer.SentAt)
	case model.WasIgnored, model.WasReported:
		if answer.Outcome == model.WasReported {
			w.bars = append(w.bars, bar{c.Peer, c.Actor})
		}
		i := w.find(c.Peer, c.Actor, c.Kind, c.Subject, answer.SentAt)
		if i == nil || i.over {
			return fmt.Errorf("found an answer to what is not outstanding, expected not_available")
		}
		i.pendingTo = min(i.pendingTo, s.At)
	}
	return nil
}

// repeats says whether a send only repeats an earlier one with the same key.
func (w *watcher) repeats(s *Step) bool {
	k := keyOf{s.Command.Actor, s.Command.Key}
	if first, used := w.keys[k]; used && s.At < first.After(model.Day) {
		return true
	}
	w.keys[k] = s.At
	return false
}

// sending takes in a new invitation: invariants 4, 5 and 6.
func (w *watcher) sending(s *Step) error {
	c, p := s.Command, w.policy
	w.counted[c.Actor].sent++
	expires := s.At.After(p.Expiry)
	w.sent = append(w.sent, watched{Command: c, at: s.At, expires: expires, pendingTo: expires})
	for _, bar := range w.bars {
		if bar.from == c.Actor && bar.to == c.Peer {
			return fmt.Errorf("found a send under a bar, expected unavailable")
		}
	}
	if !w.lists(s) {
		return fmt.Errorf("found no pending row of what was sent, expected it in the sender's list")
	}
	if c.Kind != model.Connect {
		return nil
	}
	for _, wait := range w.waits {
		if wait.from == c.Actor && wait.to == c.Peer && s.At < wait.until {
			return fmt.Errorf("found a send inside a cooldown until %s", wait.until)
		}
	}
	quota := w.ask(s.At, model.QueryQuota, c.Actor, 0).Quota
	most := quota.Cap
	if p.PendingCap.RefuseAt == model.RefuseExceeded && most != model.Unlimited {
		most++
	}
	if quota.Pending > most {
		return fmt.Errorf("found %d outstanding after a send, expected at most %d", quota.Pending, most)
	}
	if quota.Used > quota.Limit {
		return fmt.Errorf("found %d sends in the window, expected at most %d", quota.Used, quota.Limit)
	}
	return nil
}

// lists says whether the sender's list shows what was sent at this step.
func (w *watcher) lists(s *Step) bool {
	for _, row := range w.outstanding(s.At, s.Command.Actor, s.Command.Peer) {
		if row.Kind == s.Command.Kind && row.Subject == s.Command.Subject && row.Since == s.At {
			return true
		}
	}
	return false
}

// connecting takes in a new connection: invariant 3.
func (w *watcher) connecting(s *Step, answer model.Answer, before uint64) error {
	c := s.Command
	now := w.connectionsOf(s)
	if now != before+1 || now > uint64(w.policy.ConnectionCap) {
		return fmt.Errorf("found %d connections after %d, expected one more, at most %d", now, before, w.policy.ConnectionCap)
	}
	if other := w.ask(s.At, model.QueryConnections, c.Peer, 0).Connections; other > uint64(w.policy.ConnectionCap) {
		return fmt.Errorf("found %d connections of the peer, expected at most %d", other, w.policy.ConnectionCap)
	}
	w.forget(c.Actor, c.Peer)
	return w.ending(s, c.Peer, c.Actor, answer.SentAt)
}

// ending takes in the end of an invitation: invariant 7.
func (w *watcher) ending(s *Step, from, to model.Member, sentAt model.Instant) error {
	i := w.find(from, to, s.Command.Kind, s.Command.Subject, sentAt)
	switch {
	case i == nil:
		return fmt.Errorf("found the end of an invitation sent at %s, expected one that was sent", sentAt)
	case i.over:
		return fmt.Errorf("found a second end of an invitation sent at %s", sentAt)
	case s.At >= i.expires:
		return fmt.Errorf("found the end of an invitation that expired at %s", i.expires)
	}
	i.over = true
	i.pendingTo = min(i.pendingTo, s.At)
	if s.Command.Verb == model.Withdraw {
		w.counted[from].withdrawn++
	} else {
		w.counted[from].accepted++
	}
	return nil
}

// find returns the latest invitation that was sent at an instant, or nil.
func (w *watcher) find(from, to model.Member, kind model.Kind, subject uint32, at model.Instant) *watched {
	for n := len(w.sent) - 1; n >= 0; n-- {
		i := &w.sent[n]
		if i.Actor == from && i.Peer == to && i.Kind == kind && i.Subject == subject && i.at == at {
			return i
		}
	}
	return nil
}

// forget drops the cooldowns and bars between two members who are connected now.
func (w *watcher) forget(a, b model.Member) {
	var waits []wait
	for _, x := range w.waits {
		if model.PairKey(x.from, x.to) != model.PairKey(a, b) {
			waits = append(waits, x)
		}
	}
	var bars []bar
	for _, x := range w.bars {
		if model.PairKey(x.from, x.to) != model.PairKey(a, b) {
			bars = append(bars, x)
		}
	}
	w.waits, w.bars = waits, bars
}

// reminders says whether a member was reminded of what was not pending: invariant 10.
func (w *watcher) reminders() error {
	for m := model.Member(1); uint32(m) <= w.history.Members; m++ {
		for _, notice := range w.ask(w.history.end(), model.QueryNotices, m, 0).Notices {
			if notice.Notice == model.NoticeReminded && !w.pendingAt(m, &notice) {
				return fmt.Errorf("member %s: found a reminder at %s of %s's invitation, expected it while one is pending", m, notice.At, notice.Peer)
			}
		}
	}
	return nil
}

// pendingAt says whether an invitation that a notice tells of was pending, as far as is known, at its instant.
func (w *watcher) pendingAt(to model.Member, notice *model.Notice) bool {
	for n := range w.sent {
		i := &w.sent[n]
		same := i.Actor == notice.Peer && i.Peer == to && i.Kind == notice.Kind && i.Subject == notice.Subject
		if same && i.at < notice.At && notice.At <= i.pendingTo && notice.At < i.expires {
			return true
		}
	}
	return false
}
