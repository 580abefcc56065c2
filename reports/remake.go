package reports

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"invitesim/reports/baseline"
	"invitesim/reports/chart"
)

// Remake makes every file of a result directory again from its result.json alone, and leaves alone what a result does not know: result.json
// itself, manifest.json, and what came of holding it against a baseline. Formats are those of the charts; nil for those that the
// directory has, or svg where it has none. It returns the paths of the files in the directory, with slashes, sorted. Files are whole or not
// there, as with Write.
func Remake(dir string, formats []string) (paths []string, err error) {
	result, err := Read(dir)
	if err != nil {
		return nil, err
	}
	if formats == nil {
		formats = drawnFormats(dir)
	}
	result.Charts = chart.Assess(result)
	files, err := contents(result, nil, Options{Formats: formats})
	if err != nil {
		return nil, fmt.Errorf("make the reports of %s: %w", dir, err)
	}
	files = slices.DeleteFunc(files, func(f file) bool { return f.path == resultFile })
	outdated := slices.DeleteFunc(passing(), func(path string) bool { return path == baseline.ChangesFile })
	if err := publish(dir, files, outdated); err != nil {
		return nil, fmt.Errorf("write the reports of %s: %w", dir, err)
	}
	for _, f := range files {
		paths = append(paths, f.path)
	}
	slices.Sort(paths)
	return paths, nil
}

// drawnFormats returns the formats of the charts that a directory has, in the order of chart.Formats; svg where there is none.
func drawnFormats(dir string) []string {
	entries, _ := os.ReadDir(onDisk(dir, chartsDir)) // a directory that is not there has no charts
	formats := slices.DeleteFunc(slices.Clone(chart.Formats()), func(format string) bool {
		return !slices.ContainsFunc(entries, func(entry os.DirEntry) bool { return strings.TrimPrefix(path.Ext(entry.Name()), ".") == format })
	})
	if len(formats) == 0 {
		return []string{"svg"}
	}
	return formats
}
