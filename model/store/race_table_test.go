package store_test

import "slices"

// races returns the races of RULES.md that need two callers. In all of them 1 invites, and 2 is who is asked.
func races() []race {
	return slices.Concat(answerRaces(), sendRaces(), keyRaces(), limitRaces(), blockRaces(), closeRaces(), lookRaces(), instantRaces())
}

// answerRaces are about the end of one invitation.
func answerRaces() []race {
	return []race{
		{
			name: "R01 accept against withdraw", before: "0s send 1 2", callers: "1h accept 2 1; 1h withdraw 1 2",
			allowed: []string{"connected already_accepted", "not_available withdrawn"},
		},
		{
			name: "R01 accept against withdraw of a page", before: "0s send 1 2 page=7", callers: "1h accept 2 1 page=7; 1h withdraw 1 2 page=7",
			allowed: []string{"accepted not_found", "not_available withdrawn"},
		},
		{
			name: "R02 accept against ignore from two devices", before: "0s send 1 2", callers: "1h accept 2 1; 1h ignore 2 1",
			allowed: []string{"connected already_connected", "connected ignored"},
		},
		{
			name: "R02 accept against ignore that is final", policy: "ignore.reversible=false",
			before: "0s send 1 2", callers: "1h accept 2 1; 1h ignore 2 1",
			allowed: []string{"connected already_connected", "not_available ignored"},
		},
		{
			name: "R03 accept against accept", before: "0s send 1 2", callers: "1h accept 2 1; 1h accept 2 1",
			allowed: []string{"connected already_connected", "already_connected connected"},
		},
		{
			name: "R03 three accepts", before: "0s send 1 2", callers: "1h accept 2 1; 1h accept 2 1; 1h accept 2 1",
			allowed: []string{
				"connected already_connected already_connected", "already_connected connected already_connected",
				"already_connected already_connected connected",
			},
		},
		{
			name: "R13 withdraw against withdraw", before: "0s send 1 2", callers: "1h withdraw 1 2; 1h withdraw 1 2",
			after: "1h send 1 2", allowed: []string{"withdrawn not_found", "not_found withdrawn"},
		},
		{
			name: "R13 R56 withdraw against withdraw of a row that is kept", policy: "sent_list.keep_withdrawn=24h",
			before: "0s send 1 2", callers: "1h withdraw 1 2; 1h withdraw 1 2", after: "1d send 1 2",
			allowed: []string{"withdrawn already_withdrawn", "already_withdrawn withdrawn"},
		},
		{
			name: "R16 accept from a stale list against its withdraw and a second send", policy: "resend.cooldown=0",
			before: "0s send 1 2", callers: "1h accept 2 1; 1h withdraw 1 2; 1h send 1 2",
			allowed: []string{
				"connected already_accepted already_connected", "not_available withdrawn sent", "connected withdrawn sent",
				"connected already_accepted already_pending", "not_available withdrawn already_pending",
			},
		},
		{
			name: "R18 withdraw against ignore", before: "0s send 1 2", callers: "1h withdraw 1 2; 1h ignore 2 1",
			allowed: []string{"withdrawn ignored", "withdrawn not_available"},
		},
		{
			name: "R17 ignore, accept and withdraw", before: "0s send 1 2", callers: "1h ignore 2 1; 1h accept 2 1; 1h withdraw 1 2",
			allowed: []string{
				"ignored connected already_accepted", "ignored not_available withdrawn",
				"already_connected connected already_accepted", "not_available not_available withdrawn",
			},
		},
		{
			name: "R21 report against withdraw", before: "0s send 1 2", callers: "1h report 2 1; 1h withdraw 1 2", after: "22d send 1 2",
			allowed: []string{"reported withdrawn", "not_available withdrawn"},
		},
		{
			name: "R22 report that restricts against sends under way", policy: "restrict.on=[{\"reports\":1}]", before: "0s send 1 2",
			callers: "1h report 2 1; 1h send 1 3; 1h send 1 4",
			allowed: []string{
				"reported sent sent", "reported sent restricted", "reported restricted sent", "reported restricted restricted",
			},
		},
		{
			name: "R37 accept from a stale list against an invitation back", before: "0s send 1 2; 1h withdraw 1 2",
			callers: "2h accept 2 1; 2h send 2 1", allowed: []string{"not_available sent"},
		},
		{
			name: "R58 withdraw by somebody else", before: "0s send 1 2", callers: "1h withdraw 1 2; 1h withdraw 3 2; 1h withdraw 2 1",
			allowed: []string{"withdrawn not_found not_found"},
		},
	}
}

