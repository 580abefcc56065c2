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
