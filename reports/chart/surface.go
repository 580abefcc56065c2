package chart

import (
	"image/color"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/image/font"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
)

// point is a place on a surface: pixels from the top left corner.
type point struct{ x, y float64 }

// box is an area of a surface.
type box struct{ left, top, right, bottom float64 }

func (b box) width() float64  { return b.right - b.left }
func (b box) height() float64 { return b.bottom - b.top }

// stroke is how a line looks; dash holds the lengths of dashes and gaps, nil for a solid line.
type stroke struct {
	color color.Color
	width float64
	dash  []float64
}

// anchor says which point of a text its position names.
type anchor int

const (
	atStart anchor = iota
	atMiddle
	atEnd
)

// lettering is how a text looks; size is in pixels.
type lettering struct {
	size   float64
	color  color.Color
	bold   bool
	anchor anchor
}

// Sizes of text in pixels: 16 pt for titles and 12 pt for labels at 96 pixels an inch; notes are second lines.
const (
	titleSize = 16.0 * 96 / 72
	labelSize = 12.0 * 96 / 72
	noteSize  = 10.5 * 96 / 72
)

// Marks stand in front of a text of an SVG: markWidth, how wide it is, and one that says where it is anchored. finishSVG turns them into
// attributes.
const (
	markMiddle = "\uE000"
	markEnd    = "\uE001"
	markStart  = "\uE002"
	markWidth  = "\uE003"
)

// surface is what charts draw on. Its origin is the top left corner, its unit the pixel.
type surface struct {
	canvas vg.Canvas
	height float64
	format string
}

// faces are the two fonts in use, parsed once for all charts.
type faces struct{ regular, bold plotfont.Face }

var loadFaces = sync.OnceValue(func() faces {
	var all faces
	for _, face := range liberation.Collection() {
		if face.Font.Variant != "Sans" || face.Font.Style != font.StyleNormal {
			continue
		}
		if face.Font.Weight == font.WeightBold {
			all.bold = face
		} else {
			all.regular = face
		}
	}
	return all
})

func (l lettering) face() plotfont.Face {
	face := loadFaces().regular
	if l.bold {
		face = loadFaces().bold
	}
	face.Font.Size = vg.Length(l.size)
	return face
}

// measure returns how wide a text is, in pixels.
func (l lettering) measure(text string) float64 {
	face := l.face()
	return float64(face.Width(text))
}

// cut shortens a text to a width, with an ellipsis.
func (l lettering) cut(text string, width float64) string {
	if l.measure(text) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 1 && l.measure(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ·,") + "…"
}

func (s *surface) at(p point) vg.Point {
	return vg.Point{X: vg.Length(p.x), Y: vg.Length(s.height - p.y)}
}

func (s *surface) setColor(c color.Color) {
	if straight, ok := c.(color.NRGBA); ok && s.format == "pdf" {
		c = unmultiplied(straight)
	}
	s.canvas.SetColor(c)
}

// fill fills a polygon.
func (s *surface) fill(c color.Color, polygon ...point) {
	if len(polygon) < 3 {
		return
	}
	path := make(vg.Path, 0, len(polygon)+1)
	path.Move(s.at(polygon[0]))
	for _, p := range polygon[1:] {
		path.Line(s.at(p))
	}
	path.Close()
	s.setColor(c)
	s.canvas.Fill(path)
}

// fillBox fills a rectangle.
func (s *surface) fillBox(c color.Color, b box) {
	s.fill(c, point{b.left, b.top}, point{b.right, b.top}, point{b.right, b.bottom}, point{b.left, b.bottom})
}

// outline draws the border of a rectangle.
func (s *surface) outline(look stroke, b box) {
	s.line(look, point{b.left, b.top}, point{b.right, b.top}, point{b.right, b.bottom}, point{b.left, b.bottom},
		point{b.left, b.top}, point{b.right, b.top})
}

// longestStroke is how many points of a line the raster canvas strokes at a time: its cost grows with the square.
const longestStroke = 64

// line draws a line through the points.
func (s *surface) line(look stroke, points ...point) {
	if s.format != "png" || len(points) <= longestStroke || look.dash != nil {
		s.strokes(look, points)
		return
	}
	for start := 0; start < len(points)-1; start += longestStroke - 1 {
		s.strokes(look, points[start:min(start+longestStroke, len(points))])
	}
}

// strokes draws several lines of one look.
func (s *surface) strokes(look stroke, lines ...[]point) {
	var path vg.Path
	for _, points := range lines {
		for i, p := range points {
			if i == 0 {
				path.Move(s.at(p))
			} else {
				path.Line(s.at(p))
			}
		}
	}
	if len(path) == 0 {
		return
	}
	dash := make([]vg.Length, len(look.dash))
	for i, length := range look.dash {
		dash[i] = vg.Length(length)
	}
	s.setColor(look.color)
	s.canvas.SetLineWidth(vg.Length(look.width))
	s.canvas.SetLineDash(dash, 0)
	s.canvas.Stroke(path)
}

// dot draws a filled circle.
func (s *surface) dot(c color.Color, p point, radius float64) {
	centre := s.at(p)
	var path vg.Path
	path.Move(vg.Point{X: centre.X + vg.Length(radius), Y: centre.Y})
	path.Arc(centre, vg.Length(radius), 0, 6.283185307179586)
	path.Close()
	s.setColor(c)
	s.canvas.Fill(path)
}

// text writes one line; p is on its base line, at the point that the anchor says.
func (s *surface) text(look lettering, p point, text string) {
	text = printable(text)
	if text == "" {
		return
	}
	if s.format == "pdf" {
		text, look.bold = inCodePage(text), false // the library embeds one face only
	}
	mark, share := markStart, 0.0
	switch look.anchor {
	case atMiddle:
		mark, share = markMiddle, 0.5
	case atEnd:
		mark, share = markEnd, 1
	}
	if s.format == "svg" {
		text = markWidth + strconv.FormatFloat(look.measure(text), 'f', 1, 64) + mark + text
	} else {
		p.x -= float64(look.measure(text) * share)
	}
	s.setColor(look.color)
	if s.format == "png" {
		s.canvas.Fill(s.letters(look.face(), p, text))
		return
	}
	s.canvas.FillString(look.face(), s.at(p), text)
}

// printable leaves out what no XML file may hold and what would be taken for a mark.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r >= 0xE000 && r <= 0xF8FF || r >= 0xFFFE && r <= 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
