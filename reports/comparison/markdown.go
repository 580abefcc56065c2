package comparison

import (
	"fmt"
	"strings"
)

// Markdown writes the comparison for a pull request: the answer first.
func (c *Comparison) Markdown() string {
	var b strings.Builder
	verdict, _ := c.Headline()
	fmt.Fprintf(&b, "# %s\n\n%s → %s\n\n%s\n", escape(verdict), code(c.Base.Label()), code(c.New.Label()), escape(c.Ran()))
	if len(c.Settings) > 0 {
		b.WriteString("\n| setting that differs | base | new |\n| --- | --- | --- |\n")
		for _, s := range c.Settings {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", code(s.Path), escape(s.Base), escape(s.New))
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
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", verdict, escape(f.Label()), base, next, f.ChangeText(), f.IntervalText(), code(f.Path))
	}
	fmt.Fprintf(&b, "\n%s\n", escape(c.Remainder()))
	for _, line := range c.Explained() {
		fmt.Fprintf(&b, "\n%s\n", escape(line))
	}
	for _, note := range c.Notes {
		fmt.Fprintf(&b, "\nNote: %s.\n", escape(note))
	}
	return b.String()
}

// code writes a word as it is; a backtick in it would end that, and gets another look.
func code(word string) string {
	return "`" + strings.NewReplacer("`", "'", "|", `\|`, "\n", " ").Replace(word) + "`"
}

// escape keeps text from being taken for Markdown, HTML or the end of a cell.
func escape(text string) string {
	return strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "\n", " ", "\r", " ",
	).Replace(text)
}
