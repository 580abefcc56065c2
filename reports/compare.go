package reports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"invitesim/reports/baseline"
	"invitesim/reports/chart"
	"invitesim/reports/comparison"
	"invitesim/sim"
)

// Names of the files of a comparison, besides charts.
const (
	compareFile         = "compare.json"
	compareMarkdownFile = "compare.md"
	comparePageFile     = "compare.html"
)

// Taken says whether a run or a comparison has a file or a directory of that name in its own directory, whatever the case of its letters: below
// that no policy's result can be called so.
func Taken(name string) bool {
	own := append(always(), chartsDir, latencyFile, baseline.ChangesFile, compareFile, compareMarkdownFile, comparePageFile)
	return slices.ContainsFunc(own, func(own string) bool { return strings.EqualFold(own, name) })
}

// PolicyRun is a run under one policy: its directory is called Name, which is not Taken.
type PolicyRun struct {
	Name     string
	Result   *sim.Result
	Manifest *sim.Manifest
}

// compared is what a comparison is written from: one of two sides, or one of policies.
type compared interface {
	Markdown() string
	HTML(pictures []comparison.Picture) (string, error)
}

// WriteComparison writes compare.json, compare.md, compare.html and charts/compare.svg into a directory, all of them or none; force
// replaces the directory.
func WriteComparison(dir string, c *comparison.Comparison, force bool) error {
	files, err := comparedFiles(c, []chart.Chart{chart.Compare(c)})
	if err != nil {
		return err
	}
	return place(dir, files, []string{chartPath("compare", "svg")}, force)
}

// comparedFiles are those of a comparison, with the charts that have something to show.
func comparedFiles(c compared, charts []chart.Chart) ([]file, error) {
	pictures, files, err := draw(charts)
	if err != nil {
		return nil, err
	}
	shown, err := c.HTML(pictures)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", comparePageFile, err)
	}
	text, err := Encode(c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", compareFile, err)
	}
	return append(files, file{compareMarkdownFile, []byte(c.Markdown())}, file{comparePageFile, []byte(shown)}, file{compareFile, text}), nil
}

// CompareFormat writes a comparison as one of its files holds it: json, markdown or html.
func CompareFormat(c *comparison.Comparison, format string) (string, error) {
	switch format {
	case "json":
		text, err := Encode(c)
		return string(text), err
	case "markdown":
		return c.Markdown(), nil
	}
	pictures, _, err := draw([]chart.Chart{chart.Compare(c)})
	if err != nil {
		return "", err
	}
	return c.HTML(pictures)
}

// WritePolicies writes the result of each run into a directory of its own below dir, and compare.json, compare.md, compare.html and charts of
// all policies beside them: all or nothing; force replaces dir. What was interrupted has no charts.
func WritePolicies(dir string, p *comparison.Policies, runs []PolicyRun, force bool) error {
	files, gone, err := resultFiles(runs)
	if err != nil {
		return err
	}
	var policies []chart.Policy
	for _, run := range runs {
		policies = append(policies, chart.Policy{Name: run.Name, Result: originOf(run.Result).shown})
	}
	charts := chart.Overlay(policies)
	for _, c := range charts {
		gone = append(gone, chartPath(c.Name, "svg"))
	}
	if p.Interrupted {
		charts = nil
	}
	own, err := comparedFiles(p, charts)
	if err != nil {
		return err
	}
	return place(dir, append(files, own...), gone, force)
}

// resultFiles are the files of all result directories, and those of earlier results that are to go.
func resultFiles(runs []PolicyRun) (files []file, gone []string, err error) {
	for _, run := range runs {
		run.Result.Charts = chart.Assess(run.Result)
		own, err := contents(run.Result, run.Manifest, Options{Formats: []string{"svg"}})
		if err != nil {
			return nil, nil, fmt.Errorf("make the reports of %s: %w", run.Name, err)
		}
		for _, path := range passing() {
			gone = append(gone, run.Name+"/"+path)
		}
		for _, f := range own {
			files = append(files, file{run.Name + "/" + f.path, f.content})
		}
	}
	return files, gone, nil
}

// draw renders charts that have something to show.
func draw(charts []chart.Chart) (pictures []comparison.Picture, files []file, err error) {
	for i := range charts {
		c := &charts[i]
		if c.Why != "" {
			continue
		}
		var picture bytes.Buffer
		if err := c.Render(&picture, "svg"); err != nil {
			return nil, nil, err
		}
		pictures = append(pictures, comparison.Picture{Title: c.Title, Sentence: c.Sentence, SVG: picture.String()})
		files = append(files, file{chartPath(c.Name, "svg"), picture.Bytes()})
	}
	return pictures, files, nil
}
