package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"invitesim/reports/chart"
	"invitesim/reports/figure"
	"invitesim/sim"
)

// Summary is what the other reports say of the same result, in the same words.
type Summary struct {
	Verdict  string   // in a few words
	Failed   bool     // whether it is a bad one
	Setting  string   // what ran, in one line
	Observed []string // what was observed for each threshold of the result, in their order
	Command  string   // the command line that runs the same again; empty where the result does not know it
}

// Options says what a page shows besides the result.
type Options struct {
	// Baseline holds figures of an earlier run by their paths, as thresholds name them and sim.Figure reads them: tiles show how theirs
	// differ. Nil for none.
	Baseline map[string]float64
}

//go:embed page.html
var pageText string

//go:embed page.css
var styleText string

//go:embed words.js
var wordsScript string

//go:embed chart.js
var chartScript string

//go:embed page.js
var pageScript string

//go:embed vendor/uPlot.iife.min.js
var plotScript string

//go:embed vendor/LICENSE
var plotLicense string // goes with every copy, and so with every page

//go:embed vendor/uPlot.min.css
var plotStyle string

// page is a result, prepared for its page.
type page struct {
	*sim.Result
	start       time.Time // UTC
	charts      []chart.Chart
	populations []string          // in the order of their colours
	sendNames   map[string]string // of the outcomes of sends, as people say them
	baseline    map[string]float64
	most        int // points of a line
}

// Points of a line and bytes of all lines together: a line with more points is thinned, and all are where they take more bytes.
const (
	mostPoints = 100_000
	mostBytes  = 1_100_000
)

// Make returns report.html: one page that needs no other file and no network, the same bytes for the same result. It can be made of any
// result, also of one that was interrupted, or is empty. The error is that of
// a figure that is not finite.
func Make(result *sim.Result, summary Summary, options Options) ([]byte, error) {
	p := &page{
		Result: result, charts: chart.All(result), populations: chart.PopulationNames(result), sendNames: chart.SendOutcomeNames(result),
		baseline: options.Baseline,
	}
	start, err := time.Parse(time.RFC3339, result.Start)
	if err != nil {
		start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	}
	p.start = start.UTC()
	drawn := *p
	drawn.Result = chart.Means(result)
	figures, missing, err := drawn.figures()
	if err != nil {
		return nil, err
	}
	if err := attach(figures, drawn.fittingPlots()); err != nil {
		return nil, err
	}
	style := plotStyle + "\n" + palette() + styleText
	script := "/*\n" + plotLicense + "*/\n" + plotScript + "\n(() => {\n'use strict';\n" + wordsScript + chartScript + pageScript + "})();\n"
	// The script stands behind the first chart that it draws: that one is there to be seen before the browser has read the rest of the page.
	early := slices.IndexFunc(figures, func(f figureOf) bool { return f.Plot != nil })
	sheet, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = sheet.Execute(&out, map[string]any{
		"Result": result, "Summary": summary, "Tiles": p.tiles(), "Thresholds": p.thresholds(summary.Observed),
		"Figures": figures, "Early": early, "Missing": missing,
		"PolicySentence": p.policySentence(), "Policy": p.policyTable(), "PolicyChanges": p.policyChanges(),
		"Scenario": p.scenarioTable(), "People": p.peopleTable(), "First": chart.FirstReplica(result), "Checks": figure.Checks(p.Checks), "Predictions": p.predictionsTable(),
		"Replicates": p.replicatesTable(),
		"Style":      template.CSS(style), "Script": template.JS(script),
		"StyleHash": hashOf(style), "ScriptHash": hashOf(script),
	})
	return []byte(unbroken().Replace(out.String())), err
}

// unbroken keeps the end of a line out of numbers: a thin space is a place for a line to break, and the narrow one is as wide, and is none; a number and
// its percent sign stay together.
func unbroken() *strings.Replacer {
	pairs := []string{figure.ThinSpace, "\u202F"}
	for digit := range 10 {
		pairs = append(pairs, fmt.Sprintf("%d %%", digit), fmt.Sprintf("%d\u00A0%%", digit))
	}
	return strings.NewReplacer(pairs...)
}

// hashOf returns how a content security policy names a text.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// fittingPlots makes the plots of all charts that are drawn, with as many points as there is room for.
func (p *page) fittingPlots() []*plot {
	for p.most = mostPoints; ; p.most /= 2 {
		plots := []*plot{}
		size := 0
		for _, c := range p.charts {
			draw := p.drawing(c.Name)
			if c.Why != "" || draw == nil {
				continue
			}
			drawn := draw()
			drawn.Name, drawn.Label = c.Name, c.Sentence
			drawn.Start = p.start.Unix()
			switch drawn.X.Kind {
			case "time":
				drawn.WarmupTo, drawn.Changes = float64(p.WarmupS), p.changes()
			case "clock":
				drawn.WarmupTo = chart.WallWarmup(p.Result)
			}
			drawn.coarsen()
			for _, l := range drawn.Series {
				size += len(l.Values.Text)
			}
			plots = append(plots, drawn)
		}
		if size <= mostBytes || p.most < 1000 {
			return plots
		}
	}
}

