package model

// Decide answers a command at t and changes what it is given accordingly: a is the actor, b the peer, p what lies
// between them. Invitations of other kinds and subjects that the command ends (a block, a closed account) are for the
// caller to end, with End. Queries, and the idempotency keys in front of the rules, are not decided here.
func (r *Rules) Decide(t Instant, c *Command, a, b *Account, p *Pair) (answer Answer) {
	r.DecideTo(&answer, t, c, a, b, p)
	return answer
}

// DecideTo is Decide for those who are in a hurry: it writes the answer where it is to be.
func (r *Rules) DecideTo(answer *Answer, t Instant, c *Command, a, b *Account, p *Pair) {
	decided := r.decide(t, c, a, b, p)
	answer.Outcome, answer.Again = decided.Outcome, decided.Again
	answer.Until, answer.Bounded = decided.Until, decided.Until != 0
	answer.At, answer.SentAt, answer.Met = t, decided.SentAt, decided.Met
	answer.Used, answer.Limit, answer.Repeated, answer.Outstanding = decided.Used, decided.Limit, false, a.Outstanding
	if decided.Outcome.Success() && a.Record != nil && !r.Sparing {
		a.Record.Activity.Add(r.Period(t, r.WeeklyLimit.Dynamic.Activity.Period))
	}
}

// ruling is an Answer without its instant: few and small enough fields to stay in the processor's registers, where copies cost nothing.
type ruling struct {
	Outcome Outcome
	Again   bool
	Met     Met
	Until   Instant // 0 for none: a refusal that ends does so later than it is given, and nothing is decided before 0
	SentAt  Instant
	Used    uint32
	Limit   uint32
}

func (r *Rules) decide(t Instant, c *Command, a, b *Account, p *Pair) ruling {
	switch {
	case !a.Exists || r.malformed(c, b): // 1
		return ruling{Outcome: Invalid}
	case a.Closed && c.Verb != Reopen: // 2
		return ruling{Outcome: AccountClosed}
	}
	switch c.Verb {
	case Send:
		return r.send(t, c, a, b, p)
	case Withdraw:
		return r.withdraw(t, c, a, p)
	case Accept:
		return r.accept(t, c, a, b, p)
	case Ignore:
		return ignore(c, p)
	case Report:
		return r.report(t, c, b, p)
	case Block:
		return r.block(t, a, b, p)
	case Unblock:
		return r.unblock(t, p)
	case Remove:
		return r.remove(t, a, b, p)
	}
	return setAccount(c, a)
}

// setAccount decides the commands that concern the actor's account alone.
func setAccount(c *Command, a *Account) ruling {
	switch c.Verb {
	case SetInbound:
		a.Inbound = c.Setting
		return ruling{Outcome: WasSet}
	case Close:
		a.Closed = true
		return ruling{Outcome: WasClosed}
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
	case SetInbound:
		return c.Setting > Nobody
	}
	return false
}

func reopen(a *Account) ruling {
	if !a.Closed {
		return ruling{Outcome: Invalid}
	}
	a.Closed = false
	return ruling{Outcome: WasReopened}
}

// send walks the checks in their order (RULES.md, The order of the checks of send); the first that applies decides.
func (r *Rules) send(t Instant, c *Command, a, b *Account, p *Pair) ruling {
	connect := c.Kind == Connect
	switch {
	case !b.Exists || b.Closed || p.Ties.Has(TieBlockOut|TieBlockIn): // 3
		return ruling{Outcome: Unavailable}
	case connect && p.Ties.Has(TieConnected): // 4
		return ruling{Outcome: AlreadyConnected}
	case connect && p.In.State.Outstanding(): // 5
		return r.cross(t, a, b, p)
	case p.Out.State.Outstanding(): // 6
		return ruling{Outcome: AlreadyPending}
	case p.Ties.Has(TieBarOut): // 7
		return ruling{Outcome: Unavailable}
	}
	if connect {
		if until := max(p.Past.CooldownOut, p.Past.RemovalEnd); until > t { // 8
			return ruling{Outcome: Cooldown, Until: until}
		}
	}
	if !r.admits(c, b, p) { // 9
		return ruling{Outcome: NotAllowed}
	}
	if connect { // 10
		if full := r.full(a, b, SenderFull, RecipientFull); full != NoOutcome {
			return ruling{Outcome: full}
		}
	}
	if until, restricted := r.restricted(t, a); restricted { // 11
		return ruling{Outcome: Restricted, Until: until}
	}
	quota := r.rateLimited(t, c.Kind, a)
	if quota.Outcome != NoOutcome { // 12
		return quota
	}
	if connect && r.PendingCapped(a) { // 13
		return ruling{Outcome: PendingCapped}
	}
	if c.Note > 0 && r.noteSpent(t, a) { // 14
		return ruling{Outcome: NoteQuota}
	}
	return r.sent(t, c, a, p, quota) // 15
}

