package model

// Decide answers a command at t and changes what it is given accordingly: a is the actor, b the peer, p what lies
// between them. Invitations of other kinds and subjects that the command ends (a block, a closed account) are for the
// caller to end, with Cancel. Queries, and the idempotency keys in front of the rules, are not decided here.
func (r *Rules) Decide(t Instant, c *Command, a, b *Account, p *Pair) (answer Answer) {
	switch {
	case !a.Exists || r.malformed(c, b): // 1
		return Answer{Outcome: Invalid, At: t}
	case a.Closed && c.Verb != Reopen: // 2
		return Answer{Outcome: AccountClosed, At: t}
	}
	switch c.Verb {
	case Send:
		answer = r.send(t, c, a, b, p)
	case Withdraw:
		answer = r.withdraw(t, c, a, p)
	case Accept:
		answer = r.accept(t, c, a, b, p)
	case Ignore:
		answer = ignore(c, p)
	case Report:
		answer = r.report(t, c, b, p)
	case Block:
		answer = r.block(t, a, b, p)
	case Unblock:
		answer = r.unblock(t, p)
	case Remove:
		answer = r.remove(t, a, b, p)
	default:
		answer = setAccount(c, a)
	}
	answer.At = t
	if answer.Outcome.Success() && a.Record != nil {
		a.Record.Activity.Add(r.Period(t, r.WeeklyLimit.Dynamic.Activity.Period))
	}
	return answer
}

// setAccount decides the commands that concern the actor's account alone.
func setAccount(c *Command, a *Account) Answer {
	switch c.Verb {
	case SetInbound:
		a.Inbound = c.Setting
		return Answer{Outcome: WasSet}
	case Close:
		a.Closed = true
		return Answer{Outcome: WasClosed}
	case Reopen:
		return reopen(a)
	}
	panic("model: Decide of a query: " + c.Verb.String())
}

// malformed is check 1: what no state of the system makes valid.
func (r *Rules) malformed(c *Command, b *Account) bool {
	switch c.Verb {
	case Send:
		return c.Actor == c.Peer || uint32(c.Note) > r.Note.MaxLength
	case Block:
		return c.Actor == c.Peer || !b.Exists
	}
	return false
}

func reopen(a *Account) Answer {
	if !a.Closed {
		return Answer{Outcome: Invalid}
	}
	a.Closed = false
	return Answer{Outcome: WasReopened}
}

// send walks the checks of spec 3 in their order; the first that applies decides.
func (r *Rules) send(t Instant, c *Command, a, b *Account, p *Pair) Answer {
	connect := c.Kind == Connect
	switch {
	case !b.Exists || b.Closed || p.Ties.Has(TieBlockOut|TieBlockIn): // 3
		return Answer{Outcome: Unavailable}
	case connect && p.Ties.Has(TieConnected): // 4
		return Answer{Outcome: AlreadyConnected}
	case connect && p.In.State.Outstanding(): // 5
		return r.cross(t, a, b, p)
	case p.Out.State.Outstanding(): // 6
		return Answer{Outcome: AlreadyPending}
	case p.Ties.Has(TieBarOut): // 7
		return Answer{Outcome: Unavailable}
	}
	if connect {
		if until := max(p.Past.CooldownOut, p.Past.RemovalEnd); until > t { // 8
			return Answer{Outcome: Cooldown, Until: until, Bounded: true}
		}
	}
	if !r.admits(c, b, p) { // 9
		return Answer{Outcome: NotAllowed}
	}
	if connect { // 10
		if full := r.full(a, b, SenderFull, RecipientFull); full != NoOutcome {
			return Answer{Outcome: full}
		}
	}
	if until, restricted := r.restricted(t, a); restricted { // 11
		return Answer{Outcome: Restricted, Until: until, Bounded: true}
	}
	if answer := r.rateLimited(t, c.Kind, a); answer.Outcome != NoOutcome { // 12
		return answer
	}
	if connect && r.PendingCapped(a) { // 13
		return Answer{Outcome: PendingCapped}
	}
	if c.Note > 0 && r.noteSpent(t, a) { // 14
		return Answer{Outcome: NoteQuota}
	}
	return r.sent(t, c, a, p) // 15
}

