package chart

import (
	"bytes"
	"image/color"
	"io"
	"math"
	"regexp"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// renderPDF draws onto a page of the chart's size at 96 pixels an inch.
func (c *Chart) renderPDF(w io.Writer) error {
	const points = 72.0 / 96
	canvas := vgpdf.New(vg.Length(math.Round(c.width*points)), vg.Length(math.Round(c.height*points)))
	canvas.Scale(points, points)
	c.drawOn(&surface{canvas, c.height, "pdf"})
	var raw bytes.Buffer
	if _, err := canvas.WriteTo(&raw); err != nil {
		return err
	}
	_, err := w.Write(withoutClock(raw.Bytes()))
	return err
}

// withoutClock sets the dates that the library writes into a PDF to a fixed one of the same length, so that equal charts are
// equal files and the places of the file's parts stay right.
func withoutClock(pdf []byte) []byte {
	return regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}`).ReplaceAllFunc(pdf, func(match []byte) []byte {
		cut := len(match) - 14
		return append(bytes.Clone(match[:cut]), "20000101000000"...)
	})
}

// inCodePage writes text in code page 1252, the one that the library encodes fonts with: thin spaces become ordinary ones, arrows guillemets, what is
// not in the code page a question mark.
func inCodePage(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r < 0x80 || r >= 0xA0 && r <= 0xFF:
			b.WriteByte(byte(r))
		case r == '\u2009':
			b.WriteByte(0xA0)
		case r == '…':
			b.WriteByte(0x85)
		case r == '–':
			b.WriteByte(0x96)
		case r == '→':
			b.WriteByte(0xBB)
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// unmultiplied is a transparent colour whose parts are not multiplied with its opacity: the library applies that itself, and
// would darken the colour twice.
type unmultiplied color.NRGBA

// RGBA implements color.Color.
func (c unmultiplied) RGBA() (r, g, b, a uint32) {
	return uint32(c.R) * 0x101, uint32(c.G) * 0x101, uint32(c.B) * 0x101, uint32(c.A) * 0x101
}
