package store_test

// limitRaces are about the last place under a limit.
func limitRaces() []race {
	lastUnit := []string{"sent rate_limited", "rate_limited sent"}
	return []race{
		{
			name: "R29 two sends for the last unit of a week", policy: "weekly_limit.count=2", before: "0s send 1 4",
			callers: "1h send 1 2; 1h send 1 3", allowed: lastUnit,
		},
		{
			name: "R29 two sends for the last unit of an anchored window", policy: "weekly_limit.count=2 weekly_limit.window=anchored",
			before: "0s send 1 4", callers: "1h send 1 2; 1h send 1 3", allowed: lastUnit,
		},
		{
			name: "R29 two sends for the last unit of a sliding window", policy: "weekly_limit.count=2 weekly_limit.window=sliding",
			before: "0s send 1 4", callers: "1h send 1 2; 1h send 1 3", allowed: lastUnit,
		},
		{
			name: "R29 two sends for the last token of a bucket", policy: "weekly_limit.count=2 weekly_limit.window=bucket",
			before: "0s send 1 4", callers: "1h send 1 2; 1h send 1 3", allowed: lastUnit,
		},
		{
			name: "R29 two sends for the last page of the month", policy: "kinds.page={\"count\":1,\"period\":\"30d\"}",
			callers: "1h send 1 2 page=1; 1h send 1 3 page=1", allowed: lastUnit,
		},
		{
			name: "R29 three sends for two units", policy: "weekly_limit.count=2", callers: "1h send 1 2; 1h send 1 3; 1h send 1 4",
			allowed: []string{"sent sent rate_limited", "sent rate_limited sent", "rate_limited sent sent"},
		},
		{
			name: "R30 two sends for the last slot", policy: "pending_cap.count=2", before: "0s send 1 4",
			callers: "1h send 1 2; 1h send 1 3", allowed: []string{"sent pending_capped", "pending_capped sent"},
		},
		{
			name: "R30 a send against the accept that frees a slot", policy: "pending_cap.count=1", before: "0s send 1 2",
			callers: "1h accept 2 1; 1h send 1 3", allowed: []string{"connected sent", "connected pending_capped"},
		},
		{
			name: "R30 a send against the block that frees a slot", policy: "pending_cap.count=1", before: "0s send 1 2",
			callers: "1h block 2 1; 1h send 1 3", allowed: []string{"blocked sent", "blocked pending_capped"},
		},
		{
			name: "R33 a withdraw in the week of the send gives no unit back", policy: "weekly_limit.count=1", before: "0s send 1 2",
			callers: "1h withdraw 1 2; 1h send 1 3", allowed: []string{"withdrawn rate_limited"},
		},
		{
			name: "R39 two invitations accepted at the cap of the recipient", policy: "connection_cap=1", before: "0s send 1 2; 0s send 3 2",
			callers: "1h accept 2 1; 1h accept 2 3", allowed: []string{"connected full", "full connected"},
		},
		{
			name: "R40 two invitations accepted at the cap of the sender", policy: "connection_cap=1", before: "0s send 1 2; 0s send 1 3",
			callers: "1h accept 2 1; 1h accept 3 1", allowed: []string{"connected peer_full", "peer_full connected"},
		},
		{
			name: "R41 two accepts for the last connection slot", policy: "connection_cap=3",
			before: "0s outside 2 2; 0s send 1 2; 0s send 2 3", callers: "1h accept 2 1; 1h accept 3 2",
			allowed: []string{"connected peer_full", "full connected"},
		},
		{
			name: "R41 an accept and a crossing send for the last connection slot", policy: "connection_cap=1",
			before: "0s send 1 2; 0s send 3 2", callers: "1h accept 2 1; 1h send 2 3",
			allowed: []string{"connected sender_full", "full connected"},
		},
		{
			name: "R42 a removal against an accept at the cap", policy: "connection_cap=1", before: "0s send 1 2; 0s connect 2 3",
			callers: "1h remove 2 3; 1h accept 2 1", allowed: []string{"removed connected", "removed full"},
		},
		{
			name: "R59 two sends for the last note of the month", policy: "note.per_month=1", callers: "1h send 1 2 note=5; 1h send 1 3 note=5",
			allowed: []string{"sent note_quota", "note_quota sent"},
		},
	}
}

// instantRaces are about commands at the instant at which something ends, against others a second earlier. Who comes late is
// decided at the instant of those before.
func instantRaces() []race {
	return []race{
		{
			name: "R14 R15 an accept a second before the expiry against a withdraw at it", policy: "expiry=1d", before: "0s send 1 2",
			callers: "23h59m59s accept 2 1; 1d withdraw 1 2", allowed: []string{"connected already_accepted", "not_available not_found"},
		},
		{
			name: "R14 a withdraw a second before the expiry against one at it", policy: "expiry=1d", before: "0s send 1 2",
			callers: "23h59m59s withdraw 1 2; 1d withdraw 1 2", after: "1d send 1 2",
			allowed: []string{"withdrawn not_found", "not_found not_found"},
		},
		{
			name: "R31 a send at the instant of the reset and one a second before", policy: "weekly_limit.count=1",
			callers: "6d23h59m59s send 1 2; 7d send 1 3", allowed: []string{"sent sent", "rate_limited sent"},
		},
		{
			name: "R34 a send a period after the last and one a second before", policy: "weekly_limit.count=1 weekly_limit.window=sliding",
			before: "1d send 1 4", callers: "7d23h59m59s send 1 2; 8d send 1 3", allowed: []string{"rate_limited sent"},
		},
		{
			name: "R35 inviting again at the end of the cooldown and a second before", before: "0s send 1 2; 0s withdraw 1 2",
			callers: "20d23h59m59s send 1 2; 21d send 1 2", allowed: []string{"cooldown sent", "already_pending sent"},
		},
		{
			name: "R51 a send at the end of a restriction and one a second before", policy: "restrict.on=[{\"reports\":1}]",
			before: "0s send 1 2; 0s report 2 1", callers: "59m59s send 1 3; 1h send 1 4",
			allowed: []string{"restricted sent", "sent sent"},
		},
		{
			name: "R52 a reminder against the answer", before: "0s send 1 2",
			callers: "6d23h59m59s ignore 2 1; 7d notices 2",
			allowed: []string{"ignored invited:1", "ignored invited:1 reminded:1"},
		},
	}
}
