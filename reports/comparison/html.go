package comparison

import (
	_ "embed"
	"html/template"
	"strings"

	"invitesim/reports/figure"
)

//go:embed page.html.tmpl
var pageText string

// Picture is a chart for a page: an SVG that this program drew, and what it says in words.
type Picture struct {
	Title, Sentence, SVG string
}

// page is what the template is filled with.
type page struct {
	Title, Verdict string
	Bad            bool
	Ran, Purpose   string
	Lines          []string
	Tables         []sheet
	Pictures       []Picture
	More           []sheet // below the pictures
	All            *sheet  // folded away
}

// sheet is a table of a page: cells of figures stand to the right.
type sheet struct {
	Caption string
	Head    []cell
	Rows    [][]cell
}

type cell struct {
	Text   string
	Note   string // below, smaller
	Look   string // bad, good, told, quiet
	Number bool
}

// HTML writes the comparison as one page that needs nothing else, with its chart.
func (c *Comparison) HTML(pictures []Picture) (string, error) {
	verdict, bad := c.Headline()
	p := page{Title: c.Base.Label() + " → " + c.New.Label(), Verdict: verdict, Bad: bad, Ran: c.ran(), Pictures: pictures}
	rows, _ := c.Rows()
	if len(rows) > 0 {
		p.Tables = append(p.Tables, figureSheet("Figures, those that matter most first", rows))
	}
	if len(c.Figures) > len(rows) {
		all := figureSheet("All "+figure.Plural(uint64(len(c.Figures)), "figure")+" that are not the same in every run", c.Figures)
		p.All = &all
	}
	if len(c.Settings) > 0 {
		settings := sheet{Caption: "Settings of the policy that differ", Head: []cell{{Text: "setting"}, {Text: "base"}, {Text: "new"}}}
		for _, s := range c.Settings {
			settings.Rows = append(settings.Rows, []cell{{Text: s.Path}, {Text: s.Base}, {Text: s.New}})
		}
		p.More = append(p.More, settings)
	}
	p.Lines = append(append(p.Lines, c.Remainder()), c.explained()...)
	for _, note := range c.Notes {
		p.Lines = append(p.Lines, "Note: "+note+".")
	}
	return p.fill()
}

// figureSheet is the table of some figures.
func figureSheet(caption string, figures []Figure) sheet {
	s := sheet{Caption: caption, Head: []cell{
		{Text: "verdict"},
		{Text: "figure"},
		{Text: "base", Number: true},
		{Text: "new", Number: true},
		{Text: "change", Note: "percentage points of a share; 95 % interval", Number: true},
	}}
	for i := range figures {
		f := &figures[i]
		base, next := f.Values()
		look := ""
		switch {
		case f.Regress:
			look = "bad"
		case f.Told() && f.IsBetter():
			look = "good"
		case f.Told():
			look = "told"
		default:
			look = "quiet"
		}
		s.Rows = append(s.Rows, []cell{
			{Text: f.Verdict(), Look: look},
			{Text: f.Label(), Note: f.Path, Look: look},
			{Text: base, Number: true},
			{Text: next, Number: true},
			{Text: f.ChangeText(), Note: f.note(), Number: true, Look: look},
		})
	}
	return s
}

// fill writes the page.
func (p *page) fill() (string, error) {
	shown, err := template.New("page").Funcs(template.FuncMap{
		// Only charts that this program drew come here: their texts are escaped.
		"drawing": func(svg string) template.HTML { return template.HTML(svg) },
	}).Parse(pageText)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := shown.Execute(&b, p); err != nil {
		return "", err
	}
	return b.String(), nil
}
