package reports

import (
	"strings"

	"invitesim/reports/baseline"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// Markdown writes the summary for a pull request: the verdict first, then what it rests on. The formats are those of the charts beside it;
// the first is linked.
func Markdown(result *sim.Result, formats []string) string {
	from := originOf(result)
	return markdown(result, &from, formats)
}

// markdown is Markdown for who knows where the result comes from.
func markdown(result *sim.Result, from *origin, formats []string) string {
	var b strings.Builder
	verdict, _ := headline(result)
	b.WriteString("# " + figure.Markdown(from.shown.Scenario.Name) + ": " + verdict + "\n\n")
	if result.Scenario.Purpose != "" {
		b.WriteString(figure.Markdown(result.Scenario.Purpose) + "\n\n")
	}
	b.WriteString(figure.Markdown(setting(result)) + "\n")
	for _, p := range []part{
		thresholdsPart(result), policyPart(result), policyChangesPart(result), figuresPart(result), latencyPart(result), populationsPart(result), replicatesPart(result), theoryPart(result), checksPart(result),
	} {
		for i, line := range p.lines {
			p.lines[i] = figure.Markdown(line)
		}
		writeMarkdown(&b, p)
	}
	writeMarkdown(&b, chartsPart(result, formats))
	b.WriteString("\n## Again\n\n")
	if from.command != "" {
		b.WriteString("```\n" + from.command + "\n```\n")
	} else {
		b.WriteString(strings.ToUpper(elsewhere[:1]) + elsewhere[1:] + ".\n")
	}
	var digests []string
	if result.Scenario.Digest != "" {
		digests = append(digests, "scenario `"+result.Scenario.Digest+"`")
	}
	if result.Digest != "" {
		digests = append(digests, "history `"+result.Digest+"`")
	}
	if len(digests) > 0 {
		b.WriteString("\nIt is the same where the digests are: " + strings.Join(digests, ", ") + ".\n")
	}
	return b.String()
}

// writeMarkdown writes a part that has something in it.
func writeMarkdown(b *strings.Builder, p part) {
	if len(p.rows) == 0 && len(p.lines) == 0 {
		return
	}
	b.WriteString("\n## " + p.heading + "\n\n")
	if len(p.rows) > 0 {
		head := p.columns
		if head == nil {
			head = make([]string, len(p.rows[0]))
		}
		writeRow(b, head)
		b.WriteString("|" + strings.Repeat(" --- |", len(head)) + "\n")
		for _, row := range p.rows {
			writeRow(b, row)
		}
	}
	for _, line := range p.lines {
		b.WriteString("- " + line + "\n")
	}
	if p.text != "" {
		b.WriteString("\n" + fenced(p.text))
	}
}

func writeRow(b *strings.Builder, cells []string) {
	b.WriteString("|")
	for _, cell := range cells {
		text := figure.Markdown(strings.TrimLeft(cell, " "))
		if text != "" && strings.HasPrefix(cell, "  ") {
			text = "&ensp;" + text
		}
		b.WriteString(" " + text + " |")
	}
	b.WriteString("\n")
}

// againstMarkdown says what came of holding the result against its baseline.
func againstMarkdown(against *baseline.Finding) string {
	if against == nil {
		return ""
	}
	return "\n## Against the baseline\n\n" + fenced(strings.Join(against.Lines(inMessage), "\n"))
}

// fenced writes a text that is shown as it is.
func fenced(text string) string {
	return "```text\n" + strings.ReplaceAll(text, "```", "\u02cb\u02cb\u02cb") + "\n```\n"
}