// cross is check 5: the peer's invitation is outstanding.
func (r *Rules) cross(t Instant, a, b *Account, p *Pair) Answer {
	if r.CrossInvite == CrossReject {
		return Answer{Outcome: AlreadyPending}
	}
	if full := r.full(a, b, SenderFull, RecipientFull); full != NoOutcome {
		return Answer{Outcome: full}
	}
	return r.connect(t, a, b, p)
}

// admits is check 9: the recipient's inbound setting, and who may invite after a removal.
func (r *Rules) admits(c *Command, b *Account, p *Pair) bool {
	if b.Inbound == Nobody || b.Inbound == Email && !c.Email {
		return false
	}
	if c.Kind != Connect {
		return true
	}
	switch r.Removal.Reinvite {
	case ReinviteRemoverOnly:
		return !p.Past.RemovedIn
	case ReinviteNone:
		return !p.Past.RemovedIn && !p.Past.RemovedOut
	}
	return true
}

// full says which of the two is at the connection cap, the actor first.
func (r *Rules) full(a, b *Account, actor, peer Outcome) Outcome {
	switch {
	case a.Connections >= r.ConnectionCap && r.ConnectionCap != Unlimited:
		return actor
	case b.Connections >= r.ConnectionCap && r.ConnectionCap != Unlimited:
		return peer
	}
	return NoOutcome
}

// sent carries a send out.
func (r *Rules) sent(t Instant, c *Command, a *Account, p *Pair) Answer {
	p.Out = Invitation{State: Pending, Note: c.Note > 0, Again: p.Ties.Has(TiePriorOut), SentAt: t}
	if c.Kind == Connect {
		a.Outstanding++
		r.useWindow(t, a)
		p.Past.CooldownOut, p.Past.RemovalEnd = 0, 0 // they are over, or check 8 had refused
	} else {
		a.Kinds.Of(c.Kind).Add(r.Period(t, r.Kinds.Of(c.Kind).Period))
	}
	if c.Note > 0 && a.Record != nil {
		a.Record.Notes.Add(r.Period(t, notePeriod))
	}
	return Answer{Outcome: WasSent, Again: p.Out.Again, SentAt: t}
}

func (r *Rules) withdraw(t Instant, c *Command, a *Account, p *Pair) Answer {
	switch {
	case p.Out.State.Outstanding():
	case p.Ties.Has(TieWithdrawnShown): // whatever came after it, a connection too
		return Answer{Outcome: AlreadyWithdrawn}
	case c.Kind == Connect && p.Ties.Has(TieConnected):
		return Answer{Outcome: AlreadyAccepted}
	default:
		return Answer{Outcome: NotFound}
	}
	answer := Answer{Outcome: WasWithdrawn, SentAt: p.Out.SentAt}
	r.End(t, Withdrawn, c.Kind, &p.Out, a)
	p.Ties |= TiePriorOut
	if c.Kind == Connect {
		r.cool(t, &p.Past.CooldownOut)
	}
	return answer
}

// cool starts a cooldown at t; one that ends later stays.
func (r *Rules) cool(t Instant, end *Instant) {
	if r.Resend.Cooldown > 0 {
		*end = max(*end, t.After(r.Resend.Cooldown))
	}
}

func (r *Rules) accept(t Instant, c *Command, b, a *Account, p *Pair) Answer {
	connect := c.Kind == Connect
	if connect && p.Ties.Has(TieConnected) {
		return Answer{Outcome: AlreadyConnected}
	}
	if p.In.State != Pending && (p.In.State != Ignored || !r.Ignore.Reversible) {
		return Answer{Outcome: NotAvailable}
	}
	if !connect {
		answer := Answer{Outcome: WasAccepted, SentAt: p.In.SentAt}
		r.End(t, Accepted, c.Kind, &p.In, a)
		return answer
	}
	if full := r.full(b, a, Full, PeerFull); full != NoOutcome {
		return Answer{Outcome: full}
	}
	return r.connect(t, b, a, p)
}

