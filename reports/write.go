// Package reports makes the files of a result directory, and the summary on the terminal, from a result alone.
package reports

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"invitesim/reports/baseline"
	"invitesim/reports/chart"
	"invitesim/sim"
)

// Names of the files in a result directory. latency.hlog is there where latencies were measured.
const (
	resultFile   = "result.json"
	manifestFile = "manifest.json"
	summaryFile  = "summary.md"
	seriesFile   = "series.csv"
	junitFile    = "junit.xml"
	pageFile     = "report.html"
	chartsDir    = "charts"
	latencyFile  = "latency.hlog"
)

// Options says what Write writes, and over what.
type Options struct {
	// Formats are those of the charts: any of chart.Formats; none for no charts.
	Formats []string
	// Against is what came of holding the result against its baseline; nil where nobody did.
	Against *baseline.Finding
	// Force replaces the directory, whatever it holds: nothing of that stays, once the new result has been written.
	Force bool
}

// Write makes a result directory: result.json, manifest.json, report.html, summary.md, series.csv, junit.xml, charts, and latency.hlog where
// latencies were measured. It sets result.Charts.
// Each file is whole or not there: it gets its name after all of them have been written to disk. An error (the disk is full, the
// directory belongs to something else) leaves an earlier result as it was and nothing half-written. What only the earlier result
// had goes: charts, and latency.hlog.
// Without a manifest (nil) the one in the directory stays, but for options.Force.
func Write(dir string, result *sim.Result, manifest *sim.Manifest, options Options) error {
	result.Charts = chart.Assess(result)
	files, err := contents(result, manifest, options)
	if err != nil {
		return fmt.Errorf("make the reports: %w", err)
	}
	return place(dir, files, passing(), options.Force)
}

// file is one file of a result directory: its path in it, with slashes, and what it holds.
type file struct {
	path    string
	content []byte
}

// contents makes all files in memory: what cannot be made is known before anything is written. The manifest comes first and the result
// last: they tell a directory that holds a result.
func contents(result *sim.Result, manifest *sim.Manifest, options Options) ([]file, error) {
	var files []file
	if manifest != nil {
		text, err := Encode(manifest)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", manifestFile, err)
		}
		files = append(files, file{manifestFile, text})
	}
	from := originOf(result)
	charts, err := chartFiles(chart.All(from.shown), options.Formats)
	if err != nil {
		return nil, err
	}
	files = append(files, charts...)
	text, err := Encode(result)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", resultFile, err)
	}
	judged, err := JUnit([]Suite{newSuite(result, options.Against, from.again())})
	if err != nil {
		return nil, err
	}
	shown, err := pageHTML(result, &from, options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pageFile, err)
	}
	if against := options.Against; against != nil && len(against.Changes) > 0 {
		files = append(files, file{baseline.ChangesFile, baseline.CSV(against.Changes)})
	}
	if log := latencyLog(result); log != nil {
		files = append(files, file{latencyFile, log})
	}
	return append(files,
		file{seriesFile, seriesCSV(&result.Series)},
		file{summaryFile, []byte(markdown(result, &from, options.Formats) + againstMarkdown(options.Against))},
		file{junitFile, judged},
		file{pageFile, shown},
		file{resultFile, text},
	), nil
}

// chartFiles are the charts that have something to show, in all formats.
func chartFiles(charts []chart.Chart, formats []string) ([]file, error) {
	var files []file
	for i := range charts {
		if charts[i].Why != "" {
			continue
		}
		for _, format := range formats {
			var picture bytes.Buffer
			if err := charts[i].Render(&picture, format); err != nil {
				return nil, err
			}
			files = append(files, file{chartPath(charts[i].Name, format), picture.Bytes()})
		}
	}
	return files, nil
}

func chartPath(name, format string) string { return chartsDir + "/" + name + "." + format }

// IsPart says whether a path in a result directory, with slashes, is that of a file which Write may write.
func IsPart(path string) bool {
	return slices.Contains(append(passing(), always()...), path)
}

// always lists the files that every result has.
func always() []string {
	return []string{resultFile, manifestFile, summaryFile, seriesFile, junitFile, pageFile}
}

// passing lists the files that one result has and another has not.
func passing() []string {
	paths := []string{latencyFile, baseline.ChangesFile}
	for _, c := range chart.All(&sim.Result{}) {
		for _, format := range chart.Formats() {
			paths = append(paths, chartPath(c.Name, format))
		}
	}
	return paths
}

// seriesCSV writes the series with its columns in the first line, numbers in the shortest form that keeps them.
func seriesCSV(series *sim.Series) []byte {
	var b []byte
	for i, column := range series.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, column...)
	}
	b = append(b, '\n')
	for _, row := range series.Rows {
		for i, value := range row {
			if i > 0 {
				b = append(b, ',')
			}
			b = strconv.AppendFloat(b, value, 'f', -1, 64)
		}
		b = append(b, '\n')
	}
	return b
}

// onDisk returns where a file of a result directory lies.
func onDisk(dir, path string) string { return filepath.Join(dir, filepath.FromSlash(path)) }
