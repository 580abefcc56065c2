package chart

import (
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// letters returns the outlines of a text whose base line starts at p, as a path to be filled. A raster canvas fills paths in whole numbers, on
// every machine the same, where its own way with letters sums products that some processors round twice and others once.
func (s *surface) letters(face plotfont.Face, p point, text string) vg.Path {
	typesetter := typesetter{font: face.Face, scale: float64(face.Font.Size) / float64(face.Face.UnitsPerEm())}
	for _, letter := range text {
		typesetter.set(letter, func(units fixed.Point26_6) vg.Point {
			return s.at(point{p.x + typesetter.pixels(typesetter.pen+int(units.X)), p.y + typesetter.pixels(int(units.Y))})
		})
	}
	return typesetter.path
}

// typesetter sets the letters of one line, one after the other. It reckons in units of the font.
type typesetter struct {
	font   *sfnt.Font
	scale  float64 // pixels a unit
	buffer sfnt.Buffer
	pen    int // where the next letter starts
	last   sfnt.GlyphIndex
	path   vg.Path
}

// pixels returns how long so many units are: rounded before it is added to anything, on every machine.
func (t *typesetter) pixels(units int) float64 { return float64(float64(units) * t.scale) }

// set appends the outline of a letter, each point of it at a place, and moves the pen on as lettering.measure does. A letter that the font does
// not have leaves a gap.
func (t *typesetter) set(letter rune, place func(fixed.Point26_6) vg.Point) {
	unit := fixed.Int26_6(t.font.UnitsPerEm()) // at this size a 64th of a pixel is a unit
	glyph := must(t.font.GlyphIndex(&t.buffer, letter))
	if t.last != 0 {
		if kern, err := t.font.Kern(&t.buffer, t.last, glyph, unit, font.HintingNone); err == nil {
			t.pen += int(kern)
		}
	}
	if glyph != 0 {
		t.outline(must(t.font.LoadGlyph(&t.buffer, glyph, unit, nil)), place)
	}
	t.pen += int(must(t.font.GlyphAdvance(&t.buffer, glyph, unit, font.HintingNone)))
	t.last = glyph
}

// outline appends the closed curves of a letter.
func (t *typesetter) outline(segments sfnt.Segments, place func(fixed.Point26_6) vg.Point) {
	for i, segment := range segments {
		to := &segment.Args
		switch segment.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				t.path.Close()
			}
			t.path.Move(place(to[0]))
		case sfnt.SegmentOpLineTo:
			t.path.Line(place(to[0]))
		case sfnt.SegmentOpQuadTo:
			t.path.QuadTo(place(to[0]), place(to[1]))
		case sfnt.SegmentOpCubeTo:
			t.path.CubeTo(place(to[0]), place(to[1]), place(to[2]))
		}
	}
	if len(segments) > 0 {
		t.path.Close()
	}
}

// must returns a value that the fonts in the program cannot fail to have.
func must[T any](value T, err error) T {
	if err != nil {
		panic("chart: a font of the program: " + err.Error())
	}
	return value
}
