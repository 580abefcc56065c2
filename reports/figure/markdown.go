package figure

import "strings"

// Markdown keeps text from being taken for Markdown, HTML or the end of a cell.
func Markdown(text string) string {
	return strings.NewReplacer(
		"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", `\|`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "\n", " ", "\r", " ",
	).Replace(text)
}