// drawing returns what makes the plot of a chart, or nil for a chart that is shown in another way.
func (p *page) drawing(name string) func() *plot {
	return map[string]func() *plot{
		"outcomes": p.outcomes, "rate-limit": p.rateLimit, "outstanding": p.outstanding, "at-cap": p.atCap,
		"quota": p.quota, "fates": p.fates, "answers": p.answers,
		"latency": p.latency, "latency-time": p.latencyTime, "load": p.load,
	}[name]
}

// figureOf is one chart of the page.
type figureOf struct {
	Name, Title, Sentence string
	Replicas              string      // what is drawn of several; empty where there is one
	Plot                  *plot       // nil where it is none
	Data                  template.JS // the plot as the script reads it
	Steps                 template.JS // the values of its series, where they are not in Data: what nobody sees at first stands last
	Legend                []line
	Heat                  []heatRow
	HeatGaps              bool // not every hour of the week is after the warm-up
	HeatMost              string
	HeatOver              string // what its means are over
	Bars                  []bars
	BarsWhole             string // what is 100 % of the bars of invitations
	BarLegends            [2][]line
	Whiskers              []whisker
	WhiskerMarks          []barPart
	Picture               template.URL // the chart as a picture, where nothing better is made of it
	Table                 table
}

// absent are charts that are not drawn, all for the same reason.
type absent struct {
	Titles []string
	Why    string
}

// leaveOut adds a chart that is not drawn to those with the same reason.
func leaveOut(missing []absent, c *chart.Chart) []absent {
	for i := range missing {
		if missing[i].Why == c.Why {
			missing[i].Titles = append(missing[i].Titles, c.Title)
			return missing
		}
	}
	return append(missing, absent{[]string{c.Title}, c.Why})
}

// figures returns the charts of the page in their order, and those that would show nothing.
func (p *page) figures() (shown []figureOf, missing []absent, err error) {
	tables := map[string]func() table{
		"outcomes": p.outcomesTable, "rate-limit": p.rateLimitTable, "outstanding": p.outstandingTable, "at-cap": p.atCapTable,
		"quota": p.quotaTable, "fates": p.fatesTable, "answers": p.answersTable, "populations": p.populationsTable,
		"latency": p.latencyTable, "latency-time": p.latencyTimeTable, "load": p.loadTable, "latency-outcome": p.latencyOutcomeTable,
	}
	for _, c := range p.charts {
		if c.Why != "" {
			missing = leaveOut(missing, &c)
			continue
		}
		f := figureOf{Name: c.Name, Title: c.Title, Sentence: c.Sentence, Replicas: c.Replicas}
		if tabulate := tables[c.Name]; tabulate != nil {
			f.Table = tabulate()
		}
		switch {
		case c.Name == "populations":
			f.Bars, f.BarsWhole = p.populationBars(), chart.EndsWhole(p.Result)
			f.BarLegends = [2][]line{
				barLegend(f.Bars, func(b *bars) *bar { return &b.Attempts }, chart.SendOutcomes()),
				barLegend(f.Bars, func(b *bars) *bar { return &b.Ends }, chart.Ends()),
			}
		case c.Name == "rate-limit":
			f.Heat, f.HeatMost = p.heat()
			f.HeatOver = chart.HeatOver(p.Result)
			f.HeatGaps = slices.Contains(chart.CoveredHours(p.Result), false)
		case c.Name == "latency-outcome":
			f.Whiskers, f.WhiskerMarks = p.whiskers()
		case p.drawing(c.Name) == nil:
			if f.Picture, err = picture(&c); err != nil {
				return nil, nil, err
			}
		}
		shown = append(shown, f)
	}
	return shown, missing, nil
}

// attach gives figures their plots.
func attach(figures []figureOf, plots []*plot) error {
	for _, drawn := range plots {
		i := slices.IndexFunc(figures, func(f figureOf) bool { return f.Name == drawn.Name })
		steps := drawn.detach()
		text, err := json.Marshal(drawn)
		if err != nil {
			return fmt.Errorf("chart %s: %w", drawn.Name, err)
		}
		figures[i].Plot, figures[i].Data, figures[i].Legend = drawn, template.JS(text), drawn.buttons()
		if len(steps) == 0 {
			continue
		}
		if text, err = json.Marshal(steps); err != nil {
			return fmt.Errorf("chart %s: %w", drawn.Name, err)
		}
		figures[i].Steps = template.JS(text)
	}
	return nil
}

// picture returns a chart as an image that stands in the page itself.
func picture(c *chart.Chart) (template.URL, error) {
	var svg bytes.Buffer
	if err := c.Render(&svg, "svg"); err != nil {
		return "", fmt.Errorf("chart %s: %w", c.Name, err)
	}
	return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg.Bytes())), nil
}
