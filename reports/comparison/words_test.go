package comparison

import "testing"

func TestSignedPercent(t *testing.T) {
	for _, c := range []struct {
		change float64
		want   string
	}{
		{0, "0 %"},
		{1e-15, "0 %"}, // what is left of two means that are the same
		{4e-7, "+0.00004 %"},
		{-2e-5, "-0.002 %"},
		{0.003, "+0.30 %"},
		{-0.129, "-12.9 %"},
		{26.2, "+2\u2009620 %"},
	} {
		if got := signedPercent(c.change); got != c.want {
			t.Errorf("a change of %v is written %q, want %q", c.change, got, c.want)
		}
	}
}

// A share that doubles may have changed by next to nothing: beside its change as a share of the base stand percentage points.
func TestPointsOfShares(t *testing.T) {
	for _, c := range []struct {
		path       string
		base, next float64
		want       string
	}{
		{"commands.send.outcomes.rate_limited.share", 0.001, 0.002, "+0.1 pp"},
		{"limits.cooldown.member_share", 0.123456, 0.1, "-2.3 pp"},
		{"quota.exhausted_share", 0.1, 0.9, "+80 pp"},
		{"commands.send.outcomes.sent.share", 0.98, 0.98 + 4.14e-6, "+0.00041 pp"},
		{"commands.send.outcomes.sent.share", 0.98, 0.98 + 1e-13, ""},
		{"invitations.accepted", 100, 200, ""},
	} {
		relative := c.next/c.base - 1
		f := Figure{Path: c.path, Base: c.base, New: c.next, Change: c.next - c.base, Relative: &relative}
		if got := f.PointsText(); got != c.want {
			t.Errorf("%s from %v to %v: %q, want %q", c.path, c.base, c.next, got, c.want)
		}
		if f.Relative = nil; f.PointsText() != "" {
			t.Errorf("%s: what is written in points as it is has them twice", c.path)
		}
	}
}