// sendRaces are about sends that meet.
func sendRaces() []race {
	return []race{
		{
			name: "R04 crossing invitations", callers: "1h send 1 2; 1h send 2 1",
			allowed: []string{"sent connected", "connected sent"},
		},
		{
			name: "R04 crossing invitations that are no answer", policy: "cross_invite=reject", callers: "1h send 1 2; 1h send 2 1",
			allowed: []string{"sent already_pending", "already_pending sent"},
		},
		{
			name: "R04 crossing invitations to a page", callers: "1h send 1 2 page=7; 1h send 2 1 page=7", allowed: []string{"sent sent"},
		},
		{
			name: "R05 crossing with one who is at the limit", policy: "weekly_limit.count=1", before: "0s send 2 3",
			callers: "1h send 1 2; 1h send 2 1", allowed: []string{"sent connected", "sent rate_limited"},
		},
		{
			name: "R05 crossing with one who is restricted", policy: "restrict.on=[{\"reports\":1}]", before: "0s send 2 3; 0s report 3 2",
			callers: "30m send 1 2; 30m send 2 1", allowed: []string{"sent connected", "sent restricted"},
		},
		{
			name: "R05 crossing with one at the pending cap", policy: "pending_cap.count=1", before: "0s send 2 3",
			callers: "1h send 1 2; 1h send 2 1", allowed: []string{"sent connected", "sent pending_capped"},
		},
		{
			name: "R06 the same send from two devices", callers: "1h send 1 2 key=desk; 1h send 1 2 key=phone",
			allowed: []string{"sent already_pending", "already_pending sent"},
		},
		{
			name: "R19 a second send against an ignore", before: "0s send 1 2", callers: "1h ignore 2 1; 1h send 1 2",
			allowed: []string{"ignored already_pending"},
		},
		{
			name: "R20 who ignores invites", before: "0s send 1 2", callers: "1h ignore 2 1; 1h send 2 1",
			allowed: []string{"ignored connected", "already_connected connected"},
		},
		{
			name: "R23 who reports invites", before: "0s send 1 2", callers: "1h report 2 1; 1h send 2 1",
			allowed: []string{"reported connected", "already_connected connected"},
		},
		{
			name: "R36 who was withdrawn from invites, and so does who waits", before: "0s send 1 2; 1h withdraw 1 2",
			callers: "2h send 2 1; 2h send 1 2", allowed: []string{"sent connected", "sent cooldown"},
		},
		{
			name: "R38 withdraw against inviting again", policy: "resend.cooldown=0", before: "0s send 1 2",
			callers: "1h withdraw 1 2; 1h send 1 2", allowed: []string{"withdrawn sent", "withdrawn already_pending"},
		},
		{
			name: "R57 a new invitation beside the row that is kept", policy: "resend.cooldown=0 sent_list.keep_withdrawn=24h",
			before: "0s send 1 2", callers: "1h withdraw 1 2; 1h send 1 2 note=9",
			allowed: []string{"withdrawn sent", "withdrawn already_pending"},
		},
		{
			name: "R64 an inbound setting against a send", callers: "1h inbound 2 nobody; 1h send 1 2",
			allowed: []string{"set sent", "set not_allowed"},
		},
		{
			name: "R32 everybody sends to one at the reset", policy: "weekly_limit.count=1", before: "0s send 1 2; 0s send 3 2; 0s send 4 1",
			callers: "7d send 1 3; 7d send 4 3; 7d send 2 3", allowed: []string{"sent sent connected"},
		},
	}
}

// keyRaces are about idempotency keys.
func keyRaces() []race {
	return []race{
		{
			name: "R07 a retry against the accept", before: "0s send 1 2 key=k", callers: "1h send 1 2 key=k; 1h accept 2 1",
			allowed: []string{"sent connected"},
		},
		{
			name: "R09 the same key twice in flight", callers: "1h send 1 2 key=k; 1h send 1 2 key=k; 1h send 1 2 key=k",
			allowed: []string{"sent sent sent"},
		},
		{
			name: "R08 the same key with another content", callers: "1h send 1 2 key=k; 1h send 1 3 key=k",
			allowed: []string{"sent key_reused", "key_reused sent"},
		},
		{
			name: "R08 one key of two members", callers: "1h send 1 3 key=k; 1h send 2 3 key=k", allowed: []string{"sent sent"},
		},
		{
			name: "R10 a late retry against the withdraw", before: "0s send 1 2 key=k", callers: "1h send 1 2 key=k; 1h withdraw 1 2",
			after: "2h send 1 2 key=k; 2h send 1 2", allowed: []string{"sent withdrawn"},
		},
		{
			name: "R11 a retry at the end of the key's life and a second earlier", before: "0s send 1 2 key=k",
			callers: "23h59m59s send 1 2 key=k; 1d send 1 2 key=k", allowed: []string{"sent already_pending", "already_pending already_pending"},
		},
		{
			name: "R12 a refusal retried against what would let it pass", policy: "pending_cap.count=1",
			before: "0s send 1 2; 0s send 1 3 key=k", callers: "1h send 1 3 key=k; 1h withdraw 1 2; 1h send 1 3 key=other",
			allowed: []string{"pending_capped withdrawn sent", "pending_capped withdrawn pending_capped"},
		},
	}
}
