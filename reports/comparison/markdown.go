package comparison

import (
	"fmt"
	"strings"

	"invitesim/reports/figure"
)

// Markdown writes the comparison for a pull request: the answer first.
func (c *Comparison) Markdown() string {
	var b strings.Builder
	verdict, _ := c.Headline()
	fmt.Fprintf(&b, "# %s\n\n%s → %s\n\n%s\n", figure.Markdown(verdict), code(c.Base.Label()), code(c.New.Label()), figure.Markdown(c.ran()))
	if len(c.Settings) > 0 {
		b.WriteString("\n| setting that differs | base | new |\n| --- | --- | --- |\n")
		for _, s := range c.Settings {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", code(s.Path), figure.Markdown(s.Base), figure.Markdown(s.New))
		}
	}
	rows, _ := c.Rows()
	if len(rows) > 0 {
		b.WriteString("\n| verdict | figure | base | new | change | 95 % interval | path |\n| --- | --- | ---: | ---: | ---: | --- | --- |\n")
	}
	for i := range rows {
		f := &rows[i]
		base, next := f.Values()
		verdict := f.Verdict()
		if f.Told() {
			verdict = "**" + verdict + "**"
		}
		change := f.ChangeText()
		if points := f.PointsText(); points != "" {
			change += " (" + points + ")"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", verdict, figure.Markdown(f.Label()), base, next, change, f.IntervalText(), code(f.Path))
	}
	fmt.Fprintf(&b, "\n%s\n", figure.Markdown(c.Remainder()))
	for _, line := range c.explained() {
		fmt.Fprintf(&b, "\n%s\n", figure.Markdown(line))
	}
	for _, note := range c.Notes {
		fmt.Fprintf(&b, "\nNote: %s.\n", figure.Markdown(note))
	}
	return b.String()
}

// code writes a word as it is; a backtick in it would end that, and gets another look.
func code(word string) string {
	return "`" + strings.NewReplacer("`", "'", "|", `\|`, "\n", " ").Replace(word) + "`"
}