// cross is check 5: the peer's invitation is outstanding.
func (r *Rules) cross(t Instant, a, b *Account, p *Pair) ruling {
	if r.CrossInvite == CrossReject {
		return ruling{Outcome: AlreadyPending}
	}
	if full := r.full(a, b, SenderFull, RecipientFull); full != NoOutcome {
		return ruling{Outcome: full}
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

// sent carries a send out, which has used so much of the quota before.
func (r *Rules) sent(t Instant, c *Command, a *Account, p *Pair, quota ruling) ruling {
	p.Out = Invitation{State: Pending, Note: c.Note > 0, Again: p.Ties.Has(TiePriorOut), SentAt: t}
	if c.Kind == Connect {
		a.Outstanding++
		if quota.Limit != Unlimited {
			quota.Used++
		}
		r.useWindow(t, a)
		p.Past.CooldownOut, p.Past.RemovalEnd = 0, 0 // they are over, or check 8 had refused
	} else if a.Record != nil {
		a.Record.Kinds.Of(c.Kind).Add(r.Period(t, r.Kinds.Of(c.Kind).Period))
	}
	if c.Note > 0 && a.Record != nil {
		a.Record.Notes.Add(r.Period(t, notePeriod))
	}
	return ruling{Outcome: WasSent, Again: p.Out.Again, SentAt: t, Used: quota.Used, Limit: quota.Limit}
}

func (r *Rules) withdraw(t Instant, c *Command, a *Account, p *Pair) ruling {
	switch {
	case p.Out.State.Outstanding():
	case p.Ties.Has(TieWithdrawnShown): // whatever came after it, a connection too
		return ruling{Outcome: AlreadyWithdrawn}
	case c.Kind == Connect && p.Ties.Has(TieConnected):
		return ruling{Outcome: AlreadyAccepted}
	default:
		return ruling{Outcome: NotFound}
	}
	answer := ruling{Outcome: WasWithdrawn, SentAt: p.Out.SentAt, Met: p.Out.Met()}
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

func (r *Rules) accept(t Instant, c *Command, b, a *Account, p *Pair) ruling {
	connect := c.Kind == Connect
	if connect && p.Ties.Has(TieConnected) {
		return ruling{Outcome: AlreadyConnected}
	}
	if p.In.State != Pending && (p.In.State != Ignored || !r.Ignore.Reversible) {
		return ruling{Outcome: NotAvailable}
	}
	if !connect {
		answer := ruling{Outcome: WasAccepted, SentAt: p.In.SentAt, Met: p.In.Met()}
		r.End(t, Accepted, c.Kind, &p.In, a)
		return answer
	}
	if full := r.full(b, a, Full, PeerFull); full != NoOutcome {
		return ruling{Outcome: full}
	}
	return r.connect(t, b, a, p)
}

// connect accepts the peer's invitation.
func (r *Rules) connect(t Instant, a, b *Account, p *Pair) ruling {
	answer := ruling{Outcome: WasConnected, SentAt: p.In.SentAt, Met: p.In.Met()}
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

func ignore(c *Command, p *Pair) ruling {
	if c.Kind == Connect && p.Ties.Has(TieConnected) {
		return ruling{Outcome: AlreadyConnected}
	}
	if p.In.State != Pending {
		return ruling{Outcome: NotAvailable}
	}
	p.In.State = Ignored
	return ruling{Outcome: WasIgnored, SentAt: p.In.SentAt}
}

func (r *Rules) report(t Instant, c *Command, a *Account, p *Pair) ruling {
	if c.Kind == Connect && p.Ties.Has(TieConnected) {
		return ruling{Outcome: AlreadyConnected}
	}
	if !p.In.State.Outstanding() || p.In.Reported {
		return ruling{Outcome: NotAvailable}
	}
	answer := ruling{Outcome: WasReported, SentAt: p.In.SentAt, Met: p.In.Met()}
	p.In.State, p.In.Reported = Ignored, true
	p.Ties |= TieBarIn
	r.reported(t, c.Kind, a)
	return answer
}

func (r *Rules) block(t Instant, a, b *Account, p *Pair) ruling {
	switch {
	case p.Ties.Has(TieBlockOut):
		return ruling{Outcome: AlreadyBlocked}
	case p.Past.UnblockedOut && t < p.Past.UnblockedOutAt.After(r.Block.ReblockAfter):
		return ruling{Outcome: TooSoon}
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
	return ruling{Outcome: WasBlocked}
}

func (r *Rules) unblock(t Instant, p *Pair) ruling {
	switch {
	case !p.Ties.Has(TieBlockOut):
		return ruling{Outcome: NotBlocked}
	case !r.Block.Reversible:
		return ruling{Outcome: Irreversible}
	}
	p.Ties &^= TieBlockOut
	p.Past.UnblockedOut, p.Past.UnblockedOutAt = true, t
	return ruling{Outcome: WasUnblocked}
}

func (r *Rules) remove(t Instant, a, b *Account, p *Pair) ruling {
	if !p.Ties.Has(TieConnected) {
		return ruling{Outcome: NotConnected}
	}
	part(a, b, p)
	p.Past.RemovedOut, p.Past.RemovedIn = true, false
	p.Past.RemovalEnd = 0
	if r.Removal.Cooldown > 0 {
		p.Past.RemovalEnd = t.After(r.Removal.Cooldown)
	}
	return ruling{Outcome: WasRemoved}
}

// part undoes a connection.
func part(a, b *Account, p *Pair) {
	p.Ties &^= TieConnected
	a.Connections--
	b.Connections--
}

// End ends an outstanding invitation of the given kind at t: the sender's slot is freed, and their acceptance rate and
// what follows from it change. Expired, which a timer brings, ends here as well.
func (r *Rules) End(t Instant, how State, kind Kind, invitation *Invitation, sender *Account) {
	if kind == Connect {
		sender.Outstanding--
		if how != Cancelled && !invitation.Reported {
			r.resolved(t, how == Accepted, sender)
		}
	}
	*invitation = Invitation{}
}