// connect accepts the peer's invitation.
func (r *Rules) connect(t Instant, a, b *Account, p *Pair) Answer {
	answer := Answer{Outcome: WasConnected, SentAt: p.In.SentAt}
	r.End(t, Accepted, Connect, &p.In, b)
	Join(a, b, p)
	return answer
}

// Join makes the two connected and drops what stood between them.
func Join(a, b *Account, p *Pair) {
	a.Connections++
	b.Connections++
	p.Ties = p.Ties&^(TieBarOut|TieBarIn) | TieConnected
	p.Past.CooldownOut, p.Past.CooldownIn, p.Past.RemovalEnd = 0, 0, 0
	p.Past.RemovedOut, p.Past.RemovedIn = false, false
}

func ignore(c *Command, p *Pair) Answer {
	if c.Kind == Connect && p.Ties.Has(TieConnected) {
		return Answer{Outcome: AlreadyConnected}
	}
	if p.In.State != Pending {
		return Answer{Outcome: NotAvailable}
	}
	p.In.State = Ignored
	return Answer{Outcome: WasIgnored, SentAt: p.In.SentAt}
}

func (r *Rules) report(t Instant, c *Command, a *Account, p *Pair) Answer {
	if c.Kind == Connect && p.Ties.Has(TieConnected) {
		return Answer{Outcome: AlreadyConnected}
	}
	if !p.In.State.Outstanding() || p.In.Reported {
		return Answer{Outcome: NotAvailable}
	}
	p.In.State, p.In.Reported = Ignored, true
	p.Ties |= TieBarIn
	r.reported(t, c.Kind, a)
	return Answer{Outcome: WasReported, SentAt: p.In.SentAt}
}

func (r *Rules) block(t Instant, a, b *Account, p *Pair) Answer {
	switch {
	case p.Ties.Has(TieBlockOut):
		return Answer{Outcome: AlreadyBlocked}
	case p.Past.UnblockedOut && t < p.Past.UnblockedOutAt.After(r.Block.ReblockAfter):
		return Answer{Outcome: TooSoon}
	}
	p.Ties |= TieBlockOut
	if p.Ties.Has(TieConnected) {
		part(a, b, p)
	}
	if p.Out.State.Outstanding() {
		r.End(t, Cancelled, Connect, &p.Out, a)
		r.cool(t, &p.Past.CooldownOut)
	}
	if p.In.State.Outstanding() {
		r.End(t, Cancelled, Connect, &p.In, b)
	}
	return Answer{Outcome: WasBlocked}
}

func (r *Rules) unblock(t Instant, p *Pair) Answer {
	switch {
	case !p.Ties.Has(TieBlockOut):
		return Answer{Outcome: NotBlocked}
	case !r.Block.Reversible:
		return Answer{Outcome: Irreversible}
	}
	p.Ties &^= TieBlockOut
	p.Past.UnblockedOut, p.Past.UnblockedOutAt = true, t
	return Answer{Outcome: WasUnblocked}
}

func (r *Rules) remove(t Instant, a, b *Account, p *Pair) Answer {
	if !p.Ties.Has(TieConnected) {
		return Answer{Outcome: NotConnected}
	}
	part(a, b, p)
	p.Past.RemovedOut, p.Past.RemovedIn = true, false
	p.Past.RemovalEnd = 0
	if r.Removal.Cooldown > 0 {
		p.Past.RemovalEnd = t.After(r.Removal.Cooldown)
	}
	return Answer{Outcome: WasRemoved}
}

// part undoes a connection.
func part(a, b *Account, p *Pair) {
	p.Ties &^= TieConnected
	a.Connections--
	b.Connections--
}

// End ends an outstanding invitation of the given kind at t: the sender's slot is freed, and their acceptance rate and
// what follows from it change. A terminal state that the sender's own timer brings (Expired) is ended here as well.
func (r *Rules) End(t Instant, how State, kind Kind, invitation *Invitation, sender *Account) {
	if kind == Connect {
		sender.Outstanding--
		if how != Cancelled && !invitation.Reported {
			r.resolved(t, how == Accepted, sender)
		}
	}
	*invitation = Invitation{}
}
