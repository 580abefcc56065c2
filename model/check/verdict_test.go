package check

import (
	"context"
	"strings"
	"testing"

	"invitesim/model/trace"
)

// contested are two sends and an answer that overlap, and a look at the list that none of their orders explains.
const contested = `policy default
members 4
0s..100ms      send 1 4    -> sent at=0s
1ms..101ms     send 2 4    -> sent at=0s
2ms..102ms     send 3 4    -> sent at=0s
200ms..300ms   received 4  -> 1 3 at=0s
`

// TestWhatWasProven says of a line without a place in any order that this was proven, and of one where the search gave up before it had tried all
// that it was not, with what is left.
func TestWhatWasProven(t *testing.T) {
	for _, c := range []struct {
		repeats int
		want    string
	}{
		{mostRepeated, "(proven: none of the orders that can matter has a place for it; orders tried: 6)"},
		{0, "(not proven: none of the orders tried has a place for it; orders tried: 2, choices left: 2)"},
	} {
		parsed, mistakes := trace.Parse(strings.NewReader(contested), "contested.trace")
		if parsed == nil {
			t.Fatal(mistakes)
		}
		p, err := puzzleOf(parsed)
		if err != nil {
			t.Fatal(err)
		}
		p.repeats = c.repeats
		s, err := explain(context.Background(), p, buildStore)
		if err != nil || s.found {
			t.Fatalf("found %t, %v", s.found, err)
		}
		v := s.violation()
		v.Shortest = parsed
		if text := v.String(); !strings.Contains(text, c.want) {
			t.Errorf("found %s, expected %s", text, c.want)
		}
		p.countPlaced(s)
		if p.figures.Placed != 3 || p.figures.Asking != 4 {
			t.Errorf("%d of %d calls have a place, expected 3 of 4", p.figures.Placed, p.figures.Asking)
		}
	}
}

// TestListsTellTheOrder has overlapping sends decided at once in the order in which a list shows them later: none is tried in vain.
func TestListsTellTheOrder(t *testing.T) {
	const sends = `policy default
members 5
0s..100ms      send 1 4         -> sent at=0s
1ms..101ms     send 2 4         -> sent at=0s
2ms..102ms     send 3 4 page=7  -> sent at=0s
3ms..99ms      send 3 4         -> sent at=0s
4ms..98ms      send 3 5         -> sent at=0s
200ms..300ms   received 4       -> 3:page=7 2 3 1 at=0s
200ms..300ms   sent 3           -> 4:pending,page=7 5:pending 4:pending at=0s
`
	parsed, mistakes := trace.Parse(strings.NewReader(sends), "sends.trace")
	if parsed == nil {
		t.Fatal(mistakes)
	}
	p, err := puzzleOf(parsed)
	if err != nil {
		t.Fatal(err)
	}
	s, err := explain(context.Background(), p, buildStore)
	if err != nil || !s.found || s.tried > 0 {
		t.Errorf("found %t after %d orders tried in vain, %v", s.found, s.tried, err)
	}
}
