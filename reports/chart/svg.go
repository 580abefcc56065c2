package chart

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Formats returns the formats that Render knows.
func Formats() []string { return []string{"svg", "png", "pdf"} }

// Render draws the chart in one of Formats: the same bytes each time. The error says which format is unknown, that the
// chart is not to be drawn, or what w answered.
func (c *Chart) Render(w io.Writer, format string) error {
	if c.Why != "" {
		return fmt.Errorf("chart %s is not drawn: %s", c.Name, c.Why)
	}
	width, height := vg.Length(c.width), vg.Length(c.height)
	switch format {
	case "svg":
		canvas := vgsvg.New(width, height)
		c.drawOn(&surface{canvas, c.height, format})
		var raw bytes.Buffer
		if _, err := canvas.WriteTo(&raw); err != nil {
			return err
		}
		_, err := w.Write(c.finishSVG(raw.String()))
		return err
	case "png":
		canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(72))}
		c.drawOn(&surface{canvas, c.height, format})
		_, err := canvas.WriteTo(w)
		return err
	case "pdf":
		return c.renderPDF(w)
	}
	return fmt.Errorf("chart format %q is unknown (expected svg, png or pdf)", format)
}

// finishSVG makes the library's output whole: sizes in pixels, a title and a description for screen readers, the font
// with its stand-ins named once, and texts anchored where they belong and as wide as the layout takes them to be: the fonts of another machine
// would let them run into each other and off the page. The rest of the bytes stay as they are.
func (c *Chart) finishSVG(raw string) []byte {
	body := raw[strings.Index(raw, "<g "):]
	body = strings.NewReplacer(
		`font-family:Liberation Sans;font-variant:normal;font-weight:normal;font-style:normal;`, "",
		`font-family:Liberation Sans;font-variant:normal;font-weight:bold;font-style:normal;`, "font-weight:bold;",
		`">`+markWidth, `" lengthAdjust="spacingAndGlyphs" textLength="`,
		markStart, `">`,
		markMiddle, `" text-anchor="middle">`,
		markEnd, `" text-anchor="end">`,
		"\n\tstyle=", " style=",
	).Replace(body)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]g" height="%[2]g" viewBox="0 0 %[1]g %[2]g" role="img" `+
		`aria-labelledby="%[3]s-title %[3]s-desc" font-family="'Liberation Sans', Arimo, Helvetica, Arial, sans-serif">`+"\n",
		c.width, c.height, c.Name)
	fmt.Fprintf(&b, "<title id=\"%s-title\">%s</title>\n", c.Name, html.EscapeString(printable(c.Title)))
	fmt.Fprintf(&b, "<desc id=\"%s-desc\">%s</desc>\n", c.Name, html.EscapeString(printable(c.Sentence)))
	b.WriteString(body)
	return b.Bytes()
}
