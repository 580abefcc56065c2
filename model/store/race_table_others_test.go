package store_test

// blockRaces are about blocks and removals.
func blockRaces() []race {
	return []race{
		{
			name: "R24 the recipient blocks against the withdraw", before: "0s send 1 2", callers: "1h block 2 1; 1h withdraw 1 2",
			after: "1h unblock 2 1; 1h send 1 2", allowed: []string{"blocked withdrawn", "blocked not_found"},
		},
		{
			name: "R24 the recipient blocks against the send", callers: "1h block 2 1; 1h send 1 2",
			allowed: []string{"blocked sent", "blocked unavailable"},
		},
		{
			name: "R25 the sender blocks against the accept", before: "0s send 1 2", callers: "1h block 1 2; 1h accept 2 1",
			after: "1h unblock 1 2; 1h send 1 2", allowed: []string{"blocked connected", "blocked not_available"},
		},
		{
			name: "R26 block against accept from two devices", before: "0s send 1 2; 0s send 2 1 page=3", callers: "1h block 2 1; 1h accept 2 1",
			allowed: []string{"blocked connected", "blocked not_available"},
		},
		{
			name: "R26 block against a crossing invitation", before: "0s send 1 2", callers: "1h block 1 2; 1h send 2 1",
			allowed: []string{"blocked connected", "blocked unavailable"},
		},
		{
			name: "R27 block against block", callers: "1h block 1 2; 1h block 1 2",
			allowed: []string{"blocked already_blocked", "already_blocked blocked"},
		},
		{
			name: "R27 block against unblock", before: "0s block 1 2", callers: "1h block 1 2; 1h unblock 1 2",
			allowed: []string{"already_blocked unblocked", "too_soon unblocked"},
		},
		{
			name: "R28 both block while it pends", before: "0s send 1 2", callers: "1h block 1 2; 1h block 2 1",
			after: "1h unblock 1 2; 1h unblock 2 1; 1h send 1 2", allowed: []string{"blocked blocked"},
		},
		{
			name: "R43 two removals", before: "0s connect 1 2", callers: "1h remove 1 2; 1h remove 2 1",
			allowed: []string{"removed not_connected", "not_connected removed"},
		},
		{
			name: "R43 a removal and a block", before: "0s connect 1 2", callers: "1h remove 1 2; 1h block 2 1",
			allowed: []string{"removed blocked", "not_connected blocked"},
		},
		{
			name: "R44 both invite again after a removal", before: "0s connect 1 2; 0s remove 1 2", callers: "1h send 1 2; 1h send 2 1",
			allowed: []string{"sent connected", "connected sent"},
		},
		{
			name: "R44 only who removed may invite again", policy: "removal.reinvite=remover_only", before: "0s connect 1 2",
			callers: "1h remove 1 2; 1h send 2 1; 1h send 1 2",
			allowed: []string{
				"removed already_connected already_connected", "removed not_allowed already_connected", "removed already_connected sent",
				"removed not_allowed sent", "removed connected sent",
			},
		},
		{
			name: "R45 a removal against a send from a stale page", before: "0s connect 1 2", callers: "1h remove 1 2; 1h send 2 1",
			allowed: []string{"removed already_connected", "removed sent"},
		},
	}
}

// closeRaces are about accounts that close and open again.
func closeRaces() []race {
	return []race{
		{
			name: "R46 R48 the sender's account closes against the accept", before: "0s send 1 2; 0s send 1 3",
			callers: "1h close 1; 1h accept 2 1", after: "2h reopen 1",
			allowed: []string{"closed connected", "closed not_available"},
		},
		{
			name: "R47 the recipient's account closes against the withdraw", before: "0s send 1 2; 0s send 3 2 page=1",
			callers: "1h close 2; 1h withdraw 1 2", after: "2h reopen 2; 2h send 1 2",
			allowed: []string{"closed withdrawn", "closed not_found"},
		},
		{
			name: "R48 closing against the send of another", before: "0s send 3 2", callers: "1h close 2; 1h send 1 2; 1h send 1 2 page=5",
			allowed: []string{
				"closed sent sent", "closed sent unavailable", "closed unavailable sent", "closed unavailable unavailable",
			},
		},
		{
			name: "R48 closing against an own send from another device", callers: "1h close 1; 1h send 1 2",
			allowed: []string{"closed sent", "closed account_closed"},
		},
		{
			name: "R48 both accounts of an invitation close", before: "0s send 1 2; 0s send 2 3", callers: "1h close 1; 1h close 2",
			allowed: []string{"closed closed"},
		},
		{
			name: "R48 closing ends an overdue invitation, and with it the sender's to a third", policy: "expiry=1h", before: "0s send 3 2; 0s send 3 1",
			callers: "1h close 2; 1h send 4 1", allowed: []string{"closed sent"},
		},
		{
			name: "R49 reopening against the send of another", before: "0s send 1 2; 0s close 2", callers: "1h reopen 2; 1h send 1 2",
			allowed: []string{"reopened sent", "reopened unavailable"},
		},
	}
}

// lookRaces are about those who look while something changes.
func lookRaces() []race {
	return []race{
		{
			name: "R53 the notice of the arrival against the withdraw", before: "0s send 1 2", callers: "1h notices 2; 1h withdraw 1 2",
			allowed: []string{"invited:1 withdrawn", "- withdrawn"},
		},
		{
			name: "R54 a withdraw against the accept that lists show late", policy: "views.lag={\"share\":\"100%\",\"min\":\"1h\",\"max\":\"1h\"}",
			before: "0s send 1 2", callers: "2h accept 2 1; 2h withdraw 1 2", after: "2h sent 1; 2h received 2; 3h sent 1",
			allowed: []string{"connected already_accepted", "not_available withdrawn"},
		},
		{
			name: "R55 a withdraw against reading the list", before: "0s send 1 2; 0s send 1 3; 0s send 1 4",
			callers: "1h sent 1; 1h withdraw 1 3; 1h withdraw 1 2",
			allowed: []string{
				"2:pending 3:pending 4:pending withdrawn withdrawn", "2:pending 4:pending withdrawn withdrawn",
				"3:pending 4:pending withdrawn withdrawn", "4:pending withdrawn withdrawn",
			},
		},
		{
			name: "R62 an accept shows in all figures at once", before: "0s send 1 2; 0s send 1 3",
			callers: "1h quota 1; 1h accept 2 1; 1h connections 2",
			allowed: []string{
				"used=2/100 pending=2/300 connected 0", "used=2/100 pending=2/300 connected 1",
				"used=2/100 pending=1/300 connected 0", "used=2/100 pending=1/300 connected 1",
			},
		},
	}
}
