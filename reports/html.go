package reports

import (
	"invitesim/reports/page"
	"invitesim/sim"
)

// pageHTML makes report.html, which says what the summary says in the same words, and compares with the baseline where there is one.
func pageHTML(result *sim.Result, from *origin, options Options) ([]byte, error) {
	verdict, bad := headline(result)
	summary := page.Summary{Verdict: verdict, Failed: bad, Setting: setting(result), Command: from.command}
	for _, v := range result.Thresholds {
		summary.Observed = append(summary.Observed, observed(v))
	}
	var shown page.Options
	if options.Against != nil {
		shown.Baseline = options.Against.Base
	}
	return page.Make(from.shown, summary, shown)
}
