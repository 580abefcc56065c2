package chart

import (
	"math"
	"testing"

	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// TestLettersAreAsWideAsMeasured sets texts with pairs of letters that move together, and with one that the font does not have: the pen ends
// where measure says, and no letter but the last may reach beyond.
func TestLettersAreAsWideAsMeasured(t *testing.T) {
	for _, text := range []string{"27 Apr", "AVATAR, To", "p99 · 1\u2009000", "a\U0001F600b"} {
		look := lettering{size: labelSize}
		face := look.face()
		set := typesetter{font: face.Face, scale: float64(face.Font.Size) / float64(face.Face.UnitsPerEm())}
		for _, letter := range text {
			set.set(letter, func(units fixed.Point26_6) vg.Point { return vg.Point{X: vg.Length(set.pen + int(units.X))} })
		}
		if got, want := set.pixels(set.pen), look.measure(text); math.Abs(got-want) > 1e-9 {
			t.Errorf("%q: the pen ends at %v, measured %v", text, got, want)
		}
		for _, part := range set.path {
			if part.Pos.X < -vg.Length(set.pen)/10 || part.Pos.X > vg.Length(set.pen)*11/10 {
				t.Errorf("%q: a letter reaches to %v of %d units", text, part.Pos.X, set.pen)
			}
		}
	}
}

// TestLettersStandOnTheirBaseLine looks at where the outline of a letter without descender lies: it rests on the base line, and rises as high as capitals
// of the font do.
func TestLettersStandOnTheirBaseLine(t *testing.T) {
	s := &surface{height: 100}
	lowest, highest := math.Inf(1), math.Inf(-1)
	for _, part := range s.letters(lettering{size: 20}.face(), point{10, 60}, "E") {
		if part.Type != vg.CloseComp {
			lowest, highest = min(lowest, float64(part.Pos.Y)), max(highest, float64(part.Pos.Y))
		}
	}
	if lowest != 100-60 || highest < lowest+13 || highest > lowest+15 {
		t.Errorf("an E of 20 pixels reaches from %v to %v above the bottom, expected from 40 to about 54", lowest, highest)
	}
}

// TestClosedOutlines wants every curve of a letter with a hole to be closed: one that is open is filled wrongly.
func TestClosedOutlines(t *testing.T) {
	open := 0
	s := &surface{height: 100}
	for _, part := range s.letters(lettering{size: 20}.face(), point{10, 60}, "oO8") {
		switch part.Type {
		case vg.MoveComp:
			open++
		case vg.CloseComp:
			open--
		}
		if open < 0 || open > 1 {
			t.Fatalf("%d curves are open at a time", open)
		}
	}
	if open != 0 {
		t.Errorf("%d curves stay open", open)
	}
}
